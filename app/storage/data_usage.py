"""Counts over the looks at data: what alarms and usage are made of. Nothing read here tells whose data they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, func, or_, select

from app.domain.alarms import Alarm, DatasetDay, DeskDay, Focus
from app.domain.regions import stem
from app.domain.vocabulary import Role
from app.storage.changes import Row
from app.storage.dataset_tables import DATA_ALARM
from app.storage.queries import Reader
from app.storage.sealing import Found
from app.storage.sharing_tables import DATA_CALL

DESK_ROLES = (Role.OFFICER.value, Role.CLERK.value)
DENIED, UNAVAILABLE, UNMASK = "denied", "unavailable", "unmask"
CALL = DATA_CALL.c


def desk_days(reader: Reader, day: date, hours: tuple[datetime, datetime] | None) -> list[DeskDay]:
    """Refused looks, and looks outside ``hours``, of every desk on one day."""
    is_outside = CALL.id.is_not(None) if hours is None else or_(CALL.at < hours[0], CALL.at >= hours[1])
    query = (
        select(
            CALL.actor,
            _count_if(CALL.result == DENIED).label("denied"),
            _count_if(and_(is_outside, CALL.result != DENIED)).label("off_hours"),
        )
        .where(CALL.day == day, CALL.role.in_(DESK_ROLES))
        .group_by(CALL.actor)
        .order_by(CALL.actor)
    )
    return [
        DeskDay(actor=row["actor"], day=day, denied=row["denied"], off_hours=row["off_hours"])
        for row in _all(reader, query)
    ]


def dataset_days(reader: Reader, day: date, since: date, floor: int) -> list[DatasetDay]:
    """Departments that called a dataset at least ``floor`` times on a day, with their calls of the days since."""
    calls = func.count().label("calls")
    query = (
        select(CALL.department, CALL.dataset, calls)
        .where(CALL.day == day, CALL.department.is_not(None), CALL.result != DENIED)
        .group_by(CALL.department, CALL.dataset)
        .having(func.count() >= floor)
        .order_by(CALL.department, CALL.dataset)
    )
    return [
        DatasetDay(
            department=row["department"],
            dataset=row["dataset"],
            day=day,
            calls=row["calls"],
            before=_calls_before(reader, row["department"], row["dataset"], since, day),
        )
        for row in _all(reader, query)
    ]


def _calls_before(reader: Reader, department: str, dataset: str, since: date, day: date) -> tuple[int, ...]:
    query = (
        select(func.count().label("calls"))
        .where(
            CALL.dataset == dataset,
            CALL.day >= since,
            CALL.day < day,
            CALL.department == department,
            CALL.result != DENIED,
        )
        .group_by(CALL.day)
    )
    return tuple(row["calls"] for row in _all(reader, query))


def focuses(reader: Reader, day: date, since: date, least: int) -> list[Focus]:
    """Desks that looked on ``day`` and at the same person in at least ``least`` cases since then."""
    active = select(CALL.actor).where(CALL.day == day, CALL.role.in_(DESK_ROLES)).distinct()
    cases = func.count(CALL.application_id.distinct())
    query = (
        select(CALL.actor, CALL.subject, cases.label("cases"))
        .where(
            CALL.day >= since,
            CALL.day <= day,
            CALL.actor.in_(active),
            CALL.role.in_(DESK_ROLES),
            CALL.subject.is_not(None),
            CALL.result != DENIED,
        )
        .group_by(CALL.actor, CALL.subject)
        .having(cases >= least)
        .order_by(CALL.actor, CALL.subject)
    )
    return [
        Focus(actor=row["actor"], subject=row["subject"], day=day, cases=row["cases"]) for row in _all(reader, query)
    ]


@dataclass(frozen=True, slots=True)
class Usage:
    """How often something was asked for."""

    key: str
    calls: int
    denied: int
    unavailable: int
    unmasked: int


BY: Mapping[str, ColumnElement[Any]] = {"dataset": CALL.dataset, "department": CALL.department, "officer": CALL.actor}


def usage(reader: Reader, by: str, region: str, since: date, until: date) -> list[Usage]:
    """Calls by dataset, department or desk for the cases of a region and everything inside it; most calls first."""
    key, calls = BY[by], func.count().label("calls")
    query = select(
        key.label("key"),
        calls,
        _count_if(CALL.result == DENIED).label("denied"),
        _count_if(CALL.result == UNAVAILABLE).label("unavailable"),
        _count_if(and_(CALL.purpose == UNMASK, CALL.result != DENIED)).label("unmasked"),
    ).where(
        CALL.day >= since, CALL.day <= until, key.is_not(None), CALL.region.startswith(stem(region), autoescape=True)
    )
    if by == "officer":
        query = query.where(CALL.role.in_(DESK_ROLES))
    rows = _all(reader, query.group_by(key).order_by(calls.desc(), key))
    return [Usage(**row) for row in rows]


def is_raised(reader: Reader, key: str) -> bool:
    """Whether an alarm with this key has been raised."""
    return reader.row(select(DATA_ALARM.c.id).where(DATA_ALARM.c.key == key)) is not None


def alarm_row(alarm: Alarm, alarm_id: str, office: str, matter_id: str, at: datetime) -> Row:
    """The row of an alarm that the matter ``matter_id`` pursues."""
    return {
        "id": alarm_id,
        "key": alarm.key,
        "kind": alarm.kind.value,
        "day": alarm.day,
        "region": office.partition(".")[2],
        "department": office,
        "actor": alarm.actor,
        "dataset": alarm.dataset,
        "count": alarm.count,
        "usual": alarm.usual,
        "matter_id": matter_id,
        "raised_at": at,
    }


def alarms_within(reader: Reader, region: str, before: str | None, limit: int) -> Sequence[Found]:
    """Alarms of a region and everything inside it, newest first, older than the one with the id ``before``."""
    query = select(DATA_ALARM).where(DATA_ALARM.c.region.startswith(stem(region), autoescape=True))
    if before is not None:
        query = query.where(DATA_ALARM.c.id < before)
    return reader.rows(query.order_by(DATA_ALARM.c.id.desc()).limit(limit))


def _all(reader: Reader, query: Select[Any]) -> Sequence[RowMapping]:
    return reader.connection.execute(query).mappings().all()


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
