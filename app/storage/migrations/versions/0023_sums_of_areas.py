"""Roll-ups by region, of every area by its parts; and the date that lists sort by in the index of the lights.

Revision: 0023, after 0022, 2026-11-22
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels = None
depends_on = None

IS_WATCHED = sa.text("completed_at IS NULL OR check_due_on IS NOT NULL")
LIT = (
    *("region", "department", "status", "verdict", "intake_due_on", "promised_due_on", "statutory_due_on"),
    *("delivery_due_on", "promised_days", "extended_days", "check_due_on", "completed_at"),
)
COUNTERS = (
    *("ended", "accepted", "deemed", "corrected", "returned", "declined", "decided", "on_time", "promised", "early"),
    *("instant", "statutory_days", "days_cut", "over", "done_once", "filed", "visits", "elsewhere", "other_province"),
    *("fields_before", "fields_saved", "materials_before", "materials_saved", "days_before", "days_saved"),
    *("visits_before", "visits_saved", "rated", "rated_at_end", "satisfied", "bad", "bad_named", "called_back"),
    *("called_back_named", "rectified", "rectification_days", "theme_rated", "theme_satisfied"),
)


def upgrade() -> None:
    """Go forward."""
    _table("area_tally", "area", "part")
    inside = op.create_table(
        "region_inside",
        *(sa.Column(name, sa.String(12)) for name in ("region", "area", "part")),
        prefixes=["TEMPORARY"],
    )
    regions = op.get_bind().execute(sa.text("SELECT DISTINCT region FROM region_tally")).scalars()
    op.bulk_insert(inside, [{"region": region, "area": a, "part": p} for region in regions for a, p in _areas(region)])
    sums = ", ".join(f"SUM({name})" for name in COUNTERS)
    op.execute(
        f"INSERT INTO area_tally (roll_up, area, part, {', '.join(COUNTERS)}) "  # noqa: S608 - the names above
        f"SELECT roll_up, area, part, {sums} FROM region_tally JOIN region_inside "
        "ON region_inside.region = region_tally.region GROUP BY roll_up, area, part"
    )
    for name in ("region_inside", "region_tally"):
        op.drop_table(name)
    _lit(*LIT, "sort_on")


def downgrade() -> None:
    """Go back."""
    _lit(*LIT)
    _table("region_tally", "region")
    names = ", ".join(COUNTERS)
    op.execute(
        f"INSERT INTO region_tally (roll_up, region, {names}) "  # noqa: S608 - the names above
        f"SELECT roll_up, part, {names} FROM area_tally WHERE area = part"
    )
    op.drop_table("area_tally")


def _table(name: str, *keys: str) -> None:
    op.create_table(
        name,
        sa.Column("roll_up", sa.BigInteger(), nullable=False),
        *(sa.Column(key, sa.String(length=12), nullable=False) for key in keys),
        *(sa.Column(counter, sa.Integer(), nullable=False) for counter in COUNTERS),
        sa.ForeignKeyConstraint(["roll_up"], ["roll_up.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("roll_up", *keys),
        sqlite_with_rowid=False,
    )


def _lit(*columns: str) -> None:
    op.drop_index("ix_task_lit", "task")
    op.create_index("ix_task_lit", "task", columns, sqlite_where=IS_WATCHED, postgresql_where=IS_WATCHED)


def _areas(region: str) -> Iterator[tuple[str, str]]:
    """Every area that holds the region, from itself up, with the part of it that does."""
    area, part = region, region
    while True:
        yield area, part
        if area.endswith("0000"):
            return
        area, part = _above(area), area


def _above(code: str) -> str:
    if len(code) > len("330802"):
        return code[:-3]
    return f"{code[:2]}0000" if code.endswith("00") else f"{code[:4]}00"
