"""The table of moves against a table written by hand from the law and the standard, and the folds over tasks."""

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.applications import Actor, Task
from app.domain.catalogue import Edge
from app.domain.errors import ActionNotAllowed
from app.domain.handling import HANDLERS, demand, permitted
from app.domain.lifecycle import (
    CASCADE,
    ENDED,
    TABLE,
    ApplicationStatus,
    Release,
    TaskAction,
    TaskOutcome,
    TaskStatus,
    Verdict,
    allowed,
    fold,
    release,
)
from app.domain.vocabulary import EdgeNeed, Role, TimeUnit
from tests.factories import MONDAY

S, V = TaskStatus, Verdict

# status → role → actions; what is not written here is forbidden
EXPECTED: dict[str, dict[str, str]] = {
    "waiting": {
        "system": "start",
        "applicant": "withdraw",
        "agent": "withdraw",
        "supervisor": "void",
    },
    "submitted": {
        "clerk": "receive plan_step finish_step",
        "officer": "receive decide_at_once conclude_survey plan_step finish_step",
        "system": "deem_accepted",
        "applicant": "withdraw",
        "agent": "withdraw",
        "supervisor": "void",
    },
    "received": {
        "clerk": "plan_step finish_step",
        "officer": "accept decline request_correction return decide_at_once conclude_survey plan_step finish_step",
        "system": "deem_accepted serve_correction return",
        "applicant": "withdraw",
        "agent": "withdraw",
        "supervisor": "void",
    },
    "correction": {
        "applicant": "correct withdraw",
        "agent": "correct withdraw",
        "clerk": "correct plan_step finish_step",
        "officer": "return plan_step finish_step",
        "system": "return",
        "supervisor": "void",
    },
    "accepted": {
        "clerk": "plan_step finish_step",
        "officer": "review confirm decide_at_once grant_on_promise conclude_survey plan_step finish_step",
        "system": "ask_confirmation lapse",
        "applicant": "withdraw",
        "agent": "withdraw",
        "supervisor": "void",
    },
    "review": {
        "clerk": "plan_step finish_step",
        "officer": "begin_special suspend ask_extension extend deny_extension announce confirm propose endorse "
        "send_back conclude_survey decide_at_once grant refuse plan_step finish_step",
        "system": "ask_confirmation lapse",
        "applicant": "withdraw",
        "agent": "withdraw",
        "supervisor": "void",
    },
    "special": {
        "clerk": "plan_step finish_step",
        "officer": "end_special confirm conclude_survey plan_step finish_step",
        "system": "ask_confirmation lapse",
        "applicant": "withdraw",
        "agent": "withdraw",
        "supervisor": "void",
    },
    "suspended": {
        "clerk": "plan_step finish_step",
        "officer": "resume terminate confirm conclude_survey plan_step finish_step",
        "system": "ask_confirmation",
        "applicant": "withdraw",
        "agent": "withdraw",
        "supervisor": "void",
    },
    "granted": {
        "clerk": "dispatch deliver plan_step finish_step",
        "officer": "dispatch deliver pass_check revoke plan_step finish_step",
    },
    "denied": {
        "clerk": "dispatch deliver plan_step finish_step",
        "officer": "dispatch deliver plan_step finish_step",
    },
    "delivery": {
        "clerk": "deliver plan_step finish_step",
        "officer": "deliver pass_check revoke plan_step finish_step",
    },
    "closed": {"clerk": "finish_step", "officer": "pass_check revoke finish_step"},
    **{
        status: {"clerk": "finish_step", "officer": "finish_step"}  # originals go back when it is over
        for status in ("not_accepted", "withdrawn", "returned", "terminated", "void")
    },
}

ENDS = {
    "start": "submitted",
    "receive": "received",
    "accept": "accepted",
    "deem_accepted": "accepted",
    "decline": "not_accepted",
    "request_correction": None,
    "serve_correction": "correction",
    "correct": "received",
    "return": "returned",
    "review": "review",
    "begin_special": "special",
    "end_special": "review",
    "suspend": "suspended",
    "resume": "review",
    "ask_extension": None,
    "extend": None,
    "deny_extension": None,
    "announce": None,
    "propose": None,
    "endorse": None,
    "send_back": None,
    "conclude_survey": None,
    "decide_at_once": "granted",
    "grant_on_promise": "granted",
    "pass_check": None,
    "revoke": None,
    "plan_step": None,
    "finish_step": None,
    "lapse": "returned",
    "ask_confirmation": None,
    "confirm": None,
    "grant": "granted",
    "refuse": "denied",
    "dispatch": "delivery",
    "deliver": "closed",
    "withdraw": "withdrawn",
    "terminate": "terminated",
    "void": "void",
}
WITH_REASON = {
    *("decline", "return", "begin_special", "suspend", "ask_extension", "deny_extension", "announce", "send_back"),
    *("conclude_survey", "refuse", "revoke", "lapse", "terminate", "void"),
}


