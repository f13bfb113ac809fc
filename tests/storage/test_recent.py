"""Applications kept at hand: used for the version the database holds and for no other, and equal to what it holds."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.domain.applications import Application, Event
from app.storage.changes import Changes, Destruction
from app.storage.queries import Reader
from app.storage.recent import Recent
from app.storage.store import Outcome, Store
from tests.doors import Doors
from tests.storage.rows import AT, add, blank, count_up


@pytest.fixture
def stores(database_url: str) -> Iterator[tuple[Store, Store]]:
    """Two processes with one database, and one application in it."""
    found = Store(database_url, "NORMAL"), Store(database_url, "NORMAL")
    add(found[0], blank())
    yield found
    for store in found:
        store.close()


def form_in(store: Store) -> dict[str, object]:
    """The form of the application, as this process tells it."""
    case = store.read(lambda reader: reader.application("a1"))
    assert case is not None
    return dict(case.form)


def at_hand(doors: Doors, application_id: str) -> tuple[Application | None, list[Event]]:
    """What this process remembers of an application at the version that the database holds."""
    recent, version = doors.platform.store._recent, doors.stored(application_id).version
    return recent.case(application_id, version), list(recent.events(application_id, version) or ())


@pytest.mark.parametrize("story", ["catering_full", "birth_full"])
def test_what_is_remembered_of_a_case_is_what_the_database_holds(doors: Doors, story: str) -> None:
    filed = doors.file(story)
    first = next(iter(doors.stored(filed.id).tasks))
    for action in ("receive", "accept", "review"):
        filed.act(first, action)
        case, events = at_hand(doors, filed.id)
        assert case is not None
        assert case == doors.stored(filed.id)
        assert events == doors.rows(filed.id)
        assert list(case.tasks) == list(doors.stored(filed.id).tasks)


def test_a_certificate_is_remembered_as_it_was_issued(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.grant("L0", uscc="92003308MA00DEM225")
    case, events = at_hand(doors, filed.id)
    assert case is not None
    assert case == doors.stored(filed.id)
    assert case.certificates["L0"].item == "L0"
    assert events == doors.rows(filed.id)


def test_a_draft_just_made_is_at_hand_as_the_database_holds_it(doors: Doors) -> None:
    for story in ("catering_full", "birth_full"):
        made = doors.draft(story)["id"]
        assert at_hand(doors, made)[0] == doors.stored(made)


def test_what_another_process_wrote_is_never_missed(stores: tuple[Store, Store]) -> None:
    here, there = stores
    for number in range(1, 6):
        assert here.perform(count_up) == 2 * number - 1
        assert there.perform(count_up) == 2 * number
        assert form_in(here) == form_in(there) == {"n": 2 * number}
        told = [store.read(lambda r: (r.application("a1"), r.events("a1"))[1]) for store in stores]
        assert told[0] == told[1]
        assert [event.seq for event in told[0]] == list(range(1, 2 * number + 1))


def test_what_was_lost_in_a_race_is_not_remembered(stores: tuple[Store, Store]) -> None:
    here, there = stores
    form_in(here)
    overtaken = []

    def late(reader: object) -> Outcome[int]:
        found = count_up(reader)  # type: ignore[arg-type]
        if not overtaken:
            overtaken.append(there.perform(count_up))
        return found

    assert here.perform(late) == 2
    assert form_in(here) == {"n": 2}


def test_what_is_erased_is_forgotten(stores: tuple[Store, Store]) -> None:
    here, _ = stores
    here.perform(count_up)
    assert form_in(here) == {"n": 1}
    assert "a1" in here._recent
    here.perform(lambda _: Outcome(None, Changes(destroys=[Destruction("a1", AT)])))
    assert "a1" not in here._recent
    assert form_in(here) == {}


def test_what_is_read_once_in_a_transaction_is_read_again_in_the_next(stores: tuple[Store, Store]) -> None:
    here, read = stores[0], []

    def twice(reader: Reader) -> tuple[int, int]:
        return reader.once("n", lambda: read.append(1) or len(read)), reader.once("n", lambda: 7)

    assert [here.read(twice), here.read(twice)] == [(1, 1), (2, 2)]


def test_the_oldest_makes_room() -> None:
    recent = Recent(2)
    for name in ("a1", "a2", "a1", "a3"):
        recent.keep(replace(blank(name), version=3))
    assert recent.case("a1", 3) == replace(blank("a1"), version=3)
    assert recent.case("a1", 4) is None
    assert recent.case("a2", 3) is None
    assert "a3" in recent
