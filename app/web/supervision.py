"""Supervision (督办): the lights board with its drill-down, cases and what can be opened about them, the bulletin, and
the demonstration's clock."""

import asyncio
from datetime import date
from functools import partial
from typing import Annotated, Literal

from fastapi import Path, Query, Request, Response

from app.domain.errors import Fault, InvalidInput
from app.domain.oversight import Light
from app.domain.vocabulary import Level, Role, Text
from app.schemas.clocks import ClockChange
from app.schemas.common import Bilingual
from app.schemas.matters import NewMatter
from app.transport.doors import Doors
from app.transport.late import Late, LateReader
from app.usecases import applications, bulletins, catalogue, clock, lights, matters, ratings
from app.usecases.names import office_name
from app.web import maps
from app.web.again import again, mended
from app.web.desk_actions import number_of, within
from app.web.forms import NONE, Errors, Typed, errors_of, typed
from app.web.indicators import above
from app.web.rendering import query
from app.web.visits import Visit, Visiting, as_part

router = Doors(include_in_schema=False)

WATCHERS = (Role.SUPERVISOR, Role.STEWARD)
PAGE = 30
KINDS: dict[str, Literal["chase", "order", "escalation"]] = {
    "chase": "chase",
    "order": "order",
    "escalation": "escalation",
}
Region = Annotated[str, Query(max_length=12)]
Next = Annotated[str | None, Query(max_length=300)]


