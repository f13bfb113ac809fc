"""What supervision finds by itself, and how a matter is opened.

A yellow light reminds the handler, a red one puts the case on the list of overdue cases and an order to the
department's head, a deep red one goes to the government-service office (thresholds and steps illustrative). Each is
opened once for each clock of a task: its key says so, and a late or second sweep finds it taken. Whoever does not
answer a matter in time gets the next graver one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.applications import Actor, Application, Event, EventKind, Moment, Task
from app.domain.deadlines import Calendar
from app.domain.lifecycle import ENDED
from app.domain.matters import (
    PROBLEMS,
    Because,
    Matter,
    MatterEventKind,
    MatterKind,
    MatterStatus,
    hall_of,
    id_of,
)
from app.domain.oversight import Clock, Light, light_of
from app.domain.proceedings import ASSIGN_DAYS, Proceedings
from app.domain.references import task_reference
from app.domain.regions import RegionTree


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A matter about to be opened. ``trail`` names what it is about; with the kind it is the matter's unique key."""

    kind: MatterKind
    trail: str
    because: Because
    application_id: str | None
    reference: str | None
    item: str | None
    region: str
    owner: str
    text: str | None = None
    cause: str | None = None
    rating_id: str | None = None
    hides_case: bool = False

    @property
    def key(self) -> str:
        """What the database keeps unique."""
        return f"{self.kind.value}:{self.trail}"


def open_matter(opening: Opening, who: Actor, moment: Moment) -> Proceedings:
    """The new matter: found and, unless somebody must first say whose it is, assigned in the same breath."""
    blank = Matter(
        id=id_of(opening.key),
        key=opening.key,
        kind=opening.kind,
        because=opening.because,
        application_id=opening.application_id,
        reference=opening.reference,
        item=opening.item,
        region=opening.region,
        opened_by=who.account,
        opened_at=moment.at,
        opened_on=moment.today,
        text=opening.text,
        cause=opening.cause,
        rating_id=opening.rating_id,
        hides_case=opening.hides_case,
    )
    p = Proceedings(blank, who, moment)
    p.record(MatterEventKind.OPENED, why=opening.text, owner=opening.owner, due_on=p.within(ASSIGN_DAYS))
    if opening.kind is not MatterKind.UNRESOLVED:
        p.record(MatterEventKind.ASSIGNED, MatterStatus.ASSIGNED, **p.assigned(opening.owner))
    return p


GRAVER: dict[Light, tuple[tuple[MatterKind, Because], ...]] = {
    Light.YELLOW: ((MatterKind.CHASE, Because.NEARLY_DUE),),
    Light.RED: ((MatterKind.OVERDUE, Because.PAST_PROMISE), (MatterKind.ORDER, Because.PAST_PROMISE)),
    Light.DEEP_RED: (
        (MatterKind.OVERDUE, Because.PAST_PROMISE),
        (MatterKind.ORDER, Because.PAST_PROMISE),
        (MatterKind.ESCALATION, Because.PAST_STATUTE),
    ),
}
"""What a light calls for. A deep red one calls for everything a red one does, should no sweep have run in between."""


def calls(task: Task, calendar: Calendar, today: date) -> tuple[tuple[MatterKind, Because], ...]:
    """What the light of a task calls for today."""
    return GRAVER.get(light_of(task, calendar, today).light, ())


def watched(case: Application, item: str, calendar: Calendar, today: date, regions: RegionTree) -> tuple[Opening, ...]:
    """The matters that the light of one task calls for today, opened already or not."""
    task = case.tasks[item]
    trail = f"{task_reference(case.reference or '', item)}:{light_of(task, calendar, today).clock.value}"
    hall = hall_of(case.region, regions)
    return tuple(
        about(case, task, kind, because, trail, owner=hall if kind is MatterKind.ESCALATION else None)
        for kind, because in calls(task, calendar, today)
    )


def returned(case: Application, events: Iterable[Event]) -> tuple[Opening, ...]:
    """The entries of the list of returned cases that these events make."""
    items = {event.task for event in events if event.kind is EventKind.RETURNED}
    return tuple(
        about(
            case,
            task,
            MatterKind.RETURNED,
            Because.RETURNED,
            task_reference(case.reference or "", task.item),
            text=task.reason,
        )
        for task in case.tasks.values()
        if task.item in items
    )


def about(
    case: Application,
    task: Task,
    kind: MatterKind,
    because: Because,
    trail: str,
    *,
    text: str | None = None,
    owner: str | None = None,
) -> Opening:
    """A matter about one task, owned by its department unless another office is named."""
    return Opening(
        kind=kind,
        trail=trail,
        because=because,
        application_id=case.id,
        reference=case.reference,
        item=task.item,
        region=case.region,
        owner=owner or task.department,
        text=text,
    )


NEXT = {
    MatterKind.CHASE: MatterKind.ORDER,
    MatterKind.ORDER: MatterKind.ESCALATION,
    **dict.fromkeys(
        PROBLEMS,
        MatterKind.ORDER,
    ),
}
"""What follows on an unanswered matter. After an unanswered escalation nobody is left to ask: it stays overdue."""

ANSWERING = frozenset({MatterStatus.OPENED, MatterStatus.ASSIGNED, MatterStatus.HANDLING, MatterStatus.REOPENED})
"""The owner has the next step."""


def unanswered(matter: Matter, today: date, regions: RegionTree) -> Opening | None:
    """The graver matter that a missed answer calls for, if any."""
    kind = NEXT.get(matter.kind)
    if kind is None or matter.status not in ANSWERING or not matter.is_overdue(today):
        return None
    # Orders and escalations about a task share its trail; those about a problem list's entry are about that entry.
    trail = matter.id if matter.kind.is_problem else matter.trail
    return Opening(
        kind=kind,
        trail=trail,
        because=Because.UNANSWERED,
        application_id=matter.application_id,
        reference=matter.reference,
        item=matter.item,
        region=matter.region,
        owner=hall_of(matter.region, regions) if kind is MatterKind.ESCALATION else matter.owner,
        cause=matter.id,
        rating_id=matter.rating_id,
        hides_case=matter.hides_case,
    )


def is_moot(matter: Matter, task: Task) -> bool:
    """Whether a reminder has been overtaken: the clock it was about no longer runs."""
    if matter.kind is not MatterKind.CHASE or not matter.is_open:
        return False
    is_over = task.status in ENDED
    match matter.trail.rpartition(":")[2]:
        case Clock.INTAKE:
            return is_over or task.accepted_at is not None
        case Clock.REVIEW:
            return is_over or task.verdict is not None
        case Clock.CHECK:
            return task.after_check is None or not task.after_check.is_open
        case _:
            return is_over
