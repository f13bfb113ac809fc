"""Uploaded files, kept by the SHA-256 of their content; the same file twice is one file.

What a file is, is read from its first bytes and never believed from its name. Files lie outside any folder that is
served, without an extension.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import Fault, InvalidInput
from app.domain.vocabulary import Text

SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "pdf", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
    (b"\xff\xd8\xff", "jpg", "image/jpeg"),
)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A kept file. ``kind`` is its extension as sniffed."""

    digest: str
    kind: str
    media_type: str
    size: int


class FileStore:
    """A folder of files named by their content."""

    def __init__(self, folder: Path, limit: int) -> None:
        """``limit`` is the largest file in bytes."""
        self._folder, self._limit = folder, limit

    def keep(self, content: bytes, accepts: tuple[str, ...]) -> StoredFile:
        """Store the bytes durably and say what they are.

        Raises :class:`InvalidInput` when they are empty, too large, or not of a kind in ``accepts``.
        """
        kind, media_type = self._sniff(content, accepts)
        digest = hashlib.sha256(content).hexdigest()
        target = self._path(digest)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_durably(target, content)
        return StoredFile(digest, kind, media_type, len(content))

    def read(self, digest: str) -> bytes:
        """The bytes with this digest. Raises FileNotFoundError when they are not here."""
        return self._path(digest).read_bytes()

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not digest.isalnum():
            raise FileNotFoundError(digest)
        return self._folder / digest[:2] / digest

    def _sniff(self, content: bytes, accepts: tuple[str, ...]) -> tuple[str, str]:
        if not content:
            raise _refused("empty", Text("文件是空的。", "The file is empty."))
        if len(content) > self._limit:
            megabytes = self._limit // 1_000_000
            raise _refused("too-large", Text(f"文件超过 {megabytes} MB。", f"The file is larger than {megabytes} MB."))
        for signature, kind, media_type in SIGNATURES:
            if content.startswith(signature) and kind in accepts:
                return kind, media_type
        wanted = "、".join(accepts)
        raise _refused(
            "wrong-type",
            Text(f"请上传以下格式的文件：{wanted}。", f"Upload a file of one of these kinds: {', '.join(accepts)}."),
        )


def _refused(code: str, text: Text) -> InvalidInput:
    return InvalidInput([Fault("/file", code, text)])


def _write_durably(target: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
