"""No desk sees a value unseen: every operation there is, tried by every desk on one full case, row by row."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.catalogue import FieldSpec
from app.domain.masking import HIDDEN, is_masked, mask
from app.domain.vocabulary import FieldKind
from app.storage.sharing import Look, LooksWanted, looks_of
from tests.api.matrix import TABLE, Target, attempt, everybody
from tests.doors import Doors

OWNER = "wang_owner"
DESKS = (
    "officer.market.330802.1",
    "officer.fire.330802.1",
    "officer.tobacco.330802.1",
    "officer.market.330881.1",
    "clerk.330802",
    "clerk.330881",
    "supervisor.330802",
    "steward.330802",
)
CHANGES_THE_CASE = {"signOut", "eraseApplication"}


def mark(kind: FieldKind, place: int) -> str | None:
    """A value that stands nowhere else, in clear or masked, so that it is known wherever it turns up."""
    match kind:
        case FieldKind.PHONE:
            return f"1000000{9000 + place}"
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return f"{chr(0x4E10 + place)}标记{place:02d}"
        case _:
            return None


def marked(doors: Doors) -> tuple[dict[str, Any], dict[str, str]]:
    """The owner's full draft with such a value in every field that takes one, submitted; and those values."""
    draft = doors.draft("catering_full")
    specs = doors.platform.world.library.fields
    marks = {code: mark(specs[code].kind, place) for place, code in enumerate(sorted(draft["form"]))}
    form = {code: value for code, value in marks.items() if value is not None}
    saved = doors.send("PATCH", f"/applications/{draft['id']}", OWNER, json={"form": form})
    assert saved.status_code == 200, saved.text
    sent = doors.send("POST", f"/applications/{draft['id']}/submit", OWNER)
    assert sent.status_code == 200, sent.text
    kept = doors.stored(draft["id"]).form
    return sent.json()["application"], {code: value for code, value in form.items() if kept.get(code) == value}


def leaves(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part)
    elif isinstance(value, str):
        yield value


def shown(body: Any, form: dict[str, str], specs: dict[str, FieldSpec]) -> set[str]:
    """The fields whose values a response carries, in clear or masked."""
    texts = list(leaves(body))
    whole = "\n".join(texts)
    found = set()
    for code, value in form.items():
        seen = mask(specs[code], value)
        if value in whole or (is_masked(specs[code], value) and seen != HIDDEN and seen in texts):
            found.add(code)
    return found


def ledger(doors: Doors, who: str) -> dict[str, Look]:
    """The rows that somebody's looks at the owner's case have left."""
    key = doors.platform.world.keys.blind_index("00330819880105003X")
    rows = doors.platform.store.read(lambda reader: looks_of(reader, OWNER, key, LooksWanted(), None, 10_000))
    return {row.id: row for row in rows if row.actor == who}


@pytest.mark.parametrize("who", DESKS)
def test_a_row_of_the_ledger_covers_every_value_that_a_desk_is_shown(doors: Doors, who: str) -> None:
    case, form = marked(doors)
    specs = dict(doors.platform.world.library.fields)
    papers = doors.get(f"/applications/{case['id']}/papers", OWNER)
    chase = {"kind": "chase", "item": "L0", "text": "请尽快办理"}
    matter = doors.post(f"/applications/{case['id']}/matters", "supervisor.330802", chase, 201)["id"]
    carried: set[str] = set()
    for paper in papers:
        on = Target(case["id"], case["reference"], paper=paper["number"], matter=matter)
        for operation, tried in TABLE.items():
            if tried.statuses["nobody"] == everybody(200)["nobody"] or operation in CHANGES_THE_CASE:
                continue
            before = ledger(doors, who)
            response = attempt(doors, operation, on, who)
            if "json" not in response.headers.get("content-type", "") or response.status_code >= 400:
                continue
            fields = shown(response.json(), form, specs)
            fresh = [row for key, row in ledger(doors, who).items() if key not in before]
            covered = {code for row in fresh for code in row.elements if row.result == "allowed"}
            assert fields <= covered, f"{operation} shows {sorted(fields - covered)} to {who} unseen"
            carried |= fields
    if who in {"officer.market.330802.1", "clerk.330802"}:
        assert {"legal_rep", "legal_rep_phone"} <= carried
    if who.startswith(("supervisor", "steward")) or who.endswith(("330881", "330881.1")):
        assert carried == set()


def test_values_in_clear_reach_a_desk_through_unmasking_alone(doors: Doors) -> None:
    case, form = marked(doors)
    who, path = "officer.market.330802.1", f"/tasks/{case['reference']}-L0"
    told = set(leaves(doors.get(path, who)))
    assert "legal_rep_phone" in form
    assert form["legal_rep_phone"] not in told
    asked = {"field": "legal_rep_phone", "reason": "联系申请人"}
    assert doors.post(f"{path}/unmask", who, asked)["value"] == form["legal_rep_phone"]
