"""Open work counted, beside the same counted from the tasks themselves: both must be the same at every instant."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select

from app.domain.regions import areas_of
from app.domain.ticking import Work, ticking_of
from app.storage import work
from app.storage.mapping import read_task
from app.storage.queries import Reader
from app.storage.tables import TASK


def counted(reader: Reader, area: str) -> Counter[Work]:
    """What is counted in an area, by its parts and the codes of clocks."""
    found: Counter[Work] = Counter()
    for part, clock, tasks in work.open_work(reader, [area]):
        found[dict(areas_of(part))[area], clock] += tasks
    return Counter({key: tasks for key, tasks in found.items() if tasks})


def looked_at(reader: Reader, area: str) -> Counter[Work]:
    """The same from every single task."""
    found: Counter[Work] = Counter()
    for row in reader.rows(select(TASK)):
        task = read_task(row)
        ticking, parts = ticking_of(task), dict(areas_of(task.region))
        if ticking is not None and area in parts:
            found[parts[area], ticking.code] += 1
    return found


def assert_counted(reader: Reader, areas: Iterable[str]) -> None:
    """Both are the same, in all of these areas."""
    assert work.is_counted(reader)
    for area in areas:
        assert counted(reader, area) == looked_at(reader, area), area
