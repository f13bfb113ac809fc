"""Roll-ups that were there before are brought to areas and their parts, and back, with nothing lost."""

import io
from collections.abc import Iterator
from datetime import date

import pytest
from alembic import command
from sqlalchemy import Engine, insert, select, table, text
from sqlalchemy import column as named

from app.domain.tallies import COUNTERS
from app.storage import tallies
from app.storage.database import alembic_config, write_engine
from app.storage.tally_tables import AREA_TALLY, ROLL_UP
from tests.databases import Databases

REGIONS = ("330000", "330800", "330802", "330802001", "330802001001", "441900001", "310101")
BEFORE = table("region_tally", *map(named, ("roll_up", "region", *COUNTERS)))
SPANS = [{"id": number, "span": "day", "first_day": date(2026, 3, number), "is_ready": True} for number in (1, 2)]
OWN = [
    {
        "roll_up": span["id"],
        "region": region,
        **{name: (place + 1) * int(str(span["id"])) + number for number, name in enumerate(COUNTERS)},
    }
    for span in SPANS
    for place, region in enumerate(REGIONS)
]


@pytest.fixture
def engine(databases: Databases, database_kind: str) -> Iterator[Engine]:
    """A write engine on a database without tables."""
    url = databases.empty(database_kind)
    found = write_engine(url)
    yield found
    found.dispose()
    databases.drop(url)


def moved(engine: Engine, how: str, revision: str) -> None:
    """Bring the schema up or down to a revision."""
    with engine.begin() as connection:
        config = alembic_config(connection)
        config.stdout = io.StringIO()
        getattr(command, how)(config, revision)


def test_sums_of_regions_become_those_of_areas_and_sums_of_regions_again(engine: Engine) -> None:
    moved(engine, "upgrade", "0022")
    with engine.begin() as connection:
        connection.execute(insert(ROLL_UP), SPANS)
        connection.execute(BEFORE.insert(), OWN)
    moved(engine, "upgrade", "0023")
    wanted = [
        tuple({"roll_up": span["id"], **cell}[column.name] for column in AREA_TALLY.columns)
        for span in SPANS
        for cell in tallies.by_area({"is_across": True, **row} for row in OWN if row["roll_up"] == span["id"])
    ]
    with engine.connect() as connection:
        assert sorted(map(tuple, connection.execute(select(AREA_TALLY)))) == sorted(wanted)
    moved(engine, "downgrade", "0022")
    kept = [tuple(row[name] for name in ("roll_up", "region", *COUNTERS)) for row in OWN]
    with engine.connect() as connection:
        assert sorted(map(tuple, connection.execute(select(BEFORE)))) == sorted(kept)
        assert connection.execute(text("SELECT count(*) FROM roll_up")).scalar_one() == len(SPANS)
