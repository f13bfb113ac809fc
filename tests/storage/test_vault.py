"""The vault: what is sealed opens in its place, under its key, and nowhere else."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.domain.applications import EventKind
from app.domain.errors import Erased
from app.storage import keys
from app.storage.changes import Changes, Destruction, Update
from app.storage.data_keys import KeyCounts
from app.storage.keys import KeyRing, KeysUnreadable
from app.storage.mapping import changes_between
from app.storage.queries import Reader
from app.storage.sealed_columns import SEALED
from app.storage.store import Outcome, Store
from app.storage.tables import APPLICATION, EVENT, metadata
from app.storage.vault import DataKey, SealBroken, Vault, Wrapped, is_sealed, owner_in, place
from app.storage.vault_tables import DATA_KEY
from tests.storage.rows import AT, add, blank, count_up, happenings

SECRET = "王示例住在示例路88号"


@pytest.fixture
def ring() -> KeyRing:
    """A key ring of one's own."""
    return keys.fresh_ring()


@pytest.fixture
def store(database_url: str, ring: KeyRing) -> Iterator[Store]:
    """A store with a vault, and one application."""
    found = Store(database_url, "NORMAL", Vault(ring), remembered=0)
    add(found, blank())
    yield found
    found.close()


def write(store: Store, value: str = SECRET, application_id: str = "a1") -> None:
    """Put the value into the form, and the reason beside it into the event."""

    def use_case(reader: Reader) -> Outcome[None]:
        before = reader.application(application_id)
        assert before is not None
        h = happenings(before)
        h.record(EventKind.DRAFT_SAVED, why=value, values={"address": value})
        return Outcome(None, changes_between(before, h.case, h.events))

    store.perform(use_case)


def raw(store: Store, *columns: Any) -> list[tuple[Any, ...]]:
    """Columns as the database holds them."""
    return store.read(lambda reader: [tuple(row) for row in reader.connection.execute(select(*columns))])


def alter(store: Store, statement: Any) -> None:
    """What somebody with the database in their hands does to it."""
    with store.data_keys._engine.begin() as connection:
        connection.execute(statement)


VALUES = st.recursive(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), st.lists, max_leaves=10)


@given(VALUES, st.text(max_size=20), st.text(max_size=20))
def test_a_value_opens_in_its_place_and_in_no_other(value: Any, key: str, other: str) -> None:
    data_key = DataKey("a1", b"k" * 32)
    sealed = data_key.seal(place("task", "reason", key), value)
    assert data_key.open(place("task", "reason", key), sealed) == value
    assert is_sealed(sealed)
    assert owner_in(sealed) == "a1"
    wrong = [place("task", "points", key), place("event", "reason", key), place("task", "reason", f"{other}{key}'")]
    for elsewhere in wrong:
        with pytest.raises(SealBroken):
            data_key.open(elsewhere, sealed)
    with pytest.raises(SealBroken):
        DataKey("a1", b"l" * 32).open(place("task", "reason", key), sealed)


def test_the_same_value_never_looks_the_same_twice() -> None:
    data_key = DataKey("a1", b"k" * 32)
    assert len({data_key.seal(place("task", "reason", "1"), SECRET) for _ in range(100)}) == 100


def test_every_sealed_column_is_there_and_can_hold_one_long_text() -> None:
    for name, sealing in SEALED.items():
        columns = metadata.tables[name].columns
        assert sealing.owner in columns
        for column, empty in sealing.blanks.items():
            assert str(columns[column].type) in {"TEXT", "JSON"}, f"{name}.{column} is too short for a sealed value"
            assert columns[column].nullable or empty is not None, f"{name}.{column} cannot be blank"
            assert not empty, f"{name}.{column}: what is blank says nothing"


def test_what_is_written_is_sealed_in_the_database_and_open_in_the_app(store: Store) -> None:
    write(store)
    case = store.read(lambda reader: reader.application("a1"))
    (event,) = store.read(lambda reader: reader.events("a1"))
    assert case is not None
    assert case.form == {"address": SECRET}
    assert (event.why, event.changes) == (SECRET, {"values": {"address": SECRET}})
    ((form, answers),) = raw(store, APPLICATION.c.form, APPLICATION.c.answers)
    ((why, changes, salt),) = raw(store, EVENT.c.why, EVENT.c.changes, EVENT.c.salt)
    assert all(map(is_sealed, (form, why, changes, salt)))
    assert answers == {}, "what is empty says nothing and stays as it is"


