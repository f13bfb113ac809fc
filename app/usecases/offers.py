"""免申即享 as the person meets it: what is offered, one confirmation that makes and files the application, or a no.

Nothing is typed: the form is filled from registers, from what the person gave in an earlier application of the same
bundle, and from the own account. What cannot be had that way makes the confirmation fail and nothing is filed.
"""

from dataclasses import replace
from functools import partial
from typing import Any

from app.domain import offers, prefill, submissions
from app.domain.answers import accept
from app.domain.applications import Application, EventKind
from app.domain.deferrals import Terms
from app.domain.errors import NotFound, Refusal
from app.domain.forms import is_blank
from app.domain.happenings import Happenings
from app.domain.offers import Offer, OfferStatus
from app.domain.references import application_reference, query_code
from app.domain.routing import Plan
from app.domain.sharing import Purpose
from app.domain.vocabulary import FieldKind, Role, Source, Text
from app.domain.wallets import use
from app.schemas.applications import ReceiptOut
from app.schemas.common import Bilingual, Term
from app.schemas.offers import FoundOut, OfferConfirmedOut, OfferDeclined, OfferOut
from app.storage import offers as rows
from app.storage.changes import Changes
from app.storage.mapping import chain_of, created
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases import applications, certificate_uses, data_rounds
from app.usecases.acts import begin, written
from app.usecases.asked import Asked
from app.usecases.call_facts import law_of
from app.usecases.context import Context
from app.usecases.data_rounds import Scene
from app.usecases.safety import refuse_real_numbers
from app.usecases.secrecy import hash_code
from app.usecases.wallets import fitted, wallet_for

EARLIER = 5
"""How many earlier applications are looked through for what the person gave before."""


def mine(context: Context, reader: Reader) -> list[OfferOut]:
    """Everything offered to the person, newest first."""
    who = context.acting(Role.APPLICANT)
    return [_out(context, offer) for offer in rows.offers_to(reader, who.account)]


def decline(context: Context, reader: Reader, offer_id: str, wish: OfferDeclined) -> Outcome[OfferOut]:
    """谢绝: it is not offered again.

    Raises :class:`NotFound` for another's, :class:`ActionNotAllowed` for one that is settled or has run out.
    """
    refuse_real_numbers(wish.model_dump())
    before = _own(context, reader, offer_id)
    offers.must_be_open(before, context.moment.today, "decline")
    after = offers.settled(before, OfferStatus.DECLINED, context.actor.account, context.moment)
    after = replace(after, reason=(wish.reason or "").strip() or None)
    return Outcome(_out(context, after), rows.moved(before, after))


async def confirm(context: Context, store: Store, offer_id: str) -> OfferConfirmedOut:
    """确认: the application is made, filled and filed in one go.

    Raises :class:`NotFound` for another's, :class:`ActionNotAllowed` for one that is settled or has run out,
    :class:`InvalidInput` naming what could not be had from data.
    """
    case = _blank(context, await store.aread(partial(_open, context, offer_id=offer_id)))
    stage = partial(_scene, offer_id=offer_id, blank=case)
    asked = await data_rounds.ask(context, store, stage, Purpose.PREFILL)
    try:
        return await store.aperform(partial(_filed, context, offer_id=offer_id, blank=case, asked=asked))
    except Refusal:
        await store.aperform(partial(_looked, context, asked=asked))
        raise


def _looked(context: Context, reader: Reader, asked: Asked) -> Outcome[None]:
    """What was looked up is on the ledger also when nothing came of it."""
    kept = asked.rationed(context, reader).kept(context, Changes(), application_id=None)
    return Outcome(None, kept if asked.calls else None)


def _own(context: Context, reader: Reader, offer_id: str) -> Offer:
    who, found = context.acting(Role.APPLICANT), rows.offer(reader, offer_id)
    if found is None or found.account != who.account:
        raise NotFound(Text("没有找到这项免申即享。", "There is no such offer."))
    return found


def _open(context: Context, reader: Reader, offer_id: str) -> Offer:
    found = _own(context, reader, offer_id)
    offers.must_be_open(found, context.moment.today, "confirm")
    return found


def _blank(context: Context, offer: Offer) -> Application:
    """The application before its first event: of the one item that is offered."""
    return Application(
        id=context.new_id(),
        bundle=offer.bundle,
        digest=context.world.bundle(offer.bundle).digest,
        region=offer.region,
        home_region=offer.region,
        offered=offer.item,
        applicant=offer.account,
        created_at=context.at,
        created_by=context.actor.account,
    )


def _scene(context: Context, reader: Reader, offer_id: str, blank: Application) -> Scene:
    offer = _open(context, reader, offer_id)
    plan = _plan(context, offer)
    case = replace(blank, answers=dict(plan.answers), form=_known(context, reader, offer, plan))
    circle = data_rounds.circle_of(context, case, plan, {})
    return Scene(case, plan, circle, lambda known: prefill.wants(case, plan, known))


def _plan(context: Context, offer: Offer) -> Plan:
    planner = context.world.offered_planner(offer.bundle, offer.item)
    answers = offers.answers_of(context.world.bundle(offer.bundle), offer)
    return planner.plan(accept(planner.bundle, answers), offer.region, context.start)


