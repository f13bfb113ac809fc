"""Papers through the API: served with the event, fixed, readable as data, page and PDF, and checked by anybody."""

import os
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import update

from app.connectors.paper_pdf import PaperPress
from app.storage import papers as rows
from app.storage.database import write_engine
from app.storage.paper_tables import PAPER
from app.storage.queries import Reader
from tests.doors import Doors, Filed, expect

needs_fonts = pytest.mark.skipif(
    PaperPress().chinese_font is None and not os.environ.get("APP_TEST_REQUIRE_ALL"),
    reason="no Chinese font on this machine",
)


def lines(filed: Filed, who: str | None = None) -> list[dict[str, Any]]:
    """The papers of an application as somebody sees them."""
    found: list[dict[str, Any]] = filed.doors.get(f"/applications/{filed.id}/papers", who or filed.who)
    return found


def number_of(filed: Filed, kind: str, item: str | None = None) -> str:
    """The number of the one paper of that kind."""
    (found,) = [
        line["number"] for line in lines(filed) if line["kind"]["code"] == kind and item in {None, line["item"]}
    ]
    return str(found)


def opened(filed: Filed, kind: str, item: str | None = None, who: str | None = None) -> dict[str, Any]:
    """The paper itself."""
    found: dict[str, Any] = filed.doors.get(f"/papers/{number_of(filed, kind, item)}", who or filed.who)
    return found


def checked(doors: Doors, verify_url: str, **changes: str) -> dict[str, Any]:
    """What anybody learns by following the QR code, perhaps with another code or number."""
    url = urlsplit(verify_url)
    path = url.path.removeprefix("/api/v1")
    code = changes.get("code", parse_qs(url.query)["code"][0])
    if "number" in changes:
        path = f"/papers/{changes['number']}/verify"
    found: dict[str, Any] = doors.get(path, None, code=code)
    return found


def test_submission_serves_the_receipt_in_the_same_breath(doors: Doors) -> None:
    filed = doors.file("catering_full")
    (line,) = lines(filed)
    assert (line["kind"]["code"], line["item"], line["recipient"]) == ("receipt", None, "wang_owner")
    paper = opened(filed, "receipt")
    assert paper["addressee"]["zh"] == "王示例"
    assert paper["standing"]["code"] == "in_force"
    assert paper["label"]["zh"].startswith("教学演示")
    assert re.fullmatch(r"[0-9a-f]{64}", paper["digest"])
    assert filed.query_code not in str(paper)


