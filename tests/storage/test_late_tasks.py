"""The tasks that the database proposes for a light hold all that show it: none is missed for the sake of speed."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, NullPool, create_engine, func, literal, select
from sqlalchemy.sql import visitors

from app.domain.applications import Task
from app.domain.lifecycle import ENDED, INTAKE, STANDING_STILL, TaskStatus, Verdict
from app.domain.oversight import Light, light_of
from app.domain.records import AfterCheck, Pause
from app.domain.ticking import pause_ends_on, sort_on
from app.domain.vocabulary import TimeUnit
from app.storage import lights
from app.storage.tables import TASK
from tests.factories import MONDAY, catalogue, moment

NOWHERE = create_engine("sqlite://", poolclass=NullPool)
"""A database without tables, which calculates."""


@given(
    status=st.sampled_from(sorted(TaskStatus, key=lambda status: status.value)),
    verdict=st.sampled_from([None, Verdict.GRANTED]),
    days=st.lists(st.one_of(st.none(), st.integers(-9, 40)), min_size=4, max_size=4),
    checked=st.one_of(st.none(), st.integers(-9, 9)),
    told=st.one_of(st.none(), st.integers(-9, 9)),
    length=st.integers(0, 40),
    is_noted=st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_every_task_is_among_those_that_the_database_proposes_for_its_light(
    status: TaskStatus,
    verdict: Verdict | None,
    days: list[int | None],
    checked: int | None,
    told: int | None,
    length: int,
    is_noted: bool,
) -> None:
    intake, promised, statutory, delivery = (None if ago is None else MONDAY + timedelta(days=ago) for ago in days)
    is_taken_in = status not in INTAKE
    task = Task(
        item="F1",
        department="market.330802",
        region="330802",
        stage=0,
        after=(),
        promised_days=length,
        promised_unit=TimeUnit.WORKING_DAY,
        statutory_days=None,
        statutory_unit=TimeUnit.WORKING_DAY,
        is_instant=False,
        status=status,
        verdict=verdict if is_taken_in else None,
        intake_due_on=intake,
        accepted_at=moment().at if is_taken_in else None,
        promised_due_on=promised if is_taken_in else None,
        statutory_due_on=statutory if is_taken_in else None,
        delivery_due_on=delivery if is_taken_in and verdict is not None else None,
        after_check=None if checked is None or verdict is None else AfterCheck(MONDAY + timedelta(days=checked)),
        pauses=(Pause("expert_review", MONDAY, None, "", ends_on=told if told is None else MONDAY + timedelta(told)),),
        completed_at=moment().at if status in ENDED else None,
    )
    lit = light_of(task, catalogue().calendar, MONDAY).light
    ends_on = pause_ends_on(task) if is_noted else None
    assert _holds(lit, task, ends_on)
    if status in STANDING_STILL:
        both = [light for light in Light if _holds(light, task, ends_on)]
        assert both == ([lit] if is_noted else [Light.PAUSED, Light.YELLOW]), "what is noted tells which of the two"


def _holds(light: Light, task: Task, ends_on: date | None) -> bool:
    """The condition of this light, asked of SQLite with this task as its only row."""
    values = {name: getattr(task, name) for name in ("accepted_at", "completed_at", "intake_due_on", "promised_due_on")}
    values |= {name: getattr(task, name) for name in ("statutory_due_on", "delivery_due_on")}
    row = select(
        *(literal(value, TASK.c[name].type).label(name) for name, value in values.items()),
        literal(task.promised_days).label("promised_days"),
        literal(task.extended_days).label("extended_days"),
        literal(task.status.value, TASK.c.status.type).label("status"),
        literal(None if task.verdict is None else "granted", TASK.c.verdict.type).label("verdict"),
        literal(task.after_check.due_on if task.after_check else None, TASK.c.check_due_on.type).label("check_due_on"),
        literal(sort_on(task), TASK.c.sort_on.type).label("sort_on"),
        literal(ends_on, TASK.c.pause_ends_on.type).label("pause_ends_on"),
    ).subquery("task")

    def swapped(part: Any, **_: Any) -> Any:
        return row.c[part.name] if isinstance(part, Column) else None

    condition = visitors.replacement_traverse(lights.may_show(light, catalogue().calendar, MONDAY), {}, swapped)
    with NOWHERE.connect() as connection:
        return connection.execute(select(func.count()).select_from(row).where(condition)).scalar_one() == 1
