"""The tables behind the indicators: what every case adds, the sums of days and months, and what changed since.

The counters are those of :class:`app.domain.tallies.Counts`, one column each.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table

from app.domain.tallies import COUNTERS
from app.storage.tables import metadata


def _counters() -> list[Column[int]]:
    return [Column(name, Integer, nullable=False) for name in COUNTERS]


FACT = Table(
    "fact",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("application", String(32), nullable=False),
    Column("day", Date, nullable=False),
    Column("region", String(12), nullable=False),
    Column("department", String(80), nullable=False),
    Column("item", String(64), nullable=False),
    Column("bundle", String(64), nullable=False),
    *_counters(),
    Index("ix_fact_day", "day", "region", "id"),
)
"""What every case adds to the indicators: see :mod:`app.domain.tallies`."""

FACT_CHANGE = Table(
    "fact_change",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("day", Date, nullable=False),
    Column("region", String(12), nullable=False),
    Column("department", String(80), nullable=False),
    Column("item", String(64), nullable=False),
    Column("bundle", String(64), nullable=False),
    *_counters(),
)
"""By how much the facts of a day became more, or fewer, since they were added up. Nobody changes such a row, so nobody
waits for anybody: a fold adds it up and removes it (:mod:`app.storage.sums`)."""

ROLL_UP = Table(
    "roll_up",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("span", String(8), nullable=False),
    Column("first_day", Date, nullable=False),
    Index("ix_roll_up_span", "span", "first_day", unique=True),
)
"""One day or month whose facts are added up, also while it runs."""

TALLY = Table(
    "tally",
    metadata,
    Column("roll_up", ForeignKey("roll_up.id", ondelete="CASCADE"), primary_key=True),
    Column("is_across", Boolean, primary_key=True),
    Column("region", String(12), primary_key=True),
    Column("department", String(80), primary_key=True),
    Column("item", String(64), primary_key=True),
    Column("bundle", String(64), primary_key=True),
    *_counters(),
    sqlite_with_rowid=False,
)
"""The sums of a roll-up, twice: by department and item, and across them (both ``""``) for the many questions that ask
about neither. Without row ids, SQLite keeps them in the order in which they are read."""

AREA_TALLY = Table(
    "area_tally",
    metadata,
    Column("roll_up", ForeignKey("roll_up.id", ondelete="CASCADE"), primary_key=True),
    Column("area", String(12), primary_key=True),
    Column("part", String(12), primary_key=True),
    *_counters(),
    sqlite_with_rowid=False,
)
"""The sums of a roll-up by region alone, for the questions that ask about nothing else: of every area, by the parts it
directly consists of (:func:`app.domain.regions.areas_of`). A province has so many rows a day as it has cities, however
many counties and cases there are. What is a region's own stands where it is its own part."""
