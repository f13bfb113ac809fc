"""``verify``: everything on record, checked from the first event to the newest checkpoint, in one snapshot.

Cases come first (:mod:`app.usecases.case_check`), then what stands alone: looks at data, and papers, consents, ratings
and messages (:mod:`app.usecases.imprint_check`). Then the tree (:mod:`app.usecases.tree_check`), which knows what the
rows were when they were signed. The walk ends at the first row that is not what it was, and says which and why. Times
that do not fit are findings too; in a demonstration, whose clock may be moved and whose stories are laid into the past,
they are remarks.

Not bound by anything, and not looked at, are matters of supervision, mandates, requests for data, offers, and the uses
and moves of certificates outside the cases.

Whatever is on record, a batch of it is in memory at a time. On several processors the walk is taken apart
(:mod:`app.usecases.verification_parts`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from sqlalchemy import func, select

from app.domain.proof import Checkpoint, Hasher
from app.domain.tampering import Finding, Tampering
from app.storage import proofs as rows
from app.storage import records
from app.storage.keys import KeyRing
from app.storage.queries import Reader
from app.storage.sealing import Found
from app.storage.store import Store
from app.storage.tables import APPLICATION, EVENT
from app.usecases import diagnosis
from app.usecases.access import no_such_application
from app.usecases.case_check import CaseCheck
from app.usecases.context import Context
from app.usecases.imprint_check import ImprintCheck
from app.usecases.reading_bound import GONE, NOT_OPEN, opened
from app.usecases.tree_check import Tree

BATCH = 100
REMARKS = 20
"""So many remarks are kept; the others are counted."""
Progress = Callable[[int, int], None]
"""Called with how many events are done and how many there are."""
COUNTS = ("cases", "events", "records", "erased", "history", "waiting", "leaves", "checkpoints", "remark_count")


@dataclass(frozen=True, slots=True)
class Wish:
    """What to verify, and how strictly. ``witness`` is a checkpoint that was kept elsewhere. ``beat`` is called again
    and again: what it raises ends the walk."""

    reference: str | None = None
    is_strict: bool = True
    witness: rows.SignedCheckpoint | None = None
    progress: Progress | None = None
    beat: Callable[[], None] = lambda: None


@dataclass(slots=True)
class Report:
    """What was looked at, and the first bad row. ``records`` counts looks at data, and papers, consents, ratings and
    messages each time they were written; ``erased`` counts cases whose course alone can still be checked, ``history``
    those of them that were taken over so (see :class:`~app.domain.retention.Ground`), and ``waiting`` the rows that
    have no place in the tree yet: nothing is signed about them."""

    cases: int = 0
    events: int = 0
    records: int = 0
    erased: int = 0
    history: int = 0
    waiting: int = 0
    leaves: int = 0
    checkpoints: int = 0
    newest: Checkpoint | None = None
    finding: Finding | None = None
    remarks: list[Finding] = field(default_factory=list)
    remark_count: int = 0

    def take(self, found: Iterable[Finding], *, is_strict: bool) -> bool:
        """Note what was found, up to the first that is no remark; whether there was none such."""
        for finding in found:
            if not finding.is_time or is_strict:
                self.finding = finding
                return False
            self.remark_count += 1
            self.remarks += [finding] if len(self.remarks) < REMARKS else []
        return True

    def add(self, other: "Report") -> None:
        """Take over what a part of the walk has found after this one."""
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.newest = other.newest or self.newest
        self.finding = self.finding or other.finding
        self.remarks = [*self.remarks, *other.remarks][:REMARKS]


def run(context: Context, store: Store, wish: Wish) -> Report:
    """Verify what the wish names. Raises :class:`NotFound` for a reference that is none."""
    return store.read(partial(verify, context, wish=wish))


def verify(context: Context, reader: Reader, wish: Wish) -> Report:
    """The same on an open snapshot."""
    walk = Walk(reader, Hasher(context.world.policy.proof_hash), wish)
    found: Iterator[Finding]
    if wish.reference is None:
        found = chain(walk.cases(), walk.alone(), walk.tree(context.world.keys))
    else:
        found = walk.one(wish.reference, context.world.keys)
    walk.report.take(found, is_strict=wish.is_strict)
    return walk.report


class Walk:
    """One walk over the record, or over a part of it, on an open snapshot."""

    def __init__(self, reader: Reader, hasher: Hasher, wish: Wish) -> None:
        self._reader, self._hasher, self._wish = reader, hasher, wish
        self.report = Report()

    def cases(self, after: str = "", until: str | None = None) -> Iterator[Finding]:
        """Everything that is wrong with the cases whose ids are above ``after`` and not above ``until``, if given."""
        told = self._wish.progress
        total = self._reader.connection.execute(select(func.count()).select_from(EVENT)).scalar_one() if told else 0
        check = CaseCheck(self._reader, self._hasher, self.report)
        while batch := self._ids(after, until):
            yield from check.check(batch)
            self._wish.beat()
            after = batch[-1]
            if told is not None:
                told(self.report.events, total)

    def alone(self) -> Iterator[Finding]:
        """Everything that is wrong with what belongs to no chain."""
        yield from diagnosis.orphans(self._reader)
        yield from self._records()
        yield from ImprintCheck(self._reader, self._hasher, self.report, self._wish.beat).check()

    def tree(self, ring: KeyRing) -> Iterator[Finding]:
        """Everything that is wrong with the tree."""
        return Tree(self._reader, self._hasher, ring, self.report, self._wish.beat).check(self._wish.witness)

    def one(self, reference: str, ring: KeyRing) -> Iterator[Finding]:
        """Everything that is wrong with one case."""
        is_it = (APPLICATION.c.reference == reference) | (APPLICATION.c.id == reference)
        case = self._reader.connection.execute(select(APPLICATION.c.id).where(is_it)).scalar()
        if case is None:
            raise no_such_application()
        yield from CaseCheck(self._reader, self._hasher, self.report).check([case])
        yield from ImprintCheck(self._reader, self._hasher, self.report).check(case)
        yield from Tree(self._reader, self._hasher, ring, self.report).check_case(case)

    def _ids(self, after: str, until: str | None) -> Sequence[str]:
        key = APPLICATION.c.id
        query = select(key).where(key > after).order_by(key).limit(BATCH)
        if until is not None:
            query = query.where(key <= until)
        return self._reader.connection.execute(query).scalars().all()

    def _records(self) -> Iterator[Finding]:
        """Every record that stands alone."""
        for table in records.RECORDS:
            (key,) = table.primary_key.columns
            query, after = select(table).order_by(key).limit(BATCH), ""
            while batch := opened(self._reader, table, query.where(key > after)):
                for bound in batch:
                    row = bound.row
                    shows = records.wrong(self._hasher, table, row) if bound.is_open else NOT_OPEN
                    if shows is None and row["digest"] and not row["salt"] and not self._is_erased(row):
                        shows = GONE
                    if shows is not None:
                        yield Finding(Tampering.CHANGED, table.name, row[key.name], shows)
                    self.report.waiting += row["position"] is None
                self._wish.beat()
                self.report.records, after = self.report.records + len(batch), batch[-1].row[key.name]

    def _is_erased(self, row: Found) -> bool:
        query = select(APPLICATION.c.erased_at).where(APPLICATION.c.id == row["application_id"])
        return self._reader.connection.execute(query).scalar() is not None
