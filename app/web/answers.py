"""Answers to guiding questions as they travel in an address: ``?q.area_m2=80&q.sign=yes``.

Nothing is stored while somebody only asks what would apply: the address holds everything, so that going back, changing
the language and sending the link to somebody all work.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from app.schemas.catalogue import BundleOut, QuestionOut
from app.web.forms import Typed, keepable, number_or_text

ANSWER, BEFORE = "q.", "was."
YES, NO, NOTHING = "yes", "no", ""


def read(bundle: BundleOut, sent: QueryParams | Typed, prefix: str = ANSWER) -> dict[str, Any]:
    """The answers that were sent, each of its question's type as far as possible; unknown questions are left out."""
    found = {}
    for question in bundle.questions:
        values = _sent(sent, f"{prefix}{question.code}")
        if values:
            value = _read(question, values)
            if value is not None:
                found[question.code] = value
    return found


def _sent(sent: QueryParams | Typed, name: str) -> list[str]:
    source = sent.data if isinstance(sent, Typed) else sent
    return [keepable(value) for value in source.getlist(name) if isinstance(value, str)]


def _read(question: QuestionOut, values: list[str]) -> Any:
    match question.kind.code:
        case "multi":
            return [value for value in values if value != NOTHING]
        case "bool":
            return {YES: True, NO: False}.get(values[-1])
        case "number":
            return number_or_text(values[-1].strip()) if values[-1].strip() else None
        case _:
            return values[-1] or None


def plain(answers: Mapping[str, Any], prefix: str = ANSWER) -> list[tuple[str, str]]:
    """The answers as names and values of controls; that nothing was chosen is an empty value."""
    pairs = []
    for code, value in answers.items():
        if isinstance(value, list | tuple):
            pairs += [(f"{prefix}{code}", NOTHING), *((f"{prefix}{code}", str(entry)) for entry in value)]
        elif isinstance(value, bool):
            pairs.append((f"{prefix}{code}", YES if value else NO))
        else:
            pairs.append((f"{prefix}{code}", f"{value:g}" if isinstance(value, float) else str(value)))
    return pairs


def link(path: str, answers: Mapping[str, Any], **more: str) -> str:
    """An address that holds the answers; what is empty of ``more`` is left out."""
    pairs = plain(answers) + [(name, value) for name, value in more.items() if value]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def changed(path: str, answers: Mapping[str, Any], change: Mapping[str, Any], **more: str) -> str:
    """An address where some answers are others, and the old ones are kept beside, to show what the change does."""
    before = {code: answers[code] for code in change if code in answers}
    pairs = plain({**answers, **change}) + plain(before, BEFORE) + [(n, v) for n, v in more.items() if v]
    return f"{path}?{urlencode(pairs)}"