@router.get("/supervision")
async def show_board(
    visit: Visiting, late: Late, region: Region = "", by: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Which lights the open tasks of a region show; every number leads to the tasks behind it."""
    visit.must_be(*WATCHERS)
    return await _board(visit, late, region, by)


@router.post("/supervision/clock")
async def move_clock(visit: Visiting, late: Late, request: Request) -> Response:
    """Set or advance the demonstration's "today"."""
    visit.must_be(Role.SUPERVISOR)
    form = await typed(request)
    async with again(partial(_board, visit, late, "", "", form)):
        wish = _change(form)
        await asyncio.to_thread(clock.change, visit.platform, visit.context, wish)
    return visit.go("/supervision", "clock_moved")


@router.get("/supervision/tasks")
async def show_tasks(
    visit: Visiting,
    late: Late,
    region: Region = "",
    department: Annotated[str, Query(max_length=80)] = "",
    light: Annotated[str, Query(max_length=20)] = "",
    cursor: Next = None,
) -> Response:
    """The tasks behind a number of the board."""
    visit.must_be(*WATCHERS)
    page = await visit.read(
        lights.behind,
        late,
        region=region or None,
        office=department or None,
        light=light or None,
        cursor=cursor,
        limit=PAGE,
    )
    return visit.page(
        "supervision_tasks",
        lines=page.entries,
        next=page.next,
        is_first=cursor is None,
        asked={"region": region, "department": department, "light": light},
        wanted=next((one for one in Light if one.value == light), None),
        place=catalogue.show_region(visit.context.world, region or (visit.account and visit.account.region) or ""),
        office=office_name(visit.context, department) if department else None,
    )


@router.get("/supervision/cases/{application_id}")
async def show_case(visit: Visiting, application_id: Annotated[str, Path(max_length=32)]) -> Response:
    """The course of one case, and what supervision can open about it."""
    visit.must_be(Role.SUPERVISOR)
    return await _case(visit, application_id)


@router.post("/supervision/cases/{application_id}")
async def open_matter(
    visit: Visiting, request: Request, application_id: Annotated[str, Path(max_length=32)]
) -> Response:
    """催办, 督办单 or an escalation."""
    visit.must_be(Role.SUPERVISOR)
    form = await typed(request)
    async with again(partial(_case, visit, application_id, form)) as faults:
        kind = KINDS.get(form.text("kind"))
        if kind is None:
            text = Text("请选择催办、督办单或提请政务办督办。", "Choose to chase, order or escalate.")
            raise InvalidInput([Fault("/kind", "missing", text)])
        text_typed = within(form.text("text"), 1000, "/text", faults)
        mended(faults)
        wish = NewMatter(kind=kind, item=form.text("item")[:64] or None, text=text_typed)
        made = await visit.perform(
            matters.open_by_hand, application_id=application_id, wish=wish, key=form.text("key")[:200] or None
        )
    return visit.go(f"/matters/{as_part(made.id)}", "sent")


@router.get("/supervision/bulletin")
async def show_bulletin(
    visit: Visiting, late: Late, region: Region = "", month: Annotated[str, Query(max_length=7)] = ""
) -> Response:
    """The month in figures and sentences."""
    visit.must_be(*WATCHERS)
    errors = NONE
    try:
        found = await visit.read(bulletins.show, late, region=region or None, month=month or None)
    except InvalidInput as refusal:
        errors = errors_of(refusal).renamed("/query/", "/")
        found = await visit.read(bulletins.show, late, region=None, month=None)
    return visit.page(
        "bulletin", 422 if errors else 200, bulletin=found, errors=errors, asked={"region": region, "month": month}
    )


@router.get("/departments/{code}/ratings")
async def show_ratings(visit: Visiting, code: Annotated[str, Path(max_length=80)], cursor: Next = None) -> Response:
    """What a department was given, for its own officers and the supervision above."""
    visit.must_be(Role.OFFICER, Role.SUPERVISOR)
    found = await visit.read(ratings.of_department, code=code, cursor=cursor, limit=PAGE)
    return visit.page("department_ratings", found=found, is_first=cursor is None)


def _change(form: Typed) -> ClockChange:
    faults: list[Fault] = []
    erases = form.text("erases") == "yes"
    match form.text("how"):
        case "reset":
            return ClockChange(reset=True)
        case "working_days":
            days = number_of(form.text("working_days"), "/working_days", faults)
            if days is None or not 1 <= days <= 2500:
                text = Text("请填写 1 到 2500 个工作日。", "Give from 1 to 2500 working days.")
                raise InvalidInput([Fault("/working_days", "does-not-fit", text)])
            return ClockChange(working_days=days, erases=erases)
        case "today":
            try:
                return ClockChange(today=date.fromisoformat(form.text("today")), erases=erases)
            except ValueError:
                text = Text("请填写日期，例如 2026-03-20。", "Give a date, for example 2026-03-20.")
                raise InvalidInput([Fault("/today", "does-not-fit", text)]) from None
        case _:
            text = Text("请选择怎样调整。", "Choose how to move the clock.")
            raise InvalidInput([Fault("/how", "missing", text)])


async def _board(
    visit: Visit, late: LateReader, region: str, by: str, form: Typed | None = None, errors: Errors = NONE
) -> Response:
    wanted = lights.By.DEPARTMENT if by == "department" else lights.By.REGION
    board = await visit.read(lights.board, late, region=region or None, by=wanted)
    picture = await _map(visit, late, board.region) if wanted is lights.By.REGION else None
    return visit.at("/supervision" + query(region=region, by=by)).page(
        "supervision",
        422 if errors else 200,
        board=board,
        map=picture,
        above=above(visit, board.region),
        by=wanted.value,
        form=form or Typed(),
        errors=errors,
    )


async def _map(visit: Visit, late: LateReader, area: str) -> maps.Map | None:
    """The map of a province or city; smaller regions have none."""
    regions = visit.context.world.catalogue.regions
    if regions[area].level.depth >= Level.COUNTY.depth:
        return None
    board = await visit.read(lights.board, late, region=area, by=lights.By.PLACE)
    names = {place.code: Bilingual.of(place.name) for place in (regions[area], *regions.children(area))}
    return maps.drawn(board.groups, names)


async def _case(visit: Visit, application_id: str, form: Typed | None = None, errors: Errors = NONE) -> Response:
    case = await visit.perform(applications.show, application_id=application_id)
    about = await visit.read(matters.of_application, application_id=application_id)
    return visit.at(f"/supervision/cases/{as_part(application_id)}").page(
        "supervision_case",
        422 if errors else 200,
        case=case,
        matters=about,
        form=form or Typed(),
        errors=errors,
        key=form.text("key") if form else visit.context.new_id(),
    )
