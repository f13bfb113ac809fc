"""一揽子申请: the owner of an item asks for several datasets at once, and every holder answers for itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from app.domain import datasets
from app.domain.applications import SYSTEM
from app.domain.authorities import find
from app.domain.catalogue import Dataset, ServiceItem
from app.domain.datasets import (
    Approval,
    Course,
    LineAction,
    LineCommand,
    LineEventKind,
    LineStatus,
    RequestLine,
    answer_due,
    sides_of,
)
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput, NotAllowed, NotFound
from app.domain.matters import id_of
from app.domain.said import said
from app.domain.vocabulary import Role, Text
from app.schemas.common import Page
from app.schemas.datasets import (
    ApprovalAct,
    DataLineFullOut,
    DataRequestOut,
    LineAct,
    NewDataRequest,
    WantedData,
)
from app.storage import dataset_rows
from app.storage.dataset_rows import Basket
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases import once, paging
from app.usecases.context import Context
from app.usecases.data_views import line_with_course, request_out
from app.usecases.datasets import needed, standing_of
from app.usecases.safety import refuse_real_numbers

BATCH = 200


def ask(context: Context, reader: Reader, wish: NewDataRequest, key: str | None = None) -> Outcome[DataRequestOut]:
    """A new request. With a key already used for the same wish, the request made then.

    Raises :class:`NotAllowed` for a department that does not own the item, :class:`InvalidInput` with every fault,
    :class:`NoAuthority` when a holder has no body that speaks for so wide a region.
    """
    refuse_real_numbers(wish.model_dump(mode="json"))
    who = context.acting(Role.OFFICER)
    request = {"data_request": wish.model_dump(mode="json")}
    if (known := once.seen(context, reader, key, request)) is not None:
        return Outcome(show(context, reader, known))
    item, region = _item(context, wish.item), _region(context, wish.region)
    faults = _faults(context, reader, item, region, wish)
    if faults:
        raise InvalidInput(faults)
    basket = Basket(
        id=context.new_id(),
        item=item.code,
        region=region,
        department=who.department or "",
        purpose=said(wish.purpose),
        asked_by=who.account,
        asked_at=context.at,
    )
    courses = [_begun(context, reader, basket, wanted) for wanted in wish.datasets]
    answer = request_out(context, basket, [course.line for course in courses])
    return Outcome(answer, once.remember(context, key, request, basket.id, dataset_rows.asked(basket, courses)))


def show(context: Context, reader: Reader, request_id: str) -> DataRequestOut:
    """One request, for the department that asked, the holders it asked, and the stewards above."""
    basket, lines = _seen(context, reader, request_id)
    return request_out(context, basket, lines)


def show_line(context: Context, reader: Reader, line_id: str) -> DataLineFullOut:
    """One line with its course; raises :class:`NotFound` for whoever has no part in it."""
    line = _seen_line(context, reader, line_id)
    return line_with_course(context, reader, line, [])


def inbox(context: Context, reader: Reader, cursor: str | None, limit: int, *, is_for_me: bool) -> Page[DataRequestOut]:
    """What the own department has to answer, or has asked for; for stewards all in their region. Newest first."""
    who = context.acting(Role.OFFICER, Role.STEWARD)
    position = paging.position(cursor, 1)
    before = position[0] if position else None
    if who.role is Role.STEWARD:
        baskets = dataset_rows.baskets_within(reader, who.region or "", before, limit + 1)
    elif is_for_me:
        baskets = dataset_rows.baskets_for(reader, who.department or "", before, limit + 1)
    else:
        baskets = dataset_rows.baskets_of(reader, who.department or "", before, limit + 1)
    page = baskets[:limit]
    lines = dataset_rows.lines_of(reader, [basket.id for basket in page])
    entries = [request_out(context, each, _visible(context, each, lines)) for each in page]
    return Page(entries=entries, next=paging.cursor(page[-1].id) if len(baskets) > limit else None)


def act(context: Context, reader: Reader, line_id: str, wish: LineAct) -> Outcome[DataLineFullOut]:
    """One action on one line. Raises :class:`ActionNotAllowed` with what is allowed, or :class:`InvalidInput`."""
    refuse_real_numbers(wish.model_dump(mode="json"))
    before = _seen_line(context, reader, line_id)
    course = Course(before, context.actor, context.moment)
    datasets.act(course, _command(context, before, wish), sides_of(before, context.actor))
    after = replace(course.line, version=before.version + 1)
    return Outcome(line_with_course(context, reader, after, course.events), dataset_rows.moved(before, course))


def suspend_standing(
    context: Context, reader: Reader, approval_id: str, wish: ApprovalAct, key: str | None = None
) -> Outcome[DataLineFullOut]:
    """暂停 what stands without a request: an officer of the holder's line, for the own region and inside it.

    What it makes is a line like any other, so that it is resumed like any other. With a key already used, the line as
    it stands now. Raises :class:`NotFound`,
    :class:`NotAllowed` or :class:`ActionNotAllowed`.
    """
    refuse_real_numbers(wish.model_dump())
    who = context.acting(Role.OFFICER)
    request = {"suspend": approval_id, **wish.model_dump(mode="json")}
    if (known := once.seen(context, reader, key, request)) is not None:
        return Outcome(show_line(context, reader, known))
    found, region = _suspendable(context, reader, approval_id)
    course = Course(_taken_up(context, reader, found, region), SYSTEM, context.moment)
    course.record(LineEventKind.ASKED)
    datasets.act(course, _as_approved(found), frozenset({datasets.LineSide.HOLDER}))
    course.who = who
    command = LineCommand(action=LineAction.SUSPEND, reason=wish.reason)
    datasets.act(course, command, sides_of(course.line, who))
    changes = once.remember(context, key, request, course.line.id, dataset_rows.begun(course))
    return Outcome(line_with_course(context, reader, course.line, course.events), changes)


def _suspendable(context: Context, reader: Reader, approval_id: str) -> tuple[Approval, str]:
    """What stands without a request, and the region that the asker's department may suspend it for."""
    found = standing_of(context, approval_id)
    if found is None:
        raise NotFound(Text("没有找到这项批准。", "There is no such approval."))
    line, _, region = (context.actor.department or "").partition(".")
    if line != context.world.library.datasets[found.dataset].holder:
        raise NotAllowed(Text("只有数源部门可以暂停。", "Only the holder of the data may suspend it."))
    if any(each.region == region and each.approval for each in _standing(reader, found)):
        raise ActionNotAllowed(
            Text(
                "您的区划已有一项存续的批准，请直接暂停或恢复它。", "Your region has an approval of its own: act on it."
            ),
            action=LineAction.SUSPEND.value,
            allowed=[],
        )
    return found, region


