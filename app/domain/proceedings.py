"""A command on a matter in the making: the matter as it stands, the events that brought it there, and its deadlines.

Nothing here decides anything: it numbers, stamps, applies and counts working days. Every number of days is
illustrative: places set their own (a day for a reply, five to fifteen for a bad review).
"""

from datetime import date
from typing import Any

from app.domain.applications import Actor, Moment
from app.domain.deadlines import due_on
from app.domain.matters import Matter, MatterEvent, MatterEventKind, MatterKind, MatterStatus, evolve, office_of

ASSIGN_DAYS = 1
"""Working days from finding to assigning (交办) [illustrative]."""
ANSWER_DAYS = {
    MatterKind.CHASE: 1,
    MatterKind.ORDER: 1,
    MatterKind.ESCALATION: 3,
    MatterKind.OVERDUE: 5,
    MatterKind.BAD_REVIEW: 5,
    MatterKind.RETURNED: 5,
    MatterKind.UNRESOLVED: 5,
    MatterKind.DATA_ALARM: 5,
    MatterKind.DATA_ERROR: 5,
    MatterKind.DATA_CONTEST: 5,
}
"""Working days from assigning to the answer [illustrative]."""
VERIFY_DAYS = 1
"""Working days from assigning a bad review to the call-back [illustrative]."""
EXTENSION_DAYS = 10
"""The one extension, at most: a complex bad review is mended within fifteen working days in all [illustrative]."""
APPEAL_DAYS = 5
"""Working days for the other office to decide an appeal [illustrative]."""
JUDGE_DAYS = 5
"""Working days for the evaluation of an answer [illustrative]."""
MAX_ROUNDS = 2
"""How often the applicant may send an answer back before supervision decides [illustrative]."""


class Proceedings:
    """Accumulates the events of one command on one matter; each is applied at once."""

    def __init__(self, matter: Matter, who: Actor, moment: Moment) -> None:
        self.matter, self.who, self.moment = matter, who, moment
        self.events: list[MatterEvent] = []

    def record(
        self,
        kind: MatterEventKind,
        end: MatterStatus | None = None,
        *,
        why: str | None = None,
        **changes: Any,
    ) -> None:
        """Append one event and apply it; without ``end`` the matter stays where it is."""
        start = self.matter.status
        if end is not None:
            changes["status"] = end
        event = MatterEvent(
            seq=self.matter.event_count + 1,
            kind=kind,
            at=self.moment.at,
            actor=self.who.account,
            role=self.who.role,
            office=office_of(self.who),
            start=start.value,
            end=(end or start).value,
            why=why,
            changes=changes,
        )
        self.events.append(event)
        self.matter = evolve(self.matter, event)

    def within(self, days: int, start: date | None = None) -> date:
        """The last of so many working days from now, or from ``start``."""
        return due_on(self.moment.calendar, start or self.moment.counts_from, days)

    def assigned(self, owner: str) -> dict[str, Any]:
        """What assigning changes: the owner, and a fresh clock for the first step."""
        kind = self.matter.kind
        days = VERIFY_DAYS if kind is MatterKind.BAD_REVIEW else ANSWER_DAYS[kind]
        return {"owner": owner, "assigned_on": self.moment.counts_from, "due_on": self.within(days), "asked_days": None}

    def answer_due(self) -> date:
        """The last day for the answer, counted from the assignment."""
        return self.within(ANSWER_DAYS[self.matter.kind], self.matter.assigned_on)
