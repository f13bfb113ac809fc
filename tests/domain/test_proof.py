"""Digests and links: what is bound, what may be erased, and with which hash function."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.proof import (
    BEGUN_BY,
    HASHES,
    Checkpoint,
    Hasher,
    HashMissing,
    Sealing,
    canonical,
    chain,
    header_of,
    next_link,
    payload_digest,
    payload_of,
    person_digest,
    record_link,
    stamp,
)

AT = datetime(2026, 3, 16, 2, tzinfo=UTC)
CASE: dict[str, Any] = {
    "id": "a1",
    "bundle": "catering",
    "digest": "d" * 64,
    "region": "330802",
    "filed_region": None,
    "applicant": "wang_owner",
    "created_by": "wang_owner",
    "home_region": None,
    "created_at": AT,
    "person": None,
    "origin": None,
    "chain": None,
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def event(seq: int, **changes: Any) -> dict[str, Any]:
    """An event row."""
    row = {"application_id": "a1", "seq": seq, "kind": "draft_saved", "task": None, "at": AT, "role": "applicant"}
    return {**row, "start": "draft", "end": None, "actor": "wang_owner", "why": None, "changes": {}, **changes}


def sealing(name: str = "sha256") -> Sealing:
    """Salts 1, 2, 3 …"""
    numbers = iter(range(1, 1000))
    return Sealing(Hasher(name), lambda: next(numbers).to_bytes(16))


def links(*rows: dict[str, Any], **case: Any) -> list[str]:
    """The links of a new case with these events."""
    return [link.link.hex() for link in chain(sealing(), {**CASE, **case}, rows)[1]]


@given(value=JSON)
def test_what_comes_back_from_a_database_has_the_same_canonical_form(value: Any) -> None:
    assert canonical(json.loads(json.dumps(value))) == canonical(value)


def test_the_canonical_form_leaves_no_choice() -> None:
    assert canonical({"b": [1, None], "a": "餐饮"}) == '{"a":"餐饮","b":[1,null]}'.encode()
    with pytest.raises(ValueError, match="not JSON"):
        canonical(float("nan"))


def test_an_instant_is_the_same_in_every_time_zone() -> None:
    assert stamp(AT) == stamp(AT.astimezone(timezone(timedelta(hours=8)))) == "2026-03-16T02:00:00.000000+00:00"


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "submitted"},
        {"task": "L0"},
        {"at": AT + timedelta(microseconds=1)},
        {"role": "agent"},
        {"start": None},
        {"end": "submitted"},
        {"actor": "lin_mother"},
        {"why": "因故"},
        {"changes": {"a": 1}},
        {"application_id": "a2"},
    ],
)
def test_everything_an_event_says_changes_its_link_and_all_later_ones(changes: dict[str, Any]) -> None:
    plain = links(event(1), event(2), event(3))
    touched = links(event(1), event(2, **changes), event(3))
    assert plain[0] == touched[0]
    assert plain[1] != touched[1]
    assert plain[2] != touched[2]


@pytest.mark.parametrize("changes", [
    {"id": "a2"}, {"bundle": "birth"}, {"digest": "e" * 64}, {"region": "330803"}, {"filed_region": "330802"},
    {"created_at": AT + timedelta(seconds=1)}, {"applicant": "x"}, {"created_by": "x"}, {"home_region": "330100"},
])  # fmt: skip
def test_what_a_case_was_created_as_is_bound_by_its_first_link(changes: dict[str, Any]) -> None:
    assert links(event(1))[0] != links(event(1), **changes)[0]


def test_a_chain_goes_on_where_it_ended() -> None:
    start, all_at_once = chain(sealing(), CASE, [event(1), event(2), event(3)])
    salts = sealing()
    _, first = chain(salts, CASE, [event(1), event(2)])
    went_on = {**CASE, "person": start.person, "origin": start.origin, "chain": first[-1].link.hex()}
    again, last = chain(salts, went_on, [event(3)])
    assert [*first, *last] == all_at_once
    assert again == start


def test_a_chain_is_checked_without_the_contents_and_contents_only_with_the_salt() -> None:
    start, found = chain(sealing(), CASE, [event(1, changes={"form": "secret"})])
    hasher = Hasher()
    header = canonical(header_of(event(1)))
    assert b"secret" not in header
    assert next_link(hasher, bytes.fromhex(start.origin), found[0].digest, header) == found[0].link
    payload = canonical(payload_of(event(1, changes={"form": "secret"})))
    assert payload_digest(hasher, found[0].salt, payload) == found[0].digest
    assert payload_digest(hasher, bytes(16), payload) != found[0].digest
    assert person_digest(hasher, found[0].salt, CASE).hex() == start.person
    assert set(BEGUN_BY).isdisjoint(header_of(event(1)))


def test_a_record_alone_is_bound_with_its_header() -> None:
    hasher, digest = Hasher(), bytes(32)
    one = record_link(hasher, digest, {"source": "data_call", "id": "1"})
    assert one != record_link(hasher, digest, {"source": "data_call", "id": "2"})
    assert one != record_link(hasher, bytes([1] * 32), {"source": "data_call", "id": "1"})


@pytest.mark.parametrize("name", HASHES)
def test_both_hash_functions_give_chains_of_their_own(name: str) -> None:
    try:
        made = sealing(name)
    except HashMissing:
        pytest.skip("this OpenSSL has no SM3")
    _, found = chain(made, CASE, [event(1)])
    assert len(found[0].link) == len(found[0].digest) == 32
    assert (found[0].link.hex() == links(event(1))[0]) == (name == "sha256")


def test_sm3_is_the_sm3_of_the_standard() -> None:
    try:
        hasher = Hasher("sm3")
    except HashMissing:
        pytest.skip("this OpenSSL has no SM3")
    assert hasher(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize("name", ["md5", "sha512", "sha3_256", "", "no such hash"])
def test_other_hash_functions_are_refused_by_name(name: str) -> None:
    with pytest.raises(HashMissing, match="does not know"):
        Hasher(name)


def test_a_checkpoint_says_all_it_is_signed_for() -> None:
    one = Checkpoint(3, "ab" * 32, "sha256", AT, None, None)
    two = Checkpoint(3, "ab" * 32, "sha256", AT, 2, "cd" * 32)
    assert one.text.count("\n") == two.text.count("\n") == 7
    assert one.text != two.text
    assert stamp(AT) in one.text
