"""Files as they arrive: whole, of one kind, harmless, and named for what they are."""

import struct
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InvalidInput
from app.domain.uploads import MOST_UNPACKED, examine, must_be_named_for, recognised, shown_name
from tests.crafted import archive, chunk, jpeg, packed, pdf, png, segment

SCRIPT = b"<script>alert(1)</script>"
LONG_BYTES = bytes(range(256)) * 40

HIDDEN = b"9 0 << /S /JavaScript >>"
BOMB = zlib.compress(b" " * 50_000_000)


def object_stream(how: bytes, content: bytes, kind: bytes = b"/Type /ObjStm ") -> bytes:
    """Objects of a PDF packed in some way."""
    said = b"<< " + kind + b"/N 1 /First 4 " + how + b" /Length %d >>" % len(content)
    return b"9 0 obj\n" + said + b"\nstream\n" + content + b"\nendstream\nendobj\n"


def split() -> bytes:
    """Packed objects whose first part stands as it is and says ``stream``; the rest is packed."""
    packing = zlib.compressobj(0)
    begun = packing.compress(b"stream\n" * 9) + packing.flush(zlib.Z_FULL_FLUSH)
    rest = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = rest.compress(HIDDEN) + rest.flush()
    return begun + body + struct.pack(">I", zlib.adler32(b"stream\n" * 9 + HIDDEN))


