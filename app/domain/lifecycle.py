"""The life of a task (部门办件), as one table, and the status of an application as a fold of its tasks.

The table is the whole law of movement: who may move a task from which status by which action to which status. Any other
move is refused with what *is* allowed. Names follow 行政许可法 and GB/T 39554 practice; the codes are illustrative.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.domain.catalogue import Edge
from app.domain.vocabulary import EdgeNeed, Role, Word


class TaskStatus(Word):
    """办件状态. 待前置 is not a legal status: the task's clock has not started."""

    WAITING = "waiting", "待前置", "waiting for an earlier item"
    SUBMITTED = "submitted", "已申报", "submitted"
    RECEIVED = "received", "已收件", "received, not yet accepted"
    CORRECTION = "correction", "待补正", "correction requested"
    ACCEPTED = "accepted", "已受理", "accepted"
    REVIEW = "review", "审查中", "under review"
    SPECIAL = "special", "特别程序", "special procedure, clock stopped"
    SUSPENDED = "suspended", "中止", "suspended"
    GRANTED = "granted", "准予", "granted"
    DENIED = "denied", "不予许可", "refused"
    DELIVERY = "delivery", "待送达", "waiting for delivery"
    CLOSED = "closed", "办结", "closed"
    NOT_ACCEPTED = "not_accepted", "不予受理", "not accepted"
    WITHDRAWN = "withdrawn", "撤回", "withdrawn"
    RETURNED = "returned", "退件", "returned"
    TERMINATED = "terminated", "终止", "terminated"
    VOID = "void", "作废", "void"


class Verdict(Word):
    """The decision of one department."""

    GRANTED = "granted", "准予", "granted"
    DENIED = "denied", "不予", "refused"
    REVOKED = "revoked", "已撤销", "granted and later revoked"


class TaskAction(Word):
    """What moves a task; a use case is named like its action."""

    START = "start", "前置完成，开始办理", "start after the earlier items"
    RECEIVE = "receive", "收件", "receive"
    ACCEPT = "accept", "受理", "accept"
    DEEM_ACCEPTED = "deem_accepted", "视为受理", "deem accepted"
    DECLINE = "decline", "不予受理", "decline to accept"
    REQUEST_CORRECTION = "request_correction", "提出补正", "post correction points"
    SERVE_CORRECTION = "serve_correction", "一次性告知补正", "serve the merged correction notice"
    CORRECT = "correct", "补正", "correct"
    RETURN = "return", "退件", "return"
    REVIEW = "review", "开始审查", "begin review"
    BEGIN_SPECIAL = "begin_special", "进入特别程序", "begin a special procedure"
    END_SPECIAL = "end_special", "特别程序结束", "end the special procedure"
    SUSPEND = "suspend", "中止", "suspend"
    RESUME = "resume", "恢复", "resume"
    ASK_EXTENSION = "ask_extension", "申请延期", "ask for an extension"
    EXTEND = "extend", "批准延期", "approve the extension"
    DENY_EXTENSION = "deny_extension", "不同意延期", "turn the extension down"
    ANNOUNCE = "announce", "公告", "announce in public"
    ASK_CONFIRMATION = "ask_confirmation", "提请复核", "ask to confirm again"
    CONFIRM = "confirm", "复核确认", "confirm again"
    PROPOSE = "propose", "承办意见", "propose a decision"
    ENDORSE = "endorse", "审核意见", "endorse the proposal"
    SEND_BACK = "send_back", "退回承办", "send the proposal back"
    CONCLUDE_SURVEY = "conclude_survey", "踏勘结论", "conclude the department's part of the joint survey"
    DECIDE_AT_ONCE = "decide_at_once", "当场办结", "receive, accept, review and grant on the spot"
    GRANT_ON_PROMISE = "grant_on_promise", "凭承诺准予", "grant on the applicant's commitment"
    GRANT = "grant", "准予", "grant"
    REFUSE = "refuse", "不予许可", "refuse"
    DISPATCH = "dispatch", "转出件窗口", "hand to the delivery desk"
    DELIVER = "deliver", "送达", "deliver"
    PASS_CHECK = "pass_check", "核查属实", "find the commitment true"
    REVOKE = "revoke", "撤销准予", "revoke a grant made on a false commitment"
    PLAN_STEP = "plan_step", "安排线下环节", "plan a physical step"
    FINISH_STEP = "finish_step", "完成线下环节", "finish a physical step"
    LAPSE = "lapse", "容缺到期退件", "return for want of what was to follow"
    WITHDRAW = "withdraw", "撤回", "withdraw"
    TERMINATE = "terminate", "终止", "terminate"
    VOID = "void", "作废", "declare void"


