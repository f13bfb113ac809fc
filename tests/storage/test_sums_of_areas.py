"""Roll-ups that were there before are brought to areas and their parts, and back, with nothing lost."""

from collections import Counter
from datetime import date

from sqlalchemy import Engine, insert, select, table, text
from sqlalchemy import column as named

from app.domain.regions import areas_of
from app.domain.tallies import COUNTERS
from app.storage.tally_tables import AREA_TALLY
from tests.storage.revisions import downgrade, upgrade

REGIONS = ("330000", "330800", "330802", "330802001", "330802001001", "441900001", "310101")
ROLL_UP = table("roll_up", *map(named, ("id", "span", "first_day", "is_ready")))
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


def test_sums_of_regions_become_those_of_areas_and_sums_of_regions_again(tableless: Engine) -> None:
    upgrade(tableless, "0022")
    with tableless.begin() as connection:
        connection.execute(insert(ROLL_UP), SPANS)
        connection.execute(BEFORE.insert(), OWN)
    upgrade(tableless, "0023")
    wanted = Counter[tuple[object, ...]]()
    for row in OWN:
        for area, part in areas_of(str(row["region"])):
            wanted.update({(row["roll_up"], area, part, name): int(row[name]) for name in COUNTERS})
    with tableless.connect() as connection:
        found = connection.execute(select(AREA_TALLY)).mappings().all()
    assert {(row["roll_up"], row["area"], row["part"], name): row[name] for row in found for name in COUNTERS} == wanted
    downgrade(tableless, "0022")
    kept = [tuple(row[name] for name in ("roll_up", "region", *COUNTERS)) for row in OWN]
    with tableless.connect() as connection:
        assert sorted(map(tuple, connection.execute(select(BEFORE)))) == sorted(kept)
        assert connection.execute(text("SELECT count(*) FROM roll_up")).scalar_one() == len(SPANS)
