"""整件延期 (行政许可法 art. 42 (2)): who asks, who answers, until when, once only, and how the date explains itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.applications import Actor, EventKind, replay
from app.domain.deadlines import due_on, working_days_between
from app.domain.errors import ActionNotAllowed, InvalidInput, NotAllowed
from app.domain.joint import limit_of_case
from app.domain.oversight import Light
from app.domain.records import Pause
from app.domain.vocabulary import Role, Text
from app.domain.whole_extensions import answer, ask, government_of, lead_of, why_not_ask
from tests.factories import Errand, submitted

LAST = date(2026, 5, 21)
LEAD = "market.330802"
ASKER = Actor("officer.market.330802.1", Role.OFFICER, department=LEAD, region="330802")
HEAD = Actor("supervisor.330802", Role.SUPERVISOR, region="330802")
WHY = "五个部门须一并现场核查，四十五个工作日内不能办结"


def running() -> Errand:
    """A restaurant whose licences are being examined: the whole is due on :data:`LAST`."""
    errand = submitted("catering_full")
    errand.accept("L0")
    return errand


def asked(days: int | None = None) -> Errand:
    """The same, with a wish that waits."""
    errand = running()
    errand.run(ASKER, lambda h: ask(h, LEAD, WHY, days))
    return errand


def jump(errand: Errand, day: date) -> None:
    """Be at that day, with nothing done by time itself."""
    errand.now = replace(errand.now, at=errand.now.at + (day - errand.now.today))


def test_the_lead_asks_its_government_approves_and_the_whole_alone_moves() -> None:
    errand = asked()
    assert limit_of_case(errand.case, errand.now).on == LAST, "asking moves nothing"
    tasks = errand.case.tasks
    (event,) = errand.run(HEAD, lambda h: answer(h, is_approved=True, reason="同意"))
    found = limit_of_case(errand.case, errand.now)
    assert (event.kind, event.why) == (EventKind.WHOLE_EXTENDED, f"{WHY}；同意")
    assert working_days_between(errand.now.calendar, LAST, found.on or LAST) == 15
    assert (found.extended, found.longest_on) == (15, found.on)
    assert errand.case.tasks == tasks, "no item's own limit moves"
    assert errand.case.whole_wish is None
    assert replay(errand.blank, errand.events) == errand.case


def test_the_date_says_who_approved_how_many_days_from_when_to_when_and_which_days_do_not_count() -> None:
    errand = asked(20 - 5)
    errand.run(HEAD, lambda h: answer(h, is_approved=True, reason=None))
    limit = limit_of_case(errand.case, errand.now)
    told = limit.sentence({item: Text(item, item) for item in limit.items})
    assert "2026年5月21日顺延至2026年6月11日" in told.zh
    assert "本级人民政府负责人" in told.zh
    assert "示例" in told.zh
    assert "from 21 May 2026 to 11 June 2026" in told.en
    assert "only once" in told.en or "once only" in told.en
    assert "共可延长" not in told.zh, "what can no longer be extended is not offered"


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (Actor("officer.tobacco.330802.1", Role.OFFICER, department="tobacco.330802"), NotAllowed),
        (Actor("officer.market.330881.1", Role.OFFICER, department="market.330881"), NotAllowed),
        (HEAD, NotAllowed),
    ],
)
def test_nobody_but_the_lead_asks(who: Actor, why: type[Exception]) -> None:
    errand = running()
    with pytest.raises(why):
        errand.run(who, lambda h: ask(h, LEAD, WHY))


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (ASKER, ActionNotAllowed),
        (replace(ASKER, account="officer.market.330802.2"), NotAllowed),
        (Actor("supervisor.330800", Role.SUPERVISOR, region="330800"), NotAllowed),
        (Actor("supervisor.330881", Role.SUPERVISOR, region="330881"), NotAllowed),
    ],
)
@pytest.mark.parametrize("is_approved", [True, False])
def test_neither_who_asked_nor_another_government_answers(who: Actor, why: type[Exception], is_approved: bool) -> None:
    errand = asked()
    with pytest.raises(why):
        errand.run(who, lambda h: answer(h, is_approved=is_approved, reason="同意"))


def test_who_asked_cannot_approve_even_when_it_is_the_same_person_in_the_other_chair() -> None:
    errand = asked()
    with pytest.raises(ActionNotAllowed, match="Another person"):
        errand.run(replace(HEAD, account=ASKER.account), lambda h: answer(h, is_approved=True, reason=None))


def test_it_is_refused_before_anything_is_accepted_after_the_last_day_and_when_all_is_decided() -> None:
    with pytest.raises(ActionNotAllowed, match="Nothing is accepted"):
        submitted("catering_full").run(ASKER, lambda h: ask(h, LEAD, WHY))
    errand = running()
    jump(errand, LAST)
    assert why_not_ask(errand.case, errand.now) is None, "the last day is in time"
    jump(errand, LAST + timedelta(days=1))
    with pytest.raises(ActionNotAllowed, match="passed on 21 May 2026"):
        errand.run(ASKER, lambda h: ask(h, LEAD, WHY))
    with pytest.raises(ActionNotAllowed, match="each item keeps its own"):
        submitted("birth_full").run(ASKER, lambda h: ask(h, LEAD, WHY))


def test_an_approval_after_the_last_day_is_too_late_but_a_no_is_not() -> None:
    errand = asked()
    jump(errand, LAST + timedelta(days=1))
    with pytest.raises(ActionNotAllowed, match="passed on"):
        errand.run(HEAD, lambda h: answer(h, is_approved=True, reason=None))
    errand.run(HEAD, lambda h: answer(h, is_approved=False, reason="已经超期"))
    assert (errand.case.whole_wish, errand.case.whole_extension) == (None, None)


def test_it_waits_once_is_given_once_and_may_be_asked_for_again_after_a_no() -> None:
    errand = asked(5)
    with pytest.raises(ActionNotAllowed, match="waiting for approval"):
        errand.run(ASKER, lambda h: ask(h, LEAD, WHY))
    with pytest.raises(InvalidInput):
        errand.run(HEAD, lambda h: answer(h, is_approved=False, reason="  "))
    errand.run(HEAD, lambda h: answer(h, is_approved=False, reason="理由不充分"))
    with pytest.raises(ActionNotAllowed, match="Nobody has asked"):
        errand.run(HEAD, lambda h: answer(h, is_approved=True, reason=None))
    errand.run(ASKER, lambda h: ask(h, LEAD, WHY, 5))
    errand.run(HEAD, lambda h: answer(h, is_approved=True, reason=None))
    with pytest.raises(ActionNotAllowed, match="once only"):
        errand.run(ASKER, lambda h: ask(h, LEAD, WHY, 5))


@pytest.mark.parametrize(("reason", "days"), [("", None), ("   ", 5), (WHY, 0), (WHY, 16), ("长" * 2001, 5)])
def test_a_wish_needs_a_reason_and_from_one_to_fifteen_days(reason: str, days: int | None) -> None:
    errand = running()
    with pytest.raises(InvalidInput):
        errand.run(ASKER, lambda h: ask(h, LEAD, reason, days))
    assert errand.case.whole_wish is None


@given(days=st.integers(1, 15), still=st.integers(0, 12))
def test_the_whole_never_exceeds_sixty_working_days_beside_what_stood_still(days: int, still: int) -> None:
    errand = asked(days)
    calendar, start = errand.now.calendar, errand.now.today
    pause = Pause("special", start, due_on(calendar, start, still), "检验")
    tasks = {**errand.case.tasks, "F1": replace(errand["F1"], pauses=(pause,))}
    errand.case = replace(errand.case, tasks=tasks)
    errand.run(HEAD, lambda h: answer(h, is_approved=True, reason=None))
    found = limit_of_case(errand.case, errand.now)
    assert working_days_between(calendar, start, found.on or start) == 45 + still + days
    before = replace(errand.now, at=errand.now.at + ((found.on or start) - start))
    assert limit_of_case(errand.case, before).lit.light is not Light.DEEP_RED
    after = replace(errand.now, at=before.at + timedelta(days=1))
    assert limit_of_case(errand.case, after).lit.light is Light.DEEP_RED


def test_the_bundles_own_line_leads_and_where_it_has_no_part_the_first_licence_does() -> None:
    case = submitted("catering_full").case
    assert lead_of(case, "market") == LEAD
    assert lead_of(case, "family_planning") == LEAD, "L0 is the first licence"
    assert lead_of(replace(case, tasks={}), "market") is None
    assert government_of(LEAD) == "330802"
