"""Applications: draft, save, hand in, submit, correct, withdraw, look up."""

from functools import partial
from typing import Annotated

from fastapi import File, Path, Query, Request, Response, UploadFile

from app.api.responses import READ, UNCHANGED, WRITE, link, linked, refusals
from app.schemas.applications import (
    ApplicationLineOut,
    ApplicationOut,
    Correction,
    EventOut,
    LookUp,
    NewApplication,
    PaperTaken,
    ProgressOut,
    QueryCodeOut,
    ReceiptOut,
    SaveDraft,
    Submission,
    Withdrawal,
)
from app.schemas.clocks import CreditNoteOut, LaterFacts, SurveyAppointment, SurveyOut
from app.schemas.common import Cursor, Page
from app.schemas.plans import PlanOut
from app.transport.caching import unless_known
from app.transport.doors import Doors
from app.transport.identity import Anybody, IdempotencyKey, SignedIn, ThePlatform
from app.usecases import applications, lists, materials, plans, progress, surveys

router = Doors(tags=["applications 申请"])

Id = Annotated[str, Path(alias="application_id", max_length=32, description="申请的 id / id of the application")]
MaterialCode = Annotated[str, Path(alias="code", max_length=64, description="材料代码 / code of the material")]
Limit = Annotated[int, Query(ge=1, le=100, description="每页几条 / entries of a page")]
LAST_EVENT = 2**31 - 1
UPLOAD_BODY = 101 * 1024 * 1024
"""More than any setting of ``upload_megabytes`` allows: the file store judges the file itself."""

FILES = {
    media_type: {"schema": {"type": "string", "contentMediaType": media_type}}
    for media_type in ("application/pdf", "image/jpeg", "image/png")
}
"""What materials may be, as they are documented."""

NEXT = {
    "show": link("showApplication", "查看全貌 / The whole application.", application_id="$response.body#/id"),
    "save": link("saveDraft", "继续填写 / Save more answers or fields.", application_id="$response.body#/id"),
    "submit": link("submitApplication", "提交 / Submit it.", application_id="$response.body#/id"),
}
OF_FIRST = {
    name: link(operation, text, application_id="$response.body#/entries/0/id")
    for name, operation, text in (
        ("show", "showApplication", "第一件的全貌 / The first of them."),
        ("plan", "showApplicationPlan", "第一件的方案 / The plan of the first of them."),
        ("events", "listEvents", "第一件的经过 / The course of the first of them."),
        ("places", "showPlaces", "第一件谁在哪里办 / Who handles the first of them, and where."),
        ("consents", "listNeededConsents", "第一件需要的同意 / The consents that the first of them needs."),
    )
}


@router.post(
    "/applications",
    operation_id="createApplication",
    status_code=201,
    responses={
        **refusals(
            "not-signed-in",
            "not-allowed",
            "not-found",
            "invalid-input",
            "real-identity-refused",
            "no-authority",
            "idempotency-key-reused",
            "stale",
            "too-large",
        ),
        **linked(201, **NEXT),
    },
)
async def create_application(
    context: SignedIn, platform: ThePlatform, response: Response, wish: NewApplication, key: IdempotencyKey = None
) -> ApplicationOut:
    """新建申请（暂存）。给 story 即得到填好的示例。 / A new draft; with ``story`` a filled one, ready to submit."""
    made = await platform.store.aperform(partial(applications.create, context, new=wish, key=key))
    response.headers["Location"] = f"/api/v1/applications/{made.id}"
    return made


@router.get("/applications", operation_id="listApplications", responses={**READ, **linked(200, **OF_FIRST)})
async def list_applications(
    context: SignedIn, platform: ThePlatform, cursor: Cursor = None, limit: Limit = 20
) -> Page[ApplicationLineOut]:
    """我的申请；综窗和督办看到本区划的。 / One's own applications; a clerk or supervisor sees those of the region."""
    return await platform.store.aread(partial(lists.applications, context, cursor=cursor, limit=limit))


@router.get(
    "/applications/{application_id}",
    operation_id="showApplication",
    response_model=ApplicationOut,
    responses={304: {"description": UNCHANGED}, **READ, **linked(200, **NEXT)},
)
async def show_application(
    context: SignedIn, platform: ThePlatform, request: Request, response: Response, application_id: Id
) -> ApplicationOut | Response:
    """一件申请的全貌；带 ETag，可轮询。 / The whole application; poll it with If-None-Match."""
    found = await platform.store.aperform(partial(applications.show, context, application_id=application_id))
    return unless_known(request, response, found)


