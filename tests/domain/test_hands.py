"""Separation of duty: three officers for a licence, another than the receiver for the rest, one on the spot."""

from dataclasses import replace

import pytest

from app.domain.applications import Actor
from app.domain.errors import ActionNotAllowed, InvalidInput
from app.domain.hands import hands, why_not_decide
from app.domain.lifecycle import TaskAction, Verdict
from app.domain.records import Mode
from app.domain.vocabulary import PowerType, Role, Text
from tests.factories import CLERK, Errand, field_point, officer, submitted


def in_review(item: str, receiver: int | None = 1) -> Errand:
    """The full restaurant with this item under review, received by one of its officers or by the counter."""
    errand = submitted("catering_full")
    who = CLERK if receiver is None else officer(errand[item], receiver)
    errand.act(item, "receive", who)
    errand.review(item)
    return errand


@pytest.mark.parametrize(
    ("power", "is_instant", "mode", "count"),
    [
        (PowerType.LICENCE, False, Mode.ORDINARY, 3),
        (PowerType.LICENCE, True, Mode.ORDINARY, 1),
        (PowerType.LICENCE, False, Mode.COMMITMENT, 2),
        (PowerType.CONFIRMATION, False, Mode.ORDINARY, 2),
        (PowerType.PUBLIC_SERVICE, True, Mode.ORDINARY, 1),
        (None, False, Mode.ORDINARY, 2),
    ],
)
def test_how_many_officers_a_decision_takes(power: PowerType | None, is_instant: bool, mode: Mode, count: int) -> None:
    task = replace(submitted("catering_full")["H1"], power=power, is_instant=is_instant, mode=mode)
    assert hands(task) == count


def test_what_nobody_received_is_not_granted_on_a_promise_by_one_alone() -> None:
    task, action = submitted("catering_full")["H1"], TaskAction.GRANT_ON_PROMISE
    who, promised = officer(task, 3), replace(task, power=PowerType.LICENCE, mode=Mode.COMMITMENT)
    silent, taken = replace(promised, received_by=None), replace(promised, received_by=officer(task, 1).account)
    assert "Nobody received" in (why_not_decide(silent, action, who) or Text("", "")).en
    assert why_not_decide(taken, action, who) is None
    assert why_not_decide(replace(silent, is_instant=True), action, who) is None, "on the spot one is enough"


def test_a_licence_passes_through_three_different_officers() -> None:
    errand = in_review("L0", receiver=None)
    one, two, three = (officer(errand["L0"], hand) for hand in (1, 2, 3))
    with pytest.raises(ActionNotAllowed, match="three officers"):
        errand.act("L0", "grant", three)
    errand.act("L0", "propose", one, verdict=Verdict.GRANTED)
    with pytest.raises(ActionNotAllowed, match="own proposal"):
        errand.act("L0", "endorse", one)
    errand.act("L0", "endorse", two, reason="同意")
    for who in (one, two):
        with pytest.raises(ActionNotAllowed, match="three different"):
            errand.act("L0", "grant", who, outputs=errand.outputs("L0"))
    errand.act("L0", "grant", three, outputs=errand.outputs("L0"))
    assert errand["L0"].decided_by == three.account
    assert [opinion.officer for opinion in errand["L0"].opinions] == [one.account, two.account]


def test_who_received_may_propose_but_not_decide() -> None:
    errand = in_review("L0", receiver=3)
    errand.act("L0", "propose", officer(errand["L0"], 3), verdict=Verdict.GRANTED)
    errand.act("L0", "endorse", officer(errand["L0"], 2))
    with pytest.raises(ActionNotAllowed, match="received"):
        errand.act("L0", "grant", officer(errand["L0"], 3), outputs=errand.outputs("L0"))
    errand.act("L0", "grant", officer(errand["L0"], 1), outputs=errand.outputs("L0"))


def test_an_endorsement_that_would_leave_nobody_to_decide_is_refused() -> None:
    errand = in_review("L0", receiver=1)
    errand.act("L0", "propose", officer(errand["L0"], 3), verdict=Verdict.GRANTED)
    with pytest.raises(ActionNotAllowed, match="nobody is left"):
        errand.act("L0", "endorse", officer(errand["L0"], 2))
    errand.act("L0", "endorse", officer(errand["L0"], 1))
    errand.act("L0", "grant", officer(errand["L0"], 2), outputs=errand.outputs("L0"))


