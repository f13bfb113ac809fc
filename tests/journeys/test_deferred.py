"""容缺: a material that may come later; the grant waits for it, the review does not."""

from tests.doors import PDF, Doors, Filed

USCC = "92003308MA00DEM225"


def food_in_review(doors: Doors) -> Filed:
    """The full restaurant; the food licence is under review, the health proof is not there yet."""
    filed = doors.file("catering_full")
    filed.grant("L0", uscc=USCC)
    filed.grant("L1")
    filed.review("F1")
    return filed


def test_the_food_licence_waits_for_the_health_proof_and_is_then_granted(doors: Doors) -> None:
    filed = food_in_review(doors)
    refused = filed.act("F1", "grant", status=409)
    assert (refused["code"], refused["missing"]) == ("action-not-allowed", ["health"])
    assert "健康证明" in refused["detail_zh"]
    filed.grant("H1")
    assert filed.act("F1", "grant")["certificate"]["item"] == "F1"


def test_a_deferred_paper_may_come_from_the_applicant_at_any_time(doors: Doors) -> None:
    filed = food_in_review(doors)
    assert doors.upload(filed.id, "health", filed.who).status_code == 200
    filed.act("F1", "grant")


def test_after_the_health_office_refuses_the_paper_may_still_be_handed_in(doors: Doors) -> None:
    filed = food_in_review(doors)
    filed.refuse("H1")
    assert filed.act("F1", "grant", status=409)["missing"] == ["health"]
    doors.clock.pass_(hours=1)
    assert doors.upload(filed.id, "health", filed.who).status_code == 200
    seen = next(paper for paper in filed.slice("F1")["materials"] if paper["code"] == "health")
    assert seen["is_available"]
    assert seen["provided"]["size"] == len(PDF)
    filed.act("F1", "grant")
    filed.assert_true_to_its_events()


def test_a_required_material_cannot_be_swapped_after_submission(doors: Doors) -> None:
    filed = food_in_review(doors)
    assert doors.upload(filed.id, "layout", filed.who).status_code == 409
    assert doors.upload(filed.id, "sign_consent", filed.who).status_code == 409, "handed in once already"
    gone = doors.send("DELETE", f"/applications/{filed.id}/materials/layout", filed.who)
    assert gone.status_code == 409
