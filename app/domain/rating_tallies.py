"""What 好差评 adds to the indicators: a rating when it is given, a rectification when it is closed.

The first level counts; what the same person says after the rectification does not change it. A rating whose appeal was
upheld counts no more. The whole 一件事 is counted apart: its figure is never an average of the departments'.
"""

from datetime import datetime

from app.domain.matters import Conclusion, Matter, MatterKind
from app.domain.ratings import Levels, Rating, RatingStage, is_in_person
from app.domain.tallies import WHOLE, Counts, Fact, office_day

DONE = frozenset({Conclusion.RESOLVED, Conclusion.EXPLAINED})


def rating_fact(rating: Rating) -> str:
    """The id of what a rating adds."""
    return f"{rating.id}.rated"


def matter_fact(matter: Matter) -> str:
    """The id of what a rectification adds."""
    return f"{matter.id}.rectified"


def call_back_fact(matter: Matter) -> str:
    """The id of what a call-back adds."""
    return f"{matter.id}.called_back"


def counts_of(levels: Levels) -> Counts:
    """Ratings by level as the indicators count them."""
    bad = sum(count for level, count in levels.items() if level.is_bad)
    rated = sum(levels.values())
    return Counts(rated=rated, satisfied=rated - bad, bad=bad)


def facts_of_rating(rating: Rating) -> dict[str, Fact]:
    """What one rating adds, by id; nothing once it was annulled."""
    if rating.annulled_at is not None:
        return {}
    is_whole, is_bad = rating.item is None, rating.level.is_bad
    counts = (
        Counts(theme_rated=1, theme_satisfied=int(not is_bad))
        if is_whole
        else Counts(
            rated=1,
            rated_at_end=int(rating.stage is RatingStage.FINISH),
            satisfied=int(not is_bad),
            bad=int(is_bad),
            bad_named=int(is_bad and rating.is_named),
        )
    )
    fact = Fact(
        id=rating_fact(rating),
        application=rating.application_id,
        day=rating.rated_on,
        region=rating.region,
        department=WHOLE if is_whole else rating.department,
        item=rating.item or WHOLE,
        bundle=rating.bundle,
        counts=counts,
    )
    return {fact.id: fact}


def facts_of_matter(matter: Matter, bundle: str) -> dict[str, Fact]:
    """What the matter of a bad review of a task adds: 1 for the call-back, and 1 for a rectification closed with
    something done, with the calendar days it took. Nothing once an upheld appeal says that the review does not count.
    """
    if matter.kind is not MatterKind.BAD_REVIEW or matter.item is None or matter.conclusion is Conclusion.ANNULLED:
        return {}
    found = []
    if matter.verified_at is not None:
        named = int(is_in_person(matter.opened_by))
        found.append(_fact(matter, bundle, matter.verified_at, Counts(called_back=1, called_back_named=named)))
    if matter.closed_at is not None and matter.conclusion in DONE:
        days = (office_day(matter.closed_at) - matter.opened_on).days
        found.append(_fact(matter, bundle, matter.closed_at, Counts(rectified=1, rectification_days=days)))
    return {fact.id: fact for fact in found}


def _fact(matter: Matter, bundle: str, at: datetime, counts: Counts) -> Fact:
    return Fact(
        id=matter_fact(matter) if counts.rectified else call_back_fact(matter),
        application=matter.application_id or "",
        day=office_day(at),
        region=matter.region,
        department=matter.owner,
        item=matter.item or WHOLE,
        bundle=bundle,
        counts=counts,
    )
