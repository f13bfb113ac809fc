"""What stands beside a task for the sake of lists is there in databases from before, or honestly missing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select

from app.storage.database import write_engine
from app.storage.mapping import task_row
from app.storage.store import Store
from app.storage.tables import TASK
from tests import factories
from tests.storage.revisions import downgrade, upgrade
from tests.storage.test_mapping import keep


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A write engine on an empty database with every table."""
    found = write_engine(database_url)
    yield found
    found.dispose()


def test_tasks_from_before_learn_their_bundle_and_not_what_is_sealed(database_url: str, engine: Engine) -> None:
    errand = factories.submitted("retire_full")
    errand.accept("R1")
    errand.act("R1", "review")
    errand.act("R1", "begin_special", reason="需检测", procedure="testing", days=5)
    store = Store(database_url, "NORMAL")
    keep(store, errand)
    store.close()
    rows = [task_row(errand.case, task) for task in errand.case.tasks.values()]
    assert any(row["pause_ends_on"] for row in rows)
    columns = [TASK.c[name] for name in ("id", "bundle", "status", "sort_on", "pause_ends_on")]

    def stored() -> set[tuple[object, ...]]:
        with engine.connect() as connection:
            return {tuple(row) for row in connection.execute(select(*columns))}

    assert stored() == {tuple(row[column.name] for column in columns) for row in rows}
    downgrade(engine, "0023")
    upgrade(engine, "head")
    assert stored() == {tuple({**row, "pause_ends_on": None}[column.name] for column in columns) for row in rows}
