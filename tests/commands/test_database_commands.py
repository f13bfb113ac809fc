"""``migrate``, ``seed``, ``sweep`` and ``outbox``: what touches the database."""

import json
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

import app
from app.commands.exits import Exit

from .conftest import Run

LATER = f"{datetime.now(UTC).year + 1}-12-06T10:00"
"""When everything seeded today is long overdue; every day between is rolled up, so not in another century."""


def test_migrating_says_from_where_to_where(run: Run, own_folder: Path) -> None:
    first = json.loads(run("migrate", "--json").out)
    second = json.loads(run("migrate", "--json").out)
    assert first["from"] is None
    assert first["to"] == second["from"] == second["to"]
    assert (own_folder / "var" / "app.db").exists()


def test_migrating_again_says_that_nothing_was_to_do(run: Run) -> None:
    assert "brought to" in run("migrate", "--lang", "en").out
    assert "up to date" in run("migrate", "--lang", "en").out


def test_a_process_that_migrated_nothing_knows_the_tables_that_a_case_is_written_to() -> None:
    names = (
        "application",
        "task",
        "event",
        "paper",
        "message",
        "data_key",
        "imprint",
        "fact",
        "fact_change",
        "work_change",
    )
    ask = f"from app.usecases import seed; from app.storage.tables import table; print([table(n) for n in {names}])"
    assert subprocess.run([sys.executable, "-c", ask], capture_output=True).returncode == 0


def test_seeding_twice_changes_nothing(run: Run) -> None:
    first = json.loads(run("seed", "--json").out)["stories"]
    second = json.loads(run("seed", "--json").out)["stories"]
    assert all(story["is_new"] and story["problem"] is None for story in first)
    assert not any(story["is_new"] or story["problem"] for story in second)


def test_seeding_that_leaves_an_example_out_tells_the_shell(run: Run, own_folder: Path) -> None:
    packs = Path(app.__file__).parent / "catalogue" / "packs"
    shutil.copytree(packs, own_folder / "packs")
    renamed = own_folder / "packs" / "zhejiang" / "birth.yaml"
    renamed.write_text(renamed.read_text("utf-8").replace("\n  birth_full:", "\n  birth_whole:"), "utf-8")
    said = run("seed", "--json", APP_BUILTIN_PACKS="false", APP_PACK_FOLDERS="packs")
    assert (said.code, any(story["problem"] for story in json.loads(said.out)["stories"])) == (Exit.REFUSED, True)


def test_a_database_that_nobody_has_served_from_is_not_called_altered_without_a_word_of_that(run: Run) -> None:
    assert run("migrate").code == Exit.OK
    said = run("verify", "--lang", "en")
    assert said.code == Exit.REFUSED
    assert "new and nobody has served from it" in " ".join(said.err.split())


def test_seeding_is_told_in_words(run: Run) -> None:
    said = run("seed", "--lang", "en")
    assert "catering_full" in said.out
    assert "one merged notice open" in said.out


@pytest.mark.parametrize("command", [("seed",), ("sweep", "--at", "2027-01-04T10:00")])
def test_what_is_for_demonstrations_is_refused_elsewhere(run: Run, command: tuple[str, ...]) -> None:
    said = run(*command, APP_DEMO="false")
    assert said.code == Exit.USAGE
    assert "APP_DEMO" in said.err


@pytest.mark.usefixtures("migrated")
def test_a_sweep_of_an_empty_database_finds_nothing(run: Run) -> None:
    found = json.loads(run("sweep", "--json", APP_DEMO="false").out)
    assert (found["looked_at"], found["moved"], found["opened"]) == (0, 0, 0)


@pytest.mark.usefixtures("after_seed")
def test_a_sweep_as_if_it_were_later_moves_what_time_moves_and_only_once(run: Run) -> None:
    first = json.loads(run("sweep", "--at", LATER, "--json").out)
    again = json.loads(run("sweep", "--at", LATER, "--json").out)
    assert first["at"] == f"{LATER}:00+08:00"
    assert first["moved"] >= 2
    assert first["opened"] >= 1
    assert (again["moved"], again["opened"]) == (0, 0)


