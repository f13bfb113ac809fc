"""Applications that wait for a date, by that date and id: what is claimed or queued when the date has come."""

from datetime import date
from functools import partial

from sqlalchemy import Column, ColumnElement, Select, and_, or_, select

from app.storage.claims import Waiting
from app.storage.queries import Position
from app.storage.tables import APPLICATION


def due(today: date) -> Waiting:
    """Applications that time alone may move by ``today``."""
    on: Column[date] = APPLICATION.c.look_again_on
    return partial(_by_date, on, on <= today)


def past(today: date) -> Waiting:
    """Applications whose last day of keeping is over."""
    until: Column[date] = APPLICATION.c.retain_until
    return partial(_by_date, until, until < today)


def _by_date(on: Column[date], has_come: ColumnElement[bool], after: Position, limit: int) -> Select[date, str]:
    key: Column[str] = APPLICATION.c.id
    query = select(on, key).where(has_come)
    if after is not None:
        query = query.where(or_(on > after[0], and_(on == after[0], key > after[1])))
    return query.order_by(on, key).limit(limit)
