"""Files as they arrive: which kind the bytes are, and whether they are whole, harmless and of a size one can look at.

Nothing here opens a file the way a viewer would: marks, lengths and dimensions are read, pictures are never decoded and
archives never unpacked. What somebody else will open must be one kind of file and nothing beside it. This is no virus
scanner: it keeps out what is easily recognised, and whoever serves a file still has to serve it as one.
"""

import contextlib
import re
import struct
import unicodedata
import zlib
from bisect import bisect
from collections.abc import Iterator

from app.domain.errors import Fault, InvalidInput
from app.domain.vocabulary import Text

SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "pdf", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
    (b"\xff\xd8\xff", "jpg", "image/jpeg"),
)
MOST_ON_A_SIDE, MOST_PIXELS = 20_000, 120_000_000
"""Largest picture; more would fill the memory of whoever looks at it. Illustrative."""
MOST_UNPACKED = 16_000_000
"""Bytes that the packed objects of a PDF may hold together. Illustrative."""
MOST_PARTS = 100_000
"""Parts of one file; only a file made to keep its reader busy has more. Illustrative."""
MOST_PACKAGES = 10_000
"""Packed objects of a PDF that hold next to nothing; each costs its reader as much as ten parts. Illustrative."""
LONGEST_NAME = 120
ENDINGS = {"pdf": ("pdf",), "png": ("png",), "jpg": ("jpg", "jpeg", "jfif")}
OTHER_ENDINGS = frozenset(
    [
        "exe",
        "com",
        "bat",
        "cmd",
        "msi",
        "scr",
        "js",
        "mjs",
        "vbs",
        "ps1",
        "sh",
        "jar",
        "apk",
        "app",
        "dmg",
        "lnk",
        "html",
        "htm",
        "xhtml",
        "shtml",
        "svg",
        "xml",
        "php",
        "asp",
        "aspx",
        "jsp",
        "py",
        "zip",
        "rar",
        "7z",
        "gz",
        "tar",
        "iso",
        "doc",
        "docx",
        "docm",
        "xls",
        "xlsx",
        "xlsm",
        "ppt",
        "pptx",
        "wps",
        "et",
        "ofd",
        "rtf",
        "txt",
        "csv",
        "gif",
        "bmp",
        "webp",
        "tif",
        "tiff",
        "heic",
        "heif",
        "mp4",
        "mov",
        "mp3",
    ]
)
"""Endings that claim another kind of file. Any other ending is part of the name."""
MARKUP = re.compile(rb"<(?:script|html|!doctype|svg|iframe|body|\?php)\b|<\?php", re.IGNORECASE)
END_OF_ARCHIVE = b"PK\x05\x06"
DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def recognised(content: bytes) -> tuple[str, str] | None:
    """Ending and media type of the kind of file the bytes begin like; None for any other."""
    return next(((kind, media) for mark, kind, media in SIGNATURES if content.startswith(mark)), None)


def examine(kind: str, content: bytes) -> None:
    """Refuse a file of this kind that is broken off, carries something else along, or is too much to look at.

    Raises :class:`InvalidInput` at ``/file``.
    """
    {"pdf": _pdf, "png": _png, "jpg": _jpeg}[kind](content)
    if _ends_as_archive(content):
        raise _disguised()


def shown_name(filename: str) -> str | None:
    """The last part of the name, never a path; None when nothing is left of it.

    Raises :class:`InvalidInput` at ``/file/filename`` for control and direction marks, which make a name look like
    another. Other invisible characters are left out.
    """
    last = filename.replace("\\", "/").rpartition("/")[2]
    if any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} or sign in DIRECTION_MARKS for sign in last):
        text = Text(
            "文件名里有看不见的控制字符，请改名后再上传。",
            "The name of the file holds invisible control characters: rename it and upload it again.",
        )
        raise InvalidInput([Fault("/file/filename", "bad-name", text)])
    return "".join(sign for sign in last if sign.isprintable())[:LONGEST_NAME] or None