def test_other_items_are_decided_by_another_than_the_receiver() -> None:
    errand = in_review("H1", receiver=2)
    with pytest.raises(ActionNotAllowed, match="received"):
        errand.act("H1", "grant", officer(errand["H1"], 2))
    with pytest.raises(ActionNotAllowed, match="no proposal"):
        errand.act("H1", "propose", officer(errand["H1"], 1), verdict=Verdict.GRANTED)
    errand.act("H1", "grant", officer(errand["H1"], 1))


def test_a_proposal_says_what_is_proposed_and_why_it_would_refuse() -> None:
    errand = in_review("L0", receiver=None)
    for command in ({}, {"verdict": Verdict.REVOKED}, {"verdict": Verdict.DENIED}):
        with pytest.raises(InvalidInput):
            errand.act("L0", "propose", **command)
    errand.act("L0", "propose", verdict=Verdict.DENIED, reason="注册资本不符")
    errand.act("L0", "endorse")
    with pytest.raises(InvalidInput) as refusal:
        errand.act("L0", "grant", officer(errand["L0"], 3), outputs=errand.outputs("L0"))
    assert refusal.value.faults[0].pointer == "/reason"
    errand.act("L0", "grant", officer(errand["L0"], 3), outputs=errand.outputs("L0"), reason="补充说明后符合条件")
    assert errand.status("L0") == "granted"


def test_a_proposal_sent_back_starts_again() -> None:
    errand = in_review("L0", receiver=None)
    with pytest.raises(ActionNotAllowed):
        errand.act("L0", "send_back", reason="没有可退的")
    errand.act("L0", "propose", verdict=Verdict.GRANTED)
    errand.act("L0", "send_back", officer(errand["L0"], 2), reason="请核对住所")
    assert errand["L0"].opinions == ()
    errand.act("L0", "grant", outputs=errand.outputs("L0"))
    assert errand.status("L0") == "granted"


def test_an_opinion_formed_on_values_that_change_is_void() -> None:
    errand = submitted("catering_full")
    errand.grant("L0", "L1")
    errand.review("T1")
    errand.opine("T1", "granted")
    assert len(errand["T1"].opinions) == 2
    errand.act("F1", "receive")
    errand.post("F1", field_point("premises_right"))
    for item in ("S1", "X1", "P1"):
        errand.accept(item)
    errand.accept("H1")
    assert errand.case.open_notice is not None
    errand.fitting_answer(errand.case.open_notice)
    assert (errand["T1"].opinions, bool(errand["T1"].confirm_fields)) == ((), True)


def test_an_instant_item_is_decided_in_one_action_and_recorded_in_four() -> None:
    errand = submitted("birth_full")
    instant = next(item for item, task in errand.case.tasks.items() if task.is_instant)
    waits = errand.status(instant) == "waiting"
    if waits:
        errand.grant("B1", "B3")
    events = errand.act(instant, "decide_at_once", outputs=errand.outputs(instant))
    kinds = [event.kind.value for event in events if event.task == instant]
    assert kinds == ["received", "accepted", "review_begun", "granted"]
    assert {event.actor for event in events if event.task == instant} == {officer(errand[instant]).account}
    assert errand.status(instant) == "granted"


def test_a_refusal_on_the_spot_takes_a_second_officer() -> None:
    errand = submitted("catering_simple")
    assert errand["L1"].is_instant
    errand.review("L1")
    with pytest.raises(ActionNotAllowed, match="refusal takes an officer other"):
        errand.act("L1", "refuse", officer(errand["L1"], 1), reason="登记信息不一致")
    errand.act("L1", "refuse", officer(errand["L1"], 2), reason="登记信息不一致")
    assert errand.status("L1") == "denied"


def test_what_takes_longer_is_not_decided_on_the_spot_nor_by_the_counter() -> None:
    errand = submitted("catering_full")
    with pytest.raises(ActionNotAllowed, match="on the spot"):
        errand.act("L0", "decide_at_once", outputs=errand.outputs("L0"))
    simple = submitted("catering_simple")
    with pytest.raises(ActionNotAllowed):
        simple.act("L1", "decide_at_once", CLERK)
    with pytest.raises(ActionNotAllowed):
        simple.act("L1", "decide_at_once", Actor("x", Role.SUPERVISOR))
