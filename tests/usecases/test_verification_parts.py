"""The walk taken apart: the same report and the same first bad row, with the hash function of a Chinese standard."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from app.catalogue.loader import Catalogue
from app.connectors.verifier import SOURCE
from app.domain.proof import Hasher, HashMissing
from app.storage.database import write_engine
from app.storage.imprint_tables import IMPRINT
from app.storage.paper_tables import PAPER
from app.storage.proof_tables import LEAF
from app.storage.tables import EVENT
from app.usecases import verification, verification_parts
from app.usecases.verification import Report, Wish
from app.usecases.verification_parts import Part, Shared, Source, look
from tests.databases import Databases
from tests.doors import Doors, FakeClock
from tests.running import KEYS, opened, settings_for


@pytest.fixture(scope="module")
def doors(
    catalogue: Catalogue, databases: Databases, database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Doors]:
    """Several cases in a record begun with SM3."""
    try:
        Hasher("sm3")
    except HashMissing:
        pytest.skip("this OpenSSL has no SM3")
    url = databases.migrated(database_kind)
    own = settings_for(url, tmp_path_factory.mktemp("files"), proof_hash="sm3")
    with opened(catalogue, own, FakeClock()) as found:
        for story in ("catering_simple", "retire_simple", "catering_simple"):
            found.clock.pass_(minutes=1)
            found.file(story)
        found.sweep()
        found.draft("startup_full")
        yield found
    databases.drop(url)


def source(doors: Doors) -> Source:
    """What every process needs to know."""
    return Source(doors.platform.settings.database_url, KEYS, "sm3")


def whole(doors: Doors) -> Report:
    """The walk in one piece."""
    return verification.run(doors.platform.context(), doors.platform.store, Wish())


def test_several_processes_find_what_one_finds(doors: Doors) -> None:
    told: list[tuple[int, int]] = []
    report = verification_parts.run(source(doors), Wish(progress=lambda *done: told.append(done)), 2)
    expected = whole(doors)
    assert expected.finding is None
    assert {each.name: getattr(report, each.name) for each in fields(Report)} == {
        each.name: getattr(expected, each.name) for each in fields(Report)
    }
    assert report.newest is not None
    assert report.newest.hash == "sm3"
    assert told[-1] == (report.events, report.events)


def test_every_part_finds_its_own(doors: Doors) -> None:
    """What is altered with SM3 in force is named like with SHA-256, by the part it belongs to."""
    shared = Shared(source(doors), None, is_strict=True, witness=None)
    parts = [Part("cases"), Part("alone"), Part("tree")]
    assert [look(shared, part).finding for part in parts] == [None] * 3
    engine = write_engine(doors.platform.settings.database_url)
    for number, (table, column) in enumerate([(EVENT, "actor"), (PAPER, "recipient"), (LEAF, "link")]):
        with engine.begin() as connection:
            key, before = altered(connection, table.name, column)
        try:
            findings = [look(shared, part).finding for part in parts]
            first = next(found for found in findings if found is not None)
            assert first == findings[number] == whole(doors).finding
            assert (first.table, first.key) == (table.name, key)
        finally:
            with engine.begin() as connection:
                connection.execute(update(table).values({column: before}).where(table.c[column] == "0" * 64))
    assert whole(doors).finding is None
    engine.dispose()


def altered(connection: Connection, name: str, column: str) -> tuple[str, str]:
    """Put something else into a column of the first row that stands in the tree; its key, and what was there."""
    table = {"event": EVENT, "paper": PAPER, "leaf": LEAF}[name]
    keys = list(table.primary_key.columns)
    row = connection.execute(select(table).order_by(*keys).limit(1)).mappings().one()
    is_it = [key == row[key.name] for key in keys]
    connection.execute(update(table).where(*is_it).values({column: "0" * 64}))
    return "/".join(str(row[key.name]) for key in keys), row[column]


def test_imprints_are_bound_with_the_hash_function_of_the_installation(doors: Doors) -> None:
    made = doors.platform.store.read(lambda reader: reader.rows(select(IMPRINT)))
    assert {row["source"] for row in made} == {"message", "paper"}
    assert whole(doors).records >= len(made)


def test_where_a_machine_lacks_the_hash_function_the_verifier_says_so(doors: Doors, tmp_path: Path) -> None:
    filed = doors.file("catering_simple")
    receipt = doors.get(f"/applications/{filed.id}/proof", filed.who)
    (tmp_path / "receipt.json").write_text(json.dumps(receipt), "utf-8")
    without = f"import hashlib, runpy, sys; hashlib.algorithms_available -= {{'sm3'}}; runpy.run_path({str(SOURCE)!r}, "
    command = [sys.executable, "-I", "-S", "-c", f"{without}run_name='__main__')", str(tmp_path / "receipt.json")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 1
    assert "这台机器没有 sm3，凭证未必有误，请换一台核验。" in done.stderr
    assert "No sm3 here" in done.stderr


def test_one_process_is_enough_for_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    assert verification_parts.processes_for(100) == 1
    assert verification_parts.processes_for(verification_parts.WORTH_IT) == verification_parts.MOST
    assert verification_parts.processes_for(100, 3) == 3
