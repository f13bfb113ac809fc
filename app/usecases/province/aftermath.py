"""What follows from a life beside its events: ratings, the rectification of bad ones, and matters of supervision.

Lights call for matters every night; here they do on the last one, so what is yellow or red now has its reminder or its
order, while those of cases long over are left out. Answers and decisions come by the table of matters, like any others.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from random import Random
from typing import Final

from app.domain import loops, ratings, supervision
from app.domain.applications import SYSTEM, Actor, Application, Event, EventKind, Moment
from app.domain.deadlines import BEIJING, Calendar, due_on
from app.domain.errors import Refusal
from app.domain.lifecycle import ENDED
from app.domain.loops import MatterAction, MatterCommand, Side
from app.domain.matters import Because, Finding, MatterKind, hall_of
from app.domain.proceedings import Proceedings
from app.domain.rating_tallies import facts_of_matter, facts_of_rating
from app.domain.ratings import TAGS, Rating, RatingLevel, RatingStage
from app.domain.regions import RegionTree
from app.domain.supervision import Opening, open_matter
from app.domain.tallies import Fact
from app.domain.vocabulary import Role
from app.usecases.province import luck
from app.usecases.province.walk import MARK, NIGHT, Life

A = MatterAction
PROOF: Final = "整改记录（虚构）"


@dataclass(slots=True)
class Aftermath:
    """What followed. ``keys`` are the keys of the matters as slots tell them: matter id → key."""

    ratings: list[Rating] = field(default_factory=list)
    matters: list[Proceedings] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)

    def facts(self, bundle: str) -> Iterable[Fact]:
        """What ratings and matters add to the indicators."""
        for rating in self.ratings:
            yield from facts_of_rating(rating).values()
        for p in self.matters:
            yield from facts_of_matter(p.matter, bundle).values()


@dataclass(frozen=True, slots=True)
class After:
    """Follows one life up to ``now``."""

    life: Life
    draw: Random
    now: datetime
    regions: RegionTree
    calendar: Calendar

    def run(self) -> Aftermath:
        """Everything that follows."""
        found, case = Aftermath(), self.life.case
        if case.reference is None:
            return found
        self._rate(case, found)
        self._returned(case, found)
        for item, task in case.tasks.items():
            if task.status not in ENDED:
                self._watch(case, item, found)
        return found

    # ---- ratings -----------------------------------------------------------------------------------------------------

    def _rate(self, case: Application, found: Aftermath) -> None:
        if case.completed_at is None or self.draw.random() >= luck.RATED_SHARE:
            return
        at = (case.completed_at + timedelta(hours=self.draw.randint(1, 90))).replace(second=0, microsecond=MARK)
        items: list[str | None] = [None]
        if self.draw.random() < 0.5:
            items.append(self.draw.choice(sorted(case.tasks)))
        for item in items:
            self._give(case, item, at, found)

    def _give(self, case: Application, item: str | None, at: datetime, found: Aftermath) -> None:
        try:
            ratings.must_be_open(case, item, RatingStage.FINISH, (), at.date())
        except Refusal:
            return
        if at >= self.now:
            return
        level = RatingLevel[luck.level_of(self.draw).upper()]
        rating = Rating(
            id=f"7a7e{len(found.ratings):028x}",
            application_id=case.id,
            bundle=case.bundle,
            item=item,
            department=hall_of(case.region, self.regions) if item is None else case.tasks[item].department,
            region=case.region,
            stage=RatingStage.FINISH,
            level=level,
            tags=tuple(self.draw.sample(TAGS[level], self.draw.randint(0, 2))),
            text=self.draw.choice(luck.BLAMES) if level.is_bad else None,
            created_at=at,
            created_by=case.applicant,
        )
        found.ratings.append(rating)
        if level.is_bad:
            self._rectify(case, rating, found)

    def _rectify(self, case: Application, rating: Rating, found: Aftermath) -> None:
        opening = Opening(
            kind=MatterKind.BAD_REVIEW,
            trail=rating.id,
            because=Because.BAD_REVIEW,
            application_id=case.id,
            reference=case.reference,
            item=rating.item,
            region=case.region,
            owner=rating.department,
            rating_id=rating.id,
            hides_case=True,
        )
        applicant = Actor(case.applicant, Role.APPLICANT)
        p = self._open(opening, applicant, rating.created_at, found)
        owner = frozenset({Side.OWNER, Side.HEAD})
        why, how = "已电话回访，情况属实。", self.draw.choice(luck.AMENDS)
        verify = MatterCommand(action=A.VERIFY, reason=why, finding=Finding.CLEAR, evidence=(PROOF,))
        self._act(p, 1, self._owner(p), verify, owner)
        self._act(p, 3, self._owner(p), MatterCommand(action=A.REPLY, reason=how, evidence=(PROOF,)), owner)
        if self.draw.random() < 0.85:
            self._act(p, 3, applicant, MatterCommand(action=A.CONFIRM), frozenset({Side.APPLICANT}))

    # ---- supervision -------------------------------------------------------------------------------------------------

    def _returned(self, case: Application, found: Aftermath) -> None:
        for event in self.life.events:
            if event.kind is EventKind.RETURNED:
                self._listed(case, event, found)

    def _listed(self, case: Application, event: Event, found: Aftermath) -> None:
        for opening in supervision.returned(case, [event]):
            p = self._open(opening, SYSTEM, event.at, found)
            owner = frozenset({Side.OWNER, Side.HEAD})
            reply = MatterCommand(action=A.REPLY, reason="已联系申请人说明原因和重新申报的办法。", evidence=(PROOF,))
            self._act(p, 2, self._owner(p), reply, owner)
            watcher = Actor(f"supervisor.{case.region}", Role.SUPERVISOR, region=case.region)
            close = MatterCommand(action=A.CLOSE, reason="情况清楚。")
            self._act(p, 6, watcher, close, frozenset({Side.SUPERVISION}))

    def _watch(self, case: Application, item: str, found: Aftermath) -> None:
        night = datetime.combine(self.now.date(), time(NIGHT.hour, NIGHT.minute + 5, microsecond=MARK), BEIJING)
        if night >= self.now:
            return
        for opening in supervision.watched(case, item, self.calendar, night.date(), self.regions):
            self._open(opening, SYSTEM, night, found)

    def _open(self, opening: Opening, who: Actor, at: datetime, found: Aftermath) -> Proceedings:
        p = open_matter(opening, who, Moment(at, self.calendar))
        found.matters.append(p)
        key = opening.key.replace(opening.reference or opening.key, "{reference}")
        if opening.rating_id is not None:
            key = key.replace(opening.rating_id, f"{{rating:{opening.rating_id}}}")
        found.keys[p.matter.id] = key
        return p

    def _owner(self, p: Proceedings) -> Actor:
        """The head of the office, who may do all that the office may."""
        line, _, region = p.matter.owner.partition(".")
        if line == "hall":
            return Actor(f"supervisor.{region}", Role.SUPERVISOR, region=region)
        return Actor(f"officer.{p.matter.owner}.3", Role.OFFICER, department=p.matter.owner)

    def _act(self, p: Proceedings, days: int, who: Actor, command: MatterCommand, sides: frozenset[Side]) -> None:
        """One command so many working days after the last, unless that lies ahead or the rules refuse it."""
        day = due_on(self.calendar, p.moment.today, days)
        at = datetime.combine(day, time(self.draw.randint(9, 16), self.draw.randrange(60), microsecond=MARK), BEIJING)
        if at >= self.now:
            return
        before = p.who, p.moment
        p.who, p.moment = who, Moment(at, self.calendar)
        try:
            loops.act(p, command, sides, self.regions)
        except Refusal:
            p.who, p.moment = before
            return
        p.matter = replace(p.matter, version=p.matter.version + 1)
