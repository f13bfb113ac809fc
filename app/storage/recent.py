"""The applications this process has read or written last, opened, so that whoever goes on with one does not open every
sealed value again.

What is remembered is used only for the very version that the database holds in the transaction that asks: what other
processes write is never missed, and nobody is told what was true before. What a command has written is remembered as
its rows read back, not as the command had it in its hands. What is erased is forgotten.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.applications import Application, Event
from app.storage.changes import Made
from app.storage.mapping import read_application, read_certificate, read_event, read_task

REMEMBERED = 128
"""Applications one process keeps at hand: some 100 KB each."""


@dataclass(frozen=True, slots=True)
class Known:
    """One application as its rows say; ``events`` when all of them were read."""

    case: Application
    events: tuple[Event, ...] | None = None

    def after(self, made: Made) -> "Known":
        """What is known once these rows are written."""
        tasks = {**self.case.tasks, **{task.item: task for task in map(read_task, made.tasks)}}
        certificates = {**self.case.certificates, **{c.item: c for c in map(read_certificate, made.certificates)}}
        ordered = sorted(tasks.values(), key=lambda task: (task.stage, task.item))
        case = replace(
            read_application(made.application, (), ()),
            tasks={task.item: task for task in ordered},
            certificates=certificates,
        )
        events = None if self.events is None else (*self.events, *map(read_event, made.events))
        return Known(case, events)


class Recent:
    """At most so many applications; safe to use from several threads."""

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._limit, self._lock = limit, threading.Lock()
        self._known: OrderedDict[str, Known] = OrderedDict()

    def __contains__(self, application_id: str) -> bool:
        return application_id in self._known

    def case(self, application_id: str, version: int) -> Application | None:
        """The application at this version, if it is remembered."""
        known = self._at(application_id, version)
        return None if known is None else known.case

    def events(self, application_id: str, version: int) -> tuple[Event, ...] | None:
        """All events of the application at this version, if they are remembered."""
        known = self._at(application_id, version)
        return None if known is None else known.events

    def keep(self, case: Application) -> None:
        """Remember what was read."""
        if self._at(case.id, case.version) is None:
            self._put(case.id, Known(case))

    def keep_events(self, application_id: str, version: int, events: Sequence[Event]) -> None:
        """Remember all events of an application that is remembered at this version."""
        known = self._at(application_id, version)
        if known is not None:
            self._put(application_id, Known(known.case, tuple(events)))

    def follow(self, made: Made) -> None:
        """Remember what was written, where the version before it is remembered or there was none: what was begun just
        now is gone on with next."""
        application_id, version = made.application["id"], made.application["version"]
        known = self._at(application_id, version - 1)
        if version == 0:
            self._put(application_id, Known(read_application(made.application, made.tasks, made.certificates)))
        elif known is None:
            self.forget(application_id)
        else:
            self._put(application_id, known.after(made))

    def forget(self, application_id: str) -> None:
        """Nothing of this application is remembered any more."""
        with self._lock:
            self._known.pop(application_id, None)

    def _at(self, application_id: str, version: int) -> Known | None:
        with self._lock:
            known = self._known.get(application_id)
            if known is None or known.case.version != version:
                return None
            self._known.move_to_end(application_id)
            return known

    def _put(self, application_id: str, known: Known) -> None:
        with self._lock:
            self._known[application_id] = known
            self._known.move_to_end(application_id)
            while len(self._known) > self._limit:
                self._known.popitem(last=False)
