"""Cases of several places in which a note waits for a signature (多地联办). There are as many rows to look at as cases
with such a note, however many cases there are."""

from sqlalchemy import ColumnElement, and_, exists, or_, select

from app.domain.regions import stem
from app.storage.queries import Reader
from app.storage.tables import APPLICATION, TASK

LEADER_IS_AWAITED = APPLICATION.c.notes_to.contains(APPLICATION.c.region)


def at_hall(reader: Reader, region: str, after: str, limit: int) -> list[str]:
    """Ids of those that wait for the hall of this region, oldest first, after an id. The hall of a city that took one
    in for a county of its own sits there for the county."""
    is_below = APPLICATION.c.region.startswith(stem(region))
    took_in = and_(APPLICATION.c.filed_region == region, is_below, LEADER_IS_AWAITED)
    return _page(reader, or_(APPLICATION.c.notes_to.contains(region), took_in), after, limit)


def at_desk(reader: Reader, department: str, region: str, after: str, limit: int) -> list[str]:
    """Ids of those that wait for the place for which this department of this region has a task in them; one above the
    counties works for the place that leads."""
    awaited = APPLICATION.c.notes_to.contains(region) if stem(region) == region else LEADER_IS_AWAITED
    own = exists().where(TASK.c.application_id == APPLICATION.c.id, TASK.c.department == department)
    return _page(reader, and_(awaited, own), after, limit)


def _page(reader: Reader, wanted: ColumnElement[bool], after: str, limit: int) -> list[str]:
    waits = APPLICATION.c.notes_to.is_not(None), APPLICATION.c.erased_at.is_(None), APPLICATION.c.id > after
    query = select(APPLICATION.c.id).where(*waits, wanted).order_by(APPLICATION.c.id).limit(limit)
    return list(reader.connection.execute(query).scalars())
