"""The rules of approvals and of requests for data, table by table."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.calendar import published
from app.domain.applications import SYSTEM, Actor, Moment
from app.domain.catalogue import Dataset
from app.domain.datasets import (
    TABLE,
    Approval,
    Course,
    LineAction,
    LineCommand,
    LineSide,
    LineStatus,
    Origin,
    RequestLine,
    act,
    ask,
    blank_of,
    permitted,
    replay,
    ruling,
    sides_of,
)
from app.domain.deadlines import BEIJING
from app.domain.errors import ActionNotAllowed, InvalidInput
from app.domain.vocabulary import Grade, Role, SharingClass, Text

TODAY = date(2026, 3, 16)
CHAIN = ("330802", "330800", "330000")
ASKER = Actor("officer.land.330802.1", Role.OFFICER, "land.330802", "330802")
HOLDER = Actor("officer.police.330802.2", Role.OFFICER, "police.330802", "330802")
A, S, D = LineAction, LineStatus, LineSide
EVERY_SIDE = frozenset(LineSide)


def approval(region: str | None = None, **changes: object) -> Approval:
    """One of the packs, for everywhere."""
    base = Approval(id=f"a{region}", item="D3", dataset="marriage_register", origin=Origin.PACK, region=region)
    return replace(base, **changes)  # type: ignore[arg-type]


def line(**changes: object) -> RequestLine:
    """A line that has been asked for."""
    base = RequestLine(
        id="1" * 32,
        key="D3:resident_identity:330802:1",
        request_id="2" * 32,
        item="D3",
        dataset="resident_identity",
        region="330802",
        department="land.330802",
        holder="police.330802",
        asked_at=datetime(2026, 3, 16, 10, tzinfo=BEIJING),
        asked_elements=("name", "id_number"),
        asked_per_day=50,
        asked_until=TODAY + timedelta(days=90),
        due_on=TODAY + timedelta(days=14),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def moment(day: date = TODAY) -> Moment:
    """Ten o'clock."""
    return Moment(datetime.combine(day, datetime.min.time().replace(hour=10), BEIJING), published())


def dataset(sharing: SharingClass) -> Dataset:
    """Of the police."""
    return Dataset(
        code="resident_identity",
        name=Text("居民身份信息", "identity"),
        holder="police",
        grade=Grade.L3,
        sharing=sharing,
        update=Text("实时", "live"),
        no_sharing_basis=Text("示例法第一条", "Example Act, art. 1"),
    )


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ((), None),
        ((approval(),), "aNone"),
        ((approval("330881"),), None),
        ((approval(), approval("330800")), "a330800"),
        ((approval("330000"), approval("330802"), approval("330800")), "a330802"),
        ((approval(until=TODAY),), "aNone"),
        ((approval(approved_on=TODAY),), "aNone"),
        ((approval(approved_on=TODAY + timedelta(days=1)),), None),
        ((approval(until=TODAY - timedelta(days=1)),), None),
        ((approval(), approval("330802", until=TODAY - timedelta(days=1))), "aNone"),
        ((approval(), approval("330881", is_suspended=True)), "aNone"),
        ((approval(), approval("330800", is_suspended=True)), None),
        ((approval("330802"), approval("330000", is_suspended=True)), None),
        (
            (
                approval("330802", id="old", approved_on=date(2026, 1, 1)),
                approval("330802", id="new", approved_on=date(2026, 3, 1)),
            ),
            "new",
        ),
    ],
)
def test_the_narrowest_and_newest_approval_counts_and_a_suspension_above_all(
    candidates: Sequence[Approval], expected: str | None
) -> None:
    found = ruling(candidates, CHAIN, TODAY)
    assert (found.id if found else None) == expected


@given(st.permutations([approval(), approval("330000"), approval("330800"), approval("330802"), approval("330881")]))
def test_the_order_in_which_approvals_are_found_does_not_matter(candidates: list[Approval]) -> None:
    found = ruling(candidates, CHAIN, TODAY)
    assert found is not None
    assert found.region == "330802"


@given(
    st.lists(st.tuples(st.sampled_from([None, *CHAIN, "330881"]), st.booleans()), max_size=6), st.sampled_from(CHAIN)
)
def test_what_is_suspended_for_a_region_is_suspended_in_everything_inside_it(
    drawn: list[tuple[str | None, bool]], region: str
) -> None:
    candidates = [approval(code, id=str(number), is_suspended=is_off) for number, (code, is_off) in enumerate(drawn)]
    chain = CHAIN[CHAIN.index(region) :]
    covering = [each for each in candidates if each.region is None or each.region in chain]
    found = ruling(candidates, chain, TODAY)
    assert (found is None) == (not covering or any(each.is_suspended for each in covering))


@pytest.mark.parametrize(
    ("elements", "wanted", "is_let"),
    [
        (None, ("anything",), True),
        (("name",), ("name",), True),
        (("name",), ("name", "id_number"), False),
        (("name",), (), True),
    ],
)
def test_an_approval_lets_only_its_elements(
    elements: tuple[str, ...] | None, wanted: tuple[str, ...], is_let: bool
) -> None:
    assert approval(elements=elements).lets(wanted) is is_let


