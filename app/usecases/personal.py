"""免问: a bundle for the person who asks: what registers answer is not asked, and the plan follows (一证通办)."""

from dataclasses import dataclass
from functools import partial

from app.domain import known_answers
from app.domain.answers import accept
from app.domain.catalogue import Question
from app.domain.conditions import Value
from app.domain.errors import Fault, InvalidInput
from app.domain.parties import Circle
from app.domain.prefill import NOBODY, Reply, Want
from app.domain.routing import Plan, Planner
from app.domain.shared_values import Fallback, FallbackReason, Had
from app.domain.sharing import Purpose
from app.domain.vocabulary import Role, Text
from app.schemas.common import Bilingual
from app.schemas.plans import PlanOut
from app.schemas.prefill import AnsweredOut, PersonalOut, UnansweredOut
from app.storage.changes import Changes
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases import data_rounds, prefill_views
from app.usecases.asked import Asked
from app.usecases.context import Context
from app.usecases.data_rounds import Scene

NOT_SETTLED = Text("登记的内容不足以回答。", "What the register holds does not settle it.")


async def show(context: Context, store: Store, code: str, region: str) -> PersonalOut:
    """The bundle with the answers that data give. Every look-up is kept in the ledger.

    Raises :class:`NotFound` for an unknown bundle, :class:`InvalidInput` for an unknown region.
    """
    context.acting(Role.APPLICANT, Role.AGENT)
    planner = context.world.planner(code)
    if region not in context.world.catalogue.regions:
        text = Text("没有这个区划代码。", "There is no such region code.")
        raise InvalidInput([Fault("/query/region", "unknown-region", text)])
    blank = planner.plan({}, region, context.start)
    stage = partial(_scene, plan=blank, planner=planner)
    asked = await data_rounds.ask(context, store, stage, Purpose.ANSWER)
    return await store.aperform(partial(_told, context, planner=planner, blank=blank, asked=asked))


def _scene(context: Context, _: Reader, plan: Plan, planner: Planner) -> Scene:
    circle = data_rounds.circle_of(context, None, plan, {})
    return Scene(None, plan, circle, lambda known: _wants(planner, known))


def _wants(planner: Planner, circle: Circle) -> list[Want]:
    found = []
    for question in planner.bundle.questions.values():
        item = known_answers.asking_item(planner.bundle, planner.library, question.dataset or "")
        if question.answer is None or question.dataset is None or item is None:
            continue
        element = question.answer.element
        found += [Want(question.dataset, party, item, (element,)) for party in circle.leaves(question.answer.party)]
    return found


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: Value | None
    had: Had
    why: Text


def _told(context: Context, reader: Reader, planner: Planner, blank: Plan, asked: Asked) -> Outcome[PersonalOut]:
    asked = asked.rationed(context, reader)
    circle = data_rounds.circle_of(context, None, blank, asked.links)
    outcomes = {
        question.code: _outcome(context, planner, circle, question, asked)
        for question in planner.bundle.questions.values()
        if question.answer is not None and question.dataset is not None
    }
    known = {code: outcome.value for code, outcome in outcomes.items() if outcome.value is not None}
    answers = accept(planner.bundle, known)
    plan = planner.plan(answers, blank.region, context.start)
    questions = planner.bundle.questions
    answer = PersonalOut(
        bundle=planner.bundle.code,
        region=blank.region,
        answers=dict(answers),
        answered=[
            _answered(context, planner, plan, questions[code], value, outcomes[code]) for code, value in answers.items()
        ],
        unanswered=[
            UnansweredOut(question=code, ask=Bilingual.of(questions[code].ask), why=Bilingual.of(outcome.why))
            for code, outcome in outcomes.items()
            if outcome.value is None
        ],
        questions=list(plan.open_questions),
        plan=PlanOut.of(plan, context.world.catalogue.calendar),
    )
    return Outcome(answer, asked.kept(context, Changes()) if asked.calls else None)


def _answered(
    context: Context, planner: Planner, plan: Plan, question: Question, value: Value, outcome: _Outcome
) -> AnsweredOut:
    source = prefill_views.had_out(outcome.had, planner.library, plan, context.moment)
    return AnsweredOut(question=question.code, ask=Bilingual.of(question.ask), value=value, source=source)


def _outcome(context: Context, planner: Planner, circle: Circle, question: Question, asked: Asked) -> _Outcome:
    rule, dataset = question.answer, question.dataset or ""
    if rule is None:
        raise LookupError(f"{question.code} has no rule that answers it")
    parties = circle.leaves(rule.party)
    replies = [asked.replies.get((dataset, party, rule.element), NOBODY) for party in parties]
    had = Had(dataset, planner.library.datasets[dataset].holder, rule.element, "+".join(parties), context.at)
    lacking = next((reply for reply in replies if not _says_something(reply)), None)
    if lacking is not None:
        why = Fallback(dataset, "", lacking.why or FallbackReason.EMPTY, context.at, lacking.detail)
        return _Outcome(None, had, why.sentence)
    records = [None if reply.why is not None else {rule.element: reply.value} for reply in replies]
    value = known_answers.answered(planner.bundle, question, records, context.moment.today)
    return _Outcome(value, had, NOT_SETTLED)


def _says_something(reply: Reply) -> bool:
    """A record, or that there is none, is an answer; a refusal or silence is not."""
    return reply.why in {None, FallbackReason.EMPTY}
