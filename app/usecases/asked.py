"""What was asked of registers for one request, what came of it, and the number of calls that holders approved.

A call is granted by what the ledger says. Before it leaves this platform, and again before its row is written, it is
counted together with those beside it and those on their way; what is over is refused, and nobody hears what it would
have brought. Where few are left the write lane counts once more (:mod:`app.storage.quotas`), so that two that were both
the last are not; where many are, that would cost every writer ten milliseconds and refuse nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.catalogue import EXISTS
from app.domain.errors import Refusal
from app.domain.forms import is_blank
from app.domain.parties import Circle, Link
from app.domain.prefill import Reply, Want
from app.domain.shared_values import FallbackReason
from app.domain.sharing import Allowance, CallResult, DataRequest, Denied, over_quota
from app.storage import open_calls, quotas
from app.storage.changes import Changes, Quota, Row
from app.storage.queries import Reader
from app.storage.quotas import SCARCE
from app.storage.store import TracedRefusal
from app.usecases import calls
from app.usecases.context import Context
from app.usecases.registers import Found


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it was decided, and what came of it."""

    want: Want
    request: DataRequest
    decision: Allowance | Denied
    found: Found = field(default_factory=Found)
    open_id: str | None = None
    """Under which it was written down before it left this platform; None for one that did not."""
    is_scarce: bool = False
    """So few calls are left that the write lane has to count once more."""

    @property
    def result(self) -> CallResult:
        """In the words of the ledger."""
        if self.found.is_down:
            return CallResult.UNAVAILABLE
        return CallResult.EMPTY if self.found.record is None else CallResult.ALLOWED

    def replies(self) -> dict[tuple[str, str, str], Reply]:
        """What came of each element that was asked for."""
        want = self.want
        return {(want.dataset, want.party, element): self.reply(element) for element in want.elements}

    def reply(self, element: str) -> Reply:
        """What came of one element."""
        if isinstance(self.decision, Denied):
            return Reply(why=FallbackReason.REFUSED, detail=self.decision.detail)
        if self.found.is_down:
            return Reply(why=FallbackReason.DOWN)
        record = self.found.record
        if record is not None and element == EXISTS:
            return Reply(True)
        if record is None or is_blank(record.get(element)):
            return Reply(why=FallbackReason.EMPTY)
        return Reply(record[element])


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that was asked for so far."""

    calls: tuple[Call, ...] = ()
    links: Mapping[Link, str] = field(default_factory=dict)

    @property
    def replies(self) -> dict[tuple[str, str, str], Reply]:
        """What came of every element; what one request brought, another's refusal does not take away."""
        found: dict[tuple[str, str, str], Reply] = {}
        for call in self.calls:
            for key, reply in call.replies().items():
                if key not in found or found[key].why is not None:
                    found[key] = reply
        return found

    def rationed(self, context: Context, reader: Reader) -> "Asked":
        """The same as quotas let it stand by now; what is over is refused, as if nothing had been had."""
        kept = tuple(rationed(context, reader, self.calls))
        granted = [call.want for call in kept if isinstance(call.decision, Allowance)]
        told = {(want.dataset, want.party, element) for want in granted for element in want.elements}
        links = {link: said for link, said in self.links.items() if (link.dataset, link.of, link.element) in told}
        return Asked(kept, links)

    def links_of(self, circle: Circle) -> dict[Link, str]:
        """What registers told about those who are the parties still: a form may change between two rounds."""
        numbers = replace(circle, links=self.links).numbers()
        asked = {
            (call.want.dataset, call.want.party, element)
            for call in self.calls
            for element in call.want.elements
            if call.request.subject == numbers.get(call.want.party) and isinstance(call.decision, Allowance)
        }
        return {link: said for link, said in self.links.items() if (link.dataset, link.of, link.element) in asked}

    def rows(self, context: Context) -> list[Row]:
        """The rows of the ledger, in the order of asking."""
        ids = sorted(context.new_id() for _ in self.calls)
        rows = [calls.row(context, call.request, call.decision, call.result) for call in self.calls]
        return [{**row, "id": own} for row, own in zip(rows, ids, strict=True)]

    def kept(self, context: Context, changes: Changes, **same: Any) -> Changes:
        """The changes with those rows, and with no call open any more; ``same`` is what all of the rows say. They are
        only written while every quota holds that the calls count against."""
        if not self.calls:
            return changes
        rows = [{**row, **same} for row in self.rows(context)]
        left = [call.open_id for call in self.calls if call.open_id is not None]
        return guarded(context, open_calls.closed(changes.also(calls.TABLE, *rows), left), self.calls)

    def traced(self, context: Context, refusal: Refusal) -> Refusal | TracedRefusal:
        """The refusal with what was asked: it was asked, whatever became of the case meanwhile, and nobody is shown
        what it brought. So no quota keeps these rows from being written."""
        kept = replace(self.kept(context, Changes()), quotas=())
        return TracedRefusal(refusal, kept) if self.calls else refusal


def quota_of(context: Context, call: Call) -> Quota | None:
    """What the call counts against, if it is granted and there is a number at all."""
    if not isinstance(call.decision, Allowance) or call.decision.quota is None:
        return None
    return quotas.quota_of(call.decision.quota, context.moment.today)


def rationed(context: Context, reader: Reader, asked: Iterable[Call], beside: Sequence[Call] = ()) -> list[Call]:
    """The calls with those refused that are over; ``beside`` are others of the same request that stand already.

    A call that has left this platform was counted before it did, and stays.
    """
    asked = list(asked)
    left: dict[Quota, int] = {}
    own = [call.open_id for call in (*beside, *asked) if call.open_id is not None]
    for call in (*beside, *(call for call in asked if call.open_id is not None)):
        _take(context, reader, call, left, own)
    return [call if call.open_id is not None else _judged(context, reader, call, left, own) for call in asked]


def _judged(context: Context, reader: Reader, call: Call, left: dict[Quota, int], own: Sequence[str]) -> Call:
    remaining = _take(context, reader, call, left, own)
    return replace(call, is_scarce=remaining < SCARCE) if remaining >= 0 else replace(call, decision=over_quota())


def _take(context: Context, reader: Reader, call: Call, left: dict[Quota, int], own: Sequence[str]) -> int:
    """Count one call; how many are left after it."""
    quota = quota_of(context, call)
    if quota is None:
        return SCARCE
    if quota not in left:
        left[quota] = quota.per_day - quotas.counted(reader, quota, own)
    left[quota] -= 1
    return left[quota]


def guarded(context: Context, changes: Changes, calls: Iterable[Call]) -> Changes:
    """The changes, which are only written while every quota holds that these calls count against and that is scarce."""
    found = [quota for call in calls if call.is_scarce and (quota := quota_of(context, call)) is not None]
    return changes.together(Changes(quotas=list(dict.fromkeys(found))))
