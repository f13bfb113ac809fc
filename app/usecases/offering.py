"""Looking for people to whom something can be offered (免申即享), and letting offers run out.

Only those are looked at who hold what the offer asks for, have not got the item, were not offered it before and were
not looked at lately; every look is a row of the ledger with the law it rests on, which the person reads.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from app.domain import known_answers, offers
from app.domain.applications import Actor
from app.domain.catalogue import APPLICANT, Bundle, OfferRule
from app.domain.certificates import CertificateStatus
from app.domain.offers import Offer, OfferStatus
from app.domain.prefill import Want
from app.domain.shared_values import FallbackReason
from app.domain.sharing import Purpose
from app.domain.vocabulary import Role
from app.storage import offers as rows
from app.storage.changes import Changes
from app.storage.papers import message_row
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases import data_rounds
from app.usecases.asked import Asked
from app.usecases.context import Context
from app.usecases.data_rounds import Scene
from app.usecases.wallets import wallet_of

BATCH = 200


@dataclass(frozen=True, slots=True)
class Offered:
    """What one search did."""

    looked_at: int
    made: int
    expired: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to whom an item may be offered, if registers say so."""

    account: str
    region: str
    bundle: Bundle
    item: str
    rule: OfferRule


def run(context: Context, store: Store) -> Offered:
    """Find people, and let offers run out. Run twice, late or from two places, nobody is offered anything twice."""
    found = store.read(partial(_candidates, context))
    made = sum(_look(context, store, candidate) for candidate in found)
    expired = 0
    while batch := store.read(partial(rows.run_out, today=context.moment.today, limit=BATCH)):
        expired += sum(store.perform(partial(_expire, context, offer_id=own.id)) for own in batch)
    return Offered(len(found), made, expired)


def rules_of(context: Context) -> Iterator[tuple[Bundle, str, OfferRule]]:
    """Every offer of the bundles in force."""
    for bundle in context.world.library.bundles.values():
        for item, part in bundle.items.items():
            if part.offer is not None:
                yield bundle, item, part.offer


def _candidates(context: Context, reader: Reader) -> list[Candidate]:
    """Whom registers are asked about, found in a few statements however many people there are."""
    return [
        candidate
        for bundle, item, rule in rules_of(context)
        for candidate in _likely(context, reader, bundle, item, rule)
        if _is_eligible(context, reader, candidate)
    ]


def _likely(context: Context, reader: Reader, bundle: Bundle, item: str, rule: OfferRule) -> Iterator[Candidate]:
    """Those with whom nothing speaks against a closer look."""
    people = context.world.catalogue.people
    keys = {offers.key_of(account, bundle.code, item): account for account in people}
    settled = rows.settled_with(reader, keys, item, context.at - offers.LOOK_AGAIN)
    likely = [account for account in people if account not in settled]
    if rule.certificates:
        brought = context.world.catalogue.wallets
        found = rows.holders(reader, likely, rule.certificates)
        found |= {who for who in likely if any(held.type in rule.certificates for held in brought.get(who, ()))}
        likely = [account for account in likely if account in found]
    return (Candidate(account, people[account].region, bundle, item, rule) for account in likely)


def _is_eligible(context: Context, reader: Reader, candidate: Candidate) -> bool:
    """Not offered before, not had already, and the holder of a certificate in force that the offer asks for."""
    key = offers.key_of(candidate.account, candidate.bundle.code, candidate.item)
    if rows.is_taken(reader, key) or rows.has_item(reader, candidate.account, candidate.item):
        return False
    wallet, today = wallet_of(context.world, reader, candidate.account), context.moment.today
    wanted = candidate.rule.certificates
    held = [holding for code in wanted for holding in wallet.of_type(code)]
    return not wanted or any(holding.status(today) is CertificateStatus.VALID for holding in held)


def _look(context: Context, store: Store, candidate: Candidate) -> bool:
    acting = replace(context, who=Actor("system", Role.SYSTEM, on_behalf_of=candidate.account))
    asked = asyncio.run(data_rounds.ask(acting, store, partial(_scene, candidate=candidate), Purpose.OFFER))
    return store.perform(partial(_keep, acting, candidate=candidate, asked=asked))


def _scene(context: Context, _: Reader, candidate: Candidate) -> Scene:
    planner = context.world.offered_planner(candidate.bundle.code, candidate.item)
    plan = planner.plan({}, candidate.region, context.start)
    wanted: dict[str, tuple[str, ...]] = {}
    for fact in candidate.rule.facts.values():
        wanted[fact.dataset] = tuple(dict.fromkeys((*wanted.get(fact.dataset, ()), fact.rule.element)))
    wants = [Want(dataset, APPLICANT, candidate.item, elements) for dataset, elements in wanted.items()]
    return Scene(None, plan, data_rounds.circle_of(context, None, plan, {}), lambda _: wants)


def _keep(context: Context, reader: Reader, candidate: Candidate, asked: Asked) -> Outcome[bool]:
    """The looks, whatever came of them, and the offer when the condition holds."""
    asked = asked.rationed(context, reader)
    looks = asked.kept(context, Changes())
    told = _told(context, candidate, asked)
    if not offers.holds(candidate.rule, told) or not _is_eligible(context, reader, candidate):
        return Outcome(False, looks if asked.calls else None)
    made = _offer(context, candidate, told)
    person = context.world.catalogue.people[candidate.account]
    message = offers.message(made, context.world.library.items[candidate.item], person.name)
    row = message_row(message, context.new_id(), None, context.at, offer_id=made.id)
    return Outcome(True, looks.together(rows.made(made)).also("message", row))


def _offer(context: Context, candidate: Candidate, told: dict[str, bool]) -> Offer:
    return Offer(
        id=context.new_id(),
        key=offers.key_of(candidate.account, candidate.bundle.code, candidate.item),
        account=candidate.account,
        bundle=candidate.bundle.code,
        item=candidate.item,
        region=candidate.region,
        found=offers.found_facts(candidate.rule, told),
        found_at=context.at,
        expires_on=offers.expires_on(candidate.rule, context.moment),
    )


def _told(context: Context, candidate: Candidate, asked: Asked) -> dict[str, bool]:
    """Every fact that registers settled; a refusal or silence settles nothing."""
    found = {}
    for name, fact in candidate.rule.facts.items():
        reply = asked.replies.get((fact.dataset, APPLICANT, fact.rule.element))
        if reply is None or reply.why not in {None, FallbackReason.EMPTY}:
            continue
        record = None if reply.why is not None else {fact.rule.element: reply.value}
        value = known_answers.told(fact.rule, record, context.moment.today)
        if isinstance(value, bool):
            found[name] = value
    return found


def _expire(context: Context, reader: Reader, offer_id: str) -> Outcome[bool]:
    before = rows.offer(reader, offer_id)
    if before is None or before.status is not OfferStatus.OPEN:
        return Outcome(False)
    after = offers.settled(before, OfferStatus.EXPIRED, "system", context.moment)
    return Outcome(True, rows.moved(before, after))
