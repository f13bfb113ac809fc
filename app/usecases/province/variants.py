"""What people apply for: the packs' worked examples, and every other way through the guiding questions that holds.

A variant is a bundle with answers and a filled form that the rules accept as they are. Ways with few items are asked
for more often than ways with many [illustrative].
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

from app.domain import forms
from app.domain.answers import accept
from app.domain.catalogue import Bundle, FieldSpec, Story
from app.domain.conditions import Value
from app.domain.errors import Refusal
from app.domain.identity import mod_11_2
from app.domain.routing import Plan, Planner
from app.domain.vocabulary import FieldKind, QuestionKind, Source
from app.usecases.world import World

TRIES = 80
MOST = 14
"""Ways of one bundle."""
ASKED_FOR = {"startup": 0.34, "utility": 0.25, "house": 0.16, "catering": 0.16, "retire": 0.06, "birth": 0.03}
"""How often each bundle is asked for [illustrative]; one that packs add, as often as the rarest."""
YOUNG = 2025
"""Dates from this year on move with the day of the application: a child is always some days old."""
TOLD_ON = date(2026, 3, 16)
"""The day the packs' examples are told for."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to apply. ``weight`` is how often it is chosen, against the others."""

    bundle: str
    person: str
    answers: Mapping[str, Value]
    form: Mapping[str, Any]
    items: tuple[str, ...]
    weight: float


def variants(world: World, region: str) -> list[Variant]:
    """Every variant for an ordinary county, in a fixed order."""
    found: list[Variant] = []
    for bundle in sorted(world.library.bundles):
        found += _of_bundle(world, world.planner(bundle), region)
    return found


def _of_bundle(world: World, planner: Planner, region: str) -> list[Variant]:
    bundle, kept = planner.bundle, dict[tuple[str, ...], Variant]()
    stories = [story for _, story in sorted(world.catalogue.stories.items()) if story.bundle == bundle.code]
    for story, answers in _candidates(bundle, stories):
        try:
            plan = planner.plan(accept(bundle, answers), region, TOLD_ON)
        except Refusal:
            continue
        items = tuple(planned.item.code for planned in plan.items)
        if not items or items in kept or not plan.is_complete or plan.is_eligible is False:
            continue
        form = _filled(plan, {**_union(stories), **story.form})
        if not forms.check(plan.fields, form, TOLD_ON):
            weight = 1 / len(items) ** 2.5
            kept[items] = Variant(bundle.code, story.applicant, dict(plan.answers), form, items, weight)
    found = sorted(kept.values(), key=lambda way: (len(way.items), way.items))[:MOST]
    share = ASKED_FOR.get(bundle.code, min(ASKED_FOR.values())) / sum(way.weight for way in found) if found else 0
    return [replace(way, weight=way.weight * share) for way in found]


def _candidates(bundle: Bundle, stories: list[Story]) -> Iterator[tuple[Story, dict[str, Any]]]:
    draw = Random(bundle.code)  # noqa: S311
    for story in stories:
        yield story, {code: _plain(value) for code, value in story.answers.items()}
    for _ in range(TRIES):
        story = draw.choice(stories)
        own = {code: _plain(value) for code, value in story.answers.items()}
        yield story, {code: _drawn(draw, bundle, code, own.get(code)) for code in bundle.questions}


def _drawn(draw: Random, bundle: Bundle, code: str, own: Any) -> Any:
    question = bundle.questions[code]
    if draw.random() < 0.3 and own is not None:
        return own
    match question.kind:
        case QuestionKind.BOOL:
            return draw.random() < 0.5
        case QuestionKind.NUMBER:
            return own if own is not None else int(question.minimum or 1)
        case QuestionKind.ENUM:
            return draw.choice(list(question.type.options))
        case _:
            options = list(question.type.options)
            return draw.sample(options, draw.randint(1, len(options)))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _union(stories: list[Story]) -> dict[str, Any]:
    return {code: value for story in stories for code, value in story.form.items()}


def _filled(plan: Plan, known: Mapping[str, Any]) -> dict[str, Any]:
    """The plan's part of what is known, and a fictional value for everything else that must be typed."""
    form: dict[str, Any] = {}
    for planned in plan.fields:
        code = planned.spec.code
        if code in known:
            form[code] = known[code]
        elif planned.source.source is Source.TYPED and planned.spec.required:
            form[code] = example(planned.spec)
    return form


UNBORN = "00330120200101002"
"""A fictional identity number without its check character, for packs that give no example."""


def example(spec: FieldSpec) -> Any:
    """A fictional value that fits the field; None where none is known."""
    match spec.kind:
        case FieldKind.NUMBER | FieldKind.INTEGER:
            return int(spec.minimum or 1)
        case FieldKind.BOOL:
            return True
        case FieldKind.CHOICE:
            return next(iter(spec.options), None)
        case FieldKind.CHOICES:
            return list(spec.options)[:1]
        case FieldKind.DATE:
            return TOLD_ON.isoformat()
        case FieldKind.ID_NUMBER:
            body = (spec.example or UNBORN)[:17]
            return body + mod_11_2(body)
        case _:
            return spec.example or "示例"


def on_day(form: Any, day: date) -> Any:
    """The form with its young dates, and identity numbers of people born lately, moved to the day of the case."""
    if isinstance(form, Mapping):
        return {code: on_day(value, day) for code, value in form.items()}
    if isinstance(form, list):
        return [on_day(value, day) for value in form]
    if not isinstance(form, str):
        return form
    if len(form) == 10 and form[4:5] == "-" and form[:4].isdigit() and int(form[:4]) >= YOUNG:
        return (date.fromisoformat(form) + (day - TOLD_ON)).isoformat()
    if len(form) == 18 and form.startswith("00") and form[6:10].isdigit() and int(form[6:10]) >= YOUNG:
        born = date(int(form[6:10]), int(form[10:12]), int(form[12:14])) + (day - TOLD_ON)
        body = f"{form[:6]}{born:%Y%m%d}{form[14:17]}"
        return body + mod_11_2(body)
    return form
