"""Sums that were there before are kept, half-made ones are begun anew, and going back loses nothing."""

from datetime import date

from sqlalchemy import Engine, insert, select, table
from sqlalchemy import column as named

from app.domain.tallies import COUNTERS
from app.storage.tally_tables import AREA_TALLY, FACT_CHANGE, TALLY
from tests.storage.revisions import downgrade, upgrade

ROLL_UP = table("roll_up", *map(named, ("id", "span", "first_day", "is_ready")))
DAYS = [date(2026, 3, number) for number in (1, 2, 3)]
ROWS = [
    *({"id": day.day, "span": "day", "first_day": day, "is_ready": day.day != 2} for day in DAYS),
    {"id": 9, "span": "month", "first_day": DAYS[0], "is_ready": True},
]
ONES = dict.fromkeys(COUNTERS, 1)
PLACE = {"region": "330802", "department": "", "item": "", "bundle": "catering"}


def held(engine: Engine) -> list[set[int]]:
    """The numbers of the roll-ups that there are, and those that have sums of either kind."""
    with engine.connect() as connection:
        columns = ROLL_UP.c.id, TALLY.c.roll_up, AREA_TALLY.c.roll_up
        return [set(connection.execute(select(column)).scalars()) for column in columns]


def test_what_is_whole_is_kept_on_the_way_there_and_back(tableless: Engine) -> None:
    upgrade(tableless, "0025")
    with tableless.begin() as connection:
        connection.execute(insert(ROLL_UP), ROWS)
        for row in ROWS:
            connection.execute(TALLY.insert(), {"roll_up": row["id"], "is_across": False, **PLACE, **ONES})
            connection.execute(AREA_TALLY.insert(), {"roll_up": row["id"], "area": "330802", "part": "330802", **ONES})
    upgrade(tableless, "head")
    assert held(tableless) == [{1, 3, 9}] * 3, "the second day was half-made"
    downgrade(tableless, "0025")
    assert held(tableless) == [{1, 3, 9}] * 3
    upgrade(tableless, "head")
    with tableless.begin() as connection:
        connection.execute(FACT_CHANGE.insert(), {"day": DAYS[2], **PLACE, **ONES})
    downgrade(tableless, "0025")
    assert held(tableless) == [{1}] * 3, "the third day, and with it the month, are added up anew"
    with tableless.begin() as connection:
        assert connection.execute(select(ROLL_UP.c.is_ready)).scalars().all() == [True]
