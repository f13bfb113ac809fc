"""The sums for a province are right, and every row says what it is."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.bench import growth_page, summary, weight
from tests.bench.growth_page import ASSUMED, COMPUTED, LINES, MEASURED, Assumed, Measured

TOWN = Assumed(
    people=1_000_000,
    cases_a_head=1.8,
    working_days=250,
    peak_share=0.25,
    reads_a_case=40,
    busy_share=0.5,
    megabytes_a_file=0.5,
    years=10,
    terabytes_a_shard=0.25,
)
FOUND = Measured(
    calls=20,
    case_ms=400.0,
    database_share=0.25,
    reads_a_second=100.0,
    rows=200.0,
    kilobytes=150.0,
    leaves=50.0,
    files=3.0,
)


@pytest.mark.parametrize(
    ("key", "by_hand"),
    [
        ("action_ms", 20.0),  # 400 / 20
        ("cases_a_year", 1_800_000),
        ("cases_a_day", 7_200),
        ("cases_a_second", 0.5),  # 1,800 in the busiest hour
        ("actions_a_second", 10),
        ("action_cores", 0.4),  # 200 ms of every second, on processors half busy
        ("read_cores", 0.4),  # 20 reads a second, 100 by one, half busy
        ("database_cores", 0.1),
        ("rows_a_second", 100),
        ("leaves_a_second", 25),
        ("rows_a_year", 360_000_000),
        ("terabytes_a_year", 0.27),  # 1.8 million × 150 KB = 270 GB
        ("file_terabytes_a_year", 2.7),  # 5.4 million files of half a MB
        ("shards", 11),  # 2.7 TB on quarters of one: 10.8
    ],
)
def test_every_computed_figure_is_what_one_gets_by_hand(key: str, by_hand: float) -> None:
    assert growth_page.figures(TOWN, FOUND)[key] == pytest.approx(by_hand)


def test_every_figure_has_one_row_that_says_what_kind_it_is() -> None:
    figures = growth_page.figures(TOWN, FOUND)
    assert sorted(line.key for line in LINES) == sorted(figures)
    kinds = {line.key: line.kind for line in LINES}
    assert {key for key, kind in kinds.items() if kind is ASSUMED} == set(Assumed.__slots__)
    assert {key for key, kind in kinds.items() if kind is MEASURED} == set(Measured.__slots__)
    assert all(kind in (ASSUMED, MEASURED, COMPUTED) for kind in kinds.values())


def test_the_kept_weight_was_made_by_the_command_that_the_table_names() -> None:
    kept = json.loads(weight.KEPT.read_text("utf-8"))
    assert kept["command"].removeprefix("python -m app ") in growth_page.WEIGHT.en
    assert kept["cases"] == kept["tables"]["application"]["rows"]
    assert weight.OF_NO_CASE.issubset(kept["tables"])


def test_without_postgresql_among_the_measurements_it_is_said_what_to_run(tmp_path: Path) -> None:
    kept = json.loads(summary.KEPT.read_text("utf-8"))
    for row in kept["submit"]["tables"]["submissions"]:
        if "database_cpu_ms" in row:
            row["database_cpu_ms"] = None
    (tmp_path / "measured.json").write_text(json.dumps(kept), "utf-8")
    with pytest.raises(growth_page.NotMeasured, match="bench all"):
        growth_page.measured(tmp_path / "measured.json")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (65_000_000, "65,000,000"),
        (19_849_875_000.0, "19,800,000,000"),
        (1_196.4, "1,200"),
        (360.4, "360"),
        (20.0, "20"),
        (15.58, "15.6"),
        (0.2, "0.2"),
        (0.35236, "0.352"),
        (0.0, "0"),
    ],
)
def test_a_figure_shows_three_digits_that_count(value: float, shown: str) -> None:
    assert growth_page.told(value) == shown


def test_a_case_weighs_its_rows_and_indexes_and_nothing_of_the_packs(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "app.db") as connection:
        connection.execute("PRAGMA page_size = 4096")
        connection.execute("CREATE TABLE task (id TEXT PRIMARY KEY, note TEXT)")
        connection.execute("CREATE TABLE pack_version (digest TEXT)")
        connection.execute("CREATE TABLE empty (id TEXT)")
        connection.executemany("INSERT INTO task VALUES (?, 'x')", [(str(number),) for number in range(6)])
        connection.execute("INSERT INTO pack_version VALUES ('d')")
    connection.close()
    files = tmp_path / "files" / "ab"
    files.mkdir(parents=True)
    (files / "ab12").write_bytes(b"12345")
    found = weight.weighed(tmp_path / "app.db", tmp_path / "files", 2, 1)
    assert found["tables"] == {
        "pack_version": {"rows": 1, "bytes": 4096},
        "task": {"rows": 6, "bytes": 2 * 4096},  # the table and the index of its key
    }
    assert found["files"] == {"count": 1, "bytes": 5}
    assert weight.per_case(found, "rows") == 3
    assert weight.per_case(found, "bytes") == 4096
