"""The personal plan: what applies and why, in which order, one form, one set of papers, dates, and what it saves."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field

from app.domain.deadlines import Calendar, due, explain
from app.domain.explanations import Explanation, explain_plan
from app.domain.routing import LeftOut, Plan, PlannedField, PlannedItem, PlannedMaterial
from app.domain.submissions import PLAIN, mode_of
from app.domain.trace import trace_of
from app.schemas.catalogue import EdgeOut, LimitOut, RoutedOut, SourcedText, known
from app.schemas.common import Bilingual, Day, In, Out, Term


class PlanRequest(In):
    """Answers so far, complete or not, and where."""

    region: str = Field(description="region of the case, usually a county", examples=["330802"])
    answers: dict[str, Any] = Field({}, description="question → answer; bool, number, option, or list of options")
    on: Day | None = Field(None, description="as if submitted on this date; today when left out")


class BecauseOut(Out):
    """Why: the rule, the facts that settle it, the reason in words, and what would change it."""

    outcome: bool | None = Field(description="null while the answers do not decide it")
    rule: str
    facts: list[str] = Field(description="codes of the questions that settle it")
    because: Bilingual
    counterfactuals: list[Bilingual]
    changes: list[dict[str, Any]] = Field(
        description="answers that make the counterfactual at the same place come true"
    )
    note: Bilingual | None = Field(None, description="what the catalogue adds: where to go instead, how it works")

    @classmethod
    def of(cls, explanation: Explanation) -> "BecauseOut":
        """From the domain."""
        return cls(
            outcome=explanation.outcome,
            rule=explanation.rule,
            facts=list(explanation.facts),
            because=Bilingual.of(explanation.because),
            counterfactuals=[Bilingual.of(text) for text in explanation.counterfactuals],
            changes=[dict(change) for change in explanation.changes],
            note=Bilingual.maybe(explanation.note),
        )


Reasons = Mapping[str, Explanation]


class PlannedItemOut(Out):
    """An item that applies: which department, after what, by when."""

    code: str
    name: Bilingual
    short: Bilingual
    stage: int = Field(description="items of one stage run side by side")
    routed: RoutedOut
    after: list[EdgeOut]
    promised: LimitOut
    promises: list[BecauseOut] = Field(description="other promises, such as 告知承诺, that apply or could")
    statutory: LimitOut | None
    starts_after_days: int = Field(description="working days from acceptance of the whole until it starts")
    promised_on: date = Field(description="promised date if submitted and accepted on the plan's date")
    is_critical: bool = Field(description="on the path that decides the date of the whole")
    mode: Term = Field(description="ordinary, commitment (告知承诺制) or offered (免申即享: confirm or decline)")
    survey: bool
    visits: int = Field(description="visits in person that the item needs")
    visits_reason: Bilingual | None
    because: BecauseOut

    @classmethod
    def of(cls, planned: PlannedItem, reasons: Reasons) -> "PlannedItemOut":
        """From the domain."""
        item = planned.item
        return cls(
            code=item.code,
            name=Bilingual.of(item.name),
            short=Bilingual.of(item.short),
            stage=planned.stage,
            routed=RoutedOut.of(planned.routed),
            after=[EdgeOut.of(edge) for edge in planned.after],
            promised=LimitOut.of(planned.promised),
            promises=[BecauseOut.of(reasons[d.subject]) for _, d in planned.promises if d.subject in reasons],
            statutory=LimitOut.maybe(item.statutory),
            starts_after_days=planned.starts_after,
            promised_on=planned.promised_on,
            is_critical=planned.is_critical,
            mode=Term.of(mode_of(planned, PLAIN)),
            survey=item.survey,
            visits=item.bundled_visits,
            visits_reason=Bilingual.maybe(item.bundled_visits_reason),
            because=BecauseOut.of(reasons[planned.decision.subject]),
        )


class LeftOutOut(Out):
    """An item that does not apply, or is not decided yet."""

    code: str
    name: Bilingual
    because: BecauseOut

    @classmethod
    def of(cls, left: LeftOut, reasons: Reasons) -> "LeftOutOut":
        """From the domain."""
        return cls(
            code=left.item.code,
            name=Bilingual.of(left.item.name),
            because=BecauseOut.of(reasons[left.decision.subject]),
        )


class PlannedFieldOut(Out):
    """One field of the one form: asked once, used by several."""

    code: str
    name: Bilingual
    group: str
    kind: Term
    grade: Term
    required: bool
    users: list[str] = Field(description="items that use it")
    source: Term
    origin: str | None = Field(description="item, dataset or rule it comes from; null when typed")
    unit: Bilingual | None
    options: dict[str, Bilingual]
    columns: list[dict[str, Any]]
    minimum: float | None
    maximum: float | None
    max_length: int = Field(description="signs at most")
    help: Bilingual | None
    example: str | None
    later: int | None = Field(description="working days after acceptance in which it may follow; null when it may not")

    @classmethod
    def of(cls, planned: PlannedField) -> "PlannedFieldOut":
        """From the domain."""
        spec = planned.spec
        return cls(
            code=spec.code,
            name=Bilingual.of(spec.name),
            group=spec.group,
            kind=Term.of(spec.kind),
            grade=Term.of(spec.grade),
            required=spec.required,
            users=list(planned.users),
            source=Term.of(planned.source.source),
            origin=planned.source.origin,
            unit=Bilingual.maybe(spec.unit),
            options={value: Bilingual.of(name) for value, name in spec.options.items()},
            columns=[
                {
                    "code": column.code,
                    "name": {"zh": column.name.zh, "en": column.name.en},
                    "kind": column.kind.value,
                    "required": column.required,
                }
                for column in spec.columns
            ],
            minimum=spec.minimum,
            maximum=spec.maximum,
            max_length=spec.max_length,
            help=Bilingual.maybe(spec.help),
            example=spec.example,
            later=spec.later,
        )


class PlannedMaterialOut(Out):
    """One material of the one set."""

    code: str
    name: Bilingual
    users: list[str]
    need: Term
    is_needed: bool | None = Field(description="false: the situation does not arise; null: only a person can tell")
    case: Bilingual | None
    source: Term
    origin: str | None
    accepts: list[str]
    because: list[BecauseOut]

    @classmethod
    def of(cls, planned: PlannedMaterial, reasons: Reasons) -> "PlannedMaterialOut":
        """From the domain."""
        return cls(
            code=planned.material.code,
            name=Bilingual.of(planned.material.name),
            users=list(planned.users),
            need=Term.of(planned.need),
            is_needed=planned.is_needed,
            case=Bilingual.maybe(planned.case),
            source=Term.of(planned.source.means),
            origin=planned.source.origin,
            accepts=list(planned.material.accepts),
            because=[BecauseOut.of(reasons[d.subject]) for d in planned.decisions if d.subject in reasons],
        )


class FeeOut(Out):
    """One fee."""

    item: str
    name: Bilingual
    standard: Bilingual
    basis: Bilingual
    amount_yuan: float | None


class SavingsOut(Out):
    """Before → after. "Before" is the same items one errand after another; computed from illustrative data."""

    items: int
    departments: int
    fields_before: int
    fields_merged: int
    fields_typed: int = Field(description="of the merged form, what the applicant types")
    materials_before: int
    materials_merged: int
    materials_uploaded: int = Field(description="of the merged set, what the applicant hands in")
    days_before: int = Field(description="promised working days, one errand after another")
    days_after: int = Field(description="promised working days of the whole")
    visits_before: int
    visits_after: int
    steps_before: int
    steps_after: int


class DueOut(Out):
    """A date that explains itself."""

    on: date
    start: date
    working_days: int
    explanation: Bilingual
    unpublished_years: list[int] = Field(
        description="years whose holidays are not published: Monday–Friday was assumed"
    )


class EligibilityOut(Out):
    """Whether the person is within this 一件事; each requirement with its reason."""

    outcome: bool | None
    requirements: list[BecauseOut]
    otherwise: list[Bilingual] = Field(description="for every requirement that fails: why, and where to go instead")


class NotNeededOut(Out):
    """您不需要办理: something people believe they need."""

    entry: SourcedText
    because: BecauseOut


class PlanOut(Out):
    """A personal plan (个性化办事指南). Nothing is stored to make it."""

    bundle: str
    digest: str
    region: str
    answers: dict[str, Any] = Field(description="the answers that count; answers to questions not asked are dropped")
    open_questions: list[str] = Field(description="questions to answer next, in order")
    is_complete: bool
    eligibility: EligibilityOut
    items: list[PlannedItemOut]
    excluded: list[LeftOutOut]
    undecided: list[LeftOutOut]
    not_needed: list[NotNeededOut]
    stages: list[list[str]]
    fields: list[PlannedFieldOut]
    materials: list[PlannedMaterialOut]
    fees: list[FeeOut]
    promised: DueOut
    critical_path: list[str]
    savings: SavingsOut
    trace: dict[str, Any] | None = Field(
        None, description="trace/v1: evaluating it alone gives the same plan; on request"
    )

    @classmethod
    def of(cls, plan: Plan, calendar: Calendar, *, with_trace: bool = False) -> "PlanOut":
        """From the domain."""
        explained = explain_plan(plan)
        reasons = explained.by_subject
        return cls(
            bundle=plan.bundle.code,
            digest=plan.bundle.digest,
            region=plan.region,
            answers=dict(plan.answers),
            open_questions=list(plan.open_questions),
            is_complete=plan.is_complete,
            eligibility=_eligibility(plan, reasons),
            items=[PlannedItemOut.of(planned, reasons) for planned in plan.items],
            excluded=[LeftOutOut.of(left, reasons) for left in plan.excluded],
            undecided=[LeftOutOut.of(left, reasons) for left in plan.undecided],
            not_needed=[
                NotNeededOut(
                    entry=SourcedText(text=Bilingual.of(entry.name), known=known(entry.provenance)),
                    because=BecauseOut.of(reasons[decision.subject]),
                )
                for entry, decision in plan.not_needed
                if decision.outcome
            ],
            stages=[list(stage) for stage in plan.stages],
            fields=[PlannedFieldOut.of(planned) for planned in plan.fields],
            materials=[PlannedMaterialOut.of(planned, reasons) for planned in plan.materials],
            fees=[
                FeeOut(
                    item=item,
                    name=Bilingual.of(fee.name),
                    standard=Bilingual.of(fee.standard),
                    basis=Bilingual.of(fee.basis),
                    amount_yuan=fee.amount_yuan,
                )
                for item, fee in plan.fees
            ],
            promised=due_out(calendar, plan.start, plan.path.total),
            critical_path=list(plan.path.on_path),
            savings=SavingsOut.model_validate(plan.savings),
            trace=trace_of(plan) if with_trace else None,
        )


def due_out(calendar: Calendar, start: date, days: int) -> DueOut:
    """A due date with its explanation."""
    found = due(calendar, start, days)
    return DueOut(
        on=found.on,
        start=found.start,
        working_days=found.count,
        explanation=Bilingual.of(explain(found)),
        unpublished_years=list(found.unpublished_years),
    )


def _eligibility(plan: Plan, reasons: Reasons) -> EligibilityOut:
    return EligibilityOut(
        outcome=plan.is_eligible,
        requirements=[BecauseOut.of(reasons[decision.subject]) for _, decision in plan.eligibility],
        otherwise=[Bilingual.of(need.otherwise) for need, decision in plan.eligibility if decision.outcome is False],
    )
