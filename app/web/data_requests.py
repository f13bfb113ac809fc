"""一揽子申请: what one's department has to answer and has asked for, a new basket, and one line with its actions."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.domain.datasets import MOST_PER_DAY
from app.domain.errors import Fault, InvalidInput
from app.domain.vocabulary import Role, Text
from app.schemas.datasets import AskableOut, DataLineFullOut, LineAct, NewDataRequest, WantedData
from app.transport.doors import Doors
from app.usecases import data_requests, datasets
from app.web.again import again
from app.web.desk_actions import number_of, within
from app.web.forms import NONE, Errors, Typed, typed
from app.web.visits import Visit, Visiting, as_part

router = Doors(include_in_schema=False)

PAGE = 20
RequestId = Annotated[str, Path(max_length=32)]
LineId = Annotated[str, Path(max_length=32)]
NOT_OWN = Text("请选择本部门主管、需要其他部门数据的事项。", "Choose an item of your own that needs others' data.")
NOTHING = Text("请至少勾选一个数据项。", "Tick at least one element.")
NUMBER = Text(f"请填写 1 到 {MOST_PER_DAY} 的整数。", f"Give a whole number from 1 to {MOST_PER_DAY}.")
DAY = Text("请填写日期，例如 2026-03-20。", "Give a date, for example 2026-03-20.")


@router.get("/data-requests")
async def show_requests(
    visit: Visiting,
    which: Annotated[str, Query(alias="for", max_length=10)] = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """Requests to answer, or those one's own department has made; for stewards all of their region."""
    visit.must_be(Role.OFFICER, Role.STEWARD)
    is_for_me = which != "others"
    page = await visit.read(data_requests.inbox, cursor=cursor, limit=PAGE, is_for_me=is_for_me)
    return visit.page(
        "data_requests",
        lines=page.entries,
        next=page.next,
        is_first=cursor is None,
        which="me" if is_for_me else "others",
    )


@router.get("/data-requests/new")
async def show_new(visit: Visiting, item: Annotated[str, Query(max_length=64)] = "") -> Response:
    """Choose an item, then what is needed for it."""
    return _basket(visit, item)


@router.post("/data-requests")
async def ask(visit: Visiting, request: Request) -> Response:
    """Ask for everything that was ticked, at once."""
    visit.must_be(Role.OFFICER)
    form = await typed(request)
    item = form.text("item")[:64]
    offered = datasets.askable(visit.context, item)
    asked: list[str] = []
    async with again(lambda errors: _basket(visit, item, form, _at_datasets(errors, asked)), passing=()):
        if not offered:
            raise InvalidInput([Fault("/item", "missing", NOT_OWN)])
        wish = _wish(form, item, offered)
        asked = [one.dataset for one in wish.datasets]
        made = await visit.perform(data_requests.ask, wish=wish, key=form.text("key")[:200] or None)
    return visit.go(f"/data-requests/{as_part(made.id)}", "sent")


@router.get("/data-requests/{request_id}")
async def show_request(visit: Visiting, request_id: RequestId) -> Response:
    """One request with its lines."""
    visit.must_be(Role.OFFICER, Role.STEWARD)
    found = await visit.read(data_requests.show, request_id=request_id)
    library = visit.context.world.library
    names = {line.dataset: datasets.element_names(library, line.dataset) for line in found.lines}
    return visit.page("data_request", it=found, names=names)


@router.get("/data-requests/lines/{line_id}")
async def show_line(visit: Visiting, line_id: LineId) -> Response:
    """One line with its course and exactly the actions one has."""
    visit.must_be(Role.OFFICER, Role.STEWARD)
    return await _line(visit, line_id)


@router.post("/data-requests/lines/{line_id}/actions")
async def act(visit: Visiting, request: Request, line_id: LineId) -> Response:
    """One action; what was typed comes back with what is wrong about it."""
    visit.must_be(Role.OFFICER, Role.STEWARD)
    form = await typed(request)
    own = f"/{form.text('action')}/reason"
    async with again(lambda errors: _line(visit, line_id, form, errors.renamed("/reason", own))):
        await visit.perform(data_requests.act, line_id=line_id, wish=_act(form))
    return visit.go(f"/data-requests/lines/{as_part(line_id)}", "done")