def _known(context: Context, reader: Reader, offer: Offer, plan: Plan) -> dict[str, Any]:
    """What no register has but is known already: from this bundle before, or from the own account."""
    wanted = [planned.spec for planned in plan.fields if planned.source.source in {Source.TYPED, Source.DERIVED}]
    person = context.world.catalogue.people[offer.account]
    found: dict[str, Any] = {spec.code: person.phone for spec in wanted if spec.kind is FieldKind.PHONE}
    found |= {spec.code: person.values[spec.code] for spec in wanted if spec.code in person.values}
    for case in _earlier(reader, offer):
        found |= {s.code: case.form[s.code] for s in wanted if not is_blank(case.form.get(s.code))}
    return found


def _given(reader: Reader, offer: Offer, case: Application, plan: Plan) -> dict[str, Any]:
    """What a register could not be asked for or did not have, where the person gave it in this bundle before.

    What an earlier application had from a register was had for that one alone and is not taken over.
    """
    lacking = [
        p.spec.code for p in plan.fields if p.source.source is Source.SHARED and is_blank(case.form.get(p.spec.code))
    ]
    found: dict[str, Any] = {}
    for earlier in _earlier(reader, offer):
        own = {code: earlier.form.get(code) for code in lacking if code not in earlier.had}
        found |= {code: value for code, value in own.items() if not is_blank(value)}
    return found


def _earlier(reader: Reader, offer: Offer) -> list[Application]:
    """What the person filed in this bundle before, oldest first."""
    ids = reversed(rows.submitted_by(reader, offer.account, EARLIER))
    cases = (reader.application(application_id) for application_id in ids)
    return [case for case in cases if case is not None and case.bundle == offer.bundle]


def _filed(
    context: Context, reader: Reader, offer_id: str, blank: Application, asked: Asked
) -> Outcome[OfferConfirmedOut]:
    asked, before = asked.rationed(context, reader), _open(context, reader, offer_id)
    plan = _plan(context, before)
    h = begin(context, blank)
    _fill(context, reader, h, before, plan, asked)
    plan = prefill.fitted(h.case, fitted(context, reader, h.case, plan))
    code = query_code(context.new_query_code())
    reference = application_reference(before.region[:6], context.moment.today, context.new_serial())
    submissions.submit(h, plan, reference, hash_code(context.world.policy.secret, code, reference), Terms())
    use(h, plan, wallet_for(context, reader, h.case, plan), frozenset())
    after = offers.settled(before, OfferStatus.CONFIRMED, context.actor.account, context.moment)
    after = replace(after, application_id=h.case.id)
    changes = certificate_uses.at_submission(written(context, reader, blank, h, plan), h)
    changes = _of_new(changes, h).together(rows.moved(before, after))
    shown = applications.shown(context, reader, h.case)
    receipt = ReceiptOut(application=shown, query_code=code, proof=applications.proof_of(h.case))
    answer = OfferConfirmedOut(offer=_out(context, after), receipt=receipt)
    return Outcome(answer, asked.kept(context, changes, application_id=h.case.id))


def _fill(context: Context, reader: Reader, h: Happenings, offer: Offer, plan: Plan, asked: Asked) -> None:
    """Answers and form, each with where it is from."""
    known = frozenset(planned.spec.code for planned in plan.fields)
    submissions.save(h, _known(context, reader, offer, plan), plan, known)
    circle = replace(data_rounds.circle_of(context, h.case, plan, {}), links=asked.links)
    datasets = context.world.library.datasets
    found = prefill.filled(h.case, plan, circle, asked.replies, datasets, context.at)
    parts = {"values": found.values, "had": found.had, "checked": found.checked, "fallbacks": found.fallbacks}
    changes: dict[str, Any] = {name: dict(part) for name, part in parts.items() if part}
    if changes:
        h.record(EventKind.DATA_HAD, **changes)
    if given := _given(reader, offer, h.case, plan):
        submissions.save(h, given, plan, known)


def _of_new(changes: Changes, h: Happenings) -> Changes:
    """The same changes for an application that has no row yet: it is inserted as it stands, and nothing guards it."""
    row = {**created(h.case), **chain_of(changes), "version": 0}
    inserts = {"application": [row], **changes.inserts}
    updates = [update for update in changes.updates if update.table != "application"]
    return Changes(inserts, updates, changes.deletes, quotas=changes.quotas)


def _out(context: Context, offer: Offer) -> OfferOut:
    library = context.world.library
    item = library.items[offer.item]
    part = library.bundles[offer.bundle].items[offer.item]
    return OfferOut(
        id=offer.id,
        bundle=offer.bundle,
        item=offer.item,
        item_name=Bilingual.of(item.name),
        region=offer.region,
        status=Term.of(offer.standing(context.moment.today)),
        reason=Bilingual.of(part.offer.reason if part.offer is not None else item.name),
        found=[
            FoundOut(
                says=Bilingual.of(fact.label),
                dataset=fact.dataset,
                dataset_name=Bilingual.of(library.datasets[fact.dataset].name),
                holder_name=Bilingual.of(library.lines[library.datasets[fact.dataset].holder].name),
                element=fact.element,
            )
            for fact in offer.found
        ],
        law=Bilingual.maybe(law_of(item)),
        found_at=offer.found_at,
        expires_on=offer.expires_on,
        because=Bilingual.of(offer.because),
        settled_at=offer.settled_at,
        application_id=offer.application_id,
    )
