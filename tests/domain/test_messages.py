"""What the applicant hears, once for each command, and what never travels with a message."""

import re
from datetime import timedelta

import pytest

from app.domain import matter_messages, surveys
from app.domain.applications import Application, Event, replay
from app.domain.messages import NEWS, OF_CONSENTS, OF_EVENT, OF_MATTERS, OF_OFFERS, Message, MessageKind, messages_for
from app.domain.papers import Paper, PaperKind
from app.domain.serving import papers_for
from app.domain.vocabulary import Grade
from tests.factories import CLERK, MONDAY, Errand, catalogue, draft, drive, field_point, moment, submitted
from tests.papers import NAME, parties

M = MessageKind


def heard(errand: Errand, events: list[Event]) -> list[Message]:
    """The messages of one command, the last one of the errand."""
    before = replayed_up_to(errand, events)
    papers = papers_for(before, events, errand.plan, parties())
    return list(messages_for(errand.case, events, errand.plan, NAME, papers))


def replayed_up_to(errand: Errand, events: list[Event]) -> Application:
    """The application as it stood before these events."""
    return replay(errand.blank, errand.events[: len(errand.events) - len(events)])


def only(messages: list[Message]) -> Message:
    """The one message there is."""
    (message,) = messages
    return message


def test_every_kind_has_a_sentence_in_both_languages() -> None:
    elsewhere = OF_CONSENTS | OF_MATTERS | OF_OFFERS
    assert set(NEWS) == set(MessageKind) - elsewhere
    assert set(OF_EVENT.values()) | {M.FINISHED} == set(NEWS)
    assert set(matter_messages.OF_EVENT.values()) == OF_MATTERS
    assert all(text.zh.endswith("。") and text.en.endswith(".") for text in NEWS.values())


def test_a_submission_is_told_once_with_its_number_and_its_receipt() -> None:
    errand = submitted("catering_full")
    message = only(list(messages_for(errand.case, errand.events, errand.plan, NAME, papers_of(errand))))
    assert message.kind is M.SUBMITTED
    assert "L330802-20260316-00001-0" in message.body.zh
    assert "王示例" in message.body.zh
    assert [number[-5:-2] for number in message.papers] == [
        f"W{kind.code}" for kind in (PaperKind.RECEIPT, PaperKind.PLEDGE)
    ]


def papers_of(errand: Errand) -> tuple[Paper, ...]:
    """The papers of everything that happened."""
    return papers_for(errand.blank, errand.events, errand.plan, parties())


def test_a_draft_says_nothing() -> None:
    errand = draft("catering_full")
    assert messages_for(errand.case, errand.events, errand.plan, NAME, ()) == ()


def test_receiving_and_beginning_to_review_are_no_news() -> None:
    errand = submitted("catering_full")
    assert heard(errand, errand.act("H1", "receive")) == []
    assert only(heard(errand, errand.act("H1", "accept"))).kind is M.ACCEPTED
    assert heard(errand, errand.act("H1", "review")) == []


def test_three_items_accepted_by_silence_make_one_message() -> None:
    errand = submitted("birth_full")
    errand.go_to(MONDAY + timedelta(days=10))
    events = errand.sweep()
    silent = {event.task for event in events if event.kind.value == "deemed_accepted"}
    message = only([m for m in heard(errand, events) if m.kind is M.ACCEPTED])
    shorts = {errand.plan.find(item).item.short.zh for item in silent if item}
    assert all(short in message.body.zh for short in shorts)
    assert len(message.papers) >= len(silent)


def test_a_correction_notice_says_until_when_and_is_told_once_for_all_departments() -> None:
    errand = submitted("catering_full")
    for item in ("L0", "H1"):
        errand.act(item, "receive")
    errand.post("L0", field_point("premises_right", "与证件不一致：张三"))
    events = errand.act("H1", "accept")
    messages = heard(errand, events)
    assert [message.kind for message in messages] == [M.ACCEPTED, M.CORRECTION]
    assert "2026年4月" in messages[1].body.zh
    assert "张三" not in messages[1].body.zh
    assert len(messages[1].papers) == 1


