"""What happens to a review's clock: the special procedures of 行政许可法 art. 45, one extension, announcements."""

from typing import Final

from app.domain import clocks
from app.domain.applications import EventKind, Task
from app.domain.catalogue import SpecialProcedure
from app.domain.commands import Command, Desk, days_between
from app.domain.deadlines import due_on
from app.domain.errors import Fault, InvalidInput
from app.domain.happenings import Happenings
from app.domain.lifecycle import TaskStatus
from app.domain.records import Announcement, ExtensionWish, Pause, SpecialKind
from app.domain.vocabulary import Text, TimeUnit

LONGEST_SPECIAL: Final = 250
"""Working days, about a year: past this the number told to the applicant is a typing error [illustrative]."""
LONGEST_ANNOUNCEMENT: Final = 180
"""Calendar days [illustrative]."""
SURVEYS: Final = frozenset({"survey", "joint_survey", "site_inspection", "联合踏勘", "踏勘", "现场核查", "现场勘验"})
"""What people ask for as if it stopped the clock; it does not."""
ANNOUNCEMENT: Final = "公告"


def special_kind(named: str | None) -> SpecialKind:
    """The procedure of art. 45 with this code or Chinese name.

    Raises :class:`InvalidInput` for anything else, and says of a survey why it does not stop the clock.
    """
    wanted = (named or "").strip()
    found = next((kind for kind in SpecialKind if wanted in {kind.value, kind.zh}), None)
    if found is not None:
        return found
    if wanted in SURVEYS:
        text = Text(
            "现场踏勘不属于行政许可法第四十五条所列的特别程序，不停表；请在办理期限内完成，或预约联合踏勘。",
            "A survey of the place is not among the procedures of art. 45 and does not stop the clock: "
            "do it within the time limit, or appoint a joint survey.",
        )
        raise InvalidInput([Fault("/procedure", "does-not-stop-the-clock", text)])
    names = Text("、".join(kind.zh for kind in SpecialKind), ", ".join(kind.value for kind in SpecialKind))
    text = Text(
        f"只有行政许可法第四十五条所列程序停表：{names.zh}。请写明是哪一种。",
        f"Only the procedures of art. 45 stop the clock: {names.en}. Say which one it is.",
    )
    raise InvalidInput([Fault("/procedure", "missing" if not wanted else "unknown-procedure", text)])


def begin_special(h: Happenings, task: Task, command: Command, _: Desk, reason: str | None) -> None:
    """特别程序: the clock stops from today; the applicant is told in writing which procedure and how many days."""
    kind = special_kind(command.procedure)
    days = days_between(command.days, LONGEST_SPECIAL)
    today = h.moment.today
    ends_on = due_on(h.moment.calendar, today, days)
    pause = Pause(TaskStatus.SPECIAL.value, today, None, reason or "", kind, days, ends_on)
    h.record(
        EventKind.SPECIAL_BEGUN,
        task=task.item,
        end=TaskStatus.SPECIAL,
        why=reason,
        pauses=(*task.pauses, pause),
    )


def ask_extension(h: Happenings, task: Task, command: Command, desk: Desk, reason: str | None) -> None:
    """申请延期: the head of the department approves it. ``days`` left out is the most there is.

    行政许可法 art. 42 (1): ten working days for the department's own item, fewer where its own law says so; fifteen
    more for the whole are the local government's to give (:mod:`app.domain.whole_extensions`).
    """
    statutory = desk.plan.find(task.item).item.statutory
    own = statutory.extension if statutory is not None else None
    most = clocks.EXTENSION_DAYS if own is None else min(own, clocks.EXTENSION_DAYS)
    days = days_between(most if command.days is None else command.days, most)
    wish = ExtensionWish(days, h.who.account, reason or "")
    h.record(EventKind.EXTENSION_ASKED, task=task.item, why=reason, extension_wish=wish)


def extend(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    """批准延期: both due dates move, but a promise that is broken already stays broken."""
    wish = task.extension_wish
    if wish is None:
        raise AssertionError("the table let an extension through that nobody asked for")
    later = clocks.extended(task, h.moment, wish.days)
    why = "；".join(part for part in (wish.reason, reason) if part)
    h.record(EventKind.EXTENDED, task=task.item, why=why, extended_days=wish.days, extension_wish=None, **later)


def deny_extension(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    """不同意延期."""
    h.record(EventKind.EXTENSION_DENIED, task=task.item, why=reason, extension_wish=None)


def announce(h: Happenings, task: Task, command: Command, desk: Desk, reason: str | None) -> None:
    """公告 of so many calendar days: no decision before it has run.

    The clock runs on, unless the item's own law says that announcements do not count: then the pack lists 公告 among
    the item's procedures that are not counted, and the due dates move by what it takes.
    """
    days = days_between(command.days, LONGEST_ANNOUNCEMENT)
    today = h.moment.today
    until = due_on(h.moment.calendar, today, days, TimeUnit.CALENDAR_DAY)
    stops = any(_is_uncounted_announcement(own) for own in desk.plan.find(task.item).item.special_procedures)
    made = Announcement(today, days, until, reason or "", stops)
    later = clocks.moved(task, h.moment.calendar, clocks.uncounted(task, today), until) if stops else {}
    h.record(
        EventKind.ANNOUNCED,
        task=task.item,
        why=reason,
        announcements=(*task.announcements, made),
        **later,
    )


def _is_uncounted_announcement(procedure: SpecialProcedure) -> bool:
    return ANNOUNCEMENT in procedure.name.zh and not procedure.is_counted
