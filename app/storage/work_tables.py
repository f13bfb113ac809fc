"""The tables of open work: what changed, appended by whoever changes a case, and the sums of what is folded in.

Counted are tasks, by the region of the office and by what their light follows from (:mod:`app.domain.ticking`). Whose
tasks they are is not told here.
"""

from sqlalchemy import BigInteger, Column, Integer, String, Table

from app.storage.tables import metadata

WORK_CHANGE = Table(
    "work_change",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("region", String(12), nullable=False),
    Column("clock", String(40), nullable=False),
    Column("tasks", Integer, nullable=False),
)
"""So many tasks more, or fewer. Nobody changes such a row, so nobody waits for anybody: a fold adds it up and removes
it."""

WORK_SUM = Table(
    "work_sum",
    metadata,
    Column("area", String(12), primary_key=True),
    Column("part", String(12), primary_key=True),
    Column("clock", String(40), primary_key=True),
    Column("tasks", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""How many tasks of one part of an area were folded in; what an area's own office has stands under the area itself. The
row without area says that open work has been counted at all."""
