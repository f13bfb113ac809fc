"""Reads. A :class:`Reader` holds one read transaction; what it returns are domain values or small frozen rows."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, bindparam, column, func, or_, select, text

from app.domain.applications import Application, Event
from app.domain.lifecycle import STANDING_STILL, TaskStatus, Verdict
from app.domain.oversight import Timed
from app.domain.records import AfterCheck, Pause
from app.storage.mapping import EVENT_COLUMNS, read_application, read_event, read_value
from app.storage.recent import Recent
from app.storage.sealing import Found, opened
from app.storage.tables import (
    APPLICATION,
    CERTIFICATE,
    CREDIT_NOTE,
    DEMO_CLOCK,
    EVENT,
    IDEMPOTENCY,
    LOOKUP_TRY,
    PACK_VERSION,
    TASK,
    TOKEN,
    table,
)
from app.storage.vault import Vault

T = TypeVar("T")

TOLD = tuple(EVENT.c[name] for name in ("application_id", *EVENT_COLUMNS, "changes"))
"""The columns of an event that tell what happened; the others prove it."""
VERSION_OF = select(APPLICATION.c.version).where(APPLICATION.c.id == bindparam("own"))
SIGN_IN = select(TOKEN).where(TOKEN.c.hash == bindparam("own"))
HOLDER_OF = (
    select(TASK.c.application_id, TASK.c.item, APPLICATION.c.version)
    .join(APPLICATION, APPLICATION.c.id == TASK.c.application_id)
    .where(TASK.c.id == bindparam("own"))
)
BY_ID = select(APPLICATION).where(APPLICATION.c.id == bindparam("own"))
BY_REFERENCE = select(APPLICATION).where(APPLICATION.c.reference == bindparam("own"))
TASKS_OF = select(TASK).where(TASK.c.application_id == bindparam("own")).order_by(TASK.c.stage, TASK.c.item)
CERTIFICATES_OF = select(CERTIFICATE).where(CERTIFICATE.c.application_id == bindparam("own"))
EVENTS_OF = select(*TOLD).where(EVENT.c.application_id == bindparam("own")).order_by(EVENT.c.seq)
CREDIT_NOTES_OF = select(CREDIT_NOTE).where(CREDIT_NOTE.c.account == bindparam("own")).order_by(CREDIT_NOTE.c.at.desc())
STANDS_FOR = select(IDEMPOTENCY).where(IDEMPOTENCY.c.account == bindparam("own"), IDEMPOTENCY.c.key == bindparam("key"))
CLOCK = select(DEMO_CLOCK)
NUL = "\x00"
"""No id holds one, and PostgreSQL refuses to be asked."""


Position = tuple[date, str] | None
"""Date and id of the last task seen; None on the first page."""


@dataclass(frozen=True, slots=True)
class Times:
    """What the light of one task follows from: everything of it that is not sealed, and the pauses of a clock that
    stands still."""

    status: TaskStatus
    verdict: Verdict | None
    intake_due_on: date | None
    promised_due_on: date | None
    statutory_due_on: date | None
    delivery_due_on: date | None
    promised_days: int
    extended_days: int
    pauses: Sequence[Pause] = ()
    after_check: AfterCheck | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One line of an inbox. Nothing in it was sealed but the pauses of a clock that stands still."""

    id: str
    application_id: str
    reference: str
    bundle: str
    item: str
    department: str
    region: str
    status: str
    verdict: str | None
    opened_on: date | None
    intake_due_on: date | None
    promised_due_on: date | None
    statutory_due_on: date | None
    sort_on: date
    completed_at: datetime | None
    has_changes_to_confirm: bool
    check_due_on: date | None
    times: Timed


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    """One line of a person's or a hall's list. Nothing in it is sealed."""

    id: str
    reference: str | None
    bundle: str
    region: str
    status: str
    result: str
    created_at: datetime
    submitted_at: datetime | None
    promised_on: date | None
    completed_at: datetime | None
    erased_at: datetime | None


