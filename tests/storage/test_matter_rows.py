"""Matters and ratings as rows: the version they are computed from, keys that are unique, and what comes back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from alembic import command

from app.domain.applications import SYSTEM, Actor, EventKind
from app.domain.loops import MatterAction, MatterCommand, Side, act
from app.domain.matters import Because, Finding, MatterKind, id_of
from app.domain.proceedings import Proceedings
from app.domain.ratings import RatingLevel, RatingStage, RatingTag
from app.domain.supervision import Opening, open_matter
from app.domain.vocabulary import Role
from app.storage import matter_rows
from app.storage.changes import Changes, Guard, Update
from app.storage.database import alembic_config, write_engine
from app.storage.mapping import task_row
from app.storage.store import Outcome
from app.storage.writer import Collision, StaleChanges, Writer
from app.usecases import sweep
from tests.doors import Doors
from tests.factories import MONDAY, catalogue, moment

DESK = "market.330802"
HEAD = Actor("officer.market.330802.3", Role.OFFICER, department=DESK)
OWNER = frozenset({Side.OWNER, Side.HEAD})


def opening(application_id: str, kind: MatterKind = MatterKind.BAD_REVIEW) -> Opening:
    return Opening(
        kind=kind,
        trail="示例",
        because=Because.BY_HAND,
        application_id=application_id,
        reference=None,
        item="L0",
        region="330802",
        owner=DESK,
        text="一句话\n两句话 🙂",
        hides_case=True,
    )


def test_a_matter_and_its_events_come_back_as_they_were_written(doors: Doors) -> None:
    draft = doors.draft("catering_full")
    p = open_matter(opening(draft["id"]), SYSTEM, moment())
    store = doors.platform.store
    store.perform(lambda _: Outcome(None, matter_rows.opened(p)))
    verify = MatterCommand(
        action=MatterAction.VERIFY, reason="已回访", finding=Finding.COMPLEX, evidence=("示例一", "示例二")
    )
    later = Proceedings(p.matter, HEAD, moment(date(2026, 3, 17)))
    act(later, verify, OWNER, catalogue().regions)
    store.perform(lambda _: Outcome(None, matter_rows.moved(p.matter, later)))
    stored = store.read(lambda reader: matter_rows.matter(reader, id_of("bad_review:示例")))
    assert stored == replace(later.matter, version=1)
    events = store.read(lambda reader: matter_rows.matter_events(reader, later.matter.id))
    assert events == [*p.events, *later.events]


def test_two_people_cannot_both_move_the_same_version_of_a_matter(doors: Doors) -> None:
    draft = doors.draft("catering_full")
    p = open_matter(opening(draft["id"], MatterKind.CHASE), SYSTEM, moment())
    writer = Writer(write_engine(doors.platform.settings.database_url, "NORMAL"))
    try:
        writer.commit(matter_rows.opened(p))
        with pytest.raises(Collision):
            writer.commit(matter_rows.opened(p))
        reply = MatterCommand(action=MatterAction.REPLY, reason="正在办")
        moves = []
        for _ in range(2):
            move = Proceedings(p.matter, HEAD, moment())
            act(move, reply, OWNER, catalogue().regions)
            moves.append(matter_rows.moved(p.matter, move))
        writer.commit(moves[0])
        with pytest.raises(StaleChanges, match=p.matter.id):
            writer.commit(moves[1])
    finally:
        writer.close()
    stored = doors.platform.store.read(lambda reader: matter_rows.matter_events(reader, p.matter.id))
    assert [event.seq for event in stored] == [1, 2, 3]


def test_sweeps_that_run_at_the_same_time_open_every_matter_once(doors: Doors) -> None:
    for _ in range(3):
        filed = doors.file("catering_full")
        filed.act("L0", "receive")
        filed.act("L0", "accept")
    doors.clock.go_to(date(2026, 3, 18))
    context, store = doors.platform.context(), doors.platform.store
    with ThreadPoolExecutor(3) as pool:
        opened = [found.opened for found in pool.map(lambda _: sweep.run(context, store), range(3))]
    assert sum(opened) == 6, "an order and an entry on the list for each"
    assert store.read(lambda reader: reader.count("matter")) == 6


def test_sweeps_that_run_at_the_same_time_deem_every_task_accepted_once(doors: Doors) -> None:
    filed = [doors.file("catering_full") for _ in range(3)]
    doors.clock.go_to(date(2026, 3, 24))
    context, store = doors.platform.context(), doors.platform.store
    with ThreadPoolExecutor(3) as pool:
        moved = [found.moved for found in pool.map(lambda _: sweep.run(context, store), range(3))]
    assert sum(moved) == 3
    for one in filed:
        deemed = [event.task for event in doors.rows(one.id) if event.kind is EventKind.DEEMED_ACCEPTED]
        assert sorted(str(task) for task in deemed) == ["H1", "L0"]
        one.assert_true_to_its_events()


def test_a_rating_comes_back_as_it_was_written_and_there_is_one_for_each_stage(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.act("L0", "receive")
    wish = {"item": "L0", "stage": "intake", "level": "dissatisfied", "tags": ["slow", "rude"], "text": "久等 🙂"}
    doors.post(f"/applications/{filed.id}/ratings", filed.who, wish, 201)
    store = doors.platform.store
    (stored,) = store.read(lambda reader: matter_rows.ratings_of(reader, filed.id))
    assert (stored.stage, stored.level, stored.rated_on) == (RatingStage.INTAKE, RatingLevel.DISSATISFIED, MONDAY)
    assert (stored.tags, stored.text) == ((RatingTag.SLOW, RatingTag.RUDE), "久等 🙂")
    twin = Changes().also("rating", matter_rows.rating_row(replace(stored, id="2" * 32)))
    writer = Writer(write_engine(doors.platform.settings.database_url, "NORMAL"))
    try:
        with pytest.raises(Collision):
            writer.commit(twin)
    finally:
        writer.close()


def test_tables_and_migrations_say_the_same(database_url: str) -> None:
    engine = write_engine(database_url)
    with engine.begin() as connection:
        command.check(alembic_config(connection))
    engine.dispose()


def test_a_promise_that_is_still_to_be_checked_is_watched_after_the_task_is_over(doors: Doors) -> None:
    filed = doors.file("catering_full")
    task = task_row(doors.stored(filed.id), doors.stored(filed.id).tasks["L0"])
    due = date(2026, 3, 20)
    over = {
        "status": "closed",
        "verdict": "granted",
        "completed_at": moment().at,
        "check_due_on": due,
        "after_check": {"due_on": due.isoformat()},
    }
    guard = Guard("application", filed.id, doors.stored(filed.id).version)
    changes = Changes(updates=[Update("task", task["id"], over)], guard=guard)
    doors.platform.store.perform(lambda _: Outcome(None, changes))
    doors.clock.go_to(date(2026, 3, 23))
    sweep.run(doors.platform.context(), doors.platform.store)
    keys = {matter.key for matter in doors.platform.store.read(lambda r: matter_rows.matters_about(r, filed.id))}
    trail = f"{filed.reference}-L0:check"
    assert {f"order:{trail}", f"overdue:{trail}"} <= keys
    assert f"chase:{trail}" not in keys
