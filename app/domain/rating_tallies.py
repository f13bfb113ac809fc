"""What 好差评 adds to the indicators: a rating when it is given, a rectification when it is closed.

The first level counts; what the same person says after the rectification does not change it. A rating whose appeal was
upheld counts no more. The whole 一件事 is counted apart: its figure is never an average of the departments'.
"""

from app.domain.matters import Conclusion, Matter, MatterKind
from app.domain.ratings import Rating, RatingStage
from app.domain.tallies import WHOLE, Counts, Fact, office_day

DONE = frozenset({Conclusion.RESOLVED, Conclusion.EXPLAINED})


def rating_fact(rating: Rating) -> str:
    """The id of what a rating adds."""
    return f"{rating.id}.rated"


def matter_fact(matter: Matter) -> str:
    """The id of what a rectification adds."""
    return f"{matter.id}.rectified"


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
    """What a matter adds: 1 when it is the rectification of a rated task and closed with something done."""
    if matter.kind is not MatterKind.BAD_REVIEW or matter.item is None or matter.closed_at is None:
        return {}
    if matter.conclusion not in DONE:
        return {}
    fact = Fact(
        id=matter_fact(matter),
        application=matter.application_id,
        day=office_day(matter.closed_at),
        region=matter.region,
        department=matter.owner,
        item=matter.item,
        bundle=bundle,
        counts=Counts(rectified=1),
    )
    return {fact.id: fact}
