"""Dates beside the clocks: each is counted again from what happened and tells how."""

from datetime import date

import pytest

from app.domain.applications import SYSTEM
from app.domain.deadlines import due_on
from app.domain.matters import Because, MatterKind
from app.domain.other_dates import RULES, OtherDate, Told, of_matter, other_dates
from app.domain.oversight import light_of
from app.domain.papers import PaperKind, SectionKind
from app.domain.records import StepKind
from app.domain.supervision import about, open_matter
from app.domain.unpublished import unpublished
from tests.factories import MONDAY, Errand, catalogue, field_point, moment, submitted
from tests.papers import messages, paper_of


def told(errand: Errand, item: str) -> dict[OtherDate, Told]:
    """The other dates of a task by kind."""
    names = {p.material.code: p.material.name for p in errand.plan.materials}
    names |= {p.spec.code: p.spec.name for p in errand.plan.fields}
    return {
        found.kind: found for found in other_dates(errand[item], errand.case, errand.events, errand.now.calendar, names)
    }


def test_every_kind_of_date_has_its_rule_in_both_languages() -> None:
    assert set(RULES) == set(OtherDate)
    assert all(rule.zh and rule.en for rule in RULES.values())


def test_a_correction_a_step_a_procedure_and_an_announcement_say_how_they_were_counted() -> None:
    errand = submitted("catering_full")
    errand.act("H1", "receive")
    errand.post("H1", field_point("staff_list"))
    errand.accept("L0")
    assert told(errand, "H1")[OtherDate.CORRECTION].on == errand.case.notices[0].due_on
    errand.answer({"staff_list": list(errand.case.form["staff_list"])})
    errand.act("H1", "plan_step", step=StepKind.COURIER, days=4)
    errand.act("H1", "accept")
    errand.act("H1", "review")
    errand.act("H1", "announce", days=5, reason="公示")
    errand.act("H1", "begin_special", procedure="testing", days=6, reason="检测")
    found = told(errand, "H1")
    assert set(found) == {OtherDate.CORRECTION, OtherDate.STEP, OtherDate.ANNOUNCEMENT, OtherDate.SPECIAL}
    assert found[OtherDate.STEP].on == errand["H1"].steps[0].due_on == due_on(errand.now.calendar, MONDAY, 4)
    assert all(one.counted.on == one.on for one in found.values())
    assert "2026年3月20日届满" in found[OtherDate.STEP].sentence.zh
    assert "5个自然日的最后一日不是工作日，顺延至2026年3月23日" in found[OtherDate.ANNOUNCEMENT].sentence.zh
    assert "示例" in found[OtherDate.CORRECTION].sentence.zh
    assert "illustrative" in found[OtherDate.CORRECTION].sentence.en


def test_what_follows_later_counts_from_acceptance_and_a_suspension_gives_its_days_back() -> None:
    errand = submitted("birth_full")
    item = next(code for code, task in errand.case.tasks.items() if task.deferred)
    while errand[item].status.value == "waiting":
        errand.grant(*[code for code, task in errand.case.tasks.items() if task.status.value == "submitted"][:1])
    errand.review(item)
    plain = told(errand, item)[OtherDate.DEFERRED]
    assert (plain.on, plain.stood_still) == (plain.counted.on, 0)
    assert plain.about is not None
    errand.act(item, "suspend", reason="等待法院裁定")
    errand.later(7)
    errand.act(item, "resume")
    moved = told(errand, item)[OtherDate.DEFERRED]
    assert (moved.counted, moved.stood_still) == (plain.counted, 5)
    assert "中止 5 个工作日不计" in moved.sentence.zh


def test_a_check_after_a_commitment_counts_from_the_grant() -> None:
    errand = submitted("catering_full", fire_commit=True)
    errand.grant("L0", "L1")
    errand.act("X1", "decide_at_once", outputs=errand.outputs("X1"))
    check = told(errand, "X1")[OtherDate.CHECK]
    assert check.on == check.counted.on
    assert check.counted.count == 30


def test_the_next_step_of_a_matter_says_from_when_it_counts() -> None:
    errand = submitted("catering_full")
    opening = about(errand.case, errand["H1"], MatterKind.RETURNED, Because.RETURNED, "x")
    p = open_matter(opening, SYSTEM, errand.now)
    sentence = of_matter(p.matter, p.events, errand.now.calendar)
    assert sentence.zh.startswith("自“交办”起算。自2026年3月16日的次日起算，5个工作日于2026年3月23日届满")
    assert "illustrative" in sentence.en


@pytest.mark.parametrize(("until", "is_said"), [(date(2026, 12, 31), False), (date(2027, 1, 4), True), (None, False)])
def test_a_year_without_a_notice_is_said_of_any_date(until: date | None, is_said: bool) -> None:
    sentence = unpublished(catalogue().calendar, date(2026, 12, 30), until)
    assert bool(sentence.zh and sentence.en) is is_said


def test_papers_lights_and_messages_say_that_a_years_holidays_are_not_known() -> None:
    errand = submitted("catering_full", moment(date(2026, 12, 31)))
    errand.act("H1", "receive")
    errand.post("H1", field_point("staff_list"))
    errand.accept("L0")
    for kind in (PaperKind.ACCEPTANCE, PaperKind.CORRECTION):
        paper = paper_of(errand, kind)
        (doubt,) = [part for part in paper.sections if part.kind is SectionKind.BODY and part.title.zh == "关于日期"]
        assert "2027年节假日安排尚未公布" in doubt.paragraphs[0].zh
        assert "not published" in doubt.paragraphs[0].en
    light = light_of(errand["L0"], errand.now.calendar, errand.now.today)
    assert "2027年节假日安排尚未公布" in light.because.zh
    assert any("2027年节假日安排尚未公布" in message.body.zh for message in messages(errand))
