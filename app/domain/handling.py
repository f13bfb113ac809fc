"""What people do to an application: each function takes a command, checks it against the table and the facts, and
records what follows. Nothing is saved here; the caller commits :attr:`Happenings.events` or nothing.
"""

from datetime import date
from typing import Any

from app.domain import (
    afterchecks,
    clocks,
    corrections,
    hands,
    outcomes,
    passing,
    procedures,
    proxying,
    steps,
    surveys,
)
from app.domain.applications import Actor, EventKind, Task
from app.domain.commands import Command, Desk, Handler
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput, NotFound
from app.domain.happenings import Happenings
from app.domain.lifecycle import TABLE, TaskAction, TaskStatus, Transition, Verdict, allowed
from app.domain.obstacles import obstacle
from app.domain.records import Mode
from app.domain.said import said
from app.domain.vocabulary import Role, Text

__all__ = ["Command", "Desk", "act", "actor_may_see", "demand", "permitted"]

REASON_LENGTH = 2000
ELSEWHERE = Text(
    "这不是对单个办件的操作：补正须整份回复告知，其余由系统按时间和前置结果自动处理。",
    "Not an action on one task: a correction answers the whole notice, the rest happens by itself.",
)


def permitted(task: Task, who: Actor, today: date) -> tuple[TaskAction, ...]:
    """The actions this person has on this task today: the table, less what the facts forbid."""
    return tuple(action for action in allowed(task.status, who.role) if obstacle(task, action, who, today) is None)


def act(happenings: Happenings, item: str, command: Command, desk: Desk) -> None:
    """Carry out one action on one task, and everything that follows from it.

    What time has already caused comes first, swept or not: a department that let its intake clock run out cannot
    decline any more. Raises :class:`NotFound` for a task the application does not have, :class:`ActionNotAllowed` with
    the actions that are allowed, or :class:`InvalidInput` when the command lacks something.
    """
    if item not in happenings.case.tasks:
        raise NotFound(Text("这件申请没有这个事项。", "This application has no such item."))
    passing.pass_time(happenings)
    task = happenings.case.tasks[item]
    today = happenings.moment.today
    row = demand(task, command.action, happenings.who, today)
    handler = HANDLERS.get(command.action)
    if handler is None:
        options = [option.value for option in permitted(task, happenings.who, today)]
        raise ActionNotAllowed(ELSEWHERE, action=command.action.value, allowed=options)
    handler(happenings, task, command, desk, _reason(row, command))
    outcomes.follow(happenings)


def demand(task: Task, action: TaskAction, who: Actor, today: date) -> Transition:
    """The table's row for the action, or :class:`ActionNotAllowed` saying what is allowed instead."""
    row = TABLE[action]
    is_in_table = task.status in row.start and who.role in row.roles
    why = obstacle(task, action, who, today) if is_in_table else None
    if is_in_table and why is None:
        return row
    options = permitted(task, who, today)
    why = why or Text(
        f"{who.role.zh}不能对“{task.status.zh}”的办件执行“{action.zh}”。",
        f"The {who.role.en} cannot {action.en} a task that is {task.status.en}.",
    )
    now = Text("、".join(o.zh for o in options) or "无", ", ".join(o.value for o in options) or "none")
    raise ActionNotAllowed(
        Text(f"{why.zh}现在可以：{now.zh}。", f"{why.en} Allowed now: {now.en}."),
        action=action.value,
        status=task.status.value,
        allowed=[option.value for option in options],
    )


def _reason(row: Transition, command: Command) -> str | None:
    reason = said(command.reason)
    if row.needs_reason and not reason:
        raise InvalidInput(
            [
                Fault(
                    "/reason", "missing", Text("请写明理由，申请人会看到。", "Give the reason; the applicant reads it.")
                )
            ]
        )
    if len(reason) > REASON_LENGTH:
        raise InvalidInput(
            [
                Fault(
                    "/reason",
                    "too-long",
                    Text(f"理由最多 {REASON_LENGTH} 字。", f"At most {REASON_LENGTH} characters."),
                )
            ]
        )
    return reason or None


