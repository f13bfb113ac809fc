"""整件延期: the lead department asks for more time for the whole, its government answers (行政许可法 art. 42 (2))."""

from app.domain import whole_extensions as rules
from app.domain.applications import Application
from app.domain.joint import limit_of_case, limit_of_plan
from app.domain.vocabulary import Role, Text
from app.schemas.common import Bilingual, Page
from app.schemas.joint import MoreTimeOut, WaitingWishOut, WholeAnswer, WholeLimitOut, WholeWish, WholeWishOut
from app.storage import whole_wishes
from app.storage.queries import NUL, Reader
from app.storage.store import Outcome
from app.usecases import access, attempts, paging
from app.usecases.accounts import department
from app.usecases.acts import begin, written
from app.usecases.context import Context
from app.usecases.plans import plan_of
from app.usecases.safety import refuse_real_numbers


def show(context: Context, reader: Reader, application_id: str) -> MoreTimeOut:
    """The limit of the whole as it stands, and what may be done about it, for whoever has a part in the case."""
    return _out(context, reader, _visible(context, reader, application_id))


def ask(context: Context, reader: Reader, application_id: str, wish: WholeWish) -> Outcome[MoreTimeOut]:
    """申请整件延期, by an officer of the lead department, before the last day.

    Raises :class:`NotAllowed` for another department, :class:`ActionNotAllowed` when it is late, waits already or was
    extended before.
    """
    refuse_real_numbers(wish.model_dump())
    context.acting(Role.OFFICER)
    before = _visible(context, reader, application_id)
    h = begin(context, before)
    rules.ask(h, _lead(context, reader, h.case) or "", wish.reason, wish.days)
    return Outcome(_out(context, reader, h.case), written(context, reader, before, h))


def answer(context: Context, reader: Reader, application_id: str, wish: WholeAnswer) -> Outcome[MoreTimeOut]:
    """批准 or 不同意, by whoever stands for the head of the government that was asked.

    Raises :class:`NotAllowed` for another government, :class:`ActionNotAllowed` when nobody has asked or it is late.
    """
    refuse_real_numbers(wish.model_dump())
    context.acting(Role.SUPERVISOR)
    before = _visible(context, reader, application_id)
    h = begin(context, before)
    rules.answer(h, is_approved=wish.is_approved, reason=wish.reason)
    return Outcome(_out(context, reader, h.case), written(context, reader, before, h))


def waiting(context: Context, reader: Reader, cursor: str | None, limit: int) -> Page[WaitingWishOut]:
    """What waits for the answer of the supervisor's own government, oldest first."""
    who, found = context.acting(Role.SUPERVISOR), paging.position(cursor, 1)
    ids = whole_wishes.waiting_for(reader, who.region or "", found[0] if found else "", limit + 1)
    page = ids[:limit]
    cases = [case for own in page if (case := reader.application(own)) is not None]
    return Page(
        entries=[_waiting(context, reader, case) for case in cases],
        next=paging.cursor(page[-1]) if len(ids) > limit else None,
    )


def _waiting(context: Context, reader: Reader, case: Application) -> WaitingWishOut:
    wish = case.whole_wish
    if wish is None:
        raise AssertionError("only cases with a wish wait")
    return WaitingWishOut(
        application_id=case.id,
        reference=case.reference or "",
        bundle_name=Bilingual.of(context.world.planner_of(case, reader).bundle.name),
        lead_name=_name(context, _lead(context, reader, case)),
        days=wish.days,
        asked_at=wish.asked_at,
        on=limit_of_case(case, context.moment).on,
    )


def _visible(context: Context, reader: Reader, application_id: str) -> Application:
    """The application, also for the offices that have a part in it."""
    if context.actor.role is not Role.OFFICER:
        return access.application(context, reader, application_id)
    found = None if NUL in application_id else reader.application(application_id)
    if found is None:
        raise access.no_such_application()
    if not any(task.department == context.actor.department for task in found.tasks.values()):
        raise attempts.refused(context, found, None, access.no_such_application())
    return access.with_content(found)


def _lead(context: Context, reader: Reader, case: Application) -> str | None:
    return rules.lead_of(case, context.world.planner_of(case, reader).bundle.lead)


def _name(context: Context, code: str | None) -> Bilingual | None:
    found = department(context.world, code) if code is not None else None
    return Bilingual.of(found.name) if found is not None else None


def _out(context: Context, reader: Reader, case: Application) -> MoreTimeOut:
    who, moment = context.actor, context.moment
    plan = plan_of(context, reader, case)
    limit = limit_of_case(case, moment) if case.tasks else limit_of_plan(plan)
    lead = _lead(context, reader, case) if case.tasks else None
    government = rules.government_of(lead) if lead is not None and limit.applies else None
    place = context.world.catalogue.regions[government].name if government is not None else None
    is_lead = who.role is Role.OFFICER and who.department == lead
    is_head = who.role is Role.SUPERVISOR and who.region == government and case.whole_wish is not None
    wish, is_inside = case.whole_wish, who.role in {Role.OFFICER, Role.SUPERVISOR}
    why_not = rules.why_not_ask(case, moment) if wish is None else rules.why_not_approve(case, who, moment)
    return MoreTimeOut(
        application_id=case.id,
        reference=case.reference or "",
        bundle=case.bundle,
        bundle_name=Bilingual.of(context.world.planner_of(case, reader).bundle.name),
        limit=WholeLimitOut.of(limit, plan),
        lead=lead if limit.applies else None,
        lead_name=_name(context, lead) if limit.applies else None,
        government=government,
        government_name=None if place is None else Bilingual.of(_of_government(place)),
        stands_for=Bilingual.of(rules.STANDS_FOR),
        longest_days=rules.LONGEST,
        wish=None
        if wish is None or not is_inside
        else WholeWishOut(days=wish.days, reason=wish.reason, officer=wish.officer, asked_at=wish.asked_at),
        may_ask=is_lead and wish is None and why_not is None,
        may_approve=is_head and why_not is None,
        may_decline=is_head and rules.why_not_answer(case, who) is None,
        because=Bilingual.maybe(why_not),
    )


def _of_government(place: Text) -> Text:
    return Text(f"{place.zh}人民政府", f"People's Government of {place.en}")