FINE = {
    "a page with objects packed as people's programs do": pdf(
        extra=object_stream(b"/Filter /FlateDecode", zlib.compress(b"1 0 << /Type /Font >>"))
        + b"10 0 obj\n<< /Type /Outlines /First 9 0 R >>\nendobj\n"
        + b"11 0 obj\n<< /Subtype /Image /Filter /DCTDecode /Length 4 >>\nstream\n\xff\xd8\xff\xd9\nendstream\nendobj\n"
    ),
    "a picture with a profile of its colours": png(extra=chunk(b"iCCP", b"sRGB\x00\x00" + zlib.compress(LONG_BYTES))),
    "a page": pdf(),
    "a page saved twice": pdf() + pdf(),
    "a page with objects packed": pdf(extra=packed(b"1 0 << /Type /Font >>")),
    "a page followed by a blank line": pdf() + b"\r\n\r\n",
    "a page about JavaScript": pdf("all about JavaScript and Launch"),
    "a picture": png(),
    "a picture with words": png(extra=chunk(b"tEXt", b"Comment\x00a < b > c")),
    "a large picture": png(12_000, 9_000),
    "a photograph": jpeg(),
    "a photograph with a film after it": jpeg() + b"\x00\x00\x00\x18ftypmp42" + LONG_BYTES,
    "a photograph with filling between its parts": jpeg().replace(b"\xff\xc0", b"\xff\xff\xff\xc0"),
    "bytes that look like the end of an archive": jpeg(extra=segment(0xE1, b"PK\x05\x06" + b"\x00" * 40)),
}
UNFIT = {
    "a page cut short": (pdf()[:-20], "incomplete"),
    "a page without its table": (b"%PDF-1.7\n%%EOF\n", "incomplete"),
    "a page with a script": (
        pdf(extra=b"9 0 obj\n<< /S /JavaScript /JS (app.alert(1)) >>\nendobj\n"),
        "active-content",
    ),
    "a script spelled otherwise": (pdf(extra=b"9 0 obj\n<< /S /J#61va#53cript >>\nendobj\n"), "active-content"),
    "a packed script": (pdf(extra=packed(b"9 0 << /S /JavaScript >>")), "active-content"),
    "a packed script under another spelling": (
        pdf(extra=packed(b"9 0 << /S /#4aavaScript >>", b"/Obj#53tm")),
        "active-content",
    ),
    "a page that starts a program": (pdf(extra=b"<< /Type /Action /S /Launch >>\n"), "active-content"),
    "a page with an attachment": (pdf(extra=b"<< /Names << /EmbeddedFiles 7 0 R >> >>\n"), "active-content"),
    "a locked page": (pdf(extra=b"<< /Encrypt 8 0 R >>\n"), "encrypted"),
    "a packed script behind a long dictionary": (
        pdf(extra=packed(b"9 0 << /S /JavaScript >>", b"/ObjStm %" + b"x" * 5000 + b"\n")),
        "active-content",
    ),
    "a page that unpacks without end": (pdf(extra=packed(b" " * (MOST_UNPACKED + 1))), "too-complex"),
    "a page packed in another way": (
        pdf(extra=b"9 0 obj\n<< /Type /ObjStm /Filter /LZWDecode >>\nstream\nxyz\nendstream\nendobj\n"),
        "unreadable",
    ),
    "a script packed twice": (
        pdf(extra=object_stream(b"/Filter [/FlateDecode /FlateDecode]", zlib.compress(zlib.compress(HIDDEN)))),
        "unreadable",
    ),
    "a script packed as a table is": (
        pdf(extra=object_stream(b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>", zlib.compress(HIDDEN))),
        "unreadable",
    ),
    "a packed script in a package without a name": (
        pdf(extra=object_stream(b"/Filter /FlateDecode", zlib.compress(HIDDEN), kind=b"")),
        "active-content",
    ),
    "a packed script on a line that ends in the old way": (
        pdf(extra=object_stream(b"/Filter /FlateDecode", zlib.compress(HIDDEN)).replace(b"stream\n", b"stream\r", 1)),
        "active-content",
    ),
    "a packed script behind the word that ends a package": (
        pdf(extra=object_stream(b"/Filter /FlateDecode", split())),
        "active-content",
    ),
    "a package that never ends": (
        pdf(extra=object_stream(b"/Filter /FlateDecode", zlib.compress(LONG_BYTES)[:-40])),
        "unreadable",
    ),
    "a page that is a web page, too": (b"%PDF-1.7\n" + SCRIPT + pdf(), "disguised"),
    "a page with a web page after it": (pdf() + SCRIPT, "disguised"),
    "a page that is an archive, too": (pdf() + archive(), "disguised"),
    "a picture cut short": (png()[:-3], "incomplete"),
    "a picture altered on the way": (png()[:-14] + b"\x00" + png()[-13:], "incomplete"),
    "a picture without a header": (b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""), "incomplete"),
    "nothing but a signature": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 20, "incomplete"),
    "a picture of no size": (png(0, 7), "incomplete"),
    "a picture too wide": (png(20_001, 1), "too-complex"),
    "a picture of too many points": (png(12_000, 12_000), "too-complex"),
    "a picture with a page in it": (png(extra=chunk(b"tEXt", b"Comment\x00" + SCRIPT)), "disguised"),
    "a picture whose colours unpack without end": (png(extra=chunk(b"iCCP", b"sRGB\x00\x00" + BOMB)), "too-complex"),
    "a picture whose words unpack without end": (
        png(extra=chunk(b"iTXt", b"Comment\x00\x01\x00zh\x00\x00" + BOMB)),
        "too-complex",
    ),
    "a picture with a page after it": (png() + SCRIPT, "disguised"),
    "a picture that is an archive, too": (png() + archive(), "disguised"),
    "a photograph cut short": (jpeg()[:-2], "incomplete"),
    "a photograph cut short in its head": (jpeg()[:20], "incomplete"),
    "a photograph without a picture": (b"\xff\xd8\xff\xe0" + b"\x00" * 20, "incomplete"),
    "a photograph too wide": (jpeg(65_000, 65_000), "too-complex"),
    "a photograph with a page in a comment": (jpeg(extra=segment(0xFE, SCRIPT)), "disguised"),
    "a photograph with a program in its camera's data": (jpeg(extra=segment(0xE1, b"Exif <?php x")), "disguised"),
    "a photograph with a PDF after it": (jpeg() + pdf(), "disguised"),
    "a photograph that is an archive, too": (jpeg() + archive(), "disguised"),
}