LISTED = tuple(APPLICATION.c[name] for name in ApplicationLine.__slots__)
OF_TASK = ("id", "application_id", "bundle", "item", "department", "region", "status", "verdict", "sort_on")
DATES = ("opened_on", "intake_due_on", "promised_due_on", "statutory_due_on", "delivery_due_on", "check_due_on")
OTHERS = ("completed_at", "promised_days", "extended_days", "confirm_fields")
LINES = select(*(TASK.c[name] for name in (*OF_TASK, *DATES, *OTHERS)), APPLICATION.c.reference).join(
    APPLICATION, APPLICATION.c.id == TASK.c.application_id
)
SHOWN, RUNNING = (
    tuple(name for name in kind.__slots__ if name in LINES.selected_columns) for kind in (TaskLine, Times)
)
"""What of a line, and of what its light follows from, is a column as it stands."""
PAUSES = tuple[Pause, ...]


class Reader:
    """One read transaction."""

    def __init__(self, connection: Connection, vault: Vault | None = None, recent: Recent | None = None) -> None:
        """With ``recent``, an application is opened only when the version that it holds is not remembered."""
        self._connection, self._vault, self._recent = connection, vault, recent
        self._versions: dict[str, int] = {}
        self._found: dict[Hashable, Any] = {}

    def once(self, name: Hashable, read: Callable[[], T]) -> T:
        """What ``read`` gives, read once in this transaction and known by this name from then on."""
        if name not in self._found:
            self._found[name] = read()
        found: T = self._found[name]
        return found

    @property
    def connection(self) -> Connection:
        """The connection, for reads of columns that are not sealed; all others go through :meth:`rows`."""
        return self._connection

    def rows(self, query: Select[Any], own: str | None = None) -> Sequence[Found]:
        """The rows of a query, opened. Beside a sealed column it selects the primary key. ``own`` is the value of the
        parameter of that name: to build a query anew costs more than to run it."""
        found = self._connection.execute(query, {"own": own}).mappings().all()
        return found if self._vault is None or not found else opened(self._vault, self._connection, query, found)

    def row(self, query: Select[Any], own: str | None = None) -> Found | None:
        """The first row of a query, opened, or None."""
        found = self._connection.execute(query, {"own": own}).mappings().first()
        if self._vault is None or found is None:
            return found
        return opened(self._vault, self._connection, query, [found])[0]

    def application(self, application_id: str) -> Application | None:
        """The whole aggregate, or None."""
        if NUL in application_id:
            return None
        if self._recent is not None and application_id in self._recent:
            found = self._connection.execute(VERSION_OF, {"own": application_id}).scalar_one_or_none()
            known = None if found is None else self._remembered(application_id, found)
            if known is not None:
                return known
        return self._aggregate(BY_ID, application_id)

    def application_by_reference(self, reference: str) -> Application | None:
        """The aggregate with this 办件编号, or None."""
        return self._aggregate(BY_REFERENCE, reference)

    def application_of_task(self, task_id: str) -> tuple[Application, str] | None:
        """The aggregate that holds this task, and the task's item."""
        if NUL in task_id:
            return None
        found = self._connection.execute(HOLDER_OF, {"own": task_id}).one_or_none()
        if found is None:
            return None
        application_id, item, version = found
        case = self._remembered(application_id, version) or self._aggregate(BY_ID, application_id)
        return None if case is None else (case, item)

    def events(
        self, application_id: str, after: int = 0, limit: int | None = None, item: str | None = None
    ) -> list[Event]:
        """The event rows in order, from the one after ``after``; with ``item``, those of its task and of the whole."""
        known = self._known_events(application_id)
        if known is not None:
            return [each for each in known if each.seq > after and (item is None or each.task in {item, None})][:limit]
        query = select(*TOLD).where(EVENT.c.application_id == application_id, EVENT.c.seq > after)
        if item is not None:
            query = query.where(or_(EVENT.c.task == item, EVENT.c.task.is_(None)))
        return [read_event(row) for row in self.rows(query.order_by(EVENT.c.seq).limit(limit))]

    def _known_events(self, application_id: str) -> Sequence[Event] | None:
        """All events of an application that was read in this transaction, where what is read is remembered."""
        version = self._versions.get(application_id)
        if self._recent is None or version is None:
            return None
        known = self._recent.events(application_id, version)
        if known is None:
            known = tuple(map(read_event, self.rows(EVENTS_OF, application_id)))
            self._recent.keep_events(application_id, version, known)
        return known

    def applications_of(
        self, applicant: str, before: str | None, limit: int, bundles: Sequence[str] | None = None
    ) -> list[ApplicationLine]:
        """A person's applications, of these bundles or all, newest first, older than the one with the id ``before``."""
        query = select(*LISTED).where(APPLICATION.c.applicant == applicant)
        if bundles is not None:
            query = query.where(APPLICATION.c.bundle.in_(bundles))
        return self._lines(query, before, limit)

    def drafts_among(self, applicant: str, count: int) -> list[datetime]:
        """When the drafts were begun that are among the newest ``count`` applications of a person, withdrawn ones
        too."""
        newest = select(APPLICATION.c.created_at, APPLICATION.c.submitted_at).where(
            APPLICATION.c.applicant == applicant
        )
        rows = self.rows(newest.order_by(APPLICATION.c.id.desc()).limit(count))
        return [row["created_at"] for row in rows if row["submitted_at"] is None]

    def applications_in(self, regions: Sequence[str], before: str | None, limit: int) -> list[ApplicationLine]:
        """Submitted applications filed or handled in these regions, newest first."""
        is_submitted = APPLICATION.c.submitted_at.is_not(None)
        if len(regions) > 1:  # many cases fit: the newest ones are soon found by looking at all
            here = or_(APPLICATION.c.region.in_(regions), APPLICATION.c.filed_region.in_(regions))
            return self._lines(select(*LISTED).where(here, is_submitted), before, limit)
        found = {
            line.id: line
            for own in (APPLICATION.c.region, APPLICATION.c.filed_region)
            for line in self._lines(select(*LISTED).where(own.in_(regions), is_submitted), before, limit)
        }
        return [found[own] for own in sorted(found, reverse=True)[:limit]]

    def open_checks(self, department: str, after: Position, limit: int) -> list[TaskLine]:
        """A department's after-checks still to be done, by due date, from the one after ``after`` (date and id)."""
        on = TASK.c.check_due_on
        return self.task_page(TASK.c.department == department, on.is_not(None), after=after, limit=limit, on=on)

    def task_page(
        self,
        *where: ColumnElement[bool],
        after: Position,
        limit: int,
        on: ColumnElement[date] = TASK.c.sort_on,
        is_latest_first: bool = False,
    ) -> list[TaskLine]:
        """Tasks with the reference of their applications, by the date in ``on`` and id, from the one after
        ``after``."""
        key = TASK.c.id
        if after is not None and is_latest_first:
            where = (*where, on <= after[0], or_(on < after[0], key < after[1]))
        elif after is not None:
            where = (*where, on >= after[0], or_(on > after[0], key > after[1]))
        order = (on.desc(), key.desc()) if is_latest_first else (on, key)
        found = self._connection.execute(LINES.where(*where).order_by(*order).limit(limit)).mappings().all()
        pauses = self._pauses([row["id"] for row in found if row["status"] in STANDING_STILL])
        return [_task_line(row, pauses.get(row["id"], ())) for row in found]

    def _pauses(self, tasks: Sequence[str]) -> dict[str, PAUSES]:
        """Task → its pauses."""
        if not tasks:
            return {}
        query = select(TASK.c.id, TASK.c.application_id, TASK.c.pauses).where(TASK.c.id.in_(tasks))
        return {row["id"]: read_value(PAUSES, row["pauses"]) for row in self.rows(query)}

    def credit_notes(self, account: str) -> list[Found]:
        """The false commitments on record against an applicant, newest first."""
        return list(self.rows(CREDIT_NOTES_OF, account))

    def demo_clock(self) -> Found | None:
        """By how much the demonstration's clock is shifted, or None."""
        return self.row(CLOCK)

    def newest_event_at(self) -> datetime | None:
        """When the newest event of all happened; reads every event, for the demonstration's clock only."""
        found: datetime | None = self._connection.execute(select(func.max(EVENT.c.at))).scalar_one()
        return found

    def due_from(self, day: date) -> date | None:
        """The first date from ``day`` on by which time alone may move an application; None when there is none."""
        on = APPLICATION.c.look_again_on
        found: date | None = self._connection.execute(select(func.min(on)).where(on >= day)).scalar_one()
        return found

    def pack_version(self, digest: str) -> dict[str, object] | None:
        """The stored closure of a bundle, or None."""
        found = self.row(select(PACK_VERSION.c.closure).where(PACK_VERSION.c.digest == digest))
        return None if found is None else found["closure"]

    def pack_digests(self) -> frozenset[str]:
        """Every stored digest."""
        return frozenset(row["digest"] for row in self.rows(select(PACK_VERSION.c.digest)))

    def token(self, token_hash: str) -> Found | None:
        """The sign-in with this hash."""
        return self._connection.execute(SIGN_IN, {"own": token_hash}).mappings().one_or_none()

    def tokens_of(self, account: str) -> Sequence[Found]:
        """The sign-ins of this account, newest first, those that have ended by themselves among them."""
        query = select(TOKEN).where(TOKEN.c.account == account)
        return self.rows(query.order_by(TOKEN.c.created_at.desc(), TOKEN.c.id))

    def idempotency(self, account: str, key: str) -> Found | None:
        """What this key of this account stands for."""
        return self._connection.execute(STANDS_FOR, {"own": account, "key": key}).mappings().first()

    def wrong_tries(self, subject: str, since: datetime) -> list[datetime]:
        """When wrong query codes were tried for ``subject`` since then, oldest first."""
        query = select(LOOKUP_TRY.c.at).where(LOOKUP_TRY.c.subject == subject, LOOKUP_TRY.c.at > since)
        return [row["at"] for row in self.rows(query.order_by(LOOKUP_TRY.c.at))]

    def tries_ever(self, subject: str) -> tuple[int, datetime | None]:
        """How many wrong codes are kept for ``subject``, and when the newest was tried."""
        columns: list[ColumnElement[Any]] = [func.count().label("count"), func.max(LOOKUP_TRY.c.at).label("newest")]
        (row,) = self.rows(select(*columns).where(LOOKUP_TRY.c.subject == subject))
        return row["count"], row["newest"]

    def revision(self) -> str | None:
        """The revision of the schema, None before the first migration."""
        row = self.row(select(column("version_num")).select_from(text("alembic_version")))
        return None if row is None else row["version_num"]

    def tries_before(self, at: datetime, limit: int) -> list[str]:
        """The ids of so many wrong tries from before an instant."""
        return [row["id"] for row in self.rows(select(LOOKUP_TRY.c.id).where(LOOKUP_TRY.c.at < at).limit(limit))]

    def count(self, name: str) -> int:
        """Rows of a table."""
        return self._connection.execute(select(func.count()).select_from(table(name))).scalar_one()

    def _aggregate(self, query: Select[Any], own: str) -> Application | None:
        row = self.row(query, own)
        if row is None:
            return None
        case = read_application(row, self.rows(TASKS_OF, row["id"]), self.rows(CERTIFICATES_OF, row["id"]))
        self._versions[case.id] = case.version
        if self._recent is not None:
            self._recent.keep(case)
        return case

    def _remembered(self, application_id: str, version: int) -> Application | None:
        self._versions[application_id] = version
        return None if self._recent is None else self._recent.case(application_id, version)

    def _lines(self, query: Select[Any], before: str | None, limit: int) -> list[ApplicationLine]:
        if before is not None:
            query = query.where(APPLICATION.c.id < before)
        rows = self._connection.execute(query.order_by(APPLICATION.c.id.desc()).limit(limit))
        return [ApplicationLine(*row) for row in rows]


def batched(these: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """So many at a time."""
    return (these[at : at + size] for at in range(0, len(these), size))


def _task_line(row: Found, pauses: PAUSES) -> TaskLine:
    values = {name: row[name] for name in SHOWN}
    return TaskLine(**values, has_changes_to_confirm=bool(row["confirm_fields"]), times=_times(row, pauses))


def _times(row: Found, pauses: PAUSES) -> Times:
    values = {name: row[name] for name in RUNNING}
    verdict = Verdict[row["verdict"].upper()] if row["verdict"] else None
    check = None if row["check_due_on"] is None else AfterCheck(row["check_due_on"])
    own = {"status": TaskStatus[row["status"].upper()], "verdict": verdict, "pauses": pauses, "after_check": check}
    return Times(**{**values, **own})
