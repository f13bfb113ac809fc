"""Several people at the doors in any order: applicants, officers of every department, the hall, supervision, and time.

Each step is a request that somebody could send. Whatever it is, the answer is a success or a refusal that says why;
what is stored is what the events say; who is refused changes nothing; and in the end the whole record verifies.
"""

from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.domain.lifecycle import ENDED, TaskStatus
from app.usecases import verification
from app.usecases.verification import Wish
from tests.doors import Doors, Filed

STORIES = ("catering_simple", "birth_simple", "retire_full")
STRANGERS = ("zhou_father", "officer.tax.330106.1", "clerk.330106", "supervisor.330100", "steward.330106")
"""Nobody of these has anything to do with the cases."""
REFUSED = {400, 403, 404, 409, 410, 422, 429}
IDLE = ENDED | {TaskStatus.WAITING}
FINAL = {"decline", "return", "refuse", "terminate", "void", "withdraw"}
LONGEST_LIFE = 5
"""Steps of the machine, each of several requests; most cases are over by then."""
FIELDS = ("operator_name", "child_name", "retiree_name")
"""One of each story: with another's the request is refused."""


class Actors(RuleBasedStateMachine):
    """A few cases and everybody who can touch them."""

    doors: Doors

    def __init__(self) -> None:
        super().__init__()
        self.cases: list[Filed] = []
        self.touched: list[Filed] = []

    @initialize(story=st.sampled_from(STORIES))
    def begin(self, story: str) -> None:
        self.file(story)

    @rule(story=st.sampled_from(STORIES))
    def file(self, story: str) -> None:
        if len(self.cases) < 2:
            self.cases.append(self.doors.file(story))

    def send(self, method: str, path: str, who: str, **request: Any) -> int:
        """One request; never a failure of ours."""
        answer = self.doors.send(method, path, who, **request)
        assert answer.is_success or answer.status_code in REFUSED, answer.text
        assert answer.is_success or answer.json()["detail_zh"]
        return answer.status_code

    @rule(dice=st.randoms(use_true_random=True))
    def people_are_busy(self, dice: Random) -> None:
        for _ in range(8):
            self.touched = [dice.choice(self.cases)]
            who = dice.choices(("officer", "applicant", "supervisor", "stranger"), (12, 2, 1, 1))[0]
            getattr(self, f"_{who}")(self.touched[0], dice)
            self.what_is_stored_is_what_the_events_say()

    def _officer(self, case: Filed, dice: Random) -> None:
        """An officer who may do something does it; what ends a task is seldom chosen."""
        tasks = [task for task in self.doors.stored(case.id).tasks.values() if task.status not in IDLE]
        for task in dice.sample(tasks, len(tasks)):
            for hand in dice.sample((1, 2, 3), 3):
                path, who = f"/tasks/{case.reference}-{task.item}", case.officer(task.item, hand)
                allowed = [option["code"] for option in self.doors.get(path, who)["allowed"]]
                allowed = [action for action in allowed if action not in FINAL or dice.random() < 0.05]
                if allowed:
                    action = dice.choice(allowed)
                    body = {"action": action, **with_all_it_takes(action, dice)}
                    self.send("POST", f"{path}/actions", who, json=body)
                    return

    def _applicant(self, case: Filed, dice: Random) -> None:
        path = f"/applications/{case.id}"
        notices = [notice["number"] for notice in self.doors.get(path, case.who)["notices"]]
        last = max(notices, default=1)
        doing, body = dice.choice([
            ("ratings", {"stage": "acceptance", "level": dice.randint(1, 5), "text": "等得久"}),
            ("reports", {"text": "三天没有人理"}),
            (f"notices/{last}/correction", {"values": {}, "materials": []}),
            (f"notices/{last}/correction", {"values": {}}),
            ("submit", None),
            *([("withdraw", {"reason": "不办了"})] if dice.random() < 0.1 else []),
        ])  # fmt: skip
        self.send("POST", f"{path}/{doing}", case.who, **({} if body is None else {"json": body}))

    def _supervisor(self, case: Filed, dice: Random) -> None:
        chase = {"kind": "chase", "item": dice.choice(list(case.departments)), "text": "请尽快办理"}
        region = self.doors.stored(case.id).region
        self.send("POST", f"/applications/{case.id}/matters", f"supervisor.{region}", json=chase)

    def _stranger(self, case: Filed, dice: Random) -> None:
        """Whoever has nothing to do with it finds nothing and changes nothing."""
        before, code = self.doors.stored(case.id), next(iter(case.departments))
        method, path, body = dice.choice([
            ("GET", f"/applications/{case.id}", None),
            ("GET", f"/tasks/{case.reference}-{code}", None),
            ("POST", f"/tasks/{case.reference}-{code}/actions", {"action": "receive"}),
            ("POST", f"/applications/{case.id}/withdraw", {"reason": "别人的"}),
        ])  # fmt: skip
        request = {} if body is None else {"json": body}
        assert self.send(method, path, dice.choice(STRANGERS), **request) in {403, 404}
        assert self.doors.stored(case.id) == before

    @rule(days=st.integers(1, 12))
    def time_passes(self, days: int) -> None:
        self.doors.clock.pass_(days=days)
        self.doors.sweep()
        self.touched = list(self.cases)

    @invariant()
    def what_is_stored_is_what_the_events_say(self) -> None:
        for case in self.touched:
            case.assert_true_to_its_events()

    def teardown(self) -> None:
        """The whole record verifies: chains, tree and replay."""
        self.doors.sweep()
        report = verification.run(self.doors.platform.context(), self.doors.platform.store, Wish(is_strict=False))
        assert report.finding is None, report.finding.sentence.en


def with_all_it_takes(action: str, dice: Random) -> dict[str, Any]:
    """A body with which the action may go through."""
    match action:
        case "propose":
            return {"verdict": dice.choice(["granted", "granted", "denied"]), "reason": "经审查"}
        case "request_correction":
            return {"points": [{"kind": "field", "code": dice.choice(FIELDS), "reason": "请核对后改正"}]}
        case "begin_special":
            return {"procedure": "testing", "days": 5, "reason": "需检测"}
        case "ask_extension" | "announce":
            return {"days": dice.randint(3, 40), "reason": "情况复杂"}
        case "plan_step":
            return {"step": "visit", "days": 3, "reason": "到场核对"}
        case "finish_step":
            return {"number": 1}
        case _:
            return {"reason": "理由"}


def test_whatever_people_do_the_record_stays_true(doors: Doors) -> None:
    machine = type("Machine", (Actors,), {"doors": doors})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=6,
            stateful_step_count=LONGEST_LIFE,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
