"""The newest link of a case's chain: where a change stands that was just made."""

from dataclasses import dataclass

from app.domain.applications import EventKind
from app.domain.errors import Refusal
from app.domain.vocabulary import Text
from app.storage.queries import Reader
from app.usecases import access, proofs
from app.usecases.context import Context


@dataclass(frozen=True, slots=True)
class NewestLink:
    """The newest event of a case: its number, its kind in words, and its link (hexadecimal; None before it has one)."""

    seq: int
    kind: Text
    link: str | None


def newest(context: Context, reader: Reader, application_id: str) -> NewestLink | None:
    """The newest link; None when the case has no event, or is not there for the asker."""
    try:
        case = access.visible(context, reader, application_id)
    except Refusal:
        return None
    rows = proofs.bound_rows(reader, case.id)
    if not rows:
        return None
    kind = next(kind for kind in EventKind if kind.value == rows[-1]["kind"])
    return NewestLink(rows[-1]["seq"], Text(kind.zh, kind.en), rows[-1]["link"])