@pytest.mark.parametrize("status", list(TaskStatus))
def test_every_status_gives_each_role_exactly_the_actions_of_the_law(status: TaskStatus) -> None:
    for role in Role:
        expected = set(EXPECTED[status.value].get(role.value, "").split())
        assert {action.value for action in allowed(status, role)} == expected, (status, role)


def test_every_action_ends_where_the_law_says() -> None:
    assert {action.value: row.end.value if row.end else None for action, row in TABLE.items()} == ENDS


def test_what_hurts_the_applicant_needs_a_written_reason() -> None:
    assert {action.value for action, row in TABLE.items() if row.needs_reason} == WITH_REASON


def test_every_action_is_in_the_table_once() -> None:
    assert set(TABLE) == set(TaskAction)
    assert all(row.action is action for action, row in TABLE.items())


def test_nothing_ever_leaves_an_ended_status() -> None:
    for row in (*TABLE.values(), CASCADE):
        assert row.end is None or not row.start & ENDED
    left = {action for status in ENDED for actions in EXPECTED[status.value].values() for action in actions.split()}
    assert left == {"pass_check", "revoke", "finish_step"}, "a grant is checked afterwards, originals go back"


def test_every_status_can_be_reached_and_every_open_one_can_end() -> None:
    rows = (*TABLE.values(), CASCADE)
    reached = {S.WAITING, S.SUBMITTED}
    for _ in S:
        reached |= {row.end for row in rows if row.end and row.start & reached}
    assert reached == set(S)
    ending = set(ENDED)
    for _ in S:
        ending |= {status for row in rows if row.end in ending for status in row.start}
    assert ending == set(S)


def test_a_person_can_carry_out_all_but_what_time_other_moves_and_notices_do() -> None:
    by_itself = {"start", "deem_accepted", "serve_correction", "ask_confirmation", "correct", "lapse"}
    assert {action.value for action in TaskAction} - {action.value for action in HANDLERS} == by_itself


TASK = Task(
    item="F1",
    department="market.330802",
    region="330802",
    stage=0,
    after=(),
    promised_days=5,
    promised_unit=TimeUnit.WORKING_DAY,
    statutory_days=20,
    statutory_unit=TimeUnit.WORKING_DAY,
    is_instant=False,
    status=S.SUBMITTED,
)


@pytest.mark.parametrize("status", list(TaskStatus))
def test_a_forbidden_move_is_refused_with_the_moves_that_are_allowed(status: TaskStatus) -> None:
    task = replace(TASK, status=status)
    for role, action in itertools.product(Role, TaskAction):
        who = Actor("someone", role)
        options = permitted(task, who, MONDAY)
        if action in options:
            assert demand(task, action, who, MONDAY) is TABLE[action]
            continue
        with pytest.raises(ActionNotAllowed) as refusal:
            demand(task, action, who, MONDAY)
        assert refusal.value.members["allowed"] == [option.value for option in options]
        assert refusal.value.members["status"] == status.value
        assert refusal.value.detail.zh
        assert refusal.value.detail.en


FOLDS: list[tuple[str, str, str]] = [
    ("", "draft", "none"),
    ("submitted", "submitted", "none"),
    ("submitted waiting waiting", "submitted", "none"),
    ("submitted withdrawn", "submitted", "none"),
    ("submitted void terminated", "submitted", "none"),
    ("submitted not_accepted", "intake", "none"),
    ("received submitted", "intake", "none"),
    ("received waiting", "intake", "none"),
    ("correction submitted", "correction", "none"),
    ("correction review closed+", "correction", "all_granted"),
    ("accepted received", "partly_accepted", "none"),
    ("granted+ submitted", "partly_accepted", "all_granted"),
    ("closed+ received", "partly_accepted", "all_granted"),
    ("accepted", "in_progress", "none"),
    ("accepted waiting", "in_progress", "none"),
    ("special suspended review", "in_progress", "none"),
    ("granted+ delivery-", "in_progress", "partly_granted"),
    ("denied-", "in_progress", "all_denied"),
    ("delivery+ closed+", "in_progress", "all_granted"),
    ("closed+ closed+", "finished", "all_granted"),
    ("closed+ closed-", "finished", "partly_granted"),
    ("closed- closed-", "finished", "all_denied"),
    ("closed! closed!", "finished", "revoked"),
    ("closed! closed-", "finished", "revoked"),
    ("closed! closed+", "finished", "partly_granted"),
    ("closed+ terminated", "partly_finished", "all_granted"),
    ("closed- withdrawn not_accepted", "partly_finished", "all_denied"),
    ("withdrawn withdrawn", "withdrawn", "none"),
    ("withdrawn terminated", "terminated", "none"),
    ("not_accepted", "terminated", "none"),
    ("returned void", "terminated", "none"),
]


