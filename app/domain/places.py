"""多地联办: the places that work on one case, and the notes that go between them.

国办发〔2020〕35号 names it beside 全程网办 and 异地代收代办: several places must each act, somebody applies once, and
the place that took it in coordinates the rest. Every decision stays with the authority of its own place. Plain frozen
values; the rules stand in :mod:`app.domain.together`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.regions import is_within
from app.domain.vocabulary import Word


class NoteKind(Word):
    """What a note between two places is about."""

    HANDED = "handed", "转办", "handed over"
    MESSAGE = "message", "协同留言", "message"


class NoteStatus(Word):
    """Where a note is."""

    SENT = "sent", "待签收", "to be signed for"
    SIGNED = "signed", "已签收", "signed for"


@dataclass(frozen=True, slots=True)
class Note:
    """协同单 from one place (the region's code) to another, numbered from 1 within the application.

    ``items`` are what it hands over; ``sent_by`` is the account that wrote it, or the system's for what submission did.
    """

    number: int
    kind: NoteKind
    sender: str
    receiver: str
    items: tuple[str, ...]
    text: str | None
    sent_at: datetime
    sent_by: str
    signed_at: datetime | None = None
    signed_by: str | None = None

    @property
    def status(self) -> NoteStatus:
        """Sent, or signed for."""
        return NoteStatus.SENT if self.signed_at is None else NoteStatus.SIGNED


@dataclass(frozen=True, slots=True)
class Joint:
    """``places``: item → region it is handled in when that is another one than the application's; and the notes."""

    places: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def is_elsewhere(place: str, region: str) -> bool:
    """Whether a body in ``place`` is no body of a case in ``region``: neither its own nor one above it."""
    return not is_within(region[:6], place[:6])
