"""Filling the one form in, a group at a time: everything typed is kept at every step, whatever is wrong with it."""

from typing import Any

from fastapi import APIRouter, Query, Request, Response

from app.domain.errors import NotFound, RealIdentity, Refusal
from app.domain.vocabulary import Text
from app.schemas.applications import ApplicationOut, SaveDraft
from app.schemas.plans import PlannedFieldOut, PlanOut
from app.usecases import applications, plans
from app.web import controls
from app.web.forms import NONE, Errors, Typed, errors_of, typed
from app.web.visits import Visit, Visiting
from app.web.wording import group_name

router = APIRouter(include_in_schema=False)


@router.get("/applications/{application_id}/form/{group}")
async def show_group(
    visit: Visiting, application_id: str, group: str, check: str = Query("", max_length=8)
) -> Response:
    """One group of the form; ``check`` says what is wrong with what is there."""
    application, plan = await _read(visit, application_id)
    fields = _fields(plan, group)
    errors = NONE
    if check:
        errors = Errors(tuple(application.faults)).only(controls.name_of(field) for field in fields)
    return _page(visit, application, plan, group, controls.editable(application), errors)


@router.post("/applications/{application_id}/form/{group}")
async def save_group(visit: Visiting, request: Request, application_id: str, group: str) -> Response:
    """Keep what was typed, then go where the button leads."""
    application, plan = await _read(visit, application_id)
    fields = _fields(plan, group)
    form = await typed(request)
    values = controls.values(fields, form)
    try:
        saved = await visit.perform(applications.save, application_id=application_id, wish=SaveDraft(form=values))
    except Refusal as refusal:
        if isinstance(refusal, RealIdentity):
            values = controls.without(values, str(refusal.members["pointer"]))
        return _page(visit, application, plan, group, {**controls.editable(application), **values}, errors_of(refusal))
    return _onward(visit, saved, plan, group, form)


def _onward(visit: Visit, saved: ApplicationOut, plan: PlanOut, group: str, form: Typed) -> Response:
    here, whole = f"/applications/{saved.id}/form/{group}", f"/applications/{saved.id}"
    if form.text("save") == "auto":
        return Response(status_code=204)
    if form.text("add") or form.text("remove"):
        place = (form.text("add") or form.text("remove")).partition(".")[0]
        return visit.go(f"{here}?rows={place}#rows.{place}" if form.text("add") else f"{here}#rows.{place}")
    if form.text("save") == "later":
        return visit.go(whole, "saved")
    names = [controls.name_of(f) for f in controls.groups(plan)[group] if f.code not in saved.may_follow]
    if Errors(tuple(saved.faults)).only(names):
        return visit.go(f"{here}?check=1")
    codes = list(controls.groups(plan))
    after = codes[codes.index(group) + 1 :]
    return visit.go(f"{whole}/form/{after[0]}" if after else f"{whole}/materials", "saved")


async def _read(visit: Visit, application_id: str) -> tuple[ApplicationOut, PlanOut]:
    application = await visit.perform(applications.show, application_id=application_id)
    if application.status.code != "draft":
        raise NotFound(Text("这件申请已经提交，不能再改。", "This application has been submitted."))
    return application, await visit.read(plans.show, application_id=application_id)


def _fields(plan: PlanOut, group: str) -> list[PlannedFieldOut]:
    found = controls.groups(plan).get(group)
    if found is None:
        raise NotFound(Text("表里没有这一部分。", "The form has no such part."))
    return found


def _page(
    visit: Visit, application: ApplicationOut, plan: PlanOut, group: str, values: dict[str, Any], errors: Errors
) -> Response:
    codes = list(controls.groups(plan))
    return visit.page(
        "form_group",
        422 if errors and visit.request.method == "POST" else 200,
        it=application,
        plan=plan,
        group=group,
        title=group_name(group),
        number=codes.index(group) + 1,
        count=len(codes),
        fields=_fields(plan, group),
        spared=controls.spared(plan, group),
        values=values,
        shown=controls.shown,
        shorts={item.code: item.short for item in plan.items},
        more_rows=visit.request.query_params.get("rows", ""),
        errors=errors,
    )
