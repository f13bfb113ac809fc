"""A province of history: of what is long over, course and figures are there, and everything counts and verifies it."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from app.catalogue.loader import Catalogue
from app.domain.applications import Actor, EventKind
from app.domain.errors import Erased
from app.domain.figures import Dimension, Slice
from app.domain.vocabulary import Role
from app.storage import tallies
from app.storage.queries import Reader
from app.storage.sealed_columns import SEALED
from app.storage.tables import APPLICATION, EVENT, TASK, table
from app.storage.vault_tables import DATA_KEY, ERASURE
from app.usecases import applications, rollups, verification
from app.usecases.context import Context
from app.usecases.platform import Platform
from app.usecases.province.building import TABLES, Built, build
from app.usecases.province.history import MILESTONES, NOT_TAKEN_OVER
from app.usecases.province.making import Order
from app.usecases.verification import Wish
from tests.databases import SQLITE, Databases
from tests.doors import FakeClock
from tests.running import opened, settings_for
from tests.usecases.test_province import NOW

ORDER = Order(cases=20, seed=7, now=NOW, days=110, lived=3)
Made = tuple[Platform, Built]


@pytest.fixture(scope="module")
def twice(
    databases: Databases, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Made, Made]]:
    """The same small province, made twice, each with keys of its own."""
    urls = [databases.migrated(SQLITE) for _ in range(2)]
    folders = [tmp_path_factory.mktemp("history") for _ in urls]
    first, again = (
        opened(catalogue, settings_for(url, folder), FakeClock(NOW.date()))
        for url, folder in zip(urls, folders, strict=True)
    )
    with first as one, again as other:
        yield (
            (one.platform, build(one.platform, ORDER, _silent)),
            (
                other.platform,
                build(other.platform, ORDER, _silent),
            ),
        )
    for url in urls:
        databases.drop(url)


def _silent(_: int) -> None:
    pass


@pytest.fixture
def made(twice: tuple[Made, Made]) -> Made:
    return twice[0]


def test_what_is_long_over_is_history_and_the_newest_are_lived_in_full(made: Made) -> None:
    platform, built = made
    ids = _ids(platform, APPLICATION.c.erased_at.is_not(None))
    assert len(ids) == built.history > ORDER.cases / 4
    newest = platform.store.read(
        lambda reader: reader.rows(select(APPLICATION.c.erased_at).order_by(APPLICATION.c.id.desc()).limit(3))
    )
    assert [row["erased_at"] for row in newest] == [None] * 3
    still_open = select(TASK.c.application_id).where(TASK.c.completed_at.is_(None))
    assert not ids & {row["application_id"] for row in platform.store.read(lambda reader: reader.rows(still_open))}


def test_verify_finds_nothing_and_counts_history_apart(made: Made) -> None:
    platform, built = made
    report = verification.run(platform.context(), platform.store, Wish(is_strict=False))
    assert report.finding is None
    assert (report.cases, report.erased, report.history) == (ORDER.cases, built.history, built.history)
    assert report.leaves == built.rows["event"] + built.rows["imprint"]


def test_of_history_no_content_is_there_and_no_key_that_could_open_any(made: Made) -> None:
    platform, _ = made
    ids = _ids(platform, APPLICATION.c.erased_at.is_not(None))
    for name in ("application", "task", "event", "rating", "matter"):
        sealing = SEALED[name]
        for row in _raw(platform, name):
            if row[sealing.owner] in ids:
                assert all(row[column] == blank for column, blank in sealing.blanks.items()), name
    assert all(row["wrapped"] is None for row in _raw(platform, DATA_KEY.name) if row["owner"] in ids)
    assert {row["application_id"] for row in _raw(platform, ERASURE.name)} == ids
    assert not any(row["application_id"] in ids for name in NOT_TAKEN_OVER for row in _raw(platform, name))


def test_the_course_of_history_is_milestones_and_its_page_says_that_the_rest_is_gone(made: Made) -> None:
    platform, _ = made
    ids = _ids(platform, APPLICATION.c.erased_at.is_not(None))
    kinds = Counter(row["kind"] for row in _raw(platform, EVENT.name) if row["application_id"] in ids)
    assert kinds.keys() <= {kind.value for kind in (*MILESTONES, EventKind.MOVED, EventKind.ERASED)}
    assert kinds["submitted"] == kinds["erased"] == len(ids)
    own = sorted(ids)[0]
    case = platform.store.read(partial(Reader.application, application_id=own))
    assert case is not None
    assert case.tasks
    assert case.completed_at is not None
    who = Actor(f"clerk.{case.region[:6]}", Role.CLERK, region=case.region[:6])
    context = Context(platform.world, NOW, who)
    with pytest.raises(Erased):
        platform.store.read(lambda reader: applications.show(context, reader, own))


def test_history_counts_in_the_indicators_like_any_case(made: Made) -> None:
    platform, _ = made

    def sums(reader: Reader, *, live: bool) -> Any:
        return tallies.added_up(reader, Slice(), NOW.date().replace(2025), NOW.date(), Dimension.REGION, live=live)

    rolled, live = (platform.store.read(partial(sums, live=live)) for live in (False, True))
    assert rolled == live
    submitted = _ids(platform, APPLICATION.c.submitted_at.is_not(None))
    assert sum(counts.filed for counts in live.values()) == len(submitted)
    assert rollups.reconcile(platform.store) == 0


def test_one_seed_makes_the_same_rows_under_any_keys(twice: tuple[Made, Made]) -> None:
    (one, built), (other, again) = twice
    assert built == again
    for name in ("application", "task", "event", "fact", "rating", "erasure"):
        assert _plain(one, name) == _plain(other, name), name
    assert set(built.rows) == set(TABLES)


def _ids(platform: Platform, where: Any) -> set[str]:
    return {row["id"] for row in platform.store.read(lambda reader: reader.rows(select(APPLICATION.c.id).where(where)))}


def _raw(platform: Platform, name: str) -> list[dict[str, Any]]:
    """Rows as they are stored."""
    target = table(name)
    order = [*target.primary_key.columns]
    return [
        dict(row)
        for row in platform.store.read(
            lambda reader: reader.connection.execute(select(target).order_by(*order)).mappings().all()
        )
    ]


def _plain(platform: Platform, name: str) -> list[dict[str, Any]]:
    """Rows without what is sealed in them, which no two keys make alike."""
    return [
        {column: value for column, value in row.items() if not str(value).startswith("sealed:")}
        for row in _raw(platform, name)
    ]
