"""Uploaded files: kept by content, durable, and never anywhere else than in their folder."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.domain.errors import InvalidInput
from app.storage.files import FileStore

PDF = b"%PDF-1.7\n"
ALL = ("pdf", "jpg", "png")


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    """A store that takes files of up to a thousand bytes."""
    return FileStore(tmp_path / "files", 1000)


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
        (PDF + b"x" * 1000, ALL, "too-large"),
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
    assert files.keep(PDF + b"x" * (1000 - len(PDF)), ALL).size == 1000


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
