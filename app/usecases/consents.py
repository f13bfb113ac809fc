"""单独同意: which consents an application needs, asking for them, and answering from one's own account.

A consent is answered by the person alone, by a guardian of a child, or for an enterprise by its legal representative:
neither an agent nor the hall can do it. The case whose consent is asked stays closed to the person asked, who sees the
notice and nothing more. For a child the parent in whose record it stands is asked; the applicant instead, when
registers, asked for that at this moment, show that he may act for the child. Either parent's word is enough
(个人信息保护法 art. 31), but what one of them refused is put to the same one again.

The other parent, who neither applies nor has the child in his record, is not asked: that he is the father would have to
be looked up in a record of his that nobody has let be looked at, and a newborn has no number that a register could name
him by. He applies from his own account, where his own marriage record shows it; the applicant is told so. No other
register mends that: the record of births stands under the mother alone and names no father, and a household tells of
heads and addresses, not of descent, and of this child only after the registration that is applied for here. Nothing is
lost by it: whatever is looked up about the father himself needs his own consent, and he is asked for that by number.

Who the second party to an application is (the father, the seller, the buyer) comes from its own form first and then
from what registers say of somebody already known; while neither tells, the need stands there without anybody to ask.
"""

from dataclasses import replace
from functools import partial
from typing import Any

from app.domain import consent_needs, consents
from app.domain.applications import Application, EventKind
from app.domain.catalogue import APPLICANT
from app.domain.consent_needs import Need
from app.domain.consents import MOVES, Consent, ConsentAction, ConsentStatus
from app.domain.errors import ActionNotAllowed, NotFound, Refusal
from app.domain.happenings import Happenings
from app.domain.messages import Message
from app.domain.parties import Circle, name_of
from app.domain.routing import Plan
from app.domain.shared_values import Fallback
from app.domain.sharing import Purpose
from app.domain.slices import circle_of, is_minor, is_person
from app.domain.vocabulary import Role, Text
from app.schemas.common import Page
from app.schemas.consents import AskConsents, ConsentOut, NeedsOut
from app.storage import sharing as rows
from app.storage.changes import Changes, Update
from app.storage.papers import message_row
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases import access, consent_views, data_rounds, paging
from app.usecases.acts import begin, written
from app.usecases.asked import Asked as AskedOfRegisters
from app.usecases.call_facts import subject_key, subject_of
from app.usecases.consent_views import Asked
from app.usecases.context import Context
from app.usecases.data_rounds import Scene, showing
from app.usecases.plans import plan_of
from app.usecases.safety import refuse_real_numbers
from app.usecases.world import World

OPEN_TO_OTHERS = (ConsentStatus.ASKED, ConsentStatus.EXPIRED)
"""Nobody has said yes or no, or no longer: another guardian may be asked instead."""
GIVEN_ONCE = frozenset({ConsentStatus.GIVEN, ConsentStatus.WITHDRAWN})
"""What was had while it held stays lawfully had."""
NOBODY = ""
"""Answers for a number without an account: the consent waits until it runs out, and nobody learns why."""


def needed(context: Context, reader: Reader, application_id: str) -> NeedsOut:
    """The consents an application needs, each with its notice and where it stands."""
    case = access.own_application(context, reader, application_id)
    plan = plan_of(context, reader, case)
    return _needs_out(context, reader, case, plan, rows.consents_about(reader, case.id))


async def ask(context: Context, store: Store, application_id: str, wish: AskConsents) -> NeedsOut:
    """Ask for what is missing; whoever is asked hears of it, except the asker himself. Twice is no error.

    Raises :class:`ActionNotAllowed` when the application is over.
    """
    refuse_real_numbers(wish.model_dump())
    stage = partial(_scene, application_id=application_id, wish=wish)
    shown = await data_rounds.ask(context, store, stage, Purpose.VERIFY)
    return await store.aperform(partial(_ask, context, application_id=application_id, wish=wish, shown=shown))


def _scene(context: Context, reader: Reader, application_id: str, wish: AskConsents) -> Scene:
    """What registers are asked before: whether the applicant may act for a child or an enterprise, where it matters."""
    case = _running(context, reader, application_id)
    plan = plan_of(context, reader, case)
    around = circle(context, case, plan)
    open_needs = [
        each.need
        for each in _asked(context, reader, case, plan, rows.consents_about(reader, case.id), around)
        if each.need.number != around.applicant and (_is_wanted(context, each, wish) or _may_move(case, each, wish))
    ]
    parties = dict.fromkeys(need.party for need in open_needs)
    return Scene(case, plan, around, lambda now: [want for party in parties for want in showing(plan, now, party)])


def _running(context: Context, reader: Reader, application_id: str) -> Application:
    case = access.own_application(context, reader, application_id)
    if consents.is_over(case):
        text = Text("这件申请已经结束，不再查询数据。", "The application is over: nothing is looked up any more.")
        raise ActionNotAllowed(text, action="ask", allowed=[])
    return case


