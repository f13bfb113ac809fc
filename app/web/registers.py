"""一张网管控: unusual uses, how often data were asked for, and registers with the demonstration's switch."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import Query, Request, Response

from app.domain.errors import Fault, InvalidInput
from app.domain.vocabulary import Role, Text
from app.schemas.datasets import UsageBy
from app.schemas.shared_values import OutageWish
from app.transport.doors import Doors
from app.usecases import data_alarms, outages
from app.web.again import again, mended
from app.web.desk_actions import within
from app.web.forms import NONE, Errors, Typed, errors_of, typed
from app.web.visits import Visit, Visiting

router = Doors(include_in_schema=False)

PAGE = 30
WATCHERS = (Role.SUPERVISOR, Role.STEWARD)
BY: dict[str, UsageBy] = {"dataset": "dataset", "department": "department", "officer": "officer"}
CHOOSE = Text("请选择数源。", "Choose a register.")
DAY = Text("请按 2026-03-12 的格式填写日期。", "Give a date such as 2026-03-12.")


@router.get("/data-alarms")
async def show_alarms(visit: Visiting, cursor: Annotated[str | None, Query(max_length=300)] = None) -> Response:
    """Unusual uses of data in one's region, newest first; each is pursued as a matter."""
    visit.must_be(*WATCHERS)
    page = await visit.read(data_alarms.inbox, cursor=cursor, limit=PAGE)
    return visit.page("data_alarms", lines=page.entries, next=page.next, is_first=cursor is None)


@router.get("/data-usage")
async def show_usage(
    visit: Visiting,
    by: Annotated[str, Query(max_length=20)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Counts by dataset, department or desk; nothing about persons."""
    visit.must_be(Role.STEWARD)
    wanted, errors = BY.get(by, "dataset"), NONE
    try:
        span = {"since": _day(since, "/since"), "until": _day(until, "/until")}
        rows = await visit.read(data_alarms.usage, by=wanted, **span)
    except InvalidInput as refusal:
        errors = errors_of(refusal).renamed("/query/", "/")
        rows = await visit.read(data_alarms.usage, by=wanted, since=None, until=None)
    return visit.page(
        "data_usage",
        422 if errors else 200,
        rows=rows,
        by=wanted,
        asked={"since": since, "until": until},
        errors=errors,
    )


@router.get("/registers")
async def show_registers(visit: Visiting) -> Response:
    """Every register and whether it answers."""
    visit.must_be(*WATCHERS)
    return await _registers(visit)


@router.post("/registers")
async def switch(visit: Visiting, request: Request) -> Response:
    """Take a register down for a demonstration, or bring it up again."""
    visit.must_be(*WATCHERS)
    form = await typed(request)
    async with again(partial(_registers, visit, form), passing=()) as faults:
        dataset = form.text("dataset")[:64]
        if not dataset:
            faults.append(Fault("/dataset", "missing", CHOOSE))
        reason = within(form.text("reason"), 200, "/reason", faults)
        mended(faults)
        wish = OutageWish(is_down=form.text("is_down") == "yes", reason=reason or None)
        await visit.perform(outages.switch, dataset=dataset, wish=wish)
    return visit.go("/registers", "done")


def _day(text: str, pointer: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput([Fault(pointer, "does-not-fit", DAY)]) from None


async def _registers(visit: Visit, form: Typed | None = None, errors: Errors = NONE) -> Response:
    found = await visit.read(outages.listed)
    return visit.page(
        "registers",
        422 if errors else 200,
        lines=sorted(found, key=lambda one: not one.is_down),
        form=form or Typed(),
        errors=errors,
    )
