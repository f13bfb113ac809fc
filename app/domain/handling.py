"""What people do to an application: each function takes a command, checks it against the table and the facts, and
records what follows. Nothing is saved here; the caller commits :attr:`Happenings.events` or nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain import clocks, corrections, outcomes, passing
from app.domain.applications import Actor, EventKind, Point, Task
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput, NotFound
from app.domain.happenings import Happenings
from app.domain.lifecycle import TABLE, TaskAction, TaskStatus, Transition, allowed
from app.domain.routing import Plan
from app.domain.vocabulary import Role, Text

REASON_LENGTH = 2000
ELSEWHERE = Text(
    "这不是对单个办件的操作：补正须整份回复告知，其余由系统按时间和前置结果自动处理。",
    "Not an action on one task: a correction answers the whole notice, the rest happens by itself.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One action on one task with what it needs: a reason, correction points, result values, a procedure, days."""

    action: TaskAction
    reason: str | None = None
    points: tuple[Point, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict)
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What a rule needs to know beside the case: the plan it was submitted under and, for results, their numbers."""

    plan: Plan
    certificate_number: str = ""
    holder: str = ""


def permitted(task: Task, who: Actor) -> tuple[TaskAction, ...]:
    """The actions this person has on this task now: the table, less what the facts forbid."""
    return tuple(action for action in allowed(task.status, who.role) if _obstacle(task, action) is None)


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
    row = demand(task, command.action, happenings.who)
    handler = HANDLERS.get(command.action)
    if handler is None:
        raise ActionNotAllowed(
            ELSEWHERE, action=command.action.value, allowed=[o.value for o in permitted(task, happenings.who)]
        )
    handler(happenings, task, command, desk, _reason(row, command))
    outcomes.follow(happenings)


def demand(task: Task, action: TaskAction, who: Actor) -> Transition:
    """The table's row for the action, or :class:`ActionNotAllowed` saying what is allowed instead."""
    row = TABLE[action]
    obstacle = _obstacle(task, action) if task.status in row.start and who.role in row.roles else None
    if task.status in row.start and who.role in row.roles and obstacle is None:
        return row
    options = permitted(task, who)
    why = obstacle or Text(
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


def _obstacle(task: Task, action: TaskAction) -> Text | None:
    if action is TaskAction.REQUEST_CORRECTION and task.is_notified:
        return Text(
            "补正只能一次性告知，告知已经送达，不能再追加。",
            "Corrections are notified once only; the notice has been served and nothing can be added.",
        )
    if action is TaskAction.CONFIRM and not task.confirm_fields:
        return Text("没有需要复核的变更。", "There is no change to confirm.")
    if action in {TaskAction.GRANT, TaskAction.REFUSE} and task.confirm_fields:
        return Text(
            "受理后有填报内容因补正而变更，请先复核确认。",
            "Values changed by a correction after acceptance: confirm them first.",
        )
    if action is TaskAction.EXTEND and task.extended_days:
        return Text("期限只能延长一次。", "The time limit can be extended once only.")
    return None


def _reason(row: Transition, command: Command) -> str | None:
    reason = (command.reason or "").strip()
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
    changes = clocks.acceptance(task, h.moment, h.moment.counts_from)
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
    h.record(EventKind.REVIEW_BEGUN, task=task.item, end=TaskStatus.REVIEW, why=reason)


def _pause(kind: EventKind, status: TaskStatus) -> "Handler":
    def pause(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
        stretch = clocks.paused(task, status.value, h.moment, reason or "")
        h.record(kind, task=task.item, end=status, why=reason, pauses=stretch)

    return pause


def _unpause(kind: EventKind) -> "Handler":
    def unpause(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
        h.record(kind, task=task.item, end=TaskStatus.REVIEW, why=reason, **clocks.resumption(task, h.moment))

    return unpause


def _extend(h: Happenings, task: Task, command: Command, __: Desk, reason: str | None) -> None:
    days = clocks.EXTENSION_DAYS if command.days is None else command.days
    if not 1 <= days <= clocks.EXTENSION_DAYS:
        text = Text(f"最多延长 {clocks.EXTENSION_DAYS} 个工作日。", f"At most {clocks.EXTENSION_DAYS} working days.")
        raise InvalidInput([Fault("/days", "out-of-range", text)])
    last = task.statutory_due_on or task.promised_due_on
    if last is not None and h.moment.today > last:
        raise ActionNotAllowed(
            Text("期限已过，不能再延长。", "The time limit has passed and can no longer be extended."),
            action=TaskAction.EXTEND.value,
        )
    later = clocks.postponed(task, h.moment, days)
    h.record(EventKind.EXTENDED, task=task.item, why=reason, extended_days=days, **later)


def _confirm(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    h.record(EventKind.CONFIRMED, task=task.item, why=reason, confirm_fields=())


def _grant(h: Happenings, task: Task, command: Command, desk: Desk, reason: str | None) -> None:
    outcomes.grant(h, task, command.outputs, desk.plan, desk.certificate_number, desk.holder, reason)


def _refuse(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    outcomes.refuse(h, task, reason)


def _dispatch(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    h.record(EventKind.DISPATCHED, task=task.item, end=TaskStatus.DELIVERY, why=reason)


def _deliver(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    h.record(EventKind.DELIVERED, task=task.item, end=TaskStatus.CLOSED, why=reason, completed_at=h.moment.at)


def _request_correction(h: Happenings, task: Task, command: Command, desk: Desk, reason: str | None) -> None:
    corrections.post(h, task, command.points, desk.plan, reason)


Handler = Callable[[Happenings, Task, Command, Desk, str | None], None]

HANDLERS: dict[TaskAction, Handler] = {
    TaskAction.RECEIVE: _receive,
    TaskAction.ACCEPT: _accept,
    TaskAction.DECLINE: _decline,
    TaskAction.REQUEST_CORRECTION: _request_correction,
    TaskAction.RETURN: _return,
    TaskAction.REVIEW: _review,
    TaskAction.BEGIN_SPECIAL: _pause(EventKind.SPECIAL_BEGUN, TaskStatus.SPECIAL),
    TaskAction.END_SPECIAL: _unpause(EventKind.SPECIAL_ENDED),
    TaskAction.SUSPEND: _pause(EventKind.SUSPENDED, TaskStatus.SUSPENDED),
    TaskAction.RESUME: _unpause(EventKind.RESUMED),
    TaskAction.EXTEND: _extend,
    TaskAction.CONFIRM: _confirm,
    TaskAction.GRANT: _grant,
    TaskAction.REFUSE: _refuse,
    TaskAction.DISPATCH: _dispatch,
    TaskAction.DELIVER: _deliver,
    TaskAction.WITHDRAW: _withdraw,
    TaskAction.TERMINATE: _terminate,
    TaskAction.VOID: _void,
}
"""Actions a person takes on one task. ``start``, ``deem_accepted``, ``serve_correction`` and ``ask_confirmation``
belong to time and to other moves; ``correct`` answers a notice, which spans tasks."""


def actor_may_see(who: Actor, task: Task) -> bool:
    """An officer sees the tasks of the own department and no others."""
    return who.role is not Role.OFFICER or who.department == task.department
