"""Every request for data goes through here: the facts are gathered, the rule decides, and a row is kept of each.

``request`` says what is wanted, ``authorise`` decides, ``row`` is what the ledger keeps, granted or not. Nothing here
fetches anything, and nothing is written: the caller commits the row with what follows from the answer.
"""

from collections.abc import Iterable

from app.domain import sharing
from app.domain.applications import Application
from app.domain.catalogue import APPLICANT
from app.domain.matters import office_of
from app.domain.routing import Plan
from app.domain.sharing import Allowance, CallResult, DataRequest, Denied, Purpose
from app.storage.changes import Row
from app.storage.queries import Reader
from app.usecases.call_facts import facts, subject_of
from app.usecases.context import Context

TABLE = "data_call"


def request(
    context: Context,
    case: Application | None,
    plan: Plan,
    *,
    item: str,
    dataset: str,
    elements: Iterable[str],
    purpose: Purpose,
    party: str = APPLICANT,
    subject: str | None = None,
    reason: str | None = None,
    is_shown: bool = False,
) -> DataRequest:
    """The request of whoever asks now. ``subject`` (a number) is looked up in the case when it is not given;
    ``is_shown`` only when a register has just shown that the applicant may act for that very number.

    ``case`` is None before there is an application; the asker then asks about himself. The department is the office
    that looks; what the applicant's side asks for, it asks for the office that handles the item.
    """
    who = context.actor
    applicant = case.applicant if case is not None else who.on_behalf_of or who.account
    return DataRequest(
        case=None if case is None else case.id,
        bundle=plan.bundle.code,
        item=item,
        region=plan.region,
        applicant=applicant,
        department=office_of(who) or _department(case, plan, item),
        dataset=dataset,
        elements=tuple(elements),
        party=party,
        subject=subject or subject_of(context.world, applicant, case, plan.bundle, party),
        purpose=purpose,
        actor=who,
        reason=reason,
        is_shown=is_shown,
    )


def authorise(
    context: Context, reader: Reader, case: Application | None, plan: Plan, request: DataRequest
) -> Allowance | Denied:
    """The decision on one request, by the facts as they stand now."""
    return sharing.decide(request, facts(context, reader, case, plan, request))


def row(
    context: Context, request: DataRequest, decision: Allowance | Denied, result: CallResult = CallResult.ALLOWED
) -> Row:
    """The row of table ``data_call``; a refusal is denied whatever ``result`` says."""
    return {
        "id": context.new_id(),
        "at": context.at,
        "day": context.moment.today,
        "application_id": request.case,
        "bundle": request.bundle,
        "item": request.item,
        "region": request.region,
        "department": request.department,
        "applicant": request.applicant,
        "actor": request.actor.account,
        "role": request.actor.role.value,
        "dataset": request.dataset,
        "elements": list(request.elements),
        "party": request.party,
        "subject": context.world.keys.blind_index(request.subject) if request.subject else None,
        "purpose": request.purpose.value,
        "reason": request.reason,
        **_outcome(decision, result),
    }


def _outcome(decision: Allowance | Denied, result: CallResult) -> Row:
    if isinstance(decision, Denied):
        nothing: Row = {"basis": None, "law_zh": None, "law_en": None, "masked": []}
        told = {"result": CallResult.DENIED.value, "denial": decision.denial.value, "consent_id": decision.consent}
        return {**nothing, **told}
    law = decision.basis.law
    return {
        "basis": decision.basis.kind.value,
        "law_zh": law.zh if law else None,
        "law_en": law.en if law else None,
        "consent_id": decision.basis.consent,
        "masked": list(decision.masked),
        "result": result.value,
        "denial": None,
    }


def _department(case: Application | None, plan: Plan, item: str) -> str | None:
    if case is not None and item in case.tasks:
        return case.tasks[item].department
    return next((planned.routed.department.code for planned in plan.items if planned.item.code == item), None)
