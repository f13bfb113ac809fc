"""From the first word to the last: sealed at rest, kept for its time, erased for good."""

import hashlib
import os
import time
from collections.abc import Set
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, select, text

from app.domain.identity import mod_11_2
from app.domain.lifecycle import ApplicationStatus
from app.domain.retention import DRAFT_DAYS, YEARS, Keeping, years_later
from app.storage.database import is_sqlite, scrub, write_engine
from app.storage.paper_tables import PAPER
from app.storage.tables import APPLICATION, CERTIFICATE, EVENT, metadata
from app.storage.tally_tables import FACT
from app.storage.vault_tables import DATA_KEY, ERASURE, FILE_USE
from app.usecases import erasure, rollups, sweep
from tests.crafted import pdf
from tests.doors import Doors, Filed, expect

OWNER = "wang_owner"
NUMBER = "00330819770707001"
SAID = {
    "legal_rep": "欧阳虚构",
    "legal_rep_id": NUMBER + mod_11_2(NUMBER),
    "legal_rep_phone": "10000007777",
    "contact_phone": "10000007778",
    "operator_name": "无名巷虚构小馆有限公司",
    "domicile": "无名巷七十七号二层",
    "delivery_addr": "无名巷七十八号",
    "safety_mgr": "司徒虚构",
    "fire_mgr": "尉迟虚构",
    "sign_place": "临无名巷二层窗上",
}
"""What the person enters: found in no pack, so that it can be looked for."""
PERSONAL = frozenset(SAID.values())
WORDS = ("店名写错了请改正", "一直没有人联系我", "态度很好但是太慢", "先别办了家里有事")
"""Free text of our own, one for each place where somebody may write."""


def told(doors: Doors) -> Filed:
    """A story with a word of everybody in it."""
    filed = doors.file("catering_full", form=SAID)
    filed.act("H1", "receive")
    points = [{"kind": "field", "code": "operator_name", "reason": WORDS[0]}]
    filed.act("L0", "receive")
    filed.act("L0", "request_correction", points=points)
    filed.doors.post(f"/applications/{filed.id}/reports", OWNER, {"text": WORDS[1]}, 201)
    rating = {"item": "H1", "stage": "intake", "level": "satisfied", "tags": [], "text": WORDS[2]}
    filed.doors.post(f"/applications/{filed.id}/ratings", OWNER, rating, 201)
    filed.doors.post(f"/applications/{filed.id}/withdraw", OWNER, {"reason": WORDS[3]})
    return filed


def dumped(doors: Doors) -> bytes:
    """Every byte the database keeps: the files of SQLite, every row of PostgreSQL as text."""
    url = doors.platform.settings.database_url
    if is_sqlite(url):
        path = Path(make_url(url).database or "")
        return b"".join(found.read_bytes() for found in path.parent.glob(f"{path.name}*"))
    engine = write_engine(url)
    with engine.connect() as connection:
        rows = [
            str(row[0])
            for name in metadata.tables
            for row in connection.execute(text(f'SELECT t::text FROM "{name}" t'))  # noqa: S608 - our own names
        ]
    engine.dispose()
    return "\n".join(rows).encode()


def files_of(doors: Doors) -> list[bytes]:
    """Every uploaded file as it lies on the disk."""
    return [path.read_bytes() for path in Path(doors.platform.settings.files_folder).rglob("*") if path.is_file()]


def found_in(content: bytes, words: Set[str]) -> set[str]:
    """Those that can be read there, as they are or escaped as JSON."""
    shown = {word: (word.encode(), word.encode("unicode_escape").replace(b"\\x", b"\\u00")) for word in words}
    return {word for word, forms in shown.items() if any(form in content for form in forms)}


def test_nothing_a_person_said_can_be_read_in_the_database(doors: Doors) -> None:
    filed = told(doors)
    stored = doors.stored(filed.id)
    assert set(map(str, stored.form.values())) >= PERSONAL, "names, numbers and addresses were entered"
    assert found_in(dumped(doors), PERSONAL | set(WORDS)) == set()
    assert found_in(dumped(doors), {filed.reference}), "what is looked for by is plain"
    assert filed.show()["form"]["domicile"] == SAID["domicile"]
    assert not any(name.encode() in content for content in files_of(doors) for name in ("%PDF", *PERSONAL))