@pytest.mark.usefixtures("after_seed")
def test_a_sweep_tells_the_time_of_the_office_it_goes_by_also_where_the_clock_was_moved(
    run: Run, own_folder: Path
) -> None:
    moved = json.loads(run("clock", "advance", "3", "--json").out)
    assert json.loads(run("sweep", "--json").out)["at"][:10] == moved["today"]
    assert json.loads(run("sweep", "--at", LATER, "--json").out)["moved"] > 0
    with sqlite3.connect(own_folder / "var" / "app.db") as record:
        assert record.execute("SELECT max(at) FROM event").fetchone()[0][:10] == LATER[:10]


@pytest.mark.usefixtures("after_seed")
@pytest.mark.parametrize("command", ["sweep", "offers"])
def test_what_looks_for_offers_asks_the_register_that_the_settings_name(run: Run, command: str) -> None:
    asked = []

    class Register(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_error(503)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Register) as register:
        Thread(target=register.serve_forever, daemon=True).start()
        there = f"http://127.0.0.1:{register.server_port}"
        named = ",".join(f"{name}={there}/{name}" for name in ("housing_fund_account", "medical_insurance_record"))
        assert run(command, APP_REGISTERS=named).code == Exit.OK
        register.shutdown()
    assert asked


@pytest.mark.usefixtures("after_seed")
def test_a_sweep_says_how_many_matters_of_supervision_it_opened(run: Run) -> None:
    assert "新立督办事项" in run("sweep", "--at", LATER).out
    assert "opened 0 matter(s)" in run("sweep", "--at", LATER, "--lang", "en").out


@pytest.mark.usefixtures("migrated")
def test_a_moment_with_a_zone_is_understood(run: Run) -> None:
    assert json.loads(run("sweep", "--at", "2026-03-20T02:00+00:00", "--json").out)["at"].startswith("2026-03-20T10:00")


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize("at", ["soon", "2026-13-01T10:00", ""])
def test_a_moment_that_is_none_is_wrong_usage(run: Run, at: str) -> None:
    said = run("sweep", "--at", at, "--lang", "en")
    assert said.code == Exit.USAGE
    assert "2026-03-20T09:00" in said.err


def backlog(run: Run) -> tuple[int, int, int]:
    """Messages that wait, went out, were given up."""
    found = json.loads(run("outbox", "--json").out)
    return found["unsent"], found["sent"], found["given_up"]


@pytest.mark.usefixtures("migrated")
def test_an_empty_outbox_says_so_and_draining_it_changes_nothing(run: Run) -> None:
    assert backlog(run) == (0, 0, 0)
    assert "0 message(s) wait" in run("outbox", "drain", "--lang", "en").out
    assert run("outbox", "drain", "--json").out == ""


@pytest.mark.usefixtures("after_seed")
def test_draining_the_outbox_prints_every_message_once_and_marks_it_as_sent(run: Run) -> None:
    unsent, sent, given_up = backlog(run)
    assert unsent > 8
    assert (sent, given_up) == (0, 0)
    printed = [json.loads(line) for line in run("outbox", "drain", "--json").out.splitlines()]
    assert len({message["id"] for message in printed}) == len(printed) == unsent
    assert all(message["title"]["zh"] and message["body"]["en"] for message in printed)
    assert backlog(run) == (0, unsent, 0)
    assert run("outbox", "drain", "--json").out == ""


@pytest.mark.usefixtures("after_seed")
@pytest.mark.parametrize(("lang", "expected"), [("zh", "本次发送"), ("en", "failed 0.")])
def test_draining_is_told_in_words(run: Run, lang: str, expected: str) -> None:
    said = run("outbox", "drain", "--lang", lang)
    assert said.code == 0, said.err
    assert "wang_owner" in said.out
    assert expected in said.out


def test_the_outbox_does_nothing_else(run: Run) -> None:
    assert run("outbox", "flush").code == Exit.USAGE