def outcome(word: str) -> TaskOutcome:
    """``granted+`` is a task with a grant, ``closed-`` one with a refusal, ``closed!`` one whose grant was revoked."""
    verdict = {"+": V.GRANTED, "-": V.DENIED, "!": V.REVOKED}.get(word[-1])
    return S(word.rstrip("+-!")), verdict


@pytest.mark.parametrize(("tasks", "status", "result"), FOLDS)
def test_the_whole_is_the_fold_of_its_parts(tasks: str, status: str, result: str) -> None:
    found = fold([outcome(word) for word in tasks.split()])
    assert (found[0].value, found[1].value) == (status, result)


OUTCOMES = st.sampled_from(
    [(status, None) for status in S if status not in {S.GRANTED, S.DENIED, S.DELIVERY, S.CLOSED}]
    + [
        (S.GRANTED, V.GRANTED),
        (S.DENIED, V.DENIED),
        (S.DELIVERY, V.GRANTED),
        (S.CLOSED, V.GRANTED),
        (S.CLOSED, V.DENIED),
        (S.CLOSED, V.REVOKED),
    ]
)
OVER = {
    ApplicationStatus.FINISHED,
    ApplicationStatus.PARTLY_FINISHED,
    ApplicationStatus.WITHDRAWN,
    ApplicationStatus.TERMINATED,
}


@given(st.lists(OUTCOMES, min_size=1, max_size=6))
def test_the_whole_is_over_exactly_when_every_part_is(tasks: list[TaskOutcome]) -> None:
    assert (fold(tasks)[0] in OVER) == all(status in ENDED for status, _ in tasks)


@given(st.lists(OUTCOMES, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_parts_does_not_matter(tasks: list[TaskOutcome], dice: random.Random) -> None:
    shuffled = dice.sample(tasks, len(tasks))
    assert fold(tasks) == fold(shuffled)


GRANTED, DECIDED, INDEPENDENT = EdgeNeed.GRANTED, EdgeNeed.DECIDED, EdgeNeed.INDEPENDENT
RELEASES: list[tuple[str, list[tuple[str, EdgeNeed]], Release]] = [
    ("", [], Release.START),
    ("A:review", [("A", GRANTED)], Release.WAIT),
    ("A:granted+", [("A", GRANTED)], Release.START),
    ("A:delivery+", [("A", GRANTED)], Release.START),
    ("A:closed+", [("A", GRANTED)], Release.START),
    ("A:denied-", [("A", GRANTED)], Release.STOP),
    ("A:closed-", [("A", GRANTED)], Release.STOP),
    ("A:closed!", [("A", GRANTED)], Release.STOP),
    ("A:not_accepted", [("A", GRANTED)], Release.STOP),
    ("A:withdrawn", [("A", GRANTED)], Release.STOP),
    ("A:void", [("A", GRANTED)], Release.STOP),
    ("A:review", [("A", DECIDED)], Release.WAIT),
    ("A:denied-", [("A", DECIDED)], Release.START),
    ("A:returned", [("A", DECIDED)], Release.START),
    ("A:granted+", [("A", DECIDED)], Release.START),
    ("A:denied-", [("A", INDEPENDENT)], Release.START),
    ("A:submitted", [("A", INDEPENDENT)], Release.START),
    ("A:denied- B:review", [("A B", GRANTED)], Release.WAIT),
    ("A:denied- B:granted+", [("A B", GRANTED)], Release.START),
    ("A:denied- B:withdrawn", [("A B", GRANTED)], Release.STOP),
    ("A:granted+ B:review", [("A", GRANTED), ("B", GRANTED)], Release.WAIT),
    ("A:review B:denied-", [("A", GRANTED), ("B", GRANTED)], Release.STOP),
    ("A:granted+ B:denied-", [("A", GRANTED), ("B", DECIDED)], Release.START),
    ("A:review B:terminated", [("A", DECIDED), ("B", DECIDED)], Release.WAIT),
]


@pytest.mark.parametrize(("tasks", "edges", "expected"), RELEASES)
def test_a_waiting_task_waits_starts_or_stops_as_its_edges_say(
    tasks: str, edges: list[tuple[str, EdgeNeed]], expected: Release
) -> None:
    outcomes = {pair.split(":")[0]: outcome(pair.split(":")[1]) for pair in tasks.split()}
    assert release([Edge(tuple(items.split()), needs) for items, needs in edges], outcomes) is expected


@given(st.dictionaries(st.sampled_from("ABC"), OUTCOMES, min_size=3, max_size=3), st.sampled_from(list(EdgeNeed)))
def test_once_everything_before_it_is_settled_nobody_waits_any_more(
    outcomes: dict[str, TaskOutcome], needs: EdgeNeed
) -> None:
    settled = all(status in ENDED or verdict for status, verdict in outcomes.values())
    verdict = release([Edge(("A", "B"), needs), Edge(("C",), needs)], outcomes)
    assert verdict is not Release.WAIT or not settled
