"""``keys``: names and counts, a rotation, and what is said when the ring is not right. Never a key."""

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Run


def ring(folder: Path) -> dict[str, dict[str, str]]:
    """The key file of the installation."""
    found: dict[str, dict[str, str]] = json.loads((folder / "var" / "keys.json").read_text())
    return found


@pytest.mark.usefixtures("after_seed")
def test_keys_are_shown_by_name_and_count_and_a_rotation_moves_all_of_them(run: Run, own_folder: Path) -> None:
    before = json.loads(run("keys", "show", "--json").out)
    count = before["data"]["wraps"]["k1"]
    assert count >= 8
    assert before["data"]["current"] == "k1"
    rotated = json.loads(run("keys", "rotate", "--json").out)
    kept = (path for path in (own_folder / "var" / "files").rglob("*") if not path.parent.name.startswith("."))
    files = [path for path in kept if path.is_file()]
    assert files
    assert (rotated["done"], rotated["current"]) == (count + len(files), "k2")
    assert all(path.read_bytes().startswith(b"sealed:1:k2:") for path in files)
    after = json.loads(run("keys", "show", "--json").out)
    assert after["data"] == {"current": "k2", "wraps": {"k1": 0, "k2": count}}
    assert set(ring(own_folder)["data"]) == {"k1", "k2"}, "old keys stay for the backups made with them"
    assert json.loads(run("keys", "rewrap", "--json").out)["done"] == 0
    assert json.loads(run("keys", "seal", "--json").out)["done"] == 0
    assert not list((own_folder / "var").glob("*.lock"))


def test_no_key_is_ever_printed(run: Run, own_folder: Path) -> None:
    said = [run("keys", *rest) for rest in (("show",), ("show", "--json"), ("rotate",), ("show", "--lang", "en"))]
    secrets = [*ring(own_folder)["data"].values(), *ring(own_folder)["signing"].values(), ring(own_folder)["blind"]]
    for answer in said:
        assert answer.code == 0
        assert not any(str(secret) in answer.out + answer.err for secret in secrets)
    assert "k1" in said[0].out


def test_a_ring_from_the_settings_is_rotated_there(run: Run, own_folder: Path) -> None:
    run("keys", "show")
    text = (own_folder / "var" / "keys.json").read_text()
    answer = run("keys", "rotate", "--lang", "en", APP_KEYS=text)
    assert answer.code == 1
    assert "APP_KEYS" in answer.err
    assert "rewrap" in answer.err


def test_a_damaged_key_file_is_said_at_the_start_and_not_repeated(run: Run, own_folder: Path) -> None:
    run("migrate")
    run("keys", "show")
    (own_folder / "var" / "keys.json").write_text('{"data": "geheim"}')
    for command in (("keys", "show"), ("seed",), ("sweep",), ("serve", "--port", "1")):
        answer = run(*command, "--lang", "en")
        assert answer.code == 3, command
        assert "key ring" in answer.err
        assert "geheim" not in answer.err


@pytest.mark.usefixtures("after_seed")
def test_the_keys_of_another_installation_are_noticed_at_the_start(run: Run, own_folder: Path) -> None:
    (own_folder / "var" / "keys.json").unlink()
    answer = run("sweep", "--lang", "en")
    assert answer.code == 3
    assert "not the one of this database" in answer.err


def test_two_rotations_at_once_do_not_lose_each_others_key(run: Run, own_folder: Path) -> None:
    run("keys", "show")
    lock = own_folder / "var" / "keys.json.lock"
    lock.touch()
    answer = run("keys", "rotate", "--lang", "en")
    assert answer.code == 3
    assert "another process" in answer.err
    assert list(ring(own_folder)["data"]) == ["k1"]