def _ask(
    context: Context, reader: Reader, application_id: str, wish: AskConsents, shown: AskedOfRegisters
) -> Outcome[NeedsOut]:
    try:
        before = _running(context, reader, application_id)
    except Refusal as refusal:  # what was asked was asked, whatever became of the case meanwhile
        raise shown.traced(context, refusal) from None
    shown, known = shown.rationed(context, reader), rows.consents_about(reader, before.id)
    plan, h = plan_of(context, reader, before), begin(context, before)
    around = circle(context, before, plan)
    around = replace(around, links=shown.links_of(around))
    missing = [
        each
        for each in _asked(context, reader, before, plan, known, around)
        if _is_wanted(context, each, wish) or (_may_move(before, each, wish) and around.is_shown(each.need.party))
    ]
    fresh = [_fresh(context, before, plan, each) for each in missing if _can_answer(plan, each)]
    if not fresh:
        kept = shown.kept(context, Changes()) if shown.calls else None
        return Outcome(_needs_out(context, reader, before, plan, known), kept)
    for consent in fresh:
        _record(h, context.world, consent, plan)
    changes = written(context, reader, before, h, plan).also("consent", *map(rows.consent_row, fresh))
    others = {each.account: each for each in fresh if each.account not in {before.applicant, NOBODY}}
    changes = _with_messages(context, before.id, changes, [_asking(context, before, plan, o) for o in others.values()])
    changes = shown.kept(context, changes)
    newest_first = sorted([*fresh, *known], key=lambda consent: consent.id, reverse=True)
    return Outcome(_needs_out(context, reader, h.case, plan, newest_first), changes)


def mine(context: Context, reader: Reader, cursor: str | None, limit: int) -> Page[ConsentOut]:
    """The consents somebody is or was asked for, newest first."""
    who = context.acting(Role.APPLICANT)
    found = paging.position(cursor, 1)
    entries = rows.consents_of(reader, who.account, found[0] if found else None, limit + 1)
    page = entries[:limit]
    return Page(
        entries=[_consent_out(context, reader, consent) for consent in page],
        next=paging.cursor(page[-1].id) if len(entries) > limit else None,
    )


def show(context: Context, reader: Reader, consent_id: str) -> ConsentOut:
    """One consent asked of oneself; raises :class:`NotFound` for anybody else's."""
    return _consent_out(context, reader, _own(context, reader, consent_id))


def answer(context: Context, reader: Reader, consent_id: str, action: ConsentAction) -> Outcome[ConsentOut]:
    """Give, refuse or withdraw; nobody has to say why. Raises :class:`ActionNotAllowed` with what is allowed."""
    own = _own(context, reader, consent_id)
    before = _case(reader, own)
    plan, h = plan_of(context, reader, before), begin(context, before)
    after = consents.answered(own, before, action, context.moment)
    lost = {} if action is ConsentAction.GIVE else _lost(context, h.case, plan, after)
    _record(h, context.world, after, plan, **({"fallbacks": lost} if lost else {}))
    changes = written(context, reader, before, h, plan)
    stamps = {"answered_at": after.answered_at, "withdrawn_at": after.withdrawn_at}
    moved = Update("consent", own.id, {"status": after.status.value, **stamps})
    changes = replace(changes, updates=[*changes.updates, moved])
    if own.account != before.applicant:
        told = consents.telling(after, before, plan.bundle.name, _dataset_name(context.world, own.dataset))
        changes = _with_messages(context, before.id, changes, [told])
    return Outcome(consent_views.consent_out(context, after, h.case, plan), changes)


def let_go(context: Context, reader: Reader, h: Happenings) -> None:
    """Empty what a draft had on consents that do not name every item and office it would go to now: other answers, or
    another place, have made more of it than the person has agreed to."""
    case, reach = h.case, {"answers", "joint"}
    if not (case.had or case.checked) or all(reach.isdisjoint(event.changes) for event in h.events):
        return
    plan, library = plan_of(context, reader, case), context.world.planner_of(case, reader).library
    given = [one for one in rows.consents_about(reader, case.id) if one.status in GIVEN_ONCE]
    fields, papers = consent_needs.unreached(case, plan, library, circle(context, case, plan), given)
    if fields or papers:
        h.record(EventKind.DRAFT_SAVED, values=fields, checked=papers)


def circle(context: Context, case: Application, plan: Plan) -> Circle:
    """The parties of an application as far as it tells them itself."""
    return circle_of(case, plan.bundle, subject_of(context.world, case.applicant, None, plan.bundle, APPLICANT))


def _needs_out(context: Context, reader: Reader, case: Application, plan: Plan, known: list[Consent]) -> NeedsOut:
    around = circle(context, case, plan)
    return consent_views.needs_out(context, case, plan, _asked(context, reader, case, plan, known, around))


