"""Separation of duty: how many officers a decision takes, and who may not do what after what.

Who received a case may not decide it (受理与审批相分离). For a licence 承办 → 审核 → 批准 are three different officers.
An item decided on the spot (即办件) may be granted by one officer alone: 行政许可法 art. 34 has it decided there
and then. What silence has accepted nobody has received: whoever begins its review is the first hand
instead, or letting the intake clock run out would leave the whole case to one officer. Refusing is another
matter and takes an officer other than the one who received it. More time for an item is the head's to give
(行政许可法 art. 42): another officer asks. The number of hands, and that the approving officer stands for the
head, is illustrative; real authorities write it into their own rules.
"""

from app.domain.applications import Actor, EventKind, Task
from app.domain.commands import Command, Desk
from app.domain.errors import Fault, InvalidInput
from app.domain.happenings import Happenings
from app.domain.lifecycle import TaskAction, Verdict
from app.domain.records import Hand, Mode, Opinion
from app.domain.vocabulary import PowerType, Text

THREE = 3
HEAD_HAND = "3"
"""The approving officer of a department (批准人) stands for its head [illustrative]."""


def is_head(who: Actor) -> bool:
    """Whether an officer signs for the head of the department."""
    return who.account.rpartition(".")[2] == HEAD_HAND


def hands(task: Task) -> int:
    """How many officers a decision on this task takes: 1 on the spot, 3 for a licence, 2 otherwise."""
    if task.is_instant:
        return 1
    return THREE if task.power is PowerType.LICENCE and task.mode is Mode.ORDINARY else 2


def why_not_decide(task: Task, action: TaskAction, who: Actor) -> Text | None:
    """Why this officer may not grant or refuse, or None."""
    is_grant = action is not TaskAction.REFUSE
    if task.received_by == who.account and not (task.is_instant and is_grant):
        if task.is_instant:
            return Text(
                "即办件可以由一人当场准予，但不予要由收件人以外的经办人决定。",
                "One officer may grant on the spot, but a refusal takes an officer other than the one who received it.",
            )
        return Text("收件的人不能作出决定，请由另一名经办人决定。", "Who received a case may not decide it.")
    if task.received_by is None and action is TaskAction.GRANT_ON_PROMISE and hands(task) > 1:
        return Text(
            "视为受理的办件没有人收件：请先由一名经办人开始审查，再由另一名决定。",
            "Nobody received what was accepted by silence: one officer begins the review, another decides.",
        )
    if hands(task) < THREE:
        return None
    if len(task.opinions) < THREE - 1:
        return Text(
            "行政许可须经承办、审核、批准三人办理，请先提出承办意见并审核。",
            "A licence takes three officers: first one proposes, another endorses, a third decides.",
        )
    if who.account in {opinion.officer for opinion in task.opinions}:
        return Text(
            "承办、审核、批准须为三名不同的经办人。", "Proposing, endorsing and deciding take three different officers."
        )
    return None


def why_not_propose(task: Task) -> Text | None:
    """Why no proposal is wanted now, or None."""
    if hands(task) < THREE:
        return Text("本事项不需要承办和审核意见，可直接决定。", "This item needs no proposal: decide it directly.")
    if task.opinions:
        return Text("已有承办意见；如需修改，请先退回承办。", "There is a proposal already: send it back to change it.")
    return None


def why_not_endorse(task: Task, who: Actor) -> Text | None:
    """Why this officer may not endorse, or None."""
    if len(task.opinions) != 1:
        return Text("没有待审核的承办意见。", "There is no proposal to endorse.")
    if task.opinions[0].officer == who.account:
        return Text("承办人不能审核自己的意见。", "Who proposed cannot endorse the own proposal.")
    busy = {who.account, task.opinions[0].officer, task.received_by if _is_own(task, task.received_by) else who.account}
    if len(busy) == THREE:
        return Text(
            "收件、承办已由两人经手，您再审核就没有人可以批准了；请由收件的人审核，或退回后由收件的人承办。",
            "Two officers have received and proposed; if you endorse, nobody is left to decide. Let who received it "
            "endorse, or send it back and let that officer propose.",
        )
    return None


def _is_own(task: Task, account: str | None) -> bool:
    """Whether an account is one of the three officers of the task's department, ``officer.<department>.<n>``."""
    return account is not None and account.startswith(f"officer.{task.department}.")


def propose(h: Happenings, task: Task, command: Command, _: Desk, reason: str | None) -> None:
    """承办意见. Proposing to refuse needs a reason; raises :class:`InvalidInput` without one or without a verdict."""
    if command.verdict not in {Verdict.GRANTED, Verdict.DENIED}:
        text = Text("请写明拟准予（granted）还是拟不予（denied）。", "Say what you propose: granted or denied.")
        raise InvalidInput([Fault("/verdict", "missing", text)])
    if command.verdict is Verdict.DENIED and reason is None:
        text = Text("拟不予的，请写明理由。", "Give the reason for proposing a refusal.")
        raise InvalidInput([Fault("/reason", "missing", text)])
    _opine(h, task, Hand.PROPOSE, command.verdict, reason)


def endorse(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    """审核意见: agrees with the proposal; who does not agree sends it back."""
    _opine(h, task, Hand.ENDORSE, task.opinions[0].verdict, reason)


def send_back(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    """退回承办: the opinions are void and the proposal starts again."""
    h.record(EventKind.SENT_BACK, task=task.item, why=reason, opinions=())


def _opine(h: Happenings, task: Task, hand: Hand, verdict: Verdict, text: str | None) -> None:
    opinion = Opinion(hand, h.who.account, h.moment.at, verdict, text)
    kind = EventKind.PROPOSED if hand is Hand.PROPOSE else EventKind.ENDORSED
    h.record(kind, task=task.item, why=text, opinions=(*task.opinions, opinion))


def must_explain_contradiction(task: Task, verdict: Verdict, reason: str | None) -> None:
    """Deciding against what was proposed needs a reason; raises :class:`InvalidInput` without one."""
    if task.opinions and task.opinions[0].verdict is not verdict and reason is None:
        text = Text("决定与承办意见不一致，请写明理由。", "The decision differs from the proposal: give the reason.")
        raise InvalidInput([Fault("/reason", "missing", text)])
