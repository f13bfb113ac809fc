"""Domain values to rows and back: what is stored is the fold of the stored events, for every story told to its end."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.domain import submissions
from app.domain.applications import Application, Event, replay
from app.storage.changes import Changes
from app.storage.mapping import CorruptRow, changes_between, created, read_application
from app.storage.store import Outcome, Store
from tests import factories
from tests.factories import Errand, catalogue


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty store."""
    found = Store(database_url, "NORMAL")
    yield found
    found.close()


def keep(store: Store, errand: Errand) -> tuple[Application, list[Event]]:
    """Write the errand as it was created and then all that happened; what comes back."""
    blank = errand.blank
    first = Changes({"application": [{**created(blank), "version": 0}]})
    store.perform(lambda _: Outcome(None, first))
    store.perform(lambda _: Outcome(None, changes_between(blank, errand.case, errand.events)))
    found = store.read(lambda reader: reader.application(blank.id))
    assert found is not None
    return found, store.read(lambda reader: reader.events(blank.id))


def assert_true(store: Store, errand: Errand) -> None:
    """What comes back is what went in, and the events alone give the same."""
    found, events = keep(store, errand)
    assert found == replace(errand.case, version=1)
    assert events == errand.events
    assert replay(replace(errand.blank, version=1), events) == found


@pytest.mark.parametrize("story", catalogue().stories)
def test_a_story_told_to_its_end_comes_back_as_it_was(store: Store, story: str) -> None:
    errand = factories.submitted(story)
    factories.drive(errand)
    assert_true(store, errand)


def test_notices_points_pauses_and_endings_come_back(store: Store) -> None:
    errand = factories.submitted("catering_full")
    errand.grant("L0", "L1")
    for item in ("F1", "S1", "X1", "T1", "P1", "H1"):
        errand.act(item, "receive")
    errand.post("F1", factories.field_point("premises_right"))
    errand.post("X1", factories.paper_point("fire_plan"))
    errand.accept("S1", "T1", "P1", "H1")
    errand.act("S1", "review")
    errand.act("S1", "begin_special", reason="店招结构须检测", procedure="testing", days=5)
    errand.act("T1", "withdraw", factories.APPLICANT)
    assert errand.case.open_notice is not None
    errand.provide("fire_plan")
    errand.answer({"premises_right": "自有"})
    errand.refuse("X1")
    assert_true(store, errand)


def test_a_removed_material_and_a_cleared_field_come_back_gone(store: Store) -> None:
    errand = factories.draft("catering_full")
    known = frozenset(errand.case.form)
    errand.run(factories.APPLICANT, lambda h: submissions.remove(h, "layout"))
    errand.run(factories.APPLICANT, lambda h: submissions.save(h, {"seats": None}, errand.plan, known))
    assert_true(store, errand)


def test_changes_hold_only_what_differs() -> None:
    errand = factories.submitted("catering_simple")
    before = errand.case
    errand.act("L1", "receive")
    changes = changes_between(before, errand.case, errand.events[-2:])
    task = next(update for update in changes.updates if update.table == "task")
    assert task.values.keys() == {"status", "received_at", "received_by"}
    assert changes.guard is not None
    assert changes.guard.version == before.version
    assert "task" not in changes.inserts


def test_a_row_this_version_cannot_read_names_the_place_and_not_the_content(store: Store) -> None:
    errand = factories.submitted("catering_simple")
    row = {**created(errand.case), "status": "王示例", "materials": [], "notices": [], "version": 0}
    with pytest.raises(CorruptRow) as caught:
        read_application(row, [], [])  # type: ignore[arg-type]
    assert "status" in str(caught.value)
    assert "王示例" not in str(caught.value)
    assert caught.value.__cause__ is None