S, A, R = TaskStatus, TaskAction, Role
CITIZEN = frozenset({R.APPLICANT, R.AGENT})
FRONT = frozenset({R.CLERK, R.OFFICER})
DESK = frozenset({R.OFFICER})
TIME = frozenset({R.SYSTEM})

INTAKE = frozenset({S.SUBMITTED, S.RECEIVED})
RUNNING = frozenset({S.ACCEPTED, S.REVIEW, S.SPECIAL, S.SUSPENDED})
STANDING_STILL = frozenset({S.SPECIAL, S.SUSPENDED})
"""The clock runs no further."""
UNLIT = frozenset({S.WAITING, S.CORRECTION})
"""Others have to act first: no clock of the department runs."""
DECIDED = frozenset({S.GRANTED, S.DENIED, S.DELIVERY, S.CLOSED})
FAILED = frozenset({S.NOT_ACCEPTED, S.WITHDRAWN, S.RETURNED, S.TERMINATED, S.VOID})
ENDED = FAILED | {S.CLOSED}
UNDECIDED = frozenset(S) - DECIDED - FAILED
GIVEN = frozenset({S.GRANTED, S.DELIVERY, S.CLOSED})
PHYSICAL = INTAKE | RUNNING | frozenset({S.CORRECTION, S.GRANTED, S.DENIED, S.DELIVERY})
TOUCHED = frozenset({S.RECEIVED, S.NOT_ACCEPTED, S.RETURNED})
"""Statuses only a department can have given a task in or after intake."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table. ``needs_reason`` says whether the law or fairness demands one in writing."""

    action: TaskAction
    start: frozenset[TaskStatus]
    end: TaskStatus | None
    """None: the task stays where it is."""
    roles: frozenset[Role]
    needs_reason: bool = False


