"""Data from registers: 预填, 免问, 纠错, and registers that are down for a demonstration."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query, Response

from app.api.responses import READ, WRITE, WRITE_ONCE, link, linked
from app.schemas.prefill import PersonalOut, PrefillOut
from app.schemas.shared_values import DatumOut, DisputeOut, NewDispute, OutageWish, RegisterOut
from app.transport.doors import Doors
from app.transport.identity import IdempotencyKey, SignedIn, ThePlatform
from app.usecases import disputes, outages, personal, prefill

router = Doors(tags=["registers 数据共享与纠错"])

ApplicationId = Annotated[
    str, Path(alias="application_id", max_length=32, description="申请的 id / id of the application")
]


@router.post(
    "/applications/{application_id}/prefill",
    operation_id="prefillApplication",
    responses={
        **WRITE,
        **linked(
            200,
            show=link(
                "showApplication", "查看全貌 / The whole draft.", application_id="$response.body#/application/id"
            ),
        ),
    },
)
async def prefill_application(context: SignedIn, platform: ThePlatform, application_id: ApplicationId) -> PrefillOut:
    """预填：能共享的数据不用再填，取不到的说明原因并改为填写。 / Fill a draft from registers; what cannot be had
    is told with its reason and is then typed or uploaded. Nothing typed is overwritten; repeating it is safe.
    """
    return await prefill.run(context, platform.store, application_id)


@router.get("/bundles/{code}/personal", operation_id="showPersonalBundle", responses=READ)
async def show_personal_bundle(
    context: SignedIn,
    platform: ThePlatform,
    code: Annotated[str, Path(max_length=64, description="一件事的代码 / code of the bundle")],
    region: Annotated[str, Query(max_length=12, description="区划 / region")] = "330802",
) -> PersonalOut:
    """免问：数据已能回答的问题不再问，给出据此的方案和还要问的问题。 / The bundle for the person who asks: what data
    answer, the plan that follows, and the questions left. Each look-up is kept in the ledger.
    """
    return await personal.show(context, platform.store, code, region)


@router.post(
    "/applications/{application_id}/fields/{code}/dispute",
    operation_id="disputeField",
    status_code=201,
    responses={
        **WRITE_ONCE,
        **linked(
            201, matter=link("showMatter", "看答复 / What the holder answers.", matter_id="$response.body#/matter")
        ),
    },
)
async def dispute_field(
    context: SignedIn,
    platform: ThePlatform,
    application_id: ApplicationId,
    response: Response,
    code: Annotated[str, Path(max_length=64, description="数据元的代码 / code of the field")],
    wish: NewDispute,
    key: IdempotencyKey = None,
) -> DisputeOut:
    """纠错：共享来的数据有误。先按本人所填办理，数源部门核实答复。 / Data from a register are wrong: what the person
    says counts meanwhile, and the holder of the data corrects them or says why they stand.
    """
    made = await platform.store.aperform(
        partial(disputes.dispute, context, application_id=application_id, code=code, wish=wish, key=key)
    )
    response.headers["Location"] = f"/api/v1/matters/{made.matter}"
    return made


@router.get("/matters/{matter_id}/datum", operation_id="showDisputedDatum", responses=READ)
async def show_disputed_datum(
    context: SignedIn,
    platform: ThePlatform,
    matter_id: Annotated[str, Path(max_length=32, description="督办事项的 id / id of the matter")],
) -> DatumOut:
    """数源部门查看被纠错的数据；这次查看会记入本人的台账。 / What is disputed, for the office that must answer; the
    look is kept in the person's ledger.
    """
    return await platform.store.aperform(partial(disputes.datum, context, matter_id=matter_id))


@router.get("/registers", operation_id="listRegisters", responses=READ)
async def list_registers(context: SignedIn, platform: ThePlatform) -> list[RegisterOut]:
    """全部数源及其是否可用。 / Every register and whether it answers."""
    return await platform.store.aread(partial(outages.listed, context))


@router.post("/registers/{dataset}/outage", operation_id="switchRegister", responses=WRITE)
async def switch_register(
    context: SignedIn,
    platform: ThePlatform,
    dataset: Annotated[str, Path(max_length=64, description="数据资源的代码 / code of the dataset")],
    wish: OutageWish,
) -> RegisterOut:
    """演示：停用或恢复一个数源，看系统怎样退回到填写。 / Demonstration: take a register down or bring it up again."""
    return await platform.store.aperform(partial(outages.switch, context, dataset=dataset, wish=wish))
