"""The officer's inbox: the department's tasks by due date, filtered, counted, a page at a time."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from app.domain.applications import Actor
from app.domain.deadlines import Calendar
from app.domain.errors import Fault, InvalidInput
from app.domain.lifecycle import TaskStatus, Verdict
from app.domain.oversight import Light, light_of
from app.domain.vocabulary import Role, Text, Word
from app.schemas.clocks import LightOut
from app.schemas.common import Bilingual, Page, Term
from app.schemas.lights import LightCountOut
from app.schemas.tasks import InboxCountsOut, NamedCountOut, StatusCountOut, TaskLineOut
from app.storage import inbox, lights
from app.storage.inbox import Share, Wanted
from app.storage.queries import Reader, TaskLine
from app.usecases import paging
from app.usecases.context import Context
from app.usecases.lights import lights_of
from app.usecases.safety import refuse_real_numbers

W = TypeVar("W", bound=Word)
SCAN = 200
"""Tasks read at a time while looking for those that show one light."""
LATE = (Light.RED, Light.DEEP_RED)


@dataclass(frozen=True, slots=True)
class InboxWish:
    """What the officer wants to see; None leaves everything in."""

    status: str | None = None
    light: str | None = None
    bundle: str | None = None
    item: str | None = None
    due_by: date | None = None
    part: str | None = None
    is_mine: bool = False


ALL = InboxWish()


def show(
    context: Context, reader: Reader, cursor: str | None, limit: int, *, is_open: bool, wish: InboxWish = ALL
) -> Page[TaskLineOut]:
    """The tasks of the officer's own department, by due date; those that are over, the latest first.

    Raises :class:`InvalidInput` for a status or light that there is not.
    """
    who = context.acting(Role.OFFICER)
    after, light, wanted = paging.task_position(cursor), _light(wish.light), _wanted(wish, who)
    where = wanted.conditions()
    if light is not None and is_open:
        where.append(lights.may_show(light, *_today(context)))
    size = limit + 1 if light is None else max(SCAN, limit + 1)
    found: list[TaskLine] = []
    is_more = True
    while is_more and len(found) <= limit:
        lines = inbox.page(reader, who.department or "", where, after, size, is_open=is_open)
        found += [line for line in lines if light in {None, light_of(line.times, *_today(context)).light}]
        is_more, after = len(lines) == size, (lines[-1].sort_on, lines[-1].id) if lines else after
    shown, more = found[:limit], len(found) > limit
    return Page(
        entries=[line_out(context, line) for line in shown],
        next=paging.cursor(shown[-1].sort_on.isoformat(), shown[-1].id) if more else None,
    )


def after_checks(context: Context, reader: Reader, cursor: str | None, limit: int) -> Page[TaskLineOut]:
    """The grants on commitment that the officer's department still has to check, by due date."""
    who = context.acting(Role.OFFICER)
    lines = reader.open_checks(who.department or "", paging.task_position(cursor), limit + 1)
    page, more = lines[:limit], len(lines) > limit
    last = page[-1].check_due_on if more else None
    return Page(
        entries=[line_out(context, line) for line in page],
        next=paging.cursor(last.isoformat(), page[-1].id) if last is not None else None,
    )


def counts(context: Context, reader: Reader) -> InboxCountsOut:
    """How many open tasks the department has: by light, status, item and bundle. Two grouped reads of its own tasks."""
    who = context.acting(Role.OFFICER)
    shares = inbox.shares(reader, who.department or "", who.account)
    lit, light = Counter[Light](), lights_of(context)
    for group in lights.groups_of(reader, who.department or ""):
        lit[light[group.ticking.code]] += group.count
    library = context.world.library
    statuses, items, bundles = (_sum(shares, name) for name in ("status", "item", "bundle"))
    return InboxCountsOut(
        open=sum(share.count for share in shares),
        mine=sum(share.mine for share in shares),
        late=sum(lit[light] for light in LATE),
        lights=[LightCountOut(light=Term.of(light), count=lit[light]) for light in Light],
        statuses=[
            StatusCountOut(status=Term.of(status), count=statuses[status]) for status in TaskStatus if statuses[status]
        ],
        items=_named(items, {code: item.name for code, item in library.items.items()}),
        bundles=_named(bundles, {code: bundle.name for code, bundle in library.bundles.items()}),
    )


def _wanted(wish: InboxWish, who: Actor) -> Wanted:
    refuse_real_numbers({"bundle": wish.bundle, "item": wish.item, "number": wish.part}, "/query")
    return Wanted(
        status=_status(wish.status),
        bundle=wish.bundle,
        item=wish.item,
        due_by=wish.due_by,
        receiver=who.account if wish.is_mine else None,
        part=wish.part,
    )


def _status(code: str | None) -> TaskStatus | None:
    return None if code is None else _chosen(TaskStatus, code, "/query/status", Text("状态", "status"))


def _light(code: str | None) -> Light | None:
    return None if code is None else _chosen(Light, code, "/query/light", Text("预警灯", "light"))


def _chosen(words: type[W], code: str, pointer: str, what: Text) -> W:
    found = next((word for word in words if word.value == code), None)
    if found is None:
        names = ", ".join(word.value for word in words)
        text = Text(f"没有这种{what.zh}，可选：{names}。", f"There is no such {what.en}; there are: {names}.")
        raise InvalidInput([Fault(pointer, f"unknown-{what.en}", text)])
    return found


def _today(context: Context) -> tuple[Calendar, date]:
    return context.moment.calendar, context.moment.today


def _sum(shares: list[Share], name: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for share in shares:
        found[getattr(share, name)] += share.count
    return found


def _named(counts: Counter[str], names: Mapping[str, Text]) -> list[NamedCountOut]:
    """The most frequent first."""
    return [
        NamedCountOut(code=code, name=Bilingual.of(names.get(code, Text(code, code))), count=count)
        for code, count in counts.most_common()
    ]


def line_out(context: Context, line: TaskLine) -> TaskLineOut:
    """One line of an inbox."""
    library = context.world.library
    bundle, item = library.bundles.get(line.bundle), library.items.get(line.item)
    return TaskLineOut(
        id=line.id,
        reference=line.reference,
        bundle=line.bundle,
        bundle_name=Bilingual.of(bundle.name) if bundle else Bilingual(zh=line.bundle, en=line.bundle),
        item=line.item,
        name=Bilingual.of(item.name) if item else Bilingual(zh=line.item, en=line.item),
        status=Term.of(TaskStatus[line.status.upper()]),
        verdict=Term.of(Verdict[line.verdict.upper()]) if line.verdict else None,
        sort_on=None if line.sort_on == date.max else line.sort_on,
        intake_due_on=line.intake_due_on,
        promised_due_on=line.promised_due_on,
        statutory_due_on=line.statutory_due_on,
        has_changes_to_confirm=line.has_changes_to_confirm,
        check_due_on=line.check_due_on,
        light=LightOut.of(light_of(line.times, context.moment.calendar, context.moment.today)),
    )