@pytest.mark.parametrize(
    ("sharing", "status", "role"),
    [
        (SharingClass.UNCONDITIONAL, S.APPROVED, Role.SYSTEM),
        (SharingClass.RESTRICTED, S.ASKED, Role.OFFICER),
        (SharingClass.NONE, S.REFUSED, Role.SYSTEM),
    ],
)
def test_the_sharing_class_says_what_happens_to_a_new_request(
    sharing: SharingClass, status: LineStatus, role: Role
) -> None:
    course = Course(line(), ASKER, moment())
    ask(course, dataset(sharing), SYSTEM, "SJ-1")
    assert (course.line.status, course.events[-1].role) == (status, role)
    assert course.events[0].actor == ASKER.account
    if sharing is SharingClass.NONE:
        assert course.line.reason == "示例法第一条"
    if sharing is SharingClass.UNCONDITIONAL:
        assert course.line.approval is not None
        assert course.line.approval.elements == ("name", "id_number")


@pytest.mark.parametrize(("action", "status"), list(product(LineAction, LineStatus)))
def test_every_move_is_in_the_table_and_no_other_is_possible(action: LineAction, status: LineStatus) -> None:
    before, row = line(status=status), TABLE[action]
    course = Course(before, HOLDER, moment())
    command = LineCommand(action=action, reason="理由", reference="SJ-1")
    if status in row.start:
        act(course, command, frozenset({row.side}))
        assert course.line.status is row.end
        for side in EVERY_SIDE - {row.side}:
            assert action not in permitted(before, frozenset({side}))
    else:
        with pytest.raises(ActionNotAllowed) as refused:
            act(course, command, EVERY_SIDE)
        assert refused.value.members["allowed"] == [option.value for option in permitted(before, EVERY_SIDE)]


@pytest.mark.parametrize(
    ("who", "sides"),
    [
        (ASKER, {D.ASKER}),
        (HOLDER, {D.HOLDER}),
        (SYSTEM, {D.TIME}),
        (Actor("officer.police.330881.1", Role.OFFICER, "police.330881", "330881"), set()),
        (Actor("clerk.330802", Role.CLERK, None, "330802"), set()),
        (Actor("lin_mother", Role.APPLICANT), set()),
    ],
)
def test_only_the_two_departments_have_a_part(who: Actor, sides: set[LineSide]) -> None:
    assert sides_of(line(), who) == sides


def test_what_came_with_the_packs_can_only_be_suspended_and_resumed() -> None:
    standing = line(request_id=None, status=S.APPROVED)
    assert permitted(standing, frozenset({D.ASKER, D.HOLDER})) == (A.SUSPEND,)
    assert permitted(replace(standing, status=S.SUSPENDED), frozenset({D.HOLDER})) == (A.RESUME,)


@pytest.mark.parametrize(
    ("command", "pointers"),
    [
        ({"elements": ("fee",)}, {"/elements"}),
        ({"elements": ()}, {"/elements"}),
        ({"per_day": 0}, {"/per_day"}),
        ({"per_day": 51}, {"/per_day"}),
        ({"until": TODAY - timedelta(days=1)}, {"/until"}),
        ({"until": TODAY + timedelta(days=91)}, {"/until"}),
        ({"elements": ("fee",), "per_day": 51}, {"/elements", "/per_day"}),
    ],
)
def test_a_holder_cannot_give_more_than_was_asked_for(command: dict[str, object], pointers: set[str]) -> None:
    course = Course(line(), HOLDER, moment())
    with pytest.raises(InvalidInput) as refused:
        act(course, LineCommand(action=A.APPROVE, **command), frozenset({D.HOLDER}))  # type: ignore[arg-type]
    assert {fault.pointer for fault in refused.value.faults} == pointers


@pytest.mark.parametrize("action", [row.action for row in TABLE.values() if row.needs_reason])
def test_what_takes_something_away_says_why(action: LineAction) -> None:
    start = next(iter(TABLE[action].start))
    with pytest.raises(InvalidInput):
        act(Course(line(status=start), HOLDER, moment()), LineCommand(action=action, reason=" "), EVERY_SIDE)


@given(st.lists(st.sampled_from([row.action for row in TABLE.values()]), max_size=8))
def test_replaying_the_events_gives_the_line_and_statuses_follow_one_another(actions: list[LineAction]) -> None:
    course = Course(line(), ASKER, moment())
    ask(course, dataset(SharingClass.RESTRICTED), SYSTEM, "SJ-1")
    for action in actions:
        command = LineCommand(action=action, reason="理由", reference="SJ-2")
        if action in permitted(course.line, EVERY_SIDE):
            act(course, command, EVERY_SIDE)
    assert replay(blank_of(course.line), course.events) == course.line
    assert [event.seq for event in course.events] == list(range(1, len(course.events) + 1))
    assert all(one.end == two.start for one, two in zip(course.events, course.events[1:], strict=False))
    assert (course.line.approval is not None) == (course.line.status in {S.APPROVED, S.SUSPENDED})
    is_over = course.line.status in {S.REFUSED, S.WITHDRAWN, S.REVOKED, S.EXPIRED}
    assert (course.line.completed_at is not None) == is_over


def test_an_answer_is_overdue_after_its_last_day_and_only_while_it_is_owed() -> None:
    waiting = line()
    assert not waiting.is_overdue(waiting.due_on)
    assert waiting.is_overdue(waiting.due_on + timedelta(days=1))
    assert not line(status=S.APPROVED).is_overdue(date(2027, 1, 1))