def expire(context: Context, store: Store) -> int:
    """End the approvals whose last day has passed; how many."""
    system, ended, after = context.as_system(), 0, ""
    today = system.moment.today
    while batch := store.read(partial(dataset_rows.past_their_day, today=today, after=after, limit=BATCH)):
        for line_id in batch:
            ended += store.perform(partial(_expire_one, system, line_id=line_id))
        after = batch[-1]
    return ended


def _expire_one(context: Context, reader: Reader, line_id: str) -> Outcome[int]:
    line = dataset_rows.line(reader, line_id)
    if line is None or line.status is not LineStatus.APPROVED or line.until is None:
        return Outcome(0)
    if line.until >= context.moment.today:
        return Outcome(0)
    course = Course(line, context.actor, context.moment)
    datasets.act(course, LineCommand(action=LineAction.EXPIRE), sides_of(line, context.actor))
    return Outcome(1, dataset_rows.moved(line, course))


def no_such_line() -> NotFound:
    """The one sentence for both "does not exist" and "none of yours"."""
    return NotFound(Text("没有找到这项数据申请。", "There is no such request for data."))


def _item(context: Context, code: str) -> ServiceItem:
    item = context.world.library.items.get(code)
    if item is None:
        raise InvalidInput([Fault("/item", "unknown-item", Text("没有这个事项。", "There is no such item."))])
    if item.line != (context.actor.department or "").partition(".")[0]:
        raise NotAllowed(
            Text("只有事项的主管部门可以为它申请数据。", "Only the department that owns an item may ask for its data.")
        )
    return item