def test_a_draft_is_erased_at_once_when_its_person_asks(doors: Doors) -> None:
    draft = doors.draft("catering_full")
    other = doors.draft("catering_simple")
    before = doors.platform.store.read(
        lambda r: r.row(select(DATA_KEY.c.wrapped).where(DATA_KEY.c.owner == draft["id"]))
    )
    assert before is not None
    stone = doors.post("/me/erasures", OWNER, {"application": draft["id"]})
    assert stone["ground"]["code"] == "request"
    assert "第四十七条" in stone["law"]["zh"]
    assert doors.post("/me/erasures", OWNER, {"application": draft["id"]}) == stone, "asking again changes nothing"
    problem = expect(doors.send("GET", f"/applications/{draft['id']}", OWNER), 410)
    assert problem["code"] == "erased"
    expect(doors.send("PATCH", f"/applications/{draft['id']}", OWNER, json={"form": {"seats": 3}}), 410)
    expect(doors.send("POST", f"/applications/{draft['id']}/submit", OWNER), 410)
    lines = {line["id"]: line for line in doors.get("/applications", OWNER)["entries"]}
    assert lines[draft["id"]]["erased_at"] == stone["erased_at"]
    assert lines[other["id"]]["erased_at"] is None
    assert doors.get(f"/applications/{other['id']}", OWNER)["form"], "the other draft is untouched"
    stored = doors.stored(draft["id"])
    assert (stored.answers, stored.form, stored.materials) == ({}, {}, {})
    if is_sqlite(doors.platform.settings.database_url):  # PostgreSQL keeps an old row until it is vacuumed
        assert before["wrapped"].encode() not in dumped(doors), "the key is nowhere any more"


def test_nobody_else_has_a_draft_erased_or_learns_of_it(doors: Doors) -> None:
    draft = doors.draft("catering_full")
    wish = {"json": {"application": draft["id"]}}
    expect(doors.send("POST", "/me/erasures", "lin_mother", **wish), 404)
    expect(doors.send("POST", "/me/erasures", "agent.wang_owner", **wish), 403)
    expect(doors.send("POST", "/me/erasures", "officer.market.330802.1", **wish), 403)
    expect(doors.send("POST", "/me/erasures", None, **wish), 401)
    expect(doors.send("POST", "/me/erasures", OWNER, json={"application": "nothing like it"}), 404)
    assert doors.get(f"/applications/{draft['id']}", OWNER)["form"]
    doors.post("/me/erasures", OWNER, {"application": draft["id"]})
    expect(doors.send("GET", f"/applications/{draft['id']}", "lin_mother"), 404)


def test_what_was_submitted_is_kept_and_the_person_is_told_why_and_until_when(doors: Doors) -> None:
    filed = doors.file("catering_full")
    wish = {"application": filed.id}
    running = doors.post("/me/erasures", OWNER, wish, 409)
    assert (running["code"], running["retain_until"]) == ("must-be-kept", None)
    assert "第十三条" in running["law"]["zh"]
    doors.post(f"/applications/{filed.id}/withdraw", OWNER, {})
    over = doors.post("/me/erasures", OWNER, wish, 409)
    until = years_later(doors.clock.now.date(), YEARS[Keeping.ENDED])
    assert over["retain_until"] == until.isoformat()
    assert "第四十七条第二款" in over["law"]["zh"]
    line = doors.get("/me/retention", OWNER)["entries"][0]
    assert (line["kept_until"], line["may_erase"], line["keeping"]["code"]) == (until.isoformat(), False, "ended")
    assert filed.show()["form"]


def test_the_list_says_of_every_case_how_long_it_is_kept(doors: Doors) -> None:
    filed, draft = doors.file("catering_full"), doors.draft("catering_simple")
    lines = {line["application"]: line for line in doors.get("/me/retention", OWNER)["entries"]}
    assert set(lines) == {filed.id, draft["id"]}
    assert lines[filed.id]["kept_until"] is None
    last = date.fromordinal(doors.clock.now.date().toordinal() + DRAFT_DAYS)
    assert (lines[draft["id"]]["kept_until"], lines[draft["id"]]["may_erase"]) == (last.isoformat(), True)
    first = doors.get("/me/retention", OWNER, limit=1)
    second = doors.get("/me/retention", OWNER, limit=1, cursor=first["next"])
    assert [page["entries"][0]["application"] for page in (first, second)] == list(lines)
    assert second["next"] is None
    assert doors.get("/me/retention", "lin_mother")["entries"] == []


