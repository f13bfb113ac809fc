"""免申即享: the state comes to the person. Who may have an item is found by data and asked only to confirm.

A pack says to whom an item is offered (:class:`app.domain.catalogue.OfferRule`); here a record of yes and no becomes an
offer, once for each person and thing: what was declined or has run out is not offered again. A confirmed offer is an
application of that one item, made of what is known already; nobody types anything. How long an offer waits and how
often is looked are illustrative.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain.applications import Moment
from app.domain.catalogue import Bundle, OfferRule, ServiceItem
from app.domain.conditions import evaluate, names
from app.domain.deadlines import BEIJING
from app.domain.errors import ActionNotAllowed
from app.domain.messages import Message, MessageKind
from app.domain.periods import written_day
from app.domain.vocabulary import Text, Word

LOOK_AGAIN = timedelta(days=30)
"""How long nobody is looked at again for the same item [illustrative]."""
REASON_LENGTH = 500


class OfferStatus(Word):
    """Where an offer stands."""

    OPEN = "open", "待确认", "waits for an answer"
    CONFIRMED = "confirmed", "已确认", "confirmed"
    DECLINED = "declined", "已谢绝", "declined"
    EXPIRED = "expired", "已过期", "has run out"


@dataclass(frozen=True, slots=True)
class FoundFact:
    """One condition that was found to hold: by which dataset and element, and what that means; never the value."""

    fact: str
    dataset: str
    element: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One offer to one person. ``key`` is unique: person, bundle and item."""

    id: str
    key: str
    account: str
    bundle: str
    item: str
    region: str
    found: tuple[FoundFact, ...]
    found_at: datetime
    expires_on: date
    status: OfferStatus = OfferStatus.OPEN
    settled_at: datetime | None = None
    settled_by: str | None = None
    reason: str | None = None
    application_id: str | None = None
    version: int = 0

    def standing(self, today: date) -> OfferStatus:
        """Its status today, also before a sweep has written down that it ran out."""
        return OfferStatus.EXPIRED if self.status is OfferStatus.OPEN and today > self.expires_on else self.status

    @property
    def because(self) -> Text:
        """How the last day was counted."""
        since = self.found_at.astimezone(BEIJING).date()
        days, told = (self.expires_on - since).days, written_day(since)
        return Text(
            f"自发现之日（{told.zh}）起 {days} 个自然日，天数由目录规定，为示例。",
            f"{days} calendar days from the day it was found ({told.en}); the number is the catalogue's, illustrative.",
        )


def key_of(account: str, bundle: str, item: str) -> str:
    """What is offered to whom; the database keeps it unique."""
    return f"{account}:{bundle}:{item}"


def holds(rule: OfferRule, told: Mapping[str, bool]) -> bool:
    """Whether the condition of the offer holds by what registers told; what is not known settles nothing."""
    return evaluate(rule.when, told) is True


def found_facts(rule: OfferRule, told: Mapping[str, bool]) -> tuple[FoundFact, ...]:
    """The facts that were found to be so, as the person reads them."""
    return tuple(
        FoundFact(name, fact.dataset, fact.rule.element, fact.label)
        for name, fact in rule.facts.items()
        if told.get(name) is True
    )


def expires_on(rule: OfferRule, moment: Moment) -> date:
    """The last day of an offer made now."""
    return moment.today + timedelta(days=rule.days)


def confined(bundle: Bundle, item: str) -> Bundle:
    """The bundle as an offered item alone has it: no other items, and no questions but those its condition is about."""
    part = bundle.items[item]
    asked = {name: each for name, each in bundle.questions.items() if name in names(part.when)}
    return replace(
        bundle,
        items={item: replace(part, after=(), promises=())},
        questions={name: replace(each, when=None) for name, each in asked.items()},
        eligibility=(),
        not_needed=(),
    )


def answers_of(bundle: Bundle, offer: Offer) -> dict[str, bool]:
    """The answers to the guiding questions that were found instead of asked."""
    part, found = bundle.items[offer.item], {fact.fact for fact in offer.found}
    facts = part.offer.facts if part.offer is not None else {}
    return {name: name in found for name in confined(bundle, offer.item).questions if name in facts}


def must_be_open(offer: Offer, today: date, action: str) -> None:
    """Raise :class:`ActionNotAllowed` for an offer that is settled or has run out."""
    standing = offer.standing(today)
    if standing is OfferStatus.OPEN:
        return
    raise ActionNotAllowed(
        Text(
            f"这项免申即享“{standing.zh}”，不能再操作；需要的话可以照常申请。",
            f"This offer is no longer open ({standing.en}); you may still apply in the ordinary way.",
        ),
        action=action,
        status=standing.value,
        application=offer.application_id,
    )


def settled(offer: Offer, status: OfferStatus, who: str, moment: Moment) -> Offer:
    """The offer after it was confirmed, declined, or ran out."""
    return replace(offer, status=status, settled_at=moment.at, settled_by=who)


def message(offer: Offer, item: ServiceItem, name: Text) -> Message:
    """What the person hears; what was found about whom stays in the offer."""
    kind, until = MessageKind.OFFERED, written_day(offer.expires_on)
    return Message(
        account=offer.account,
        kind=kind,
        title=Text(f"{kind.zh}：{item.short.zh}", f"{item.short.en}: {kind.en}"),
        body=Text(
            f"{name.zh}：您好！您可能符合“{item.name.zh}”的条件，不用申请、不用交材料，请最迟于{until.zh}在“我的免申即享”里"
            "确认或者谢绝。不答复不会有任何不利。",
            f"Dear {name.en}, you seem to meet the conditions of “{item.name.en}”. No application and no papers are "
            f"needed: confirm or decline it among your offers by {until.en}. Not answering has no consequence.",
        ),
    )
