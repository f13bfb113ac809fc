"""Checking cases: contents against their digests, links, the head of the chain, and the stored rows against the replay.

Cases are read a batch at a time and looked at one after the other, so that the first bad row is the first by case.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import Table, select

from app.domain.proof import Hasher, origin_link, origin_of, person_digest
from app.domain.retention import Ground
from app.domain.tampering import GRACE, Bound, Finding, Tampering, first_slip
from app.domain.vocabulary import Text
from app.storage import replays
from app.storage.notary import key_text
from app.storage.proof_tables import LEAF
from app.storage.queries import Reader
from app.storage.sealing import Found
from app.storage.tables import APPLICATION, CERTIFICATE, EVENT, TASK
from app.storage.vault_tables import ERASURE
from app.usecases import diagnosis
from app.usecases.proofs import packs
from app.usecases.reading_bound import NOT_OPEN, opened

if TYPE_CHECKING:
    from app.usecases.verification import Report

NOT_BEGUN_SO = Text(
    "事项、区划、版本、创建时间或链的起点与创建时不同",
    "bundle, region, version, time or the start of its chain are not what it was created with",
)
OF_SOMEBODY_ELSE = Text(
    "申请人、建件人或所在地与记录时不同，或密封的内容打不开",
    "applicant, maker or home are not what was recorded, or its sealed contents do not open",
)


@dataclass(slots=True)
class _Case:
    """One case as it was read; ``is_longer`` when the tree knows of an event after its last one, ``is_history`` when
    its tombstone says that it was taken over without its content."""

    row: Bound
    events: list[Bound] = field(default_factory=list)
    tasks: list[Bound] = field(default_factory=list)
    certificates: list[Bound] = field(default_factory=list)
    is_longer: bool = False
    is_history: bool = False


class CaseCheck:
    """Looks at cases and keeps count of them."""

    def __init__(self, reader: Reader, hasher: Hasher, report: "Report") -> None:
        self._reader, self._hasher, self._report = reader, hasher, report

    def check(self, ids: Sequence[str]) -> Iterator[Finding]:
        """Everything that is wrong with these cases, in their order, first things first."""
        for case in self._read(ids):
            yield from self._case(case)

    def _read(self, ids: Sequence[str]) -> list[_Case]:
        own = APPLICATION.c.id.in_(ids)
        cases = [_Case(bound) for bound in opened(self._reader, APPLICATION, select(APPLICATION).where(own))]
        events, tasks, certificates = (self._parts(table, ids) for table in (EVENT, TASK, CERTIFICATE))
        for case in cases:
            key = case.row.row["id"]
            case.events, case.tasks, case.certificates = events[key], tasks[key], certificates[key]
        beyond = {key_text(case.row.row["id"], len(case.events) + 1): case for case in cases}
        query = select(LEAF.c.key).where(LEAF.c.source == EVENT.name, LEAF.c.key.in_(list(beyond)))
        for key in self._reader.connection.execute(query).scalars():
            beyond[key].is_longer = True
        taken_over = select(ERASURE.c.application_id).where(
            ERASURE.c.application_id.in_(ids), ERASURE.c.ground == Ground.HISTORY.value
        )
        history = set(self._reader.connection.execute(taken_over).scalars())
        for case in cases:
            case.is_history = case.row.row["id"] in history
        return cases

    def _parts(self, table: Table, ids: Sequence[str]) -> Mapping[str, list[Bound]]:
        found: dict[str, list[Bound]] = defaultdict(list)
        for bound in opened(self._reader, table, select(table).where(table.c.application_id.in_(ids))):
            found[bound.row["application_id"]].append(bound)
        return found

    def _case(self, case: _Case) -> Iterator[Finding]:
        row, events, report = case.row.row, case.events, self._report
        report.cases, report.events = report.cases + 1, report.events + len(events)
        report.waiting += sum(bound.row["position"] is None for bound in events)
        pack = self._pack(row, events)
        if pack is None:
            yield Finding(Tampering.CHANGED, "application", row["id"], NOT_BEGUN_SO)
            return
        slip = first_slip(self._hasher, row, events)
        if slip is not None:
            yield diagnosis.of_slip(self._reader, row, events, slip)
            return
        yield from self._ends(case)
        yield from _times(events)
        if any(bound.row["kind"] == "erased" for bound in events):
            report.erased += 1
            report.history += case.is_history
            return
        salt = bytes.fromhex(events[0].row["salt"])
        if not case.row.is_open or person_digest(self._hasher, salt, row).hex() != row["person"]:
            yield Finding(Tampering.CHANGED, "application", row["id"], OF_SOMEBODY_ELSE)
            return
        yield from _replayed(case, pack)

    def _pack(self, row: Found, events: Sequence[Bound]) -> str | None:
        """The pack version the case was begun under, or None when nothing fits the start of its chain."""
        for pack in packs(self._reader, row, [bound.row for bound in events]):
            if row["origin"] and origin_link(self._hasher, origin_of(row, pack)).hex() == row["origin"]:
                return pack
        return None

    def _ends(self, case: _Case) -> Iterator[Finding]:
        """Whether the chain ends where the case says it does."""
        row, last = case.row.row, case.events[-1] if case.events else None
        is_end = last is not None and row["chain"] == last.link and row["event_count"] == len(case.events)
        if not is_end or case.is_longer:
            yield diagnosis.of_end(self._reader, row, case.events)


def _times(events: Sequence[Bound]) -> Iterator[Finding]:
    for before, after in pairwise(bound.row for bound in events):
        if after["at"] < before["at"] - GRACE:
            key = key_text(after["application_id"], after["seq"])
            shows = Text("早于它的前一步", "it is earlier than the event before it")
            yield Finding(Tampering.BACK_DATED, "event", key, shows, is_time=True)


def _replayed(case: _Case, pack: str) -> Iterator[Finding]:
    for bound in case.tasks:
        if not bound.is_open:
            yield Finding(Tampering.CHANGED, "task", bound.row["id"], NOT_OPEN)
            return
    tasks, certificates, events = ([b.row for b in rows] for rows in (case.tasks, case.certificates, case.events))
    found = replays.difference(case.row.row, pack, tasks, certificates, events)
    if found is not None:
        yield diagnosis.of_difference(found)
