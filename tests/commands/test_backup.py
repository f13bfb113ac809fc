"""``backup`` and ``restore``: what comes back is what was there, on both databases; what is damaged is named."""

import json
import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.commands.exits import Exit
from app.commands.world import settings
from app.storage.database import is_sqlite, read_engine
from app.storage.tables import TOKEN
from app.usecases import accounts, notary, seed
from app.usecases.platform import open_platform
from tests.databases import Databases

from .conftest import Run

Damage = Callable[[Path], None]


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(databases: Databases, request: pytest.FixtureRequest) -> tuple[str, str]:
    """Where the data are, and an empty place for them."""
    return databases.empty(request.param), databases.empty(request.param)


def one_case() -> None:
    """One worked example with its papers, all of it in the proof."""
    platform = open_platform(settings())
    try:
        seed._begin(platform, next(scene for scene in seed.SCENES if scene.story == "catering_simple"))
        notary.run(platform.context(), platform.store)
        platform.store.perform(partial(accounts.sign_in, platform.context(), code="wang_owner"))
    finally:
        platform.close()


def sign_ins() -> int:
    """How many there are in the database of the settings."""
    engine = read_engine(settings().database_url)
    with engine.connect() as connection:
        found = connection.execute(select(func.count()).select_from(TOKEN)).scalar_one()
    engine.dispose()
    return found


def test_what_was_backed_up_comes_back_and_is_verified(
    run: Run, urls: tuple[str, str], own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = urls
    if not is_sqlite(here) and shutil.which("pg_dump") is None:
        pytest.skip("no pg_dump")
    monkeypatch.setenv("APP_DATABASE_URL", here)
    one_case()
    assert sign_ins() > 0
    told = run("backup", "copy", "--lang", "en")
    assert (told.code, "keys are not in the backup" in " ".join(told.out.split())) == (Exit.OK, True)
    assert run("backup", "copy").code == Exit.USAGE, "never over another"
    assert json.loads(run("backup", "whole", "--keys", "--json").out)["has_keys"]
    told_apart = {"manifest.json", "checkpoint.json"}
    held = [path for path in (own_folder / "whole").rglob("*") if path.is_file() and path.name not in told_apart]
    assert {"keys.json", "secret.key"} < {path.name for path in held}
    assert [path.name for path in held if path.stat().st_mode & 0o077] == [], "what is in it is its owner's alone"
    files = {path.name: path.read_bytes() for path in (own_folder / "var" / "files").glob("??/*")}
    assert files
    shutil.move("var", "old")
    missing = run("restore", "copy", "--lang", "en", APP_DATABASE_URL=there)
    assert (missing.code, "put the key ring" in missing.err) == (Exit.USAGE, True)
    done = run("restore", "whole", "--lang", "en")
    assert (done.code, done.err) == (Exit.OK, ""), done
    said = " ".join(done.out.split())
    assert "Nothing was altered" in said
    assert re.search(r"Looked at [1-9]\d* events of 1 cases", said)
    assert {path.name: path.read_bytes() for path in (own_folder / "var" / "files").glob("??/*")} == files
    assert sign_ins() == 0, "who has signed out since the backup stays signed out"
    again = run("restore", "whole", "--lang", "en")
    assert (again.code, "nothing is overwritten" in " ".join(again.err.split())) == (Exit.USAGE, True)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _altered(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def _added(path: Path) -> None:
    path.with_name("more").write_text("x")


DAMAGES: tuple[tuple[str, Damage, str], ...] = (
    ("database.sqlite", _altered, "database.sqlite"),
    ("database.sqlite", Path.unlink, "database.sqlite"),
    ("checkpoint.json", _cut, "checkpoint.json"),
    ("manifest.json", _cut, "manifest.json"),
    ("manifest.json", Path.unlink, "manifest.json"),
    ("checkpoint.json", _added, "more"),
)


def test_a_damaged_backup_is_named_and_nothing_is_touched(run: Run, own_folder: Path) -> None:
    run("keys", "show")
    assert run("backup", "copy", "--keys").code == Exit.OK
    shutil.rmtree("var")
    for name, damage, named in DAMAGES:
        shutil.copytree("copy", "damaged")
        damage(own_folder / "damaged" / name)
        said = run("restore", "damaged", "--lang", "en")
        assert (said.code, named in said.err) == (Exit.UNAVAILABLE, True), said
        assert not (own_folder / "var" / "app.db").exists()
        shutil.rmtree("damaged")


def test_there_must_be_something_to_back_up(run: Run) -> None:
    said = run("backup", "copy", "--lang", "en")
    assert (said.code, "There is no database" in said.err) == (Exit.UNAVAILABLE, True)


def test_a_backup_that_cannot_be_finished_leaves_its_folder_empty(run: Run, own_folder: Path) -> None:
    run("keys", "show")
    odd = own_folder / "var" / "files" / "ab" / "odd"
    odd.mkdir(parents=True)
    said = run("backup", "copy")
    assert (said.code, "这是一个目录" in said.err) == (Exit.UNAVAILABLE, True)
    odd.rmdir()
    assert run("backup", "copy").code == Exit.OK


def test_a_restoration_that_cannot_be_finished_leaves_the_place_empty(run: Run, own_folder: Path) -> None:
    one_case()
    assert run("backup", "copy", "--keys").code == Exit.OK
    shutil.rmtree("var")
    Path("var").mkdir()
    Path("file").write_text("no folder")
    said = run("restore", "copy", "--lang", "en", APP_FILES_FOLDER="file/files")
    assert (said.code, "file/files" in said.err) == (Exit.UNAVAILABLE, True)
    assert not list(Path("var").iterdir())
    assert run("restore", "copy", APP_FILES_FOLDER="var/files").code == Exit.OK


def test_a_backup_of_another_kind_of_database_says_so(run: Run, databases: Databases) -> None:
    run("keys", "show")
    assert run("backup", "copy", "--keys").code == Exit.OK
    shutil.rmtree("var")
    said = run("restore", "copy", "--lang", "en", APP_DATABASE_URL=databases.empty("postgresql"))
    assert (said.code, "sqlite → postgresql" in said.err) == (Exit.UNAVAILABLE, True)


def test_without_the_programs_of_postgresql_a_sentence_says_so(
    run: Run, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = databases.migrated("postgresql")
    monkeypatch.setenv("PATH", "/nowhere")
    said = run("backup", "copy", "--lang", "en", APP_DATABASE_URL=url)
    assert (said.code, "pg_dump" in said.err) == (Exit.UNAVAILABLE, True)
