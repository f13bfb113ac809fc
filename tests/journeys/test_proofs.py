"""存证, from a receipt in a citizen's hands to a program that checks it in an empty folder."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.domain.merkle import is_consistent, is_included
from app.domain.proof import Hasher
from app.storage.keys import verifies
from tests.doors import Doors, Filed, expect


def proof(filed: Filed, who: str | None = None, **query: int) -> dict[str, Any]:
    """The receipt of one event, of the submission unless ``seq`` is given."""
    found: dict[str, Any] = filed.doors.get(f"/applications/{filed.id}/proof", who or filed.who, **query)
    return found


def told(folder: Path, program: str, document: object, *key: str) -> tuple[int, str]:
    """What the downloaded verifier says in an empty folder, without the packages of this machine."""
    folder.mkdir(exist_ok=True)
    (folder / "verify.py").write_text(program, "utf-8")
    (folder / "receipt.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    command = [sys.executable, "-I", "-S", "verify.py", "receipt.json", *key]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def program(doors: Doors) -> str:
    """The verifier as anybody downloads it."""
    answer = doors.client.get("/verify.py")
    assert answer.headers["content-type"].startswith("text/x-python")
    return answer.text


def test_a_receipt_is_checked_without_the_platform(doors: Doors, program: str, tmp_path: Path) -> None:
    assert len(program.splitlines()) < 100
    filed = doors.file("catering_full")
    receipt = proof(filed)
    assert receipt["events"][-1]["header"]["kind"] == "submitted"
    published = {entry["key"]: entry["public"] for entry in doors.get("/proof/keys")}
    code, said = told(tmp_path / "a", program, receipt, published[receipt["checkpoint"]["key"]])
    assert (code, filed.reference in said) == (0, True), said
    assert "PROVED" in said
    assert "通过" in said
    assert "公钥" in said


def test_everything_in_a_receipt_that_is_touched_is_noticed(doors: Doors, program: str, tmp_path: Path) -> None:
    filed = doors.file("catering_simple")
    doors.file("retire_simple")
    doors.sweep()
    receipt = proof(filed)
    pieces = {
        "contents": lambda r: r["events"][0].update(payload=r["events"][0]["payload"].replace("示例", "真实")),
        "instant": lambda r: r["events"][-1]["header"].update(at="2026-03-15T02:00:00.000000+00:00"),
        "region": lambda r: r["origin"].update(region="330803"),
        "pack": lambda r: r["origin"].update(pack="0" * 64),
        "digest": lambda r: r["events"][0].update(digest="0" * 64, payload=None),
        "dropped": lambda r: r["events"].pop(0),
        "swapped": lambda r: r["events"].reverse(),
        "position": lambda r: r.update(position=r["position"] + 1),
        "path": lambda r: r["path"].pop(),
        "longer path": lambda r: r["path"].append("0" * 64),
        "root": lambda r: r["checkpoint"].update(root="0" * 64),
        "time": lambda r: r["checkpoint"].update(at="2026-03-15T02:00:00.000000+00:00"),
        "signature": lambda r: r["checkpoint"].update(signature="00" * 64),
        "no signature": lambda r: r["checkpoint"].update(signature=""),
        "key": lambda r: r.update(public_key="11" * 32),
        "hash": lambda r: r.update(hash="md5"),
        "size": lambda r: r["checkpoint"].update(size=1),
        "not a receipt": lambda r: r.clear(),
    }
    assert told(tmp_path / "b", program, receipt)[0] == 0
    for name, touch in pieces.items():
        touched = json.loads(json.dumps(receipt))
        touch(touched)
        code, said = told(tmp_path / "b", program, touched)
        assert (code, "NOT PROVED" in said) == (1, True), (name, said)


def test_an_applicant_gets_the_contents_of_the_own_steps_and_nobody_elses(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.review("L0")
    last = filed.events()[-1]["seq"]
    receipt = proof(filed, seq=last)
    given = {event["header"]["role"] for event in receipt["events"] if event["payload"] is not None}
    assert given == {"applicant"}
    assert all((event["salt"] is None) == (event["payload"] is None) for event in receipt["events"])
    assert "officer.market" not in json.dumps(receipt)
    for who in ("clerk.330802", "supervisor.330800"):
        seen = proof(filed, who, seq=last)
        assert not any(event["payload"] or event["salt"] for event in seen["events"]), who
        assert [event["digest"] for event in seen["events"]] == [event["digest"] for event in receipt["events"]]


def test_a_proof_is_for_those_who_see_the_case_and_for_steps_that_are_there(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    path = f"/applications/{filed.id}/proof"
    assert doors.send("GET", path).status_code == 401
    assert doors.send("GET", path, "lin_mother").status_code == 404
    assert doors.send("GET", path, filed.officer("L1")).status_code == 404
    assert doors.send("GET", path, filed.who, params={"seq": 10_000}).status_code == 404
    assert doors.send("GET", path, filed.who, params={"seq": 0}).status_code == 422


def test_the_receipt_of_a_submission_says_where_its_proof_is(doors: Doors, program: str, tmp_path: Path) -> None:
    draft = doors.draft("catering_simple", "wang_owner")
    receipt = doors.post(f"/applications/{draft['id']}/submit", "wang_owner")
    document = expect(doors.client.get(receipt["proof"], headers=doors.sign_in("wang_owner")))
    assert told(tmp_path / "c", program, document)[0] == 0
    again = doors.post(f"/applications/{draft['id']}/submit", "wang_owner")
    assert again["proof"] == receipt["proof"]
    papers = doors.get(f"/applications/{draft['id']}/papers", "wang_owner")
    number = next(line["number"] for line in papers if line["kind"]["code"] == "receipt")
    assert receipt["proof"] in json.dumps(doors.get(f"/papers/{number}", "wang_owner"))


def test_a_draft_has_a_proof_too_of_its_newest_step(doors: Doors, program: str, tmp_path: Path) -> None:
    draft = doors.draft("catering_simple", "wang_owner")
    document = doors.get(f"/applications/{draft['id']}/proof", "wang_owner")
    assert document["reference"] is None
    assert told(tmp_path / "d", program, document)[0] == 0


def test_whoever_keeps_a_checkpoint_can_prove_that_later_ones_grew_from_it(doors: Doors) -> None:
    sizes, hasher = {}, Hasher()
    for story in ("catering_simple", "retire_simple", "birth_full"):
        doors.file(story)
        doors.sweep()
    listed = doors.get("/proof/checkpoints")["entries"]
    keys = {entry["key"]: bytes.fromhex(entry["public"]) for entry in doors.get("/proof/keys")}
    for entry in listed:
        assert verifies(keys[entry["key"]], entry["text"].encode(), bytes.fromhex(entry["signature"]))
        sizes[entry["size"]] = bytes.fromhex(entry["root"])
    assert listed == sorted(listed, key=lambda entry: -entry["size"])
    assert len(listed) == 4, "the empty tree, and one for each sweep"
    for first in sizes:
        for second in sizes:
            answer = doors.send("GET", "/proof/consistency", params={"first": first, "second": second})
            if first > second:
                assert answer.status_code == 422
                continue
            path = [bytes.fromhex(part) for part in expect(answer)["path"]]
            assert is_consistent(hasher, (first, sizes[first]), (second, sizes[second]), path)
            if first not in {0, second}:
                assert not is_consistent(hasher, (first, bytes(32)), (second, sizes[second]), path)
    assert doors.send("GET", "/proof/consistency", params={"first": 0, "second": 10**6}).status_code == 404
    assert doors.send("GET", "/proof/consistency", params={"first": -1, "second": 10**30}).status_code == 422


def test_checkpoints_come_in_pages(doors: Doors) -> None:
    for _ in range(3):
        doors.draft("catering_simple", "wang_owner")
        doors.sweep()
    whole = doors.get("/proof/checkpoints", limit=100)
    assert whole["next"] is None
    seen, cursor = [], {}
    while cursor is not None:
        page = doors.get("/proof/checkpoints", limit=2, **cursor)
        seen += page["entries"]
        cursor = {"cursor": page["next"]} if page["next"] else None
    assert seen == whole["entries"]


def test_nothing_new_makes_no_new_checkpoint(doors: Doors) -> None:
    doors.sweep()
    doors.sweep()
    assert [entry["size"] for entry in doors.get("/proof/checkpoints")["entries"]] == [0]


def test_a_receipt_names_a_leaf_under_its_checkpoint(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    found, top = proof(filed), proof(filed)["checkpoint"]
    path = [bytes.fromhex(part) for part in found["path"]]
    link, root = bytes.fromhex(found["link"]), bytes.fromhex(top["root"])
    assert is_included(Hasher(), link, found["position"], top["size"], path, root)
    assert not is_included(Hasher(), link, found["position"] + 1, top["size"], path, root)


def test_an_erased_case_keeps_its_proof_without_its_contents(doors: Doors, program: str, tmp_path: Path) -> None:
    draft = doors.draft("catering_simple", "wang_owner")
    before = doors.get(f"/applications/{draft['id']}/proof", "wang_owner")
    doors.post("/me/erasures", "wang_owner", {"application": draft["id"]})
    after = doors.get(f"/applications/{draft['id']}/proof", "wang_owner", seq=1)
    assert before["events"][0]["payload"] is not None
    assert after["events"][0] == before["events"][0] | {"payload": None, "salt": None}
    assert told(tmp_path / "e", program, after)[0] == 0
    assert told(tmp_path / "e", program, before)[0] == 0, "what somebody kept is still what was recorded"
