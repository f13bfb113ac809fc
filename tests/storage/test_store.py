"""Read, compute, commit, and again on fresh facts: nothing is lost, half seen, or acknowledged and gone."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.domain.errors import Stale
from app.storage.changes import Changes
from app.storage.queries import Reader
from app.storage.store import ATTEMPTS, Outcome, Store
from tests.databases import Databases
from tests.storage.rows import add, blank, count_up, one, rows_of, tokens


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store with one application."""
    found = Store(database_url, "NORMAL")
    add(found, blank())
    yield found
    found.close()


def test_an_answer_without_changes_is_only_a_read(store: Store) -> None:
    assert store.perform(lambda _: Outcome(7)) == 7
    assert rows_of(store, "event") == 0


def test_240_read_modify_writes_at_once_lose_none(store: Store) -> None:
    def thirty(_: int) -> int:
        done = 0
        while done < 30:
            try:
                store.perform(count_up)
            except Stale:
                continue
            done += 1
        return done

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(thirty, range(8))) == 240
    case = store.read(lambda reader: reader.application("a1"))
    assert case is not None
    assert (case.form["n"], case.version, case.event_count) == (240, 240, 240)
    assert rows_of(store, "event") == 240


def test_forty_at_once_on_one_event_loop_stand_in_line_and_none_is_turned_away(store: Store) -> None:
    async def everybody() -> None:
        await asyncio.gather(*(store.aperform(count_up) for _ in range(40)))

    asyncio.run(everybody())
    case = store.read(lambda reader: reader.application("a1"))
    assert case is not None
    assert case.form["n"] == 40


def test_who_is_overtaken_computes_again_on_fresh_facts(store: Store) -> None:
    overtaken: list[bool] = []

    def slow(reader: Reader) -> Outcome[int]:
        outcome = count_up(reader)
        if not overtaken:
            overtaken.append(True)
            store.perform(lambda fresh: count_up(fresh))
        return outcome

    assert store.perform(slow) == 2


def test_who_is_always_overtaken_is_told_so_after_a_few_tries(store: Store) -> None:
    tries = []

    def unlucky(reader: Reader) -> Outcome[int]:
        tries.append(True)
        outcome = count_up(reader)
        store.perform(count_up)
        return outcome

    with pytest.raises(Stale) as caught:
        store.perform(unlucky)
    assert len(tries) == ATTEMPTS
    assert "刷新" in caught.value.detail.zh


def test_a_number_that_is_taken_is_drawn_again(store: Store) -> None:
    store.perform(lambda _: Outcome(None, one("taken")))
    drawn = iter(["taken", "taken", "free"])
    store.perform(lambda _: Outcome(None, one(next(drawn))))
    assert tokens(store) == {"taken", "free"}


def test_a_refusal_in_the_middle_writes_nothing(store: Store) -> None:
    def refused(reader: Reader) -> Outcome[None]:
        count_up(reader)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.perform(refused)
    assert rows_of(store, "event") == 0


def test_a_reader_sees_one_moment_however_long_it_looks(store: Store) -> None:
    def look_twice(reader: Reader) -> tuple[int, int]:
        first = reader.application("a1")
        store.perform(count_up)
        second = reader.application("a1")
        assert first is not None
        assert second is not None
        return first.version, second.version

    assert store.read(look_twice) == (0, 0)
    assert store.read(lambda reader: reader.application("a1")).version == 1  # type: ignore[union-attr]


def test_an_error_never_repeats_what_people_entered(store: Store) -> None:
    secret = "王示例的住址"
    row = {**one("x").inserts["token"][0], "account": secret, "expires_at": "not a date"}
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each driver has its own
        store.perform(lambda _: Outcome(None, Changes().also("token", row)))
    assert secret not in str(caught.value)
    assert secret not in repr(caught.value)


WRITING = """
import sys
from app.storage.changes import Changes
from app.storage.store import Outcome, Store
from tests.storage.rows import one

store = Store(sys.argv[1], "FULL")
number = 0
while True:
    store.perform(lambda _: Outcome(None, one(f"t{number}")))
    print(number, flush=True)
    number += 1
"""


def test_what_was_acknowledged_survives_a_kill(databases: Databases, tmp_path: Path) -> None:
    url = databases.migrated("sqlite")
    command = [sys.executable, "-c", WRITING, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as writing:
        assert writing.stdout is not None
        heard = [int(writing.stdout.readline()) for _ in range(150)]
        writing.send_signal(signal.SIGKILL)
        heard += [int(line) for line in writing.stdout if line.endswith("\n")]
    store = Store(url)
    found = tokens(store)
    store.close()
    assert {f"t{number}" for number in heard} <= found
    databases.drop(url)
