"""委托: one person lets another handle some 一件事 for a while, or a company's legal representative a named officer.

A mandate is bounded in what it covers (bundles), in what it lets the agent do (powers), and in time; it can be revoked
at any moment and then stops at once. Filling in and following a case are always included; what is personal beside the
cases it covers is not: messages, certificates, consents and ratings stay with the principal. For a child its guardian
acts without any mandate, as a party of the case. The longest time is illustrative.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.errors import Fault, InvalidInput, NotAllowed
from app.domain.vocabulary import ServiceObject, Text, Word

MOST_DAYS = 366
"""The longest a mandate may last [illustrative]."""


class Power(Word):
    """What an agent may do beyond filling in and following a case."""

    SUBMIT = "submit", "申报和补正", "submit and correct"
    WITHDRAW = "withdraw", "撤回申请", "withdraw an application"


class MandateStanding(Word):
    """Where a mandate stands on a day."""

    FUTURE = "future", "尚未生效", "not in force yet"
    ACTIVE = "active", "有效", "in force"
    OVER = "over", "已到期", "run out"
    REVOKED = "revoked", "已撤销", "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """One mandate. ``company`` is the 统一社会信用代码 of the company it is for, None for a person's own affairs;
    ``company_name`` what the register of businesses called it on that day."""

    id: str
    principal: str
    agent: str
    company: str | None
    bundles: tuple[str, ...]
    powers: tuple[Power, ...]
    since: date
    until: date
    given_at: datetime
    revoked_at: datetime | None = None
    company_name: str | None = None

    def standing(self, today: date) -> MandateStanding:
        """Where it stands today."""
        if self.revoked_at is not None:
            return MandateStanding.REVOKED
        if today < self.since:
            return MandateStanding.FUTURE
        return MandateStanding.OVER if today > self.until else MandateStanding.ACTIVE

    def covers(self, bundle: str) -> bool:
        """Whether a bundle is within it."""
        return bundle in self.bundles


def covers(mandate: Mandate | None, bundle: str) -> bool:
    """Whether somebody may handle the bundle; a standing paper without bounds (帮办员) covers everything."""
    return mandate is None or mandate.covers(bundle)


def must_cover(mandate: Mandate | None, bundle: str, name: Text) -> None:
    """Raise :class:`NotAllowed` when the bundle is not within a mandate."""
    if not covers(mandate, bundle):
        raise NotAllowed(
            Text(f"您的委托不含“{name.zh}”，请由委托人本人办理。", f"Your mandate does not cover {name.en}.")
        )


def lacks(mandate: Mandate | None, power: Power) -> Text | None:
    """What to say when a mandate does not hold this power, or None."""
    if mandate is None or power in mandate.powers:
        return None
    return Text(f"您的委托不含“{power.zh}”，请由委托人本人办理。", f"Your mandate does not let you {power.en}.")


def demand(mandate: Mandate | None, power: Power) -> None:
    """Raise :class:`NotAllowed` when a mandate does not hold this power."""
    why = lacks(mandate, power)
    if why is not None:
        raise NotAllowed(why)


def faults_of(mandate: Mandate, today: date, bundles: Mapping[str, Collection[ServiceObject]]) -> list[Fault]:
    """Everything wrong with a mandate about to be given. ``bundles`` has for each whom it is for (服务对象)."""
    faults = []
    if mandate.agent == mandate.principal:
        faults.append(Fault("/to", "self", Text("不能委托给自己。", "A mandate goes to somebody else.")))
    if not mandate.bundles:
        faults.append(Fault("/bundles", "missing", Text("请至少选一个一件事。", "Choose one bundle or more.")))
    for index, bundle in enumerate(mandate.bundles):
        if bundle not in bundles:
            text = Text("没有这个一件事。", "There is no such bundle.")
            faults.append(Fault(f"/bundles/{index}", "unknown-bundle", text))
        elif mandate.company is not None and set(bundles[bundle]) == {ServiceObject.PERSON}:
            text = Text("这个一件事只面向个人，单位不能委托。", "It is for persons only: a company has no part in it.")
            faults.append(Fault(f"/bundles/{index}", "not-for-companies", text))
    if mandate.since < today:
        faults.append(Fault("/since", "past", Text("生效日期不能早于今天。", "It cannot begin before today.")))
    if not mandate.since <= mandate.until <= mandate.since + timedelta(days=MOST_DAYS):
        text = Text(
            f"截止日期应在生效之后、{MOST_DAYS} 天以内（示例）。",
            f"It ends after it begins, within {MOST_DAYS} days (illustrative).",
        )
        faults.append(Fault("/until", "out-of-range", text))
    return faults


def must_be_sound(mandate: Mandate, today: date, bundles: Mapping[str, Collection[ServiceObject]]) -> None:
    """Raise :class:`InvalidInput` with every fault."""
    faults = faults_of(mandate, today, bundles)
    if faults:
        raise InvalidInput(faults)