@router.get("/applications/{application_id}/plan", operation_id="showApplicationPlan", responses=READ)
async def show_application_plan(context: SignedIn, platform: ThePlatform, application_id: Id) -> PlanOut:
    """一件申请的方案：一张表、一套材料和各事项的依据。 / The plan it lives by: the one form, the papers, and why."""
    return await platform.store.aread(partial(plans.show, context, application_id=application_id))


@router.patch("/applications/{application_id}", operation_id="saveDraft", responses=WRITE)
async def save_draft(context: SignedIn, platform: ThePlatform, application_id: Id, wish: SaveDraft) -> ApplicationOut:
    """暂存：未填完或有误也会保存，问题列在 faults。 / Save whatever was entered; ``faults`` says what is wrong."""
    return await platform.store.aperform(partial(applications.save, context, application_id=application_id, wish=wish))


@router.put(
    "/applications/{application_id}/materials/{code}",
    operation_id="uploadMaterial",
    responses=WRITE,
    max_body_size=UPLOAD_BODY,
)
async def upload_material(
    context: SignedIn,
    platform: ThePlatform,
    application_id: Id,
    code: MaterialCode,
    file: Annotated[UploadFile, File(description="PDF, JPEG or PNG")],
) -> ApplicationOut:
    """上传一份材料；再次上传即替换。 / Hand in one material as a file; a second upload replaces the first."""
    content = await file.read(platform.settings.upload_megabytes * 1_000_000 + 1)
    upload = await materials.keep(context, platform.store, application_id, code, file.filename, content)
    return await platform.store.aperform(
        partial(applications.provide, context, application_id=application_id, material=upload)
    )


@router.put("/applications/{application_id}/materials/{code}/paper", operation_id="takePaper", responses=WRITE)
async def take_paper(
    context: SignedIn,
    platform: ThePlatform,
    application_id: Id,
    code: MaterialCode,
    wish: PaperTaken,
) -> ApplicationOut:
    """综窗收下纸质原件。 / The counter takes in a paper original instead of a file."""
    material = materials.paper(context, code, wish.note)
    return await platform.store.aperform(
        partial(applications.provide, context, application_id=application_id, material=material)
    )


@router.delete("/applications/{application_id}/materials/{code}", operation_id="removeMaterial", responses=WRITE)
async def remove_material(
    context: SignedIn, platform: ThePlatform, application_id: Id, code: MaterialCode
) -> ApplicationOut:
    """移除草稿里的一份材料。 / Take a material back out of a draft."""
    return await platform.store.aperform(
        partial(applications.remove, context, application_id=application_id, code=code)
    )


