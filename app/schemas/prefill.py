"""预填 and 免问: what registers gave, field by field, and the questions that need not be asked."""

from typing import Any

from pydantic import Field

from app.schemas.applications import ApplicationOut
from app.schemas.common import Bilingual, Out
from app.schemas.plans import PlanOut
from app.schemas.shared_values import CheckedOut, HadOut, PrefilledOut


class PrefillOut(Out):
    """What a draft has from registers now, what it has not and why, and the draft."""

    fields: list[PrefilledOut]
    papers: list[CheckedOut]
    new_count: int = Field(description="fields and papers that this request brought; 0 when it is repeated")
    application: ApplicationOut


class AnsweredOut(Out):
    """One guiding question that data answer."""

    question: str
    ask: Bilingual
    value: Any
    source: HadOut


class UnansweredOut(Out):
    """One guiding question that data could answer and did not."""

    question: str
    ask: Bilingual
    why: Bilingual


class PersonalOut(Out):
    """一件事 for the person who asks: the answers that data give, the plan so far, and the questions left to ask."""

    bundle: str
    region: str
    answers: dict[str, Any]
    answered: list[AnsweredOut]
    unanswered: list[UnansweredOut]
    questions: list[str] = Field(description="questions left to be asked, in order")
    plan: PlanOut
