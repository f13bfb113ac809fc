"""The questions asked all day find their rows through an index, so that they do not slow down as cases grow."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Column, Connection, create_engine, event, text
from sqlalchemy.sql import visitors

from app.domain.figures import Slice
from app.domain.matters import MatterKind
from app.domain.oversight import Light
from app.domain.proof import Hasher
from app.storage import inbox, lights, matter_rows, tallies, waiting
from app.storage.keys import fresh_ring
from app.storage.matter_rows import Horizon, Sought
from app.storage.notary import SOURCES, Source
from app.storage.proofs import Leaf
from app.storage.queries import Reader
from app.storage.tables import TASK, WATCHED
from app.usecases.tree_check import Tree
from app.usecases.verification import Report
from tests.databases import SQLITE, Databases
from tests.factories import catalogue

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
    **{
        f"{light.value} tasks of a province": lambda r, light=light: lights.watched(
            r, "330000", None, None, 20, (light, catalogue().calendar, AFTER[0])
        )
        for light in Light
    },
    "counts of an inbox": lambda r: (inbox.shares(r, "market.330802", "x"), lights.groups_of(r, "market.330802")),
    "cases of a day": lambda r: tallies.cases_of_day(r, Slice("330000"), AFTER[0], "promised", ("330802", "x"), 20),
    "matters of a city": lambda r: matter_rows.matters(
        r, Sought(regions=REGIONS, kinds=[MatterKind.ORDER.value]), AFTER, 20
    ),
    "tasks whose light turned": lambda r: matter_rows.tasks_to_watch(r, HORIZON, None, "x", 20),
    "checks of what was promised": lambda r: matter_rows.checks_to_watch(r, HORIZON, None, "x", 20),
    "levels of a department": lambda r: matter_rows.levels_for(r, "market.330802"),
    "what time moves": lambda r: r.connection.execute(waiting.due(date(2026, 3, 16))(AFTER, 20)).all(),
}


@pytest.mark.parametrize("question", ASKED)
def test_a_question_asked_all_day_reads_no_whole_table(databases: Databases, question: str) -> None:
    plans = _plans(databases, ASKED[question])
    assert plans
    assert not [step for step in plans if step.startswith("SCAN") and "INDEX" not in step]


def _plans(databases: Databases, ask: Callable[[Reader], Any]) -> list[str]:
    engine = create_engine(databases.migrated(SQLITE))
    seen: list[tuple[str, Any]] = []
    with engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", lambda _, __, sql, values, *___: seen.append((sql, values)))
        ask(Reader(connection))
    with engine.connect() as connection:
        plans = [step for sql, values in seen for step in _plan(connection, sql, values)]
    engine.dispose()
    return plans


def _plan(connection: Connection, sql: str, values: Any) -> list[str]:
    return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_rows_behind_leaves_are_found_without_reading_all_of_them(databases: Databases, source: Source) -> None:
    """Some hundreds at a time, for every leaf of the tree: otherwise a walk takes the square of its length."""
    key = "/".join("1" for _ in source.key)
    leaves = [Leaf(place, source.name, f"{key}{place}", "") for place in range(2)]
    plans = _plans(databases, lambda reader: Tree(reader, Hasher(), fresh_ring(), Report())._stored(source, leaves))
    assert any(step.startswith(f"SEARCH {source.name} USING") for step in plans)
    assert not any(step.startswith(f"SCAN {source.name}") for step in plans)


@pytest.mark.parametrize(
    ("question", "steps"),
    [
        ("counts of an inbox", ["SEARCH task USING COVERING INDEX ix_task_desk (department=?)"]),
        ("cases of a day", ["SEARCH fact USING INDEX ix_fact_day (day=? AND region>? AND region<?)"]),
        ("red tasks of a province", ["ix_task_watched (sort_on<?)"]),
        ("green tasks of a province", ["ix_task_watched (sort_on>?)"]),
        ("yellow tasks of a province", ["USING INDEX ix_task_watched"]),
    ],
)
def test_a_question_of_many_is_read_in_the_order_of_its_index(
    databases: Databases, question: str, steps: list[str]
) -> None:
    plans = _plans(databases, ASKED[question])
    for step in steps:
        assert any(step in found for found in plans), plans
    if question == "counts of an inbox":
        assert not any(" application " in found for found in plans), "no case is looked up"
    else:
        assert not any("TEMP B-TREE" in found for found in plans), "nothing is sorted"


@pytest.mark.parametrize("light", Light)
def test_what_shows_another_light_is_passed_over_by_the_index_alone(light: Light) -> None:
    condition = lights.may_show(light, catalogue().calendar, AFTER[0])
    assert {part.name for part in visitors.iterate(condition) if isinstance(part, Column)} <= {*WATCHED}


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
