"""The demonstration's clock: a supervisor moves "today", and everything that is due by then happens, day after day: a
notice due on a day between is served on that day, as it would have been by a server that ran all the while.

The shift is whole days, kept in the database, so that every process and every command agrees; another process knows of
a change within a second. Time that people have already acted in is never taken back: the clock does not go below the
newest event.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from app.domain.deadlines import BEIJING, CalendarError, due_on
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput, NotFound
from app.domain.periods import written_day
from app.domain.vocabulary import Role, Text
from app.schemas.clocks import ClockChange, ClockOut
from app.schemas.common import Bilingual
from app.storage import retention
from app.storage.changes import Changes, Update
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases import once, sweep
from app.usecases.context import Context
from app.usecases.platform import Platform

ROW = 1
LAST_MOMENT, MIDNIGHT = time(23, 59, 59), timedelta(seconds=1)
FARTHEST = 3660
"""Days the clock may be away from the real date: ten years."""
SHIFTED = Text(
    "教学演示：办公时间已被督办员调整，与真实日期不同。",
    "Demonstration: a supervisor has moved the office's date; it is not the real one.",
)


def show(context: Context, moved: int | None = None) -> ClockOut:
    """The office's time and how far it is from the real one."""
    moment, days = context.moment, context.shift.days
    year = moment.today.year
    notes = [SHIFTED] if days else []
    if not moment.calendar.is_published(year):
        notes.append(
            Text(
                f"{year} 年节假日安排尚未公布，按周一至周五计算。",
                f"The public holidays of {year} are not published: Monday to Friday are counted.",
            )
        )
    return ClockOut(
        real_at=context.real_at,
        office_at=moment.at,
        today=moment.today,
        is_working_day=moment.calendar.is_working(moment.today),
        is_demo=context.world.policy.is_demo,
        shift_days=days,
        note=Bilingual(zh="".join(n.zh for n in notes), en=" ".join(n.en for n in notes)) if notes else None,
        moved=moved,
    )


def change(platform: Platform, context: Context, wish: ClockChange, key: str | None = None) -> ClockOut:
    """Move the clock, then let time pass. Blocks while it sweeps: run it off the event loop. With a key already used
    it stays where it is.

    Raises :class:`NotFound` outside a demonstration, :class:`NotAllowed`, :class:`InvalidInput`, or
    :class:`ActionNotAllowed` when the date would lie before the newest event, or files would be erased unasked.
    """
    platform.store.perform(lambda reader: shift(context, reader, wish, key))
    platform.demo.forget()
    now = platform.context(context.who)
    moved = _days_between(now, platform.store, context.moment.today)
    return show(now, moved + sweep.run(now, platform.store).moved)


def _days_between(now: Context, store: Store, since: date) -> int:
    """Let the days from ``since`` to yesterday end one after another, where something is due; how many moved."""
    moved, day, yesterday = 0, since, now.moment.today - timedelta(days=1)
    while day <= yesterday:
        due = store.read(lambda reader: reader.due_from(day))  # noqa: B023 - read at once
        if due is None or due > yesterday:
            break
        evening = datetime.combine(due, LAST_MOMENT, tzinfo=BEIJING)
        for at in (evening, evening + MIDNIGHT):
            moved += sweep.cases(replace(now, at=at, shift=now.shift - (now.at - at)), store)
        day = due + timedelta(days=1)
    return moved


def shift(context: Context, reader: Reader, wish: ClockChange, key: str | None = None) -> Outcome[int]:
    """The new shift in days, and the row that holds it."""
    if not context.world.policy.is_demo:
        raise NotFound(Text("只有演示模式才有可调整的时钟。", "There is no clock to move outside a demonstration."))
    who = context.acting(Role.SUPERVISOR)
    request = {"clock": wish.model_dump(mode="json")}
    if once.seen(context, reader, key, request) is not None:
        return Outcome(context.shift.days)
    days = _wanted(context, wish)
    _must_not_go_back(context, reader, days)
    if not wish.erases:
        _must_not_erase(context, reader, _office_day(context.real_at) + timedelta(days=days))
    row = {"shift_days": days, "set_at": context.real_at, "set_by": who.account}
    changes = Changes(updates=[Update("demo_clock", ROW, row)])
    if reader.demo_clock() is None:
        changes = Changes().also("demo_clock", {"id": ROW, **row})
    return Outcome(days, once.remember(context, key, request, "clock", changes))


def _wanted(context: Context, wish: ClockChange) -> int:
    given = [wish.today is not None, wish.days is not None, wish.working_days is not None, wish.reset]
    if sum(given) != 1:
        text = Text(
            "请在 today、days、working_days、reset 中给出一项，且只给一项。",
            "Give exactly one of today, days, working_days and reset.",
        )
        raise InvalidInput([Fault("", "exactly-one", text)])
    if wish.reset:
        return 0
    days = (_target(context, wish) - _office_day(context.real_at)).days
    if abs(days) > FARTHEST:
        text = Text("离真实日期最多十年。", "At most ten years from the real date.")
        raise InvalidInput([Fault("/today" if wish.today else "/days", "out-of-range", text)])
    return days


def _target(context: Context, wish: ClockChange) -> date:
    if wish.today is not None:
        return wish.today
    if wish.working_days is not None:
        try:
            return due_on(context.moment.calendar, context.moment.today, wish.working_days)
        except CalendarError as error:
            raise InvalidInput([Fault("/working_days", "out-of-range", error.message)]) from None
    return context.moment.today + timedelta(days=wish.days or 0)


def _must_not_go_back(context: Context, reader: Reader, days: int) -> None:
    newest = reader.newest_event_at()
    if newest is None or context.real_at + timedelta(days=days) >= newest:
        return
    earliest = _office_day(newest)
    if context.real_at + timedelta(days=(earliest - _office_day(context.real_at)).days) < newest:
        earliest += timedelta(days=1)
    last, first = written_day(_office_day(newest)), written_day(earliest)
    raise ActionNotAllowed(
        Text(
            f"已有办件发生在{last.zh}，时钟不能早于它；最早可调到{first.zh}。",
            f"Something has happened on {last.en} already: the clock cannot go back before it. "
            f"The earliest date is {first.en}.",
        ),
        earliest=earliest.isoformat(),
    )


def _must_not_erase(context: Context, reader: Reader, target: date) -> None:
    """Moving the clock over the end of somebody's time of keeping erases for good: that is said first, and asked."""
    drafts, files = retention.doomed(reader, context.moment.today, target)
    if drafts + files == 0:
        return
    raise ActionNotAllowed(
        Text(
            f"调到 {target} 会使 {drafts} 份未申报的草稿和 {files} 份档案保存期届满，其中的个人信息将永久删除，"
            "调回日期也不能恢复。确实要调整的，请先同意删除（页面上勾选，接口写 erases，命令行加 --erase）。",
            f"On {target} the time of keeping of {drafts} draft(s) and {files} file(s) is up: what is personal in them "
            "is erased for good, and moving back does not restore it. To go there, "
            "agree to it first (tick it on the page, `erases` in the API, --erase on the command line).",
        ),
        action="move_clock",
        drafts=drafts,
        files=files,
    )


def _office_day(at: datetime) -> date:
    return at.astimezone(BEIJING).date()
