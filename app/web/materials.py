"""Handing materials in: upload, replace, take back out, look at what was handed in."""

from fastapi import Request, Response

from app.domain.vocabulary import Text
from app.schemas.applications import ApplicationOut
from app.schemas.common import FaultOut
from app.schemas.plans import PlannedMaterialOut, PlanOut
from app.transport.doors import Doors
from app.usecases import applications, materials, plans
from app.web.again import again
from app.web.forms import NONE, Errors, missing, typed
from app.web.visits import Visit, Visiting, as_part, safe_path

router = Doors(include_in_schema=False)

UPLOAD_BODY = 101 * 1024 * 1024
"""More than any setting of ``upload_megabytes`` allows: the file store judges the file itself."""
NO_FILE = Text("请选择一个文件。", "Choose a file.")


@router.get("/applications/{application_id}/materials")
async def show_materials(visit: Visiting, application_id: str) -> Response:
    """The one set of materials: what to upload, and what need not be."""
    return await page(visit, application_id, NONE)


@router.post("/applications/{application_id}/materials/{code}", max_body_size=UPLOAD_BODY)
async def upload(visit: Visiting, request: Request, application_id: str, code: str) -> Response:
    """Hand one in; a second one replaces the first."""
    form = await typed(request, visit.platform.settings.upload_megabytes * 1_000_000 + 1)
    back = safe_path(form.text("back"), f"/applications/{application_id}/materials")
    file = form.file(f"materials.{code}")
    visit = visit.at(f"/applications/{application_id}/materials")
    if file is None:
        return await page(visit, application_id, missing(f"/materials/{code}", NO_FILE))
    async with again(lambda errors: page(visit, application_id, _at(code, errors))):
        kept = await materials.keep(
            visit.context, visit.platform.store, application_id, code, file.filename, file.content
        )
        await visit.perform(applications.provide, application_id=application_id, material=kept)
    return visit.go(back, "uploaded") if back != visit.here else _at_paper(visit, code, "uploaded")


@router.post("/applications/{application_id}/materials/{code}/remove")
async def remove(visit: Visiting, application_id: str, code: str) -> Response:
    """Take one back out of a draft."""
    await visit.perform(applications.remove, application_id=application_id, code=code)
    return _at_paper(visit.at(f"/applications/{application_id}/materials"), code, "removed")


def _at_paper(visit: Visit, code: str, notice: str) -> Response:
    """The page again, at the paper that was just dealt with."""
    answer = visit.go(visit.here, notice)
    answer.headers["Location"] += f"#paper-{as_part(code)}"
    return answer


@router.get("/applications/{application_id}/materials/{code}")
async def download(visit: Visiting, application_id: str, code: str) -> Response:
    """The file as it was handed in: pictures open in the browser, everything else is saved."""
    found = await visit.perform(materials.fetch, application_id=application_id, code=code)
    way = "inline" if found.media_type.startswith("image/") else "attachment"
    headers = {
        "Content-Disposition": f'{way}; filename="{code}.{found.extension}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    return Response(found.content, media_type=found.media_type, headers=headers)


async def page(visit: Visit, application_id: str, errors: Errors) -> Response:
    """The materials of a draft, or of what may still come afterwards."""
    application: ApplicationOut = await visit.perform(applications.show, application_id=application_id)
    plan: PlanOut = await visit.read(plans.show, application_id=application_id)
    return visit.page(
        "materials",
        422 if errors else 200,
        it=application,
        provided={material.code: material for material in application.materials},
        uploads=to_upload(plan),
        spared=[paper for paper in plan.materials if paper.source.code != "upload"],
        shorts={item.code: item.short for item in plan.items},
        megabytes=visit.platform.settings.upload_megabytes,
        errors=errors,
    )


def to_upload(plan: PlanOut) -> list[PlannedMaterialOut]:
    """What a person has to bring; what cannot be needed is left out."""
    return [paper for paper in plan.materials if paper.source.code == "upload" and paper.is_needed is not False]


def _at(code: str, errors: Errors) -> Errors:
    """Whatever is wrong with a file is wrong at its control."""
    return Errors(
        tuple(FaultOut(pointer=f"/materials/{code}", code=fault.code, detail=fault.detail) for fault in errors.faults)
    )