@router.get(
    "/applications/{application_id}/materials/{code}",
    operation_id="downloadMaterial",
    responses={200: {"content": FILES, "description": "提交的原文件 / the file as handed in"}, **READ},
    response_class=Response,
)
async def download_material(
    context: SignedIn,
    platform: ThePlatform,
    application_id: Id,
    code: MaterialCode,
) -> Response:
    """下载已提交的材料。 / The file as handed in; officers of departments whose item uses it may fetch it too."""
    found = await platform.store.aperform(partial(materials.fetch, context, application_id=application_id, code=code))
    headers = {
        "Content-Disposition": f'attachment; filename="{code}.{found.extension}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(found.content, media_type=found.media_type, headers=headers)


@router.post(
    "/applications/{application_id}/submit",
    operation_id="submitApplication",
    responses={
        **refusals(
            "not-signed-in",
            "not-allowed",
            "not-found",
            "erased",
            "invalid-input",
            "questions-open",
            "not-eligible",
            "no-authority",
            "action-not-allowed",
            "idempotency-key-reused",
            "stale",
        ),
        **linked(
            200, show=link("showApplication", "跟踪办理 / Follow it.", application_id="$response.body#/application/id")
        ),
    },
)
async def submit_application(
    context: SignedIn,
    platform: ThePlatform,
    application_id: Id,
    wish: Submission | None = None,
    key: IdempotencyKey = None,
) -> ReceiptOut:
    """申报：检查全部内容，分办给各部门，得到办件编号和查询码。 / Submit: one task for each item; the receipt holds
    number and query code (shown once). Submitting again gives the same application.
    """
    return await platform.store.aperform(
        partial(applications.submit, context, application_id=application_id, key=key, said=wish)
    )


@router.post("/applications/{application_id}/later", operation_id="bringFacts", responses=WRITE)
async def bring_facts(context: SignedIn, platform: ThePlatform, application_id: Id, wish: LaterFacts) -> ApplicationOut:
    """后补：补齐申报时承诺后补的填报内容。 / Bring the fields promised at submission; materials are uploaded."""
    return await platform.store.aperform(partial(applications.bring, context, application_id=application_id, wish=wish))


@router.post("/applications/{application_id}/survey", operation_id="appointSurvey", responses=WRITE)
async def appoint_survey(
    context: SignedIn, platform: ThePlatform, application_id: Id, wish: SurveyAppointment
) -> SurveyOut:
    """预约联合踏勘：各部门一次到场，各自作结论；不停表。 / One survey for all departments; it stops no clock."""
    return await platform.store.aperform(partial(surveys.appoint, context, application_id=application_id, wish=wish))


@router.get("/credit-notes", operation_id="listCreditNotes", responses=READ)
async def list_credit_notes(context: SignedIn, platform: ThePlatform) -> list[CreditNoteOut]:
    """我的承诺不实记录；有记录的不再适用告知承诺和容缺。 / One's own false commitments on record."""
    return await platform.store.aread(partial(applications.credit_notes, context))


@router.post(
    "/applications/{application_id}/notices/{number}/correction", operation_id="correctApplication", responses=WRITE
)
async def correct_application(
    context: SignedIn,
    platform: ThePlatform,
    application_id: Id,
    number: Annotated[int, Path(ge=1, le=10_000, description="告知的编号 / number of the notice")],
    wish: Correction,
) -> ApplicationOut:
    """补正：只答复这份告知列出的内容。 / Answer one correction notice: exactly its points."""
    return await platform.store.aperform(
        partial(applications.correct, context, application_id=application_id, number=number, wish=wish)
    )


@router.post("/applications/{application_id}/withdraw", operation_id="withdrawApplication", responses=WRITE)
async def withdraw_application(
    context: SignedIn, platform: ThePlatform, application_id: Id, wish: Withdrawal
) -> ApplicationOut:
    """撤回整件；已作出的决定不受影响。 / Withdraw the whole; decisions already made stand."""
    return await platform.store.aperform(
        partial(applications.withdraw, context, application_id=application_id, reason=wish.reason)
    )


@router.post("/applications/{application_id}/query-code", operation_id="renewQueryCode", responses=WRITE)
async def renew_query_code(context: SignedIn, platform: ThePlatform, application_id: Id) -> QueryCodeOut:
    """重置查询码，旧的作废。 / A new query code; the old one is no longer valid."""
    return await platform.store.aperform(partial(applications.renew_code, context, application_id=application_id))


@router.get("/applications/{application_id}/events", operation_id="listEvents", responses=READ)
async def list_events(
    context: SignedIn,
    platform: ThePlatform,
    application_id: Id,
    cursor: Annotated[
        int, Query(ge=0, le=LAST_EVENT, description="已看到的最后一条的 seq / seq of the last event seen")
    ] = 0,
    limit: Annotated[int, Query(ge=1, le=500, description="每页几条 / entries of a page")] = 100,
) -> Page[EventOut]:
    """时间线：每一步是谁、何时、从哪到哪、为什么。 / The timeline: who, what, from, to, when, why."""
    return await platform.store.aread(
        partial(lists.timeline, context, application_id=application_id, after=cursor, limit=limit)
    )


@router.post(
    "/progress",
    operation_id="lookUpProgress",
    responses=refusals("not-found", "erased", "invalid-input", "real-identity-refused", "too-many-requests"),
)
async def look_up_progress(context: Anybody, platform: ThePlatform, wish: LookUp) -> ProgressOut:
    """免登录查询进度：办件编号 + 查询码。 / Progress without signing in: number and query code, a few tries only."""
    found = await platform.store.aperform(partial(progress.look_up, context, wish=wish))
    if found is None:
        raise progress.refusal()
    return found
