"""Filling the one form in, a group at a time: everything typed is kept at every step, whatever is wrong with it."""

from typing import Any

from fastapi import Query, Request, Response

from app.domain.errors import NotFound, RealIdentity, Refusal
from app.domain.vocabulary import Text
from app.schemas.applications import ApplicationOut, SaveDraft
from app.schemas.plans import PlannedFieldOut, PlanOut
from app.transport.doors import Doors
from app.usecases import applications, plans
from app.web import basis, controls
from app.web.applications import DRAFT
from app.web.forms import NONE, Errors, Typed, errors_of, typed
from app.web.visits import Visit, Visiting
from app.web.wording import group_name

router = Doors(include_in_schema=False)

WRONG, CROSSED = 422, 409


@router.get("/applications/{application_id}/form/{group}")
async def show_group(
    visit: Visiting, application_id: str, group: str, check: str = Query("", max_length=8)
) -> Response:
    """One group of the form; ``check`` says what is wrong with what is there."""
    application, plan = await _read(visit, application_id)
    if application.status.code != DRAFT:
        return visit.go(f"/applications/{application.id}", "already_sent")
    fields = _fields(plan, group)
    errors = NONE
    if check:
        errors = Errors(tuple(application.faults)).only(controls.name_of(field) for field in fields)
    return _page(visit, application, plan, group, controls.editable(application), errors)


@router.post("/applications/{application_id}/form/{group}")
async def save_group(visit: Visiting, request: Request, application_id: str, group: str) -> Response:
    """Keep what was typed, then go where the button leads."""
    form = await typed(request)
    application, plan = await _read(visit, application_id)
    if application.status.code != DRAFT:
        return visit.go(f"/applications/{application.id}", "already_sent")
    fields = _fields(plan, group)
    values = controls.values(fields, form)
    shown, was = controls.editable(application), form.text("was")
    wish = basis.changed(values, was)
    if crossed := basis.crossed(wish, was, shown, fields):
        return _page(visit, application, plan, group, {**shown, **wish}, crossed, CROSSED)
    try:
        saved = await visit.perform(applications.save, application_id=application_id, wish=SaveDraft(form=wish))
    except Refusal as refusal:
        if isinstance(refusal, RealIdentity):
            values = controls.without(values, str(refusal.members["pointer"]))
        return _page(visit, application, plan, group, {**shown, **values}, errors_of(refusal), WRONG)
    return _onward(visit, saved, plan, group, form)


def _onward(visit: Visit, saved: ApplicationOut, plan: PlanOut, group: str, form: Typed) -> Response:
    here, whole = f"/applications/{saved.id}/form/{group}", f"/applications/{saved.id}"
    if form.text("save") == "auto":
        kept = basis.basis(controls.editable(saved), _fields(plan, group))
        return Response(status_code=204, headers={basis.HEADER: kept})
    if form.text("add") or form.text("remove"):
        place = (form.text("add") or form.text("remove")).partition(".")[0]
        fresh = len(saved.form.get(place) or ())
        return visit.go(f"{here}?rows={place}#row.{place}.{fresh}" if form.text("add") else f"{here}#rows.{place}")
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
    return application, await visit.read(plans.show, application_id=application_id)


def _fields(plan: PlanOut, group: str) -> list[PlannedFieldOut]:
    found = controls.groups(plan).get(group)
    if found is None:
        raise NotFound(Text("表里没有这一部分。", "The form has no such part."))
    return found


def _page(
    visit: Visit,
    application: ApplicationOut,
    plan: PlanOut,
    group: str,
    values: dict[str, Any],
    errors: Errors,
    status: int = 200,
) -> Response:
    codes = list(controls.groups(plan))
    return visit.page(
        "form_group",
        status,
        it=application,
        plan=plan,
        group=group,
        title=group_name(group),
        number=codes.index(group) + 1,
        count=len(codes),
        fields=_fields(plan, group),
        was=basis.basis(controls.editable(application), _fields(plan, group)),
        spared=controls.spared(plan, group),
        values=values,
        shown=controls.shown,
        shorts={item.code: item.short for item in plan.items},
        more_rows=visit.request.query_params.get("rows", ""),
        errors=errors,
    )
