"""Asking for data in rounds: authorise, look up outside any transaction, and learn from the answers whom to ask next.

A round asks for everything that can be asked for now. What it brings may name somebody (a spouse, an enterprise), about
whom the next round asks. Every request, granted or not, becomes a row of the ledger, whatever comes of it.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from app.domain.applications import Application
from app.domain.catalogue import EXISTS
from app.domain.errors import Refusal
from app.domain.forms import is_blank
from app.domain.parties import Circle, Link
from app.domain.prefill import Reply, Want
from app.domain.routing import Plan
from app.domain.shared_values import FallbackReason
from app.domain.sharing import Allowance, CallResult, DataRequest, Denied, Purpose
from app.storage import registers as register_rows
from app.storage.mapping import Row
from app.storage.queries import Reader
from app.storage.store import Store
from app.usecases import calls
from app.usecases.call_facts import subject_of
from app.usecases.context import Context
from app.usecases.registers import DEADLINE_SECONDS, Found, LookUp, PackRegister, look_up_all

MOST_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it was decided, and what came of it."""

    want: Want
    request: DataRequest
    decision: Allowance | Denied
    found: Found = field(default_factory=Found)

    @property
    def result(self) -> CallResult:
        """In the words of the ledger."""
        if self.found.is_down:
            return CallResult.UNAVAILABLE
        return CallResult.EMPTY if self.found.record is None else CallResult.ALLOWED

    def replies(self) -> dict[tuple[str, str, str], Reply]:
        """What came of each element that was asked for."""
        want = self.want
        return {(want.dataset, want.party, element): self._reply(element) for element in want.elements}

    def _reply(self, element: str) -> Reply:
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

    def rows(self, context: Context) -> list[Row]:
        """The rows of the ledger, in the order of asking."""
        ids = sorted(context.new_id() for _ in self.calls)
        rows = [calls.row(context, call.request, call.decision, call.result) for call in self.calls]
        return [{**row, "id": own} for row, own in zip(rows, ids, strict=True)]


@dataclass(frozen=True, slots=True)
class Scene:
    """Who asks about what: the case (None before there is one), its plan, and what each round wants."""

    case: Application | None
    plan: Plan
    circle: Circle
    wants: Callable[[Circle], list[Want]]


@dataclass(frozen=True, slots=True)
class _Round:
    calls: list[Call]
    down: frozenset[str]
    corrected: Mapping[tuple[str, str], Mapping[str, Any]]


Stage = Callable[[Context, Reader], Scene]


async def ask(context: Context, store: Store, stage: Stage, purpose: Purpose) -> Asked:
    """Ask for everything the scene wants, round by round, all rounds together within the deadline."""
    asked, until = Asked(), time.monotonic() + DEADLINE_SECONDS
    for _ in range(MOST_ROUNDS):
        try:
            found = await store.aread(partial(_next_round, context, stage=stage, asked=asked, purpose=purpose))
        except Refusal:
            if not asked.calls:
                raise
            break  # what was asked already is kept by whoever asked, who is refused in turn
        if not found.calls:
            break
        packs = PackRegister(context.world.catalogue.registers, found.corrected)
        wanted = {id(call): _look_up(call) for call in found.calls if isinstance(call.decision, Allowance)}
        left = max(0.0, until - time.monotonic())
        answers = await look_up_all(wanted.values(), packs, context.world.remote, found.down, left)
        done = [replace(call, found=answers[wanted[id(call)]]) if id(call) in wanted else call for call in found.calls]
        asked = Asked((*asked.calls, *done), {**asked.links, **_links(done)})
    return asked


def circle_of(context: Context, case: Application | None, plan: Plan, links: Mapping[Link, str]) -> Circle:
    """What is known of the people around an application, or around whoever asks before there is one."""
    who = context.actor
    applicant = case.applicant if case is not None else who.on_behalf_of or who.account
    number = subject_of(context.world, applicant, None, plan.bundle, "applicant")
    return Circle(plan.bundle, plan.answers, {} if case is None else case.form, number, links)


def _next_round(context: Context, reader: Reader, stage: Stage, asked: Asked, purpose: Purpose) -> _Round:
    scene = stage(context, reader)
    circle = replace(scene.circle, links=asked.links)
    numbers = circle.numbers()
    before = {(call.want.dataset, call.want.party, element) for call in asked.calls for element in call.want.elements}
    wanted = scene.wants(circle)
    wanted += _for_links(scene.plan, circle, wanted)
    fresh = [want for want in wanted if want.party in numbers and not _is_known(want, before)]
    made = [_call(context, reader, scene, want, numbers[want.party], purpose) for want in fresh]
    keys = context.world.keys
    by_subject = {keys.blind_index(number): number for number in numbers.values()}
    corrected = register_rows.corrections(reader, by_subject)
    return _Round(
        made,
        frozenset(register_rows.outages(reader)),
        {(by_subject[subject], dataset): values for (subject, dataset), values in corrected.items()},
    )


def _is_known(want: Want, before: set[tuple[str, str, str]]) -> bool:
    return all((want.dataset, want.party, element) in before for element in want.elements)


def _for_links(plan: Plan, circle: Circle, wanted: Iterable[Want]) -> list[Want]:
    """Requests for what says who a party is, where no other request brings it along."""
    wanted = list(wanted)
    covered = {(want.dataset, want.party, element) for want in wanted for element in want.elements}
    return [
        Want(link.dataset, link.of, item, (link.element,))
        for link in circle.missing_links(want.party for want in wanted)
        if (link.dataset, link.of, link.element) not in covered and (item := _item_for(plan, link)) is not None
    ]


def _item_for(plan: Plan, link: Link) -> str | None:
    """The first item that may have the element: one of its fields is filled from it."""
    needing = {planned.item.code for planned in plan.items if link.dataset in planned.item.needs_data}
    for planned in plan.fields:
        sources = planned.spec.sources
        if sources.dataset == link.dataset and (sources.element or planned.spec.code) == link.element:
            found = next((item for item in planned.users if item in needing), None)
            if found is not None:
                return found
    return None


def _call(context: Context, reader: Reader, scene: Scene, want: Want, number: str, purpose: Purpose) -> Call:
    request = calls.request(
        context,
        scene.case,
        scene.plan,
        item=want.item,
        dataset=want.dataset,
        elements=want.elements,
        purpose=Purpose.VERIFY if want.is_check else purpose,
        party=want.party,
        subject=number,
    )
    return Call(want, request, calls.authorise(context, reader, scene.case, scene.plan, request))


def _look_up(call: Call) -> LookUp:
    assert isinstance(call.decision, Allowance)  # noqa: S101 - only what was granted is looked up
    return LookUp(call.want.dataset, call.request.subject or "", call.decision.elements)


def _links(done: Iterable[Call]) -> dict[Link, str]:
    """What the answers say about who somebody is."""
    return {
        Link(call.want.dataset, element, call.want.party): value
        for call in done
        for element in call.want.elements
        if isinstance(value := call._reply(element).value, str)
    }