TABLE: dict[TaskAction, Transition] = {
    row.action: row
    for row in (
        Transition(A.START, frozenset({S.WAITING}), S.SUBMITTED, TIME),
        Transition(A.RECEIVE, frozenset({S.SUBMITTED}), S.RECEIVED, FRONT),
        Transition(A.ACCEPT, frozenset({S.RECEIVED}), S.ACCEPTED, DESK),
        Transition(A.DEEM_ACCEPTED, INTAKE, S.ACCEPTED, TIME),
        Transition(A.DECLINE, frozenset({S.RECEIVED}), S.NOT_ACCEPTED, DESK, needs_reason=True),
        Transition(A.REQUEST_CORRECTION, frozenset({S.RECEIVED}), None, DESK),
        Transition(A.SERVE_CORRECTION, frozenset({S.RECEIVED}), S.CORRECTION, TIME),
        Transition(A.CORRECT, frozenset({S.CORRECTION}), S.RECEIVED, CITIZEN | {R.CLERK}),
        Transition(A.RETURN, frozenset({S.RECEIVED, S.CORRECTION}), S.RETURNED, DESK | TIME, needs_reason=True),
        Transition(A.REVIEW, frozenset({S.ACCEPTED}), S.REVIEW, DESK),
        Transition(A.BEGIN_SPECIAL, frozenset({S.REVIEW}), S.SPECIAL, DESK, needs_reason=True),
        Transition(A.END_SPECIAL, frozenset({S.SPECIAL}), S.REVIEW, DESK),
        Transition(A.SUSPEND, frozenset({S.REVIEW}), S.SUSPENDED, DESK, needs_reason=True),
        Transition(A.RESUME, frozenset({S.SUSPENDED}), S.REVIEW, DESK),
        Transition(A.ASK_EXTENSION, frozenset({S.REVIEW}), None, DESK, needs_reason=True),
        Transition(A.EXTEND, frozenset({S.REVIEW}), None, DESK),
        Transition(A.DENY_EXTENSION, frozenset({S.REVIEW}), None, DESK, needs_reason=True),
        Transition(A.ANNOUNCE, frozenset({S.REVIEW}), None, DESK, needs_reason=True),
        Transition(A.ASK_CONFIRMATION, RUNNING, None, TIME),
        Transition(A.CONFIRM, RUNNING, None, DESK),
        Transition(A.PROPOSE, frozenset({S.REVIEW}), None, DESK),
        Transition(A.ENDORSE, frozenset({S.REVIEW}), None, DESK),
        Transition(A.SEND_BACK, frozenset({S.REVIEW}), None, DESK, needs_reason=True),
        Transition(A.CONCLUDE_SURVEY, INTAKE | RUNNING, None, DESK, needs_reason=True),
        Transition(A.DECIDE_AT_ONCE, INTAKE | {S.ACCEPTED, S.REVIEW}, S.GRANTED, DESK),
        Transition(A.GRANT_ON_PROMISE, frozenset({S.ACCEPTED}), S.GRANTED, DESK),
        Transition(A.GRANT, frozenset({S.REVIEW}), S.GRANTED, DESK),
        Transition(A.REFUSE, frozenset({S.REVIEW}), S.DENIED, DESK, needs_reason=True),
        Transition(A.DISPATCH, frozenset({S.GRANTED, S.DENIED}), S.DELIVERY, FRONT),
        Transition(A.DELIVER, frozenset({S.GRANTED, S.DENIED, S.DELIVERY}), S.CLOSED, FRONT),
        Transition(A.PASS_CHECK, GIVEN, None, DESK),
        Transition(A.REVOKE, GIVEN, None, DESK, needs_reason=True),
        Transition(A.PLAN_STEP, PHYSICAL, None, FRONT),
        Transition(A.FINISH_STEP, PHYSICAL | ENDED, None, FRONT),
        Transition(A.LAPSE, frozenset({S.ACCEPTED, S.REVIEW, S.SPECIAL}), S.RETURNED, TIME, needs_reason=True),
        Transition(A.WITHDRAW, UNDECIDED, S.WITHDRAWN, CITIZEN),
        Transition(A.TERMINATE, frozenset({S.SUSPENDED}), S.TERMINATED, DESK, needs_reason=True),
        Transition(A.VOID, UNDECIDED, S.VOID, frozenset({R.SUPERVISOR}), needs_reason=True),
    )
}
"""Every legal move by a person, and those that time or another move causes (role ``system``)."""

CASCADE = Transition(A.TERMINATE, frozenset({S.WAITING}), S.TERMINATED, TIME)
"""A waiting task ends when its predecessor can no longer be granted (前置事项未通过)."""


def allowed(status: TaskStatus, role: Role) -> tuple[TaskAction, ...]:
    """The actions the table gives this role in this status, in the table's order."""
    return tuple(row.action for row in TABLE.values() if status in row.start and role in row.roles)