def must_be_named_for(kind: str, filename: str | None) -> None:
    """Refuse a name whose ending claims another kind of file. Raises :class:`InvalidInput` at ``/file/filename``."""
    ending = (filename or "").rpartition(".")[2].lower()
    others = OTHER_ENDINGS.union(*ENDINGS.values()).difference(ENDINGS[kind])
    if filename and "." in filename and ending in others:
        text = Text(
            f"文件名以 .{ending} 结尾，内容却是 {kind.upper()}。请用正确的后缀命名，或选择正确的文件。",
            f"The name ends in .{ending}, but the content is {kind.upper()}: rename the file or choose the right one.",
        )
        raise InvalidInput([Fault("/file/filename", "wrong-ending", text)])


def refused(code: str, text: Text) -> InvalidInput:
    """A refusal of the file itself."""
    return InvalidInput([Fault("/file", code, text)])


def _cut_short() -> InvalidInput:
    text = Text(
        "文件不完整，可能没有传完。请重新选择文件上传。", "The file is incomplete: choose it and upload it again."
    )
    return refused("incomplete", text)


def _disguised() -> InvalidInput:
    text = Text(
        "文件里夹带了别的内容（网页、程序或压缩包）。请重新扫描、拍照或导出后上传。",
        "The file carries something else along (a page, a program or an archive): scan, photograph or export it anew.",
    )
    return refused("disguised", text)


def _ends_as_archive(content: bytes) -> bool:
    """Whether an unpacking program would find an archive at the end (its directory lies in the last 64 KB)."""
    start = max(0, len(content) - 65_557)
    while (at := content.find(END_OF_ARCHIVE, start)) >= 0:
        if at + 22 <= len(content) and at + 22 + struct.unpack_from("<H", content, at + 20)[0] == len(content):
            return True
        start = at + 1
    return False


def _named(*names: str) -> re.Pattern[bytes]:
    """A PDF name however it is written: every character may stand as ``#`` and two hexadecimal digits."""
    spelled = ("".join(f"(?:{re.escape(sign)}|#(?i:{ord(sign):02x}))" for sign in name) for name in names)
    return re.compile(rb"/(?:" + "|".join(spelled).encode() + rb")(?![A-Za-z0-9_#.-])")


ACTIVE = _named("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "ImportData", "SubmitForm")
LOCKED = _named("Encrypt")
PACKED = _named("ObjStm", "First")
"""Of a stream, only one that holds packed objects says where the first of them is, whatever it calls itself."""
FLATE, OTHERWISE = (
    _named("FlateDecode", "Fl"),
    _named("LZWDecode", "LZW", "ASCII85Decode", "A85", "ASCIIHexDecode", "AHx", "Crypt", "DecodeParms", "DP"),
)
STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
PIECE = 4_096
"""Bytes that are unpacked at once: a package ends where it says, and what follows is not copied for each."""


def _pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-1024:] or b"startxref" not in content[-2048:]:
        raise _cut_short()
    if MARKUP.search(content[:1024]) or MARKUP.search(content[content.rindex(b"%%EOF") :]):
        raise _disguised()
    if LOCKED.search(content):
        text = Text(
            "PDF 加了密码，部门打不开。请去掉密码后上传。",
            "The PDF is encrypted and cannot be opened by the departments: remove the password first.",
        )
        raise refused("encrypted", text)
    if ACTIVE.search(content) or any(ACTIVE.search(part) for part in _unpacked(content)):
        text = Text(
            "PDF 里有脚本、附件或会自动运行的内容。请另存或打印为新的 PDF 后上传。",
            "The PDF holds scripts, attachments or something that runs by itself: print it to a new PDF first.",
        )
        raise refused("active-content", text)


