"""异地代收代办: taking in for offices elsewhere, and the courier legs between the hall and them.

The hall that takes in reads what it took in as long as there is intake or correction to do, and nothing afterwards.
Originals travel in one parcel for each office; each parcel is a physical step of that office's tasks with a clock of
its own, and nothing is granted before it was signed for. The days are illustrative.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from app.domain.applications import Actor, Application, EventKind, Task
from app.domain.deadlines import due_on
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput, NotEligible, NotFound
from app.domain.happenings import Happenings
from app.domain.lifecycle import ENDED, INTAKE, TaskStatus
from app.domain.places import is_elsewhere
from app.domain.proxies import Handing, Identified, Parcel, ParcelStatus, Proxy, Way, covers, is_local
from app.domain.records import Step, StepKind
from app.domain.routing import Plan
from app.domain.said import said
from app.domain.vocabulary import Means, Role, Text

TRANSIT_DAYS: Final = 3
"""Working days from packing to signing for [illustrative]."""
WAYBILL_LENGTH: Final = 40
NOTE_LENGTH: Final = 200


def is_proxied(case: Application) -> bool:
    """Whether a hall took it in for offices elsewhere."""
    return case.filed_region is not None and not is_local(case.filed_region, case.region)


def is_done_with(who: Actor, case: Application) -> bool:
    """Whether the asker is the hall that took it in for elsewhere and has nothing left to take in: from then on it
    sees the course of the case and no content."""
    if who.role is not Role.CLERK or who.region != case.filed_region or case.submitted_at is None:
        return False
    busy = INTAKE | {TaskStatus.CORRECTION}
    return is_proxied(case) and not any(task.status in busy for task in case.tasks.values())


def take_in(h: Happenings, identified: Identified | None, handing: Handing | None) -> None:
    """Note how the person was identified and how the result is to go back.

    Raises :class:`InvalidInput` when a hall takes in for elsewhere without saying so, and for such a note where there
    is nothing to note.
    """
    is_given = identified is not None and handing is not None
    if is_proxied(h.case) and not is_given:
        text = Text(
            "为外地部门收件，请先核验身份，并说明结果怎样送达。",
            "Taking in for offices elsewhere: check the identity first, and say how the result is to be delivered.",
        )
        raise InvalidInput([Fault("/proxy", "missing", text)])
    if is_given and not is_proxied(h.case):
        text = Text("不是异地代收，不用填写代收信息。", "This is not taken in for elsewhere: leave it out.")
        raise InvalidInput([Fault("/proxy", "not-needed", text)])
    if identified is not None and handing is not None:
        proxy = Proxy(h.case.filed_region or "", identified, handing, h.who.account, h.moment.at)
        h.record(EventKind.TAKEN_IN_ELSEWHERE, why=f"{identified.zh} / {identified.en}", proxy=proxy)


def amend(h: Happenings, identified: Identified | None, handing: Handing | None) -> None:
    """Change it while the application is a draft: how the result is delivered is the hall's or the applicant's to say,
    how the person was identified only the hall's.

    Raises :class:`InvalidInput` where nothing was taken in for elsewhere, and for what is not the asker's to say.
    """
    proxy = h.case.proxy
    if proxy is None:
        text = Text("不是异地代收，不用填写代收信息。", "This is not taken in for elsewhere: leave it out.")
        raise InvalidInput([Fault("/proxy", "not-needed", text)])
    is_hall = h.who.role is Role.CLERK and h.who.region == proxy.hall
    if identified not in {None, proxy.identified} and not is_hall:
        text = Text("身份核验方式由收件大厅填写。", "How the identity was checked is for the hall to say.")
        raise InvalidInput([Fault("/proxy/identified", "not-yours", text)])
    after = replace(proxy, identified=identified or proxy.identified, handing=handing or proxy.handing)
    if after != proxy:
        told = f"{after.identified.zh}，{after.handing.zh} / {after.identified.en}, {after.handing.en}"
        h.record(EventKind.TAKEN_IN_ELSEWHERE, why=told, proxy=after)


def must_be_covered(case: Application, plan: Plan) -> None:
    """Raises :class:`NotEligible` when no item of the plan may be taken in where it was.

    One that is within its published 通办范围 is enough: the halls pass the others on by arrangement, and each says so.
    """
    if not is_proxied(case) or case.proxy is None:
        return
    hall = case.proxy.hall
    if any(covers(planned.item.area, hall, planned.routed.department.region) for planned in plan.items):
        return
    names = Text(
        "、".join(planned.item.short.zh for planned in plan.items),
        ", ".join(planned.item.short.en for planned in plan.items),
    )
    text = Text(
        f"这些事项不在通办范围内，不能在外地大厅收件：{names.zh}。可以网上申报，或到办理地大厅办理。",
        f"None of these can be taken in elsewhere: {names.en}. Apply online, or at the hall in charge.",
    )
    raise NotEligible(text, reasons=[{"zh": text.zh, "en": text.en}])


def pack(h: Happenings, plan: Plan, codes: Iterable[str] | None = None) -> None:
    """Pack what exists on paper only (or of it these ``codes``): one parcel for each office elsewhere that uses it
    first; who needs it afterwards has it from there."""
    proxy = h.case.proxy
    if proxy is None or h.case.submitted_at is None:
        return
    wanted = None if codes is None else set(codes)
    found: dict[str, list[str]] = {}
    for planned in plan.materials:
        material = h.case.materials.get(planned.material.code)
        is_paper = material is not None and material.means is Means.UPLOAD and material.digest is None
        if not is_paper or (wanted is not None and planned.material.code not in wanted):
            continue
        users = [
            h.case.tasks[p.item.code]
            for p in plan.items
            if p.item.code in planned.users and p.item.code in h.case.tasks
        ]
        first = next((task for task in users if task.status not in ENDED), None)
        if first is not None and not is_local(proxy.hall, first.region):
            found.setdefault(first.department, []).append(planned.material.code)
    for department, materials in found.items():
        users_of = {item for p in plan.materials if p.material.code in materials for item in p.users}
        items = [item for item, task in h.case.tasks.items() if task.department == department and item in users_of]
        _pack(h, Way.OUT, department, items, materials)


def pack_result(h: Happenings, task: Task) -> None:
    """The result goes back to the hall or to the applicant, unless it is collected where it was decided."""
    proxy = h.case.proxy
    if proxy is None or proxy.handing is Handing.AT_HOME or is_local(proxy.hall, task.region):
        return
    _pack(h, Way.BACK, task.department, [task.item], [])


def _pack(h: Happenings, way: Way, department: str, items: list[str], materials: list[str]) -> None:
    proxy = h.case.proxy
    if proxy is None:
        return
    due = due_on(h.moment.calendar, h.moment.counts_from, TRANSIT_DAYS)
    number = len(proxy.parcels) + 1
    parcel = Parcel(number, way, department, tuple(items), tuple(materials), h.moment.at, due)
    h.record(EventKind.PARCEL_PACKED, why=way.value, proxy=replace(proxy, parcels=(*proxy.parcels, parcel)))
    for item in items:
        task = h.case.tasks[item]
        if task.status not in ENDED:
            step = Step(len(task.steps) + 1, StepKind.COURIER, None, due, parcel=number)
            h.record(EventKind.STEP_PLANNED, task=item, why=StepKind.COURIER.value, steps=(*task.steps, step))


def find(case: Application, number: int) -> Parcel:
    """The parcel with this number; raises :class:`NotFound`."""
    parcels = () if case.proxy is None else case.proxy.parcels
    found = next((parcel for parcel in parcels if parcel.number == number), None)
    if found is None:
        raise NotFound(Text("没有这件寄递。", "There is no such parcel."))
    return found


def possible(who: Actor, case: Application, parcel: Parcel) -> tuple[str, ...]:
    """What the asker may do with a parcel now: ``send`` it, or ``sign`` for it."""
    is_taker = who.role is Role.CLERK and case.proxy is not None and who.region == case.proxy.hall
    is_decider = (who.role is Role.OFFICER and who.department == parcel.department) or (
        who.role is Role.CLERK and who.region == _deciding_place(case, parcel)
    )
    is_sender, is_receiver = is_taker, is_decider
    if parcel.way is Way.BACK:
        is_sender = is_decider
        is_receiver = is_taker if case.proxy is not None and case.proxy.handing is Handing.AT_HALL else is_decider
    match parcel.status:
        case ParcelStatus.PACKED:
            return ("send",) if is_sender else ()
        case ParcelStatus.SENT:
            return ("sign",) if is_receiver else ()
        case _:
            return ()


def _deciding_place(case: Application, parcel: Parcel) -> str:
    """Where the department of a parcel works: in the place of the case, or in the other one that its items were given
    to (多地联办). The hall there acts beside the department; the hall that leads has no part in what passes it by."""
    regions = [case.tasks[item].region for item in parcel.items if item in case.tasks]
    return next((region for region in regions if is_elsewhere(region, case.region)), case.region)


def send(h: Happenings, number: int, waybill: str) -> None:
    """Hand a parcel to the courier. Raises :class:`InvalidInput` without the number on its waybill."""
    parcel = _demand(h, number, "send")
    told = said(waybill)
    if not told or len(told) > WAYBILL_LENGTH:
        text = Text(
            f"请填写运单号，最多 {WAYBILL_LENGTH} 个字符。", f"Give the waybill, at most {WAYBILL_LENGTH} signs."
        )
        raise InvalidInput([Fault("/waybill", "missing" if not told else "too-long", text)])
    sent = replace(parcel, sent_at=h.moment.at, sent_by=h.who.account, waybill=told)
    h.record(EventKind.PARCEL_SENT, why=told, proxy=_with(h.case, sent))


def sign(h: Happenings, number: int, note: str | None) -> None:
    """Sign for a parcel; ``note`` says what was missing or damaged. Ends the courier step of every task that waits."""
    parcel = _demand(h, number, "sign")
    told = said(note)[:NOTE_LENGTH] or None
    signed = replace(parcel, signed_at=h.moment.at, signed_by=h.who.account, note=told)
    h.record(EventKind.PARCEL_SIGNED, why=told, proxy=_with(h.case, signed))
    for item in parcel.items:
        steps = h.case.tasks[item].steps
        done = tuple(
            replace(step, done_at=h.moment.at, done_by=h.who.account) if step.parcel == number else step
            for step in steps
        )
        if done != steps:
            h.record(EventKind.STEP_FINISHED, task=item, why=told, steps=done)


def _with(case: Application, parcel: Parcel) -> Proxy:
    if case.proxy is None:
        raise AssertionError("a parcel belongs to what was taken in elsewhere")
    parcels = tuple(parcel if own.number == parcel.number else own for own in case.proxy.parcels)
    return replace(case.proxy, parcels=parcels)


def _demand(h: Happenings, number: int, action: str) -> Parcel:
    parcel = find(h.case, number)
    options = possible(h.who, h.case, parcel)
    if action not in options:
        now = parcel.status
        text = Text(
            f"这件寄递现在是“{now.zh}”，您不能执行此操作。", f"The parcel is {now.en}: this is not yours to do now."
        )
        raise ActionNotAllowed(text, action=action, status=now.value, allowed=list(options))
    return parcel


def may_hand_out(who: Actor, case: Application, task: Task | None = None) -> bool:
    """The hall that took it in gives a result out where that was agreed, and of a task that is its own place's;
    the halls of the places that decide give out what was decided there."""
    proxy = case.proxy
    if proxy is None or who.role is not Role.CLERK or who.region != proxy.hall:
        return True
    return proxy.handing is Handing.AT_HALL or (task is not None and is_local(proxy.hall, task.region))


def must_hand_out(h: Happenings, task: Task) -> None:
    """Raises :class:`ActionNotAllowed` for a hall that is not to give the result out."""
    if not may_hand_out(h.who, h.case, task):
        text = Text(
            "申请人没有选择在本大厅领取，结果由办理地送达。",
            "The applicant does not collect it here: the deciding office delivers it.",
        )
        raise ActionNotAllowed(text, action="deliver", allowed=[])
