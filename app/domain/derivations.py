"""Values the system computes itself (系统生成), one function per rule a pack may name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.catalogue import Bundle, Derivation
from app.domain.conditions import Facts
from app.domain.retirement import Birth, Track, retirement_date
from app.domain.routing import Plan
from app.domain.vocabulary import Source, Text


@dataclass(frozen=True, slots=True)
class Known:
    """What a derivation may read."""

    bundle: Bundle
    answers: Facts
    form: Mapping[str, Any]
    region: Text
    today: date


def derive(derivation: Derivation, known: Known) -> str | None:
    """The value in Chinese, as it would stand in the form, or None when what it needs is not known yet."""
    return RULES[derivation.rule](derivation, known)


def derived_values(plan: Plan, form: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Every value of the plan's form that the system can compute from the rest of it, in the order of the form."""
    values: dict[str, Any] = {}
    for planned in plan.fields:
        derivation = planned.spec.sources.derived
        if planned.source.source is Source.DERIVED and derivation is not None:
            known = Known(plan.bundle, plan.answers, {**form, **values}, plan.region_name, today)
            value = derive(derivation, known)
            if value is not None:
                values[planned.spec.code] = value
    return values


def _region(_: Derivation, known: Known) -> str | None:
    return known.region.zh


def _answer(derivation: Derivation, known: Known) -> str | None:
    code = derivation.of or ""
    value, question = known.answers.get(code), known.bundle.questions[code]
    if value is None:
        return None
    if isinstance(value, bool):
        clause = question.type.yes if value else question.type.no
        return clause.zh if clause else ("是" if value else "否")
    if isinstance(value, tuple):
        return "、".join(value)
    return str(value)


def _field(derivation: Derivation, known: Known) -> str | None:
    value = known.form.get(derivation.of or "")
    return None if value is None else str(value)


def _year(_: Derivation, known: Known) -> str | None:
    return str(known.today.year)


def _text(derivation: Derivation, _: Known) -> str | None:
    return derivation.text.zh if derivation.text else None


def _retirement_date(_: Derivation, known: Known) -> str | None:
    """Reads the fields ``birth``, ``sex`` and ``identity``; only 正常 retirement has a date fixed by law."""
    if known.answers.get("kind") != "正常":
        return None
    birth, sex, identity = (known.form.get(code) for code in ("birth", "sex", "identity"))
    track = Track.of(sex, identity)
    if track is None or not isinstance(birth, str):
        return None
    try:
        born = date.fromisoformat(birth)
    except ValueError:
        return None
    year, month = retirement_date(Birth(born.year, born.month), track)
    return f"{year}-{month:02d}"


RULES: dict[str, Callable[[Derivation, Known], str | None]] = {
    "region": _region,
    "answer": _answer,
    "field": _field,
    "year": _year,
    "text": _text,
    "retirement_date": _retirement_date,
}
"""The closed list of rules; the pack loader refuses any other name."""
