"""Rules about the worked examples: a story must be an application the app would take, a person one who can sign in."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from app.catalogue.build import Built
from app.catalogue.faults import Path
from app.catalogue.rules import Finding, Findings, rule
from app.domain.answers import accept, open_questions
from app.domain.catalogue import Bundle, Story
from app.domain.conditions import Facts, evaluate
from app.domain.errors import Fault, InvalidInput, Refusal
from app.domain.forms import check, value_faults
from app.domain.routing import Planner
from app.domain.vocabulary import Text

_A_DAY: Final = date(2026, 3, 12)
"""A story fits on any day or on none; a plan only needs one to count from."""


@rule("S1", "story", "示例能照样申报", "A worked example can be filed as it stands")
def story_fits(built: Built) -> Findings:
    """Its answers are complete and eligible, its form has what must be typed, and every value fits its field."""
    for code, story in built.stories.items():
        bundle = built.library.bundles.get(story.bundle)
        if bundle is None:
            continue
        at: Path = ("stories", code)
        try:
            answers = accept(bundle, {name: value for name, value in story.answers.items() if name in bundle.questions})
        except InvalidInput as wrong:
            yield from _at(at, wrong.faults)
            continue
        yield from _answers(at, bundle, story, answers)
        yield from _values(at, built, bundle, story)
        if not built.has_errors:
            yield from _form(at, built, bundle, story, answers)


def _answers(at: Path, bundle: Bundle, story: Story, answers: Facts) -> Findings:
    for name in story.answers:
        if name in bundle.questions and name not in answers:
            message = Text("按其他回答，这个问题不会问到。", "With the other answers this question is not asked.")
            yield Finding((*at, "answers", name), message)
    for name in open_questions(bundle, dict(answers)):
        yield Finding((*at, "answers"), Text(f"没有回答“{name}”。", f"“{name}” is not answered."))
    for index, requirement in enumerate(bundle.eligibility):
        if evaluate(requirement.when, answers) is False:
            message = Text(
                f"不符合第 {index + 1} 条受理范围（{requirement.otherwise.zh}）。",
                f"Requirement {index + 1} of eligibility is not met ({requirement.otherwise.en})",
            )
            yield Finding((*at, "answers"), message)


def _values(at: Path, built: Built, bundle: Bundle, story: Story) -> Findings:
    library = built.library
    asked = {name for code in bundle.items if code in library.items for name in library.items[code].fields}
    for name, value in story.form.items():
        spec = library.fields.get(name)
        if spec is None:
            continue
        if name not in asked and not built.has_errors:
            yield Finding(
                (*at, "form", name), Text("没有事项填报这个字段。", "No item of the bundle asks for this field.")
            )
        yield from _at(at, value_faults(spec, value, date.max, f"/form/{name}"))


def _form(at: Path, built: Built, bundle: Bundle, story: Story, answers: Facts) -> Findings:
    """What the plan says must be typed and is not."""
    try:
        plan = Planner(built.library, bundle, built.regions, built.calendar).plan(answers, story.region, _A_DAY)
    except Refusal as refused:
        yield Finding((*at, "region"), refused.detail)
        return
    missing = [fault for fault in check(plan.fields, story.form, date.max) if fault.code == "missing"]
    yield from _at(at, missing)


def _at(at: Path, faults: Iterable[Fault]) -> Findings:
    """Faults of the forms' own rules, at their place in the pack."""
    for fault in faults:
        parts = [int(part) if part.isdecimal() else part for part in fault.pointer.strip("/").split("/")]
        yield Finding((*at, *parts), fault.detail)


@rule("S2", "person", "人物的数据符合数据元", "What is known of a person fits its fields")
def person_fits(built: Built) -> Findings:
    """Values offered as examples must be acceptable as answers."""
    for code, person in built.people.items():
        for name, value in person.values.items():
            spec = built.library.fields.get(name)
            if spec is not None:
                faults = value_faults(spec, value, date.max, f"/values/{name}")
                yield from _at(("people", code), faults)


RULES: Final = (story_fits, person_fits)
