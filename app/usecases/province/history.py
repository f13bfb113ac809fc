"""Cases of long ago as they are taken over from whoever handled them before: what is left of an erased case.

Nobody could live through a million cases in minutes, and nobody needs to: of what is long over, a platform takes over
the course and the figures and none of the content. A case of history is walked by the rules like any other; what is
kept of it is what erasing leaves, and less (:data:`MILESTONES`, :data:`NOT_TAKEN_OVER`). Its chain, its imprints and
its leaves are real. Its tombstone says that it is history, so that nobody takes it for a case that was erased here.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from app.domain.applications import SYSTEM, Application, Event, EventKind, without_content
from app.domain.deadlines import BEIJING
from app.domain.proof import SALT_BYTES, Hasher, Sealing
from app.domain.retention import LAW, Ground
from app.domain.tallies import facts_of
from app.domain.vocabulary import Role
from app.storage.changes import Row
from app.storage.mapping import changes_between, created, fact_row
from app.storage.matter_rows import opened, rating_row
from app.storage.sealed_columns import SEALED
from app.usecases.province.aftermath import Aftermath
from app.usecases.province.walk import MARK, Life

K = EventKind
MILESTONES: Final = frozenset(
    {
        *(K.SUBMITTED, K.DEEMED_ACCEPTED, K.DECLINED, K.CORRECTION_SERVED, K.CORRECTED, K.RETURNED),
        *(K.SPECIAL_BEGUN, K.SPECIAL_ENDED, K.EXTENDED, K.GRANTED, K.DENIED, K.REVOKED),
        *(K.WITHDRAWN, K.TERMINATED, K.VOIDED),
    }
)
"""Steps of the course that are taken over, beside how the whole ended."""
NOT_TAKEN_OVER: Final = ("paper", "message", "certificate", "file_use", "credit_note")
"""Tables in which history has no rows, while an erased case of this platform has some."""
UNBOUND: Final = Sealing(Hasher(), lambda: bytes(SALT_BYTES))
LATE_EVENING: Final = time(23, 50, microsecond=MARK)


def taken_at(now: datetime) -> datetime:
    """When history was taken over: late on the evening before."""
    return datetime.combine(now.astimezone(BEIJING).date() - timedelta(days=1), LATE_EVENING, BEIJING)


def is_over(life: Life, after: Aftermath, at: datetime) -> bool:
    """Whether nothing more was going on with it when history was taken over."""
    case = life.case
    if case.completed_at is None or life.events[-1].at >= at:
        return False
    is_checked = not any(task.after_check is not None and task.after_check.is_open for task in case.tasks.values())
    is_quiet = all(p.matter.closed_at is not None and p.moment.at < at for p in after.matters)
    return is_checked and is_quiet and all(rating.created_at < at for rating in after.ratings)


def rows_of(life: Life, after: Aftermath, at: datetime) -> dict[str, list[Row]]:
    """The rows of a case of history, by table."""
    case, events = _course(life, at)
    changes = changes_between(life.blank, case, events, UNBOUND)
    values = next((update.values for update in changes.updates if update.table == "application"), {})
    rows = {name: list(own) for name, own in changes.inserts.items()}
    rows["application"] = [{**created(case), **values, "version": life.version}]
    rows["event"] = [{**row, "salt": None} for row in rows["event"]]
    facts = (*facts_of(life.case).values(), *after.facts(life.case.bundle))
    rows["fact"] = [*map(fact_row, facts)]
    rows["rating"] = _blank("rating", map(rating_row, after.ratings))
    for p in after.matters:
        for name, own in opened(p).inserts.items():
            rows.setdefault(name, []).extend(_blank(name, own))
    rows["erasure"] = [_stone(case, at)]
    return rows


def _course(life: Life, at: datetime) -> tuple[Application, list[Event]]:
    """The case without its content, and its milestones numbered anew, the taking over the last of them."""
    end = max((event.seq for event in life.events if event.kind is K.MOVED), default=0)
    kept = [event for event in life.events if event.kind in MILESTONES or event.seq == end]
    last = Event(0, K.ERASED, None, at, SYSTEM.account, Role.SYSTEM, None, None, None, {})
    events = [replace(event, seq=seq, why=None, changes={}) for seq, event in enumerate((*kept, last), 1)]
    return replace(without_content(life.case), certificates={}, erased_at=at, event_count=len(events)), events


def _blank(name: str, rows: Iterable[Row]) -> list[Row]:
    return [{**row, **SEALED[name].blanks} for row in rows]


def _stone(case: Application, at: datetime) -> Row:
    law = LAW[Ground.HISTORY]
    own = {"application_id": case.id, "at": at, "actor": SYSTEM.account, "role": SYSTEM.role.value}
    return {**own, "ground": Ground.HISTORY.value, "law_zh": law.zh, "law_en": law.en}
