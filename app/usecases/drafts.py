"""How many drafts one person may begin: more than anybody fills in, and too few to fill the disk with."""

from datetime import timedelta
from typing import Final

from app.domain.errors import TooMany
from app.domain.vocabulary import Text
from app.storage.queries import Reader
from app.usecases.context import Context

MOST: Final = 100
"""Drafts a person may begin within a day and not submit [illustrative]."""
AMONG: Final = 2 * MOST
"""Of so many applications, the last ones begun: who keeps submitting may have begun more."""
DAY: Final = timedelta(days=1)


def must_have_room(context: Context, reader: Reader, applicant: str) -> None:
    """Raise :class:`TooMany` for a person with too many drafts of the last day, whoever began them."""
    begun = reader.drafts_among(applicant, AMONG)
    recent = sorted(at for at in begun if at > context.at - DAY)
    if len(recent) < MOST:
        return
    seconds = max(1, round((recent[-MOST] + DAY - context.at).total_seconds()))
    raise TooMany(
        Text(
            f"一天之内新建而未提交的申请已有 {MOST} 份，不能再建。请先提交或接着填写已有的草稿，或者过后再来。",
            f"{MOST} applications were begun within a day and not submitted, which is the most: submit one, "
            "go on with one, or come back later.",
        ),
        retry_after=seconds,
    )