def _region(context: Context, wanted: str | None) -> str:
    own, regions = context.actor.region or "", context.world.catalogue.regions
    region = wanted or own
    if region not in regions or all(place.code != own for place in regions.ancestors(region)):
        text = Text("请选择本部门所在区划或其下级。", "Choose your department's region or one inside it.")
        raise InvalidInput([Fault("/region", "outside", text)])
    return region


def _faults(context: Context, reader: Reader, item: ServiceItem, region: str, wish: NewDataRequest) -> list[Fault]:
    faults = []
    if not said(wish.purpose):
        faults.append(Fault("/purpose", "missing", Text("请写明用途。", "Say what the data are needed for.")))
    seen: set[str] = set()
    for index, wanted in enumerate(wish.datasets):
        at = f"/datasets/{index}"
        if wanted.dataset in seen:
            text = Text("同一数据资源请合并为一项。", "Ask for one dataset once.")
            faults.append(Fault(f"{at}/dataset", "twice", text))
        elif (fault := _refused(context, reader, item, region, wanted)) is not None:
            faults.append(replace(fault, pointer=f"{at}{fault.pointer}"))
        seen.add(wanted.dataset)
    return faults


def _refused(context: Context, reader: Reader, item: ServiceItem, region: str, wanted: WantedData) -> Fault | None:
    """What stands against asking for one dataset at all."""
    dataset = context.world.library.datasets.get(wanted.dataset)
    if dataset is None:
        return Fault("/dataset", "unknown-dataset", Text("没有这个数据资源。", "There is no such dataset."))
    if dataset.holder == item.line:
        text = Text("这是本条线自有的数据，无需申请。", "These are your own line's data: nothing to ask for.")
        return Fault("/dataset", "own", text)
    if dataset.code not in item.needs_data:
        text = Text(
            "事项的数据需求清单里没有它，请先修订事项。", "The item does not list it: amend the item's list first."
        )
        return Fault("/dataset", "not-needed", text)
    if beyond := sorted(set(wanted.elements) - needed(context.world.library, item, dataset)):
        text = Text(
            f"超出事项需要的数据项：{'、'.join(beyond)}（最小必要）。",
            f"More than the item needs: {', '.join(beyond)}.",
        )
        return Fault("/elements", "beyond-need", text)
    if wanted.until is not None and wanted.until < context.moment.today:
        return Fault("/until", "past", Text("截止日期已过。", "That day has passed."))
    return _pending(reader, item, dataset, region)


def _pending(reader: Reader, item: ServiceItem, dataset: Dataset, region: str) -> Fault | None:
    lines = [line for line in dataset_rows.live_lines(reader, item.code, dataset.code) if line.region == region]
    if any(line.status is LineStatus.ASKED for line in lines):
        return Fault("/dataset", "already-asked", Text("已经申请，请等待答复。", "It has been asked for already."))
    if any(line.status is LineStatus.SUSPENDED for line in lines):
        text = Text("数源部门已暂停共享，请先请其恢复。", "The holder has suspended it: ask for it to be resumed.")
        return Fault("/dataset", "suspended", text)
    return None


def _begun(context: Context, reader: Reader, basket: Basket, wanted: WantedData) -> Course:
    library, regions = context.world.library, context.world.catalogue.regions
    dataset = library.datasets[wanted.dataset]
    level = regions[basket.region].level
    routed = find(library.lines[dataset.holder], level, basket.region, regions)
    key = _key(reader, basket.item, dataset.code, basket.region)
    line = RequestLine(
        id=id_of(key),
        key=key,
        request_id=basket.id,
        item=basket.item,
        dataset=dataset.code,
        region=basket.region,
        department=basket.department,
        holder=routed.department.code,
        asked_at=context.at,
        asked_elements=tuple(dict.fromkeys(wanted.elements)),
        asked_per_day=wanted.per_day,
        asked_until=wanted.until,
        due_on=answer_due(context.moment),
    )
    course = Course(line, context.actor, context.moment)
    datasets.ask(course, dataset, SYSTEM, _reference(context, line.holder))
    return course


