"""Small real files, and ways to spoil them: what a viewer opens, byte by byte."""

import struct
import zlib

from app.domain.vocabulary import Text
from app.usecases.samples import sample_paper


def pdf(note: str = "one page", extra: bytes = b"") -> bytes:
    """A page that opens in every viewer; ``extra`` stands before the table of its objects."""
    whole = sample_paper(Text(note, note))
    before, mark, after = whole.partition(b"xref\n")
    return before + extra + mark + after


def packed(objects: bytes, kind: bytes = b"/ObjStm") -> bytes:
    """Objects of a PDF as they are packed into a stream."""
    body = zlib.compress(objects)
    return b"9 0 obj\n<< /Type %b /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream\nendobj\n" % (
        kind,
        len(body),
        body,
    )


def chunk(kind: bytes, body: bytes) -> bytes:
    """One part of a PNG with its length and checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 1, height: int = 1, extra: bytes = b"") -> bytes:
    """A grey picture; its pixels are those of one row whatever its header claims."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    row = zlib.compress(b"\x00\x80")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", row) + chunk(b"IEND", b"")


def segment(marker: int, body: bytes) -> bytes:
    """One part of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def jpeg(width: int = 8, height: int = 8, extra: bytes = b"") -> bytes:
    """The frame of a picture as a camera writes it, with next to nothing in its scan."""
    head = segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00") + extra
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    return b"\xff\xd8" + head + frame + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\x34\xff\xd9"


def archive(name: bytes = b"a.class") -> bytes:
    """An archive with one empty file."""
    local = b"PK\x03\x04" + b"\x00" * 22 + struct.pack("<HH", len(name), 0) + name
    entry = b"PK\x01\x02" + b"\x00" * 24 + struct.pack("<HHH", len(name), 0, 0) + b"\x00" * 12 + name
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(local), 0)
    return local + entry + end
