"""透视: what happened behind a page. Which use cases were called, what they wrote, the same calls over the API, the
laws that the read models name, and where the case's chain stands.

It is put together from what a visit does anyway, never by hand for one page, and shows only what the visitor did or
may see. What a post did is kept for the page that follows it: in memory, for two minutes, under a hash of the sign-in.
"""

import hashlib
import inspect
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import FastAPI
from pydantic import BaseModel

from app.schemas.common import Bilingual
from app.storage.mapping import Changes
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases.links import NewestLink
from app.web.operations import operations_for

T = TypeVar("T")

KEPT_SECONDS, MOST_KEPT, MOST_LAWS, DEEPEST = 120.0, 500, 12, 8
NAMES_LAW = frozenset({"law", "laws", "basis", "legal_basis", "because", "rule"})
"""Members of read models that say why."""


@dataclass(slots=True)
class Called:
    """One use case that was called: its arguments and, when it wrote, table → rows."""

    use_case: Callable[..., Any]
    arguments: Mapping[str, Any]
    may_write: bool
    rows: dict[str, int] = field(default_factory=dict)

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
    """What one request did."""

    called: list[Called] = field(default_factory=list)
    link: NewestLink | None = None

    def note(self, use_case: Callable[..., Any], arguments: Mapping[str, Any], *, may_write: bool) -> Called:
        """Remember one call."""
        self.called.append(Called(use_case, arguments, may_write))
        return self.called[-1]


@dataclass(frozen=True, slots=True)
class Shown:
    """One call as the panel tells it; ``commands``: id of the operation and its command."""

    called: Called
    commands: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything the panel says."""

    before: list[Shown]
    now: list[Shown]
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


def remember(app: FastAPI, token: str | None, trace: Trace) -> None:
    """Keep what a post did for the page that follows."""
    if token is not None and trace.called:
        kept = _ring(app)
        kept[_key(token)] = (time.monotonic(), trace.called)
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)


def recalled(app: FastAPI, token: str | None) -> list[Called]:
    """What the last post of this sign-in did, once."""
    at, found = _ring(app).pop(_key(token), (0.0, [])) if token is not None else (0.0, [])
    return found if time.monotonic() - at < KEPT_SECONDS else []


def panel(app: FastAPI, token: str | None, trace: Trace, base: str, more: Mapping[str, Any], data: Any) -> Panel:
    """The panel of a page: ``more`` are names of the page's own address, ``data`` what its template is given."""
    return Panel(
        before=[_shown(app, called, base, more) for called in recalled(app, token)],
        now=[_shown(app, called, base, more) for called in trace.called],
        laws=list({law.zh: law for law in laws(data)}.values())[:MOST_LAWS],
        link=trace.link,
        base=base,
    )


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


def _shown(app: FastAPI, called: Called, base: str, more: Mapping[str, Any]) -> Shown:
    commands = [
        (operation.id, command)
        for operation in operations_for(app, called.use_case)
        if (command := operation.curl(base, {**more, **called.arguments})) is not None
    ]
    return Shown(called, commands)


def _ring(app: FastAPI) -> "OrderedDict[str, tuple[float, list[Called]]]":
    if not hasattr(app.state, "xray"):
        app.state.xray = OrderedDict()
    ring: OrderedDict[str, tuple[float, list[Called]]] = app.state.xray
    return ring


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
