"""Who speaks for a company, asked of the register of businesses outside any application.

Like every other look at a register it is decided first, goes through the connector, and is a row of the ledger whatever
comes of it: the person who asks reads there what was asked about the company, what for, and that it was refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain import sharing
from app.domain.catalogue import Dataset
from app.domain.prefill import Want
from app.domain.sharing import COMPANY, CallResult, DataRequest, Denied, Facts, Purpose
from app.domain.slices import grades_of
from app.domain.vocabulary import Grade, SharingClass, Text
from app.storage.store import Store
from app.usecases import data_rounds
from app.usecases.asked import Asked, Call
from app.usecases.attempts import WHOLE
from app.usecases.context import Context

BUSINESSES = "enterprise_register"
"""The register that says who a company's legal representative is."""
NAME, REPRESENTATIVE = "org", "legal_rep_id"


@dataclass(frozen=True, slots=True)
class Company:
    """What the register said: the company's name, and whether the asker is its legal representative. ``obstacle`` says
    why it did not: it is down, or may not be asked."""

    asked: Asked
    name: str | None
    is_represented: bool
    obstacle: Text | None = None


async def represented(context: Context, store: Store, number: str, bundle: str) -> Company:
    """Ask whether whoever asks is the legal representative of the company with this number, for that bundle.

    Nothing is written but what must be known before a call leaves this platform: whoever asks keeps ``asked``.
    """
    asked = await data_rounds.ask_once(context, store, lambda now: _call(now, number, bundle))
    (call,) = asked.calls
    own = context.world.catalogue.people[context.actor.account].id_number
    name, representative = call.reply(NAME).value, call.reply(REPRESENTATIVE).value
    return Company(
        asked,
        name if isinstance(name, str) else None,
        is_represented=representative == own,
        obstacle=_obstacle(call),
    )


def _obstacle(call: Call) -> Text | None:
    if isinstance(call.decision, Denied):
        return call.decision.detail
    if call.result is not CallResult.UNAVAILABLE:
        return None
    return Text(
        "经营主体登记信息暂时查不到，无法核实您是该单位的法定代表人（负责人），请稍后再试。",
        "The register of businesses does not answer, so that you are its legal representative cannot be checked. "
        "Try again later.",
    )


def _call(context: Context, number: str, bundle: str) -> Call:
    who = context.actor
    elements = (NAME, REPRESENTATIVE)
    request = DataRequest(
        case=None,
        bundle=bundle,
        item=WHOLE,
        region=context.world.catalogue.people[who.account].region,
        applicant=who.account,
        department=None,
        dataset=BUSINESSES,
        elements=elements,
        party=COMPANY,
        subject=number,
        purpose=Purpose.MANDATE,
        actor=who,
    )
    facts = _facts(context, context.world.library.datasets)
    return Call(Want(BUSINESSES, COMPANY, WHOLE, elements), request, sharing.decide(request, facts))


def _facts(context: Context, datasets: Mapping[str, Dataset]) -> Facts:
    """Who represents a company may be asked only where the law shares that without condition: no item needs it."""
    dataset = datasets.get(BUSINESSES)
    if dataset is None:
        return Facts(
            today=context.moment.today,
            sharing=SharingClass.NONE,
            grade=Grade.L4,
            listed=frozenset(),
            is_declared=False,
        )
    return Facts(
        today=context.moment.today,
        sharing=dataset.sharing,
        no_sharing_basis=dataset.no_sharing_basis,
        grade=dataset.grade,
        grades=grades_of(dataset),
        listed=frozenset((NAME, REPRESENTATIVE)),
    )
