"""The catalogue for its editors: every part within reach, found by words, with its marks and what uses it."""

from collections.abc import Callable

from app.usecases.catalogue_parts import PartKind
from tests.doors import Doors
from tests.web.visitors import Visitor

OFFICER = "officer.market.330802.1"


def test_every_part_of_the_packs_is_listed_once(doors: Doors) -> None:
    library = doors.platform.world.library
    found = doors.get("/catalogue/parts", limit=1000)
    assert {one["kind"]["code"] for one in found["counts"]} == {kind.value for kind in PartKind}
    counts = {one["kind"]["code"]: one["count"] for one in found["counts"]}
    assert (counts["material"], counts["field"], counts["item"]) == (
        len(library.materials),
        len(library.fields),
        len(library.items),
    )
    assert found["total"] == len(found["parts"]) == sum(counts.values())
    used = {part["code"]: part["used_by"] for part in found["parts"] if part["kind"]["code"] == "material"}
    assert "F1" in used["premises_proof"]


def test_words_narrow_it_down_and_links_lead_to_the_whole(visit_as: Callable[[str], Visitor], doors: Doors) -> None:
    visitor = visit_as(OFFICER)
    visitor.go("/catalogue")
    visitor.submit("/catalogue/parts", q="食品 许可")
    told = doors.get("/catalogue/parts", q="食品 许可")
    links = [link.get("href") for link in visitor.page.one("main").one("tbody").all("a")]
    assert told["total"] == len(visitor.page.one("tbody").all("tr"))
    assert "/catalogue/items/F1" in links
    for target in dict.fromkeys(link.partition("#")[0] for link in links):
        visitor.go(target)
    visitor.go("/catalogue/parts?q=zzzz")
    assert "没有这样的内容" in visitor.page.text
    visitor.go("/catalogue/parts?q=330802199001011232", 422)
