"""What a desk sees of an application: its item's slice, masked, and one row of the ledger for each person it concerns.

Reads by desks are writes: the row is durable before anybody hears the answer, so that nothing is seen unseen.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.domain.applications import Application
from app.domain.catalogue import APPLICANT, FieldSpec
from app.domain.forms import is_blank
from app.domain.masking import is_masked, mask
from app.domain.papers import Paper
from app.domain.proxying import is_done_with
from app.domain.routing import Plan
from app.domain.sharing import FORM, Allowance, Basis, BasisKind, DataRequest, Denied, Purpose
from app.domain.slices import MATERIAL, about, circle_of
from app.domain.vocabulary import Role, Text
from app.storage.changes import Changes, Row
from app.storage.queries import Reader
from app.usecases import calls
from app.usecases.attempts import DESKS
from app.usecases.call_facts import law_of, subject_of
from app.usecases.context import Context
from app.usecases.plans import plan_of
from app.usecases.prefill_views import masks

PAPER = "paper:"
"""Stands before the number of a paper served in the case among the elements of the form."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees of a form: the values by field, which of them are masked, why they are withheld if they are,
    of which fields a yes is all that is seen, and the rows that say so."""

    values: Mapping[str, Any]
    masked: frozenset[str] = frozenset()
    withheld: Text | None = None
    verified: frozenset[str] = frozenset()
    rows: tuple[Row, ...] = ()

    def shows(self, spec: FieldSpec, value: Any) -> Any:
        """An earlier value of this field as the looker sees it: only beside the present one, and masked like it."""
        if spec.code not in self.values:
            return None
        return mask(spec, value) if spec.code in self.masked else value


NOTHING = Sight({})
"""What those see who watch the course of a case and not its content."""


def of_slice(context: Context, reader: Reader, case: Application, plan: Plan, item: str) -> Sight:
    """The slice of one item: in clear for the applicant's side, except what registers told of other people; masked for
    desks, withheld once the task is over."""
    specs = {p.spec.code: p.spec for p in plan.fields if item in p.users and not is_blank(case.form.get(p.spec.code))}
    if context.actor.role not in DESKS:
        others = {code: value for code, value in masks(context, case, plan).items() if code in specs}
        return Sight({code: case.form[code] for code in specs} | others, frozenset(others))
    wish = calls.request(context, case, plan, item=item, dataset=FORM, elements=specs, purpose=Purpose.REVIEW)
    decision = calls.authorise(context, reader, case, plan, wish)
    if isinstance(decision, Denied) or not specs:
        return Sight({}, withheld=decision.detail if isinstance(decision, Denied) else None)
    verified = frozenset(plan.find(item).item.verified) & case.had.keys() - case.disputes.keys() & specs.keys()
    seen = {code: spec for code, spec in specs.items() if code not in verified}
    hidden = frozenset(code for code, spec in seen.items() if is_masked(spec, case.form[code]))
    shown = {code: mask(spec, case.form[code]) if code in hidden else case.form[code] for code, spec in seen.items()}
    rows = rows_for(context, case, plan, item, seen.values(), decision, purpose=Purpose.REVIEW)
    sure = [specs[code] for code in sorted(verified)]
    rows += rows_for(context, case, plan, item, sure, decision, purpose=Purpose.VERIFY)
    return Sight(shown, hidden, verified=verified, rows=rows)


def of_form(context: Context, reader: Reader, case: Application, plan: Plan) -> Sight:
    """The whole form for the applicant's side and the hall: in clear for those who fill it in, masked for the hall
    after submission, withheld there once the application is over."""
    specs = {p.spec.code: p.spec for p in plan.fields if not is_blank(case.form.get(p.spec.code))}
    if context.actor.role not in DESKS or case.submitted_at is None:
        return Sight(case.form)
    if is_done_with(context.actor, case):
        return NOTHING
    if case.completed_at is not None:
        return Sight(
            {}, withheld=Text("申请已经办结，内容不再显示。", "The application is over: values are not shown.")
        )
    sights = [of_slice(context, reader, case, plan, item) for item in case.tasks]
    seen = {code: value for sight in sights for code, value in sight.values.items()}
    hidden = frozenset(code for sight in sights for code in sight.masked)
    return Sight({code: seen[code] for code in specs if code in seen}, hidden, rows=_joined(sights))


def kept(context: Context, reader: Reader, case: Application, changes: Changes | None = None) -> Changes | None:
    """The changes with the rows of the hall's look at the whole application; unchanged when nobody looks."""
    if context.actor.role is not Role.CLERK or case.submitted_at is None:
        return changes
    rows = of_form(context, reader, case, plan_of(context, reader, case)).rows
    return (changes or Changes()).also(calls.TABLE, *rows) if rows else changes


