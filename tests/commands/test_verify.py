"""``verify``: intact, altered, one case, a checkpoint kept elsewhere; and the hash function that is fixed."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.commands.exits import Exit
from app.domain.proof import Hasher, HashMissing

from .conftest import Run

LATER = f"{datetime.now(UTC).year + 1}-12-06T10:00"
"""When everything seeded today is long overdue."""


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database of the first test is kept for the others."""
    return tmp_path_factory.mktemp("seeded") / "var"


@pytest.fixture
def database(run: Run, own_folder: Path, seeded: Path) -> Path:
    """A seeded database, all of it in the tree."""
    if not seeded.exists():
        run("seed")
        run("sweep")
        shutil.copytree("var", seeded)
    shutil.copytree(seeded, "var", dirs_exist_ok=True)
    return own_folder / "var" / "app.db"


def alter(database: Path, statement: str, *values: object) -> None:
    """Somebody with the file in their hands."""
    with sqlite3.connect(database) as connection:
        assert connection.execute(statement, values).rowcount >= 1
    connection.close()


def ask(database: Path, query: str) -> list[tuple[object, ...]]:
    """What the file holds."""
    with sqlite3.connect(database) as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


def dumped(database: Path) -> list[str]:
    """The whole file as statements."""
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())


def test_an_untouched_database_is_intact_and_says_what_was_looked_at(run: Run, database: Path) -> None:
    found = json.loads(run("verify", "--json").out)
    assert found["is_intact"] is True
    assert found["finding"] is None
    assert (found["cases"], found["waiting"]) == (8, 0)
    assert found["leaves"] == found["events"] + found["records"] == found["newest"]["size"]
    assert "没有发现改动" in run("verify").out
    said = run("verify", "--lang", "en")
    assert (said.code, "Nothing was altered" in said.out) == (Exit.OK, True)


def test_verifying_changes_nothing_in_the_database(run: Run, database: Path) -> None:
    before = dumped(database)
    run("verify")
    assert dumped(database) == before


def test_the_first_bad_row_is_named_in_words_and_the_exit_code_says_so(run: Run, database: Path) -> None:
    alter(database, "UPDATE event SET actor = 'somebody' WHERE rowid = 30")
    [(case, seq)] = ask(database, "SELECT application_id, seq FROM event WHERE rowid = 30")
    said = run("verify", "--lang", "en")
    assert said.code == Exit.REFUSED
    assert f"{case}/{seq}" in said.err.replace("\n", "")
    assert "changed" in said.err
    assert "被改动" in run("verify").err
    found = json.loads(run("verify", "--json").out)["finding"]
    assert (found["what"], found["table"], found["key"]) == ("changed", "event", f"{case}/{seq}")


def test_one_case_is_verified_by_its_reference_or_id(run: Run, database: Path) -> None:
    rows = ask(database, "SELECT reference, id FROM application WHERE reference IS NOT NULL ORDER BY id")
    (reference, case), (other, _) = rows[0], rows[1]
    alter(database, "UPDATE task SET department = 'tax.330802' WHERE application_id = ? AND stage = 0", case)
    for name in (reference, case):
        found = json.loads(run("verify", "--application", str(name), "--json").out)
        assert (found["is_intact"], found["finding"]["table"]) == (False, "task")
    fine = json.loads(run("verify", "--application", str(other), "--json").out)
    assert (fine["is_intact"], fine["cases"]) == (True, 1)
    assert fine["leaves"] == fine["events"] + fine["records"] > fine["events"]
    assert run("verify", "--application", "L330802-20260316-999999-0").code == Exit.REFUSED


def test_a_checkpoint_kept_elsewhere_shows_a_record_that_was_cut_short(
    run: Run, database: Path, own_folder: Path
) -> None:
    names = ("size", "root", "hash", "at", "previous_size", "previous_root", "key", "signature")
    [row] = ask(database, f"SELECT {', '.join(names)} FROM checkpoint ORDER BY size DESC LIMIT 1")  # noqa: S608
    kept = dict(zip(names, row, strict=True))
    kept["at"] = f"{str(kept['at']).replace(' ', 'T')}+00:00"
    (own_folder / "kept.json").write_text(json.dumps(kept))
    assert run("verify", "--checkpoint", "kept.json").code == Exit.OK
    (own_folder / "receipt.json").write_text(json.dumps({"format": "receipt/v1", "checkpoint": kept}))
    assert run("verify", "--checkpoint", "receipt.json").code == Exit.OK
    alter(database, "DELETE FROM checkpoint WHERE size > 0")
    for statement in ("DELETE FROM leaf", "DELETE FROM tree_node", "UPDATE event SET position = NULL"):
        alter(database, statement)
    for table in ("data_call", "imprint"):
        alter(database, f"UPDATE {table} SET position = NULL")  # noqa: S608
    assert run("verify").code == Exit.OK
    said = run("verify", "--checkpoint", "kept.json", "--lang", "en")
    assert (said.code, "checkpoint" in said.err) == (Exit.REFUSED, True)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"size": "x"}', "\x00"])
def test_a_file_that_is_no_checkpoint_is_wrong_usage(run: Run, database: Path, own_folder: Path, content: str) -> None:
    (own_folder / "kept.json").write_text(content)
    said = run("verify", "--checkpoint", "kept.json", "--lang", "en")
    assert (said.code, "neither a checkpoint nor a receipt" in said.err) == (Exit.USAGE, True)


def test_moved_clocks_are_a_remark_in_a_demonstration_and_an_error_when_times_count(run: Run, database: Path) -> None:
    run("sweep", "--at", LATER)
    report = json.loads(run("verify", "--json").out)
    assert report["is_intact"] is True
    strict = json.loads(run("verify", "--json", "--strict").out)
    assert strict["is_intact"] is (report["remark_count"] == 0)


def test_another_hash_function_than_the_first_is_refused_with_both_names(run: Run, database: Path) -> None:
    try:
        Hasher("sm3")
    except HashMissing:
        pytest.skip("this OpenSSL has no SM3")
    said = run("sweep", "--lang", "en", APP_PROOF_HASH="sm3")
    assert (said.code, "APP_PROOF_HASH=sha256" in said.err) == (Exit.USAGE, True)


def test_a_tree_that_was_altered_is_not_signed_on(run: Run, database: Path) -> None:
    alter(database, "UPDATE checkpoint SET root = ? WHERE size > 0", "0" * 64)
    alter(database, "UPDATE event SET position = NULL WHERE rowid = 30")
    said = run("sweep", "--lang", "en")
    assert (said.code, "verify" in said.err) == (Exit.REFUSED, True)


def test_a_database_that_is_not_there_yet_is_unavailable(run: Run) -> None:
    assert run("verify").code == Exit.UNAVAILABLE


def test_where_there_is_no_database_none_is_made(run: Run, own_folder: Path) -> None:
    said = run("verify", "--lang", "en")
    assert said.code == Exit.UNAVAILABLE
    assert "There is no database" in said.err
    assert list(own_folder.iterdir()) == []