def is_fit(kind: str, content: bytes) -> bool:
    """Whether it is taken; anything but a refusal is a mistake of ours."""
    try:
        examine(kind, content)
    except InvalidInput:
        return False
    return True


def code_of(content: bytes) -> str:
    """Why the file is refused."""
    found = recognised(content)
    assert found is not None
    with pytest.raises(InvalidInput) as caught:
        examine(found[0], content)
    (fault,) = caught.value.faults
    assert (fault.pointer, bool(fault.detail.zh), bool(fault.detail.en)) == ("/file", True, True)
    return fault.code


@pytest.mark.parametrize("what", FINE)
def test_what_people_hand_in_is_taken(what: str) -> None:
    found = recognised(FINE[what])
    assert found is not None
    examine(found[0], FINE[what])


@pytest.mark.parametrize("what", UNFIT)
def test_what_is_broken_or_carries_something_along_is_refused(what: str) -> None:
    content, code = UNFIT[what]
    assert code_of(content) == code


@given(st.sampled_from([pdf(), png(), jpeg()]), st.data())
def test_no_spoilt_file_is_more_than_refused(whole: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(8, len(whole) - 1))
    spoilt = whole[:at] + data.draw(st.binary(max_size=12)) + whole[at + data.draw(st.integers(0, 12)) :]
    found = recognised(spoilt)
    assert found is not None
    assert is_fit(found[0], spoilt) in {True, False}


@pytest.mark.parametrize(
    "content",
    [
        pdf(extra=b"9 0 obj << /ObjStm " + b"stream\n" * 200_000),
        pdf(extra=b"/ObjStm " * 100_000 + (b"stream\n\x78\x9c\x03\x00\x00\x00\x00\x01" * 50_000)),
        pdf(extra=b"/" * 2_000_000),
        pdf(extra=b"<" * 2_000_000),
        jpeg(extra=segment(0xE1, b"<" * 60_000) * 30),
        jpeg() + b"PK\x05\x06" * 500_000,
    ],
)
def test_a_file_made_to_be_slow_is_examined_in_a_moment(content: bytes) -> None:
    began = time.process_time()
    found = recognised(content)
    assert found is not None
    is_fit(found[0], content)
    assert time.process_time() - began < 2


def test_a_length_that_lies_leads_nowhere() -> None:
    lying = jpeg().replace(struct.pack(">H", 16), struct.pack(">H", 60_000), 1)
    assert code_of(lying) == "incomplete"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.pdf", "a.pdf"),
        ("C:\\scans\\a.pdf", "a.pdf"),
        ("../../etc/passwd", "passwd"),
        ("平面图 第1版😀.pdf", "平面图 第1版😀.pdf"),
        ("a\u200bb.pdf", "ab.pdf"),
        ("x" * 200, "x" * 120),
        ("", None),
        ("/", None),
    ],
)
def test_a_name_is_shown_without_its_path(name: str, shown: str | None) -> None:
    assert shown_name(name) == shown


@pytest.mark.parametrize("sign", ["\x00", "\n", "\r", "\x1b", "\x7f", "\x85", "\u2028", "\u202e", "\u2066", "\u200f"])
def test_a_name_made_to_be_read_as_another_is_refused(sign: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        shown_name(f"plan{sign}fdp.exe")
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("/file/filename", "bad-name")]


@pytest.mark.parametrize("name", [None, "layout", "layout.pdf", "Layout.PDF", "layout.v2", "图纸.第二版", "exe"])
def test_a_name_may_be_anything_that_claims_no_other_kind(name: str | None) -> None:
    must_be_named_for("pdf", name)


@pytest.mark.parametrize("name", ["a.exe", "a.pdf.EXE", "a.png", "a.html", "a.docx", ".svg"])
def test_a_name_that_claims_another_kind_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        must_be_named_for("pdf", name)
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("/file/filename", "wrong-ending")]
