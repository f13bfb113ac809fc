"""Checking the answers, submitting once, and the receipt."""

from functools import partial
from typing import Any

from fastapi import Request, Response

from app.domain.vocabulary import Text
from app.schemas.applications import ApplicationOut, Submission
from app.schemas.common import Bilingual, FaultOut
from app.schemas.plans import PlanOut
from app.transport.doors import Doors
from app.usecases import applications, papers, plans
from app.web import controls
from app.web.again import again
from app.web.applications import DRAFT
from app.web.forms import NONE, Errors, Typed, typed
from app.web.materials import to_upload
from app.web.visits import Visit, Visiting
from app.web.wording import group_name

router = Doors(include_in_schema=False)

MOST_LISTED = 8
"""Faults that the page before submission lists one by one; more are summed up by part of the form."""


@router.get("/applications/{application_id}/check")
async def show_check(visit: Visiting, application_id: str) -> Response:
    """Everything that was entered, in one place, before it is submitted."""
    return await _check(visit, application_id, Typed(), NONE)


@router.post("/applications/{application_id}/submit")
async def submit(visit: Visiting, request: Request, application_id: str) -> Response:
    """申报. The receipt is the answer itself: the query code it shows is in no address and in no cookie.

    Sent again (a reload, a second click) it is the same application, and the code is not shown again.
    """
    form = await typed(request)
    said = Submission(
        pledge=form.flag("pledge"),
        later=[code[:64] for code in form.texts("later")][:100],
        declined=[code[:64] for code in form.texts("declined")][:50],
    )
    key = form.text("key")[:200] or None
    async with again(partial(_check, visit, application_id, form)):
        receipt = await visit.perform(applications.submit, application_id=application_id, key=key, said=said)
    return await _receipt(visit, receipt.application, receipt.query_code)


@router.get("/applications/{application_id}/submit")
async def after_submitting(visit: Visiting, application_id: str) -> Response:
    """Where a change of language on the receipt leads: to the receipt, without the code."""
    return visit.go(f"/applications/{application_id}/receipt")


@router.get("/applications/{application_id}/receipt")
async def show_receipt(visit: Visiting, application_id: str) -> Response:
    """接收凭证, for as long as the application exists."""
    application = await visit.perform(applications.show, application_id=application_id)
    if application.reference is None:
        return visit.go(f"/applications/{application_id}")
    return await _receipt(visit, application, None)


@router.post("/applications/{application_id}/query-code")
async def renew_code(visit: Visiting, application_id: str) -> Response:
    """A new query code, shown once; the old one is no longer valid."""
    made = await visit.perform(applications.renew_code, application_id=application_id)
    application = await visit.perform(applications.show, application_id=application_id)
    return await _receipt(visit, application, made.query_code)


@router.get("/applications/{application_id}/query-code")
async def after_renewing(visit: Visiting, application_id: str) -> Response:
    """Where a change of language on the new code leads."""
    return visit.go(f"/applications/{application_id}/receipt")


async def _receipt(visit: Visit, application: ApplicationOut, code: str | None) -> Response:
    lines = await visit.read(papers.of_application, application_id=application.id)
    base = (visit.platform.settings.public_url or str(visit.request.base_url)).rstrip("/")
    answer = visit.page(
        "receipt",
        it=application,
        code=code,
        papers=[line for line in lines if line.may_open][:3],
        link=f"{base}/progress?reference={application.reference}",
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


async def _check(visit: Visit, application_id: str, form: Typed, errors: Errors) -> Response:
    application = await visit.perform(applications.show, application_id=application_id)
    if application.status.code != DRAFT:
        return visit.go(f"/applications/{application_id}")
    plan: PlanOut = await visit.read(plans.show, application_id=application_id)
    faults = _by_section(plan, errors or _faults(application))
    return visit.page(
        "check",
        422 if errors else 200,
        it=application,
        groups={group_name(code): (code, fields) for code, fields in controls.groups(plan).items()},
        uploads=to_upload(plan),
        provided={material.code: material for material in application.materials},
        elsewhere=_places(application_id, plan, faults),
        **_terms(application, plan, form),
        errors=errors,
        faults=faults,
        key=form.text("key") or visit.context.dice.token(),
    )


def _terms(application: ApplicationOut, plan: PlanOut, form: Typed) -> dict[str, Any]:
    """What may be said beside the form: what follows later, the undertaking, and offers that are not wanted."""
    fields = {field.code: field for field in plan.fields}
    papers_by_code = {paper.code: paper for paper in plan.materials}
    return {
        "may_follow": [fields[code] for code in application.may_follow if code in fields],
        "papers_to_follow": [papers_by_code[code] for code in application.may_follow if code in papers_by_code],
        "later": form.texts("later"),
        "pledge": form.flag("pledge"),
        "offered": [item for item in plan.items if item.mode.code == "offered"],
        "declined": form.texts("declined"),
        "commitments": [item for item in plan.items if item.mode.code == "commitment"],
    }


def _faults(application: ApplicationOut) -> Errors:
    """What is wrong, but for what may follow later."""
    later = {f"/form/{code}" for code in application.may_follow}
    return Errors(tuple(fault for fault in application.faults if fault.pointer not in later))


def _by_section(plan: PlanOut, errors: Errors) -> Errors:
    """Many faults as one line for each part of the form, which leads to the first of them."""
    if len(errors.faults) <= MOST_LISTED:
        return errors
    groups_of = {field.code: group for group, fields in controls.groups(plan).items() for field in fields}
    parts: dict[str, list[FaultOut]] = {}
    for fault in errors.faults:
        kind, _, rest = fault.pointer.strip("/").partition("/")
        parts.setdefault(groups_of.get(rest.partition("/")[0], "") if kind == "form" else "", []).append(fault)
    found: list[FaultOut] = []
    for group, faults in parts.items():
        if not group or len(faults) == 1:
            found += faults
            continue
        name, count = group_name(group), len(faults)
        text = Text(f"{name.zh}：还有 {count} 处没填好。", f"{name.en}: {count} things to fill in or mend.")
        first = "/".join(faults[0].pointer.split("/")[:3])
        found.append(faults[0].model_copy(update={"pointer": first, "detail": Bilingual.of(text)}))
    return Errors(tuple(found))


def _places(application_id: str, plan: PlanOut, errors: Errors) -> dict[str, str]:
    """Control → the page it is on, for everything that is wrong elsewhere than on this page."""
    here = f"/applications/{application_id}"
    groups_of = {field.code: group for group, fields in controls.groups(plan).items() for field in fields}
    found = {}
    for name, _ in errors.listed():
        kind, _, rest = name.partition(".")
        group = groups_of.get(rest.partition(".")[0])
        if kind == "form" and group:
            found[name] = f"{here}/form/{group}?check=1#{name}"
        elif kind == "materials":
            found[name] = f"{here}/materials#{name}"
    return found
