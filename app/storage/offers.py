"""Offers ↔ rows, and what the search for people asks of what is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import select

from app.domain.lifecycle import FAILED
from app.domain.offers import Offer, OfferStatus
from app.domain.sharing import Purpose
from app.storage.changes import Changes, Guard, Row, Update
from app.storage.mapping import plain, read_value
from app.storage.offer_tables import OFFER
from app.storage.queries import NUL, Reader, batched
from app.storage.sealing import Found
from app.storage.sharing_tables import DATA_CALL
from app.storage.tables import APPLICATION, CERTIFICATE, TASK

PLAIN = ("status", "found")
AT_ONCE = 500
"""People in one statement."""


def offer_row(offer: Offer) -> Row:
    """The row of an offer."""
    row = {entry.name: getattr(offer, entry.name) for entry in fields(Offer)}
    return {**row, **{name: plain(row[name]) for name in PLAIN}}


def made(offer: Offer) -> Changes:
    """The rows of a new offer."""
    return Changes().also("offer", offer_row(offer))


def moved(before: Offer, after: Offer) -> Changes:
    """What settling an offer changes; the commit needs the version it was read at."""
    old, new = offer_row(before), offer_row(after)
    values = {name: value for name, value in new.items() if value != old[name]}
    return Changes(updates=[Update("offer", before.id, values)], guard=Guard("offer", before.id, before.version))


def offer(reader: Reader, offer_id: str) -> Offer | None:
    """One offer, or None."""
    if NUL in offer_id:
        return None
    row = reader.row(select(OFFER).where(OFFER.c.id == offer_id))
    return None if row is None else _read(row)


def offers_to(reader: Reader, account: str) -> list[Offer]:
    """Everything that was offered to somebody, newest first."""
    query = select(OFFER).where(OFFER.c.account == account).order_by(OFFER.c.id.desc())
    return [_read(row) for row in reader.rows(query)]


def is_taken(reader: Reader, key: str) -> bool:
    """Whether this was offered to this person before."""
    return reader.row(select(OFFER.c.id).where(OFFER.c.key == key)) is not None


def run_out(reader: Reader, today: date, limit: int) -> list[Offer]:
    """Open offers whose last day has passed, oldest first."""
    query = select(OFFER).where(OFFER.c.status == OfferStatus.OPEN.value, OFFER.c.expires_on < today)
    return [_read(row) for row in reader.rows(query.order_by(OFFER.c.expires_on, OFFER.c.id).limit(limit))]


def has_item(reader: Reader, account: str, item: str) -> bool:
    """Whether the person asked for the item already and it has not come to nothing."""
    failed = [status.value for status in FAILED]
    query = (
        select(TASK.c.id)
        .join(APPLICATION, APPLICATION.c.id == TASK.c.application_id)
        .where(APPLICATION.c.applicant == account, TASK.c.item == item, TASK.c.status.not_in(failed))
    )
    return reader.connection.execute(query.limit(1)).first() is not None


def settled_with(reader: Reader, keys: Mapping[str, str], item: str, since: datetime) -> set[str]:
    """Of these people (key of an offer → account) those whom a search need not look at: the item was offered to them
    before, or registers were asked about it after ``since``."""
    found: set[str] = set()
    for some in batched(list(keys), AT_ONCE):
        people = [keys[key] for key in some]
        taken = select(OFFER.c.key).where(OFFER.c.key.in_(some))
        asked = select(DATA_CALL.c.applicant).where(
            DATA_CALL.c.applicant.in_(people),
            DATA_CALL.c.item == item,
            DATA_CALL.c.purpose == Purpose.OFFER.value,
            DATA_CALL.c.at > since,
        )
        found |= {keys[key] for key in reader.connection.execute(taken).scalars()}
        found |= set(reader.connection.execute(asked.distinct()).scalars())
    return found


def holders(reader: Reader, people: Sequence[str], types: Sequence[str]) -> set[str]:
    """Those of these people to whom a certificate of one of the types was ever issued here."""
    found: set[str] = set()
    for some in batched(people, AT_ONCE):
        query = select(CERTIFICATE.c.holder).where(CERTIFICATE.c.holder.in_(some), CERTIFICATE.c.type.in_(types))
        found |= set(reader.connection.execute(query.distinct()).scalars())
    return found


def submitted_by(reader: Reader, account: str, limit: int) -> Sequence[str]:
    """Ids of the person's newest applications that were submitted and not erased."""
    query = select(APPLICATION.c.id).where(
        APPLICATION.c.applicant == account, APPLICATION.c.submitted_at.is_not(None), APPLICATION.c.erased_at.is_(None)
    )
    return list(reader.connection.execute(query.order_by(APPLICATION.c.id.desc()).limit(limit)).scalars())


def _read(row: Found) -> Offer:
    found: Offer = read_value(Offer, dict(row))
    return found
