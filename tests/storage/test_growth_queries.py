"""The questions asked all day find their rows through an index, so that they do not slow down as cases grow."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, text

from app.domain.matters import MatterKind
from app.storage import lights, matter_rows, waiting
from app.storage.matter_rows import Horizon, Sought
from app.storage.queries import Reader
from app.storage.tables import TASK
from tests.databases import SQLITE, Databases

REGIONS = ("330800", "330802", "330803")
AFTER = (date(2026, 3, 16), "x")
OWN = TASK.c.department == "market.330802"
HORIZON = Horizon(AFTER[0], {10: AFTER[0]}, AFTER[0])
ASKED: dict[str, Callable[[Reader], Any]] = {
    "open work": lambda r: r.task_page(OWN, TASK.c.completed_at.is_(None), after=AFTER, limit=20),
    "finished work": lambda r: r.task_page(
        OWN, TASK.c.completed_at.is_not(None), after=AFTER, limit=20, is_latest_first=True
    ),
    "a hall's cases": lambda r: r.applications_in(["330802"], "f", 20),
    "a person's cases": lambda r: r.applications_of("wang_owner", "f", 20),
    "lights of a county": lambda r: lights.groups(r, "330802"),
    "lights of a city": lambda r: lights.groups(r, "330800"),
    "red tasks": lambda r: lights.watched(r, "330800", None, AFTER, 20),
    "matters of a city": lambda r: matter_rows.matters(
        r, Sought(regions=REGIONS, kinds=[MatterKind.ORDER.value]), AFTER, 20
    ),
    "tasks whose light turned": lambda r: matter_rows.tasks_to_watch(r, HORIZON, "x", 20),
    "checks of what was promised": lambda r: matter_rows.checks_to_watch(r, HORIZON, "x", 20),
    "levels of a department": lambda r: matter_rows.levels_for(r, "market.330802"),
    "what time moves": lambda r: r.connection.execute(waiting.due(date(2026, 3, 16))(AFTER, 20)).all(),
}


@pytest.mark.parametrize("question", ASKED)
def test_a_question_asked_all_day_reads_no_whole_table(databases: Databases, question: str) -> None:
    engine = create_engine(databases.migrated(SQLITE))
    seen: list[tuple[str, Any]] = []
    with engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", lambda _, __, sql, values, *___: seen.append((sql, values)))
        ASKED[question](Reader(connection))
    with engine.connect() as connection:
        plans = [step for sql, values in seen for step in _plan(connection, sql, values)]
    engine.dispose()
    assert plans
    assert not [step for step in plans if step.startswith("SCAN") and "INDEX" not in step]


def _plan(connection: Connection, sql: str, values: Any) -> list[str]:
    return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]


def test_later_pages_start_where_the_one_before_ended(databases: Databases) -> None:
    engine = create_engine(databases.migrated(SQLITE))
    with engine.connect() as connection:
        query = text(
            "EXPLAIN QUERY PLAN SELECT id FROM task WHERE department = 'd' AND completed_at IS NULL "
            "AND sort_on >= '2026-03-16' AND (sort_on > '2026-03-16' OR id > 'x') ORDER BY sort_on, id LIMIT 20"
        )
        (plan,) = [row[3] for row in connection.execute(query)]
    engine.dispose()
    assert "ix_task_inbox (department=? AND sort_on>?)" in plan
