"""跑动: what one application still needs a person to come for, what to bring, and which halls take it in.

Illustrative throughout: which items need a visit is what the packs say.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.domain.applications import Application, Task
from app.domain.halls import Desk, Hall
from app.domain.lifecycle import DECIDED, ENDED, FAILED, TaskStatus
from app.domain.points import PointKind
from app.domain.regions import RegionTree, is_within
from app.domain.routing import Plan, PlannedItem, PlannedMaterial
from app.domain.vocabulary import DeliveryWay, HandlingArea, Level, MaterialFormat, Means, Text, Word

COLLECTED = "窗口领取"
"""The form's answer on delivery that means: at the counter."""
REACH = (HandlingArea.NONE, HandlingArea.CITY, HandlingArea.PROVINCE, HandlingArea.NATIONAL)
AREAS = {HandlingArea.NONE: Level.COUNTY, HandlingArea.CITY: Level.CITY, HandlingArea.PROVINCE: Level.PROVINCE}


class Purpose(Word):
    """What a visit is for."""

    IN_PERSON = "in_person", "本人到场", "coming in person"
    COLLECT = "collect", "到窗口领取", "collecting at the counter"


@dataclass(frozen=True, slots=True)
class Errand:
    """One item that somebody has to come for; ``is_in_hall`` is False when it is at the item's own place."""

    planned: PlannedItem
    purpose: Purpose
    reason: Text
    is_in_hall: bool
    is_done: bool


@dataclass(frozen=True, slots=True)
class Brought:
    """One thing to bring, and why."""

    code: str
    name: Text
    because: Text


def errands(case: Application, plan: Plan) -> tuple[Errand, ...]:
    """Every visit of the case, in the order of the plan, those that are over marked so."""
    return tuple(_errands(case, plan))


def _errands(case: Application, plan: Plan) -> Iterator[Errand]:
    for planned in plan.items:
        item, task = planned.item, case.tasks.get(planned.item.code)
        if item.bundled_visits and item.bundled_visits_reason is not None:
            done = task is not None and task.status in DECIDED | FAILED
            yield Errand(planned, Purpose.IN_PERSON, item.bundled_visits_reason, item.is_in_hall, done)
        if case.form.get("delivery") == COLLECTED and DeliveryWay.WINDOW in item.result.delivery:
            done = task is not None and task.status in ENDED
            yield Errand(planned, Purpose.COLLECT, _collecting(task), True, done)


def _collecting(task: Task | None) -> Text:
    if task is not None and task.status is TaskStatus.DELIVERY:
        return Text("已可领取。", "Ready to be collected.")
    return Text("您选了到窗口领取；办好后会通知您。", "You chose to collect it; you are told when it is ready.")


def to_bring(case: Application, plan: Plan, has_agent: bool) -> tuple[Brought, ...]:
    """What to bring for this case: who one is, the number, originals of what was handed in as a file, what is asked."""
    return (*_who(has_agent), *_number(case), *_papers(case, plan))


def _who(has_agent: bool) -> Iterator[Brought]:
    own = Text("办理人的身份证件（演示中为虚构证件）", "The identity document of whoever comes (fictional here)")
    yield Brought("identity", own, Text("窗口核对是不是本人。", "The counter checks who you are."))
    if has_agent:
        name = Text("委托书和委托人的身份证件", "The mandate, and the principal's identity document")
        yield Brought("mandate", name, Text("您是代理人。", "You act for somebody else."))


def _number(case: Application) -> Iterator[Brought]:
    if case.reference is not None:
        name = Text(f"办件编号 {case.reference}", f"The case number {case.reference}")
        yield Brought("reference", name, Text("窗口凭编号找到您的申请。", "The counter finds your case by it."))


def _papers(case: Application, plan: Plan) -> Iterator[Brought]:
    open_items = {item for item, task in case.tasks.items() if task.status not in ENDED | DECIDED}
    asked = _asked(case)
    for planned in plan.materials:
        code = planned.material.code
        if planned.source.means is not Means.UPLOAD or planned.is_needed is False:
            continue
        if case.tasks and not open_items & set(planned.users):
            continue
        if (because := _why(case, planned, code in asked)) is not None:
            yield Brought(code, planned.material.name, because)


def _why(case: Application, planned: PlannedMaterial, is_asked: bool) -> Text | None:
    paper = planned.material
    if is_asked:
        return Text("补正通知里要的。", "The correction notice asks for it.")
    if paper.code not in case.materials:
        return Text("还没有交。", "Not handed in yet.")
    if paper.originals and paper.format is not MaterialFormat.ELECTRONIC:
        count = paper.originals
        return Text(
            f"原件 {count} 份，供核对；网上交过的不用再带复印件。",
            f"The original ({count}) to compare; no copies of what you sent online.",
        )
    return None


def _asked(case: Application) -> set[str]:
    notice = case.open_notice
    live = case.live_points(notice) if notice is not None else {}
    return {point.code for points in live.values() for point in points if point.kind is PointKind.MATERIAL}


def reach(case: Application, plan: Plan) -> HandlingArea:
    """How far away a hall may be and still take all that is open of the case (通办范围): the narrowest of its items in
    halls; local when there is none."""
    areas = [
        REACH.index(planned.item.area)
        for planned in plan.items
        if planned.item.is_in_hall and _is_open(case, planned.item.code)
    ]
    return REACH[min(areas, default=0)]


def _is_open(case: Application, item: str) -> bool:
    return item not in case.tasks or case.tasks[item].status not in ENDED


def taking(halls: Iterable[Hall], area: HandlingArea, region: str, tree: RegionTree, desk: Desk) -> list[Hall]:
    """The halls with this desk that take a case of the region, when all its items are done so far around."""
    level = AREAS.get(area)
    around = next((at.code for at in tree.ancestors(region) if level is not None and at.level.depth <= level.depth), "")
    return [hall for hall in halls if desk in hall.desks and (not around or is_within(hall.region, around))]
