"""The app as its users meet it, through HTTP: people sign in, file stories, and departments do their work.

The doubles are the clock and the dice, nothing else.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, TypeVar

from fastapi.testclient import TestClient
from httpx2 import Response

from app.domain.applications import Application, Event, replay
from app.domain.deadlines import BEIJING
from app.domain.lifecycle import fold
from app.storage.queries import Reader
from app.storage.vault import PREFIX
from app.usecases import sweep
from app.usecases.platform import Platform
from tests.crafted import pdf
from tests.factories import MONDAY
from tests.open_work import assert_counted

T = TypeVar("T")

API = "/api/v1"
PDF = pdf()
TO_REVIEW = ("receive", "accept", "review")
HANDS = {"endorse": 2, "extend": 3, "deny_extension": 3, "pass_check": 2, "revoke": 2, "grant": 3, "refuse": 3}
"""Which of a department's officers does what when nobody is named; everything else is for the first."""


class FakeClock:
    """A clock that stands still until somebody moves it; office time (UTC+8)."""

    def __init__(self, day: date = MONDAY, hour: int = 10) -> None:
        self.now = datetime.combine(day, time(hour), tzinfo=BEIJING)

    def __call__(self) -> datetime:
        """Now."""
        return self.now

    def pass_(self, **span: float) -> None:
        """Let some time pass."""
        self.now += timedelta(**span)

    def go_to(self, day: date, hour: int = 10) -> None:
        """Be at that hour of that day."""
        self.now = datetime.combine(day, time(hour), tzinfo=BEIJING)


