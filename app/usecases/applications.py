"""An application from draft to receipt: create, save, hand in, submit, correct, withdraw, show."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from app.domain import corrections, deferrals, outcomes, prefill, submissions, wallets
from app.domain.answers import accept
from app.domain.applications import Actor, Application, EventKind, ProvidedMaterial
from app.domain.deadlines import due, explain
from app.domain.deferrals import Terms
from app.domain.errors import Fault, InvalidInput
from app.domain.forms import is_blank
from app.domain.happenings import Happenings
from app.domain.joint import gravest_light, limit_of_case, limit_of_plan
from app.domain.lifecycle import ApplicationStatus
from app.domain.mandates import Power, must_cover
from app.domain.references import application_reference, normalise_query_code, query_code
from app.domain.routing import Plan
from app.domain.spared import spared_by
from app.domain.together import is_joint
from app.domain.vocabulary import Role, Text
from app.schemas.applications import (
    ApplicationOut,
    CertificateOut,
    Correction,
    NewApplication,
    ProvidedOut,
    QueryCodeOut,
    ReceiptOut,
    SaveDraft,
    Submission,
    notice_out,
    task_light,
)
from app.schemas.clocks import CreditNoteOut, LaterFacts, LightOut, SurveyOut
from app.schemas.common import Bilingual, FaultOut, Term
from app.schemas.joint import WholeLimitOut
from app.schemas.spared import SparedCaseOut
from app.storage.changes import Changes, Made
from app.storage.mapping import chain_of, created
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import access, certificate_uses, consents, drafts, looks, once, prefill_views, proxies
from app.usecases.accounts import account
from app.usecases.acts import begin, written
from app.usecases.context import Context
from app.usecases.plans import answers_of, plan_of, worked_out
from app.usecases.safety import refuse_real_numbers
from app.usecases.samples import add_sample_papers
from app.usecases.secrecy import hash_code
from app.usecases.wallets import fitted, wallet_for
from app.usecases.world import World

P = TypeVar("P")


def create(context: Context, reader: Reader, new: NewApplication, key: str | None) -> Outcome[ApplicationOut]:
    """A new draft. With a key already used for the same request, the draft made then.

    Raises :class:`InvalidInput`, :class:`NotFound` for an unknown bundle, :class:`RealIdentity`, and
    :class:`TooMany` for a person with too many drafts.
    """
    who = context.acting(Role.APPLICANT, Role.AGENT, Role.CLERK, is_by_mandate=True)
    if (known := once.seen(context, reader, key, new)) is not None:
        return show(context, reader, known)
    refuse_real_numbers(new.model_dump())
    wish = _wish(context.world, new)
    applicant = _applicant(context, who, wish.applicant)
    drafts.must_have_room(context, reader, applicant)
    blank = blank_application(context, who, applicant, wish)
    h = Happenings(blank, who, context.moment)
    proxies.note(h, new.proxy)
    _save(context, h, wish.answers, wish.form)
    if new.story is not None:
        add_sample_papers(context, h, plan_of(context, reader, h.case))
    changes = written(context, reader, blank, h)
    row = {**created(h.case), **chain_of(changes), "version": 0}
    begun = Changes({"application": [row], **changes.inserts}, made=Made(row, (), (), ()))
    return Outcome(shown(context, reader, h.case), once.remember(context, key, new, h.case.id, begun))


def blank_application(context: Context, who: Actor, applicant: str, wish: NewApplication) -> Application:
    """The application before its first event."""
    bundle = context.world.bundle(wish.bundle or "")
    must_cover(who.mandate, bundle.code, bundle.name)
    region = wish.region or ""
    if region not in context.world.catalogue.regions:
        near = context.world.catalogue.regions.nearest(region)
        raise InvalidInput([Fault("/region", "unknown-region", _unknown_region(near))])
    return Application(
        id=context.new_id(),
        bundle=bundle.code,
        digest=bundle.digest,
        region=region,
        filed_region=who.region if who.role is Role.CLERK else None,
        home_region=person.region if (person := account(context.world, applicant)) else None,
        applicant=applicant,
        created_at=context.at,
        created_by=who.account,
    )


def save(context: Context, reader: Reader, application_id: str, wish: SaveDraft) -> Outcome[ApplicationOut]:
    """暂存. Keeps incomplete and ill-fitting values; what is wrong with them is in ``faults``."""
    refuse_real_numbers(wish.model_dump())
    before = access.own_application(context, reader, application_id)
    h = begin(context, before)
    answers = before.answers if wish.answers is None else wish.answers
    masks = prefill_views.masks(context, before, plan_of(context, reader, before)) if before.had else {}
    form = {code: value for code, value in wish.form.items() if value != masks.get(code, object)}
    _save(context, h, answers, form, masks)
    consents.let_go(context, reader, h)
    if wish.proxy is not None:
        proxies.amend(h, wish.proxy)
    return committed(context, reader, before, h)


def _save(
    context: Context, h: Happenings, answers: Mapping[str, Any], form: Mapping[str, Any], unseen: Collection[str] = ()
) -> None:
    submissions.must_be_draft(h.case)
    planner = context.world.planner(h.case.bundle)
    plan = worked_out(context, planner, h.case, accept(planner.bundle, answers))
    known = frozenset(field for item in planner.bundle.items for field in planner.library.items[item].fields)
    submissions.save(h, form, plan, known, unseen)


def provide(
    context: Context, reader: Reader, application_id: str, material: ProvidedMaterial
) -> Outcome[ApplicationOut]:
    """Hand in one material (already kept by the file store, or paper at the counter)."""
    before = access.to_change(context, reader, application_id)
    refuse_real_numbers(material.filename, "/filename")
    h = begin(context, before)
    plan = plan_of(context, reader, before)
    submissions.provide(h, material, plan)
    return committed(context, reader, before, h)


def remove(context: Context, reader: Reader, application_id: str, code: str) -> Outcome[ApplicationOut]:
    """Take a material back out of a draft."""
    before = access.own_application(context, reader, application_id)
    h = begin(context, before)
    submissions.remove(h, code)
    return committed(context, reader, before, h)


def submit(
    context: Context, reader: Reader, application_id: str, key: str | None, said: Submission | None = None
) -> Outcome[ReceiptOut]:
    """申报. Submitting the same application again gives the same application, without the query code.

    Raises :class:`Incomplete`, :class:`NotEligible` or :class:`InvalidInput` with every fault.
    """
    said = said or Submission()
    refuse_real_numbers(said.model_dump())
    before = access.own_application(context, reader, application_id, Power.SUBMIT)
    wish: dict[str, Any] = {"submit": application_id}
    if said != Submission():
        wish["said"] = said.model_dump()
    known = once.seen(context, reader, key, wish)
    if known is not None or (before.submitted_at is not None and key is None):
        answer = ReceiptOut(application=shown(context, reader, before), query_code=None, proof=proof_of(before))
        return Outcome(answer, looks.kept(context, reader, before))
    planner = context.world.planner(before.bundle)
    plan = worked_out(context, planner, before, answers_of(planner, before))
    wallet = wallet_for(context, reader, before, plan)
    plan = prefill.fitted(before, fitted(context, reader, before, plan, wallet))
    code = query_code(context.new_query_code())
    reference = application_reference(before.region[:6], context.moment.today, context.new_serial())
    h = begin(context, before)
    if before.submitted_at is None and before.digest != planner.bundle.digest:
        h.record(EventKind.DRAFT_SAVED, digest=planner.bundle.digest)  # the pack changed since the draft was made
    hashed = hash_code(context.world.policy.secret, code, reference)
    terms = _terms(reader, before, plan, said)
    submissions.submit(h, plan, reference, hashed, terms)
    wallets.use(h, plan, wallet, terms.declined)
    changes = certificate_uses.at_submission(written(context, reader, before, h, plan), h)
    kept = looks.kept(context, reader, h.case, once.remember(context, key, wish, before.id, changes))
    answer = ReceiptOut(application=shown(context, reader, h.case), query_code=code, proof=proof_of(before))
    return Outcome(answer, kept)


def proof_of(case: Application) -> str:
    """Where the proof of the submission is to be had."""
    return f"/api/v1/applications/{case.id}/proof"


def _terms(reader: Reader, case: Application, plan: Plan, said: Submission) -> Terms:
    """What the applicant says, and whether earlier commitments were kept, where this one rests on a commitment."""
    terms = Terms(is_pledged=said.pledge, later=frozenset(said.later), declined=frozenset(said.declined))
    if not submissions.rests_on_trust(case, plan, terms):
        return terms
    return replace(terms, is_trusted=not reader.credit_notes(case.applicant))


def bring(context: Context, reader: Reader, application_id: str, wish: LaterFacts) -> Outcome[ApplicationOut]:
    """后补: the fields promised at submission."""
    refuse_real_numbers(wish.model_dump())
    before = access.own_application(context, reader, application_id, Power.SUBMIT)
    h = begin(context, before)
    deferrals.bring(h, wish.values, plan_of(context, reader, before))
    outcomes.follow(h)
    return committed(context, reader, before, h)


def credit_notes(context: Context, reader: Reader) -> list[CreditNoteOut]:
    """The false commitments on record against the applicant, newest first."""
    who = context.acting(Role.APPLICANT, Role.AGENT)
    found = []
    for row in reader.credit_notes(who.on_behalf_of or who.account):
        case = reader.application(row["application_id"])
        reference = (case.reference if case is not None else None) or ""
        found.append(CreditNoteOut(reference=reference, item=row["item"], at=row["at"], why=row["why"]))
    return found


def correct(
    context: Context, reader: Reader, application_id: str, number: int, wish: Correction
) -> Outcome[ApplicationOut]:
    """补正: answer one notice."""
    refuse_real_numbers(wish.model_dump())
    before = access.own_application(context, reader, application_id, Power.SUBMIT)
    h = begin(context, before)
    corrections.correct(h, number, wish.values, plan_of(context, reader, before))
    outcomes.follow(h)
    return committed(context, reader, before, h)


def withdraw(context: Context, reader: Reader, application_id: str, reason: str | None) -> Outcome[ApplicationOut]:
    """撤回 the whole; a draft is withdrawn too. Decisions already made stand."""
    refuse_real_numbers(reason, "/reason")
    context.acting(Role.APPLICANT, Role.AGENT, is_by_mandate=True)
    before = access.own_application(context, reader, application_id, Power.WITHDRAW)
    h = begin(context, before)
    if before.status is ApplicationStatus.DRAFT:
        h.record(EventKind.WITHDRAWN, end=ApplicationStatus.WITHDRAWN, why=reason, completed_at=context.at)
        return committed(context, reader, before, h)
    outcomes.withdraw_all(h, reason)
    outcomes.follow(h)
    return committed(context, reader, before, h)


def renew_code(context: Context, reader: Reader, application_id: str) -> Outcome[QueryCodeOut]:
    """A new 查询码 for an application whose code was lost; the old one is void, and the new one outlives a mandate."""
    before = access.to_change(context, reader, application_id)
    if before.reference is None:
        raise access.no_such_application()
    code = query_code(context.new_query_code())
    h = begin(context, before)
    h.record(EventKind.CODE_RENEWED, query_hash=hash_code(context.world.policy.secret, code, before.reference))
    return Outcome(
        QueryCodeOut(reference=before.reference, query_code=normalise_query_code(code)),
        written(context, reader, before, h),
    )


def show(context: Context, reader: Reader, application_id: str) -> Outcome[ApplicationOut]:
    """The whole application, for whoever may see it; the look of a desk is kept."""
    case = access.application(context, reader, application_id)
    return Outcome(shown(context, reader, case), looks.kept(context, reader, case))


def committed(context: Context, reader: Reader, before: Application, h: Happenings) -> Outcome[ApplicationOut]:
    """The read model after the happenings, and their changes; nothing to write when nothing happened."""
    if not h.events:
        return Outcome(shown(context, reader, before), looks.kept(context, reader, before))
    changes = looks.kept(context, reader, h.case, written(context, reader, before, h))
    return Outcome(shown(context, reader, h.case, version=before.version + 1), changes)


def shown(context: Context, reader: Reader, case: Application, version: int | None = None) -> ApplicationOut:
    """The read model of an application."""
    plan = plan_of(context, reader, case)
    planner = context.world.planner_of(case, reader)
    is_draft = case.status is ApplicationStatus.DRAFT
    may_read = access.may_read_content(context.actor, case)
    sight = looks.of_form(context, reader, case, plan) if may_read else looks.NOTHING
    masks = prefill_views.masks(context, case, plan)
    limit = limit_of_case(case, context.moment) if case.tasks else limit_of_plan(plan)
    faults = submissions.faults_of(case, plan, Happenings(case, context.actor, context.moment)) if is_draft else []
    return ApplicationOut(
        id=case.id,
        reference=case.reference,
        bundle=case.bundle,
        bundle_name=Bilingual.of(planner.bundle.name),
        digest=planner.bundle.digest,
        region=case.region,
        filed_region=case.filed_region,
        applicant=case.applicant,
        status=Term.of(case.status),
        result=Term.of(case.result),
        version=case.version if version is None else version,
        answers=dict(case.answers) if may_read else {},
        form={code: masks.get(code, value) for code, value in sight.values.items()},
        masked=sorted({*sight.masked, *(masks.keys() & sight.values.keys())}),
        **(prefill_views.parts(context, reader, case, plan) if may_read else {}),
        created_at=case.created_at,
        submitted_at=case.submitted_at,
        completed_at=case.completed_at,
        promised_on=case.promised_on,
        promised_because=_promised_because(case, plan),
        whole_limit=WholeLimitOut.of(limit, plan),
        spared=None
        if case.submitted_at is None or case.erased_at
        else SparedCaseOut.of(spared_by(case, plan), is_named=may_read),
        light=LightOut.of(gravest_light(case, limit, context.moment)),
        survey=None if case.survey is None else SurveyOut.of(case.survey),
        proxy=proxies.shown(context, case, plan),
        is_joint=is_joint(case),
        may_follow=_may_follow(case, plan) if is_draft else [],
        open_questions=list(plan.open_questions) if is_draft else [],
        faults=[FaultOut(pointer=f.pointer, code=f.code, detail=Bilingual.of(f.detail)) for f in faults],
        materials=[ProvidedOut.of(material) for material in case.materials.values()] if may_read else [],
        tasks=[
            task_light(task, case, plan, planner.library, context.moment) for task in in_plan_order(case.tasks, plan)
        ],
        notices=[notice_out(notice, plan) for notice in case.notices],
        certificates=[CertificateOut.of(certificate) for certificate in in_plan_order(case.certificates, plan)],
    )


def _promised_because(case: Application, plan: Plan) -> Bilingual | None:
    """The whole is promised for the end of the critical path, counted from the day of submission."""
    if case.promised_on is None:
        return None
    counted = explain(due(plan.calendar, plan.start, plan.path.total))
    path = " → ".join(plan.path.on_path)
    return Bilingual(
        zh=f"最长的一条办理路径：{path}，共 {plan.path.total} 个工作日。{counted.zh}",
        en=f"The longest way through: {path}, {plan.path.total} working days. {counted.en}",
    )


def _may_follow(case: Application, plan: Plan) -> list[str]:
    papers = [planned.material.code for planned in deferrals.papers_to_follow(case, plan)]
    specs = [planned.spec for planned in plan.fields if planned.spec.later is not None]
    return papers + [spec.code for spec in specs if is_blank(case.form.get(spec.code))]


def in_plan_order(parts: Mapping[str, P], plan: Plan) -> list[P]:
    """What an application has by item, in the order of its plan."""
    return [parts[planned.item.code] for planned in plan.items if planned.item.code in parts]


def _wish(world: World, new: NewApplication) -> NewApplication:
    if new.story is None:
        missing = [name for name in ("bundle", "region") if getattr(new, name) is None]
        if missing:
            text = Text("请给出一件事和区划，或者一个示例故事。", "Give a bundle and a region, or a story.")
            raise InvalidInput([Fault(f"/{name}", "missing", text) for name in missing])
        return new
    story = world.catalogue.stories.get(new.story)
    if story is None:
        names = ", ".join(world.catalogue.stories)
        text = Text(f"没有这个示例故事，可选：{names}。", f"There is no such story; there are: {names}.")
        raise InvalidInput([Fault("/story", "unknown-story", text)])
    return new.model_copy(
        update={
            "bundle": story.bundle,
            "region": new.region or story.region,
            "answers": {**story.answers, **new.answers},
            "form": {**story.form, **new.form},
            "applicant": new.applicant or story.applicant,
        }
    )


def _applicant(context: Context, who: Actor, wanted: str | None) -> str:
    if who.role is Role.APPLICANT:
        return who.account
    if who.role is Role.AGENT:
        return who.on_behalf_of or ""
    person = account(context.world, wanted or "")
    if person is None or person.role is not Role.APPLICANT:
        text = Text("请说明为谁收件（虚构人物的代码）。", "Say for whom: the code of a fictional person.")
        raise InvalidInput([Fault("/applicant", "missing", text)])
    return person.code


def _unknown_region(near: str | None) -> Text:
    hint = Text(f"您是否想写 {near}？", f" Did you mean {near}?") if near else Text("", "")
    return Text(f"没有这个区划代码。{hint.zh}", f"There is no such region code.{hint.en}")
