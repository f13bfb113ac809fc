"""A use case in the making: the application as it stands and the events that brought it there.

Rules append events one by one; each is applied at once, so the next rule sees the world it made. Nothing here decides
anything: it numbers, stamps and applies.
"""

from typing import Any

from app.domain.applications import Actor, Application, Event, EventKind, Moment, evolve
from app.domain.lifecycle import ENDED, ApplicationStatus, TaskStatus, fold


class Happenings:
    """Accumulates the events of one command on one application."""

    def __init__(self, case: Application, who: Actor, moment: Moment) -> None:
        self.case, self.who, self.moment = case, who, moment
        self.events: list[Event] = []
        self.cases: list[Application] = []
        """The application right after each of the events."""

    def record(
        self,
        kind: EventKind,
        *,
        task: str | None = None,
        end: TaskStatus | ApplicationStatus | None = None,
        why: str | None = None,
        by: Actor | None = None,
        **changes: Any,
    ) -> None:
        """Append one event and apply it. ``end`` is the new status of the task (or, without a task, of the whole)."""
        by = by or self.who
        before = self.case.tasks[task].status if task and task in self.case.tasks else None
        if end is not None:
            changes["status"] = end
        event = Event(
            seq=self.case.event_count + 1,
            kind=kind,
            task=task,
            at=self.moment.at,
            actor=by.account,
            role=by.role,
            start=before.value if before else (self.case.status.value if task is None else None),
            end=end.value if end is not None else None,
            why=why,
            changes=changes,
        )
        self.events.append(event)
        self.case = evolve(self.case, event)
        self.cases.append(self.case)

    def settle_status(self, by: Actor) -> None:
        """Fold the tasks; when the application's status or result changed, say so in an event of its own."""
        status, result = fold([task.outcome for task in self.case.tasks.values()])
        if (status, result) == (self.case.status, self.case.result):
            return
        is_over = all(task.status in ENDED for task in self.case.tasks.values())
        completed = (self.case.completed_at or self.moment.at) if is_over else None
        self.record(EventKind.MOVED, end=status, by=by, result=result, completed_at=completed)
