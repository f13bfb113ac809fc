"""整件延期 at the browser: the lead department asks, the government's list shows it, its answer is told."""

from tests.doors import Doors
from tests.web.visitors import Visitor

LEAD, HEAD = "officer.market.330802.1", "supervisor.330802"


def test_the_lead_asks_on_its_page_and_the_government_approves_on_its_own(shared_doors: Doors) -> None:
    doors = shared_doors
    filed = doors.file("catering_full")
    filed.act("L0", "receive")
    filed.act("L0", "accept")
    here = f"/more-time/{filed.id}"
    lead, head, owner = Visitor(doors), Visitor(doors), Visitor(doors)
    lead.sign_in(LEAD)
    lead.go(f"/desk/{filed.reference}-L0")
    assert any(link.get("href") == here for link in lead.page.all("a"))
    lead.go(here)
    lead.submit(here, status=422, reason="", days="16")
    assert "1 至 15" in lead.page.one("main").text
    lead.submit(here, reason="五个部门须一并现场核查", days="10")
    assert "待批准的整件延期" in lead.page.one("main").text
    assert not lead.page.one("main").all("form")
    head.sign_in(HEAD)
    head.go("/more-time")
    assert any(link.get("href") == here for link in head.page.one("main").all("a"))
    head.go(here)
    head.submit(f"{here}/answer", status=422, answer="no", said="")
    head.submit(f"{here}/answer", answer="yes", said="同意")
    assert "整件已延期 10 个工作日" in head.page.one("main").text
    owner.sign_in(filed.who)
    owner.go(here)
    assert "五个部门须一并现场核查；同意" in owner.page.one("main").text
    stranger = Visitor(doors)
    stranger.sign_in("lin_mother")
    stranger.go(here, 404)