def test_what_was_written_before_there_was_a_vault_stays_readable_and_a_command_seals_it(
    database_url: str, ring: KeyRing
) -> None:
    old, new = Store(database_url, "NORMAL"), Store(database_url, "NORMAL", Vault(ring))
    add(old, blank())
    write(old)
    case = new.read(lambda reader: reader.application("a1"))
    assert case is not None
    assert case.form == {"address": SECRET}
    write(new, "别的")
    assert is_sealed(raw(new, APPLICATION.c.form)[0][0])
    assert [event.why for event in new.read(lambda reader: reader.events("a1"))] == [SECRET, "别的"]
    old.close()
    new.close()


def test_sealing_what_is_plain_goes_on_where_it_was_broken_off(database_url: str, ring: KeyRing) -> None:
    old, new = Store(database_url, "NORMAL"), Store(database_url, "NORMAL", Vault(ring))
    add(old, blank())
    for _ in range(5):
        write(old)
    assert new.data_keys.seal(batch=2) > 0, "one batch, then the power fails"
    while new.data_keys.seal(batch=2):
        pass
    stored = raw(new, EVENT.c.why, EVENT.c.changes, EVENT.c.salt)
    assert all(is_sealed(value) for row in stored for value in row)
    assert is_sealed(raw(new, APPLICATION.c.form)[0][0])
    assert [event.why for event in new.read(lambda reader: reader.events("a1"))] == [SECRET] * 5
    assert new.data_keys.counts() == KeyCounts({"k1": 1}, 0)
    old.close()
    new.close()


def test_a_sealed_value_moved_to_another_case_is_refused(store: Store) -> None:
    add(store, blank("a2"))
    write(store)
    write(store, "别的", "a2")
    ((stolen,),) = store.read(
        lambda reader: [tuple(r) for r in reader.connection.execute(select(EVENT.c.why).where(_is("a1")))]
    )
    alter(store, update(EVENT).where(_is("a2")).values(why=stolen))
    with pytest.raises(SealBroken):
        store.read(lambda reader: reader.events("a2"))
    assert len(store.read(lambda reader: reader.events("a1"))) == 1


def _is(application_id: str) -> Any:
    return EVENT.c.application_id == application_id


def test_a_sealed_value_moved_to_another_row_or_column_of_its_case_is_refused(store: Store) -> None:
    write(store)
    write(store, "别的")
    first, second = raw(store, EVENT.c.why)
    alter(store, update(EVENT).where(EVENT.c.why == second[0]).values(why=first[0]))
    with pytest.raises(SealBroken):
        store.read(lambda reader: reader.events("a1"))
    ((form,),) = raw(store, APPLICATION.c.form)
    alter(store, update(APPLICATION).values(answers=form))
    with pytest.raises(SealBroken):
        store.read(lambda reader: reader.application("a1"))


def test_the_key_of_one_case_does_not_open_another(store: Store) -> None:
    add(store, blank("a2"))
    write(store)
    write(store, "别的", "a2")
    own = dict(raw(store, DATA_KEY.c.owner, DATA_KEY.c.wrapped))
    alter(store, update(DATA_KEY).where(DATA_KEY.c.owner == "a1").values(wrapped=own["a2"]))
    store.vault.forget("a1")  # type: ignore[union-attr]
    with pytest.raises(SealBroken, match="does not open with k1"):
        store.read(lambda reader: reader.application("a1"))


def test_a_rotation_broken_off_half_way_leaves_everything_readable_and_goes_on(store: Store, ring: KeyRing) -> None:
    for number in range(2, 8):
        add(store, blank(f"a{number}"))
    for number in range(1, 8):
        write(store, f"{SECRET}{number}", f"a{number}")
    rotated = ring.with_new_data_key()
    after = Store(store._url, "NORMAL", Vault(rotated))
    assert after.data_keys.rewrap(batch=3) == 3
    assert after.data_keys.counts() == KeyCounts({"k1": 4, "k2": 3}, 0)
    for number in range(1, 8):
        case = after.read(lambda reader, n=number: reader.application(f"a{n}"))  # type: ignore[misc]
        assert case is not None
        assert case.form == {"address": f"{SECRET}{number}"}
    before = dict(raw(store, EVENT.c.application_id, EVENT.c.why))
    assert [after.data_keys.rewrap(batch=3) for _ in range(3)] == [3, 1, 0]
    assert after.data_keys.counts() == KeyCounts({"k2": 7}, 0)
    assert dict(raw(store, EVENT.c.application_id, EVENT.c.why)) == before, "only the keys are wrapped again"
    assert after.data_keys.check() is None
    after.close()


