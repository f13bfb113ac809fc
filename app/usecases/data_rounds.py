"""Asking for data in rounds: authorise, look up outside any transaction, and learn from the answers whom to ask next.

A round asks for everything that can be asked for now. What it brings may name somebody (a spouse, an enterprise), about
whom the next round asks. Every request, granted or not, becomes a row of the ledger, whatever comes of it; what asks
somebody else's register is written down before it is asked (:mod:`app.usecases.open_calls`).
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from app.domain.applications import Application
from app.domain.errors import Refusal
from app.domain.parties import Circle, Link
from app.domain.prefill import Want
from app.domain.routing import Plan
from app.domain.sharing import Allowance, CallResult, Purpose
from app.domain.slices import is_person
from app.domain.vocabulary import SharingClass
from app.storage import open_calls
from app.storage import registers as register_rows
from app.storage.open_calls import OpenCall
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases import calls
from app.usecases.asked import Asked, Call, guarded, rationed
from app.usecases.call_facts import subject_of
from app.usecases.context import Context
from app.usecases.registers import DEADLINE_SECONDS, LookUp, PackRegister, look_up_all

MOST_ROUNDS = 4


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
        asked = await _answered(context, store, found, asked, until)
    return asked


async def ask_once(context: Context, store: Store, made: Callable[[Context], Call]) -> Asked:
    """Ask one thing outside any case, within the deadline; ``made`` has decided it."""
    found = await store.aread(lambda reader: _with_registers(context, reader, [made(context)]))
    return await _answered(context, store, found, Asked(), time.monotonic() + DEADLINE_SECONDS)


async def _answered(context: Context, store: Store, found: _Round, asked: Asked, until: float) -> Asked:
    """What was asked so far with one round more, and what became of it."""
    found = replace(found, calls=await _written_down(context, store, found, asked))
    packs = PackRegister(context.world.catalogue.registers, found.corrected)
    wanted = {id(call): _look_up(call) for call in found.calls if isinstance(call.decision, Allowance)}
    left = max(0.0, until - time.monotonic())
    answers = await look_up_all(wanted.values(), packs, context.world.remote, found.down, left)
    context.world.asked.update((one.dataset, answer.word) for one, answer in answers.items())
    done = [replace(call, found=answers[wanted[id(call)]]) if id(call) in wanted else call for call in found.calls]
    return Asked((*asked.calls, *done), {**asked.links, **_links(done)})


async def _written_down(context: Context, store: Store, found: _Round, asked: Asked) -> list[Call]:
    """The calls of a round, those that are about to leave this platform counted and durably written down first."""
    if not any(_leaves(context, found, call) for call in found.calls):
        return found.calls
    return await store.aperform(partial(_counted, context, found=found, asked=asked))


def _counted(context: Context, reader: Reader, found: _Round, asked: Asked) -> Outcome[list[Call]]:
    granted = rationed(context, reader, found.calls, asked.calls)
    made = [replace(call, open_id=context.new_id()) if _leaves(context, found, call) else call for call in granted]
    leaving = [
        OpenCall(call.open_id, calls.row(context, call.request, call.decision, CallResult.UNKNOWN))
        for call in made
        if call.open_id is not None
    ]
    return Outcome(made, guarded(context, open_calls.opened(leaving, context.real_at), made) if leaving else None)


def _leaves(context: Context, found: _Round, call: Call) -> bool:
    dataset = call.want.dataset
    return isinstance(call.decision, Allowance) and dataset in context.world.remote and dataset not in found.down


def circle_of(context: Context, case: Application | None, plan: Plan, links: Mapping[Link, str]) -> Circle:
    """What is known of the people around an application, or around whoever asks before there is one."""
    who = context.actor
    applicant = case.applicant if case is not None else who.on_behalf_of or who.account
    number = subject_of(context.world, applicant, None, plan.bundle, "applicant")
    return Circle(plan.bundle, plan.answers, {} if case is None else case.form, number, links)


def _next_round(context: Context, reader: Reader, stage: Stage, asked: Asked, purpose: Purpose) -> _Round:
    scene = stage(context, reader)
    circle = replace(scene.circle, links=asked.links_of(scene.circle))
    scene, numbers = replace(scene, circle=circle), circle.numbers()
    before = {(call.want.dataset, call.want.party, element) for call in asked.calls for element in call.want.elements}
    wanted = scene.wants(circle)
    wanted += _for_links(scene.plan, circle, wanted)
    shows = [want for want in _to_show(context, scene.plan, circle, wanted) if not _is_known(want, before)]
    wanted = [*shows, *(want for want in wanted if not any(want.party == show.party for show in shows))]
    fresh = [want for want in wanted if want.party in numbers and not _is_known(want, before)]
    made = [_call(context, reader, scene, want, numbers[want.party], purpose) for want in fresh]
    return _with_registers(context, reader, rationed(context, reader, made, asked.calls))


def _with_registers(context: Context, reader: Reader, made: list[Call]) -> _Round:
    """The calls of a round with what is known of the registers they go to."""
    keys = context.world.keys
    by_subject = {keys.blind_index(call.request.subject): call.request.subject for call in made if call.request.subject}
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


def _to_show(context: Context, plan: Plan, circle: Circle, wanted: Iterable[Want]) -> list[Want]:
    """Requests for what shows that the applicant acts for an enterprise whose restricted data are wanted; they come
    before those."""
    datasets, numbers = context.world.library.datasets, circle.numbers()
    restricted = [want for want in wanted if datasets[want.dataset].sharing is SharingClass.RESTRICTED]
    parties = dict.fromkeys(want.party for want in restricted if not is_person(plan.bundle, want.party))
    return [show for party in parties if party in numbers for show in showing(plan, circle, party)]


def showing(plan: Plan, circle: Circle, party: str) -> list[Want]:
    """The requests that can show that the applicant may act for a party: each a check, for the first item that
    declares the dataset. What that item may have is decided like everything else."""
    found = []
    for link in circle.shown_by(party):
        item = next((each.item.code for each in plan.items if link.dataset in each.item.needs_data), None)
        if item is not None:
            found.append(Want(link.dataset, link.of, item, (link.element,), is_check=True))
    return found


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
        is_shown=scene.circle.is_shown(want.party),
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
        if isinstance(value := call.reply(element).value, str)
    }
