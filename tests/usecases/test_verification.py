"""Somebody with the database in their hands alters the record; ``verify`` names the first bad row.

Each alteration is made by plain SQL in a transaction that is rolled back afterwards, on a record of several cases, part
of which has no place in the tree yet.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Connection, Date, Integer, Table, and_, delete, insert, select, update

from app.catalogue.loader import Catalogue
from app.domain.proof import Hasher, canonical, header_of, next_link, payload_digest, payload_of
from app.domain.tampering import Tampering
from app.schemas.tasks import Act
from app.storage.database import write_engine
from app.storage.imprint_tables import IMPRINT
from app.storage.notary import key_text
from app.storage.proof_tables import CHECKPOINT, LEAF, TREE_NODE
from app.storage.proofs import newest_checkpoint
from app.storage.queries import Reader
from app.storage.sharing_tables import DATA_CALL
from app.storage.tables import APPLICATION, CERTIFICATE, EVENT, TASK
from app.usecases import tasks, verification
from app.usecases.accounts import account
from app.usecases.verification import Report, Wish
from tests.databases import Databases
from tests.doors import Doors, FakeClock
from tests.running import opened, settings_for
from tests.tampering import Record

Row = Mapping[str, Any]
TABLES = (APPLICATION, EVENT, TASK, CERTIFICATE, DATA_CALL, CHECKPOINT, LEAF, TREE_NODE)
UNPROVED = {("application", "version"), ("application", "retain_until")}
"""Columns that the events do not make: one counts commits, the other follows from a rule that may change."""


@pytest.fixture(scope="module")
def record(
    catalogue: Catalogue, databases: Databases, database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Record]:
    """Four cases: one half decided, one with a notice, one a draft, one too young for the tree."""
    url = databases.migrated(database_kind)
    with opened(catalogue, settings_for(url, tmp_path_factory.mktemp("files")), FakeClock()) as doors:
        first = doors.file("catering_simple")
        doors.sweep()
        doors.clock.pass_(hours=1)
        second = doors.file("retire_simple")
        first.grant("L1")
        field = next(field["code"] for field in first.slice("F1")["fields"] if field["value"])
        wish = {"field": field, "reason": "与证件原件核对"}
        doors.post(f"/tasks/{first.reference}-F1/unmask", first.officer("F1"), wish)
        second.act("R1", "receive")
        doors.clock.pass_(hours=1)
        doors.draft("startup_full")
        doors.sweep()
        doors.clock.pass_(minutes=20)
        doors.draft("catering_simple")
        first.act("F1", "receive")
        engine = write_engine(url)
        yield Record(doors, engine)
        engine.dispose()
    databases.drop(url)


def rows(connection: Connection, table: Table) -> list[Row]:
    """Every row, in the order of its key."""
    return list(connection.execute(select(table).order_by(*table.primary_key.columns)).mappings())


def key_of(table: Table, row: Row) -> str:
    """How a finding names the row."""
    return key_text(*(row[column.name] for column in table.primary_key.columns))


def set_(connection: Connection, table: Table, row: Row, **values: Any) -> None:
    """Change one row."""
    is_it = and_(*(column == row[column.name] for column in table.primary_key.columns))
    assert connection.execute(update(table).where(is_it).values(values)).rowcount == 1


def other(value: Any, table: Table, column: str) -> Any:
    """Another value that the column takes."""
    if table is LEAF and column == "key":
        return f"{value}999"
    match value:
        case bool():
            return not value
        case int():
            return value + 1000
        case datetime():
            return value - timedelta(days=1)
        case date():
            return value - timedelta(days=1)
        case str():
            swapped = "0" if value[-1:] != "0" else "1"
            return value[:-1] + swapped if value else "x"
        case dict():
            return {**value, "added": 1}
        case list():
            return [*value, {"added": 1}]
    if column.endswith("_at"):
        return datetime(2026, 1, 1).astimezone()
    if isinstance(table.c[column].type, Date):
        return date(2026, 1, 1)
    if isinstance(table.c[column].type, JSON):
        return {"added": 1}
    return 7 if isinstance(table.c[column].type, Integer) else "x"


def test_an_honest_record_is_intact(record: Record) -> None:
    with record.altering() as connection:
        report = record.verified(connection)
    assert report.finding is None, report.finding and report.finding.sentence.en
    assert (report.cases, report.checkpoints, report.remark_count) == (4, 3, 0)
    assert report.leaves + report.waiting == report.events + report.records
    assert report.waiting > 0
    assert report.newest is not None
    assert report.newest.size == report.leaves


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, c.name) for table in TABLES for c in table.columns if (table.name, c.name) not in UNPROVED],
    ids=lambda part: getattr(part, "name", part),
)
def test_a_change_of_any_column_of_any_row_is_named(record: Record, table: Table, column: str) -> None:
    dice = random.Random(f"{table.name}.{column}")  # noqa: S311
    with record.altering() as connection:
        stored = rows(connection, table)
    for row in dice.sample(stored, min(2, len(stored))):
        with record.altering() as connection:
            if column == "position" and row[column] is None:
                continue  # a row that waits cannot stop waiting: it would have to have a leaf
            value = other(row[column], table, column)
            set_(connection, table, row, **{column: value})
            found = record.found(connection)
            changed = {**row, column: value}
            assert (found.table, found.key) in bad_names(table, row, changed), found.sentence.en
            assert found.what is not Tampering.MOVED


def bad_names(table: Table, row: Row, changed: Row) -> set[tuple[str, str]]:
    """What the finding may name: the row, and where its key was changed, the place it left."""
    names = {(table.name, key_of(table, row)), (table.name, key_of(table, changed))}
    if table is EVENT and changed["application_id"] != row["application_id"]:
        names.add(("application", changed["application_id"]))
    if table is TASK and changed["application_id"] != row["application_id"]:
        names.add(("application", changed["application_id"]))
    if table is CERTIFICATE and changed["application_id"] != row["application_id"]:
        names.add(("application", changed["application_id"]))
    if table is CHECKPOINT:  # the next one says what it grew from
        names |= {("checkpoint", str(changed["previous_size"])), ("leaf", str(row["size"])), ("leaf", "0")}
    if table is LEAF and changed["position"] != row["position"]:
        names.add(("leaf", str(row["position"])))
    return names


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_dropped_row_is_named(record: Record, table: Table) -> None:
    with record.altering() as connection:
        stored = rows(connection, table)
    if table is DATA_CALL:  # it has no chain: before it has its place in the tree, nothing says that it was there
        stored = [row for row in stored if row["position"] is not None]
    for row in stored[:3] + stored[-2:]:
        with record.altering() as connection:
            is_it = and_(*(column == row[column.name] for column in table.primary_key.columns))
            connection.execute(delete(table).where(is_it))
            found = record.found(connection)
            names = {(table.name, key_of(table, row))}
            if table is CHECKPOINT and row is stored[-1]:
                names = {("leaf", str(stored[-2]["size"]))}  # nothing says that there was one more: leaves do
            assert (found.table, found.key) in names, found.sentence.en
            assert found.what in {Tampering.DROPPED, Tampering.INSERTED}


def case_with(record: Record, connection: Connection, events: int = 8) -> tuple[Row, list[Row]]:
    """A case with at least so many events, all of them in the tree."""
    for case in rows(connection, APPLICATION):
        own = [row for row in rows(connection, EVENT) if row["application_id"] == case["id"]]
        if len(own) >= events and all(row["position"] is not None for row in own):
            return case, own
    raise AssertionError("no such case")


def swap(connection: Connection, one: Row, two: Row, *columns: str) -> None:
    """Exchange columns of two event rows."""
    for name in columns:
        if name == "seq":
            set_(connection, EVENT, one, seq=-1)
            set_(connection, EVENT, two, seq=one["seq"])
            set_(connection, EVENT, {**one, "seq": -1}, seq=two["seq"])
        else:
            set_(connection, EVENT, one, **{name: two[name]})
            set_(connection, EVENT, two, **{name: one[name]})


def test_reordered_events_are_named(record: Record) -> None:
    with record.altering() as connection:
        case, own = case_with(record, connection)
        swap(connection, own[3], own[5], "seq")
        found = record.found(connection)
    assert (found.what, found.key) == (Tampering.REORDERED, key_text(case["id"], 4))


def test_a_dropped_event_is_named_also_when_the_later_ones_move_up(record: Record) -> None:
    with record.altering() as connection:
        case, own = case_with(record, connection)
        connection.execute(delete(EVENT).where(EVENT.c.application_id == case["id"], EVENT.c.seq == 4))
        assert record.found(connection).key == key_text(case["id"], 4)
        for row in own[4:]:
            set_(connection, EVENT, row, seq=row["seq"] - 1)
        set_(connection, APPLICATION, case, event_count=case["event_count"] - 1)
        found = record.found(connection)
    assert (found.what, found.key) == (Tampering.DROPPED, key_text(case["id"], 4))


def test_an_inserted_event_is_named(record: Record) -> None:
    with record.altering() as connection:
        case, own = case_with(record, connection)
        for row in reversed(own[3:]):
            set_(connection, EVENT, row, seq=row["seq"] + 1)
        connection.execute(insert(EVENT), {**own[3], "link": "ab" * 32, "position": None})
        set_(connection, APPLICATION, case, event_count=case["event_count"] + 1)
        found = record.found(connection)
    assert (found.what, found.key) == (Tampering.INSERTED, key_text(case["id"], 4))


@pytest.mark.parametrize("seq", [-2, 0, 999])
def test_an_event_with_a_number_of_its_own_is_named_and_no_other(record: Record, seq: int) -> None:
    """Before the first, or far behind the last: nothing between is missing, the row itself is too much."""
    with record.altering() as connection:
        case, own = case_with(record, connection)
        connection.execute(insert(EVENT), {**own[3], "seq": seq, "salt": None, "link": "ab" * 32, "position": None})
        found = record.found(connection)
        assert (found.what, found.table, found.key) == (Tampering.INSERTED, "event", key_text(case["id"], seq))
    with record.altering() as connection:
        set_(connection, EVENT, own[3], seq=-3)
        found = record.found(connection)
        assert (found.what, found.table, found.key) == (Tampering.REORDERED, "event", key_text(case["id"], -3))


def test_events_swapped_between_two_cases_are_named(record: Record) -> None:
    with record.altering() as connection:
        events = rows(connection, EVENT)
        ids = sorted({row["application_id"] for row in events})[:2]
        one, two = (next(r for r in events if r["application_id"] == name and r["seq"] == 3) for name in ids)
        set_(connection, EVENT, one, application_id="parked")
        set_(connection, EVENT, two, application_id=ids[0])
        set_(connection, EVENT, {**one, "application_id": "parked"}, application_id=ids[1])
        found = record.found(connection)
    assert (found.what, found.key) == (Tampering.MOVED, key_text(ids[0], 3))


def test_contents_taken_over_from_another_event_are_named(record: Record) -> None:
    with record.altering() as connection:
        case, own = case_with(record, connection)
        swap(connection, own[2], own[4], "changes", "salt", "digest")
        found = record.found(connection)
    assert (found.what, found.key) == (Tampering.CHANGED, key_text(case["id"], 3))


def test_a_back_dated_event_is_named(record: Record) -> None:
    with record.altering() as connection:
        case, own = case_with(record, connection)
        set_(connection, EVENT, own[4], at=own[4]["at"] - timedelta(days=40))
        found = record.found(connection)
    assert (found.what, found.key) == (Tampering.BACK_DATED, key_text(case["id"], 5))


def test_a_tail_cut_off_is_named_also_when_the_case_is_set_back(record: Record) -> None:
    with record.altering() as connection:
        case, own = case_with(record, connection)
        last = own[-1]
        connection.execute(delete(EVENT).where(EVENT.c.application_id == case["id"], EVENT.c.seq == last["seq"]))
        found = record.found(connection)
        assert (found.what, found.key) == (Tampering.DROPPED, key_text(case["id"], last["seq"]))
        set_(connection, APPLICATION, case, event_count=case["event_count"] - 1, chain=own[-2]["link"])
        found = record.found(connection)
    assert (found.what, found.key) == (Tampering.DROPPED, key_text(case["id"], last["seq"]))


def rechained(record: Record, connection: Connection, case: Row, own: list[Row], start: int) -> None:
    """Compute digests, links and the head anew from event ``start``, as somebody who knows how would."""
    reader = Reader(connection, record.doors.platform.store.vault)
    opened_rows = reader.rows(select(EVENT).where(EVENT.c.application_id == case["id"]).order_by(EVENT.c.seq))
    hasher, before = Hasher(), bytes.fromhex(own[start - 2]["link"])
    for row in opened_rows[start - 1 :]:
        digest = payload_digest(hasher, bytes.fromhex(row["salt"]), canonical(payload_of(row)))
        before = next_link(hasher, before, digest, canonical(header_of(row)))
        set_(connection, EVENT, row, digest=digest.hex(), link=before.hex())
    set_(connection, APPLICATION, case, chain=before.hex())


def test_a_chain_made_anew_is_named_by_the_tree(record: Record) -> None:
    with record.altering() as connection:
        case, own = case_with(record, connection)
        set_(connection, EVENT, own[3], actor="somebody")
        assert record.found(connection).key == key_text(case["id"], 4)
        rechained(record, connection, case, own, 4)
        found = record.found(connection)
        assert (found.table, found.key) == ("event", key_text(case["id"], 4))
        alone = record.found(connection, reference=case["id"])
        assert (alone.table, alone.key) == ("event", key_text(case["id"], 4))


def test_a_chain_and_its_leaves_made_anew_are_named_by_the_signed_root(record: Record) -> None:
    with record.altering() as connection:
        case, own = case_with(record, connection)
        set_(connection, EVENT, own[3], actor="somebody")
        rechained(record, connection, case, own, 4)
        for row in rows(connection, EVENT):
            if row["application_id"] == case["id"] and row["seq"] >= 4 and row["position"] is not None:
                connection.execute(update(LEAF).where(LEAF.c.position == row["position"]).values(link=row["link"]))
        found = record.found(connection)
        assert (found.what, found.table) == (Tampering.CHANGED, "leaf")
        assert int(found.key) in {own[3]["position"], own[3]["position"] - 1}, "or the other of its pair"
        assert record.found(connection, reference=case["id"]).table == "leaf"


def test_a_record_cut_short_wholly_is_noticed_by_whoever_kept_a_checkpoint(record: Record) -> None:
    with record.altering() as connection:
        kept = newest_checkpoint(connection)
        assert kept is not None
        size = kept.checkpoint.previous_size
        connection.execute(delete(CHECKPOINT).where(CHECKPOINT.c.size > size))
        connection.execute(delete(LEAF).where(LEAF.c.position >= size))
        for node in rows(connection, TREE_NODE):
            if (node["place"] + 1) << node["level"] > (size or 0):
                is_it = (TREE_NODE.c.level == node["level"]) & (TREE_NODE.c.place == node["place"])
                connection.execute(delete(TREE_NODE).where(is_it))
        for table in (EVENT, DATA_CALL, IMPRINT):
            connection.execute(update(table).where(table.c.position >= size).values(position=None))
        assert record.verified(connection, is_strict=False).finding is None, "from within, nobody can tell"
        found = record.found(connection, witness=kept)
        assert (found.what, found.table) == (Tampering.DROPPED, "checkpoint")
        forged = replace(kept, checkpoint=replace(kept.checkpoint, root="0" * 64))
        assert record.found(connection, witness=forged).what is Tampering.FORGED


def test_who_waited_for_a_turn_has_back_dated_nothing_where_times_count(doors: Doors) -> None:
    """Of two officers at once the second computes again: when its clock was read, the first had not written yet."""
    filed = doors.file("catering_full")
    officer = account(doors.platform.world, filed.officer("L0"))
    assert officer is not None
    waiting = doors.platform.context(officer.actor)
    doors.clock.pass_(seconds=2)
    filed.act("H1", "receive")
    wish = Act(action="receive")
    doors.platform.store.perform(partial(tasks.act, waiting, task_id=f"{filed.reference}-L0", wish=wish))
    times = [event.at for event in doors.rows(filed.id)]
    assert times != sorted(times)
    doors.sweep()
    context, store = doors.platform.context(), doors.platform.store
    assert verification.run(context, store, Wish()).finding is None


def test_a_case_slipped_in_with_old_dates_is_named_where_times_count(doors: Doors) -> None:
    doors.draft("catering_simple", "wang_owner")
    doors.sweep()
    doors.clock.pass_(days=-10)
    late = doors.draft("catering_simple", "wang_owner")
    doors.clock.pass_(days=20)
    doors.sweep()
    context, store = doors.platform.context(), doors.platform.store
    strict = verification.run(context, store, Wish())
    assert strict.finding is not None
    assert (strict.finding.what, strict.finding.key) == (Tampering.BACK_DATED, key_text(late["id"], 1))
    lenient = verification.run(context, store, Wish(is_strict=False))
    assert lenient.finding is None
    assert lenient.remark_count > 0, "a demonstration's clock explains it, and it is said"
    assert lenient.remarks[0] == strict.finding


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_is_done_to_the_events_something_is_noticed(record: Record, data: st.DataObject) -> None:
    with record.altering() as connection:
        events = rows(connection, EVENT)
        row = data.draw(st.sampled_from(events))
        way: Callable[[], Any] = data.draw(st.sampled_from([
            lambda: connection.execute(
                delete(EVENT).where(EVENT.c.application_id == row["application_id"], EVENT.c.seq >= row["seq"])
            ),
            lambda: set_(connection, EVENT, row, at=row["at"] + timedelta(microseconds=1)),
            lambda: set_(connection, EVENT, row, why="因故"),
            lambda: set_(connection, EVENT, row, role="system" if row["role"] != "system" else "officer"),
            lambda: set_(connection, EVENT, row, seq=row["seq"] + 100),
            lambda: connection.execute(insert(EVENT), {**row, "seq": 500}),
            lambda: connection.execute(insert(EVENT), {**row, "seq": 0}),
            lambda: set_(connection, EVENT, row, salt=None, changes={}, why=None),
        ]))  # fmt: skip
        way()
        found = record.found(connection)
    assert found.table == "event"
    owner, number = found.key.split("/")
    assert owner == row["application_id"]
    behind = len([e for e in events if e["application_id"] == owner]) + 1
    assert int(number) <= row["seq"] or int(number) in {behind, 500}


def test_an_erased_case_is_said_and_no_error(doors: Doors) -> None:
    draft = doors.draft("catering_simple", "wang_owner")
    doors.sweep()
    doors.post("/me/erasures", "wang_owner", {"application": draft["id"]})
    doors.sweep()
    report = verification.run(doors.platform.context(), doors.platform.store, Wish())
    assert report.finding is None, report.finding.sentence.en
    assert report.erased == 1


def test_contents_that_are_gone_without_an_erasure_are_an_error(record: Record) -> None:
    with record.altering() as connection:
        asked = next(row for row in rows(connection, DATA_CALL) if row["digest"])
        set_(connection, DATA_CALL, asked, reason=None, salt=None)
        found = record.found(connection)
        assert (found.what, found.table, found.key) == (Tampering.CHANGED, "data_call", asked["id"])
    with record.altering() as connection:
        case, _ = case_with(record, connection)
        blank = {"salt": None, "why": None, "changes": {}}
        connection.execute(update(EVENT).where(EVENT.c.application_id == case["id"]).values(**blank))
        found = record.found(connection)
    assert (found.what, found.key) == (Tampering.CHANGED, key_text(case["id"], 1))


def test_other_keys_do_not_recognise_our_signatures(record: Record, tmp_path: Path) -> None:
    from app.storage import keys
    from app.usecases.tree_check import Tree

    with record.altering() as connection:
        reader = Reader(connection, record.doors.platform.store.vault)
        found = next(Tree(reader, Hasher(), keys.fresh_ring(), Report()).check())
    assert (found.what, found.key) == (Tampering.FORGED, "0")
