"""What a lesson is made of: an idea of the field, how well its facts are known, and where it can be tried."""

from dataclasses import dataclass

from app.domain.vocabulary import Mark, Text

OWNER, MOTHER, FATHER, RETIRING = "wang_owner", "lin_mother", "zhou_father", "chen_retiring"
OTHER_HALL = "clerk.330881"
CLERK, OFFICER, SUPERVISOR, STEWARD = "clerk.330802", "officer.market.330802.1", "supervisor.330802", "steward.330000"
SURE, LIKELY, INVENTED = Mark.SURE, Mark.LIKELY, Mark.ILLUSTRATIVE


@dataclass(frozen=True, slots=True)
class Fact:
    """What the policy asks for, and how well that is known."""

    zh: str
    en: str
    mark: Mark = SURE


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do, on which page, as whom; None is nobody in particular."""

    zh: str
    en: str
    href: str
    who: str | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """One idea. ``calls`` are operations of the API by their id."""

    code: str
    name: Text
    short: Text
    facts: tuple[Fact, ...]
    here: Text
    steps: tuple[Step, ...]
    calls: tuple[str, ...]
    questions: tuple[Text, Text]
