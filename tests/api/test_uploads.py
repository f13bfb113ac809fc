"""Materials as files: what they are is read from their bytes, and their names are only shown."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.test_problems import problem_of
from tests.crafted import archive, jpeg, pdf, png
from tests.doors import API, PDF, Doors, expect

OWNER = "wang_owner"
PNG, JPEG = png(), jpeg()
NOT_TAKEN = {
    "text": b"hello",
    "a page": b"<html><script>alert(1)</script></html>",
    "a drawing that can run scripts": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "the same after a declaration": b'\xef\xbb\xbf<?xml version="1.0"?><!DOCTYPE svg><svg onload="alert(1)"/>',
    "a program": b"MZ\x90\x00",
    "a zip": b"PK\x03\x04",
    "nearly a PDF": b" %PDF-1.4",
    "half a signature": b"\x89PN",
}


def uploaded(doors: Doors, code: str, content: bytes, name: str = "a.pdf", who: str = OWNER) -> dict[str, Any]:
    """The material as shown after an upload into a fresh draft."""
    draft = doors.draft("catering_full", who)
    shown = expect(doors.upload(draft["id"], code, who, content, name))
    return {**next(paper for paper in shown["materials"] if paper["code"] == code), "application": draft["id"]}


@pytest.mark.parametrize(
    ("content", "media_type"), [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")]
)
def test_a_file_is_what_its_bytes_say_and_is_sent_as_nothing_else(
    shared_doors: Doors, content: bytes, media_type: str
) -> None:
    paper = uploaded(shared_doors, "layout", content, "layout.v2")
    assert (paper["media_type"], paper["size"], paper["filename"]) == (media_type, len(content), "layout.v2")
    response = shared_doors.send("GET", f"/applications/{paper['application']}/materials/layout", OWNER)
    assert (response.content, response.headers["content-type"]) == (content, media_type)
    assert response.headers["content-disposition"].startswith('attachment; filename="layout.')
    assert response.headers["content-security-policy"].startswith("sandbox")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "private, no-store"


HARMFUL = {
    "a script": (pdf(extra=b"<< /S /JavaScript /JS (x) >>\n"), "a.pdf", "/file", "active-content"),
    "an archive": (png() + archive(), "a.png", "/file", "disguised"),
    "a bomb": (png(60_000, 60_000), "a.png", "/file", "too-complex"),
    "half a photograph": (jpeg()[:-2], "a.jpg", "/file", "incomplete"),
    "another ending": (PDF, "a.exe", "/file/filename", "wrong-ending"),
    "a name that reads backwards": (PDF, "name\u202efdp.exe", "/file/filename", "bad-name"),
}


@pytest.mark.parametrize("what", HARMFUL)
def test_harmful_files_are_refused_and_not_kept(shared_doors: Doors, what: str) -> None:
    content, name, pointer, code = HARMFUL[what]
    draft = shared_doors.draft("catering_full")
    found = problem_of(shared_doors.upload(draft["id"], "layout", OWNER, content, name), 422)
    assert [(fault["pointer"], fault["code"]) for fault in found["errors"]] == [(pointer, code)]
    folder = Path(shared_doors.platform.settings.files_folder)
    assert not list(folder.rglob(hashlib.sha256(content).hexdigest())) or content == PDF


def test_what_is_far_too_large_is_refused_while_it_arrives(shared_doors: Doors) -> None:
    path = f"{API}/applications/{shared_doors.draft('catering_full')['id']}/materials/layout"
    headers = {**shared_doors.sign_in(OWNER), "Content-Type": "multipart/form-data; boundary=x"}

    def endless() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + PDF
        for _ in range(100):
            yield b"x" * 1_000_000

    problem_of(shared_doors.client.put(path, content=endless(), headers=headers), 413, "too-large")
    announced = {**headers, "Content-Length": "99000000"}
    problem_of(shared_doors.client.put(path, content=b"", headers=announced), 413, "too-large")
    page = shared_doors.client.post(path.removeprefix(API), content=b"", headers={**announced, "Accept": "text/html"})
    assert (page.status_code, "<h1" in page.text) == (413, True)


@pytest.mark.parametrize("what", NOT_TAKEN)
def test_other_kinds_of_files_are_refused(shared_doors: Doors, what: str) -> None:
    draft = shared_doors.draft("catering_full")
    found = problem_of(shared_doors.upload(draft["id"], "layout", OWNER, NOT_TAKEN[what], "a.pdf"), 422)
    assert [(fault["pointer"], fault["code"]) for fault in found["errors"]] == [("/file", "wrong-type")]
    assert "pdf" in found["errors"][0]["detail"]["zh"]


def test_a_material_that_must_be_a_pdf_takes_no_picture(shared_doors: Doors) -> None:
    draft = shared_doors.draft("house_full", "zheng_buyer")
    found = problem_of(shared_doors.upload(draft["id"], "mortgage", "zheng_buyer", PNG, "a.png"), 422)
    assert "png" not in found["errors"][0]["detail"]["zh"]


def test_an_empty_file_is_refused(shared_doors: Doors) -> None:
    draft = shared_doors.draft("catering_full")
    found = problem_of(shared_doors.upload(draft["id"], "layout", OWNER, b""), 422)
    assert found["errors"][0]["code"] == "empty"


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_taken(shared_doors: Doors) -> None:
    limit = shared_doors.platform.settings.upload_megabytes * 1_000_000
    draft = shared_doors.draft("catering_full")
    at_limit = pdf(extra=b"%" + b"x" * (limit - len(PDF) - 2) + b"\n")
    expect(shared_doors.upload(draft["id"], "layout", OWNER, at_limit))
    response = shared_doors.upload(draft["id"], "layout", OWNER, at_limit + b"\n")
    found = problem_of(response, 422)
    assert (found["errors"][0]["code"], "10" in found["errors"][0]["detail"]["zh"]) == ("too-large", True)


NAMES = {
    "../../etc/passwd": "passwd",
    "..\\..\\windows\\win.ini": "win.ini",
    "/": None,
    "平面图 第1版😀.pdf": "平面图 第1版😀.pdf",
    "a.pdf" * 60: ("a.pdf" * 60)[:120],
    "..": "..",
    "a\u200bb.pdf": "ab.pdf",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_only_shown_and_never_a_path(shared_doors: Doors, name: str) -> None:
    before = {path for path in Path(shared_doors.platform.settings.files_folder).rglob("*") if path.is_file()}
    content = PDF + name.encode()
    paper = uploaded(shared_doors, "layout", content, name)
    assert paper["filename"] == NAMES[name]
    folder = Path(shared_doors.platform.settings.files_folder)
    added = {path for path in folder.rglob("*") if path.is_file()} - before
    assert {path.name for path in added} >= {paper["digest"]}
    assert all(path.parent.parent == folder and path.name.isalnum() for path in added)


@pytest.mark.parametrize(
    ("name", "statuses"),
    [("a\x00b.pdf", {400, 422}), ("a\nb.pdf", {400, 422}), ("a;b.pdf", {200}), ("a'b.pdf", {200}), ("<b>.pdf", {200})],
)
def test_a_name_with_odd_characters_does_no_harm(shared_doors: Doors, name: str, statuses: set[int]) -> None:
    draft = shared_doors.draft("catering_full")
    raw = b'--xx\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\n\r\n%b\r\n--xx--\r\n'
    headers = {**shared_doors.sign_in(OWNER), "Content-Type": "multipart/form-data; boundary=xx"}
    path = f"/applications/{draft['id']}/materials/layout"
    response = shared_doors.client.put(f"{API}{path}", content=raw % (name.encode(), PDF), headers=headers)
    assert response.status_code in statuses, response.text
    shown = shared_doors.get(f"/applications/{draft['id']}", OWNER)
    kept = next(paper["filename"] for paper in shown["materials"] if paper["code"] == "layout")
    assert (kept == name) is (statuses == {200})


def test_a_second_upload_replaces_the_first(shared_doors: Doors) -> None:
    paper = uploaded(shared_doors, "layout", PDF + b"one", "one.pdf")
    shown = expect(shared_doors.upload(paper["application"], "layout", OWNER, PDF + b"two", "two.pdf"))
    layouts = [entry for entry in shown["materials"] if entry["code"] == "layout"]
    assert [entry["filename"] for entry in layouts] == ["two.pdf"]
    response = shared_doors.send("GET", f"/applications/{paper['application']}/materials/layout", OWNER)
    assert response.content == PDF + b"two"


def test_a_removed_material_is_missing_again(shared_doors: Doors) -> None:
    paper = uploaded(shared_doors, "layout", PDF)
    path = f"/applications/{paper['application']}/materials/layout"
    shown = expect(shared_doors.send("DELETE", path, OWNER))
    assert [fault["pointer"] for fault in shown["faults"]] == ["/materials/layout"]
    problem_of(shared_doors.send("GET", path, OWNER), 404)
    expect(shared_doors.send("DELETE", path, OWNER))
    shared_doors.post(f"/applications/{paper['application']}/submit", OWNER, status=422)


def test_a_material_nobody_asks_for_is_not_found(shared_doors: Doors) -> None:
    draft = shared_doors.draft("catering_simple")
    for code in ("fire_plan", "no_such_paper", "..", "x" * 64):
        response = shared_doors.upload(draft["id"], code, OWNER)
        assert response.status_code in {404, 405}, code


def test_a_missing_file_part_is_told_by_name(shared_doors: Doors) -> None:
    draft = shared_doors.draft("catering_simple")
    path = f"/applications/{draft['id']}/materials/layout"
    found = problem_of(shared_doors.send("PUT", path, OWNER, files={"other": ("a.pdf", PDF)}), 422)
    assert [fault["pointer"] for fault in found["errors"]] == ["/file"]
    problem_of(shared_doors.send("PUT", path, OWNER, content=b"x"), 422)


def test_the_same_file_twice_is_kept_once(shared_doors: Doors) -> None:
    first, second = (uploaded(shared_doors, "layout", PDF + b"the same") for _ in range(2))
    assert first["digest"] == second["digest"]
    folder = Path(shared_doors.platform.settings.files_folder)
    assert len(list(folder.rglob(first["digest"]))) == 1
