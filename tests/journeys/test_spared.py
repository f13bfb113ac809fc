"""What a case spared, on the receipt, on the application and in the figures of the bundle and the region."""

from tests.doors import Doors

CITY = "supervisor.330800"
YEAR = {"from": "2026-01-01", "to": "2026-12-31"}


def test_the_receipt_names_what_was_spared_and_why(doors: Doors) -> None:
    filed = doors.file("birth_full")
    spared = filed.show()["spared"]
    ways = {own["code"]: own["way"]["code"] for own in spared["materials"]}
    assert "certificate" in ways.values()
    assert "result" in ways.values()
    assert spared["materials_before"] == spared["materials_left"] + sum(own["times"] for own in spared["materials"])
    assert spared["visits_left"] == 0
    assert len(spared["visits"]) == len(filed.departments)
    (line,) = [entry for entry in doors.get(f"/applications/{filed.id}/papers", filed.who) if entry["item"] is None]
    receipt = doors.get(f"/papers/{line['number']}", filed.who)
    (section,) = [part for part in receipt["sections"] if part["kind"]["code"] == "spared"]
    assert section["paragraphs"][0] == spared["says"]
    names = {own["says"]["zh"] for part in ("fields", "materials", "visits") for own in spared[part]}
    assert names == {point["zh"] for point in section["points"]}


def test_a_draft_shows_nothing_spared_yet(doors: Doors) -> None:
    assert doors.draft("birth_full")["spared"] is None


def test_fewer_papers_is_a_question_with_the_cases_behind_it(doors: Doors) -> None:
    birth, restaurant = doors.file("birth_full"), doors.file("catering_full")
    found = doors.get("/indicators/values", CITY, by="bundle", **YEAR)
    by_bundle = {
        group["key"]: next(value for value in group["values"] if value["code"] == "materials_saved")
        for group in found["groups"]
    }
    for filed in (birth, restaurant):
        spared, value = filed.show()["spared"], by_bundle["birth" if filed is birth else "catering"]
        assert value["denominator"] == spared["materials_before"]
        assert value["numerator"] == spared["materials_before"] - spared["materials_left"]
    assert by_bundle["birth"]["value"] > 0.8
    lines = doors.get("/indicators/materials_saved/cases", CITY, bundle="birth", **YEAR)["entries"]
    assert [line["application"] for line in lines] == [birth.id]
    assert lines[0]["amount"] == by_bundle["birth"]["numerator"]
    behind = doors.get(f"/applications/{lines[0]['application']}", CITY)["spared"]
    assert behind["materials_before"] - behind["materials_left"] == lines[0]["amount"]
    assert behind["materials"] == [], "which papers is content, and supervision reads none"
    own = birth.show()["spared"]["materials"]
    assert sum(paper["times"] for paper in own) == lines[0]["amount"], "by name for the applicant"


def test_filing_at_a_counter_is_a_way_that_was_made(doors: Doors) -> None:
    filed = doors.file("birth_full", "clerk.330802")
    assert filed.show("clerk.330802")["spared"]["visits_left"] == 1
    figures = {value["code"]: value for value in doors.get("/indicators/values", CITY, **YEAR)["total"]}
    assert (figures["visits"]["value"], figures["visits_saved"]["numerator"]) == (1.0, 8)
