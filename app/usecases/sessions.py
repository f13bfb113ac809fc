"""One's own sign-ins: which there are, ending one, ending all."""

from datetime import timedelta

from app.domain.errors import NotFound
from app.domain.vocabulary import Text, Word
from app.schemas.common import Bilingual, Term
from app.schemas.sessions import SessionOut
from app.storage import mandates
from app.storage.changes import Changes
from app.storage.queries import Reader
from app.storage.sealing import Found
from app.storage.store import Outcome
from app.usecases.accounts import is_live, token_hash
from app.usecases.context import Context


class Way(Word):
    """How somebody signed in."""

    PAGE = "page", "网页", "pages"
    API = "api", "接口", "API"


def own(context: Context, reader: Reader, token: str) -> list[SessionOut]:
    """The asker's sign-ins that still count, newest first. ``token`` is the asker's own."""
    return [_shown(context, reader, row, token_hash(token)) for row in _live(context, reader)]


def end(context: Context, reader: Reader, session_id: str) -> Outcome[None]:
    """End one of the asker's sign-ins; raises :class:`NotFound` for anybody else's."""
    found = [row for row in _live(context, reader) if row["id"] == session_id]
    if not found:
        raise NotFound(Text("没有这个登录，或者它已经结束。", "There is no such sign-in, or it has ended."))
    return _ended(found)


def end_all(context: Context, reader: Reader, but: str | None = None) -> Outcome[None]:
    """End all of the asker's sign-ins, except the one with the token ``but``."""
    kept = token_hash(but) if but is not None else None
    return _ended([row for row in reader.tokens_of(context.actor.account) if row["hash"] != kept])


def _live(context: Context, reader: Reader) -> list[Found]:
    return [row for row in reader.tokens_of(context.actor.account) if is_live(context, row)]


def _ended(rows: list[Found]) -> Outcome[None]:
    return Outcome(None, Changes(deletes=[("token", {"hash": row["hash"]}) for row in rows]) if rows else None)


def _shown(context: Context, reader: Reader, row: Found, this: str) -> SessionOut:
    return SessionOut(
        id=row["id"],
        way=Term.of(Way[row["way"].upper()]),
        acting_for=_principal(context, reader, row["mandate_id"]),
        signed_in_at=row["created_at"],
        seen_at=row["seen_at"],
        idle_until=row["seen_at"] + timedelta(minutes=context.world.policy.idle_minutes),
        expires_at=row["expires_at"],
        is_this=row["hash"] == this,
    )


def _principal(context: Context, reader: Reader, mandate_id: str | None) -> Bilingual | None:
    found = mandates.mandate(reader, mandate_id) if mandate_id is not None else None
    person = context.world.catalogue.people.get(found.principal) if found is not None else None
    return Bilingual.of(person.name) if person is not None else None
