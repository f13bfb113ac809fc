"""Files that belong to nothing go after a while; a file that somebody may still need never does."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app.catalogue.loader import Catalogue
from app.storage.files import FileStore
from app.usecases import strays
from app.usecases.strays import Tidied
from tests.crafted import pdf
from tests.databases import SQLITE, Databases
from tests.doors import Doors, FakeClock, expect
from tests.running import opened, settings_for

OWNER = "wang_owner"
DAY = timedelta(days=1)
YESTERDAY = timedelta(hours=25)
LONG_AGO = timedelta(days=9)
KILLED = """
import os, signal, sys
from pathlib import Path
from app.storage import files, strays
kept = files.FileStore(Path(sys.argv[1]), 100_000)
kept.belong_to(next(iter(strays.owners(Path(sys.argv[1])))))
kept.keep(Path(sys.argv[2]).read_bytes(), ("pdf",))
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
kept.keep(Path(sys.argv[2]).read_bytes() + b"more", ("pdf",))
"""
"""A server that is killed when one file is stored and its row is not yet, and another is half written."""


@contextmanager
def an_app(catalogue: Catalogue, databases: Databases, folder: Path) -> Iterator[Doors]:
    """An app on a database of its own that keeps its files in the folder."""
    url = databases.migrated(SQLITE)
    with opened(catalogue, settings_for(url, folder), FakeClock()) as found:
        yield found
    databases.drop(url)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where files are kept."""
    return tmp_path / "files"


@pytest.fixture
def doors(catalogue: Catalogue, databases: Databases, folder: Path) -> Iterator[Doors]:
    """An app that has kept one file, named by a draft; its mark is old."""
    with an_app(catalogue, databases, folder) as found:
        draft = found.draft("catering_full")
        expect(found.upload(draft["id"], "layout", OWNER, pdf("named")))
        age(folder, LONG_AGO)
        tidied(found)  # the sample that it took the place of
        yield found


def age(folder: Path, span: timedelta) -> None:
    """Everything that lies there now was touched so long ago."""
    then = time.time() - span.total_seconds()
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_mtime > then:
            os.utime(path, (then, then))


def tidied(doors: Doors) -> Tidied:
    """One look through the folder."""
    return strays.remove(doors.platform.store, doors.platform.world.files, DAY)


def lying(folder: Path) -> set[str]:
    """What lies in the folder, marks aside."""
    return {path.name for path in folder.glob("??/*")}


def test_a_file_that_no_row_came_to_name_goes_after_a_day_and_no_other(doors: Doors, folder: Path) -> None:
    before, files = lying(folder), doors.platform.world.files
    stray = files.keep(pdf("its row was refused"), ("pdf",)).digest
    assert tidied(doors).removed == 0, "its row may be on its way"
    age(folder, YESTERDAY)
    fresh = files.keep(pdf("on its way"), ("pdf",)).digest
    assert tidied(doors) == Tidied(looked_at=len(before) + 1, removed=1)
    assert lying(folder) == {*before, fresh}
    assert stray not in lying(folder)


def test_what_a_draft_gives_up_goes_like_what_nobody_named(doors: Doors, folder: Path) -> None:
    """Handed in by mistake and taken back out, or replaced, it is nobody's record; once submitted, everything is."""
    wrong, right = pdf("the wrong one"), pdf("the right one")
    names = [hashlib.sha256(content).hexdigest() for content in (wrong, right)]
    draft = doors.draft("catering_full")["id"]
    for code, content in (("layout", wrong), ("process", wrong), ("layout", right)):
        expect(doors.upload(draft, code, OWNER, content))
    age(folder, YESTERDAY)
    tidied(doors)
    assert lying(folder).issuperset(names), "the draft still uses it for something else"
    expect(doors.send("DELETE", f"/applications/{draft}/materials/process", OWNER))
    tidied(doors)
    assert [name in lying(folder) for name in names] == [False, True]
    assert doors.send("GET", f"/applications/{draft}/materials/layout", OWNER).content == right


def test_what_was_submitted_stays_on_record_also_when_a_better_one_came(doors: Doors, folder: Path) -> None:
    filed = doors.file("catering_full")
    first = doors.stored(filed.id).materials["premises_proof"].digest
    filed.act("L0", "receive")
    filed.post_points("L0", ("material", "premises_proof"))
    filed.act("H1", "receive")
    filed.act("H1", "accept")
    expect(doors.upload(filed.id, "premises_proof", OWNER, pdf("a better one")))
    age(folder, YESTERDAY)
    assert tidied(doors).removed == 0
    assert first in lying(folder)


def test_a_file_that_is_kept_again_is_not_removed_however_old_it_is(doors: Doors, folder: Path) -> None:
    files, content = doors.platform.world.files, pdf("again")
    kept = files.keep(content, ("pdf",))
    age(folder, YESTERDAY)
    files.keep(content, ("pdf",))
    assert tidied(doors).removed == 0
    assert files.read(kept.digest) == content


def test_whatever_is_removed_at_the_same_instant_a_kept_file_is_there(tmp_path: Path) -> None:
    files, content, grace = FileStore(tmp_path, 100_000), pdf("race"), timedelta(hours=1)
    digest = files.keep(content, ("pdf",)).digest
    with ThreadPoolExecutor(3) as pool:
        for _ in range(100):
            age(tmp_path, DAY)
            removing = [pool.submit(files.remove, digest, grace) for _ in range(2)]
            files.keep(content, ("pdf",))
            for each in removing:
                each.result()
            assert files.read(digest) == content
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [digest]


def test_what_a_killed_process_left_is_put_in_order(doors: Doors, folder: Path, tmp_path: Path) -> None:
    before = lying(folder)
    upload = tmp_path / "upload.pdf"
    upload.write_bytes(pdf("killed"))
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(upload)])
    assert done.returncode < 0, "it was killed"
    named = next(iter(before))  # and one was killed while it looked at a file that is named after all
    (folder / named[:2] / named).rename(folder / named[:2] / f".old-{named}")
    assert [name for name in lying(folder) if name.startswith(".new-")]
    assert tidied(doors) == Tidied(looked_at=len(before) - 1), "all of it may still be going on"
    age(folder, YESTERDAY)
    done_now = strays.remove(doors.platform.store, doors.platform.world.files, timedelta(seconds=-1))
    assert (done_now.cleared, done_now.removed) == (2, 1)
    assert lying(folder) == before, "what is named is back, the rest is gone"


def test_nothing_is_removed_where_another_database_keeps_files_too(
    doors: Doors, catalogue: Catalogue, databases: Databases, folder: Path
) -> None:
    with an_app(catalogue, databases, folder) as other:
        draft = other.draft("catering_full")
        expect(other.upload(draft["id"], "layout", OWNER, pdf("named by the other")))
        age(folder, LONG_AGO)
        before = lying(folder)
        assert tidied(doors) == tidied(other) == Tidied(is_shared=True)
        assert lying(folder) == before


def test_what_lay_there_before_the_first_mark_is_left_alone(
    catalogue: Catalogue, databases: Databases, folder: Path
) -> None:
    older = FileStore(folder, 100_000).keep(pdf("of a database that leaves no marks"), ("pdf",)).digest
    age(folder, LONG_AGO)
    with an_app(catalogue, databases, folder) as doors:
        assert tidied(doors) == Tidied(), "it has kept nothing yet"
        doors.platform.world.files.keep(pdf("stray"), ("pdf",))
        age(folder, YESTERDAY)
        assert tidied(doors).removed == 1
        assert lying(folder) == {older}
