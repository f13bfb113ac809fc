"""``verify``: everything on record, checked from the first event to the newest checkpoint, in one snapshot.

Cases come first, one after the other: contents against their digests, links, the head of the chain, and the stored
rows against the replay of the events. Then the tree (:mod:`app.usecases.tree_check`), which knows what the rows were
when they were signed. The walk ends at the first row that is not what it was, and says which and why. Times that do
not fit are findings too; in a demonstration, whose clock may be moved and whose stories are laid into the past, they
are remarks.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, pairwise

from sqlalchemy import Select, Table, func, select

from app.domain.proof import Checkpoint, Hasher, origin_link, origin_of, person_digest
from app.domain.tampering import Bound, Finding, Tampering, first_slip
from app.domain.vocabulary import Text
from app.storage import proofs as rows
from app.storage import records, replays
from app.storage.notary import key_text
from app.storage.queries import Reader
from app.storage.sealing import Found
from app.storage.store import Store
from app.storage.tables import APPLICATION, CERTIFICATE, EVENT, TASK
from app.storage.vault import SealBroken
from app.usecases import diagnosis
from app.usecases.access import no_such_application
from app.usecases.context import Context
from app.usecases.proofs import packs
from app.usecases.tree_check import Tree

BATCH = 200
REMARKS = 20
"""So many remarks are kept; the others are counted."""

NOT_BEGUN_SO = Text(
    "事项、区划、版本、创建时间或链的起点与创建时不同",
    "bundle, region, version, time or the start of its chain are not what it was created with",
)
NOT_OPEN = Text("密封的内容打不开", "its sealed contents do not open")
GONE = Text("没有删除记录，内容或盐却不在了", "contents or salt are gone without an erasure on record")
Progress = Callable[[int, int], None]
"""Called with how many events are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to verify, and how strictly. ``witness`` is a checkpoint that was kept elsewhere."""

    reference: str | None = None
    is_strict: bool = True
    witness: rows.SignedCheckpoint | None = None
    progress: Progress = lambda *_: None


@dataclass(slots=True)
class Report:
    """What was looked at, and the first bad row. ``erased`` counts cases whose course alone can still be checked,
    ``waiting`` the rows that have no place in the tree yet: nothing is signed about them."""

    cases: int = 0
    events: int = 0
    records: int = 0
    erased: int = 0
    waiting: int = 0
    leaves: int = 0
    checkpoints: int = 0
    newest: Checkpoint | None = None
    finding: Finding | None = None
    remarks: list[Finding] = field(default_factory=list)
    remark_count: int = 0


def run(context: Context, store: Store, wish: Wish) -> Report:
    """Verify what the wish names. Raises :class:`NotFound` for a reference that is none."""
    return store.read(partial(verify, context, wish=wish))


def verify(context: Context, reader: Reader, wish: Wish) -> Report:
    """The same on an open snapshot."""
    report, hasher = Report(), Hasher(context.world.policy.proof_hash)
    tree = Tree(reader, hasher, context.world.keys, report)
    found: Iterator[Finding]
    if wish.reference is None:
        first = chain(_cases(reader, hasher, wish, report), diagnosis.orphans(reader))
        found = chain(first, _records(reader, hasher, report), tree.check(wish.witness))
    else:
        found = _one(reader, hasher, wish.reference, report, tree)
    for finding in found:
        if not finding.is_time or wish.is_strict:
            report.finding = finding
            break
        report.remark_count += 1
        report.remarks += [finding] if report.remark_count <= REMARKS else []
    return report


def _one(reader: Reader, hasher: Hasher, reference: str, report: Report, tree: Tree) -> Iterator[Finding]:
    is_it = (APPLICATION.c.reference == reference) | (APPLICATION.c.id == reference)
    case = reader.connection.execute(select(APPLICATION.c.id).where(is_it)).scalar()
    if case is None:
        raise no_such_application()
    yield from _case(reader, hasher, case, report)
    yield from tree.check_case(case)


def _cases(reader: Reader, hasher: Hasher, wish: Wish, report: Report) -> Iterator[Finding]:
    total = reader.connection.execute(select(func.count()).select_from(EVENT)).scalar_one()
    after = ""
    while batch := _ids(reader, after):
        for application_id in batch:
            yield from _case(reader, hasher, application_id, report)
            wish.progress(report.events, total)
        after = batch[-1]


def _records(reader: Reader, hasher: Hasher, report: Report) -> Iterator[Finding]:
    """Every record that stands alone."""
    for table in records.RECORDS:
        (key,) = table.primary_key.columns
        query, after = select(table).order_by(key).limit(BATCH), ""
        while batch := _opened(reader, table, query.where(key > after)):
            for bound in batch:
                row = bound.row
                shows = records.wrong(hasher, table, row) if bound.is_open else NOT_OPEN
                if shows is None and row["digest"] and not row["salt"] and not _is_erased(reader, row):
                    shows = GONE
                if shows is not None:
                    yield Finding(Tampering.CHANGED, table.name, row[key.name], shows)
                report.waiting += row["position"] is None
            report.records, after = report.records + len(batch), batch[-1].row[key.name]


def _is_erased(reader: Reader, row: Found) -> bool:
    query = select(APPLICATION.c.erased_at).where(APPLICATION.c.id == row["application_id"])
    return reader.connection.execute(query).scalar() is not None


def _ids(reader: Reader, after: str) -> Sequence[str]:
    query = select(APPLICATION.c.id).where(APPLICATION.c.id > after).order_by(APPLICATION.c.id).limit(BATCH)
    return reader.connection.execute(query).scalars().all()


def _case(reader: Reader, hasher: Hasher, application_id: str, report: Report) -> Iterator[Finding]:
    """Everything that is wrong with one case, first things first."""
    case = _opened(reader, APPLICATION, select(APPLICATION).where(APPLICATION.c.id == application_id))
    events = _opened(reader, EVENT, select(EVENT).where(EVENT.c.application_id == application_id))
    report.cases, report.events = report.cases + 1, report.events + len(events)
    report.waiting += sum(bound.row["position"] is None for bound in events)
    row = case[0].row
    pack = _pack(reader, hasher, row, events)
    if pack is None:
        yield Finding(Tampering.CHANGED, "application", application_id, NOT_BEGUN_SO)
        return
    slip = first_slip(hasher, row, events)
    if slip is not None:
        yield diagnosis.of_slip(reader, row, events, slip)
        return
    yield from _ends(reader, row, events)
    yield from _times(events)
    if any(bound.row["kind"] == "erased" for bound in events):
        report.erased += 1
        return
    salt = bytes.fromhex(events[0].row["salt"])
    if not case[0].is_open or person_digest(hasher, salt, row).hex() != row["person"]:
        shows = Text(
            "申请人、建件人或所在地与记录时不同，或密封的内容打不开",
            "applicant, maker or home are not what was recorded, or its sealed contents do not open",
        )
        yield Finding(Tampering.CHANGED, "application", application_id, shows)
        return
    yield from _replayed(reader, row, pack, events)


def _pack(reader: Reader, hasher: Hasher, case: Found, events: Sequence[Bound]) -> str | None:
    """The pack version the case was begun under, or None when nothing fits the start of its chain."""
    for pack in packs(reader, case, [bound.row for bound in events]):
        if case["origin"] and origin_link(hasher, origin_of(case, pack)).hex() == case["origin"]:
            return pack
    return None


def _ends(reader: Reader, case: Found, events: Sequence[Bound]) -> Iterator[Finding]:
    """Whether the chain ends where the case says it does."""
    last = events[-1] if events else None
    is_end = last is not None and case["chain"] == last.link and case["event_count"] == len(events)
    beyond = key_text(case["id"], len(events) + 1)
    if is_end and rows.leaf(reader.connection, EVENT.name, beyond) is None:
        return
    yield diagnosis.of_end(reader, case, events)


def _times(events: Sequence[Bound]) -> Iterator[Finding]:
    for before, after in pairwise(bound.row for bound in events):
        if after["at"] < before["at"]:
            key = key_text(after["application_id"], after["seq"])
            shows = Text("早于它的前一步", "it is earlier than the event before it")
            yield Finding(Tampering.BACK_DATED, "event", key, shows, is_time=True)


def _replayed(reader: Reader, case: Found, pack: str, events: Sequence[Bound]) -> Iterator[Finding]:
    tasks = _opened(reader, TASK, select(TASK).where(TASK.c.application_id == case["id"]))
    for bound in tasks:
        if not bound.is_open:
            yield Finding(Tampering.CHANGED, "task", bound.row["id"], NOT_OPEN)
            return
    certificates = reader.rows(select(CERTIFICATE).where(CERTIFICATE.c.application_id == case["id"]))
    found = replays.difference(
        case, pack, [bound.row for bound in tasks], certificates, [bound.row for bound in events]
    )
    if found is not None:
        yield diagnosis.of_difference(found)


def _opened(reader: Reader, table: Table, query: Select[tuple[object, ...]]) -> list[Bound]:
    """The rows of one case by their keys, opened; those that no longer open as they are stored."""
    keys = list(table.primary_key.columns)
    try:
        return [Bound(row) for row in reader.rows(query.order_by(*keys))]
    except SealBroken:
        stored = reader.connection.execute(query.order_by(*keys)).mappings().all()
    return [_each(reader, query.where(*(key == row[key.name] for key in keys)), row) for row in stored]


def _each(reader: Reader, query: Select[tuple[object, ...]], stored: Found) -> Bound:
    try:
        return Bound(reader.rows(query)[0])
    except SealBroken:
        return Bound(stored, is_open=False)