def _receive(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    h.record(
        EventKind.RECEIVED,
        task=task.item,
        end=TaskStatus.RECEIVED,
        why=reason,
        received_at=h.moment.at,
        received_by=h.who.account,
    )


def _accept(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    changes = clocks.acceptance(task, h.moment, h.moment.today, h.moment.counts_from)
    h.record(EventKind.ACCEPTED, task=task.item, end=TaskStatus.ACCEPTED, why=reason, **changes)


def _decline(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    outcomes.end(h, task, EventKind.DECLINED, TaskStatus.NOT_ACCEPTED, reason)


def _return(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    outcomes.end(h, task, EventKind.RETURNED, TaskStatus.RETURNED, reason)


def _withdraw(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    dependants = outcomes.dependants(h.case, task.item)
    if dependants:
        names = [h.case.tasks[item].item for item in dependants]
        raise ActionNotAllowed(
            Text(
                f"其他事项要等它的结果，不能单独撤回：{'、'.join(names)}。可以撤回整件申请，或先撤回这些事项。",
                f"Other items wait for its result, so it cannot be withdrawn alone: {', '.join(names)}. "
                "Withdraw the whole application, or those items first.",
            ),
            action=TaskAction.WITHDRAW.value,
            dependants=names,
        )
    outcomes.end(h, task, EventKind.WITHDRAWN, TaskStatus.WITHDRAWN, reason)


def _terminate(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    outcomes.end(h, task, EventKind.TERMINATED, TaskStatus.TERMINATED, reason)


def _void(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    outcomes.end(h, task, EventKind.VOIDED, TaskStatus.VOID, reason)


def _review(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    first: dict[str, Any] = {} if task.received_by else {"received_by": h.who.account}  # accepted by silence
    h.record(EventKind.REVIEW_BEGUN, task=task.item, end=TaskStatus.REVIEW, why=reason, **first)


def _suspend(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    stretch = clocks.paused(task, TaskStatus.SUSPENDED.value, h.moment, reason or "")
    h.record(EventKind.SUSPENDED, task=task.item, end=TaskStatus.SUSPENDED, why=reason, pauses=stretch)


def _unpause(kind: EventKind) -> Handler:
    def unpause(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
        h.record(kind, task=task.item, end=TaskStatus.REVIEW, why=reason, **clocks.resumption(task, h.moment))

    return unpause


def _confirm(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    h.record(EventKind.CONFIRMED, task=task.item, why=reason, confirm_fields=())


def _grant(h: Happenings, task: Task, command: Command, desk: Desk, reason: str | None) -> None:
    outcomes.grant(h, task, command.outputs, desk.plan, desk.certificate_number, desk.holder, reason)


def _refuse(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    hands.must_explain_contradiction(task, Verdict.DENIED, reason)
    outcomes.refuse(h, task, reason)


AT_ONCE = (
    (TaskStatus.SUBMITTED, TaskAction.RECEIVE),
    (TaskStatus.RECEIVED, TaskAction.ACCEPT),
    (TaskStatus.ACCEPTED, TaskAction.REVIEW),
    (TaskStatus.REVIEW, TaskAction.GRANT),
)


def _decide_at_once(h: Happenings, task: Task, command: Command, desk: Desk, reason: str | None) -> None:
    """当场办结: every step that is left, each an event of its own; on a commitment nothing is reviewed first."""
    for status, action in AT_ONCE:
        now = h.case.tasks[task.item]
        if now.status is not status:
            continue
        if action is TaskAction.REVIEW and now.mode is Mode.COMMITMENT:
            action = TaskAction.GRANT_ON_PROMISE
        is_decision = action in {TaskAction.GRANT, TaskAction.GRANT_ON_PROMISE}
        HANDLERS[action](h, now, command, desk, reason if is_decision else None)


def _dispatch(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    h.record(EventKind.DISPATCHED, task=task.item, end=TaskStatus.DELIVERY, why=reason)
    proxying.pack_result(h, h.case.tasks[task.item])


def _deliver(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    proxying.must_hand_out(h, task)
    h.record(EventKind.DELIVERED, task=task.item, end=TaskStatus.CLOSED, why=reason, completed_at=h.moment.at)


def _request_correction(h: Happenings, task: Task, command: Command, desk: Desk, reason: str | None) -> None:
    corrections.post(h, task, command.points, desk.plan, reason)


HANDLERS: dict[TaskAction, Handler] = {
    TaskAction.RECEIVE: _receive,
    TaskAction.ACCEPT: _accept,
    TaskAction.DECLINE: _decline,
    TaskAction.REQUEST_CORRECTION: _request_correction,
    TaskAction.RETURN: _return,
    TaskAction.REVIEW: _review,
    TaskAction.BEGIN_SPECIAL: procedures.begin_special,
    TaskAction.END_SPECIAL: _unpause(EventKind.SPECIAL_ENDED),
    TaskAction.SUSPEND: _suspend,
    TaskAction.RESUME: _unpause(EventKind.RESUMED),
    TaskAction.ASK_EXTENSION: procedures.ask_extension,
    TaskAction.EXTEND: procedures.extend,
    TaskAction.DENY_EXTENSION: procedures.deny_extension,
    TaskAction.ANNOUNCE: procedures.announce,
    TaskAction.CONFIRM: _confirm,
    TaskAction.PROPOSE: hands.propose,
    TaskAction.ENDORSE: hands.endorse,
    TaskAction.SEND_BACK: hands.send_back,
    TaskAction.CONCLUDE_SURVEY: surveys.conclude,
    TaskAction.DECIDE_AT_ONCE: _decide_at_once,
    TaskAction.GRANT_ON_PROMISE: _grant,
    TaskAction.GRANT: _grant,
    TaskAction.REFUSE: _refuse,
    TaskAction.DISPATCH: _dispatch,
    TaskAction.DELIVER: _deliver,
    TaskAction.PASS_CHECK: afterchecks.pass_check,
    TaskAction.REVOKE: afterchecks.revoke,
    TaskAction.PLAN_STEP: steps.plan_step,
    TaskAction.FINISH_STEP: steps.finish_step,
    TaskAction.WITHDRAW: _withdraw,
    TaskAction.TERMINATE: _terminate,
    TaskAction.VOID: _void,
}
"""Actions a person takes on one task. ``start``, ``deem_accepted``, ``serve_correction``, ``ask_confirmation`` and
``lapse`` belong to time and to other moves; ``correct`` answers a notice, which spans tasks."""


def actor_may_see(who: Actor, task: Task) -> bool:
    """An officer sees the tasks of the own department and no others."""
    return who.role is not Role.OFFICER or who.department == task.department