def _unpacked(content: bytes) -> Iterator[bytes]:
    """The objects that a PDF holds packed, unpacked within bounds. Raises :class:`InvalidInput`."""
    left, packed, before = MOST_UNPACKED, [found.start() for found in PACKED.finditer(content)], 0
    ends = [found.end() for found in re.finditer(b"endobj", content)] if packed else []
    for found in STREAM.finditer(content) if packed else ():
        began = bisect(ends, found.start())
        begins, since, before = ends[began - 1] if began else 0, before, found.end()
        if bisect(packed, found.start()) == bisect(packed, begins):
            continue  # this object is no package
        named = content[max(begins, since) : found.start()]
        if len(FLATE.findall(named)) != 1 or OTHERWISE.search(named):
            raise _unreadable()  # packed twice or in another way: a viewer would see what was not seen here
        part = _inflated(content, found.end(), left)
        left -= max(len(part), MOST_UNPACKED // MOST_PACKAGES)
        if left <= 0:
            raise _too_much()
        yield part


def _inflated(content: bytes, at: int, most: int) -> bytes:
    """What is packed from here on, at most so many bytes. Raises :class:`InvalidInput` where it has no end."""
    unpacking, parts = zlib.decompressobj(), list[bytes]()
    try:
        while not unpacking.eof and most > 0 and at < len(content):
            parts.append(unpacking.decompress(content[at : at + PIECE], most))
            most, at = most - len(parts[-1]), at + PIECE
    except zlib.error:
        raise _unreadable() from None
    if not unpacking.eof:
        raise _too_much() if most <= 0 else _unreadable()
    return b"".join(parts)


def _unreadable() -> InvalidInput:
    text = Text("PDF 无法检查，请另存为新的 PDF 后上传。", "The PDF cannot be examined: save it anew as a PDF.")
    return refused("unreadable", text)


PACKED_NOTES = frozenset({b"iCCP", b"zTXt", b"iTXt"})
"""Parts of a PNG that hold colours or words, packed: unlike the picture, nothing says how long they get."""
MOST_NOTED = 4_000_000


def _is_more(packed: bytes) -> bool:
    """Whether anything packed in here unpacks to more than there can be to say. Names, languages and marks stand before
    what is packed, which begins as zlib does."""
    for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", packed[:256]):
        unpacking = zlib.decompressobj()
        with contextlib.suppress(zlib.error):
            unpacking.decompress(packed[found.start() :], MOST_NOTED)
            if unpacking.unconsumed_tail:
                return True
    return False


def _png(content: bytes) -> None:
    at, seen = 8, b""
    for _ in range(MOST_PARTS):
        if seen == b"IEND":
            break
        if at + 12 > len(content):
            raise _cut_short()
        size, seen = struct.unpack_from(">I4s", content, at)
        body, at = content[at + 8 : at + 8 + size], at + 12 + size
        if at > len(content):
            raise _cut_short()
        if zlib.crc32(seen + body) != struct.unpack_from(">I", content, at - 4)[0]:
            raise _cut_short()
        if at == 20 + size:  # the first one
            if seen != b"IHDR" or size != 13:
                raise _cut_short()
            _can_be_looked_at(*struct.unpack_from(">II", body))
        elif seen not in {b"IDAT", b"IEND"} and MARKUP.search(body):
            raise _disguised()
        elif seen in PACKED_NOTES and _is_more(body.partition(b"\0")[2]):
            raise _too_much()
    else:
        raise _too_much()
    if content[at:].strip(b"\0\r\n "):
        raise _disguised()


FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Segments of a JPEG that say how large the picture is."""
SCAN, END, WITHOUT_LENGTH = 0xDA, 0xD9, frozenset({0x01, *range(0xD0, 0xD9)})


def _jpeg(content: bytes) -> None:
    at, has_size = 2, False
    for _ in range(MOST_PARTS):
        if at + 4 > len(content) or content[at] != 0xFF:
            raise _cut_short()
        marker = content[at + 1]
        if marker == 0xFF or marker in WITHOUT_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        size = struct.unpack_from(">H", content, at + 2)[0]
        body, at = content[at + 4 : at + 2 + size], at + 2 + size
        if marker == END or size < 2 or at > len(content):
            raise _cut_short()
        if marker in FRAMES and len(body) >= 5:
            height, width = struct.unpack_from(">HH", body, 1)
            _can_be_looked_at(width, height)
            has_size = True
        elif MARKUP.search(body):
            raise _disguised()
        if marker == SCAN:
            break
    else:
        raise _too_much()
    last = content.rfind(b"\xff\xd9", at)
    if not has_size or last < 0:
        raise _cut_short()
    if MARKUP.search(content, last) or b"%PDF-" in content[last:]:
        raise _disguised()  # cameras add previews and films after the picture: those may stay


def _can_be_looked_at(width: int, height: int) -> None:
    if not width or not height:
        raise _cut_short()
    if max(width, height) > MOST_ON_A_SIDE or width * height > MOST_PIXELS:
        raise _too_much()


def _too_much() -> InvalidInput:
    text = Text(
        "图片尺寸或文件展开后过大，看的人打不开。请缩小后再上传。",
        "The picture, or what the file unpacks to, is too large to be looked at: make it smaller and upload it again.",
    )
    return refused("too-complex", text)
