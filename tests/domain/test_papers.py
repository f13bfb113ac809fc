"""Which event makes which paper, what the law wants on it, and that it never changes."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import outcomes, submissions, surveys
from app.domain.applications import ProvidedMaterial
from app.domain.happenings import Happenings
from app.domain.lifecycle import TaskStatus, Verdict
from app.domain.papers import (
    RESULT_NOTICE,
    RULES,
    Fact,
    Origin,
    Paper,
    PaperKind,
    SectionKind,
    Standing,
    content_of,
    digest_of,
    paper_number,
    section,
    standing,
)
from app.domain.vocabulary import ILLUSTRATIVE, Means, OrganisationKind, Text
from tests.factories import (
    CLERK,
    MONDAY,
    PLEDGED,
    Errand,
    catalogue,
    draft,
    drive,
    field_point,
    moment,
    officer,
    paper_point,
    submitted,
)
from tests.papers import paper_of, papers, told

K = PaperKind


def kinds(errand: Errand) -> Counter[PaperKind]:
    """How many papers of each kind there are."""
    return Counter(paper.kind for paper in papers(errand))


def has(paper: Paper, kind: SectionKind) -> bool:
    """Whether the paper has such a section."""
    return any(part.kind is kind for part in paper.sections)


def value(paper: Paper, label: str) -> str:
    """What the paper says beside this label."""
    (found,) = [fact.value.zh for part in paper.sections for fact in part.facts if fact.label.zh == label]
    return found


def test_there_are_the_eleven_papers_of_the_counter_and_four_more_and_each_has_its_rule() -> None:
    assert len(PaperKind) == 15
    assert set(RULES) == set(PaperKind)
    assert sorted(kind.code for kind in PaperKind) == [f"{n:02d}" for n in range(1, 16)]


def test_a_draft_calls_for_no_paper() -> None:
    assert papers(draft("catering_full")) == ()


def test_a_submission_gets_one_receipt_that_lists_every_item_and_office() -> None:
    errand = submitted("catering_full")
    receipt, pledge = papers(errand)
    assert pledge.kind is K.PLEDGE
    assert (receipt.kind, receipt.item, receipt.department) == (K.RECEIPT, None, "hall.330802")
    (items,) = [part for part in receipt.sections if part.kind is SectionKind.ITEMS]
    assert len(items.points) == len(errand.case.tasks) == 8
    assert value(receipt, "计为收到的工作日") == "2026年3月16日"
    assert "不表示已经受理" in told(receipt)


def test_what_was_signed_for_names_every_piece_its_item_and_its_days() -> None:
    pledge = paper_of(submitted("catering_full"), K.PLEDGE)
    (pieces,) = [part for part in pledge.sections if part.kind is SectionKind.MATERIALS]
    assert "自该事项受理起 3 个工作日内" in pieces.points[0].zh, "the sign is promised in three days"
    assert "本人承诺" in told(pledge)
    assert "退件" in told(pledge)
    assert pledge.issuer.zh != pledge.addressee.zh, "whoever verifies it reads no name"


def test_nothing_to_follow_is_nothing_to_sign() -> None:
    assert K.PLEDGE not in kinds(submitted("retire_simple"))


def test_a_submission_on_a_saturday_counts_as_received_on_monday() -> None:
    receipt = paper_of(submitted("catering_full", moment(MONDAY - timedelta(days=2))), K.RECEIPT)
    assert value(receipt, "计为收到的工作日") == "2026年3月16日"
    assert value(receipt, "申报时间").startswith("2026-03-14")


def test_acceptance_states_both_periods_and_marks_the_promise_as_illustrative() -> None:
    errand = submitted("catering_full")
    errand.accept("H1")
    receipt = paper_of(errand, K.ACCEPTANCE, "H1")
    assert "至2026年" in value(receipt, "承诺期限（示例）")
    assert value(receipt, "受理日期") == "2026年3月16日"
    assert receipt.recipient == errand.case.applicant


def test_silence_beyond_the_intake_clock_is_written_down_with_its_article() -> None:
    errand = submitted("catering_full")
    errand.later(8)
    deemed = paper_of(errand, K.ACCEPTANCE, "H1")
    assert errand["H1"].is_deemed_accepted
    assert "视为受理" in told(deemed)
    assert "第三十二条第一款第（四）项" in told(deemed)
    assert value(deemed, "受理日期") == value(deemed, "收到申请日期") == "2026年3月16日"


def test_two_departments_are_merged_into_one_correction_notice() -> None:
    errand = submitted("catering_full")
    for item in ("L0", "H1"):
        errand.act(item, "receive")
    errand.post("L0", field_point("premises_right"))
    own = next(m.material.code for m in errand.plan.materials if "H1" in m.users)
    errand.post("H1", paper_point(own), field_point("staff_list", "第 2 行的健康证已过期"))
    (notice,) = [paper for paper in papers(errand) if paper.kind is K.CORRECTION]
    assert notice.item is None
    points = [part for part in notice.sections if part.kind is SectionKind.POINTS]
    assert [len(part.points) for part in points] == [1, 2]
    assert "柯城区卫生健康局" in points[1].title.zh
    assert "第 2 行的健康证已过期" in told(notice)
    assert "不得再追加" in told(notice)


def test_a_refusal_gives_its_reasons_and_both_remedies_with_their_periods() -> None:
    errand = submitted("catering_full")
    errand.refuse("L0")
    refusal = paper_of(errand, K.REFUSAL, "L0")
    assert refusal.title.zh == "不予批准决定书"
    assert "不符合法定条件" in told(refusal)
    assert re.search(r"60 日内依法申请行政复议", told(refusal))
    assert re.search(r"6 个月内依法提起行政诉讼", told(refusal))


def test_non_acceptance_gives_reasons_and_remedies_too() -> None:
    errand = submitted("catering_full")
    errand.act("L0", "receive")
    errand.act("L0", "decline", reason="不属于本机关职权范围，请向上城区提出")
    notice = paper_of(errand, K.NOT_ACCEPTED, "L0")
    assert has(notice, SectionKind.REMEDIES)
    assert "请向上城区提出" in told(notice)


@pytest.mark.parametrize("verdict", [Verdict.GRANTED, Verdict.DENIED])
def test_a_utility_tells_a_result_and_makes_no_decision(verdict: Verdict) -> None:
    errand = submitted("utility_full")
    drive(errand, lambda e: any(e.status(item) == "review" for item in utilities(e)))
    item = next(item for item in utilities(errand) if errand.status(item) == "review")
    if verdict is Verdict.DENIED:
        errand.run(officer(errand[item]), lambda h: outcomes.refuse(h, errand[item], "管网压力不足"))
    else:
        drive(errand, lambda e: e[item].verdict is Verdict.GRANTED)
    notice = paper_of(errand, K.APPROVAL if verdict is Verdict.GRANTED else K.REFUSAL, item)
    assert notice.title == RESULT_NOTICE
    assert has(notice, SectionKind.COMPLAINT)
    assert not has(notice, SectionKind.REMEDIES)
    text = told(notice)
    assert "不是行政决定" in text
    for word in ("行政复议", "行政诉讼", "行政许可法", "决定日期"):
        assert word not in text


def utilities(errand: Errand) -> list[str]:
    """The items that a utility handles."""
    return [p.item.code for p in errand.plan.items if p.routed.department.kind is OrganisationKind.UTILITY]


def test_only_a_licence_rests_on_the_licensing_law_itself() -> None:
    errand = submitted("catering_full")
    errand.accept("L0", "H1")
    law = {p.item: next(s for s in p.sections if s.kind is SectionKind.LAW) for p in papers(errand) if p.item}
    assert not law["L0"].points[0].zh.startswith("参照")
    assert law["H1"].points[0].zh.startswith("参照")
    assert "不是行政许可" in law["H1"].points[0].zh


def test_an_item_with_fees_brings_a_payment_notice_that_asks_nobody_to_pay() -> None:
    errand = submitted("utility_full")
    item = next(p.item.code for p in errand.plan.items if p.item.fees)
    drive(errand, lambda e: e[item].accepted_at is not None)
    notice = paper_of(errand, K.PAYMENT, item)
    assert "法律、行政法规没有规定收费的" in told(notice)
    assert "请勿付款" in told(notice)
    assert not [p for p in papers(errand) if p.kind is K.PAYMENT and p.item != item and not fees(errand, p.item)]


def fees(errand: Errand, item: str | None) -> bool:
    """Whether the item has fees."""
    return bool(errand.plan.find(item or "").item.fees)


def test_a_special_procedure_is_announced_with_its_name_and_days() -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    errand.act("H1", "begin_special", procedure="testing", days=5, reason="送检样品需要复检")
    notice = paper_of(errand, K.SPECIAL, "H1")
    assert value(notice, "特殊程序") == "检测"
    assert value(notice, "所需时间") == "5 个工作日"
    assert value(notice, "预计结束日期") == "2026年3月23日"
    assert "送检样品需要复检" in told(notice)


def test_an_extension_shows_the_new_dates_and_the_reason() -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    before = errand["H1"].promised_due_on
    errand.act("H1", "ask_extension", days=10, reason="需要补充核查")
    errand.act("H1", "extend")
    notice = paper_of(errand, K.EXTENSION, "H1")
    after = errand["H1"].promised_due_on
    assert before is not None
    assert after is not None
    assert after > before
    assert f"{after.month}月{after.day}日" in value(notice, "承诺期限（示例）")
    assert value(notice, "延长") == "10 个工作日"
    assert "需要补充核查" in told(notice)


def test_a_grant_and_its_delivery_name_the_certificate() -> None:
    errand = submitted("catering_full")
    errand.grant("L0")
    errand.act("L0", "dispatch")
    errand.act("L0", "deliver")
    number = errand.case.certificates["L0"].number
    assert value(paper_of(errand, K.APPROVAL, "L0"), "证照（文书）编号") == number
    assert number in value(paper_of(errand, K.DELIVERY, "L0"), "送达文书")
    slip = paper_of(errand, K.HANDOVER, "L0")
    assert (value(slip, "交出"), value(slip, "接收")) == ("柯城区市场监督管理局", "柯城区政务服务中心出件窗口")
    assert number in told(slip)


def test_paper_taken_at_the_counter_travels_with_a_slip_to_each_office_that_uses_it() -> None:
    errand = draft("catering_full")
    sheet = ProvidedMaterial("premises_proof", Means.UPLOAD, None, "原件 1 份", None, 0, errand.now.at, "clerk")
    errand.run(CLERK, lambda h: submissions.provide(h, sheet, errand.plan))
    errand.run(CLERK, lambda h: submit_as_filed(h, errand))
    assert [p.item for p in papers(errand) if p.kind is K.HANDOVER] == ["L0"], "the others have not started"
    slip = paper_of(errand, K.HANDOVER, "L0")
    assert (slip.recipient, slip.addressee.zh) == ("market.330802", "柯城区市场监督管理局")
    assert "原件 1 份" in told(slip)
    assert "用后转交" in told(slip)
    errand.grant("L0", "L1")
    assert {p.item for p in papers(errand) if p.kind is K.HANDOVER} == {
        item for item in errand.case.tasks if uses(errand, item) and errand.status(item) != "waiting"
    }


def uses(errand: Errand, item: str) -> bool:
    """Whether the item uses the proof of the premises."""
    return any(m.material.code == "premises_proof" and item in m.users for m in errand.plan.materials)


def submit_as_filed(h: Happenings, errand: Errand) -> None:
    """What :func:`tests.factories.submitted` does with a draft."""
    submissions.submit(h, errand.plan, "L330802-20260316-00001-0", "hash", PLEDGED)


def test_without_paper_there_is_nothing_to_hand_over() -> None:
    errand = submitted("catering_full")
    errand.grant("L0")
    assert kinds(errand)[K.HANDOVER] == 0


@pytest.mark.parametrize("story", catalogue().stories)
def test_every_story_leaves_a_whole_set_of_papers(story: str) -> None:
    errand = submitted(story)
    drive(errand)
    found = papers(errand)
    assert len({paper.number for paper in found}) == len(found)
    by_item = {item: {paper.kind for paper in found if paper.item == item} for item in errand.case.tasks}
    for item, task in errand.case.tasks.items():
        decided = {K.APPROVAL} if task.verdict is Verdict.GRANTED else {K.REFUSAL}
        if task.status is TaskStatus.CLOSED:
            assert decided <= by_item[item] >= {K.ACCEPTANCE, K.DELIVERY}, item
    for paper in found:
        assert paper.label == ILLUSTRATIVE
        assert all(text.zh and text.en for text in texts(paper)), paper.number
        assert has(paper, SectionKind.LAW)
        rule = RULES[paper.kind]
        assert has(paper, SectionKind.REASONS) >= rule.needs_reasons
        if rule.needs_remedies and paper.title != RESULT_NOTICE:
            assert has(paper, SectionKind.REMEDIES)


def texts(paper: Paper) -> list[Text]:
    """Every text of a paper."""
    found = [paper.title, paper.issuer, paper.addressee]
    for part in paper.sections:
        found += [part.title, *part.paragraphs, *part.points]
        found += [text for fact in part.facts for text in (fact.label, fact.value)]
    return found


def test_what_happens_later_does_not_touch_a_paper_served_before() -> None:
    errand = submitted("catering_full")
    errand.accept("H1")
    early = {paper.number: digest_of(content_of(paper)) for paper in papers(errand)}
    errand.act("H1", "review")
    errand.act("H1", "begin_special", procedure="testing", days=5, reason="复检")
    errand.later(3)
    errand.act("H1", "end_special")
    late = {paper.number: digest_of(content_of(paper)) for paper in papers(errand)}
    assert early.items() <= late.items()


def test_the_digest_is_the_same_after_a_journey_through_json_and_differs_for_any_other_content() -> None:
    receipt = paper_of(submitted("catering_full"), K.RECEIPT)
    content = content_of(receipt)
    assert digest_of(json.loads(json.dumps(content))) == digest_of(content)
    assert digest_of({**content, "issuer_code": "x"}) != digest_of(content)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_two_papers_that_differ_anywhere_have_different_digests(one: str, other: str) -> None:
    def digest(text: str) -> str:
        fact = Fact(Text(text, text), Text("", ""), Origin.CASE)
        return digest_of(content_of(replace(RECEIPT, sections=(section(SectionKind.BODY, facts=(fact,)),))))

    assert (digest(one) == digest(other)) == (one == other)


RECEIPT = paper_of(submitted("catering_full"), K.RECEIPT)


def test_a_paper_is_numbered_after_its_case_its_kind_and_its_event() -> None:
    assert paper_number("L330802-20260312-00017-1-F1", K.APPROVAL, 42) == "L330802-20260312-00017-1-F1-W0842"
    assert paper_number("L330802-20260312-00017-1", K.RECEIPT, 123) == "L330802-20260312-00017-1-W01123"


def test_a_correction_notice_is_answered_lapsed_or_over() -> None:
    errand = submitted("catering_full")
    for item in ("L0", "H1"):
        errand.act(item, "receive")
    errand.act("H1", "accept")
    errand.post("L0", field_point("premises_right"))
    notice = paper_of(errand, K.CORRECTION)
    due = errand.case.notices[0].due_on
    assert standing(notice, errand.case, errand.now.today) is Standing.IN_FORCE
    assert standing(notice, errand.case, due) is Standing.IN_FORCE
    assert standing(notice, errand.case, due + timedelta(days=1)) is Standing.LAPSED
    errand.answer({"premises_right": "自有"})
    assert standing(notice, errand.case, due + timedelta(days=1)) is Standing.ANSWERED


def test_papers_of_a_void_task_are_void_and_those_of_a_withdrawn_one_have_ended() -> None:
    errand = submitted("catering_full")
    errand.accept("H1")
    receipt = paper_of(errand, K.ACCEPTANCE, "H1")
    assert standing(receipt, errand.case, errand.now.today) is Standing.IN_FORCE
    void, withdrawn = (with_status(errand, status) for status in (TaskStatus.VOID, TaskStatus.WITHDRAWN))
    assert standing(receipt, void.case, errand.now.today) is Standing.VOID
    assert standing(receipt, withdrawn.case, errand.now.today) is Standing.ENDED


def with_status(errand: Errand, status: TaskStatus) -> Errand:
    """The errand with its health task in another status."""
    task = replace(errand["H1"], status=status)
    return replace(errand, case=replace(errand.case, tasks={**errand.case.tasks, "H1": task}))


def test_a_grant_that_was_revoked_is_no_longer_in_force_and_a_refusal_stays() -> None:
    errand = submitted("catering_full")
    errand.grant("L0")
    grant = paper_of(errand, K.APPROVAL, "L0")
    revoked = replace(errand["L0"], verdict=Verdict.REVOKED)
    case = replace(errand.case, tasks={**errand.case.tasks, "L0": revoked})
    assert standing(grant, errand.case, errand.now.today) is Standing.IN_FORCE
    assert standing(grant, case, errand.now.today) is Standing.REVOKED


def granted_on_promise() -> Errand:
    """The restaurant whose owner commits to fire safety: granted on that promise."""
    errand = submitted("catering_full", fire_commit=True)
    errand.grant("L0", "L1")
    errand.accept("X1")
    errand.act("X1", "grant_on_promise", outputs=errand.outputs("X1"))
    return errand


def test_a_grant_on_a_commitment_says_that_it_will_be_checked_and_what_follows_if_it_was_false() -> None:
    errand = granted_on_promise()
    grant = paper_of(errand, K.APPROVAL, "X1")
    assert "告知承诺制" in told(grant)
    assert "承诺不实的，依法撤销" in told(grant)
    assert standing(grant, errand.case, errand.now.today) is Standing.IN_FORCE
    errand.act("X1", "revoke", reason="现场与承诺不符")
    assert standing(grant, errand.case, errand.now.today) is Standing.REVOKED


def test_a_decision_on_the_spot_leaves_both_papers_in_one_command() -> None:
    errand = submitted("catering_full")
    errand.grant("L0")
    before = len(papers(errand))
    errand.act("L1", "decide_at_once", outputs=errand.outputs("L1"))
    made = papers(errand)[before:]
    assert [paper.kind for paper in made] == [K.ACCEPTANCE, K.APPROVAL]
    assert {paper.served_at for paper in made} == {errand.now.at}


def test_acceptance_with_something_to_follow_says_what_and_until_when() -> None:
    errand = submitted("catering_full")
    errand.grant("L0", "L1")
    drive(errand, lambda e: e["S1"].accepted_at is not None)
    (deferred,) = errand["S1"].deferred
    assert deferred.due_on is not None
    receipt = paper_of(errand, K.ACCEPTANCE, "S1")
    (later,) = [part for part in receipt.sections if part.title.zh == "容缺后补"]
    assert f"{deferred.due_on.month}月{deferred.due_on.day}日前补交" in later.points[0].zh


def test_a_joint_survey_gets_one_notice_for_all_offices_and_a_new_day_replaces_it() -> None:
    errand = submitted("catering_full")
    errand.grant("L0")
    drive(errand, lambda e: bool(surveys.items_to_survey(e.case, e.plan)))
    errand.survey(errand.now.today)
    first = paper_of(errand, K.SURVEY)
    assert (first.item, first.department) == (None, "hall.330802")
    assert value(first, "踏勘地点") == "示例路1号"
    assert "两名以上" in told(first)
    assert "第二十六条、第三十四条" in told(first)
    (offices,) = [part for part in first.sections if part.kind is SectionKind.ITEMS]
    assert len(offices.points) == len(errand.case.survey.items if errand.case.survey else ())
    assert standing(first, errand.case, errand.now.today) is Standing.IN_FORCE
    assert standing(first, errand.case, errand.now.today + timedelta(days=1)) is Standing.LAPSED
    errand.now = replace(errand.now, at=errand.now.at + timedelta(hours=1))
    errand.survey(errand.now.today)
    second = [paper for paper in papers(errand) if paper.kind is K.SURVEY][1]
    assert value(second, "预约次序") == "第 2 次"
    assert standing(first, errand.case, errand.now.today) is Standing.REPLACED
    assert standing(second, errand.case, errand.now.today) is Standing.IN_FORCE


def test_an_announcement_says_for_how_long_and_that_the_clock_runs() -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    errand.act("H1", "announce", days=5, reason="拟准予事项公示")
    notice = paper_of(errand, K.ANNOUNCEMENT, "H1")
    assert (value(notice, "公告期"), value(notice, "公告截止")) == ("5 日", "2026年3月23日")
    assert "公告期不停止计算办理期限" in told(notice)
    assert "拟准予事项公示" in told(notice)
    assert standing(notice, errand.case, errand.now.today) is Standing.IN_FORCE


def test_a_revocation_gives_its_reasons_and_both_remedies_and_ends_the_grant_paper() -> None:
    errand = submitted("catering_full", fire_commit=True)
    errand.grant("L0", "L1")
    errand.accept("X1")
    errand.act("X1", "grant_on_promise", outputs=errand.outputs("X1"))
    number = errand.case.certificates["X1"].number
    errand.act("X1", "revoke", reason="疏散通道被占用，与承诺不符")
    decision = paper_of(errand, K.REVOCATION, "X1")
    assert decision.title.zh == "撤销决定书"
    assert "疏散通道被占用" in told(decision)
    assert "第六十九条" in told(decision)
    assert re.search(r"60 日内依法申请行政复议", told(decision))
    assert number in told(decision)
    assert standing(decision, errand.case, errand.now.today) is Standing.IN_FORCE
    assert standing(paper_of(errand, K.APPROVAL, "X1"), errand.case, errand.now.today) is Standing.REVOKED
