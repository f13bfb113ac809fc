"""异地代收代办: what a hall notes when it takes in for offices elsewhere, and the parcels that go between the two.

国办发〔2020〕35号 leaves every decision with the authority in charge (收受分离): the hall where somebody stands checks
the identity and the papers, hands originals to a courier and gives out the result. Plain frozen values; the rules stand
in :mod:`app.domain.proxying`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.regions import is_within, level_of
from app.domain.vocabulary import HandlingArea, Level, Word


class Identified(Word):
    """How the hall made sure who stands there."""

    ID_CARD = "id_card", "当面核验居民身份证原件", "identity card checked in person"
    SHOWN_CARD = "shown_card", "扫码核验电子身份证照（亮证）", "electronic identity card shown and scanned"
    ENTRUSTED = "entrusted", "核验委托书和代理人身份证原件", "power of attorney and the agent's identity card checked"


class Handing(Word):
    """How the result reaches the applicant."""

    AT_HALL = "at_hall", "到收件大厅领取", "collected at the hall that took it in"
    BY_POST = "by_post", "寄给申请人", "sent to the applicant by courier"
    AT_HOME = "at_home", "到办理地领取", "collected where it is decided"


class Way(Word):
    """Which way a parcel goes."""

    OUT = "out", "原件寄往办理地", "originals to the deciding office"
    BACK = "back", "结果寄回", "result sent back"


class ParcelStatus(Word):
    """Where a parcel is."""

    PACKED = "packed", "待寄出", "to be handed to the courier"
    SENT = "sent", "已寄出，待签收", "on its way, to be signed for"
    SIGNED = "signed", "已签收", "signed for"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel between a hall and one department, numbered from 1 within the application.

    ``items`` are the department's items that wait for it, ``materials`` the codes of the originals inside (none for a
    result). ``due_on`` is the day it should be signed for by.
    """

    number: int
    way: Way
    department: str
    items: tuple[str, ...]
    materials: tuple[str, ...]
    packed_at: datetime
    due_on: date
    sent_at: datetime | None = None
    sent_by: str | None = None
    waybill: str | None = None
    signed_at: datetime | None = None
    signed_by: str | None = None
    note: str | None = None

    @property
    def status(self) -> ParcelStatus:
        """Packed, on its way, or signed for."""
        if self.signed_at is not None:
            return ParcelStatus.SIGNED
        return ParcelStatus.PACKED if self.sent_at is None else ParcelStatus.SENT


@dataclass(frozen=True, slots=True)
class Proxy:
    """代收记录: which hall (the region's code) took it in for elsewhere, how it knew the person, how the result goes
    back, and the parcels so far."""

    hall: str
    identified: Identified
    handing: Handing
    taken_by: str
    taken_at: datetime
    parcels: tuple[Parcel, ...] = ()


def is_local(origin: str, region: str) -> bool:
    """Whether a place belongs to a case of ``region``: its county, the city above it, or the region itself. The
    province is above all of them and belongs to none."""
    if level_of(origin) is Level.PROVINCE:
        return origin == region
    return is_within(region[:6], origin[:6])


def covers(area: HandlingArea, hall: str, region: str) -> bool:
    """Whether the published 通办范围 of an item reaches from the deciding region to the hall."""
    match area:
        case HandlingArea.NATIONAL:
            return True
        case HandlingArea.PROVINCE:
            return hall[:2] == region[:2]
        case HandlingArea.CITY:
            return hall[:4] == region[:4]
        case _:
            return is_local(hall, region)
