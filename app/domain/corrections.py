"""补正: departments post points, the applicant gets one notice with all of them, answers only those, and nobody else
is disturbed.

A round gathers every task in intake. The notice is served when each of them has answered (accepted, declined,
returned or posted points) or on the last day of an intake clock of one that posted; it is served once for each task
(行政许可法 art. 32), so points after it are refused.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain import clocks
from app.domain.applications import SYSTEM, EventKind, Notice, Point, PointKind, ProvidedMaterial, Task
from app.domain.deadlines import due_on
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput
from app.domain.forms import is_blank, tidy, unknown_fields, value_faults
from app.domain.happenings import Happenings
from app.domain.lifecycle import INTAKE, RUNNING, TaskAction, TaskStatus
from app.domain.routing import Plan
from app.domain.vocabulary import Text

MAX_POINTS = 50
MAX_REASON = 500


def post(h: Happenings, task: Task, points: tuple[Point, ...], plan: Plan, reason: str | None) -> None:
    """One department says what is wrong, all at once; posting again before the notice replaces its points."""
    faults = _point_faults(points, task.item, plan)
    if faults:
        raise InvalidInput(faults)
    h.record(EventKind.CORRECTION_POSTED, task=task.item, why=reason, points=points)


def serve_if_ready(h: Happenings) -> None:
    """Serve the merged notice once every department in intake has answered, or on the last day to do so."""
    posted = [task for task in h.case.tasks.values() if task.status is TaskStatus.RECEIVED and task.points]
    if not posted:
        return
    in_intake = [task for task in h.case.tasks.values() if task.status in INTAKE]
    last_day = min(task.intake_due_on for task in posted if task.intake_due_on)
    if all(task.has_answered_intake for task in in_intake) or h.moment.today >= last_day:
        serve(h, posted)


def serve(h: Happenings, posted: Iterable[Task]) -> None:
    """Serve one notice with the points of all these tasks."""
    posted = list(posted)
    notice = Notice(
        number=len(h.case.notices) + 1,
        served_at=h.moment.at,
        due_on=due_on(h.moment.calendar, h.moment.counts_from, clocks.CORRECTION_DAYS),
        points={task.item: task.points for task in posted},
    )
    h.record(EventKind.CORRECTION_SERVED, by=SYSTEM, why=str(notice.number), notice=notice)
    for task in posted:
        h.record(
            EventKind.CORRECTION_SERVED,
            task=task.item,
            end=TaskStatus.CORRECTION,
            by=SYSTEM,
            points=(),
            is_notified=True,
        )


def correct(
    h: Happenings, number: int, values: Mapping[str, Any], materials: Mapping[str, ProvidedMaterial], plan: Plan
) -> None:
    """The applicant answers one notice: exactly its points, all of them.

    Tasks of the notice go back to intake with a fresh clock; a task that had already accepted and uses a value that
    changed is asked to confirm again; nobody else hears of it. Raises :class:`InvalidInput` for values outside the
    points, points left unanswered, or values that do not fit.
    """
    notice = _open_notice(h, number)
    live = _live_points(h, notice)
    faults = _answer_faults(live, values, materials, plan, h)
    if faults:
        raise InvalidInput(faults)
    tidied = {code: tidy(value) for code, value in values.items()}
    changed = tuple(code for code, value in tidied.items() if h.case.form.get(code) != value)
    answered = Notice(notice.number, notice.served_at, notice.due_on, notice.points, h.moment.at)
    h.record(EventKind.CORRECTED, why=str(number), values={code: tidied[code] for code in changed}, notice=answered)
    for material in materials.values():
        h.record(EventKind.MATERIAL_PROVIDED, material=material)
    for item in live:
        h.record(
            EventKind.CORRECTED,
            task=item,
            end=TaskStatus.RECEIVED,
            received_at=h.moment.at,
            **clocks.intake(h.moment),
        )
    _ask_confirmation(h, changed, materials, plan, frozenset(live))


def _ask_confirmation(
    h: Happenings, fields: tuple[str, ...], materials: Iterable[str], plan: Plan, answered: frozenset[str]
) -> None:
    changed = {*fields, *materials}
    for task in list(h.case.tasks.values()):
        if task.status not in RUNNING or task.item in answered:
            continue
        mine = sorted(changed & _slice(plan, task.item))
        if mine:
            asked = tuple(sorted({*task.confirm_fields, *mine}))
            h.record(EventKind.CONFIRMATION_ASKED, task=task.item, by=SYSTEM, confirm_fields=asked)


def _slice(plan: Plan, item: str) -> set[str]:
    fields = {planned.spec.code for planned in plan.fields if item in planned.users}
    return fields | {planned.material.code for planned in plan.materials if item in planned.users}


def _open_notice(h: Happenings, number: int) -> Notice:
    for notice in h.case.notices:
        if notice.number == number and notice.answered_at is None and _live_points(h, notice):
            return notice
    open_numbers = [n.number for n in h.case.notices if n.answered_at is None and _live_points(h, n)]
    raise ActionNotAllowed(
        Text("没有待回复的这份补正告知。", "There is no such correction notice waiting for an answer."),
        action=TaskAction.CORRECT.value,
        open_notices=open_numbers,
    )


def _live_points(h: Happenings, notice: Notice) -> dict[str, tuple[Point, ...]]:
    """The points whose task still waits for them; a task withdrawn meanwhile needs no answer."""
    return {
        item: points for item, points in notice.points.items() if h.case.tasks[item].status is TaskStatus.CORRECTION
    }


def _answer_faults(
    live: Mapping[str, tuple[Point, ...]],
    values: Mapping[str, Any],
    materials: Mapping[str, ProvidedMaterial],
    plan: Plan,
    h: Happenings,
) -> list[Fault]:
    points = {(point.kind, point.code) for own in live.values() for point in own}
    specs = {planned.spec.code: planned.spec for planned in plan.fields}
    fields = {code for kind, code in points if kind is PointKind.FIELD}
    papers = {code for kind, code in points if kind is PointKind.MATERIAL}
    faults = unknown_fields(fields, values, "/values") + unknown_fields(papers, materials, "/materials")
    for code in sorted(fields):
        if is_blank(values.get(code)):
            name = specs[code].name
            text = Text(f"告知要求补正：{name.zh}，请填写。", f"The notice asks for: {name.en}. Fill it in.")
            faults.append(Fault(f"/values/{code}", "missing", text))
        else:
            faults += value_faults(specs[code], values[code], h.moment.today, f"/values/{code}")
    faults += [
        Fault(f"/materials/{code}", "missing", _hand_in(code, plan)) for code in sorted(papers - materials.keys())
    ]
    return faults


def _hand_in(code: str, plan: Plan) -> Text:
    name = next(planned.material.name for planned in plan.materials if planned.material.code == code)
    return Text(f"告知要求重新提交材料：{name.zh}。", f"The notice asks for this material again: {name.en}.")


def _point_faults(points: tuple[Point, ...], item: str, plan: Plan) -> list[Fault]:
    if not points:
        return [
            Fault("/points", "missing", Text("请至少列出一处需要补正的内容。", "List at least one thing to correct."))
        ]
    if len(points) > MAX_POINTS:
        return [Fault("/points", "too-many", Text(f"最多 {MAX_POINTS} 处。", f"At most {MAX_POINTS} points."))]
    fields = {planned.spec.code for planned in plan.fields if item in planned.users}
    papers = {planned.material.code for planned in plan.materials if item in planned.users}
    faults = []
    for number, point in enumerate(points):
        known = fields if point.kind is PointKind.FIELD else papers
        faults += [
            Fault(f"/points/{number}/code", fault.code, fault.detail)
            for fault in unknown_fields(sorted(known), [point.code], "")
        ]
        if not point.reason.strip() or len(point.reason) > MAX_REASON:
            text = Text(
                f"请写明需要怎样补正，不超过 {MAX_REASON} 字。",
                f"Say how to correct it, in at most {MAX_REASON} characters.",
            )
            faults.append(Fault(f"/points/{number}/reason", "missing", text))
    return faults
