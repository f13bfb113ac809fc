"""免问: guiding questions that data answer are not asked (一证通办).

A question is answered on behalf of one item, the first of the bundle that needs the dataset; what the register says
becomes the answer by the rule that the pack gives, or stays open for the person when it does not say enough.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.domain.answers import accept
from app.domain.catalogue import AnswerRule, Bundle, Library, Question
from app.domain.conditions import Value
from app.domain.errors import InvalidInput

Record = Mapping[str, Any]
"""element → value, as a register gave it."""


def asking_item(bundle: Bundle, library: Library, dataset: str) -> str | None:
    """The item on whose behalf a question is answered from ``dataset``: the first of the bundle that needs it."""
    return next((code for code in bundle.items if dataset in library.items[code].needs_data), None)


def answered(bundle: Bundle, question: Question, records: Sequence[Record | None], today: date) -> Value | None:
    """The answer that the records of all parties give, None where they do not settle it.

    ``records`` has one entry for each party; None where the register has no record.
    """
    rule = question.answer
    if rule is None or not records:
        return None
    said = [told(rule, record, today) for record in records]
    if None in said:
        value: object = False if False in said and len(said) > 1 else None
    elif len(said) == 1:
        value = said[0]
    else:
        value = all(said)
    return _accepted(bundle, question, value)


def told(rule: AnswerRule, record: Record | None, today: date) -> object:
    """What one record says by the rule; None where it does not settle it, or there is none and one is read."""
    if rule.exists is not None:
        return rule.exists if record is not None else not rule.exists
    found = None if record is None else record.get(rule.element)
    if found is None:
        return None
    if rule.map:
        return rule.map.get(str(found), rule.otherwise)
    if rule.days_since:
        days = _days(found, today)
        return days if days is not None and days >= 0 else None
    if rule.at_least is not None:
        return isinstance(found, int | float) and found >= rule.at_least
    if rule.years is not None:
        born = _date(found)
        return None if born is None else _years(born, today) >= rule.years
    return found


def _accepted(bundle: Bundle, question: Question, value: object) -> Value | None:
    """What the question itself would not take is no answer. Whether it is asked at all is decided later."""
    if value is None:
        return None
    try:
        accept(bundle, {question.code: value})
    except InvalidInput:
        return None
    return value if isinstance(value, bool | int | float | str | tuple) else None


def _date(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def _days(text: object, today: date) -> int | None:
    on = _date(text)
    return None if on is None else (today - on).days


def _years(on: date, today: date) -> int:
    return today.year - on.year - ((today.month, today.day) < (on.month, on.day))