def _key(reader: Reader, item: str, dataset: str, region: str) -> str:
    return f"{item}:{dataset}:{region}:{dataset_rows.count_asked(reader, item, dataset, region) + 1}"


def _reference(context: Context, holder: str) -> str:
    """The number of a holder's approval (illustrative)."""
    return f"SJ-{holder}-{context.moment.today:%Y%m%d}-{context.new_serial()}"


def _command(context: Context, line: RequestLine, wish: LineAct) -> LineCommand:
    choices = {action.value: action for action in LineAction if action is not LineAction.EXPIRE}
    action = choices.get(wish.action)
    if action is None:
        names = ", ".join(choices)
        text = Text(f"没有这个操作，可用：{names}。", f"There is no such action; there are: {names}.")
        raise InvalidInput([Fault("/action", "unknown-action", text)])
    return LineCommand(
        action=action,
        reason=wish.reason,
        elements=None if wish.elements is None else tuple(dict.fromkeys(wish.elements)),
        per_day=wish.per_day,
        until=wish.until,
        reference=_reference(context, line.holder) if action is LineAction.APPROVE else None,
    )


def _standing(reader: Reader, approval: Approval) -> Sequence[RequestLine]:
    return dataset_rows.live_lines(reader, approval.item, approval.dataset)


def _taken_up(context: Context, reader: Reader, approval: Approval, region: str) -> RequestLine:
    """The line of an approval of the packs, for one region."""
    today, until = context.moment.today, approval.until or date.max
    if until < today:
        raise ActionNotAllowed(
            Text("这项批准已经到期。", "This approval has run out."), action=LineAction.SUSPEND.value, allowed=[]
        )
    key = _key(reader, approval.item, approval.dataset, region)
    return RequestLine(
        id=id_of(key),
        key=key,
        request_id=None,
        item=approval.item,
        dataset=approval.dataset,
        region=region,
        department=f"{context.world.library.items[approval.item].line}.{region}",
        holder=context.actor.department or "",
        asked_at=context.at,
        asked_elements=approval.elements or tuple(sorted(_all_needed(context, approval))),
        asked_per_day=approval.per_day or datasets.MOST_PER_DAY,
        asked_until=approval.until,
        due_on=today,
    )


def _all_needed(context: Context, approval: Approval) -> frozenset[str]:
    library = context.world.library
    return needed(library, library.items[approval.item], library.datasets[approval.dataset])


def _as_approved(approval: Approval) -> LineCommand:
    reference = approval.reference.zh if approval.reference else None
    return LineCommand(action=LineAction.APPROVE, reason=approval.origin.zh, reference=reference)


def _seen(context: Context, reader: Reader, request_id: str) -> tuple[Basket, list[RequestLine]]:
    basket = dataset_rows.basket(reader, request_id)
    lines = [] if basket is None else _visible(context, basket, dataset_rows.lines_of(reader, [request_id]))
    if basket is None or not lines:
        raise no_such_line()
    return basket, lines


def _visible(context: Context, basket: Basket, lines: Sequence[RequestLine]) -> list[RequestLine]:
    """The lines of a request that the asker may see: its own department's, all of them; a holder its own."""
    who = context.actor
    own = [line for line in lines if line.request_id == basket.id]
    if who.role is Role.STEWARD and _is_within(context, basket.region):
        return own
    if who.role is not Role.OFFICER:
        return []
    return own if who.department == basket.department else [line for line in own if line.holder == who.department]


def _is_within(context: Context, region: str) -> bool:
    regions = context.world.catalogue.regions
    return region in regions and any(place.code == context.actor.region for place in regions.ancestors(region))


def _seen_line(context: Context, reader: Reader, line_id: str) -> RequestLine:
    line = dataset_rows.line(reader, line_id)
    is_steward = context.actor.role is Role.STEWARD
    if line is None or not (sides_of(line, context.actor) or (is_steward and _is_within(context, line.region))):
        raise no_such_line()
    return line
