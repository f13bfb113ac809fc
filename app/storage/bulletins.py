"""What a bulletin asks of the matters of a region: how many were found, ended and left open in a month."""

from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from app.domain.bulletins import Tallies, Tally
from app.domain.deadlines import BEIJING
from app.domain.matters import Because, MatterKind
from app.domain.periods import DAY
from app.domain.regions import stem
from app.storage.matter_tables import MATTER
from app.storage.queries import Reader


def tallies_of(reader: Reader, region: str, first: date, last: date) -> Tallies:
    """The matters of a region and everything inside it from ``first`` to ``last``, by kind and cause."""
    begin, end = (datetime.combine(day, time(), tzinfo=BEIJING) for day in (first, last + DAY))
    closed = MATTER.c.closed_at
    is_open = or_(closed.is_(None), closed >= end)
    query = (
        select(
            MATTER.c.kind,
            MATTER.c.because,
            _count(MATTER.c.opened_on >= first),
            _count(and_(closed >= begin, closed < end)),
            _count(is_open),
        )
        .where(MATTER.c.opened_on <= last, or_(MATTER.c.opened_on >= first, closed.is_(None), closed >= begin))
        .where(*_inside(region))
        .group_by(MATTER.c.kind, MATTER.c.because)
    )
    return {
        (MatterKind[kind.upper()], Because[because.upper()]): Tally(int(opened), int(ended), int(left))
        for kind, because, opened, ended, left in reader.connection.execute(query)
    }


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _inside(region: str) -> list[ColumnElement[bool]]:
    digits = stem(region)
    return [MATTER.c.region >= digits, MATTER.c.region < f"{int(digits) + 1:0{len(digits)}d}"]
