"""Codes guessed at the door: a few wrong tries lock what was asked for, for a while.

Tries stand in one line. The id of each follows from those before it, so that of many at the same instant one is written
and the others are computed again, on what is known by then: sending all guesses at once gains nobody a try.
"""

import hashlib
from datetime import timedelta
from functools import partial

from app.domain.errors import TooMany
from app.domain.vocabulary import Text
from app.storage.changes import Changes, Row
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases.context import Context

BATCH = 200


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


def wrong_try(context: Context, reader: Reader, subject: str) -> Changes:
    """What remembers a wrong try."""
    return Changes().also("lookup_try", _row(context, reader, subject))


def right_try(context: Context, reader: Reader, subject: str) -> Changes:
    """Nothing is kept of a right try, but it takes its place in the line: beside too many wrong ones it is none."""
    row = _row(context, reader, subject)
    return Changes(deletes=[("lookup_try", {"id": row["id"]})]).also("lookup_try", row)


def forget(context: Context, store: Store) -> int:
    """Let go of tries that lock nothing any more, whoever left them; how many."""
    before, done = context.ago(minutes=2 * context.world.policy.lookup_minutes), 0
    while gone := store.read(partial(Reader.tries_before, at=before, limit=BATCH)):
        done += store.perform(partial(_forgotten, gone=gone))
    return done


def _forgotten(_: Reader, gone: list[str]) -> Outcome[int]:
    return Outcome(len(gone), Changes(deletes=[("lookup_try", {"id": one}) for one in gone]))


def _row(context: Context, reader: Reader, subject: str) -> Row:
    count, newest = reader.tries_ever(subject)
    place = hashlib.sha256(f"{subject}:{count}:{newest}".encode()).hexdigest()[:32]
    return {"id": place, "subject": subject, "at": context.real_at}
