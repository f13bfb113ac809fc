"""Plans made of the built-in packs: of given answers, of a story, or of any answers at all (Hypothesis)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from app.domain.answers import accept
from app.domain.catalogue import Question, Story
from app.domain.conditions import Value
from app.domain.routing import Plan
from app.domain.vocabulary import QuestionKind
from tests.factories import catalogue, planner

HARVEST = date(2026, 9, 21)
"""A Monday: Mid-autumn Festival and the National Day week with their make-up days lie ahead."""


def stories() -> list[Story]:
    """The worked examples of all packs."""
    return list(catalogue().stories.values())


def planned(bundle: str, answers: Mapping[str, Any], region: str = "330802", start: date = HARVEST) -> Plan:
    """The plan for these answers, checked as the app checks them."""
    found = planner(bundle)
    return found.plan(accept(found.bundle, answers), region, start)


def told(story: Story) -> Plan:
    """The plan of a worked example."""
    return planned(story.bundle, story.answers, story.region)


def catering(**answers: Any) -> Plan:
    """The full restaurant, some answers given differently."""
    return planned("catering", {**catalogue().stories["catering_full"].answers, **answers})


def answer_to(question: Question) -> st.SearchStrategy[Value]:
    """Any answer the question accepts, thresholds often."""
    options = list(question.type.options)
    match question.kind:
        case QuestionKind.BOOL:
            return st.booleans()
        case QuestionKind.NUMBER:
            low, high = question.minimum or 0, question.maximum or 10_000
            edges = [edge for edge in (low, 200, 200.5, 299.9, 300, 365, high) if low <= edge <= high]
            return st.one_of(st.sampled_from(edges), st.floats(low, high))
        case QuestionKind.ENUM:
            return st.sampled_from(options)
        case _:
            return st.lists(st.sampled_from(options), unique=True).map(tuple)


@st.composite
def any_plan(draw: st.DrawFn) -> Plan:
    """Any bundle, two counties, any day of two years, some or all of the questions answered."""
    bundle = catalogue().library.bundles[draw(st.sampled_from(sorted(catalogue().library.bundles)))]
    answers = {
        code: draw(answer_to(question)) for code, question in bundle.questions.items() if draw(st.integers(0, 7))
    }
    region = draw(st.sampled_from(["330802", "330881"]))
    return planned(bundle.code, answers, region, draw(st.dates(date(2026, 1, 1), date(2027, 12, 31))))
