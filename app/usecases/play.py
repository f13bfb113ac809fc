"""Playing people: one worked example on a running platform, through the same use cases as every door.

Whoever is played gets a context of their own; nobody has more rights here than at a door. Moments are arguments, so a
story can be told day by day or laid into the past.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, Literal

from app.domain.applications import Application, replay
from app.domain.catalogue import Story
from app.domain.errors import NotFound
from app.domain.identity import mod_11_2
from app.domain.vocabulary import FieldKind, Text
from app.schemas.applications import ApplicationOut, Correction, EventOut, NewApplication, ReceiptOut
from app.schemas.plans import PlannedFieldOut, PlanOut, PlanRequest
from app.schemas.tasks import Act, TaskOut
from app.storage.queries import Reader
from app.usecases import applications, catalogue, lists, materials, tasks
from app.usecases.accounts import account
from app.usecases.context import Context
from app.usecases.platform import Platform
from app.usecases.samples import sample_paper

STEPS: Final = ("confirm", "receive", "accept", "review", "grant", "endorse", "propose", "deliver")
"""The ordinary way of a task: of these, the first that one of the department's officers may take comes next."""
REFUSAL: Final = ("refuse", "endorse", "propose")
"""The way to a refusal, from review on, read like :data:`STEPS`."""
FIRST_HAND: Final = {"endorse": 2, "grant": 3, "refuse": 3}
"""Which officer is asked first (承办人 1, 审核人 2, 批准人 3) where it is not the first one."""
HANDS: Final = (1, 2, 3)
GIVING: Final = frozenset({"grant", "decide_at_once", "grant_on_promise"})


