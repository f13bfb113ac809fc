"""A generated province is true: its rows replay, add up, verify and open, and the same seed makes the same cases."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Column, Row, func, inspect, select

from app.catalogue.loader import Catalogue
from app.domain.deadlines import BEIJING
from app.domain.figures import Dimension, Slice
from app.domain.identity import check_uscc, company_code, find_real
from app.domain.oversight import Light, light_of
from app.storage import tallies
from app.storage.bulk import NotEmpty
from app.storage.paper_tables import MESSAGE, PAPER
from app.storage.papers import paper
from app.storage.queries import Reader
from app.storage.sealed_columns import SEALED
from app.storage.tables import APPLICATION, EVENT, TASK, table
from app.storage.tally_tables import ROLL_UP
from app.storage.work import open_work
from app.usecases import rollups, sweep, verification
from app.usecases.platform import Platform, open_world
from app.usecases.play import _replays
from app.usecases.province import places
from app.usecases.province.building import TABLES, Built, build
from app.usecases.province.making import Day, Maker, Order
from app.usecases.verification import Wish
from tests.databases import SQLITE, Databases
from tests.doors import Doors, FakeClock
from tests.open_work import assert_counted
from tests.running import opened, settings_for

NOW = datetime(2026, 3, 16, 10, tzinfo=BEIJING)
ORDER = Order(cases=40, seed=7, now=NOW, days=24)


@dataclass(frozen=True)
class Province:
    """One province, built once for all tests of a kind of database."""

    platform: Platform
    built: Built
    said: list[int]

    def read(self, query: object) -> list[dict[str, object]]:
        """The opened rows of a query."""
        return [dict(row) for row in self.platform.store.read(lambda reader: reader.rows(query))]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def province(
    databases: Databases, database_kind: str, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Province]:
    """A small province on a database of its own."""
    url = databases.migrated(database_kind)
    with _opened(catalogue, url, tmp_path_factory.mktemp("province")) as doors:
        said: list[int] = []
        yield Province(doors.platform, build(doors.platform, ORDER, said.append), said)
    databases.drop(url)


def _opened(catalogue: Catalogue, url: str, folder: Path) -> AbstractContextManager[Doors]:
    return opened(catalogue, settings_for(url, folder), FakeClock(NOW.date()))


def test_as_many_cases_are_made_as_were_asked_for(province: Province) -> None:
    assert province.built.cases == ORDER.cases == province.said[-1]
    assert province.built.rows["application"] == ORDER.cases
    for name, count in province.built.rows.items():
        stored = province.platform.store.read(partial(Reader.count, name=name))
        assert stored == count, name


def test_every_case_is_the_fold_of_its_event_rows(province: Province) -> None:
    ids = [row["id"] for row in province.read(select(APPLICATION.c.id))]
    assert all(province.platform.store.read(partial(_replays, application_id=str(own))) for own in ids)


def test_chains_imprints_and_the_tree_over_them_are_those_of_rows_nobody_altered(province: Province) -> None:
    context = province.platform.context()
    report = verification.run(context, province.platform.store, Wish(is_strict=False))
    assert report.finding is None
    leaves = province.platform.store.read(lambda reader: reader.count("leaf"))
    assert leaves == province.built.rows["event"] + province.built.rows["imprint"]


def test_the_facts_are_those_of_the_cases_and_the_roll_ups_those_of_the_facts(province: Province) -> None:
    store, own = province.platform.store, Slice("330000")
    assert rollups.reconcile(store) == 0
    assert province.built.days > 15
    first, last = date(2026, 1, 1), NOW.date()

    def sums(reader: Reader, *, live: bool) -> object:
        return tallies.added_up(reader, own, first, last, Dimension.DEPARTMENT, live=live)

    assert store.read(partial(sums, live=False)) == store.read(partial(sums, live=True))


def test_everything_people_wrote_is_sealed_and_opens(province: Province) -> None:
    store = province.platform.store
    for name in ("application", "event", "paper", "message"):
        columns = [table(name).c[column] for column in SEALED[name].blanks]
        raw = store.read(partial(_raw, columns=columns))
        assert raw
        assert all(not value or str(value).startswith("sealed:1:") for row in raw for value in row), name
    papers = [row["number"] for row in province.read(select(PAPER.c.number))]
    assert all((found := store.read(partial(paper, number=str(own)))) and found.is_intact for own in papers)


def _raw(reader: Reader, columns: list[Column[Any]]) -> Sequence[Row[Any]]:
    return reader.connection.execute(select(*columns)).all()


def test_its_people_are_fictional_and_its_letters_have_been_sent(province: Province) -> None:
    forms = province.read(select(APPLICATION.c.id, APPLICATION.c.form, APPLICATION.c.applicant))
    assert all(find_real(str(row["form"])) is None for row in forms)
    assert len({row["applicant"] for row in forms}) > ORDER.cases / 4
    old = select(func.count()).where(MESSAGE.c.sent_at.is_(None), MESSAGE.c.created_at < NOW.replace(day=15))
    assert province.platform.store.read(lambda reader: reader.connection.execute(old).scalar_one()) == 0


def test_cases_have_gone_in_every_way_and_open_work_shows_lights(province: Province) -> None:
    kinds = Counter(row["kind"] for row in province.read(select(EVENT.c.application_id, EVENT.c.seq, EVENT.c.kind)))
    assert {"submitted", "accepted", "granted", "certificate_issued", "delivered"} <= kinds.keys()
    statuses = Counter(row["status"] for row in province.read(select(APPLICATION.c.id, APPLICATION.c.status)))
    assert statuses["finished"] > 4
    assert sum(statuses.values()) - statuses["finished"] > 2
    bundles = {row["bundle"] for row in province.read(select(APPLICATION.c.id, APPLICATION.c.bundle))}
    assert len(bundles) >= 3
    open_tasks = province.platform.store.read(
        lambda reader: reader.task_page(TASK.c.completed_at.is_(None), after=None, limit=500)
    )
    calendar = province.platform.world.catalogue.calendar
    assert Light.GREEN in {light_of(line.times, calendar, NOW.date()).light for line in open_tasks}


def test_its_sums_are_those_that_a_sweep_would_have_made(province: Province) -> None:
    def rows(reader: Reader) -> list[set[Row[Any]]]:
        kept = [select(ROLL_UP.c.span, ROLL_UP.c.first_day)]
        for name in ("tally", "area_tally"):
            own = [column for column in table(name).columns if column.name != "roll_up"]
            kept.append(select(ROLL_UP.c.span, ROLL_UP.c.first_day, *own).join_from(ROLL_UP, table(name)))
        return [set(reader.connection.execute(query)) for query in kept]

    made = province.platform.store.read(rows)
    assert all(made)
    rollups.rebuild(province.platform.context().as_system(), province.platform.store)
    assert province.platform.store.read(rows) == made


def test_its_open_work_is_counted(province: Province) -> None:
    areas = ("330000", *province.platform.world.catalogue.regions.within("330000")[:6])
    province.platform.store.read(partial(assert_counted, areas=areas))
    assert province.platform.store.read(lambda reader: list(open_work(reader, ["330000"])))


def test_what_is_interrupted_is_whole_and_has_its_indexes(
    databases: Databases, catalogue: Catalogue, tmp_path: Path
) -> None:
    def enough(_: int) -> None:
        raise KeyboardInterrupt

    url = databases.migrated(SQLITE)
    with opened(catalogue, settings_for(url, tmp_path), FakeClock(NOW.date())) as doors:
        with pytest.raises(KeyboardInterrupt):
            build(doors.platform, ORDER, enough)
        store = doors.platform.store
        assert store.read(lambda reader: reader.count("application"))
        kept = store.read(lambda reader: {str(index["name"]) for index in _indexes(reader)})
        assert kept >= {str(index.name) for name in TABLES for index in table(name).indexes}
        sweep.run(doors.platform.context(), store)
        store.read(partial(assert_counted, areas=("330000",)))
    databases.drop(url)


def _indexes(reader: Reader) -> list[Any]:
    found = inspect(reader.connection)
    return [index for name in TABLES for index in found.get_indexes(name)]


def test_a_database_with_cases_is_not_built_upon(province: Province) -> None:
    with pytest.raises(NotEmpty):
        build(province.platform, ORDER, lambda _: None)


def test_the_same_seed_makes_the_same_cases_for_both_databases_and_another_seed_others(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'app.db'}", tmp_path / "files")
    world, day = open_world(settings, catalogue), Day(date(2026, 2, 3), 3)
    other = replace(ORDER, seed=8)
    same, again, others = (
        [batch.links for batch in Maker(world, settings, order, is_sqlite=is_sqlite).batches(day)]
        for order, is_sqlite in ((ORDER, True), (ORDER, False), (other, True))
    )
    assert same == again
    assert others != same


@pytest.mark.parametrize("count", [0, 1, 99, 10_000])
def test_shares_are_whole_and_add_up(count: int) -> None:
    weights = [Random(3).random() for _ in range(17)]  # noqa: S311
    shares = places.shared_out(weights, count)
    assert sum(shares) == count
    assert all(share >= 0 for share in shares)


def test_fewer_apply_on_holidays_and_at_the_spring_festival(catalogue: Catalogue) -> None:
    days = dict(places.cases_by_day(catalogue.calendar, date(2026, 11, 20), 1_000_000))
    assert sum(days.values()) == 1_000_000
    assert days[date(2026, 10, 1)] < days[date(2026, 10, 15)] / 3
    assert sum(count for day, count in days.items() if (day.year, day.month) == (2026, 2)) < 30_000


@pytest.mark.parametrize("serial", [0, 7, 123_456, 999_999])
def test_company_codes_fit_and_are_nobodys(serial: int) -> None:
    code = company_code("91003308", serial)
    assert check_uscc(code) == code
    assert find_real(code) is None