def _asked(
    context: Context, reader: Reader, case: Application, plan: Plan, known: list[Consent], around: Circle
) -> list[Asked]:
    """Every need with who answers it and the newest consent that covers it."""
    library, people = context.world.planner_of(case, reader).library, context.world.catalogue.people
    found = []
    for need in consent_needs.needs(plan, library, around):
        key = subject_key(context.world, need.number)
        consent = _covering(need, key, known, plan)
        is_shown = around.is_shown(need.party)
        person = next((p for p in people.values() if p.id_number == need.number), None)
        if consent is not None and consent.standing(context.moment.today) not in (OPEN_TO_OTHERS if is_shown else ()):
            person = people.get(consent.account)
        elif is_shown:
            person = people.get(case.applicant)
        found.append(Asked(need, person, key, consent))
    return found


def _covering(need: Need, key: str, known: list[Consent], plan: Plan) -> Consent | None:
    """The newest consent of this person about himself, or about this child, that says at least what is needed."""
    about_child = is_minor(plan.bundle, need.party)
    return next(
        (
            consent
            for consent in known
            if (consent.dataset, consent.subject) == (need.dataset.code, key or None)
            and (consent.party == need.party if about_child else not is_minor(plan.bundle, consent.party))
            and consent_needs.reaches(consent, plan, need.elements, need.items)
        ),
        None,
    )


def _is_wanted(context: Context, asked: Asked, wish: AskConsents) -> bool:
    """Asked for now: it can be asked, it is among the chosen, and no answer stands or is awaited.

    Whoever refused or withdrew is asked again only when the applicant names that party or dataset.
    """
    need, consent = asked.need, asked.consent
    if need.number is None or wish.party not in {None, need.party} or wish.dataset not in {None, need.dataset.code}:
        return False
    standing = None if consent is None else consent.standing(context.moment.today)
    is_named = wish.party is not None or wish.dataset is not None
    turned_down = {ConsentStatus.REFUSED, ConsentStatus.WITHDRAWN}
    return standing in {None, ConsentStatus.EXPIRED} or (is_named and standing in turned_down)


def _may_move(case: Application, asked: Asked, wish: AskConsents) -> bool:
    """Whether the applicant names what waits for somebody else's answer, to give it in that person's stead."""
    need, consent = asked.need, asked.consent
    is_named = wish.party == need.party and wish.dataset in {None, need.dataset.code}
    return is_named and consent is not None and consent.account != case.applicant and consent.status in OPEN_TO_OTHERS


def _can_answer(plan: Plan, asked: Asked) -> bool:
    """For an enterprise only who is known to speak for it; of a number without an account nothing is told."""
    return asked.person is not None or is_person(plan.bundle, asked.need.party)


def _fresh(context: Context, case: Application, plan: Plan, asked: Asked) -> Consent:
    need, today = asked.need, context.moment.today
    text = consent_views.notice_of(context, case, plan, need)
    return Consent(
        id=context.new_id(),
        application_id=case.id,
        party=need.party,
        subject=asked.key,
        account=asked.person.code if asked.person is not None else NOBODY,
        dataset=need.dataset.code,
        elements=need.elements,
        items=need.items,
        departments=tuple(dict.fromkeys(plan.find(item).routed.department.code for item in need.items)),
        text=text,
        digest=consent_needs.digest_of(text),
        asked_at=context.at,
        asked_by=context.actor.account,
        until=consent_needs.until(today),
    )


EVENTS = {ConsentStatus.ASKED: EventKind.CONSENT_ASKED, **{move.end: move.event for move in MOVES.values()}}


def _lost(context: Context, case: Application, plan: Plan, consent: Consent) -> dict[str, Fallback]:
    return consent_needs.fallen(case, plan, circle(context, case, plan), consent, context.at)


def _record(h: Happenings, world: World, consent: Consent, plan: Plan, **changes: Any) -> None:
    """The event of the application: whose consent to which data, never why."""
    whose, dataset = name_of(plan.bundle, consent.party), _dataset_name(world, consent.dataset)
    h.record(EVENTS[consent.status], why=f"{whose.zh}：{dataset.zh}", **changes)


def _dataset_name(world: World, code: str) -> Text:
    dataset = world.library.datasets.get(code)
    return dataset.name if dataset is not None else Text(code, code)


def _own(context: Context, reader: Reader, consent_id: str) -> Consent:
    who = context.acting(Role.APPLICANT)
    found = rows.consent(reader, consent_id)
    if found is None or found.account != who.account:
        raise NotFound(Text("没有找到这项授权。", "There is no such consent."))
    return found


def _case(reader: Reader, consent: Consent) -> Application:
    case = reader.application(consent.application_id)
    if case is None:
        raise NotFound(Text("没有找到这项授权。", "There is no such consent."))
    return case


def _consent_out(context: Context, reader: Reader, consent: Consent) -> ConsentOut:
    case = _case(reader, consent)
    return consent_views.consent_out(context, consent, case, plan_of(context, reader, case))


def _with_messages(context: Context, case: str, changes: Changes, messages: list[Message]) -> Changes:
    told = [message_row(message, context.new_id(), case, context.at) for message in messages]
    return changes.also("message", *told)


def _asking(context: Context, case: Application, plan: Plan, consent: Consent) -> Message:
    return consents.asking(consent, plan.bundle.name, consent_views.masked_applicant(context.world, case))
