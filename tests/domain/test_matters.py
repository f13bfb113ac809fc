"""Closed loops: the table, who may end one, its clocks, appeals, and what supervision opens by itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import loops, supervision
from app.domain.applications import SYSTEM, Actor
from app.domain.errors import ActionNotAllowed, InvalidInput
from app.domain.lifecycle import TaskStatus
from app.domain.loops import TABLE, MatterAction, MatterCommand, Side, act, permitted, sides_of
from app.domain.matters import (
    JUDGED,
    PRESSING,
    PROBLEMS,
    Because,
    Conclusion,
    Finding,
    Matter,
    MatterKind,
    MatterStatus,
    appeal_office,
    blank_of,
    hall_of,
    id_of,
    office_of,
    replay,
)
from app.domain.proceedings import ANSWER_DAYS, MAX_ROUNDS, Proceedings
from app.domain.records import AfterCheck
from app.domain.regions import RegionTree
from app.domain.supervision import Opening, open_matter, unanswered
from app.domain.vocabulary import Role
from tests.factories import MONDAY, catalogue, moment, submitted

DESK = "market.330802"
OFFICER = Actor("officer.market.330802.1", Role.OFFICER, department=DESK, region="330802")
HEAD = Actor("officer.market.330802.3", Role.OFFICER, department=DESK, region="330802")
OTHER_DESK = Actor("officer.tobacco.330802.3", Role.OFFICER, department="tobacco.330802", region="330802")
COUNTY = Actor("supervisor.330802", Role.SUPERVISOR, region="330802")
CITY = Actor("supervisor.330800", Role.SUPERVISOR, region="330800")
ELSEWHERE = Actor("supervisor.330100", Role.SUPERVISOR, region="330100")
CLERK = Actor("clerk.330802", Role.CLERK, region="330802")
APPLICANT = Actor("wang_owner", Role.APPLICANT)
AGENT = Actor("agent.wang_owner", Role.AGENT, on_behalf_of="wang_owner")
STRANGER = Actor("lin_mother", Role.APPLICANT)
DONE = ("已补发书面说明，编号示例 1",)


def regions() -> RegionTree:
    return catalogue().regions


class Loop:
    """A matter under test with all its events."""

    def __init__(self, kind: MatterKind, owner: str = DESK, day: date = MONDAY) -> None:
        opening = Opening(
            kind=kind,
            trail="L330802-20260316-00001-0-F1:review",
            because=Because.BY_HAND,
            application_id="a",
            reference="L330802-20260316-00001-0",
            item="F1",
            region="330802",
            owner=owner,
            rating_id="r" if kind is MatterKind.BAD_REVIEW else None,
        )
        opener = APPLICANT if kind is MatterKind.DATA_CONTEST else SYSTEM
        p = open_matter(opening, opener, moment(day))
        self.matter, self.events, self.now = p.matter, list(p.events), moment(day)

    def do(self, who: Actor, action: str, **command: object) -> Matter:
        p = Proceedings(self.matter, who, self.now)
        act(p, MatterCommand(action=MatterAction(action), **command), self.sides(who), regions())  # type: ignore[arg-type]
        self.matter = p.matter
        self.events += p.events
        return p.matter

    def sides(self, who: Actor) -> frozenset[Side]:
        return sides_of(self.matter, who, "wang_owner", regions())

    def allowed(self, who: Actor) -> set[str]:
        return {action.value for action in permitted(self.matter, self.sides(who), regions(), self.now.today)}

    def go_to(self, day: date) -> None:
        self.now = moment(day)

    def answered(self) -> "Loop":
        if self.matter.kind is MatterKind.UNRESOLVED and self.matter.status is MatterStatus.OPENED:
            self.do(COUNTY, "assign", to=DESK)
        if self.matter.kind is MatterKind.BAD_REVIEW:
            self.do(HEAD, "verify", reason="已回访", finding=Finding.CLEAR)
        self.do(HEAD, "reply", reason="已整改", evidence=DONE, finding=self.finding)
        return self

    @property
    def finding(self) -> Finding:
        """One that fits the kind."""
        return Finding.CORRECTED if self.matter.kind is MatterKind.DATA_ERROR else Finding.COMPLEX


def all_loops() -> list[Loop]:
    return [Loop(kind) for kind in MatterKind]


def test_a_holder_answers_about_data_with_what_it_found_and_nobody_else_does() -> None:
    loop = Loop(MatterKind.DATA_ERROR)
    for finding in (None, Finding.CLEAR, Finding.UNFOUNDED):
        with pytest.raises(InvalidInput) as refused:
            loop.do(OFFICER, "reply", reason="已核实", evidence=DONE, finding=finding)
        assert [fault.pointer for fault in refused.value.faults] == ["/finding"]
    assert loop.do(OFFICER, "reply", reason="已核实", evidence=DONE, finding=Finding.UPHELD).finding is Finding.UPHELD
    review = Loop(MatterKind.BAD_REVIEW)
    with pytest.raises(InvalidInput):
        review.do(OFFICER, "verify", reason="属实", finding=Finding.CORRECTED)


def test_every_action_has_one_row_and_a_handler() -> None:
    assert set(TABLE) == set(MatterAction) == set(loops.HANDLERS)


def test_no_row_lets_the_owner_close_a_matter() -> None:
    closing = [row for row in TABLE.values() if row.end is MatterStatus.CLOSED]
    assert closing
    assert all(not row.sides & {Side.OWNER, Side.HEAD} for row in closing)


@pytest.mark.parametrize("kind", MatterKind)
def test_every_kind_can_be_brought_to_its_end_and_replays(kind: MatterKind) -> None:
    loop = Loop(kind, owner=DESK).answered()
    judge = APPLICANT if kind in JUDGED else COUNTY
    ended = loop.do(judge, "confirm" if kind in JUDGED else "close", reason="属实")
    assert (ended.status, ended.conclusion) == (MatterStatus.CLOSED, Conclusion.RESOLVED)
    assert replay(blank_of(ended), loop.events) == ended
    assert [event.seq for event in loop.events] == list(range(1, len(loop.events) + 1))


COMMANDS = st.sampled_from(list(MatterAction))


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(list(MatterKind)), walk=st.lists(COMMANDS, max_size=12))
def test_whatever_the_owner_tries_alone_it_never_closes(kind: MatterKind, walk: list[MatterAction]) -> None:
    loop = Loop(kind, owner=DESK)
    for action in walk:
        before = loop.matter
        try:
            loop.do(HEAD, action.value, reason="r", evidence=DONE, to=DESK, finding=loop.finding, days=1)
        except ActionNotAllowed:
            assert loop.matter is before
            assert action.value not in loop.allowed(HEAD)
    assert loop.matter.is_open
    assert replay(blank_of(loop.matter), loop.events) == loop.matter


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(list(MatterKind)),
    walk=st.lists(st.tuples(st.sampled_from([HEAD, OFFICER, COUNTY, CITY, APPLICANT, CLERK]), COMMANDS), max_size=14),
)
def test_what_is_allowed_works_and_what_is_not_is_refused(
    kind: MatterKind, walk: list[tuple[Actor, MatterAction]]
) -> None:
    loop = Loop(kind, owner=DESK)
    for who, action in walk:
        is_allowed = action.value in loop.allowed(who)
        if is_allowed:
            loop.do(who, action.value, reason="r", evidence=DONE, to=DESK, finding=loop.finding, days=1)
            continue
        with pytest.raises(ActionNotAllowed) as refused:
            loop.do(who, action.value, reason="r", evidence=DONE, to=DESK, finding=loop.finding, days=1)
        assert set(refused.value.members["allowed"]) == loop.allowed(who)
    assert replay(blank_of(loop.matter), loop.events) == loop.matter
    if not loop.matter.is_open:
        closer = next(e for e in reversed(loop.events) if e.end == "closed")
        assert closer.office != DESK


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (OFFICER, {Side.OWNER}),
        (HEAD, {Side.OWNER, Side.HEAD}),
        (OTHER_DESK, set()),
        (COUNTY, {Side.SUPERVISION}),
        (CITY, {Side.SUPERVISION}),
        (ELSEWHERE, set()),
        (CLERK, set()),
        (APPLICANT, {Side.APPLICANT}),
        (AGENT, {Side.APPLICANT}),
        (STRANGER, set()),
        (SYSTEM, {Side.TIME}),
    ],
)
def test_everybody_stands_in_one_relation_to_a_matter(who: Actor, expected: set[Side]) -> None:
    assert Loop(MatterKind.OVERDUE).sides(who) == expected


def test_an_office_does_not_supervise_itself() -> None:
    loop = Loop(MatterKind.ESCALATION, owner="hall.330802")
    assert loop.sides(COUNTY) == {Side.OWNER, Side.HEAD}
    loop.do(COUNTY, "reply", reason="已约谈")
    assert "close" not in loop.allowed(COUNTY)
    assert "close" in loop.allowed(CITY)


@pytest.mark.parametrize("kind", sorted(PRESSING))
def test_pressing_matters_are_answered_without_evidence_and_problems_are_not(kind: MatterKind) -> None:
    assert Loop(kind).do(HEAD, "reply", reason="正在办").status is MatterStatus.REPLIED
    for problem in PROBLEMS - JUDGED:
        with pytest.raises(InvalidInput) as refused:
            Loop(problem).do(HEAD, "reply", reason="已处理")
        assert refused.value.faults[0].pointer == "/evidence"


def test_an_order_is_answered_by_the_head_only() -> None:
    loop = Loop(MatterKind.ORDER)
    with pytest.raises(ActionNotAllowed, match="head"):
        loop.do(OFFICER, "reply", reason="正在办")
    assert "reply" not in loop.allowed(OFFICER)
    assert loop.do(HEAD, "reply", reason="正在办").reply == "正在办"


@pytest.mark.parametrize("kind", [kind for kind in MatterKind if kind not in JUDGED])
def test_the_answer_is_due_in_working_days_from_the_assignment(kind: MatterKind) -> None:
    loop = Loop(kind, day=date(2026, 4, 30))
    due = {1: date(2026, 5, 6), 3: date(2026, 5, 8), 5: date(2026, 5, 11)}[ANSWER_DAYS[kind]]
    assert loop.matter.due_on == due, "Labour Day is not counted, the make-up Saturday is"
    assert not loop.matter.is_overdue(due)
    assert loop.matter.is_overdue(date(2026, 5, 12))


def test_a_bad_review_is_verified_in_a_day_and_mended_in_five() -> None:
    loop = Loop(MatterKind.BAD_REVIEW)
    assert loop.matter.due_on == date(2026, 3, 17)
    with pytest.raises(ActionNotAllowed, match="verify"):
        loop.do(HEAD, "reply", reason="已整改", evidence=DONE)
    loop.go_to(date(2026, 3, 17))
    assert loop.do(OFFICER, "verify", reason="回访三次", finding=Finding.COMPLEX).due_on == date(2026, 3, 23)


def test_only_a_complex_bad_review_may_take_longer_and_once_and_not_by_its_own_word() -> None:
    clear = Loop(MatterKind.BAD_REVIEW)
    clear.do(OFFICER, "verify", reason="属实", finding=Finding.CLEAR)
    with pytest.raises(ActionNotAllowed, match="complex"):
        clear.do(OFFICER, "ask_extension", reason="忙", days=5)

    loop = Loop(MatterKind.BAD_REVIEW)
    loop.do(OFFICER, "verify", reason="涉及多方", finding=Finding.COMPLEX)
    with pytest.raises(InvalidInput):
        loop.do(OFFICER, "ask_extension", reason="需会商", days=11)
    due = loop.matter.due_on
    assert loop.do(OFFICER, "ask_extension", reason="需会商", days=10).due_on == due, "asking changes nothing yet"
    assert "allow_extension" not in loop.allowed(HEAD)
    assert loop.do(COUNTY, "allow_extension").due_on == date(2026, 4, 7), "15 working days, 清明 not counted"
    with pytest.raises(ActionNotAllowed, match="one extension"):
        loop.do(OFFICER, "ask_extension", reason="再延", days=1)


def test_too_late_is_too_late_to_ask_for_more_time() -> None:
    loop = Loop(MatterKind.OVERDUE)
    loop.do(OFFICER, "take")
    loop.go_to(date(2026, 3, 24))
    with pytest.raises(ActionNotAllowed, match="passed"):
        loop.do(OFFICER, "ask_extension", reason="忙", days=1)


def test_the_applicant_judges_first_and_supervision_after_that() -> None:
    loop = Loop(MatterKind.UNRESOLVED, owner="hall.330802").answered()
    assert loop.matter.owner == DESK
    assert "close" not in loop.allowed(COUNTY)
    assert loop.allowed(APPLICANT) == loop.allowed(AGENT) == {"confirm", "contest"}
    assert loop.allowed(STRANGER) == set()
    loop.go_to(date(2026, 3, 24))
    assert "close" in loop.allowed(COUNTY)


def test_after_two_rounds_supervision_decides() -> None:
    loop = Loop(MatterKind.BAD_REVIEW)
    for _ in range(MAX_ROUNDS):
        loop.answered()
        loop.do(APPLICANT, "contest", reason="还是没解决")
    loop.answered()
    assert loop.allowed(APPLICANT) == {"confirm"}
    assert (
        loop.do(COUNTY, "close", reason="无法律依据，已说明", conclusion=Conclusion.EXPLAINED).conclusion == "explained"
    )


def test_an_appeal_is_decided_by_another_office_and_once() -> None:
    loop = Loop(MatterKind.BAD_REVIEW)
    loop.do(OFFICER, "appeal", reason="评错了部门")
    assert loop.matter.appeal_to == "hall.330800"
    assert loop.allowed(OFFICER) == loop.allowed(COUNTY) == loop.allowed(APPLICANT) == set()
    assert loop.allowed(CITY) == {"uphold", "reject"}
    loop.do(CITY, "reject", reason="评价真实")
    with pytest.raises(ActionNotAllowed, match="one only"):
        loop.do(OFFICER, "appeal", reason="再次申诉")


def test_an_upheld_appeal_ends_the_matter_for_good() -> None:
    loop = Loop(MatterKind.BAD_REVIEW)
    loop.do(OFFICER, "appeal", reason="恶意差评")
    assert loop.do(CITY, "uphold", reason="查无此事").conclusion is Conclusion.ANNULLED
    assert loop.allowed(COUNTY) == loop.allowed(CITY) == set()


@pytest.mark.parametrize(
    ("owner", "office"),
    [
        ("market.330802", "hall.330800"),
        ("housing_fund.330800", "hall.330000"),
        ("hall.330802", "hall.330800"),
        ("market.330000", "hall.330000"),
        ("hall.330000", None),
    ],
)
def test_an_appeal_goes_one_level_up_and_never_to_the_rated_office(owner: str, office: str | None) -> None:
    assert appeal_office(owner, regions()) == office


def test_a_supervisor_may_send_back_what_was_closed() -> None:
    loop = Loop(MatterKind.RETURNED).answered()
    loop.do(COUNTY, "close", reason="属实")
    again = loop.do(CITY, "reopen", reason="复查发现未整改")
    assert (again.status, again.closed_at, again.conclusion) == (MatterStatus.REOPENED, None, None)
    assert again.due_on == date(2026, 3, 23)


@pytest.mark.parametrize("reason", [None, "", "   "])
def test_answers_and_judgements_need_words(reason: str | None) -> None:
    with pytest.raises(InvalidInput):
        Loop(MatterKind.CHASE).do(OFFICER, "reply", reason=reason)


@pytest.mark.parametrize("evidence", [("",), ("长" * 501,), tuple("字" * 11)])
def test_evidence_that_is_empty_too_long_or_too_much_is_refused(evidence: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        Loop(MatterKind.OVERDUE).do(OFFICER, "reply", reason="已处理", evidence=evidence)


def test_ids_follow_from_keys_and_tell_nothing() -> None:
    assert Loop(MatterKind.CHASE).matter.id == Loop(MatterKind.CHASE, day=date(2026, 4, 1)).matter.id
    assert len({loop.matter.id for loop in all_loops()}) == len(MatterKind)
    assert len(id_of("bad_review:" + "关" * 500)) == 32


def test_the_county_hall_receives_what_a_village_reports() -> None:
    assert hall_of("330881112990", regions()) == "hall.330881"
    assert hall_of("330800", regions()) == "hall.330800"
    assert office_of(CLERK) == "hall.330802"
    assert office_of(APPLICANT) is None


def test_a_task_is_chased_then_ordered_then_escalated_each_under_one_key() -> None:
    errand = submitted("catering_full")
    errand.accept("L0")
    promised, statutory = errand["L0"].promised_due_on, errand["L0"].statutory_due_on
    assert promised is not None
    assert statutory is not None
    days = [errand.now.today, promised, promised + timedelta(days=1), statutory + timedelta(days=1)]
    found = [supervision.watched(errand.case, "L0", errand.now.calendar, day, regions()) for day in days]
    assert [[opening.kind.value for opening in openings] for openings in found] == [
        [],
        ["chase"],
        ["overdue", "order"],
        ["overdue", "order", "escalation"],
    ]
    trail = f"{errand.case.reference}-L0:review"
    assert {opening.trail for openings in found for opening in openings} == {trail}
    owners = {opening.kind.value: opening.owner for opening in found[-1]}
    department = errand["L0"].department
    assert owners == {"overdue": department, "order": department, "escalation": "hall.330802"}


def test_a_returned_task_is_an_entry_of_the_list() -> None:
    errand = submitted("catering_simple")
    errand.act("L1", "receive")
    events = errand.act("L1", "return", reason="重复申报")
    (opening,) = supervision.returned(errand.case, events)
    assert (opening.kind, opening.owner, opening.text) == (
        MatterKind.RETURNED,
        errand["L1"].department,
        "重复申报",
    )
    assert supervision.returned(errand.case, []) == ()


@pytest.mark.parametrize(
    ("kind", "following"),
    [
        (MatterKind.CHASE, MatterKind.ORDER),
        (MatterKind.ORDER, MatterKind.ESCALATION),
        (MatterKind.ESCALATION, None),
        (MatterKind.OVERDUE, MatterKind.ORDER),
        (MatterKind.BAD_REVIEW, MatterKind.ORDER),
        (MatterKind.RETURNED, MatterKind.ORDER),
        (MatterKind.UNRESOLVED, MatterKind.ORDER),
    ],
)
def test_whoever_does_not_answer_gets_the_next_graver_matter(kind: MatterKind, following: MatterKind | None) -> None:
    matter = replace(Loop(kind).matter, hides_case=kind is MatterKind.BAD_REVIEW)
    assert unanswered(matter, matter.due_on, regions()) is None
    found = unanswered(matter, date(2026, 4, 1), regions())
    assert (found.kind if found else None) is following
    if found is not None:
        assert found.cause == matter.id
        assert found.hides_case is matter.hides_case, "an order about a bad review tells no more than the review"
        assert (found.trail == matter.trail) is (kind in PRESSING)


def test_an_answer_that_waits_for_others_calls_for_nothing() -> None:
    loop = Loop(MatterKind.ORDER).answered()
    assert unanswered(loop.matter, date(2027, 1, 1), regions()) is None


def test_a_reminder_is_overtaken_when_its_clock_no_longer_runs() -> None:
    errand = submitted("catering_simple")
    errand.accept("L1")
    chase = Loop(MatterKind.CHASE).matter
    assert not supervision.is_moot(chase, errand["L1"])
    intake = replace(chase, key="chase:x:intake")
    assert supervision.is_moot(intake, errand["L1"])
    assert not supervision.is_moot(Loop(MatterKind.ORDER).matter, errand["L1"])
    check = replace(chase, key="chase:x:check")
    promised = replace(errand["L1"], status=TaskStatus.CLOSED, after_check=AfterCheck(date(2026, 5, 1)))
    assert not supervision.is_moot(check, promised)
    assert supervision.is_moot(chase, promised)
    assert supervision.is_moot(check, replace(promised, after_check=AfterCheck(date(2026, 5, 1), is_true=True)))
