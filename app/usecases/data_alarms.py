"""Unusual uses of data: found by the sweep, pursued as closed loops, listed for stewards; and usage in numbers.

The office of the desk explains, its head answers, and supervision or the stewards evaluate. Nobody reads here whose
data they were.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from app.domain import alarms
from app.domain.alarms import Alarm, AlarmKind
from app.domain.errors import Fault, InvalidInput
from app.domain.matters import Because, MatterKind, MatterStatus, id_of, office_of
from app.domain.sharing import CERTIFICATE, FORM
from app.domain.supervision import Opening, open_matter
from app.domain.vocabulary import Role, Text
from app.schemas.common import Bilingual, Page, Term
from app.schemas.datasets import AlarmOut, UsageBy, UsageOut
from app.storage import data_usage, matter_rows
from app.storage.changes import Row
from app.storage.data_usage import Usage
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases import paging
from app.usecases.accounts import account
from app.usecases.context import Context
from app.usecases.look_views import CERTIFICATES
from app.usecases.names import office_name

DAYS = 3
"""Today and the days before that a sweep looks at: one that comes late still sees them."""
OWN_FORM = Text("申请表（办件时查看）", "the application form, seen at a desk")
MOST_DAYS = 366
"""The longest span of a usage report."""


def run(context: Context, store: Store) -> int:
    """Raise what the last days call for; how many alarms. Run twice, it adds nothing."""
    system = context.as_system()
    found = store.read(lambda reader: list(_found(system, reader)))
    return sum(store.perform(partial(_raise, system, alarm=alarm)) for alarm in found)


def _found(context: Context, reader: Reader) -> Iterator[Alarm]:
    today, calendar = context.moment.today, context.moment.calendar
    for back in range(DAYS):
        day = today - timedelta(days=back)
        yield from alarms.of_desks(data_usage.desk_days(reader, day, alarms.working_hours(day, calendar)))
        since = alarms.first_usual_day(day)
        yield from alarms.of_datasets(data_usage.dataset_days(reader, day, since, alarms.FLOOR))
        first = day - timedelta(days=alarms.PERSON_DAYS - 1)
        yield from alarms.of_persons(data_usage.focuses(reader, day, first, alarms.MOST_CASES))


def _raise(context: Context, reader: Reader, alarm: Alarm) -> Outcome[int]:
    office = _office(context, alarm)
    if office is None or data_usage.is_raised(reader, alarm.key):
        return Outcome(0)
    opening = Opening(
        kind=MatterKind.DATA_ALARM,
        trail=id_of(alarm.key),
        because=Because.UNUSUAL_USE,
        application_id=None,
        reference=None,
        item=None,
        region=office.partition(".")[2],
        owner=office,
        text=f"{alarm.text.zh} / {alarm.text.en}",
    )
    p = open_matter(opening, context.actor, context.moment)
    row = data_usage.alarm_row(alarm, context.new_id(), office, p.matter.id, context.at)
    return Outcome(1, matter_rows.opened(p).also("data_alarm", row))


def _office(context: Context, alarm: Alarm) -> str | None:
    """The office that has to explain."""
    if alarm.actor is None:
        return alarm.department
    desk = account(context.world, alarm.actor)
    return office_of(desk.actor) if desk is not None else None


def inbox(context: Context, reader: Reader, cursor: str | None, limit: int) -> Page[AlarmOut]:
    """The alarms of the own region, newest first."""
    who = context.acting(Role.STEWARD, Role.SUPERVISOR)
    position = paging.position(cursor, 1)
    found = data_usage.alarms_within(reader, who.region or "", position[0] if position else None, limit + 1)
    page = found[:limit]
    return Page(
        entries=[_shown(context, reader, dict(row)) for row in page],
        next=paging.cursor(page[-1]["id"]) if len(found) > limit else None,
    )


def usage(context: Context, reader: Reader, by: UsageBy, since: date | None, until: date | None) -> list[UsageOut]:
    """How often data were asked for in the own region: counts by dataset, department or desk, never by person.

    Without days the last thirty. Raises :class:`InvalidInput` for a span that is too long or ends before it begins.
    """
    who = context.acting(Role.STEWARD)
    last = until or context.moment.today
    first = since or last - timedelta(days=29)
    if not timedelta() <= last - first <= timedelta(days=MOST_DAYS):
        text = Text(f"请选择不超过 {MOST_DAYS} 天的起止日期。", f"Choose a span of at most {MOST_DAYS} days.")
        raise InvalidInput([Fault("/query/since", "out-of-range", text)])
    return [_counted(context, by, each) for each in data_usage.usage(reader, by, who.region or "", first, last)]


def _counted(context: Context, by: UsageBy, found: Usage) -> UsageOut:
    return UsageOut(
        key=found.key,
        name=_name(context, by, found.key),
        calls=found.calls,
        denied=found.denied,
        unavailable=found.unavailable,
        unmasked=found.unmasked,
    )


def _name(context: Context, by: UsageBy, key: str) -> Bilingual | None:
    if by == "dataset":
        if key in {FORM, CERTIFICATE}:
            return Bilingual.of(OWN_FORM if key == FORM else CERTIFICATES)
        dataset = context.world.library.datasets.get(key)
        return Bilingual.of(dataset.name) if dataset else None
    if by == "department":
        return office_name(context, key)
    desk = account(context.world, key)
    return Bilingual.of(desk.name) if desk else None


def _shown(context: Context, reader: Reader, row: Row) -> AlarmOut:
    kind = AlarmKind[row["kind"].upper()]
    names = ("key", "day", "count", "actor", "department", "dataset", "usual")
    alarm = Alarm(kind=kind, **{name: row[name] for name in names})
    matter = matter_rows.matter(reader, row["matter_id"])
    return AlarmOut(
        id=row["id"],
        kind=Term.of(kind),
        day=alarm.day,
        region=row["region"],
        department=row["department"],
        department_name=office_name(context, row["department"]),
        actor=alarm.actor,
        dataset=alarm.dataset,
        count=alarm.count,
        usual=alarm.usual,
        text=Bilingual.of(alarm.text),
        matter_id=row["matter_id"],
        status=Term.of(matter.status if matter is not None else MatterStatus.OPENED),
        raised_at=row["raised_at"],
    )
