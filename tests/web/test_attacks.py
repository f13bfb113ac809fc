"""What a page could once be made to show or leave behind."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.databases import SQLITE
from tests.doors import Doors
from tests.journeys.test_attacks import known_of_the_father
from tests.journeys.test_proofs import told
from tests.journeys.test_registers import MOTHER
from tests.web.visitors import Visitor

OFFICER = "officer.market.330802.1"
VisitAs = Callable[[str], Visitor]


@pytest.fixture(scope="session", params=[SQLITE])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Pages depend on no database."""
    kind: str = request.param
    return kind


def test_nothing_that_somebody_signed_in_opens_stays_in_the_browser(doors: Doors, visit_as: VisitAs) -> None:
    draft = doors.draft("catering_full")
    code = next(m["code"] for m in draft["materials"] if m["media_type"])
    doors.post(f"/applications/{draft['id']}/submit", "wang_owner")
    reference = doors.stored(draft["id"]).reference
    number = doors.get(f"/applications/{draft['id']}/papers", "wang_owner")[0]["number"]
    item = next(
        task["id"].rpartition("-")[2]
        for task in doors.get("/tasks", OFFICER)["entries"]
        if any(paper["code"] == code for paper in doors.get(f"/tasks/{task['id']}", OFFICER)["materials"])
    )
    opened = {
        "wang_owner": (f"/applications/{draft['id']}/materials/{code}", f"/papers/{number}", "/my/data/export.json"),
        OFFICER: (f"/desk/{reference}-{item}", f"/desk/{reference}-{item}/materials/{code}"),
    }
    for who, paths in opened.items():
        visitor = visit_as(who)
        for path in paths:
            doors.client.cookies = visitor.cookies
            answer = doors.client.get(path, headers={"Accept": "text/html"})
            assert answer.status_code == 200, path
            assert "no-store" in answer.headers["cache-control"], path
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "default-src 'none'" in answer.headers.get("content-security-policy", "") or "json" in path


def test_no_page_shows_the_applicant_what_a_register_told_of_another(doors: Doors, visit_as: VisitAs) -> None:
    draft, secret = known_of_the_father(doors)
    values = {"form": {"mother_nation": None, "baby_nation": None}}  # the same word, but the mother's own
    assert doors.send("PATCH", f"/applications/{draft}", MOTHER, json=values).status_code == 200
    visitor = visit_as(MOTHER)
    for path in ("/applications/{}", "/applications/{}/data", "/my/data/export.json"):
        doors.client.cookies = visitor.cookies
        answer = doors.client.get(path.format(draft), headers={"Accept": "text/html"}, follow_redirects=True)
        assert answer.status_code == 200, path
        assert secret not in answer.text, path


def forged(says: str) -> dict[str, object]:
    """A receipt that anybody can make, with a key of one's own."""
    key = Ed25519PrivateKey.generate()
    plain = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

    def digest(*parts: bytes) -> bytes:
        return hashlib.sha256(b"".join(parts)).digest()

    origin, salt = {"id": "a"}, b"salt"
    payload = plain({"changes": {"reference": says}})
    header = {"seq": 1, "application_id": "a", "kind": says, "at": says}
    own = digest(b"payload/v1\0", salt, payload.encode())
    link = digest(b"link/v1\0", digest(b"origin/v1\0", plain(origin).encode()), own, plain(header).encode())
    root = digest(b"\0", link).hex()
    top = {"size": 1, "root": root, "at": says, "previous_size": None, "previous_root": None}
    text = f"checkpoint/v1\nyijianshi\nsha256\n1\n{root}\n{says}\n-\n".encode()
    event = {"header": header, "digest": own.hex(), "salt": salt.hex(), "payload": payload}
    return {
        "format": "receipt/v1",
        "hash": "sha256",
        "origin": origin,
        "events": [event],
        "position": 0,
        "path": [],
        "checkpoint": {**top, "signature": key.sign(text).hex()},
        "public_key": key.public_key().public_bytes_raw().hex(),
    }


def test_a_forged_receipt_writes_nothing_over_what_the_verifier_says(doors: Doors, tmp_path: Path) -> None:
    program = doors.client.get("/verify.py").text
    evil = "L1\n  公钥 public key 0123\x1b[2K\x1b[1A\r\u202e"
    receipt = forged(evil)
    code, said = told(tmp_path / "forged", program, receipt)
    assert code == 0, said
    assert not {"\x1b", "\r", "\u202e"} & set(said)
    assert [line for line in said.splitlines() if "public key 0123" in line and "L1" not in line] == []
    assert str(receipt["public_key"]) in said