def test_a_running_server_learns_of_a_rotation_that_another_process_made(database_url: str, ring: KeyRing) -> None:
    newest = [ring]
    server = Store(database_url, "NORMAL", Vault(ring, lambda: newest[0]))
    add(server, blank())
    write(server)
    newest[0] = ring.with_new_data_key()
    other = Store(database_url, "NORMAL", Vault(newest[0]))
    assert other.data_keys.rewrap() == 1
    assert server.vault is not None
    server.vault.forget("a1")
    assert server.read(lambda reader: reader.application("a1")).form == {"address": SECRET}  # type: ignore[union-attr]
    server.close()
    other.close()


def test_a_key_file_that_is_gone_for_a_moment_changes_nothing(ring: KeyRing) -> None:
    def missing() -> KeyRing:
        raise FileNotFoundError

    vault = Vault(ring, missing)
    wrapped, _ = vault.fresh("a1")
    vault.look_again()
    assert vault.ring == ring
    vault.unwrapped(wrapped)
    with pytest.raises(SealBroken, match="k9"):
        vault.unwrapped(replace(wrapped, key_id="k9"))


def test_a_key_is_remembered_when_it_is_stored_and_never_the_one_that_was_made_beside_it(ring: KeyRing) -> None:
    vault = Vault(ring)
    (kept, own), (lost, _) = vault.fresh("a1"), vault.fresh("a1")
    assert vault.remembered("a1") is None
    vault.stored("a1", kept.text or "")
    assert vault.remembered("a1") is own
    vault.forget("a1")
    vault.stored("a1", kept.text or "")
    assert vault.remembered("a1") is None, "what was forgotten does not come back"
    assert vault.unwrapped(kept).open("x", own.seal("x", SECRET)) == SECRET
    assert lost.text != kept.text


def test_another_installations_keys_are_noticed_before_anything_is_read(store: Store) -> None:
    write(store)
    stranger = Store(store._url, "NORMAL", Vault(keys.fresh_ring()))
    with pytest.raises(KeysUnreadable, match="not those of this database"):
        stranger.data_keys.check()
    stranger.close()


def test_destroying_a_key_blanks_what_it_sealed_and_nothing_comes_after(store: Store) -> None:
    write(store)
    store.perform(lambda _: Outcome(None, Changes(destroys=[Destruction("a1", AT)])))
    assert raw(store, DATA_KEY.c.wrapped, DATA_KEY.c.erased_at) == [(None, AT)]
    assert raw(store, EVENT.c.why, EVENT.c.changes, EVENT.c.salt) == [(None, {}, None)]
    assert raw(store, APPLICATION.c.form) == [({},)]
    assert store.data_keys.counts() == KeyCounts({}, 1)
    store.vault.forget("a1")  # type: ignore[union-attr]
    with pytest.raises(Erased):
        write(store)
    assert store.data_keys.seal() == 0
    assert store.data_keys.rewrap() == 0


def test_what_was_still_sealed_with_a_destroyed_key_reads_as_blank(store: Store) -> None:
    write(store)
    alter(store, update(DATA_KEY).values(wrapped=None, erased_at=AT))
    store.vault.forget("a1")  # type: ignore[union-attr]
    case = store.read(lambda reader: reader.application("a1"))
    assert case is not None
    assert case.form == {}


def test_an_update_that_names_no_case_finds_its_owner(store: Store) -> None:
    note = {"id": "n1", "account": "wang_owner", "application_id": "a1", "item": "L0", "at": AT, "why": SECRET}
    store.perform(lambda _: Outcome(None, Changes().also("credit_note", note)))
    store.perform(lambda _: Outcome(None, Changes(updates=[Update("credit_note", "n1", {"why": "改过"})])))
    notes = store.read(lambda reader: reader.credit_notes("wang_owner"))
    assert [found["why"] for found in notes] == ["改过"]
    assert all(is_sealed(why) for (why,) in raw(store, metadata.tables["credit_note"].c.why))


def test_many_at_once_lose_nothing_under_seal(store: Store) -> None:
    for _ in range(5):
        store.perform(count_up)
    case = store.read(lambda reader: reader.application("a1"))
    assert case is not None
    assert case.form == {"n": 5}


def test_an_unknown_owner_is_said_and_not_guessed(store: Store) -> None:
    write(store)
    alter(store, DATA_KEY.delete())
    store.vault.forget("a1")  # type: ignore[union-attr]
    with pytest.raises(SealBroken, match="missing"):
        store.read(lambda reader: reader.application("a1"))
    with pytest.raises(SealBroken):
        owner_in("sealed:1:nobody")
    with pytest.raises(SealBroken):
        Vault(keys.fresh_ring()).unwrapped(Wrapped("a1", "k1", "bm90aGluZw=="))
