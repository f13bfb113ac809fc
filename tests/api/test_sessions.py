"""Signing in as somebody fictional, and out again; a sign-in expires."""

from typing import Any

import pytest
from sqlalchemy import select

from app.settings import Settings
from app.storage.tables import TOKEN
from tests.api.test_problems import problem_of
from tests.doors import API, Doors, FakeClock, expect
from tests.running import opened, settings_for


def whoami(doors: Doors, headers: dict[str, str]) -> Any:
    """The answer to: who am I?"""
    return doors.client.get(f"{API}/sessions/me", headers=headers)


def test_whoever_signs_in_is_that_person_until_signing_out(doors: Doors) -> None:
    headers = doors.sign_in("wang_owner")
    me = expect(whoami(doors, headers))
    assert (me["code"], me["role"]["code"], me["name"]["zh"]) == ("wang_owner", "applicant", "王示例")
    expect(doors.client.delete(f"{API}/sessions/me", headers=headers), 204)
    found = problem_of(whoami(doors, headers), 401, "not-signed-in")
    assert "重新登录" in found["detail_zh"]


def test_signing_out_ends_one_sign_in_and_no_other(doors: Doors) -> None:
    first, second = (
        {"Authorization": f"Bearer {doors.post('/sessions', body={'account': 'wang_owner'}, status=201)['token']}"}
        for _ in range(2)
    )
    assert first != second
    expect(doors.client.delete(f"{API}/sessions/me", headers=first), 204)
    assert whoami(doors, first).status_code == 401
    assert whoami(doors, second).status_code == 200


def test_a_sign_in_lasts_as_long_as_the_setting_says(doors: Doors, clock: FakeClock) -> None:
    headers = doors.sign_in("wang_owner")
    clock.pass_(hours=doors.platform.settings.token_hours, seconds=-1)
    assert whoami(doors, headers).status_code == 200
    clock.pass_(seconds=1)
    response = whoami(doors, headers)
    problem_of(response, 401, "not-signed-in")
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer nobody", "Basic d2FuZ19vd25lcjo=", "bearer x y", "Bearer " + "x" * 5000],
)
def test_what_is_no_token_is_nobody(shared_doors: Doors, header: str) -> None:
    response = shared_doors.client.get(f"{API}/sessions/me", headers={"Authorization": header})
    problem_of(response, 401, "not-signed-in")


@pytest.mark.parametrize(
    "account",
    [
        "",
        "nobody",
        "WANG_OWNER",
        "officer",
        "officer.market.330802",
        "officer.market.330802.4",
        "officer.market.999999.1",
        "officer.no_such_line.330802.1",
        "officer.housing_fund.330802.1",
        "clerk.1",
        "agent.nobody",
        "agent.agent.wang_owner",
        "system",
        "supervisor.",
        "clerk.330802.1",
        "../wang_owner",
    ],
)
def test_nobody_else_can_be_signed_in_as(shared_doors: Doors, account: str) -> None:
    refused = shared_doors.post("/sessions", body={"account": account}, status=422)
    assert [fault["pointer"] for fault in refused["errors"]] == ["/account"]


def test_everybody_in_the_directory_can_sign_in(shared_doors: Doors) -> None:
    listed = shared_doors.get("/accounts", region="330802")
    roles = {entry["role"]["code"] for entry in listed}
    assert roles == {"applicant", "agent", "clerk", "officer", "supervisor", "steward"}
    for entry in listed[:: max(1, len(listed) // 40)]:
        answer = shared_doors.post("/sessions", body={"account": entry["code"]}, status=201)
        assert answer["account"] == entry
    assert len({entry["code"] for entry in listed}) == len(listed)


def test_the_token_itself_is_never_stored(doors: Doors) -> None:
    token = doors.sign_in("wang_owner")["Authorization"].removeprefix("Bearer ")
    rows = doors.platform.store.read(lambda reader: reader.rows(select(TOKEN)))
    assert [row["account"] for row in rows] == ["wang_owner"]
    assert token not in repr(rows)


def test_outside_demonstration_mode_nobody_signs_in_by_name(doors: Doors, settings: Settings) -> None:
    strict = settings_for(settings.database_url, settings.files_folder, demo=False)
    with opened(doors.platform.world.catalogue, strict, FakeClock()) as closed:
        closed.post("/sessions", body={"account": "wang_owner"}, status=422)
