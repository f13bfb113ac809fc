"""The demonstration's beginning: stories under way, laid into the days before now, begun once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from app.domain.deadlines import BEIJING
from app.settings import Settings
from app.storage.queries import Reader
from app.usecases import inbox, seed
from app.usecases.accounts import account
from app.usecases.context import Context
from app.usecases.platform import Platform, open_platform
from app.usecases.play import Play
from tests.factories import catalogue

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=BEIJING)


def opened(folder: Path, now: datetime = NOW) -> Platform:
    """A platform in ``folder`` whose clock says ``now``."""
    settings = Settings(
        database_url=f"sqlite:///{folder / 'app.db'}",
        files_folder=folder / "files",
        secret_file=folder / "secret",
        keys_file=folder / "keys.json",
        sqlite_synchronous="NORMAL",
        _env_file=None,  # type: ignore[call-arg]
    )
    return open_platform(settings, clock=lambda: now)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform with every story begun."""
    platform = opened(tmp_path_factory.mktemp("seed"))
    assert [entry.problem for entry in seed.run(platform)] == [None] * len(seed.SCENES)
    yield platform
    platform.close()


def rows(reader: Reader) -> list[tuple[str, str, str]]:
    """Every application: bundle and region, status, result."""
    people = catalogue().people
    lines = [line for person in people for line in reader.applications_of(person, None, 100)]
    return sorted((f"{line.bundle}.{line.region}", line.status, line.result) for line in lines)


def test_every_list_has_something_to_show(seeded: Platform) -> None:
    assert seeded.store.read(rows) == [
        ("birth.330802", "in_progress", "all_granted"),
        ("catering.330802", "correction", "all_granted"),
        ("catering.330881", "finished", "partly_granted"),
        ("house.330881", "withdrawn", "none"),
        ("retire.330802", "in_progress", "all_granted"),
        ("retire.330881", "finished", "all_granted"),
        ("startup.330802", "draft", "none"),
        ("utility.330802", "submitted", "none"),
    ]


def test_seeding_again_changes_nothing(seeded: Platform) -> None:
    before = seeded.store.read(rows)
    assert not any(entry.is_new or entry.problem for entry in seed.run(seeded))
    assert seeded.store.read(rows) == before


def test_one_notice_of_two_departments_waits_while_others_have_accepted(seeded: Platform) -> None:
    (line,) = seeded.store.read(lambda reader: reader.applications_of("wang_owner", None, 10))[:1]
    case = seeded.store.read(
        lambda reader: next(
            found
            for one in reader.applications_of("wang_owner", None, 10)
            if (found := reader.application(one.id)) is not None and found.open_notice is not None
        )
    )
    assert line.bundle == "catering"
    (notice,) = case.notices
    assert set(notice.points) == {"F1", "S1"}
    assert {case.tasks[item].status.value for item in ("X1", "T1")} == {"review"}
    assert case.tasks["P1"].status.value == "accepted"
    assert {"L0", "L1", "H1"} <= set(case.certificates)


def test_officers_find_work_in_their_inboxes(seeded: Platform) -> None:
    for department in ("market.330802", "fire.330802", "health.330802", "hall.330802", "hrss.330802"):
        who = account(seeded.world, f"officer.{department}.1")
        assert who is not None
        context = Context(seeded.world, NOW, who.actor, seeded.dice)
        page = seeded.store.read(partial(inbox.show, context, cursor=None, limit=50, is_open=True))
        assert page.entries, department


def test_every_seeded_application_is_the_fold_of_its_events(seeded: Platform) -> None:
    play = Play.of(seeded, "catering_full", NOW)
    ids = seeded.store.read(
        lambda reader: [line.id for person in catalogue().people for line in reader.applications_of(person, None, 100)]
    )
    assert len(ids) == len(seed.SCENES)
    assert all(play.replays(application_id) for application_id in ids)


def test_what_people_did_since_is_left_alone(tmp_path: Path) -> None:
    platform = opened(tmp_path)
    seed.run(platform)
    play = Play.of(platform, "utility_full", NOW)
    (line,) = platform.store.read(lambda reader: reader.applications_of("qian_manager", None, 10))
    play.withdraw(line.id, "changed my mind", NOW)
    seed.run(replace(platform, clock=lambda: NOW.replace(year=2027)))
    after = platform.store.read(lambda reader: reader.applications_of("qian_manager", None, 10))
    assert [one.status for one in after] == ["withdrawn"]
    platform.close()


def test_two_processes_that_seed_at_once_begin_each_story_once(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    platforms = [opened(tmp_path), opened(tmp_path)]
    with ThreadPoolExecutor(2) as pool:
        done = [entry for entries in pool.map(seed.run, platforms) for entry in entries]
    assert [entry.problem for entry in done if entry.problem] == []
    assert len(platforms[0].store.read(rows)) == len(seed.SCENES)
    for platform in platforms:
        platform.close()


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 10, 8, 0, 5, tzinfo=BEIJING),
        datetime(2031, 1, 1, 12, tzinfo=BEIJING),
    ],
)
def test_it_can_begin_on_any_day(tmp_path: Path, now: datetime) -> None:
    platform = opened(tmp_path, now)
    assert [entry.story for entry in seed.run(platform) if entry.problem] == []
    platform.close()


def test_packs_without_the_stories_are_left_as_they_are(tmp_path: Path, seeded: Platform) -> None:
    world = replace(seeded.world, catalogue=replace(seeded.world.catalogue, stories={}))
    done = seed.run(replace(seeded, world=world))
    assert all(entry.problem is not None and not entry.is_new for entry in done)


def test_working_days_before_skip_weekends_and_holidays() -> None:
    calendar = catalogue().calendar
    monday = datetime(2026, 3, 16, 9, tzinfo=BEIJING)
    assert seed.working_days_before(calendar, monday, 1) == datetime(2026, 3, 13, 10, tzinfo=BEIJING)
    after_golden_week = datetime(2026, 10, 8, 9, tzinfo=BEIJING)
    assert seed.working_days_before(calendar, after_golden_week, 1).date().isoformat() == "2026-09-30"
