"""Calls that go through: for every operation somebody who may, a case it can be done to, and a body that fits.

What is random is refused before it gets anywhere: nearly every case has a past. The access matrix knows for every
operation what it is tried with and who gets through; here that is asked of a server, wherever it runs.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from multiprocessing.connection import Listener
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import httpx2

from app.domain.deadlines import BEIJING
from tests.api.documents import operations
from tests.api.matrix import MANDATE, PEOPLE, TABLE, Target, asked, fit_person, target
from tests.doors import Doors, FakeClock, Filed
from tests.factories import catalogue
from tests.fire.test_actors import with_all_it_takes

ROLES = {
    "owner": "wang_owner",
    "clerk": "clerk.330802",
    "officer": "officer.market.330802.1",
    "supervisor": "supervisor.330800",
}
"""The people on whose behalf everything is tried that they may."""
LEAD, HEAD, MOTHER, RETIRING = "officer.market.330802.1", "supervisor.330802", "lin_mother", "chen_retiring"
ELSEWHERE = {"endSessions": "zhou_father", "endSession": "zhou_father", "signOut": "zhou_father"}
"""Who ends every sign-in ends those of nobody else here."""
SWEEPS = 15
"""How many rounds of the server are waited for, where there is the time."""
USES = 6
"""How often one case is looked at before there is a new one."""


class Abroad(Doors):
    """The doors of a server in another process: nothing is known of it but what it answers."""

    def __init__(self, origin: str) -> None:
        """``origin``: scheme, host and port."""
        client: Any = httpx2.Client(base_url=origin, timeout=120)
        unknown: Any = None
        clock = FakeClock()
        clock.now = datetime.now(BEIJING)
        super().__init__(client, unknown, clock)

    def draft(self, story: str, who: str | None = None, **wish: Any) -> dict[str, Any]:
        """A draft made of a worked example."""
        who = who or catalogue().stories[story].applicant
        found: dict[str, Any] = self.post("/applications", who, {"story": story, **wish}, 201)
        return found

    def file(self, story: str, who: str | None = None, said: Any = None, **wish: Any) -> Filed:
        """A worked example, submitted; which office has which task is in its plan."""
        who = who or catalogue().stories[story].applicant
        made = self.draft(story, who, **wish)["id"]
        receipt = self.post(f"/applications/{made}/submit", who, said)
        plan = self.get(f"/applications/{made}/plan", who)
        desks = {item["code"]: item["routed"]["department"]["code"] for item in plan["items"]}
        return Filed(self, made, who, receipt["application"]["reference"], receipt["query_code"], desks)

    def sweep(self) -> int:
        """The server sweeps by itself; it is given the time."""
        time.sleep(1)
        return 0


@dataclass(frozen=True)
class Call:
    """One request that goes through when nobody comes in between: ``path``, ``query`` and ``body`` as they are sent."""

    who: str | None
    path: dict[str, Any]
    query: dict[str, Any]
    body: Any


@dataclass(frozen=True)
class Special:
    """Somebody who may, and what is done first."""

    who: str | None
    prepare: Callable[["Supply"], Target]
    said: Callable[["Supply"], dict[str, Any]] = lambda _: {}


@dataclass
class Supply:
    """Makes them, for one of the :data:`ROLES` as far as that person may."""

    doors: Doors
    person: str = "wang_owner"
    sweeps: int = SWEEPS
    dice: Random = field(default_factory=lambda: Random(7))  # noqa: S311 - it decides nothing secret
    _kept: dict[tuple[str, str], tuple[Target, int]] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def count(self, what: str) -> int:
        """How often this was asked before."""
        self._counts[what] += 1
        return self._counts[what] - 1

    def is_first(self, what: str) -> bool:
        """Whether nobody asked before."""
        return self.count(what) == 0

    def who(self, operation: str) -> str | None:
        """The person when it may, else somebody who gets furthest."""
        if operation in ELSEWHERE:
            return ELSEWHERE[operation]
        if operation in SPECIAL:
            return SPECIAL[operation].who
        statuses = TABLE[operation].statuses
        role = next((role for role, account in PEOPLE.items() if account == self.person), None)
        return self.person if role and statuses[role] < 300 else fit_person(operation)

    def call(self, operation: str) -> Call:
        """One request; what it takes first is done first. Raises AssertionError when the server says no to that."""
        if operation in SPECIAL:
            special = SPECIAL[operation]
            return self._of(operation, special.prepare(self), **special.said(self))
        return self._of(operation, self._target(operation))

    def act(self, task: str) -> dict[str, Any] | None:
        """An action that this very task allows the officer now, with all it takes; nothing when it allows none."""
        shown = self.doors.send("GET", f"/tasks/{task}", self.who("actOnTask"))
        allowed = [option["code"] for option in shown.json().get("allowed", [])]
        if not allowed:
            return None
        action = self.dice.choice(allowed)
        return {"action": action, **with_all_it_takes(action, self.dice)}

    def _of(self, operation: str, on: Target, **said: Any) -> Call:
        path, request = asked(operation, on)
        known = {one["name"] for one in operations()[operation].parameters if one["in"] == "path"}
        parts = {name: value for name, value in {**path, **said.get("path", {})}.items() if name in known}
        return Call(self.who(operation), parts, request.get("params", {}), said.get("body", request.get("json")))

    def _target(self, operation: str) -> Target:
        """Whoever looks may look at the same again; whoever acts gets something new."""
        kind, method = TABLE[operation].target, operations()[operation].method
        kept, uses = self._kept.get((kind, method), (None, 0))
        if kept is None or method != "GET" or uses >= USES:
            kept, uses = target(self.doors, kind), 0
        self._kept[kind, method] = kept, uses + 1
        return kept


def _accepted(doors: Doors) -> Filed:
    """A case whose lead department may ask for more time."""
    filed = doors.file("catering_full")
    for action in ("receive", "accept"):
        filed.act("L0", action)
    return filed


def _more_time(supply: "Supply") -> Target:
    return Target(_accepted(supply.doors).id)


def _time_asked_for(supply: "Supply") -> Target:
    filed = _accepted(supply.doors)
    supply.doors.post(f"/applications/{filed.id}/more-time", LEAD, {"reason": "各部门需要一并现场核查"})
    return Target(filed.id)


def _filled_in(supply: "Supply") -> Target:
    """A draft in which a register has said where the person works."""
    answers = {"kind": "正常", "status": "单位在职", "deemed": False, "fund": True}
    wish = {"bundle": "retire", "region": "330802", "answers": {**answers, "only_child": True, "med_years_ok": False}}
    draft = supply.doors.post("/applications", RETIRING, wish, 201)["id"]
    supply.doors.post(f"/applications/{draft}/prefill", RETIRING)
    return Target(draft)


def _found(supply: "Supply") -> Target:
    """Somebody retires and says nothing of the only child; the register does. It is found once."""
    doors = supply.doors
    known = doors.get("/me/offers", RETIRING)
    if not known and supply.is_first("offer"):
        for before in doors.get("/applications", RETIRING)["entries"]:  # what is asked for already is not offered
            doors.send("POST", f"/applications/{before['id']}/withdraw", RETIRING, json={"reason": "改日再办"})
        doors.file("retire_full", RETIRING, answers={"only_child": False, "fund": False}).grant("R1")
        for _ in range(supply.sweeps):
            doors.sweep()
            if known := doors.get("/me/offers", RETIRING):
                break
    return replace(Target(), offer=known[0]["id"] if known else "0" * 32)


def _not_asked_for(supply: "Supply") -> Target:
    """The same is not asked for twice: what was is withdrawn."""
    for before in supply.doors.get("/data-requests", LEAD, **{"for": "others"})["entries"]:
        for line in before["lines"]:
            if before["item"] == "F1" and line["status"]["code"] == "asked":
                supply.doors.post(f"/data-lines/{line['id']}/actions", LEAD, {"action": "withdraw"})
    return Target()


def _nothing(_: "Supply") -> Target:
    return Target()


def _employer(_: "Supply") -> dict[str, Any]:
    return {"path": {"code": "employer"}, "body": {"value": "示例精密机械有限公司", "reason": "单位去年改了名"}}


def _mandate(supply: "Supply") -> dict[str, Any]:
    """Until a day that is still to come."""
    until = supply.doors.clock.now.date() + timedelta(days=30)
    return {"body": {**MANDATE, "until": until.isoformat()}}


def _shared(supply: "Supply") -> dict[str, Any]:
    """What is shared without a request is suspended once in a county: the next one every time."""
    found = supply.doors.get("/datasets/enterprise_register")["approvals"]
    return {"path": {"approval_id": found[supply.count("approval") % len(found)]["id"]}}


def _asked_for(supply: "Supply") -> Target:
    return target(supply.doors, "asked")


SPECIAL: dict[str, Special] = {
    "listMyConsents": Special(MOTHER, _asked_for),
    "askMoreTime": Special(LEAD, _more_time),
    "answerMoreTime": Special(HEAD, _time_asked_for),
    "disputeField": Special(RETIRING, _filled_in, _employer),
    "confirmOffer": Special(RETIRING, _found),
    "declineOffer": Special(RETIRING, _found),
    "requestData": Special(LEAD, _not_asked_for),
    "suspendApproval": Special(LEAD, _nothing, _shared),
    "giveMandate": Special("wang_owner", _nothing, _mandate),
}
"""What the matrix, for good reasons, has refused."""


@contextmanager
def answering(supply: Supply, place: Path) -> Iterator[None]:
    """Hand out calls and tokens to another process, at this address: (what, operation) in, the answer out.

    ``call`` is answered with path, query and body; when nothing can be done first, with nothing in any.
    """

    def answer() -> None:
        with suppress(EOFError, OSError), listener.accept() as line:
            while True:
                line.send(_answer(supply, *line.recv()))

    with Listener(str(place)) as listener:
        Thread(target=answer, daemon=True).start()
        yield


def _answer(supply: Supply, what: str, operation: str, linked: Any = None) -> Any:
    match what:
        case "token":
            who = supply.who(operation)
            return supply.doors.sign_in(who)["Authorization"] if who else None
        case "call":
            try:
                call = supply.call(operation)
            except (AssertionError, KeyError, IndexError):  # the one before has changed what this one counted on
                supply.doors.tokens.clear()
                return {}, {}, None
            return call.path, call.query, call.body
        case "act":
            return supply.act(linked)
        case "forget":
            return supply.doors.tokens.clear()
        case _:
            return list(operations())
