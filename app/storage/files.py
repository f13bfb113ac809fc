"""Uploaded files, kept by the SHA-256 of their content; the same file twice is one file.

What a file is, is read from its first bytes and never believed from its name. Files lie outside any folder that is
served, without an extension. With a vault each is sealed under a key of its own, which stands wrapped in its first
line; what was kept before there was a vault stays readable.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app.domain import uploads
from app.domain.vocabulary import Text
from app.storage import strays
from app.storage.troubles import heard
from app.storage.vault import PREFIX, SealBroken, Vault, Wrapped, place


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A kept file. ``kind`` is its extension as sniffed."""

    digest: str
    kind: str
    media_type: str
    size: int


class FileStore:
    """A folder of files named by their content."""

    def __init__(self, folder: Path, limit: int, vault: Vault | None = None) -> None:
        """``limit`` is the largest file in bytes."""
        self._folder, self._limit, self._vault = folder, limit, vault
        self._owner: str | None = None
        self._is_marked = False

    def belong_to(self, owner: str) -> None:
        """Say which database names the files that are kept from now on."""
        self._owner, self._is_marked = owner, False

    def keep(self, content: bytes, accepts: tuple[str, ...]) -> StoredFile:
        """Store the bytes durably and say what they are.

        Raises ``InvalidInput`` when they are empty, too large, not of a kind in ``accepts``, or not fit to be opened;
        :class:`NoRoom`, :class:`ReadOnly` or :class:`StorageAway` when they cannot be stored, and leaves nothing then.
        """
        kind, media_type = self._sniff(content, accepts)
        digest = hashlib.sha256(content).hexdigest()
        target = self._path(digest)
        with heard():
            self._mark()
            if not _touched(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                _write_durably(target, self._sealed(digest, content))
        return StoredFile(digest, kind, media_type, len(content))

    def _mark(self) -> None:
        if self._owner is not None and not self._is_marked:
            strays.mark(self._folder, self._owner)
            self._is_marked = True

    @property
    def is_shared(self) -> bool:
        """Whether another database has kept files here as well."""
        return not strays.owners(self._folder) <= {self._owner}

    def settled(self, grace: timedelta) -> Iterator[list[str]]:
        """The files that are strays unless a row names them, some digests at a time; none where the folder is shared,
        or this database has kept nothing yet."""
        if self._owner is None or strays.owners(self._folder) != {self._owner}:
            return iter(())
        return strays.settled(self._folder, self._owner, grace)

    def clear_away(self, grace: timedelta) -> int:
        """Put in order what a killed process left half written or half removed longer ago than that; how many files."""
        return strays.clear_away(self._folder, grace)

    def read(self, digest: str) -> bytes:
        """The bytes with this digest. Raises FileNotFoundError when they are not here."""
        return self._opened(digest, self._path(digest).read_bytes())

    def renew(self) -> Iterator[str]:
        """Seal what is plain, and wrap the keys of the others with the current key of the ring; the digests of the
        files that were changed, one by one."""
        for path in sorted(self._folder.glob("??/*")):
            content = path.read_bytes() if not path.name.startswith(".") else b""
            if content and not self._is_current(content):
                _write_durably(path, self._renewed(path.name, content))
                yield path.name

    def _is_current(self, content: bytes) -> bool:
        if self._vault is None:
            return True
        return content.startswith(f"{PREFIX}{self._vault.ring.current_data}:".encode())

    def _renewed(self, digest: str, content: bytes) -> bytes:
        if self._vault is None or not content.startswith(PREFIX.encode()):
            return self._sealed(digest, _as_kept(digest, content))
        head, closed = content.split(b"\n", 1)
        return _head(self._vault.rewrapped(_wrapped(digest, head))) + closed

    def _sealed(self, digest: str, content: bytes) -> bytes:
        if self._vault is None:
            return content
        wrapped, key = self._vault.fresh(digest)
        return _head(wrapped) + key.seal_bytes(place("file", "content", digest), content)

    def _opened(self, digest: str, content: bytes) -> bytes:
        if not content.startswith(PREFIX.encode()):
            return _as_kept(digest, content)
        if self._vault is None:
            raise SealBroken("a sealed file does not open without a vault")
        head, closed = content.split(b"\n", 1)
        key = self._vault.unwrapped(_wrapped(digest, head))
        return key.open_bytes(place("file", "content", digest), closed)

    def remove(self, digest: str, grace: timedelta) -> bool:
        """Remove the file unless it was kept (again) within ``grace``; whether it is gone.

        It is set aside first and looked at then, so that a file kept meanwhile is either noticed or written anew.
        """
        target = self._path(digest)
        aside = target.with_name(f".old-{digest}")
        try:
            target.rename(aside)
        except FileNotFoundError:
            return True
        try:
            if time.time() - aside.stat().st_mtime < grace.total_seconds():
                aside.rename(target)
                return False
            aside.unlink()
        except FileNotFoundError:  # another process took it for something left behind, and put it back
            return not target.exists()
        return True

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not digest.isalnum():
            raise FileNotFoundError(digest)
        return self._folder / digest[:2] / digest

    def _sniff(self, content: bytes, accepts: tuple[str, ...]) -> tuple[str, str]:
        if not content:
            raise uploads.refused("empty", Text("文件是空的。", "The file is empty."))
        if len(content) > self._limit:
            megabytes = self._limit // 1_000_000
            raise uploads.refused(
                "too-large", Text(f"文件超过 {megabytes} MB。", f"The file is larger than {megabytes} MB.")
            )
        found = uploads.recognised(content)
        if found is None or found[0] not in accepts:
            wanted = "、".join(accepts)
            raise uploads.refused(
                "wrong-type",
                Text(
                    f"请上传以下格式的文件：{wanted}。", f"Upload a file of one of these kinds: {', '.join(accepts)}."
                ),
            )
        uploads.examine(found[0], content)
        return found


def _as_kept(digest: str, content: bytes) -> bytes:
    """Plain content, when it is what was kept under this digest: a seal would tell, and here nothing else does."""
    if hashlib.sha256(content).hexdigest() != digest:
        raise SealBroken("a plain file is not what was kept under its name")
    return content


def _head(wrapped: Wrapped) -> bytes:
    return f"{PREFIX}{wrapped.key_id}:{wrapped.text}\n".encode()


def _wrapped(digest: str, head: bytes) -> Wrapped:
    key_id, colon, text = head.decode("ascii", "replace").removeprefix(PREFIX).partition(":")
    if not colon:
        raise SealBroken("a sealed file does not say with which key it was wrapped")
    return Wrapped(digest, key_id, text)


def _touched(target: Path) -> bool:
    """Whether the file is there; whoever removes files sees then that this one is wanted again."""
    try:
        os.utime(target)
    except FileNotFoundError:
        return False
    return True


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
