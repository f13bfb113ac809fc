"""Guiding questions (情形引导), one at a time, with the plan growing beside them; then the plan itself."""

from dataclasses import dataclass, replace
from typing import Any

from fastapi import Response
from starlette.datastructures import QueryParams

from app.domain.errors import InvalidInput, NoAuthority, RealIdentity, Refusal
from app.domain.vocabulary import Role, Text
from app.schemas.catalogue import BundleOut, QuestionOut
from app.schemas.plans import PlanOut, PlanRequest
from app.transport.doors import Doors
from app.usecases import catalogue
from app.usecases.world import no_such
from app.web import answers, drawings
from app.web.answers import BEFORE
from app.web.comparing import compared
from app.web.forms import NONE, Errors, errors_of, missing
from app.web.visits import Visit, Visiting

router = Doors(include_in_schema=False)

PLEASE = Text("请先回答这个问题。", "Answer this question first.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address of the guide asks for: the answers so far, the question wanted, and the draft they are for."""

    bundle: BundleOut
    answers: dict[str, Any]
    before: dict[str, Any]
    wanted: str
    is_answered: bool
    region: str
    draft: str

    @property
    def kept(self) -> dict[str, str]:
        """What stays in the address all along: for which draft the answers are, and where."""
        return {"draft": self.draft, "region": self.region if self.draft else ""}

    def question(self, code: str) -> QuestionOut:
        """One question."""
        return next(question for question in self.bundle.questions if question.code == code)


@router.get("/bundles/{code}/guide")
async def show_question(visit: Visiting, code: str) -> Response:
    """The next question, or the one somebody wants to answer again; the plan once all are answered."""
    asked = _asked(visit, code)
    codes = [question.code for question in asked.bundle.questions]
    wanted = asked.wanted if asked.wanted in codes else ""
    try:
        plan = _plan(visit, asked)
    except InvalidInput as refusal:
        return _again(visit, asked, errors_of(refusal))
    except (NoAuthority, RealIdentity) as refusal:
        return visit.page("guide_stopped", 422, it=asked.bundle, text=refusal.detail)
    if wanted and asked.is_answered and wanted not in asked.answers:
        return _question(visit, asked, plan, wanted, missing(f"/q.{wanted}", PLEASE))
    if wanted and not asked.is_answered:
        return _question(visit, asked, plan, wanted, NONE)
    if plan.open_questions and plan.eligibility.outcome is not False:
        return _question(visit, asked, plan, plan.open_questions[0], NONE)
    path = f"/bundles/{code}/plan"
    change = {name: asked.answers[name] for name in asked.before if name in asked.answers}
    return visit.go(answers.changed(path, {**asked.answers, **asked.before}, change, **asked.kept))


@router.get("/bundles/{code}/plan")
async def show_plan(visit: Visiting, code: str) -> Response:
    """The personal plan (个性化办事指南) for the answers in the address."""
    asked = _asked(visit, code)
    try:
        plan = _plan(visit, asked)
    except Refusal as refusal:
        return visit.page("guide_stopped", 422, it=asked.bundle, text=refusal.detail)
    halls = [
        visit.ask(catalogue.show_item, visit.context.world, item.code, asked.region)
        for item in plan.items
        if item.visits
    ]
    return visit.page(
        "plan",
        it=asked.bundle,
        plan=plan,
        asked=asked,
        answers=answers,
        difference=_difference(visit, asked, plan),
        savings=drawings.savings(plan.savings),
        lanes=drawings.plan_lanes(plan, visit.lang),
        halls=halls,
        key=visit.context.dice.token(),
        may_apply=visit.role in {None, Role.APPLICANT, Role.AGENT},
    )


@router.get("/bundles/{code}/stories/{story}")
async def show_story(visit: Visiting, code: str, story: str) -> Response:
    """The plan of a worked example."""
    found = {entry.code: entry for entry in catalogue.stories(visit.context.world) if entry.bundle == code}
    if story not in found:
        raise no_such("示例", "worked example", story, found)
    return visit.go(answers.link(f"/bundles/{code}/plan", found[story].answers))


def _asked(visit: Visit, code: str) -> Asked:
    bundle = visit.ask(catalogue.show_bundle, visit.context.world, code)
    sent: QueryParams = visit.request.query_params
    return Asked(
        bundle,
        answers.read(bundle, sent),
        answers.read(bundle, sent, BEFORE),
        sent.get("ask", ""),
        "next" in sent,
        region if (region := sent.get("region", "")) in visit.context.world.catalogue.regions else visit.region.code,
        sent.get("draft", "")[:32],
    )


def _plan(visit: Visit, asked: Asked) -> PlanOut:
    wish = PlanRequest(region=asked.region, answers=asked.answers)
    return visit.ask(catalogue.preview, visit.context, asked.bundle.bundle.code, wish)


def _difference(visit: Visit, asked: Asked, plan: PlanOut) -> object | None:
    """What the change that led here does, when one did."""
    if not asked.before:
        return None
    wish = PlanRequest(region=asked.region, answers={**asked.answers, **asked.before})
    try:
        return compared(catalogue.preview(visit.context, asked.bundle.bundle.code, wish), plan)
    except Refusal:
        return None


def _again(visit: Visit, asked: Asked, errors: Errors) -> Response:
    """An answer does not fit: ask the first such question again, with what was typed."""
    codes = [fault.pointer.removeprefix("/answers/").partition("/")[0] for fault in errors.faults]
    first = next((question.code for question in asked.bundle.questions if question.code in codes), "")
    if not first:
        return visit.page("guide_stopped", 422, it=asked.bundle, text=errors.faults[0].detail)
    rest = {code: value for code, value in asked.answers.items() if code not in codes}
    plan = _plan(visit, replace(asked, answers=rest))
    here = [fault for fault in errors.faults if fault.pointer.removeprefix("/answers/") == first]
    shown = Errors(tuple(fault.model_copy(update={"pointer": f"/q.{first}"}) for fault in here))
    return _question(visit, asked, plan, first, shown)


def _question(visit: Visit, asked: Asked, plan: PlanOut, code: str, errors: Errors) -> Response:
    others = {name: value for name, value in asked.answers.items() if name != code}
    before = dict(asked.before)
    if code in asked.answers and not errors:
        before[code] = asked.answers[code]
    number = [question.code for question in asked.bundle.questions].index(code) + 1
    return visit.page(
        "guide",
        422 if errors else 200,
        it=asked.bundle,
        plan=plan,
        asked=asked,
        question=asked.question(code),
        value=asked.answers.get(code),
        number=number,
        hidden=answers.plain(others) + answers.plain(before, BEFORE),
        previous=_previous(asked, code),
        difference=_difference(visit, asked, plan),
        answers=answers,
        errors=errors,
    )


def _previous(asked: Asked, code: str) -> str | None:
    """The answered question before this one, to go back to."""
    before = None
    for question in asked.bundle.questions:
        if question.code == code:
            return before
        if question.code in asked.answers:
            before = question.code
    return before
