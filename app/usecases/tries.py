"""Codes guessed at the door: a few wrong tries lock what was asked for, for a while."""

from datetime import timedelta

from app.domain.errors import TooMany
from app.domain.vocabulary import Text
from app.storage.mapping import Row
from app.storage.queries import Reader
from app.usecases.context import Context


def must_not_be_locked(context: Context, reader: Reader, subject: str, code: Text) -> None:
    """Raise :class:`TooMany` after too many wrong tries for ``subject`` (a hash); ``code`` names what was guessed."""
    policy = context.world.policy
    tries = reader.wrong_tries(subject, context.ago(minutes=policy.lookup_minutes))
    if len(tries) < policy.lookup_tries:
        return
    opens_at = tries[-policy.lookup_tries] + timedelta(minutes=policy.lookup_minutes)
    seconds = max(1, round((opens_at - context.real_at).total_seconds()))
    raise TooMany(
        Text(
            f"{code.zh}输错次数过多，请 {seconds} 秒后再试。",
            f"Too many wrong {code.en}: try again in {seconds} seconds.",
        ),
        retry_after=seconds,
    )


def wrong_try(context: Context, subject: str) -> Row:
    """The row of table ``lookup_try`` that remembers one."""
    return {"id": context.new_id(), "subject": subject, "at": context.real_at}