class SeededDice:
    """Chance that is the same in every run."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)  # noqa: S311 - nothing here is secret

    def below(self, limit: int) -> int:
        """A number from 0 up to but not including ``limit``."""
        return self._random.randrange(limit)

    def token(self) -> str:
        """A text of 64 characters."""
        return f"{self._random.getrandbits(256):064x}"


def expect(response: Response, status: int = 200) -> Any:
    """The JSON of a response that must have this status (None when it has no body)."""
    assert response.status_code == status, f"{response.status_code} instead of {status}: {response.text[:2000]}"
    return response.json() if response.content else None


@dataclass
class Doors:
    """One running app and its visitors."""

    client: TestClient
    platform: Platform
    clock: FakeClock
    tokens: dict[str, tuple[dict[str, str], datetime]] = field(default_factory=dict)

    def sign_in(self, account: str) -> dict[str, str]:
        """The headers of somebody who has signed in; a sign-in is used until it is an hour old."""
        headers, until = self.tokens.get(account, ({}, self.clock.now))
        if not until - timedelta(hours=1) <= self.clock.now < until:
            answer = expect(self.client.post(f"{API}/sessions", json={"account": account}), 201)
            headers = {"Authorization": f"Bearer {answer['token']}"}
            self.tokens[account] = headers, self.clock.now + timedelta(hours=1)
        return headers

    def send(self, method: str, path: str, who: str | None = None, **request: Any) -> Response:
        """One request below ``/api/v1``, by somebody or by nobody."""
        headers = {**(self.sign_in(who) if who else {}), **request.pop("headers", {})}
        response = self.client.request(method, f"{API}{path}", headers=headers, **request)
        assert PREFIX.encode() not in response.content, f"{method} {path} shows something sealed"
        return response

    def get(self, path: str, who: str | None = None, **params: Any) -> Any:
        """The JSON of a GET that must succeed."""
        return expect(self.send("GET", path, who, params=params))

    def post(self, path: str, who: str | None = None, body: Any = None, status: int = 200) -> Any:
        """The JSON of a POST that must have this status."""
        return expect(self.send("POST", path, who, **({} if body is None else {"json": body})), status)

    def draft(self, story: str, who: str | None = None, **wish: Any) -> dict[str, Any]:
        """A draft made of a worked example, by its own person unless another is named."""
        who = who or self.platform.world.catalogue.stories[story].applicant
        found: dict[str, Any] = self.post("/applications", who, {"story": story, **wish}, 201)
        return found

    def file(self, story: str, who: str | None = None, said: Any = None, **wish: Any) -> "Filed":
        """A worked example, submitted; ``said`` is what the applicant says beside the form."""
        who = who or self.platform.world.catalogue.stories[story].applicant
        draft = self.draft(story, who, **wish)
        receipt = self.post(f"/applications/{draft['id']}/submit", who, said)
        application = receipt["application"]
        stored = self.stored(draft["id"])
        return Filed(
            self,
            id=draft["id"],
            who=who,
            reference=application["reference"],
            query_code=receipt["query_code"],
            departments={item: task.department for item, task in stored.tasks.items()},
        )

    def upload(self, application_id: str, code: str, who: str, content: bytes = PDF, name: str = "a.pdf") -> Response:
        """Hand in one material as a file."""
        return self.send(
            "PUT", f"/applications/{application_id}/materials/{code}", who, files={"file": (name, content)}
        )

    def sweep(self) -> int:
        """Let time pass for everything that is due; how many applications moved."""
        return sweep.run(self.platform.context(), self.platform.store).moved

    def stored(self, application_id: str) -> Application:
        """The application as the database holds it."""
        found = self._read(lambda reader: reader.application(application_id))
        assert found is not None
        return found

    def _read(self, query: Callable[[Reader], T]) -> T:
        """A read by somebody who remembers nothing."""
        store = self.platform.store
        with store._engine.connect() as connection:
            return query(Reader(connection, store.vault))

    def rows(self, application_id: str) -> list[Event]:
        """Its event rows."""
        return self._read(lambda reader: reader.events(application_id))

    def replayed(self, application_id: str) -> Application:
        """The application that its event rows alone give."""
        stored = self.stored(application_id)
        blank = Application(
            id=stored.id,
            bundle=stored.bundle,
            digest=next(
                (e.changes["digest"] for e in self.rows(application_id) if "digest" in e.changes), stored.digest
            ),
            region=stored.region,
            filed_region=stored.filed_region,
            home_region=stored.home_region,
            offered=stored.offered,
            applicant=stored.applicant,
            created_at=stored.created_at,
            created_by=stored.created_by,
        )
        return replace(replay(blank, self.rows(application_id)), version=stored.version)


@dataclass(frozen=True)
class Filed:
    """One submitted application and the people who deal with it."""

    doors: Doors
    id: str
    who: str
    reference: str
    query_code: str
    departments: Mapping[str, str]

    def show(self, who: str | None = None) -> dict[str, Any]:
        """The whole application."""
        found: dict[str, Any] = self.doors.get(f"/applications/{self.id}", who or self.who)
        return found

    def tasks(self) -> dict[str, dict[str, Any]]:
        """What the applicant sees of every task."""
        return {task["item"]: task for task in self.show()["tasks"]}

    def statuses(self) -> dict[str, str]:
        """The status of every task, one word each."""
        return {item: task["status"]["code"] for item, task in self.tasks().items()}

    def status(self, item: str | None = None) -> str:
        """The status of one task, or of the whole."""
        return self.statuses()[item] if item else str(self.show()["status"]["code"])

    def officer(self, item: str, hand: int = 1) -> str:
        """An officer of the department that handles the item."""
        return f"officer.{self.departments[item]}.{hand}"

    def slice(self, item: str) -> dict[str, Any]:
        """The task as its department sees it."""
        found: dict[str, Any] = self.doors.get(f"/tasks/{self.reference}-{item}", self.officer(item))
        return found

    def value(self, item: str, code: str) -> Any:
        """One field of the item's slice, in clear."""
        shown = next(field for field in self.slice(item)["fields"] if field["code"] == code)
        if not shown["is_masked"]:
            return shown["value"]
        wish = {"field": code, "reason": "核对"}
        return self.doors.post(f"/tasks/{self.reference}-{item}/unmask", self.officer(item), wish)["value"]

    def act(self, item: str, action: str, who: str | None = None, status: int = 200, **body: Any) -> dict[str, Any]:
        """One action on one task, by its own officer unless another person is named.

        A decision that nobody is named for is proposed and endorsed first where it takes three officers.
        """
        if who is None and action in {"grant", "refuse"}:
            self.opine(item, "granted" if action == "grant" else "denied")
        who = who or self.officer(item, HANDS.get(action, 1))
        path = f"/tasks/{self.reference}-{item}/actions"
        found: dict[str, Any] = self.doors.post(path, who, {"action": action, **body}, status=status)
        return found

    def opine(self, item: str, verdict: str) -> None:
        """Propose and endorse what is to be decided, as far as that is called for and possible now."""
        for hand, action in enumerate(("propose", "endorse"), 1):
            path = f"/tasks/{self.reference}-{item}"
            officer = self.officer(item, hand)
            if action in {option["code"] for option in self.doors.get(path, officer)["allowed"]}:
                wish = {"action": action, "verdict": verdict, "reason": "经审查"}
                self.doors.post(f"{path}/actions", officer, wish)

    def review(self, *items: str) -> None:
        """Take these tasks from intake to review."""
        for item in items:
            for action in TO_REVIEW:
                self.act(item, action)

    def grant(self, item: str, **outputs: Any) -> dict[str, Any]:
        """Take one task from intake to 准予."""
        self.review(item)
        return self.act(item, "grant", outputs=outputs)

    def refuse(self, item: str) -> dict[str, Any]:
        """Take one task from intake to 不予."""
        self.review(item)
        return self.act(item, "refuse", reason="不符合法定条件")

    def post_points(self, item: str, *points: tuple[str, str]) -> dict[str, Any]:
        """Correction points, as (kind, code), of a task that was received."""
        listed = [{"kind": kind, "code": code, "reason": f"请核对后改正（{item}）"} for kind, code in points]
        return self.act(item, "request_correction", points=listed)

    def correct(self, number: int, status: int = 200, **values: Any) -> dict[str, Any]:
        """The applicant answers a notice."""
        path = f"/applications/{self.id}/notices/{number}/correction"
        found: dict[str, Any] = self.doors.post(path, self.who, {"values": values}, status)
        return found

    def events(self) -> list[dict[str, Any]]:
        """The whole timeline."""
        found: list[dict[str, Any]] = self.doors.get(f"/applications/{self.id}/events", self.who, limit=500)["entries"]
        return found

    def assert_true_to_its_events(self) -> None:
        """Replaying the event rows reproduces exactly what is stored, and the app tells nothing else."""
        stored = self.doors.stored(self.id)
        assert self.doors.replayed(self.id) == stored
        told = self.doors.platform.store.read(lambda reader: (reader.application(self.id), reader.events(self.id)))
        assert told == (stored, self.doors.rows(self.id))
        assert (stored.status, stored.result) == fold([task.outcome for task in stored.tasks.values()])
        self.doors.platform.store.read(partial(assert_counted, areas=("330000", "330800", "330802")))