def after(doors: Doors, day: date) -> sweep.Swept:
    """A sweep on that day."""
    doors.clock.go_to(day)
    return sweep.run(doors.platform.context(), doors.platform.store)


def test_a_draft_nobody_touches_any_more_is_erased_by_time(doors: Doors) -> None:
    draft = doors.draft("catering_simple")
    doors.clock.pass_(days=30)
    expect(doors.send("PATCH", f"/applications/{draft['id']}", OWNER, json={"form": {"seats": 3}}))
    last = date.fromordinal(doors.clock.now.date().toordinal() + DRAFT_DAYS)
    assert after(doors, last).erased == 0, "on its last day it is still kept"
    assert after(doors, date.fromordinal(last.toordinal() + 1)).erased == 1
    assert after(doors, date.fromordinal(last.toordinal() + 2)).erased == 0
    expect(doors.send("GET", f"/applications/{draft['id']}", OWNER), 410)
    stone = doors.get("/me/retention", OWNER)["entries"][0]["erasure"]
    assert (stone["ground"]["code"], stone["by"]["code"]) == ("retention", "system")
    assert "第十九条" in stone["law"]["zh"]


@pytest.fixture
def gone(doors: Doors) -> tuple[Doors, Filed, dict[str, Any]]:
    """A finished case whose time is up, and what was counted before."""
    filed = told(doors)
    counted = facts(doors)
    until = date.fromisoformat(doors.get("/me/retention", OWNER)["entries"][0]["kept_until"])
    _close_matters(doors, filed)
    assert after(doors, date.fromordinal(until.toordinal() + 1)).erased == 1
    return doors, filed, counted


def facts(doors: Doors) -> dict[str, Any]:
    """What the indicators count, by fact."""
    return doors.platform.store.read(lambda r: {row["id"]: dict(row) for row in r.rows(select(FACT))})


def _close_matters(doors: Doors, filed: Filed) -> None:
    matter = metadata.tables["matter"]
    engine = write_engine(doors.platform.settings.database_url)
    with engine.begin() as connection:  # how a matter comes to its end is told elsewhere
        is_about = matter.c.application_id == filed.id
        connection.execute(matter.update().where(is_about).values(closed_at=doors.clock.now))
    engine.dispose()


def test_when_the_time_is_up_the_content_goes_and_the_course_stays(
    gone: tuple[Doors, Filed, dict[str, Any]],
) -> None:
    doors, filed, counted = gone
    stored = doors.stored(filed.id)
    assert stored.status is ApplicationStatus.WITHDRAWN
    assert stored.erased_at is not None
    assert (stored.answers, stored.form, stored.materials, stored.notices) == ({}, {}, {}, ())
    assert all(task.reason is None and task.points == () for task in stored.tasks.values())
    events = doors.rows(filed.id)
    course = {event.task: event.end for event in events if event.end is not None}
    assert course == {None: "withdrawn", **{item: task.status.value for item, task in stored.tasks.items()}}
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[-1].kind.value == "erased"
    assert all(event.why is None and dict(event.changes) == {} for event in events)
    assert {key: value for key, value in facts(doors).items() if key in counted} == counted
    assert rollups.reconcile(doors.platform.store) == 0
    assert found_in(dumped(doors), PERSONAL | set(WORDS)) == set()


