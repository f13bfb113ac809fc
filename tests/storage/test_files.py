"""Uploaded files: kept by content, durable, and never anywhere else than in their folder."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.errors import InvalidInput
from app.storage import keys
from app.storage.files import FileStore
from app.storage.vault import SealBroken, Vault
from tests.crafted import pdf

PDF = pdf()
ALL = ("pdf", "jpg", "png")


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    """A store that takes files of up to two thousand bytes."""
    return FileStore(tmp_path / "files", 2000)


def code_of(files: FileStore, content: bytes, accepts: tuple[str, ...] = ALL) -> str:
    """Why the content is refused."""
    with pytest.raises(InvalidInput) as caught:
        files.keep(content, accepts)
    assert caught.value.faults[0].pointer == "/file"
    return caught.value.faults[0].code


def test_a_file_is_kept_under_the_hash_of_its_content(files: FileStore, tmp_path: Path) -> None:
    kept = files.keep(PDF, ALL)
    assert kept.digest == hashlib.sha256(PDF).hexdigest()
    assert (kept.kind, kept.media_type, kept.size) == ("pdf", "application/pdf", len(PDF))
    assert files.read(kept.digest) == PDF
    found = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert [path.name for path in found] == [kept.digest]


def test_the_same_content_many_times_at_once_is_one_file(files: FileStore, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        digests = {kept.digest for kept in pool.map(lambda _: files.keep(PDF, ALL), range(40))}
    assert len(digests) == 1
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("content", "accepts", "code"),
    [
        (b"", ALL, "empty"),
        (PDF + b"\n" * 2000, ALL, "too-large"),
        (b"GIF89a", ALL, "wrong-type"),
        (PDF, ("png",), "wrong-type"),
        (b"\xff\xd8", ALL, "wrong-type"),
        (PDF, (), "wrong-type"),
    ],
)
def test_what_is_not_taken_is_refused_and_not_kept(
    files: FileStore, tmp_path: Path, content: bytes, accepts: tuple[str, ...], code: str
) -> None:
    assert code_of(files, content, accepts) == code
    assert not (tmp_path / "files").exists()


def test_a_file_of_exactly_the_limit_is_taken(files: FileStore) -> None:
    assert files.keep(pdf(extra=b"%" + b"x" * (1998 - len(PDF)) + b"\n"), ALL).size == 2000


@pytest.mark.parametrize("digest", ["", "x", "../../etc/passwd", "a" * 63, "." * 64, "../" * 21 + "a", "f" * 64])
def test_no_other_name_reads_anything(files: FileStore, digest: str) -> None:
    with pytest.raises(FileNotFoundError):
        files.read(digest)


def test_a_write_that_fails_leaves_nothing_behind(files: FileStore, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    digest = hashlib.sha256(PDF).hexdigest()
    blocked = folder / digest[:2] / digest
    blocked.mkdir(parents=True)
    (blocked / "in the way").touch()
    files.keep(PDF, ALL)
    assert not list(folder.rglob(".new-*"))


@pytest.fixture
def vault() -> Vault:
    """A vault of one's own."""
    return Vault(keys.fresh_ring())


def on_disk(folder: Path) -> list[bytes]:
    """Every file as it lies in the folder."""
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_with_a_vault_a_file_cannot_be_read_on_the_disk(tmp_path: Path, vault: Vault) -> None:
    files = FileStore(tmp_path, 2000, vault)
    kept = files.keep(PDF, ALL)
    assert files.read(kept.digest) == PDF
    (content,) = on_disk(tmp_path)
    assert PDF not in content
    assert content.startswith(b"sealed:1:k1:")
    with pytest.raises(SealBroken):
        FileStore(tmp_path, 2000).read(kept.digest)
    with pytest.raises(SealBroken):
        FileStore(tmp_path, 2000, Vault(keys.fresh_ring())).read(kept.digest)


def test_a_sealed_file_put_in_the_place_of_another_is_refused(tmp_path: Path, vault: Vault) -> None:
    files = FileStore(tmp_path, 2000, vault)
    one, two = files.keep(PDF, ALL), files.keep(PDF + b"two", ALL)
    files._path(two.digest).write_bytes(files._path(one.digest).read_bytes())
    with pytest.raises(SealBroken):
        files.read(two.digest)


def test_what_was_kept_plain_stays_readable_and_is_sealed_when_keys_are_renewed(tmp_path: Path, vault: Vault) -> None:
    kept = FileStore(tmp_path, 2000).keep(PDF, ALL)
    files = FileStore(tmp_path, 2000, vault)
    assert files.read(kept.digest) == PDF
    assert list(files.renew()) == [kept.digest]
    assert list(files.renew()) == []
    assert files.read(kept.digest) == PDF
    assert PDF not in on_disk(tmp_path)[0]


def test_a_rotation_wraps_the_keys_of_files_again_and_goes_on_where_it_was_broken_off(tmp_path: Path) -> None:
    ring = keys.fresh_ring()
    before = FileStore(tmp_path, 2000, Vault(ring))
    digests = sorted(before.keep(PDF + bytes([number]), ALL).digest for number in range(4))
    bodies = {content.split(b"\n", 1)[1] for content in on_disk(tmp_path)}
    after = FileStore(tmp_path, 2000, Vault(ring.with_new_data_key()))
    broken_off = after.renew()
    assert [next(broken_off), next(broken_off)] == digests[:2]
    broken_off.close()
    assert len({after.read(digest) for digest in digests}) == 4
    assert list(after.renew()) == digests[2:]
    assert all(content.startswith(b"sealed:1:k2:") for content in on_disk(tmp_path))
    assert {content.split(b"\n", 1)[1] for content in on_disk(tmp_path)} == bodies, "the content is not sealed again"


def test_a_file_goes_unless_it_was_kept_a_moment_ago(files: FileStore) -> None:
    kept = files.keep(PDF, ALL)
    assert not files.remove(kept.digest, timedelta(hours=1))
    assert files.read(kept.digest) == PDF
    assert files.remove(kept.digest, timedelta(0))
    assert files.remove(kept.digest, timedelta(0)), "what is gone is gone"
    with pytest.raises(FileNotFoundError):
        files.read(kept.digest)


def test_a_plain_file_that_was_exchanged_is_refused_and_never_sealed(tmp_path: Path, vault: Vault) -> None:
    kept = FileStore(tmp_path, 2000).keep(PDF, ALL)
    files = FileStore(tmp_path, 2000, vault)
    files._path(kept.digest).write_bytes(PDF + b"another page")
    with pytest.raises(SealBroken):
        files.read(kept.digest)
    with pytest.raises(SealBroken):
        list(files.renew())
    sealed = files.keep(PDF + b"other", ALL)
    files._path(sealed.digest).write_bytes(PDF)  # put back without its seal
    with pytest.raises(SealBroken):
        files.read(sealed.digest)