def _joined(sights: Iterable[Sight]) -> tuple[Row, ...]:
    """One row for each person and law, not one for each item: a field that several items use is seen once."""
    seen: set[tuple[str, str]] = set()
    rows = []
    for row in (row for sight in sights for row in sight.rows):
        fresh = [code for code in row["elements"] if (row["party"], code) not in seen]
        seen |= {(row["party"], code) for code in fresh}
        if fresh:
            rows.append({**row, "elements": fresh, "masked": [code for code in row["masked"] if code in fresh]})
    return tuple(rows)


def rows_for(
    context: Context,
    case: Application,
    plan: Plan,
    item: str,
    specs: Iterable[FieldSpec],
    decision: Allowance | Denied,
    *,
    purpose: Purpose,
    reason: str | None = None,
) -> tuple[Row, ...]:
    """One row for each person whose data are among these fields."""
    specs = tuple(specs)
    if not specs:
        return ()
    own = subject_of(context.world, case.applicant, None, plan.bundle, APPLICANT)
    circle = circle_of(case, plan.bundle, own)
    numbers, leaves = circle.numbers(), cache(circle.leaves)
    parties: dict[str, list[str]] = {}
    for spec in specs:
        for party in leaves(about(plan.bundle, spec)):
            same = APPLICANT if own is not None and numbers.get(party) == own else party
            parties.setdefault(same, []).append(spec.code)
    rows = []
    for party, codes in parties.items():
        elements = tuple(dict.fromkeys(codes))
        wish = calls.request(
            context,
            case,
            plan,
            item=item,
            dataset=FORM,
            elements=elements,
            purpose=purpose,
            party=party,
            subject=numbers.get(party),
            reason=reason,
        )
        rows.append(calls.row(context, wish, _only(decision, elements)))
    return tuple(rows)


def _only(decision: Allowance | Denied, elements: tuple[str, ...]) -> Allowance | Denied:
    if isinstance(decision, Denied):
        return decision
    return Allowance(decision.basis, elements, tuple(code for code in decision.masked if code in elements))


def at_paper(
    context: Context, reader: Reader, case: Application, plan: Plan, items: Iterable[str], code: str
) -> tuple[DataRequest, Allowance | Denied]:
    """A look of a desk at the paper handed in for one material, for the first of these items whose work still goes on
    (for the first, when none does)."""
    tried = []
    for item in items:
        elements = (f"{MATERIAL}{code}",)
        wish = calls.request(context, case, plan, item=item, dataset=FORM, elements=elements, purpose=Purpose.REVIEW)
        tried.append((wish, calls.authorise(context, reader, case, plan, wish)))
    return next((pair for pair in tried if isinstance(pair[1], Allowance)), tried[0])


def at_served(
    context: Context, reader: Reader, case: Application, paper: Paper, content: Mapping[str, Any]
) -> Changes | None:
    """The row of a desk that opens a paper served in the case: the paper, and the fields whose values stand in it.

    A paper is the record of the office that served it, and stays open to it when the task is over.
    """
    if context.actor.role not in DESKS:
        return None
    plan = plan_of(context, reader, case)
    item = paper.item
    if item is None or item not in case.tasks:
        item = next(iter(case.tasks), plan.items[0].item.code)
    written = json.dumps(content, ensure_ascii=False)
    told = [code for code, value in case.form.items() if isinstance(value, str) and len(value) > 1 and value in written]
    elements = (f"{PAPER}{paper.number}", *told)
    wish = calls.request(context, case, plan, item=item, dataset=FORM, elements=elements, purpose=Purpose.REVIEW)
    basis = Basis(BasisKind.STATUTORY_DUTY, law_of(plan.find(item).item))
    return Changes().also(calls.TABLE, calls.row(context, wish, Allowance(basis, elements)))
