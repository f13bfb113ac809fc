"""透视: what happened behind a page. Which use cases were called, what they wrote, the same calls over the API, the
laws that the read models name, and where the case's chain stands.

It is put together from what a visit does anyway, never by hand for one page, and shows only what the visitor did or
may see. What a post did is carried to the page that follows it (:mod:`app.web.xray_notes`).
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import FastAPI
from pydantic import BaseModel

from app.schemas.common import Bilingual
from app.storage.changes import Changes
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases.links import NewestLink
from app.web.operations import operations_for
from app.web.xray_notes import Shown

T = TypeVar("T")

MOST_LAWS, DEEPEST = 12, 8
NAMES_LAW = frozenset({"law", "laws", "basis", "legal_basis", "because", "rule"})
"""Members of read models that say why."""


@dataclass(slots=True)
class Called:
    """One use case that was called: its arguments, what it answered and, when it wrote, table → rows."""

    use_case: Callable[..., Any]
    arguments: Mapping[str, Any]
    may_write: bool
    rows: dict[str, int] = field(default_factory=dict)
    answer: Any = None

    @property
    def where(self) -> str:
        """app/usecases/prefill.py · run."""
        return f"{self.use_case.__module__.replace('.', '/')}.py · {self.use_case.__name__}"

    @property
    def sentence(self) -> str:
        """What it says of itself."""
        said = " ".join((inspect.getdoc(self.use_case) or "").split("\n\n")[0].split())
        return said.partition(". ")[0].rstrip(".") + "." if said else ""

    def took(self, changes: Changes | None) -> None:
        """Count what is written; computed again, it counts anew."""
        self.rows = {} if changes is None else counted(changes)


@dataclass(slots=True)
class Trace:
    """What one request did, and what its page was given to show; at hand as ``request.state.xray``."""

    called: list[Called] = field(default_factory=list)
    link: NewestLink | None = None
    shows: Mapping[str, Any] = field(default_factory=dict)

    def note(self, use_case: Callable[..., Any], arguments: Mapping[str, Any], *, may_write: bool) -> Called:
        """Remember one call."""
        self.called.append(Called(use_case, arguments, may_write))
        return self.called[-1]


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything the panel says."""

    before: Sequence[Shown]
    now: Sequence[Shown]
    laws: list[Bilingual]
    link: NewestLink | None
    base: str


def watched(called: Called, ask: Callable[[Reader], Outcome[T]]) -> Callable[[Reader], Outcome[T]]:
    """The use case, its changes counted."""

    def watch(reader: Reader) -> Outcome[T]:
        called.took(None)
        outcome = ask(reader)
        called.took(outcome.changes)
        return outcome

    return watch


class WatchedStore(Store):
    """The store as one use case that opens its own transactions sees it: everything it writes is counted."""

    def __init__(self, store: Store, called: Called) -> None:
        """Nothing is opened: it is the same store."""
        self.__dict__.update(store.__dict__)
        self._store, self._called = store, called

    def perform(self, use_case: Callable[[Reader], Outcome[T]]) -> T:
        """Compute and commit, counted."""
        return self._store.perform(watched(self._called, use_case))

    async def aperform(self, use_case: Callable[[Reader], Outcome[T]]) -> T:
        """The same from the event loop."""
        return await self._store.aperform(watched(self._called, use_case))


def counted(changes: Changes) -> dict[str, int]:
    """Table → how many of its rows are written, changed or taken out; only names and numbers, never contents."""
    found = {table: len(rows) for table, rows in changes.inserts.items() if rows}
    for table in [change.table for change in changes.updates] + [table for table, _ in changes.deletes]:
        found[table] = found.get(table, 0) + 1
    if changes.guard is not None:
        found.setdefault(changes.guard.table, 1)
    return found


def panel(now: Sequence[Shown], before: Sequence[Shown], trace: Trace, base: str, data: Any) -> Panel:
    """The panel of a page: ``before`` is what the post before it did, ``data`` what its template is given."""
    found = list({law.zh: law for law in laws(data)}.values())[:MOST_LAWS]
    return Panel(before, now, found, trace.link, base)


def laws(data: Any, depth: int = 0) -> Iterator[Bilingual]:
    """The laws and rules that read models name."""
    if depth > DEEPEST:
        return
    if isinstance(data, BaseModel):
        for name in type(data).model_fields:
            value = getattr(data, name)
            if name in NAMES_LAW:
                yield from _sentences(value)
            yield from laws(value, depth + 1)
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from laws(value, depth + 1)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from laws(value, depth + 1)


def _sentences(value: Any) -> Iterator[Bilingual]:
    if isinstance(value, Bilingual):
        yield value
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _sentences(entry)


def shown(app: FastAPI, trace: Trace, base: str, more: Mapping[str, Any]) -> list[Shown]:
    """Every call of a request as it is told; ``more`` are names of the request's own address."""
    return [_shown(app, called, base, more) for called in trace.called]


def _shown(app: FastAPI, called: Called, base: str, more: Mapping[str, Any]) -> Shown:
    commands = [
        (operation.id, command)
        for operation in operations_for(app, called.use_case)
        if (command := operation.curl(base, {**more, **called.arguments})) is not None
    ]
    return Shown(called.where, called.sentence, called.may_write, called.rows, commands)