def test_a_paper_stays_as_it_was_served_when_the_case_goes_on(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.act("H1", "receive")
    filed.act("H1", "accept")
    before = opened(filed, "acceptance", "H1")
    filed.act("H1", "review")
    filed.act("H1", "begin_special", reason="需要复检", procedure="testing", days=5)
    doors.clock.pass_(days=2)
    filed.act("H1", "end_special")
    assert filed.tasks()["H1"]["promised_due_on"] is not None
    assert opened(filed, "acceptance", "H1") == before
    assert "需要复检" in str(opened(filed, "special", "H1")["sections"])


def test_silence_makes_a_receipt_without_anybody_signing_in(doors: Doors) -> None:
    filed = doors.file("birth_full")
    doors.clock.pass_(days=10)
    assert doors.sweep() == 1
    accepted = [line["item"] for line in lines(filed) if line["kind"]["code"] == "acceptance"]
    assert set(accepted) == {item for item, task in filed.tasks().items() if task["is_deemed_accepted"]}
    assert doors.sweep() == 0
    assert len({line["number"] for line in lines(filed)}) == len(lines(filed))


def test_each_office_opens_its_own_papers_and_nobody_elses(doors: Doors) -> None:
    filed = doors.file("catering_full")
    for item in ("H1", "L0"):
        filed.act(item, "receive")
        filed.act(item, "accept")
    health, market = filed.officer("H1"), filed.officer("L0")
    assert {line["item"] for line in lines(filed, health)} == {"H1"}
    assert opened(filed, "acceptance", "H1", health)["issuer"]["zh"] == "柯城区卫生健康局"
    own, receipt = number_of(filed, "acceptance", "H1"), number_of(filed, "receipt")
    for number, who in ((own, market), (receipt, health), (own, "lin_mother"), (own, "steward.330000")):
        assert doors.send("GET", f"/papers/{number}", who).status_code == 404, (number, who)
    assert doors.send("GET", f"/papers/{own}").status_code == 401
    assert doors.send("GET", f"/applications/{filed.id}/papers", "lin_mother").status_code == 404
    assert doors.send("GET", f"/applications/{filed.id}/papers", "officer.tax.330802.1").status_code == 404
    assert doors.get(f"/papers/{own}", "clerk.330802")["number"] == own
    assert doors.get(f"/papers/{own}", "agent.wang_owner")["number"] == own


def test_supervision_sees_which_papers_there_are_and_opens_none(doors: Doors) -> None:
    filed = doors.file("catering_full")
    (line,) = lines(filed, "supervisor.330800")
    assert line["may_open"] is False
    assert doors.send("GET", f"/papers/{line['number']}", "supervisor.330800").status_code == 404


def test_anybody_may_check_a_paper_and_learns_nothing_personal(doors: Doors) -> None:
    filed = doors.file("catering_full")
    paper = opened(filed, "receipt")
    found = checked(doors, paper["verify_url"])
    assert found["is_authentic"] is True
    assert (found["title"]["zh"], found["issuer"]["zh"]) == ("接收回执", "柯城区政务服务中心")
    assert (found["served_on"], found["standing"]["code"]) == ("2026-03-16", "in_force")
    assert found["digest"] == paper["digest"]
    for secret in ("王示例", "Wang Shili", "wang_owner", "00330819880105003X", "10000000013"):
        assert secret not in str(found)


def test_a_wrong_code_and_a_wrong_number_are_answered_alike(doors: Doors) -> None:
    filed = doors.file("catering_full")
    paper = opened(filed, "receipt")
    wrong = checked(doors, paper["verify_url"], code="AAAAAAAAAA")
    nobody = checked(doors, paper["verify_url"], number="L330802-20260316-999999-0-W0101")
    empty = checked(doors, paper["verify_url"], code="")
    assert [found["is_authentic"] for found in (wrong, nobody, empty)] == [False] * 3
    assert [{**found, "number": ""} for found in (wrong, nobody)] == [{**empty, "number": ""}] * 2


def test_a_code_typed_from_paper_may_be_in_small_letters_with_spaces(doors: Doors) -> None:
    paper = opened(doors.file("catering_full"), "receipt")
    code = parse_qs(urlsplit(paper["verify_url"]).query)["code"][0]
    typed = f" {code[:5].lower()} {code[5:].lower()} "
    assert checked(doors, paper["verify_url"], code=typed, number=paper["number"].lower())["is_authentic"]


def test_a_paper_that_was_altered_in_the_database_is_not_authentic(doors: Doors) -> None:
    paper = opened(doors.file("catering_full"), "receipt")
    content = {**doors.platform.store.read(lambda reader: _content(reader, paper["number"])), "issuer_code": "x"}
    engine = write_engine(doors.platform.settings.database_url)
    with engine.begin() as connection:
        connection.execute(update(PAPER).where(PAPER.c.number == paper["number"]).values(content=content))
    engine.dispose()
    found = checked(doors, paper["verify_url"])
    assert (found["is_authentic"], found["title"]) == (False, None)
    assert "不一致" in found["note"]["zh"]


def _content(reader: Reader, number: str) -> dict[str, Any]:
    found = rows.paper(reader, number)
    assert found is not None
    return dict(found.content)


def test_the_verification_says_when_a_notice_has_been_answered(doors: Doors) -> None:
    filed = doors.file("catering_full")
    for item in ("L0", "H1"):
        filed.act(item, "receive")
    filed.post_points("L0", ("field", "premises_right"))
    filed.act("H1", "accept")
    url = opened(filed, "correction")["verify_url"]
    assert checked(doors, url)["standing"]["code"] == "in_force"
    filed.correct(1, premises_right="自有")
    assert checked(doors, url)["standing"]["code"] == "answered"


def test_a_browser_gets_a_page_without_inline_anything(doors: Doors) -> None:
    filed = doors.file("catering_full")
    path = f"/papers/{number_of(filed, 'receipt')}"
    page = doors.send("GET", path, filed.who, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<h1>接收回执</h1>" in page.text
    assert "style=" not in page.text
    english = doors.send("GET", path, filed.who, headers={"Accept": "text/html"}, params={"lang": "en"})
    assert "Receipt of submission" in english.text
    sheet = re.search(r'rel="stylesheet" href="([^"]+)"', page.text)
    assert sheet is not None
    style = doors.client.get(sheet[1])
    assert (style.status_code, style.headers["content-type"].split(";")[0]) == (200, "text/css")


def test_the_verification_is_a_page_too(doors: Doors) -> None:
    paper = opened(doors.file("catering_full"), "receipt")
    url = urlsplit(paper["verify_url"])
    page = doors.client.get(f"{url.path}?{url.query}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "核验通过" in page.text
    assert "王示例" not in page.text


@needs_fonts
def test_a_paper_comes_as_pdf_by_its_name_or_by_asking_for_it(doors: Doors) -> None:
    filed = doors.file("catering_full")
    number = number_of(filed, "receipt")
    by_name = doors.send("GET", f"/papers/{number}.pdf", filed.who)
    by_asking = doors.send("GET", f"/papers/{number}", filed.who, headers={"Accept": "application/pdf"})
    assert by_name.headers["content-type"] == "application/pdf"
    assert by_name.content.startswith(b"%PDF-")
    assert by_name.content == by_asking.content
    assert number in by_name.headers["content-disposition"]
    assert doors.send("GET", f"/papers/{number}.pdf", "lin_mother").status_code == 404


def test_without_a_chinese_font_the_pdf_is_refused_and_the_page_still_works(doors: Doors) -> None:
    filed = doors.file("catering_full")
    number = number_of(filed, "receipt")
    doors.client.app.state.press = PaperPress(system_fonts=False)  # type: ignore[attr-defined]
    refused = expect(doors.send("GET", f"/papers/{number}.pdf", filed.who), 503)
    assert refused["code"] == "no-fonts"
    assert "打印" in refused["detail_zh"]
    page = doors.send("GET", f"/papers/{number}", filed.who, headers={"Accept": "text/html"})
    assert page.status_code == 200


def test_paper_taken_at_the_counter_gets_a_slip_that_its_office_can_open(doors: Doors) -> None:
    draft = doors.draft("catering_full", "clerk.330802", applicant="wang_owner")
    path = f"/applications/{draft['id']}"
    expect(doors.send("PUT", f"{path}/materials/premises_proof/paper", "clerk.330802", json={"note": "原件 1 份"}))
    doors.post(f"{path}/submit", "clerk.330802")
    found = doors.get(f"{path}/papers", "clerk.330802")
    (slip,) = [line for line in found if line["kind"]["code"] == "handover"]
    assert (slip["item"], slip["recipient"]) == ("L0", "market.330802")
    assert "原件 1 份" in str(doors.get(f"/papers/{slip['number']}", "officer.market.330802.1")["sections"])