def test_what_applicants_do_themselves_is_not_told_back_to_them() -> None:
    errand = submitted("catering_full")
    assert heard(errand, errand.withdraw("H1")) == []
    assert heard(errand, errand.withdraw_all()) == []


def test_a_refusal_that_ends_others_tells_both_and_never_the_reason() -> None:
    errand = submitted("catering_full")
    errand.review("L0")
    errand.opine("L0", "denied")
    events = errand.act("L0", "refuse", reason="申请人王示例的证件号 003308198801050000 不符")
    messages = heard(errand, events)
    assert [message.kind for message in messages] == [M.DENIED, M.TERMINATED]
    assert not any("0033" in m.body.zh + m.body.en for m in messages)


def test_after_the_last_delivery_comes_the_invitation_to_rate() -> None:
    errand = submitted("birth_full")
    drive(errand)
    last = [event for event in errand.events if event.seq > errand.events[-1].seq - 2]
    kinds = [message.kind for message in heard(errand, last)]
    assert kinds == [M.DELIVERED, M.FINISHED]


@pytest.mark.parametrize("story", catalogue().stories)
def test_no_message_holds_what_was_entered_on_the_form(story: str) -> None:
    errand = submitted(story, moment())
    drive(errand)
    entered = {
        str(errand.case.form.get(planned.spec.code, ""))
        for planned in errand.plan.fields
        if planned.spec.grade in {Grade.L3, Grade.L4}
    }
    secret = {text for text in entered if len(text) >= 6}
    messages = messages_for(errand.case, errand.events, errand.plan, NAME, papers_of(errand))
    for message in messages:
        body = message.title.zh + message.body.zh + message.title.en + message.body.en
        assert not any(text in body for text in secret)
        assert not re.search(r"(?<![0-9-])00[0-9]{15}[0-9X]", body)
        assert "{" not in body


def test_a_joint_survey_is_told_with_its_day_and_without_the_address() -> None:
    errand = submitted("catering_full")
    errand.grant("L0")
    drive(errand, lambda e: bool(surveys.items_to_survey(e.case, e.plan)))
    day = errand.now.today
    events = errand.run(CLERK, lambda h: surveys.appoint(h, errand.plan, day, "示例路1号2单元301室"))
    message = only(heard(errand, events))
    assert message.kind is M.SURVEY
    assert len(message.papers) == 1
    assert f"{day.month}月{day.day}日" in message.body.zh
    assert "示例路" not in message.body.zh + message.body.en


def test_a_false_commitment_is_told_with_the_ways_to_contest_it() -> None:
    errand = submitted("catering_full", fire_commit=True)
    errand.grant("L0", "L1")
    errand.accept("X1")
    errand.act("X1", "grant_on_promise", outputs=errand.outputs("X1"))
    messages = heard(errand, errand.act("X1", "revoke", reason="现场与承诺不符"))
    (revoked,) = [message for message in messages if message.kind is M.REVOKED]
    assert [number[-5:-2] for number in revoked.papers] == [f"W{PaperKind.REVOCATION.code}"]
    assert "行政复议" in revoked.body.zh
    assert "现场与承诺不符" not in revoked.body.zh


def test_a_grant_revoked_after_the_end_brings_no_second_invitation_to_rate() -> None:
    errand = submitted("catering_full", fire_commit=True)
    errand.grant("L0", "L1")
    errand.accept("X1")
    errand.act("X1", "grant_on_promise", outputs=errand.outputs("X1"))
    drive(errand)
    kinds = [message.kind for message in heard(errand, errand.act("X1", "revoke", reason="现场与承诺不符"))]
    assert kinds == [M.REVOKED]


def test_an_announcement_is_told_with_its_last_day_and_its_paper() -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    message = only(heard(errand, errand.act("H1", "announce", days=5, reason="拟准予事项公示")))
    assert (message.kind, len(message.papers)) == (M.ANNOUNCED, 1)
    assert "2026年3月23日" in message.body.zh
    assert "拟准予" not in message.body.zh
