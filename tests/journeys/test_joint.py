"""The limit of the whole through the API: who has one is told before submitting, and past it the whole is deep red."""

from datetime import date

from tests.doors import Doors


def test_a_restaurant_has_45_days_for_its_licences_and_the_whole_turns_deep_red_past_them(doors: Doors) -> None:
    draft = doors.draft("catering_full")
    assert draft["whole_limit"]["applies"] is True
    assert draft["whole_limit"]["on"] is None
    filed = doors.file("catering_full")
    assert filed.show()["whole_limit"]["items"] == ["L0", "F1", "P1", "T1", "X1"]
    filed.review("L0")
    filed.act("L0", "grant", outputs={"uscc": "92003308MA00DEM225"})
    limit = filed.show()["whole_limit"]
    assert (limit["start"], limit["on"], limit["longest_on"]) == ("2026-03-16", "2026-05-21", "2026-06-11")
    assert "清明" in limit["sentence"]["zh"]
    assert "第四十二条第二款" in limit["law"]["zh"]
    assert "art" in limit["sentence"]["en"]
    assert next(day for day in limit["skipped"] if day["on"] == "2026-04-06")["reason"]["zh"].startswith("清明")
    doors.clock.go_to(date(2026, 5, 22))
    late = filed.show("supervisor.330802")
    assert late["whole_limit"]["light"]["light"]["code"] == "deep_red"
    assert late["light"]["light"]["code"] == "deep_red"


def test_an_errand_without_joint_licences_says_why_it_has_no_such_limit(doors: Doors) -> None:
    limit = doors.file("birth_full").show()["whole_limit"]
    assert (limit["applies"], limit["items"], limit["on"]) == (False, [], None)
    assert "按自己的期限" in limit["sentence"]["zh"]
    assert limit["light"]["light"]["code"] == "off"
