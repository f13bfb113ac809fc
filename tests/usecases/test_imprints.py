"""Somebody alters papers, consents, ratings or messages in the database; ``verify`` names the row. What is erased gives
nothing away and still stands in the proof."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Connection, Date, Integer, Table, delete, func, insert, select, update

from app.catalogue.loader import Catalogue
from app.domain.papers import digest_of
from app.domain.tampering import Tampering
from app.storage.changes import Row
from app.storage.database import write_engine
from app.storage.imprint_tables import IMPRINT
from app.storage.imprints import IMPRINTED, MOVING, Earlier, imprint, key_of
from app.storage.matter_tables import RATING
from app.storage.paper_tables import MESSAGE, PAPER
from app.storage.proof_tables import CHECKPOINT, LEAF, TREE_NODE
from app.storage.queries import Reader
from app.storage.sharing_tables import CONSENT, DATA_CALL
from app.storage.tables import EVENT
from app.usecases import notary, verification
from app.usecases.verification import Wish
from tests.databases import Databases
from tests.doors import Doors, FakeClock
from tests.running import opened, settings_for
from tests.tampering import Record

MOTHER, FATHER = "lin_mother", "zhou_father"


def opened_row(record: Record, connection: Connection, table: Table, key: str) -> Row:
    """One row, opened."""
    found = Reader(connection, record.doors.platform.store.vault).row(select(table).where(key_of(table) == key))
    assert found is not None
    return dict(found)


@pytest.fixture(scope="module")
def record(
    catalogue: Catalogue, databases: Databases, database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Record]:
    """Papers of a case that went on, consents that were given, refused and withdrawn, a rating with an addition; some
    of it too young for the tree."""
    url = databases.migrated(database_kind)
    with opened(catalogue, settings_for(url, tmp_path_factory.mktemp("files")), FakeClock()) as doors:
        draft = doors.draft("birth_full")["id"]
        needed = doors.post(f"/applications/{draft}/consents", MOTHER, {})["needed"]
        asked = {(need["consent_id"], MOTHER if need["is_own"] else FATHER) for need in needed if need["consent_id"]}
        (first, his), *rest = sorted(asked, key=lambda pair: pair[1] == MOTHER)
        doors.clock.pass_(minutes=20)
        doors.post(f"/me/consents/{first}/give", his)
        for consent, who in rest:
            doors.post(f"/me/consents/{consent}/refuse", who)
        filed = doors.file("catering_simple")
        filed.act("L1", "receive")
        judged = {"item": "L1", "stage": "intake", "level": "satisfied", "text": "态度很好"}
        rating = doors.post(f"/applications/{filed.id}/ratings", filed.who, judged, 201)["id"]
        doors.sweep()
        doors.clock.pass_(hours=1)
        doors.post(f"/applications/{filed.id}/ratings/{rating}/addition", filed.who, {"text": "后来更好"})
        doors.post(f"/me/consents/{first}/withdraw", his)
        doors.sweep()
        doors.clock.pass_(minutes=20)
        filed.act("L1", "accept")
        engine = write_engine(url)
        yield Record(doors, engine)
        engine.dispose()
    databases.drop(url)


def rows(connection: Connection, table: Table) -> list[Row]:
    """Every row, in the order of its key."""
    return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()]


def set_(connection: Connection, table: Table, row: Row, **values: Any) -> None:
    """Change one row."""
    is_it = [column == row[column.name] for column in table.primary_key.columns]
    assert connection.execute(update(table).where(*is_it).values(values)).rowcount == 1


def other(value: Any, kind: Any) -> Any:
    """Another value that such a column takes."""
    match value:
        case int():
            return value + 1000
        case datetime() | date():
            return value - timedelta(days=1)
        case str():
            return value[:-1] + ("0" if value[-1:] != "0" else "1") if value else "x"
        case list():
            return [*value, "x"]
    if isinstance(kind, JSON):
        return {"added": 1}
    if isinstance(kind, Date):
        return date(2026, 1, 1)
    return (
        datetime(2026, 1, 1).astimezone() if "UTC" in type(kind).__name__ else 7 if isinstance(kind, Integer) else "x"
    )


def test_an_honest_record_is_intact(record: Record) -> None:
    with record.altering() as connection:
        report = record.verified(connection)
        assert report.finding is None, report.finding.sentence.en
        assert report.leaves + report.waiting == report.events + report.records
        seqs = {(row["source"], row["seq"]) for row in rows(connection, IMPRINT)}
        assert {("consent", 3), ("rating", 2), ("paper", 1), ("message", 1)} <= seqs
        assert ("message", 2) not in seqs
        waiting = connection.execute(select(func.count()).where(IMPRINT.c.position.is_(None))).scalar_one()
        assert waiting > 0
        case = rows(connection, RATING)[0]["application_id"]
        assert record.verified(connection, reference=case).finding is None


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_is_done_to_papers_consents_ratings_and_messages_it_is_named(
    record: Record, data: st.DataObject
) -> None:
    with record.altering() as connection:
        table = data.draw(st.sampled_from([*IMPRINTED.values(), IMPRINT]))
        row = data.draw(st.sampled_from(rows(connection, table)))
        columns = [column for column in table.columns if column.name not in {"position", *MOVING.get(table.name, ())}]
        if table is IMPRINT and (row["source"], row["seq"]) in {("consent", 1), ("consent", 2), ("rating", 1)}:
            columns.remove(IMPRINT.c.salt)  # what it was drawn for has been written over
        way = data.draw(st.sampled_from(["change", "change", "drop", "copy"]))
        if way == "change":
            column = data.draw(st.sampled_from(columns))
            set_(connection, table, row, **{column.name: other(row[column.name], column.type)})
        elif way == "drop":
            connection.execute(delete(table).where(*(c == row[c.name] for c in table.primary_key.columns)))
        else:
            first = next(iter(table.primary_key.columns)).name
            fresh = {"key": "a1:*:copied"} if table is RATING else {}
            connection.execute(insert(table), {**row, **fresh, first: other(row[first], None)})
        found = record.found(connection)
    named = {key_of(table).name} if table is not IMPRINT else set()
    keys = {str(row[name]) for name in named} | {row.get("key"), other(row.get("key", row.get("id")), None)}
    assert found.table in {table.name, "imprint", row.get("source"), "leaf"}, found.sentence.en
    assert any(key and str(key)[:20] in found.key for key in keys) or found.table == "leaf", (found, row)


@pytest.mark.parametrize(
    ("table", "column"), [(PAPER, "content"), (CONSENT, "status"), (RATING, "level"), (MESSAGE, "body_zh")]
)
def test_a_row_and_its_imprint_made_anew_are_named_by_the_tree(record: Record, table: Table, column: str) -> None:
    """The hand that knows how: the row is altered, and its newest imprint computed as the app itself would."""
    with record.altering() as connection:
        placed = [row for row in rows(connection, IMPRINT) if row["source"] == table.name and row["position"]]
        made = max(placed, key=lambda row: (row["key"] == placed[-1]["key"], row["seq"]))
        history = [row for row in placed if row["key"] == made["key"]]
        row = opened_row(record, connection, table, made["key"])
        forged = {**row, column: {**row[column], "number": "x"} if column == "content" else "x"}
        set_(connection, table, row, **{column: forged[column]})
        before = history[-2] if len(history) > 1 else None
        earlier = None if before is None else Earlier(before["seq"], before["link"])
        anew = imprint(record.doors.platform.context().sealing, table.name, forged, made["at"], earlier)
        set_(connection, IMPRINT, made, **{name: anew[name] for name in ("salt", "digest", "state", "link")})
        found = record.found(connection)
        assert (found.what, found.table) == (Tampering.CHANGED, "imprint")
        assert found.key == f"{table.name}/{made['key']}/{made['seq']}"
        assert record.found(connection, reference=row["application_id"]) == found


def test_a_consent_slipped_in_with_an_old_date_is_named(record: Record) -> None:
    with record.altering() as connection:
        row = opened_row(record, connection, CONSENT, rows(connection, CONSENT)[0]["id"])
        forged = {**row, "id": "f" * 32, "status": "given", "withdrawn_at": None}
        sealing, now = record.doors.platform.context().sealing, record.doors.clock.now
        connection.execute(insert(CONSENT), forged)
        late = imprint(sealing, "consent", forged, now)
        connection.execute(insert(IMPRINT), late)
        found = record.found(connection)
        assert (found.what, found.table, found.key) == (Tampering.BACK_DATED, "consent", "f" * 32)


def test_what_was_withdrawn_is_not_put_back(record: Record) -> None:
    """The newest imprint is taken away and the row set back to what the one before says."""
    with record.altering() as connection:
        made = max(rows(connection, IMPRINT), key=lambda row: (row["source"] == "consent", row["seq"]))
        set_(
            connection, CONSENT, opened_row(record, connection, CONSENT, made["key"]), status="given", withdrawn_at=None
        )
        connection.execute(delete(IMPRINT).where(IMPRINT.c.key == made["key"], IMPRINT.c.seq == made["seq"]))
        found = record.found(connection)
        assert (found.what, found.key) == (Tampering.DROPPED, f"consent/{made['key']}/{made['seq']}")


def test_rows_older_than_their_imprints_are_taken_over_once(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    engine = write_engine(doors.platform.settings.database_url)
    with engine.begin() as connection:
        for table in (IMPRINT, CHECKPOINT, LEAF, TREE_NODE):
            connection.execute(table.delete())
        for table in (EVENT, DATA_CALL):
            connection.execute(table.update().values(position=None))
    context, store = doors.platform.context(), doors.platform.store
    notary.found(context, store)
    notary.found(context, store)
    with engine.connect() as connection:
        papers = connection.execute(select(func.count()).select_from(PAPER)).scalar_one()
        messages = connection.execute(select(func.count()).select_from(MESSAGE)).scalar_one()
        assert connection.execute(select(IMPRINT.c.seq)).scalars().all() == [0] * (papers + messages)
    notary.run(context, store)
    filed.act("L1", "receive")
    filed.act("L1", "accept")
    assert verification.run(context, store, Wish()).finding is None
    doors.sweep()
    with engine.begin() as connection:
        connection.execute(delete(IMPRINT).where(IMPRINT.c.seq == 1))
        connection.execute(delete(LEAF).where(LEAF.c.source == "imprint"))
    notary.found(context, store)
    finding = verification.run(context, store, Wish()).finding
    assert finding is not None, "whoever takes imprints away does not get others for them"
    engine.dispose()


def test_messages_from_before_they_left_imprints_are_taken_over_where_papers_had_theirs(doors: Doors) -> None:
    """An installation that is carried forward: its papers are bound already, its messages are not."""
    filed = doors.file("catering_simple")
    store, context = doors.platform.store, doors.platform.context()
    engine = write_engine(doors.platform.settings.database_url)
    papers = store.read(lambda reader: reader.rows(select(PAPER)))
    with engine.begin() as connection:
        for table in (IMPRINT, CHECKPOINT, LEAF, TREE_NODE):
            connection.execute(table.delete())
        for table in (EVENT, DATA_CALL):
            connection.execute(table.update().values(position=None))
        made = [imprint(context.sealing, "paper", row, row["served_at"]) for row in papers]
        connection.execute(insert(IMPRINT), made)
    notary.found(context, store)
    with engine.connect() as connection:
        assert {(row["source"], row["seq"]) for row in rows(connection, IMPRINT)} == {("paper", 1), ("message", 0)}
    filed.act("L1", "receive")
    filed.act("L1", "accept")
    doors.sweep()
    assert verification.run(context, store, Wish()).finding is None
    engine.dispose()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_message_may_be_sent_and_read_and_never_said_otherwise(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    doors.sweep()
    own = doors.get("/messages", filed.who)["entries"]
    doors.post(f"/messages/{own[0]['id']}/read", filed.who)
    (first, *_) = doors.platform.store.outbox.claim(doors.clock.now, timedelta(minutes=5), 1)
    doors.platform.store.outbox.sent(first, doors.clock.now)
    context, store = doors.platform.context(), doors.platform.store
    assert verification.run(context, store, Wish()).finding is None
    engine = write_engine(doors.platform.settings.database_url)
    with engine.begin() as connection:
        connection.execute(update(MESSAGE).where(MESSAGE.c.id == own[0]["id"]).values(account="zhou_father"))
    finding = verification.run(context, store, Wish()).finding
    assert finding is not None
    assert (finding.what, finding.table, finding.key) == (Tampering.CHANGED, "message", own[0]["id"])
    engine.dispose()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_after_an_erasure_nothing_is_left_to_try_guesses_on_and_the_proof_holds(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    doors.sweep()
    engine = write_engine(doors.platform.settings.database_url)
    with engine.connect() as connection:
        before = Reader(connection, doors.platform.store.vault).rows(select(PAPER).order_by(PAPER.c.number))
    contents = {row["number"]: row["content"] for row in before}
    (gone_out,) = doors.platform.store.outbox.claim(doors.clock.now, timedelta(minutes=5), 1)
    doors.platform.store.outbox.sent(gone_out, doors.clock.now)
    assert all(len(content["salt"]) == 32 for content in contents.values())
    doors.post(f"/applications/{filed.id}/withdraw", filed.who, {})
    doors.clock.pass_(days=366 * 31)
    doors.sweep()
    with engine.connect() as connection:
        for row in rows(connection, PAPER):
            assert row["content"] == {}
            guess = {**contents.get(row["number"], {}), "salt": ""}
            assert row["digest"] not in {digest_of(guess), ""}
        assert {row["salt"] for row in rows(connection, IMPRINT)} == {None}
        assert [row["id"] for row in rows(connection, MESSAGE)] == [gone_out.id], (
            "what was not sent went with the words"
        )
        report = verification.run(doors.platform.context(), doors.platform.store, Wish(is_strict=False))
        assert report.finding is None, report.finding.sentence.en
        assert report.erased == 1
        assert report.waiting == 0
    with engine.begin() as connection:
        row = rows(connection, PAPER)[0]
        connection.execute(update(PAPER).where(PAPER.c.number == row["number"]).values(recipient="somebody"))
    finding = verification.run(doors.platform.context(), doors.platform.store, Wish(is_strict=False)).finding
    assert finding is not None
    assert (finding.table, finding.key) == ("paper", row["number"]), "what stays is still proved"
    engine.dispose()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_papers_from_before_salts_lose_their_digest_with_their_content(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    engine = write_engine(doors.platform.settings.database_url)
    with engine.begin() as connection:
        number = rows(connection, PAPER)[0]["number"]
        plain = {**Reader(connection, doors.platform.store.vault).rows(select(PAPER))[0]["content"]}
        del plain["salt"]
        values = {"content": plain, "digest": digest_of(plain)}
        connection.execute(update(PAPER).where(PAPER.c.number == number).values(values))
        connection.execute(IMPRINT.delete())
    notary.found(doors.platform.context(), doors.platform.store)
    doors.post(f"/applications/{filed.id}/withdraw", filed.who, {})
    doors.clock.pass_(days=366 * 31)
    doors.sweep()
    with engine.connect() as connection:
        stored = {row["number"]: row for row in rows(connection, PAPER)}
    assert stored[number]["digest"] == ""
    assert json.dumps(stored[number]["content"]) == "{}"
    code = stored[number]["verify_code"]
    told = doors.get(f"/papers/{number}/verify", code=code)
    assert (told["is_authentic"], told["digest"]) == (True, None)
    assert verification.run(doors.platform.context(), doors.platform.store, Wish(is_strict=False)).finding is None
    engine.dispose()
