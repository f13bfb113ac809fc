"""The monthly bulletin of a region, for supervision and stewards of that region or one above it."""

from collections import Counter
from datetime import date

from app.domain.bulletins import RULE, Bulletin, changed, counted, named, written
from app.domain.errors import Fault, InvalidInput
from app.domain.figures import Dimension, Slice
from app.domain.indicators import COUNTERS_OF_TASKS
from app.domain.oversight import Light
from app.domain.periods import DAY, first_of_month, last_of_month
from app.domain.tallies import WHOLE, Counts, together
from app.domain.vocabulary import ILLUSTRATIVE, Text
from app.schemas.bulletins import BulletinCountOut, BulletinOut, BulletinPartOut, ChangeOut, NamedOut
from app.schemas.common import Bilingual
from app.storage import tallies
from app.storage.bulletins import tallies_of
from app.storage.lights_then import lights_at_end_of
from app.storage.queries import Reader
from app.usecases.accounts import department
from app.usecases.context import Context
from app.usecases.indicators import region_asked, secrets_of


def show(context: Context, reader: Reader, region: str | None, month: str | None) -> BulletinOut:
    """The bulletin of ``month`` (``2026-03``); without one, of the month before today.

    Raises :class:`NotAllowed` outside the asker's region, :class:`InvalidInput` for an unknown region or a month that
    has not begun.
    """
    code = region_asked(context, region)
    bulletin = _bulletin(context, reader, code, _month(context, month))
    names = {own.department: _name(context, own.department) for own in (*bulletin.commended, *bulletin.criticised)}
    return BulletinOut(
        label=Bilingual.of(ILLUSTRATIVE),
        region=code,
        region_name=Bilingual.of(bulletin.region),
        month=f"{bulletin.first:%Y-%m}",
        first_day=bulletin.first,
        last_day=bulletin.last,
        is_complete=bulletin.is_complete,
        counts=[BulletinCountOut.of(line, count) for line, count in bulletin.counts.items()],
        indicators=[ChangeOut.of(change) for change in bulletin.changes],
        commended=[NamedOut.of(own, names[own.department]) for own in bulletin.commended],
        criticised=[NamedOut.of(own, names[own.department]) for own in bulletin.criticised],
        rule=Bilingual.of(RULE),
        text=[BulletinPartOut.of(part) for part in written(bulletin, names)],
    )


def _bulletin(context: Context, reader: Reader, region: str, first: date) -> Bulletin:
    today = context.moment.today
    end = last_of_month(first)
    last = min(end, today)
    total = _sum(reader, region, first, last)
    earlier = first_of_month(first - DAY)
    secrets = (
        secrets_of(context, reader, region, first, last),
        secrets_of(context, reader, region, earlier, first - DAY),
    )
    by_department = tallies.added_up(reader, Slice(region), first, last, Dimension.DEPARTMENT, only=COUNTERS_OF_TASKS)
    commended, criticised = named({str(key): counts for key, counts in by_department.items() if key != WHOLE})
    return Bulletin(
        region=context.world.catalogue.regions.path(region),
        first=first,
        last=last,
        is_complete=end < today,
        counts=counted(
            tallies_of(reader, region, first, last),
            _lights(context, reader, region, last),
            total,
            is_secret=bool(secrets[0]),
        ),
        changes=changed(total, _sum(reader, region, earlier, first - DAY), secrets),
        commended=commended,
        criticised=criticised,
    )


def _lights(context: Context, reader: Reader, region: str, day: date) -> Counter[Light]:
    return lights_at_end_of(reader, context.world.catalogue.regions.within(region), day, context.moment.calendar)


def _sum(reader: Reader, region: str, first: date, last: date) -> Counts:
    return together(tallies.added_up(reader, Slice(region), first, last).values())


def _name(context: Context, code: str) -> Text:
    found = department(context.world, code)
    return found.name if found else Text(code, code)


def _month(context: Context, month: str | None) -> date:
    """The first day of the month asked for."""
    this = first_of_month(context.moment.today)
    if month is None:
        return first_of_month(this - DAY)
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise _fault("malformed", Text("月份形如 2026-03。", "A month looks like 2026-03.")) from None
    if first > this:
        raise _fault("not-begun", Text("这个月还没有开始。", "That month has not begun."))
    if first.year < EARLIEST:
        raise _fault("too-early", Text("没有这么早的数据。", "There is nothing that early."))
    return first


EARLIEST = 2000
"""Nothing was ever filed before; and the month before the first one there is has no name."""


def _fault(code: str, text: Text) -> InvalidInput:
    return InvalidInput([Fault("/query/month", code, text)])
