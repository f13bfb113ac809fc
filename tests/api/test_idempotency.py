"""Idempotency-Key: the same request any number of times happens once."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
from httpx2 import Response
from sqlalchemy import select

from app.schemas.applications import NewApplication
from app.storage.tables import IDEMPOTENCY
from tests.doors import Doors, expect

STORY = {"story": "catering_simple"}


def create(doors: Doors, key: str, who: str = "wang_owner", **wish: object) -> Response:
    """Make a draft under a key."""
    return doors.send("POST", "/applications", who, json={**STORY, **wish}, headers={"Idempotency-Key": key})


def submit(doors: Doors, application_id: str, key: str | None = None) -> Response:
    """Submit under a key, or without one."""
    headers = {"Idempotency-Key": key} if key else {}
    return doors.send("POST", f"/applications/{application_id}/submit", "wang_owner", headers=headers)


def test_the_same_key_makes_one_draft(doors: Doors) -> None:
    first, second = expect(create(doors, "k1"), 201), expect(create(doors, "k1"), 201)
    assert first["id"] == second["id"]
    assert len(doors.get("/applications", "wang_owner")["entries"]) == 1


def test_a_key_made_by_chance_is_never_taken_for_somebodys_number(doors: Doors) -> None:
    begins, ends = "9fa4c1d2e3b5", "abca13800138000cdef"
    assert expect(create(doors, f"{begins}-{ends}"), 422)["code"] == "real-identity-refused"
    expect(create(doors, f"{begins}4{ends}"), 201)


def test_the_repeat_shows_the_draft_as_it_is_now(doors: Doors) -> None:
    first = expect(create(doors, "k1"), 201)
    doors.send("PATCH", f"/applications/{first['id']}", "wang_owner", json={"form": {"seats": 7}})
    assert expect(create(doors, "k1"), 201)["form"]["seats"] == 7


def test_a_key_with_another_body_or_for_another_act_is_refused(doors: Doors) -> None:
    draft = expect(create(doors, "k1"), 201)
    refused = create(doors, "k1", form={"seats": 4})
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency-key-reused")
    assert submit(doors, draft["id"], "k1").json()["code"] == "idempotency-key-reused"


def test_another_persons_key_is_another_key(doors: Doors) -> None:
    mine, theirs = (expect(create(doors, "k1", who), 201) for who in ("wang_owner", "lin_mother"))
    assert mine["id"] != theirs["id"]
    assert theirs["applicant"] == "lin_mother"


def test_submitting_again_gives_the_same_application_and_no_second_code(doors: Doors) -> None:
    draft = expect(create(doors, "k1"), 201)
    first, second, third = (expect(submit(doors, draft["id"], key)) for key in ("k2", "k2", None))
    assert first["query_code"] is not None
    assert second["query_code"] is third["query_code"] is None
    assert {found["application"]["reference"] for found in (first, second, third)} == {
        first["application"]["reference"]
    }
    assert expect(submit(doors, draft["id"], "k3"), 409)["code"] == "action-not-allowed"


def test_submitting_again_without_a_key_gives_the_same_application(doors: Doors) -> None:
    draft = expect(create(doors, "k1"), 201)
    first, second = (expect(submit(doors, draft["id"])) for _ in range(2))
    assert first["application"]["reference"] == second["application"]["reference"]
    assert len([e for e in doors.rows(draft["id"]) if e.kind.value == "submitted"]) == 1


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb", "ключ".encode().decode("latin-1")])
def test_a_key_that_cannot_be_kept_is_refused(doors: Doors, key: str) -> None:
    sent = doors.sign_in("wang_owner") | {"Idempotency-Key": key}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in sent.items()]
    refused = doors.client.post("/api/v1/applications", json=STORY, headers=raw)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == "/headers/Idempotency-Key"


def test_one_key_from_many_threads_makes_one_application(doors: Doors) -> None:
    doors.sign_in("wang_owner")
    with ThreadPoolExecutor(8) as pool:
        drafts = [expect(response, 201) for response in pool.map(lambda _: create(doors, "k1"), range(8))]
        assert len({draft["id"] for draft in drafts}) == 1
        receipts = [expect(r) for r in pool.map(lambda _: submit(doors, drafts[0]["id"], "k2"), range(8))]
    assert len({found["application"]["reference"] for found in receipts}) == 1
    assert len([found for found in receipts if found["query_code"]]) == 1
    assert len(doors.get("/applications", "wang_owner")["entries"]) == 1


def chase(doors: Doors, application_id: str, key: str | None, text: str = "请尽快办理") -> Response:
    """Chase a task under a key, or without one."""
    headers = {"Idempotency-Key": key} if key else {}
    body = {"kind": "chase", "item": "L0", "text": text}
    return doors.send(
        "POST", f"/applications/{application_id}/matters", "supervisor.330802", json=body, headers=headers
    )


def test_the_same_key_chases_once(doors: Doors) -> None:
    filed = doors.file("catering_full")
    first, second = (chase(doors, filed.id, "k1") for _ in range(2))
    assert expect(first, 201)["id"] == expect(second, 201)["id"]
    assert first.headers["Location"] == second.headers["Location"]
    assert expect(chase(doors, filed.id, "k1", "换了一句话"), 409)["code"] == "idempotency-key-reused"
    assert expect(chase(doors, filed.id, None), 201)["id"] != first.json()["id"]
    assert len(doors.get(f"/applications/{filed.id}/matters", "supervisor.330802")) == 2


def test_what_is_kept_of_a_request_tells_nobody_what_it_said(doors: Doors) -> None:
    """Somebody with the table alone tries out what may have been entered."""
    said = {"bundle": "catering", "region": "330802", "form": {"seats": 7}}
    headers = {"Idempotency-Key": "k1"}
    expect(doors.send("POST", "/applications", "wang_owner", json=said, headers=headers), 201)
    (row,) = doors.platform.store.read(lambda reader: reader.rows(select(IDEMPOTENCY)))
    tried = NewApplication(**said).model_dump(mode="json")
    assert row["fingerprint"] != hashlib.sha256(orjson.dumps(tried, option=orjson.OPT_SORT_KEYS)).hexdigest()
    assert len(row["fingerprint"]) == 64
