"""How one case is worked through, found out by doing it once: who does what, in which order, with what in the body.

The officers take the first step that the platform allows them, as in every worked example, until the last task has its
certificate. A measurement repeats these steps without asking again, as officers at their desks would.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.domain.catalogue import Story
from app.schemas.plans import PlanOut
from app.usecases.play import FIRST_HAND, HANDS, STEPS, Play
from tests.bench import machines
from tests.bench.wire import API, Line, lines, request, sign_in
from tests.factories import catalogue

STORY: Final = "catering_full"
FIVE_TASKS: Final[Mapping[str, Any]] = {"has_licence": True, "sign": False, "drain": False}
"""What makes the worked example one of five tasks."""
DECIDED: Final = {"granted", "delivery", "finished"}


@dataclass(frozen=True, slots=True)
class Step:
    """One action on one task; ``who`` is an officer's account."""

    item: str
    action: str
    who: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recipe:
    """One case: what the applicant sends, which items it has and which each waits for, and every officer's step."""

    applicant: str
    wish: Mapping[str, Any]
    form: Mapping[str, Any]
    region: str
    items: Mapping[str, list[str]]
    steps: tuple[Step, ...]
    tokens: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
    people: tuple[str, ...] = ()
    """Who files a case like this, in turns; the worked example's own person when nobody is named."""

    @property
    def calls(self) -> int:
        """Requests of one case: draft, submission, and every step."""
        return 2 + len(self.steps)

    def person(self, number: int) -> str:
        """The token of whoever files the case of this number."""
        return self.tokens[self.people[number % len(self.people)] if self.people else self.applicant]

    def draft(self, number: int, key: str | None = None) -> bytes:
        """The request for the draft of the case of this number."""
        return request("POST", f"{API}/applications", self.wish, self.person(number), key)

    def submission(self, number: int, made: str, key: str | None = None) -> bytes:
        """The request that submits it."""
        return request("POST", f"{API}/applications/{made}/submit", None, self.person(number), key)

    def act(self, step: Step, reference: str, *, is_brief: bool = False) -> bytes:
        """The request of one step; ``is_brief`` asks for no answer beside that it is done."""
        path = f"{API}/tasks/{reference}-{step.item}/actions"
        prefer = "return=minimal" if is_brief else None
        return request("POST", path, step.body, self.tokens[step.who], prefer=prefer)


async def found(port: int, story: str = STORY, answers: Mapping[str, Any] = FIVE_TASKS) -> Recipe:
    """Work one case through and write down how; then sign everybody in who will file others."""
    told = catalogue().stories[story]
    wish = {"story": story, "answers": dict(answers)}
    seeker = _Seeker(port, told)
    async with lines([port], 1) as (line,):
        made = (await seeker.post(line, told.applicant, "/applications", wish)).json()
        plan = (await seeker.get(line, told.applicant, f"/applications/{made['id']}/plan")).json()
        shown = PlanOut.model_validate(plan)
        receipt = (await seeker.post(line, told.applicant, f"/applications/{made['id']}/submit", None)).json()
        steps = await seeker.work_through(line, made["id"], receipt["application"]["reference"], shown)
    items = {
        item.code: [code for edge in item.after if edge.needs.code != "independent" for code in edge.any_of]
        for item in shown.items
    }
    people = machines.applicants()
    tokens = {**seeker.tokens, **await sign_in(port, people)}
    return Recipe(told.applicant, wish, made["form"], told.region, items, tuple(steps), tokens, tuple(people))


class _Seeker:
    def __init__(self, port: int, story: Story) -> None:
        self.port, self.story = port, story
        self.tokens: dict[str, str] = {}

    async def post(self, line: Line, who: str, path: str, body: Any) -> Any:
        return await line.get_done(request("POST", f"{API}{path}", body, await self._token(line, who)))

    async def get(self, line: Line, who: str, path: str) -> Any:
        return await line.get_done(request("GET", f"{API}{path}", None, await self._token(line, who)))

    async def _token(self, line: Line, who: str) -> str:
        if who not in self.tokens:
            answer = await line.get_done(request("POST", f"{API}/sessions", {"account": who}))
            self.tokens[who] = answer.json()["token"]
        return self.tokens[who]

    async def work_through(self, line: Line, made: str, reference: str, plan: PlanOut) -> list[Step]:
        play = Play(None, self.story, plan)  # type: ignore[arg-type]
        steps: list[Step] = []
        while open_items := await self._open(line, made):
            before = len(steps)
            for item in open_items:
                step = await self._next(line, f"{reference}-{item}", item, play)
                if step is not None:
                    await self.post(line, step.who, f"/tasks/{reference}-{item}/actions", step.body)
                    steps.append(step)
            if len(steps) == before:
                raise RuntimeError(f"nobody has anything to do, and these are open: {open_items}")
        return steps

    async def _open(self, line: Line, made: str) -> list[str]:
        case = (await self.get(line, self.story.applicant, f"/applications/{made}")).json()
        return [task["item"] for task in case["tasks"] if task["status"]["code"] not in DECIDED]

    async def _next(self, line: Line, task: str, item: str, play: Play) -> Step | None:
        accounts = {hand: f"officer.{play.department(item)}.{hand}" for hand in HANDS}
        shown = {hand: (await self.get(line, who, f"/tasks/{task}")).json() for hand, who in accounts.items()}
        for action in STEPS:
            wanted = FIRST_HAND.get(action, HANDS[0])
            for hand in sorted(HANDS, key=lambda hand, first=wanted: (hand != first, hand)):  # type: ignore[misc]
                if action in {option["code"] for option in shown[hand]["allowed"]}:
                    body = play.wish(action, item).model_dump(mode="json", exclude_defaults=True)
                    return Step(item, action, accounts[hand], body)
        return None