class ApplicationStatus(Word):
    """办件总状态: never set by hand, always :func:`fold` of the tasks."""

    DRAFT = "draft", "暂存", "draft"
    SUBMITTED = "submitted", "已申报", "submitted"
    INTAKE = "intake", "预审中", "being taken in"
    CORRECTION = "correction", "待补正", "correction requested"
    PARTLY_ACCEPTED = "partly_accepted", "部分受理", "partly accepted"
    IN_PROGRESS = "in_progress", "办理中", "in progress"
    PARTLY_FINISHED = "partly_finished", "部分办结", "partly finished"
    FINISHED = "finished", "全部办结", "finished"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"
    TERMINATED = "terminated", "已终止", "terminated"


class ApplicationResult(Word):
    """What came of it, over the departments that decided."""

    NONE = "none", "尚无结果", "no result yet"
    ALL_GRANTED = "all_granted", "全部准予", "all granted"
    PARTLY_GRANTED = "partly_granted", "部分准予", "partly granted"
    ALL_DENIED = "all_denied", "全部不予", "all refused"
    REVOKED = "revoked", "准予后撤销", "granted and later revoked"


TaskOutcome = tuple[TaskStatus, Verdict | None]


def fold(tasks: Collection[TaskOutcome]) -> tuple[ApplicationStatus, ApplicationResult]:
    """The application's status and result from its tasks' statuses and verdicts."""
    if not tasks:
        return ApplicationStatus.DRAFT, ApplicationResult.NONE
    return _status(frozenset(status for status, _ in tasks)), _result([verdict for _, verdict in tasks if verdict])


def _status(found: frozenset[TaskStatus]) -> ApplicationStatus:
    if found <= ENDED:
        if S.CLOSED in found:
            return ApplicationStatus.FINISHED if found == {S.CLOSED} else ApplicationStatus.PARTLY_FINISHED
        return ApplicationStatus.WITHDRAWN if found == {S.WITHDRAWN} else ApplicationStatus.TERMINATED
    if S.CORRECTION in found:
        return ApplicationStatus.CORRECTION
    live = found - ENDED
    if live & INTAKE:
        if found & (RUNNING | DECIDED):
            return ApplicationStatus.PARTLY_ACCEPTED
        return ApplicationStatus.INTAKE if found & TOUCHED else ApplicationStatus.SUBMITTED
    return ApplicationStatus.IN_PROGRESS


def _result(verdicts: list[Verdict]) -> ApplicationResult:
    if not verdicts:
        return ApplicationResult.NONE
    if Verdict.GRANTED in verdicts:
        only = set(verdicts) == {Verdict.GRANTED}
        return ApplicationResult.ALL_GRANTED if only else ApplicationResult.PARTLY_GRANTED
    return ApplicationResult.REVOKED if Verdict.REVOKED in verdicts else ApplicationResult.ALL_DENIED


class Release(Word):
    """What its predecessors mean for a waiting task."""

    WAIT = "wait", "等待", "wait"
    START = "start", "可以开始", "may start"
    STOP = "stop", "前置事项未通过", "an earlier item did not pass"


def release(edges: Iterable[Edge], outcomes: dict[str, TaskOutcome]) -> Release:
    """Whether a waiting task may start, must stop, or waits on.

    An edge is met when any of its items is granted (``granted``) or settled whatever the outcome (``decided``); it can
    never be met once every one of its items is over without that. ``independent`` never holds anybody up.
    """
    verdict = Release.START
    for edge in edges:
        state = _edge(edge, outcomes)
        if state is Release.STOP:
            return Release.STOP
        if state is Release.WAIT:
            verdict = Release.WAIT
    return verdict


def _edge(edge: Edge, outcomes: dict[str, TaskOutcome]) -> Release:
    if edge.needs is EdgeNeed.INDEPENDENT:
        return Release.START
    found = [outcomes[item] for item in edge.any_of]
    settled = [status in FAILED or verdict is not None for status, verdict in found]
    if edge.needs is EdgeNeed.DECIDED:
        return Release.START if any(settled) else Release.WAIT
    if any(verdict is Verdict.GRANTED for _, verdict in found):
        return Release.START
    return Release.STOP if all(settled) else Release.WAIT