@pytest.mark.usefixtures("after_seed")
def test_the_clock_is_moved_set_and_reset_and_time_passes(run: Run) -> None:
    real = json.loads(run("clock", "--json").out)
    assert (real["shift_days"], real["moved"]) == (0, None)
    later = json.loads(run("clock", "advance", "30", "--json").out)
    assert later["shift_days"] == 30
    assert later["moved"] >= 2
    assert json.loads(run("clock", "show", "--json").out)["today"] == later["today"]
    assert "+30" in run("clock", "--lang", "en").out
    further = json.loads(run("clock", "advance", "--working", "--json").out)
    assert further["is_working_day"] is True
    asked = run("clock", "set", LATER[:10], "--lang", "en")
    assert asked.code == Exit.REFUSED
    assert "--erase" in asked.err
    again = json.loads(run("clock", "set", LATER[:10], "--erase", "--json").out)
    assert again["today"] == LATER[:10]
    refused = run("clock", "reset", "--lang", "en")
    assert refused.code == Exit.REFUSED
    assert "cannot go back" in refused.err


@pytest.mark.usefixtures("migrated")
def test_the_clock_goes_back_where_nothing_has_happened(run: Run) -> None:
    assert json.loads(run("clock", "advance", "3", "--json").out)["shift_days"] == 3
    assert json.loads(run("clock", "reset", "--json").out)["shift_days"] == 0


@pytest.mark.parametrize("words", [("set", "tomorrow"), ("set", "2026-2-30"), ("advance", "0"), ("back",)])
def test_a_wrong_wish_for_the_clock_is_wrong_usage(run: Run, words: tuple[str, ...]) -> None:
    assert run("clock", *words).code == Exit.USAGE


@pytest.mark.usefixtures("migrated")
def test_the_clock_stands_outside_a_demonstration(run: Run) -> None:
    said = run("clock", "advance", "2", APP_DEMO="false")
    assert said.code == Exit.USAGE
    assert "APP_DEMO" in said.err
    assert json.loads(run("clock", "--json", APP_DEMO="false").out)["is_demo"] is False


@pytest.mark.usefixtures("after_seed")
def test_the_sums_are_made_afresh_and_agree_with_the_cases(run: Run) -> None:
    run("sweep", "--at", LATER)
    assert json.loads(run("rollups", "rebuild", "--json").out)["days"] >= 1
    assert json.loads(run("rollups", "reconcile", "--json").out)["mended"] == 0
    assert "汇总与办件一致" in run("rollups", "reconcile").out
    assert "Added up" in run("rollups", "rebuild", "--lang", "en").out
    assert run("rollups", "forget").code == Exit.USAGE


@pytest.mark.usefixtures("after_seed")
def test_indicators_of_a_region_come_as_a_table_and_as_json(run: Run) -> None:
    found = json.loads(run("indicators", "--region", "330800", "--by", "region", "--json").out)
    assert found["region"] == "330800"
    filed = next(value for value in found["total"] if value["code"] == "materials_saved")
    assert filed["denominator"] > 0
    assert {group["key"] for group in found["groups"]} <= {"330802", "330881"}
    said = run("indicators", "--region", "330802", "--lang", "en")
    assert "Decided on time" in said.out
    assert "Kecheng" in said.out


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize(
    "words", [("--region", "330899"), ("--by", "weather"), ("--from", "yesterday"), ("--region", "柯城")]
)
def test_figures_that_cannot_be_asked_for_are_wrong_usage(run: Run, words: tuple[str, ...]) -> None:
    assert run("indicators", *words).code == Exit.USAGE


@pytest.mark.usefixtures("migrated")
def test_figures_of_a_bundle_nobody_knows_are_refused(run: Run) -> None:
    assert run("indicators", "--bundle", "circus").code == Exit.REFUSED


@pytest.mark.usefixtures("migrated")
def test_nobody_is_offered_anything_before_anything_happened(run: Run) -> None:
    assert json.loads(run("offers", "--json").out)["made"] == 0
    assert "Looked at 0 people" in run("offers", "--lang", "en").out


@pytest.mark.parametrize(
    "words",
    [("outbox",), ("outbox", "drain"), ("sweep",), ("offers",), ("indicators",), ("clock",), ("rollups", "reconcile")],
)
def test_a_slip_in_the_path_of_the_database_is_said_and_nothing_is_made(
    run: Run, own_folder: Path, words: tuple[str, ...]
) -> None:
    answer = run(*words, "--lang", "en", APP_DATABASE_URL="sqlite:///slip/app.db")
    assert answer.code == Exit.UNAVAILABLE
    assert "There is no database slip/app.db" in answer.err
    assert not (own_folder / "slip").exists()
