"""补正: departments post points, the applicant gets one notice with all of them, answers only those, and nobody else
is disturbed.

A round gathers every task in intake. The notice is served when each of them has answered (accepted, declined,
returned or posted points), at the latest when offices close on the last day of an intake clock of one that posted; it
is served once for each task (行政许可法 art. 32), so points after it are refused, also to a department that let the
last day pass in silence. Points that nobody told the applicant by that day are void: they are never served late, and
the silence is an acceptance (:mod:`app.domain.passing`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.domain import clocks
from app.domain.applications import SYSTEM, Application, EventKind, Notice, Point, PointKind, Task
from app.domain.deadlines import OFFICE_CLOSES, due_on
from app.domain.derivations import derived_values
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput
from app.domain.forms import is_blank, slice_codes, tidy, unknown_fields, value_faults
from app.domain.happenings import Happenings
from app.domain.lifecycle import RUNNING, TaskAction, TaskStatus
from app.domain.periods import written_day
from app.domain.routing import Plan
from app.domain.said import said
from app.domain.vocabulary import Text

MAX_POINTS = 50
MAX_REASON = 500
MISSED = "一次性告知已送达，本部门未提出补正 / the one notice was served without points of this department"


def post(h: Happenings, task: Task, points: tuple[Point, ...], plan: Plan, reason: str | None) -> None:
    """One department says what is wrong, all at once; posting again before the notice replaces its points."""
    faults = _point_faults(points, task.item, plan)
    if faults:
        raise InvalidInput(faults)
    h.record(EventKind.CORRECTION_POSTED, task=task.item, why=reason, points=points)


def serve_if_ready(h: Happenings) -> None:
    """Serve the merged notice once every department in intake has answered, or at the close of the last day for it."""
    posted = [
        task
        for task in h.case.tasks.values()
        if task.status is TaskStatus.RECEIVED and task.points and not is_past_intake(task, h)
    ]
    if not posted:
        return
    closes_today = any(task.intake_due_on == h.moment.today for task in posted) and h.moment.at.time() > OFFICE_CLOSES
    if closes_today or all(task.has_answered_intake for task in h.case.tasks.values()):
        serve(h, posted)
        _close_round(h)


def is_past_intake(task: Task, h: Happenings) -> bool:
    """Whether the last day to accept or to tell what is wrong has passed."""
    return task.intake_due_on is not None and h.moment.today > task.intake_due_on


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


def _close_round(h: Happenings) -> None:
    """Who stayed silent through the last day has missed the one notice; a task that started later keeps its days."""
    for task in list(h.case.tasks.values()):
        is_last_day = task.intake_due_on is not None and task.intake_due_on <= h.moment.today
        if is_last_day and not task.has_answered_intake:
            h.record(EventKind.CORRECTION_SERVED, task=task.item, by=SYSTEM, why=MISSED, is_notified=True)


def correct(h: Happenings, number: int, values: Mapping[str, Any], plan: Plan) -> None:
    """The applicant answers one notice: exactly its points, all of them.

    ``values`` are the corrected fields; materials asked for must have been handed in since the notice was served
    (:func:`app.domain.submissions.provide`). Tasks of the notice go back to intake with a fresh clock; what the system
    derives from a corrected value is derived again; a task that had already accepted and uses something that changed
    is asked to confirm again; nobody else hears of it. The caller lets :func:`app.domain.outcomes.follow` follow.
    Raises :class:`InvalidInput` for values outside the points, points left unanswered, or values that do not fit;
    :class:`ActionNotAllowed` when no such notice waits or its period is over.
    """
    notice = _open_notice(h, number)
    live = h.case.live_points(notice)
    papers = {point.code for own in live.values() for point in own if point.kind is PointKind.MATERIAL}
    renewed = {code for code in papers if is_renewed(h.case, code, notice)}
    tidied = {code: tidy(value) for code, value in values.items()}
    faults = _answer_faults(live, tidied, papers - renewed, plan, h)
    if faults:
        raise InvalidInput(faults)
    changed = _changed(h, tidied, plan)
    answered = replace(notice, answered_at=h.moment.at)
    h.record(EventKind.CORRECTED, why=str(number), values=changed, notice=answered)
    for item in live:
        h.record(
            EventKind.CORRECTED,
            task=item,
            end=TaskStatus.RECEIVED,
            received_at=h.moment.at,
            **clocks.intake(h.moment),
        )
    ask_confirmation(h, changed, plan)


def _changed(h: Happenings, given: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """The values that really differ, with those the system derives from them; what was asked for by name wins."""
    before, after = (derived_values(plan, form, h.moment.today) for form in (h.case.form, {**h.case.form, **given}))
    rederived = {code: after.get(code) for code in before | after if before.get(code) != after.get(code)}
    values = {**rederived, **given}
    return {code: value for code, value in values.items() if h.case.form.get(code) != value}


def asks_for_material(case: Application, code: str) -> bool:
    """Whether a notice that waits for its answer asks for this material again."""
    return any(
        point.kind is PointKind.MATERIAL and point.code == code
        for notice in case.notices
        if notice.answered_at is None
        for points in case.live_points(notice).values()
        for point in points
    )


def is_renewed(case: Application, code: str, notice: Notice) -> bool:
    """Whether the material was handed in again since the notice was served."""
    return code in case.materials and case.materials[code].provided_at >= notice.served_at


def ask_confirmation(h: Happenings, changed: Collection[str], plan: Plan) -> None:
    """Ask every department that has accepted and uses one of these fields or materials to confirm again."""
    for task in list(h.case.tasks.values()):
        if task.status not in RUNNING:
            continue
        mine = _slice(plan, task.item).intersection(changed)
        if mine:
            asked = tuple(sorted({*task.confirm_fields, *mine}))
            void: dict[str, Any] = {"opinions": ()} if task.opinions else {}  # they were formed on what has changed
            h.record(EventKind.CONFIRMATION_ASKED, task=task.item, by=SYSTEM, confirm_fields=asked, **void)


def _slice(plan: Plan, item: str) -> set[str]:
    return {*slice_codes(plan.fields, item)} | {
        planned.material.code for planned in plan.materials if item in planned.users
    }


def _open_notice(h: Happenings, number: int) -> Notice:
    waiting = {n.number: n for n in h.case.notices if n.answered_at is None and h.case.live_points(n)}
    notice = waiting.get(number)
    if notice is not None and h.moment.today <= notice.due_on:
        return notice
    why = Text("没有待回复的这份补正告知。", "There is no such correction notice waiting for an answer.")
    if notice is not None:
        day = written_day(notice.due_on)
        why = Text(
            f"补正期限已于{day.zh}届满，请重新申报。",
            f"The correction period ended on {day.en}: apply again.",
        )
    open_numbers = [n.number for n in waiting.values() if h.moment.today <= n.due_on]
    raise ActionNotAllowed(why, action=TaskAction.CORRECT.value, open_notices=open_numbers)


def _answer_faults(
    live: Mapping[str, tuple[Point, ...]],
    values: Mapping[str, Any],
    papers_missing: set[str],
    plan: Plan,
    h: Happenings,
) -> list[Fault]:
    specs = {planned.spec.code: planned.spec for planned in plan.fields}
    fields = {point.code for own in live.values() for point in own if point.kind is PointKind.FIELD}
    faults = unknown_fields(fields, values, "/values")
    for code in sorted(fields):
        if is_blank(values.get(code)):
            name = specs[code].name
            text = Text(f"告知要求补正：{name.zh}，请填写。", f"The notice asks for: {name.en}. Fill it in.")
            faults.append(Fault(f"/values/{code}", "missing", text))
        else:
            faults += value_faults(specs[code], values[code], h.moment.today, f"/values/{code}")
    faults += [Fault(f"/materials/{code}", "missing", _hand_in(code, plan)) for code in sorted(papers_missing)]
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
        if not said(point.reason) or len(point.reason) > MAX_REASON:
            text = Text(
                f"请写明需要怎样补正，不超过 {MAX_REASON} 字。",
                f"Say how to correct it, in at most {MAX_REASON} characters.",
            )
            faults.append(Fault(f"/points/{number}/reason", "missing", text))
    return faults
