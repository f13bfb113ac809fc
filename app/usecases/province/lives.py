"""From a life to its sheet: the rows the app would have written for it, and the marks that make it copyable."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.proof import SALT_BYTES, Hasher, Sealing
from app.domain.vocabulary import Text
from app.storage.changes import Row
from app.storage.mapping import changes_between, created, fact_row
from app.storage.matter_rows import opened, rating_row
from app.storage.papers import message_row, paper_row
from app.usecases.province import history, slots
from app.usecases.province.aftermath import Aftermath
from app.usecases.province.cells import Encode
from app.usecases.province.sheets import Sheet, sheet_of
from app.usecases.province.slots import CASE, Marks, Stage
from app.usecases.province.walk import Life
from app.usecases.world import World

SENT_AFTER: Final = timedelta(minutes=1)
"""How soon the fictional gateway has sent a message."""
READ_AFTER: Final = timedelta(hours=5)
UNREAD: Final = 4
"""One message in so many stays unread."""
BLANK: Final = Sealing(Hasher(), lambda: bytes(SALT_BYTES))
"""Every copy is bound anew."""


@dataclass(frozen=True, slots=True)
class Mould:
    """A life that can be copied."""

    life: Life
    sheet: Sheet
    marks: Marks
    stage: Stage


def mould(
    life: Life,
    after: Aftermath,
    stage: Stage,
    person: Text,
    world: World,
    now: datetime,
    encode: Encode,
    *,
    is_history: bool = False,
) -> Mould:
    """The life with its sheet; ``person`` is the name it was led under. Of history there is less."""
    made: dict[str, tuple[str, int]] = {rating.id: ("rating", 0) for rating in after.ratings}
    rows = history.rows_of(life, after, history.taken_at(now)) if is_history else _rows(life, after, made, now)
    case = life.case
    found = slots.of_place(world, stage) | slots.of_person(person, case.form)
    if case.reference is not None:
        found[case.reference] = "reference"
    serials = {}
    for item, certificate in ({} if is_history else case.certificates).items():
        found[certificate.number] = slot = f"certificate:{item}"
        serials[slot] = f"{item}/{certificate.number.split('-')[2]}"
    found |= {mark: f"{kind}:{mark}" for mark, (kind, _) in made.items()}
    found |= {key: f"matter:{key}" for key in after.keys}
    ways = {f"{kind}:{mark}": (kind, at) for mark, (kind, at) in made.items()}
    derived = {f"matter:{own}": key for own, key in after.keys.items()}
    day = (case.submitted_at or case.created_at).date()
    sheet = sheet_of(rows, found, encode, slots.codes(world, stage))
    held = {literal: slot for literal, slot in found.items() if slot in sheet.slots}
    return Mould(life, sheet, Marks(held, day, serials, ways, derived), stage)


def _rows(life: Life, after: Aftermath, made: dict[str, tuple[str, int]], now: datetime) -> dict[str, list[Row]]:
    changes = changes_between(life.blank, life.case, life.events, BLANK)
    values = next((update.values for update in changes.updates if update.table == "application"), {})
    rows = {name: list(own) for name, own in changes.inserts.items()}
    rows["application"] = [{**created(life.case), **values, "version": life.version}]
    rows["fact"] = [*rows.get("fact", ()), *map(fact_row, after.facts(life.case.bundle))]
    rows["rating"] = [rating_row(rating) for rating in after.ratings]
    for p in after.matters:
        for name, own in opened(p).inserts.items():
            rows.setdefault(name, []).extend(own)
    for at, papers, messages in life.deliveries:
        for paper in papers:
            number = len(rows.setdefault("paper", []))
            code, salt = f"@{number:04d}@", f"5a17{number:028x}"
            made |= {code: ("verify", 0), salt: ("salt", 0)}
            rows["paper"].append(paper_row(replace(paper, salt=salt), CASE, code))
        for message in messages:
            mark = f"3e55a9e0{len(rows.setdefault('message', [])):024x}"
            made[mark] = "message", int(at.timestamp() * 1000)
            rows["message"].append(_delivered(message_row(message, mark, CASE, at), at, now))
    return rows


def _delivered(row: Row, at: datetime, now: datetime) -> Row:
    """The message as gateway and reader have left it by now."""
    sent, read = at + SENT_AFTER, at + READ_AFTER
    is_read = read < now and at.minute % UNREAD != 0
    return {**row, "sent_at": sent if sent < now else None, "read_at": read if is_read else None}
