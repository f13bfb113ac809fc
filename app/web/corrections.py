"""Answering a correction notice, and bringing what was promised for later: only the fields and papers concerned."""

from collections.abc import Collection
from dataclasses import dataclass

from fastapi import Request, Response

from app.domain.errors import NotFound
from app.domain.vocabulary import Text
from app.schemas.applications import ApplicationOut, Correction, NoticeOut, PointOut
from app.schemas.clocks import LaterFacts
from app.schemas.plans import PlannedFieldOut, PlannedMaterialOut, PlanOut
from app.transport.doors import Doors
from app.usecases import applications, plans
from app.web import controls
from app.web.again import again
from app.web.forms import NONE, Errors, typed
from app.web.visits import Visit, Visiting

router = Doors(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What has to be answered: fields and papers, each with what the departments say about it."""

    fields: list[tuple[PlannedFieldOut, list[str]]]
    papers: list[tuple[PlannedMaterialOut, list[str]]]


@router.get("/applications/{application_id}/notices/{number}")
async def show_notice(visit: Visiting, application_id: str, number: str) -> Response:
    """The merged notice (一次性告知) with its answer form."""
    return await _notice(visit, application_id, number, {}, NONE)


@router.post("/applications/{application_id}/notices/{number}")
async def correct(visit: Visiting, request: Request, application_id: str, number: str) -> Response:
    """Answer it, all of it at once."""
    application, plan = await _read(visit, application_id)
    notice = _find(application, number)
    asked = _asked(notice, plan)
    values = controls.values([field for field, _ in asked.fields], await typed(request))
    given = {code: value for code, value in values.items() if value is not None}
    async with again(lambda errors: _notice(visit, application_id, number, _kept(values, errors), _placed(errors))):
        wish = Correction(values=given)
        await visit.perform(applications.correct, application_id=application_id, number=notice.number, wish=wish)
    return visit.go(f"/applications/{application_id}", "corrected")


@router.get("/applications/{application_id}/later")
async def show_later(visit: Visiting, application_id: str) -> Response:
    """What was promised for later (容缺后补) and has not come."""
    return await _later(visit, application_id, {}, NONE)


@router.post("/applications/{application_id}/later")
async def bring(visit: Visiting, request: Request, application_id: str) -> Response:
    """Bring the fields; papers are uploaded one by one."""
    application, plan = await _read(visit, application_id)
    asked = _owed(application, plan)
    values = controls.values([field for field, _ in asked.fields], await typed(request))
    given = {code: value for code, value in values.items() if value is not None}
    async with again(lambda errors: _later(visit, application_id, _kept(values, errors), _placed(errors))):
        await visit.perform(applications.bring, application_id=application_id, wish=LaterFacts(values=given))
    return visit.go(f"/applications/{application_id}", "followed")


async def _notice(
    visit: Visit, application_id: str, number: str, values: dict[str, object], errors: Errors
) -> Response:
    application, plan = await _read(visit, application_id)
    notice = _find(application, number)
    return visit.page(
        "notice",
        422 if errors else 200,
        it=application,
        notice=notice,
        asked=_asked(notice, plan),
        values={**controls.editable(application), **values},
        renewed=_renewed(application, notice),
        **_common(visit, application, plan),
        errors=errors,
    )


async def _later(visit: Visit, application_id: str, values: dict[str, object], errors: Errors) -> Response:
    application, plan = await _read(visit, application_id)
    return visit.page(
        "later",
        422 if errors else 200,
        it=application,
        asked=_owed(application, plan),
        values={**controls.editable(application), **values},
        renewed=frozenset(material.code for material in application.materials),
        **_common(visit, application, plan),
        errors=errors,
    )


def _common(visit: Visit, application: ApplicationOut, plan: PlanOut) -> dict[str, object]:
    return {
        "shown": controls.shown,
        "shorts": {item.code: item.short for item in plan.items},
        "provided": {material.code: material for material in application.materials},
        "megabytes": visit.platform.settings.upload_megabytes,
        "back": visit.request.url.path,
    }


async def _read(visit: Visit, application_id: str) -> tuple[ApplicationOut, PlanOut]:
    application = await visit.perform(applications.show, application_id=application_id)
    return application, await visit.read(plans.show, application_id=application_id)


def _find(application: ApplicationOut, number: str) -> NoticeOut:
    found = next((notice for notice in application.notices if str(notice.number) == number), None)
    if found is None:
        raise NotFound(Text("没有这份告知。", "There is no such notice."))
    return found


def _asked(notice: NoticeOut, plan: PlanOut) -> Asked:
    said: dict[tuple[str, str], list[str]] = {}
    for points in notice.points.values():
        for point in points:
            said.setdefault(_key(point), []).append(point.reason)
    return Asked(
        [(field, said["field", field.code]) for field in plan.fields if ("field", field.code) in said],
        [(paper, said["material", paper.code]) for paper in plan.materials if ("material", paper.code) in said],
    )


def _key(point: PointOut) -> tuple[str, str]:
    return point.kind.code, point.code


def _owed(application: ApplicationOut, plan: PlanOut) -> Asked:
    codes: Collection[str] = {code for task in application.tasks for code in task.owed}
    return Asked(
        [(field, []) for field in plan.fields if field.code in codes],
        [(paper, []) for paper in plan.materials if paper.code in codes],
    )


def _renewed(application: ApplicationOut, notice: NoticeOut) -> frozenset[str]:
    return frozenset(m.code for m in application.materials if m.provided_at >= notice.served_at)


def _placed(errors: Errors) -> Errors:
    return errors.renamed("/values", "/form")


def _kept(values: dict[str, object], errors: Errors) -> dict[str, object]:
    """What was typed, without a number that may not be repeated; an emptied control stays empty."""
    secret = _placed(errors).secret
    return values if secret is None else controls.without(values, secret)
