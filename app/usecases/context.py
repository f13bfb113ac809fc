"""One request: who asks, when, and the dice. Time and chance enter here and nowhere below."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from app.domain.applications import SYSTEM, Actor, Moment
from app.domain.deadlines import BEIJING, effective_start
from app.domain.errors import NotAllowed, NotSignedIn
from app.domain.proof import SALT_BYTES, Hasher, Sealing
from app.domain.references import QUERY_CODES
from app.domain.vocabulary import Role, Text
from app.usecases.world import World


class Dice(Protocol):
    """Where random numbers come from."""

    def below(self, limit: int) -> int:
        """A number from 0 up to but not including ``limit``."""
        ...

    def token(self) -> str:
        """An unguessable text of at least 32 characters."""
        ...


class TrueDice:
    """The operating system's randomness."""

    def below(self, limit: int) -> int:
        """A number from 0 up to but not including ``limit``."""
        return secrets.randbelow(limit)

    def token(self) -> str:
        """An unguessable text."""
        return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a use case needs beside the facts it reads.

    ``at`` is the office's time; in a demonstration it is ``shift`` ahead of the real one, which sign-ins go by.
    """

    world: World
    at: datetime
    who: Actor | None = None
    dice: Dice = field(default_factory=TrueDice)
    shift: timedelta = timedelta()

    @property
    def real_at(self) -> datetime:
        """The real instant, whatever the demonstration's clock says."""
        return self.at - self.shift

    @property
    def moment(self) -> Moment:
        """Now at the office, with the calendar."""
        return Moment(self.at.astimezone(BEIJING), self.world.catalogue.calendar)

    @property
    def start(self) -> date:
        """The working day something submitted now counts from."""
        return effective_start(self.world.catalogue.calendar, self.moment.at)

    @property
    def actor(self) -> Actor:
        """Who asks; raises :class:`NotSignedIn` for nobody."""
        if self.who is None:
            raise NotSignedIn(
                Text("请先登录：从登录列表里选一个虚构人物。", "Sign in first: pick a fictional person from the list.")
            )
        return self.who

    def acting(self, *roles: Role, is_by_mandate: bool = False) -> Actor:
        """Who asks, when in one of these roles; raises :class:`NotSignedIn` or :class:`NotAllowed`.

        An agent bounded by a mandate may do only what says that it can be done by one.
        """
        actor = self.actor
        if actor.role not in roles:
            wanted = Text("、".join(role.zh for role in roles), ", ".join(role.en for role in roles))
            raise NotAllowed(
                Text(
                    f"此操作限：{wanted.zh}。您现在的身份是{actor.role.zh}。",
                    f"Only for: {wanted.en}. You are signed in as {actor.role.en}.",
                ),
                roles=[role.value for role in roles],
            )
        if actor.mandate is not None and not is_by_mandate:
            raise NotAllowed(
                Text("这件事不能凭委托办理，请由本人办理。", "This cannot be done by a mandate, only in person.")
            )
        return actor

    def as_system(self) -> "Context":
        """The same moment, with time itself as the actor."""
        return replace(self, who=SYSTEM)

    @property
    def sealing(self) -> Sealing:
        """How what is written now is bound: the installation's hash function, salts from the dice."""
        return Sealing(
            Hasher(self.world.policy.proof_hash), lambda: self.dice.below(1 << 8 * SALT_BYTES).to_bytes(SALT_BYTES)
        )

    def new_id(self) -> str:
        """A fresh identifier: 32 lower-case hex digits that sort by time (milliseconds, then chance)."""
        return f"{int(self.at.timestamp() * 1000):012x}{self.dice.below(1 << 80):020x}"

    def new_serial(self) -> int:
        """The serial of a 办件编号: drawn, not counted, so that it tells nobody how many there are."""
        return 100_000 + self.dice.below(900_000)

    def new_query_code(self) -> int:
        """The number behind a 查询码."""
        return self.dice.below(QUERY_CODES)

    def ago(self, **span: float) -> datetime:
        """The real instant a time span before now."""
        return self.real_at - timedelta(**span)
