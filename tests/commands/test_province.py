"""``province``: fills an empty database once, and never builds on cases that are there."""

import json

import pytest

from app.commands.exits import Exit
from tests.commands.conftest import Run


def test_a_province_is_made_once_and_a_second_one_is_refused(run: Run) -> None:
    made = run("province", "--cases", "5", "--days", "4", "--json")
    assert made.code == Exit.OK
    answer = json.loads(made.out)
    assert answer["cases"] == answer["rows"]["application"] == 5
    again = run("province", "--cases", "5", "--lang", "en")
    assert again.code == Exit.UNAVAILABLE
    assert "holds cases already" in again.err


def test_outside_a_demonstration_there_is_no_province(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_DEMO", "false")
    assert run("province", "--lang", "en").code == Exit.USAGE