@dataclass(frozen=True, slots=True)
class Play:
    """One story with its applicant and the officers of its tasks. ``plan`` says which officer has which item."""

    platform: Platform
    story: Story
    plan: PlanOut

    @classmethod
    def of(cls, platform: Platform, code: str, at: datetime) -> "Play":
        """The story with this code; raises :class:`NotFound` when the packs have none."""
        story = platform.world.catalogue.stories.get(code)
        if story is None:
            raise NotFound(Text("没有这个示例故事。", "There is no such story."))
        answers = {name: list(value) if isinstance(value, tuple) else value for name, value in story.answers.items()}
        context = Context(platform.world, at, None, platform.dice)
        plan = catalogue.preview(context, story.bundle, PlanRequest(region=story.region, answers=answers))
        return cls(platform, story, plan)

    def applicant(self, at: datetime) -> Context:
        """The applicant's request at this moment."""
        return self._context(self.story.applicant, at)

    def officer(self, item: str, at: datetime, hand: int = 1) -> Context:
        """The request of an officer whose department has the item: 承办人 1, 审核人 2, 批准人 3."""
        return self._context(f"officer.{self.department(item)}.{hand}", at)

    def department(self, item: str) -> str:
        """The code of the department that has the item."""
        return next(planned.routed.department.code for planned in self.plan.items if planned.code == item)

    def create(self, at: datetime, form: Mapping[str, Any] | None = None, key: str | None = None) -> ApplicationOut:
        """The draft of the story; ``form`` says what is filled in otherwise."""
        new = NewApplication(story=self.story.code, form=dict(form or {}))
        return self.platform.store.perform(partial(applications.create, self.applicant(at), new=new, key=key))

    def submit(self, made: str, at: datetime, key: str | None = None) -> ReceiptOut:
        """Submit the application with the id ``made``."""
        return self.platform.store.perform(
            partial(applications.submit, self.applicant(at), application_id=made, key=key)
        )

    def correct(self, made: str, number: int, values: Mapping[str, Any], at: datetime) -> ApplicationOut:
        """Answer one correction notice."""
        wish = Correction(values=dict(values))
        return self.platform.store.perform(
            partial(applications.correct, self.applicant(at), application_id=made, number=number, wish=wish)
        )

    def hand_in(self, made: str, material: str, at: datetime) -> ApplicationOut:
        """Hand in a sample paper for one material."""
        context = self.applicant(at)
        name = next(planned.name for planned in self.plan.materials if planned.code == material)
        paper = sample_paper(Text(name.zh, name.en))
        kept = asyncio.run(
            materials.keep(context, self.platform.store, made, material, f"{material}-sample.pdf", paper)
        )
        return self.platform.store.perform(partial(applications.provide, context, application_id=made, material=kept))

    def withdraw(self, made: str, reason: str, at: datetime) -> ApplicationOut:
        """Withdraw the whole."""
        return self.platform.store.perform(
            partial(applications.withdraw, self.applicant(at), application_id=made, reason=reason)
        )

    def show(self, made: str, at: datetime) -> ApplicationOut:
        """The application as its applicant sees it."""
        return self.platform.store.perform(partial(applications.show, self.applicant(at), application_id=made))

    def events(self, made: str, after: int, at: datetime) -> list[EventOut]:
        """The timeline from the event after ``after``, as the applicant sees it."""
        found = lists.timeline
        return self.platform.store.read(
            partial(found, self.applicant(at), application_id=made, after=after, limit=500)
        ).entries

    def task(self, reference: str, item: str, at: datetime, hand: int = 1) -> TaskOut:
        """One task as one of its officers sees it."""
        who = self.officer(item, at, hand)
        return self.platform.store.perform(partial(tasks.show, who, task_id=f"{reference}-{item}"))

    def act(self, reference: str, item: str, wish: Act, at: datetime, hand: int = 1) -> TaskOut:
        """One action of one of the item's officers."""
        who = self.officer(item, at, hand)
        return self.platform.store.perform(partial(tasks.act, who, task_id=f"{reference}-{item}", wish=wish))

    def next(
        self, reference: str, item: str, at: datetime, way: tuple[str, ...] = STEPS, task: TaskOut | None = None
    ) -> tuple[str, int] | None:
        """The next step on this way and the officer who takes it, or None when there is nothing for them to do.

        ``task`` is the task as the first officer sees it, where the caller has just read it. Only a decision takes
        several officers: elsewhere the first one does everything.
        """
        first = task or self.task(reference, item, at)
        seen = [first, *(self.task(reference, item, at, hand) for hand in HANDS[1:] if first.status.code == "review")]
        can = {hand: {action.code for action in one.allowed} for hand, one in zip(HANDS, seen, strict=False)}
        for action in way:
            wanted = FIRST_HAND.get(action, HANDS[0])
            for hand in sorted(can, key=lambda hand: (hand != wanted, hand)):
                if action in can[hand]:
                    return action, hand
        return None

    def step(self, reference: str, item: str, at: datetime) -> TaskOut | None:
        """The next ordinary step of one task, or None when its officers have nothing to do."""
        ahead = self.next(reference, item, at)
        if ahead is None:
            return None
        action, hand = ahead
        return self.act(reference, item, self.wish(action, item), at, hand)

    def refuse(self, reference: str, item: str, reason: str, at: datetime) -> None:
        """Refuse a task under review, by as many officers as that takes."""
        while (ahead := self.next(reference, item, at, REFUSAL)) is not None:
            action, hand = ahead
            verdict: Literal["denied"] | None = "denied" if action == "propose" else None
            self.act(reference, item, Act(action=action, reason=reason, verdict=verdict), at, hand)

    def wish(self, action: str, item: str) -> Act:
        """The command for an ordinary step: a grant brings the values that later items wait for."""
        verdict: Literal["granted"] | None = "granted" if action == "propose" else None
        return Act(action=action, verdict=verdict, outputs=self.outputs(item) if action in GIVING else {})

    def outputs(self, item: str) -> dict[str, Any]:
        """What the item's grant must give: the packs' fictional examples."""
        own = [field for field in self.plan.fields if field.source.code == "result" and field.origin == item]
        values = {field.code: example(field) for field in own if field.kind.code != FieldKind.DATE}
        return {code: value for code, value in values.items() if value is not None}

    def finish(self, reference: str, item: str, at: datetime) -> None:
        """Take every ordinary step of one task at once, as for an item decided on the spot."""
        while self.step(reference, item, at) is not None:
            pass

    def replays(self, made: str) -> bool:
        """Whether the event rows alone produce the stored application."""
        return self.platform.store.read(partial(_replays, application_id=made))

    def _context(self, code: str, at: datetime) -> Context:
        who = account(self.platform.world, code)
        return Context(self.platform.world, at, None if who is None else who.actor, self.platform.dice)


UNBORN = "00330120200101002"
"""A fictional identity number without its check character, for packs that give no example."""


def example(field: PlannedFieldOut) -> Any:
    """A fictional value that fits the field: its example, an option, or the least number allowed; None without any."""
    match FieldKind[field.kind.code.upper()]:
        case FieldKind.NUMBER | FieldKind.INTEGER:
            return int(field.minimum or 1)
        case FieldKind.BOOL:
            return True
        case FieldKind.CHOICE:
            return next(iter(field.options), None)
        case FieldKind.CHOICES:
            return list(field.options)[:1]
        case FieldKind.ID_NUMBER:
            body = (field.example or UNBORN)[:17]
            return body + mod_11_2(body)
        case _:
            return field.example


def _replays(reader: Reader, application_id: str) -> bool:
    stored = reader.application(application_id)
    if stored is None:
        return False
    blank = Application(
        id=stored.id,
        bundle=stored.bundle,
        digest=stored.digest,
        region=stored.region,
        filed_region=stored.filed_region,
        home_region=stored.home_region,
        offered=stored.offered,
        applicant=stored.applicant,
        created_at=stored.created_at,
        created_by=stored.created_by,
        version=stored.version,
    )
    return replay(blank, reader.events(application_id)) == stored