def _wish(form: Typed, item: str, offered: list[AskableOut]) -> NewDataRequest:
    """What was ticked; raises :class:`InvalidInput` with everything that cannot even be read."""
    faults: list[Fault] = []
    wanted = [one for each in offered if (one := _wanted(form, each.code, faults)) is not None]
    purpose = within(form.text("purpose"), 1000, "/purpose", faults)
    if not any(form.texts(f"elements.{each.code}") for each in offered):
        faults.append(Fault(f"/elements/{offered[0].code}", "missing", NOTHING))
    if faults:
        raise InvalidInput(faults)
    return NewDataRequest(item=item, region=form.text("region")[:12] or None, purpose=purpose, datasets=wanted)


def _wanted(form: Typed, dataset: str, faults: list[Fault]) -> WantedData | None:
    """One dataset; nothing ticked of it: it is not asked for."""
    elements = form.texts(f"elements.{dataset}")[:100]
    if not elements:
        return None
    per_day = _count(form.text(f"per_day.{dataset}"), f"/per_day/{dataset}", faults)
    until = _day(form.text(f"until.{dataset}"), f"/until/{dataset}", faults)
    return WantedData(dataset=dataset, elements=elements, per_day=per_day or 1, until=until)


def _count(text: str, pointer: str, faults: list[Fault]) -> int | None:
    found: list[Fault] = []
    number = number_of(text, pointer, found)
    if number is not None and 1 <= number <= MOST_PER_DAY:
        return number
    faults.append(Fault(pointer, "out-of-range", NUMBER))
    return None


def _day(text: str, pointer: str, faults: list[Fault]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append(Fault(pointer, "does-not-fit", DAY))
        return None


def _at_datasets(errors: Errors, asked: list[str]) -> Errors:
    """The controls of a dataset carry its code, not its place in the request."""
    for index, code in enumerate(asked):
        for name, control in (("elements", "elements"), ("dataset", "elements"), ("per_day", "per_day")):
            errors = errors.renamed(f"/datasets/{index}/{name}", f"/{control}/{code}")
        errors = errors.renamed(f"/datasets/{index}/until", f"/until/{code}")
    return errors


def _act(form: Typed) -> LineAct:
    faults: list[Fault] = []
    is_approval = form.text("action") == "approve"
    per_day = form.text("per_day") if is_approval else ""
    wish = LineAct(
        action=form.text("action")[:40],
        reason=within(form.text("reason"), 1000, "/reason", faults) or None,
        elements=form.texts("elements")[:100] if is_approval else None,
        per_day=_count(per_day, "/per_day", faults) if per_day else None,
        until=_day(form.text("until"), "/until", faults) if is_approval else None,
    )
    if faults:
        raise InvalidInput(faults)
    return wish


def _basket(visit: Visit, item: str, form: Typed | None = None, errors: Errors = NONE) -> Response:
    items = datasets.own_items(visit.context)
    regions, own = visit.context.world.catalogue.regions, (visit.account.region if visit.account else None) or ""
    return visit.page(
        "data_request_new",
        422 if errors else 200,
        items=items,
        chosen=next((one for one in items if one.code == item), None),
        offered=datasets.askable(visit.context, item),
        regions=[regions[own], *regions.children(own)] if own in regions else [],
        form=form or Typed(),
        errors=errors,
        key=visit.context.new_id(),  # nothing happened under the one that was sent, or it may not be sent again
    )


async def _line(visit: Visit, line_id: str, form: Typed | None = None, errors: Errors = NONE) -> Response:
    line: DataLineFullOut = await visit.read(data_requests.show_line, line_id=line_id)
    return visit.page(
        "data_line",
        422 if errors else 200,
        line=line,
        names=datasets.element_names(visit.context.world.library, line.dataset),
        form=form or Typed(),
        doing=form.text("action") if form else "",
        errors=errors,
    )