def test_an_erased_case_opens_at_no_door_and_every_list_says_so(
    gone: tuple[Doors, Filed, dict[str, Any]],
) -> None:
    doors, filed, *_ = gone
    case, task = f"/applications/{filed.id}", f"/tasks/{filed.reference}-L0"
    for path in (case, f"{case}/events", f"{case}/papers", f"{case}/matters", f"{case}/materials/layout"):
        expect(doors.send("GET", path, OWNER), 410)
    expect(doors.send("GET", task, filed.officer("L0")), 410)
    expect(doors.send("GET", case, "supervisor.330802"), 410)
    expect(doors.send("GET", case, "lin_mother"), 404)
    wish = {"reference": filed.reference, "query_code": filed.query_code}
    expect(doors.send("POST", "/progress", json=wish), 410)
    (line,) = [line for line in doors.get("/applications", "clerk.330802")["entries"] if line["id"] == filed.id]
    assert line["erased_at"] is not None
    rows = doors.get("/tasks", filed.officer("L0"), open=False)["entries"]
    assert {row["reference"] for row in rows} == {filed.reference}
    papers = doors.platform.store.read(lambda r: r.rows(select(PAPER.c.number).where(PAPER.c.item.is_(None))))
    assert papers
    for paper in (f"/papers/{row['number']}" for row in papers):
        for path in (paper, f"{paper}.pdf"):
            expect(doors.send("GET", path, OWNER), 410)
            expect(doors.send("GET", path, "clerk.330802"), 410)
            expect(doors.send("GET", path, "supervisor.330802"), 404)
            expect(doors.send("GET", path, "lin_mother"), 404)


def test_erasing_leaves_the_digests_the_tombstone_and_no_key(
    gone: tuple[Doors, Filed, dict[str, Any]],
) -> None:
    doors, filed, *_ = gone
    rows = doors.platform.store.read(lambda r: r.rows(select(EVENT.c.digest, EVENT.c.link, EVENT.c.salt)))
    assert all(row["digest"] and row["link"] and row["salt"] is None for row in rows)
    (stone,) = doors.platform.store.read(lambda r: r.rows(select(ERASURE)))
    assert (stone["application_id"], stone["actor"], stone["ground"]) == (filed.id, "system", "retention")
    key = doors.platform.store.read(lambda r: r.row(select(DATA_KEY).where(DATA_KEY.c.owner == filed.id)))
    assert key is not None
    assert key["wrapped"] is None
    assert doors.platform.store.read(lambda r: r.row(select(APPLICATION.c.retain_until)))["retain_until"] is None
    assert doors.platform.store.read(lambda r: r.rows(select(CERTIFICATE))) == []


def test_a_file_goes_with_the_last_application_that_used_it(doors: Doors) -> None:
    mine, shared = pdf("mine alone"), pdf("of two cases")
    first, second = doors.draft("catering_full"), doors.draft("catering_full")
    expect(doors.upload(first["id"], "layout", OWNER, mine))
    expect(doors.upload(first["id"], "premises_proof", OWNER, shared))
    expect(doors.upload(second["id"], "premises_proof", OWNER, shared))
    doors.post("/me/erasures", OWNER, {"application": first["id"]})
    assert kept(doors, mine, shared) == [True, True], "a file touched a moment ago may be on its way elsewhere"
    age(doors)
    erasure.remove_files(doors.platform.store, doors.platform.world.files)
    assert kept(doors, mine, shared) == [False, True]
    assert doors.send("GET", f"/applications/{second['id']}/materials/premises_proof", OWNER).content == shared
    doors.post("/me/erasures", OWNER, {"application": second["id"]})
    age(doors)
    erasure.remove_files(doors.platform.store, doors.platform.world.files)
    assert kept(doors, mine, shared) == [False, False]
    assert doors.platform.store.read(lambda r: r.rows(select(FILE_USE))) == []


def kept(doors: Doors, *contents: bytes) -> list[bool]:
    """Whether these files are in the folder."""
    there = {path.name for path in Path(doors.platform.settings.files_folder).rglob("*") if path.is_file()}
    return [hashlib.sha256(content).hexdigest() in there for content in contents]


def age(doors: Doors) -> None:
    """Make every file two hours old."""
    for path in Path(doors.platform.settings.files_folder).rglob("*"):
        os.utime(path, (time.time() - 7200, time.time() - 7200))


def test_scrubbing_while_somebody_reads_does_no_harm(doors: Doors) -> None:
    doors.draft("catering_simple")
    engine = write_engine(doors.platform.settings.database_url)
    doors.platform.store.read(lambda reader: scrub(engine) or reader.count("application"))
    engine.dispose()
