"""Signing in as somebody fictional, and out again; a sign-in expires."""

from typing import Any

import pytest
from sqlalchemy import select

from app.settings import Settings
from app.storage.tables import TOKEN
from app.usecases import accounts
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


def test_a_sign_in_lasts_as_long_as_the_setting_says_however_busy_it_is(doors: Doors, clock: FakeClock) -> None:
    headers = doors.sign_in("wang_owner")
    for _ in range(doors.platform.settings.token_hours - 1):
        clock.pass_(hours=1)
        assert whoami(doors, headers).status_code == 200
    clock.pass_(hours=1, seconds=-1)
    assert whoami(doors, headers).status_code == 200
    clock.pass_(seconds=1)
    response = whoami(doors, headers)
    problem_of(response, 401, "not-signed-in")
    assert response.headers["www-authenticate"] == "Bearer"


def test_a_sign_in_that_nobody_uses_ends_earlier(doors: Doors, clock: FakeClock) -> None:
    idle = doors.platform.settings.idle_minutes
    used, unused = signed_in(doors), signed_in(doors)
    clock.pass_(minutes=idle - 1)
    assert whoami(doors, used).status_code == 200
    clock.pass_(minutes=1)
    assert whoami(doors, used).status_code == 200
    problem_of(whoami(doors, unused), 401, "not-signed-in")
    assert len(doors.platform.store.read(lambda reader: reader.tokens_of("wang_owner"))) == 2
    signed_in(doors)
    assert len(doors.platform.store.read(lambda reader: reader.tokens_of("wang_owner"))) == 2, "what is over is gone"


def signed_in(doors: Doors, account: str = "wang_owner") -> dict[str, str]:
    """The headers of a fresh sign-in."""
    return {"Authorization": f"Bearer {doors.post('/sessions', body={'account': account}, status=201)['token']}"}


def test_somebody_sees_the_own_sign_ins_and_ends_one_the_others_or_all(doors: Doors, clock: FakeClock) -> None:
    one, clerk = signed_in(doors), signed_in(doors, "clerk.330802")
    clock.pass_(minutes=3)
    two, three = signed_in(doors), signed_in(doors)
    listed = expect(doors.client.get(f"{API}/sessions", headers=two))
    assert [entry["is_this"] for entry in listed].count(True) == 1
    assert {entry["way"]["code"] for entry in listed} == {"api"}
    assert len(listed) == 3
    assert all(set(entry["id"]) <= set("0123456789abcdef") and len(entry["id"]) == 32 for entry in listed)
    oldest = listed[-1]["id"]
    problem_of(doors.client.delete(f"{API}/sessions/{oldest}", headers=clerk), 404, "not-found")
    expect(doors.client.delete(f"{API}/sessions/{oldest}", headers=two), 204)
    problem_of(whoami(doors, one), 401)
    problem_of(doors.client.delete(f"{API}/sessions/{oldest}", headers=two), 404)
    expect(doors.client.delete(f"{API}/sessions", params={"others_only": True}, headers=two), 204)
    assert [whoami(doors, entry).status_code for entry in (two, three, clerk)] == [200, 401, 200]
    expect(doors.client.delete(f"{API}/sessions", headers=two), 204)
    assert [whoami(doors, entry).status_code for entry in (two, clerk)] == [401, 200]


def test_one_account_is_signed_in_a_bounded_number_of_times(
    doors: Doors, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "MOST_SIGN_INS", 3)
    held = []
    for _ in range(5):
        held.append(signed_in(doors))
        clock.pass_(seconds=1)
    assert [whoami(doors, headers).status_code for headers in held] == [401, 401, 200, 200, 200]


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
        assert closed.get("/accounts") == []
        page = closed.client.get("/sign-in").text
        assert "统一身份认证" in page
        assert "王示例" not in page


def test_who_was_picked_in_a_demonstration_is_nobody_after_it(doors: Doors, settings: Settings) -> None:
    tokens = [doors.sign_in(who) for who in ("wang_owner", "supervisor.330800", "officer.market.330802.1")]
    strict = settings_for(settings.database_url, settings.files_folder, demo=False)
    with opened(doors.platform.world.catalogue, strict, FakeClock()) as closed:
        for token in tokens:
            expect(closed.client.get("/api/v1/sessions/me", headers=token), 401)
            expect(closed.client.get("/api/v1/applications", headers=token), 401)
