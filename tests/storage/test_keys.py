"""The key ring: made once, kept whole, and silent about what it holds."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.storage import keys
from app.storage.keys import KeysUnreadable, Signature


def test_the_file_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "keys.json"
    first = keys.opened(path)
    assert keys.opened(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_processes_that_start_at_once_agree_on_the_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: keys.opened(path), range(8)))
    assert all(ring == rings[0] for ring in rings)
    assert [entry.name for entry in tmp_path.iterdir()] == ["keys.json"]


def test_a_rotation_keeps_what_the_old_keys_made(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    old = keys.opened(path)
    signature = old.sign(b"checkpoint")
    new = old.with_new_data_key().with_new_signing_key()
    keys.kept(path, new)
    again = keys.opened(path)
    assert again == new
    assert (again.current_data, again.current_signing) == ("k2", "s2")
    assert again.data["k1"] == old.data["k1"]
    assert again.is_signed(b"checkpoint", signature)
    assert again.sign(b"checkpoint").key == "s2"


def test_a_signature_fits_its_message_and_its_key_alone() -> None:
    ring = keys.fresh_ring()
    signature = ring.sign(b"one")
    assert ring.is_signed(b"one", signature)
    assert not ring.is_signed(b"two", signature)
    assert not ring.is_signed(b"one", Signature("s9", signature.value))
    assert not keys.fresh_ring().is_signed(b"one", signature)
    assert keys.verifies(ring.public_keys()["s1"], b"one", signature.value)
    assert not keys.verifies(b"short", b"one", signature.value)


def test_a_blind_index_is_the_same_for_the_same_number_and_different_under_other_keys() -> None:
    ring = keys.fresh_ring()
    assert ring.blind_index("00330819880105003x") == ring.blind_index(" 00330819880105003X ")
    assert ring.blind_index("00330819880105003X") != ring.blind_index("003301199503140029")
    assert ring.blind_index("00330819880105003X") != keys.fresh_ring().blind_index("00330819880105003X")


def test_a_ring_never_shows_its_keys(tmp_path: Path) -> None:
    ring = keys.fresh_ring()
    assert repr(ring) == "KeyRing(data=['k1'], signing=['s1'])"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"data": 1}', "not json"])
def test_a_damaged_file_is_refused_without_repeating_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(KeysUnreadable, match="damaged"):
        keys.opened(path)


def test_a_current_key_that_is_missing_is_said() -> None:
    text = keys.fresh_ring().dumped().replace('"current_data": "k1"', '"current_data": "k7"')
    with pytest.raises(KeysUnreadable, match="does not hold"):
        keys.parsed(text)


def test_a_key_file_that_others_may_read_is_told_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "keys.json"
    ring = keys.opened(path)
    assert not caplog.records
    path.chmod(0o640)
    assert keys.opened(path) == ring
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert not any(text in caplog.text for text in (ring.dumped(), ring.blind.hex()))
