"""The measurements measure what they say, on the smallest scale; how long anything takes is never asserted."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.bench import case, floor, machines, printed, recipe, sampling, submit, summary, sums, wire, workers, wrk
from tests.bench.floor import Floor
from tests.bench.sums import Report, Said, Table
from tests.databases import SQLITE, Databases, give_up

TWO_TASKS = "catering_simple"


@dataclass
class Field:
    """A platform and a bare app at work, and the case both are asked for."""

    server: machines.Server
    told: recipe.Recipe
    bare: machines.Server


@pytest.fixture(scope="module")
def field(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    folder = tmp_path_factory.mktemp("field")
    with ExitStack() as stack:
        server = stack.enter_context(machines.platform(folder, databases.migrated(SQLITE)))
        told = asyncio.run(recipe.found(server.port, TWO_TASKS, {}))
        yield Field(server, told, stack.enter_context(machines.bare(folder, databases.empty(SQLITE), told.items)))


def test_a_case_is_worked_through_as_it_was_found_out_and_every_grant_is_in_the_database(field: Field) -> None:
    told = field.told
    assert list(told.items) == ["L1", "F1"]
    assert told.items["F1"] == ["L1"]
    assert told.steps[-1].action == "grant"
    subjects = [
        case.Subject(case.OURS, field.server, told.calls, case.platform_work(told)),
        case.Subject(case.BRIEF, field.server, told.calls, case.platform_work(told, is_brief=True)),
        case.Subject(case.ALIKE, field.bare, told.calls, case.alike_work(told)),
        case.Subject(case.SHORT, field.bare, 1 + 2, case.short_work(told), share=3),
    ]
    asyncio.run(case.turns(subjects, 2, case.Wish(rounds=1, cases=1)))
    found = case.rows(SQLITE, 2, subjects)
    assert [row["calls"] for row in found] == [*[2 + len(told.steps)] * 3, 3]
    assert [row["ratio"] is None for row in found] == [True, False, False, False]
    assert all(set(row) == set(case.COLUMNS) for row in found)
    assert case.check(SQLITE, subjects)["grants_stored"] == 2 * (subjects[0].done + subjects[1].done + 1)
    subjects[0].done += 1
    with pytest.raises(wire.Unexpected):
        case.check(SQLITE, subjects)


def test_every_acknowledged_submission_is_counted_in_the_database(databases: Databases, field: Field) -> None:
    counter = submit.Counter(field.server, [field.told.person(0), field.told.person(1)], TWO_TASKS)
    before = machines.count(field.server.url, workers.FILED)
    asyncio.run(counter.turn(2, 3))
    assert len(set(counter.references)) == len(counter.seconds) == 3
    assert machines.count(field.server.url, workers.FILED) == before + 3
    with pytest.raises(wire.Unexpected):  # what others filed there was not acknowledged here
        submit.check(SQLITE, counter)


def test_two_who_compete_for_a_task_or_send_one_key_twice_get_one_thing(field: Field, tmp_path: Path) -> None:
    house = workers.House(1, field.server, tmp_path, field.told, [], machines.count(field.server.url, workers.FILED))
    asyncio.run(house.write(4, 3))
    assert len(house.ledger.submitted) == len(house.ledger.made) == len(house.ledger.received) == 3
    counted = workers.count(house)
    assert (counted["lost"], counted["twice"]) == (0, 0)
    house.ledger.submitted.add("L330802-20260101-000000-0")
    assert workers.count(house)["lost"] == 1


def test_wrk_sends_every_request_in_its_turn_and_says_when_one_is_refused(field: Field, tmp_path: Path) -> None:
    if not wrk.is_there():
        give_up("wrk is not installed (Debian: apt install wrk)")
    page = wire.request("GET", f"{wire.API}/bundles", None, field.told.person(0))
    load = wrk.run(field.server.port, 2, 1, [page, page], tmp_path)
    assert load.requests > 1
    assert load.p95_ms > 0
    nothing = wire.request("GET", f'{wire.API}/bundles/"\\')  # what Lua would take for the end of a string
    with pytest.raises(wire.Unexpected):
        wrk.run(field.server.port, 2, 1, [page, nothing], tmp_path)


def test_the_floor_writes_the_very_rows_of_a_submission(
    databases: Databases, database_kind: str, tmp_path: Path
) -> None:
    url = databases.migrated(database_kind)
    told = floor.captured(tmp_path, url, TWO_TASKS)
    wrote = {row["table"]: row["new"] for row in floor.what(told) if row["new"]}
    assert wrote["task"] == 2
    assert wrote["event"] > 2
    before = {table: _count(url, table) for table in wrote}
    drafts = {table: len(rows) for table, rows in told.draft.new.items()}
    base = Floor(url, told, list(floor.primary_keys(url)))
    base.run(3, 2)
    base.close()
    grown = {table: _count(url, table) - count for table, count in before.items()}
    assert grown == {table: 3 * (count + drafts.get(table, 0)) for table, count in wrote.items()}
    assert machines.count(url, workers.FILED) == 2 + 3
    databases.drop(url)


def _count(url: str, table: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()  # noqa: S608
    engine.dispose()
    return int(found)


def test_the_platform_flushes_every_commit_to_disk(databases: Databases) -> None:
    url = databases.migrated(SQLITE)
    assert machines.durability(url)["synchronous"] == "FULL"
    assert machines.in_process(Path("."), url).sqlite_synchronous == "FULL"
    databases.drop(url)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ([10.0, 30.0], [10.0, 10.0], {"median": 2.0, "min": 1.0, "max": 3.0}),
        ([1.0], [4.0], dict.fromkeys(("median", "min", "max"), 0.25)),
    ],
)
def test_a_ratio_is_taken_round_by_round(ours: list[float], theirs: list[float], expected: dict[str, float]) -> None:
    assert sums.ratio(ours, theirs) == expected


def test_columns_stand_under_one_another_in_chinese_too() -> None:
    table = Table(
        "t", Said("表", "table"), {"a": Said("数据库", "database"), "b": Said("值", "value")}, [{"a": "x", "b": 1_000}]
    )
    head, row = printed.lines(table, "zh")
    assert head == "数据库  值"
    assert row == "x       1,000"


def test_a_server_that_fails_ends_the_measurement_with_what_it_said(field: Field) -> None:
    async def ask(line: wire.Line, _: int) -> None:
        await line.get_done(wire.request("GET", "/api/v1/tasks"))

    with pytest.raises(wire.Unexpected, match="401"):
        asyncio.run(wire.run([field.server.port], 3, 6, ask))


def test_a_sample_belongs_to_the_innermost_area() -> None:
    def frame_in(path: str) -> object:
        found: dict[str, object] = {}
        exec(compile("import sys\nframe = sys._getframe()", path, "exec"), found)  # noqa: S102 - a frame with this path
        return found["frame"]

    assert sampling.area_of(frame_in("/x/app/domain/routing.py")) == "plan"
    assert sampling.area_of(frame_in("/x/app/storage/writer.py")) == "write"
    assert sampling.area_of(frame_in("/usr/lib/threading.py")) == "waiting"
    assert {area for _, area in sampling.AREAS} | {"other"} == set(sampling.NAMES)


def test_the_table_of_the_readme_is_made_of_what_is_kept(tmp_path: Path) -> None:
    report = Report("plan", {})
    spread = {"median": 2_100.0, "min": 2_000.0, "max": 2_200.0}
    entry = {"per_cpu_s": spread, "fields": 38, "items": 8, "materials": 16}
    report.tables.append(Table("plans", Said("", ""), {}, [entry]))
    summary.keep(tmp_path / "kept.json", {"plan": report})
    assert "2,100 (2,000–2,200) plans a processor second" in summary.table("en", tmp_path / "kept.json")
    assert report.at[:10] in summary.table("zh", tmp_path / "kept.json")


def test_one_measurement_more_leaves_the_others_in_the_file(tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    first, again, other = (Report(name, {"rounds": rounds}) for name, rounds in (("plan", 1), ("plan", 2), ("desk", 3)))
    summary.keep(kept, {"plan": first})
    summary.keep(kept, {"desk": other})
    summary.keep(kept, {"plan": again})
    assert {name: report["settings"]["rounds"] for name, report in summary.held(kept).items()} == {"plan": 2, "desk": 3}


@pytest.mark.parametrize("told", ["[]", '{"bench": "plan", "tables": {}}', "no JSON"])
def test_a_file_that_holds_something_else_is_left_as_it_is(tmp_path: Path, told: str) -> None:
    (file := tmp_path / "other.json").write_text(told, "utf-8")
    with pytest.raises(ValueError, match="something else"):
        summary.keep(file, {"plan": Report("plan", {})})
    assert file.read_text("utf-8") == told


def test_what_one_process_keeps_busy_says_how_much_faster_several_can_be_on_the_same_cores() -> None:
    used = workers.Used(pieces=100, clock=10.0, server=8.0, database=3.0, client=1.0)
    assert used.cores == pytest.approx(1.2)
    assert (used.each("server"), used.each("client")) == (80.0, 10.0)


def test_the_processor_of_a_server_is_counted_finely_enough_for_one_request(field: Field) -> None:
    before = machines.cpu_ns(field.server.process.pid)
    machines.count(field.server.url, workers.FILED)
    asyncio.run(wire.sign_in(field.server.port, [field.told.applicant]))
    spent = machines.cpu_ns(field.server.process.pid) - before
    assert 10_000 < spent < 60_000_000_000
