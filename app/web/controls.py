"""Fields of the one form as controls: from what was typed to values the API takes, and back."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.schemas.applications import ApplicationOut
from app.schemas.plans import PlannedFieldOut, PlanOut
from app.web.answers import NO, YES
from app.web.forms import Typed, number_or_text

PREFIX = "form."
MOST_ROWS = 200
NUMBERS = frozenset({"number", "integer"})


def name_of(field: PlannedFieldOut) -> str:
    """Name and id of the control."""
    return f"{PREFIX}{field.code}"


def groups(plan: PlanOut) -> dict[str, list[PlannedFieldOut]]:
    """The fields a person types, by group, in the order of the form."""
    found: dict[str, list[PlannedFieldOut]] = {}
    for field in plan.fields:
        if field.source.code == "typed":
            found.setdefault(field.group, []).append(field)
    return found


def spared(plan: PlanOut, group: str) -> list[PlannedFieldOut]:
    """The fields of a group that come from elsewhere."""
    return [field for field in plan.fields if field.group == group and field.source.code != "typed"]


def values(fields: Iterable[PlannedFieldOut], typed: Typed) -> dict[str, Any]:
    """Field → value as typed, of its type where it fits; None clears a field that was left empty."""
    return {field.code: _value(field, typed) for field in fields}


def _value(field: PlannedFieldOut, typed: Typed) -> Any:
    name = name_of(field)
    match field.kind.code:
        case "table":
            return rows(field, typed) or None
        case "choices":
            return [value for value in typed.texts(name) if value] or None
        case kind:
            return _single(kind, typed.text(name))


def _single(kind: str, text: str) -> Any:
    if not text:
        return None
    if kind in NUMBERS:
        return number_or_text(text)
    if kind == "bool":
        return {YES: True, NO: False}.get(text, text)
    return text


def rows(field: PlannedFieldOut, typed: Typed) -> list[dict[str, Any]]:
    """The rows of a table in order, those left empty dropped, and the one that a button takes out."""
    found: dict[int, dict[str, Any]] = {}
    kinds = {str(column["code"]): str(column["kind"]) for column in field.columns}
    for name, text in typed.below(f"{name_of(field)}.").items():
        number, _, column = name.partition(".")
        if column in kinds and number.isdecimal() and len(number) <= 3 and int(number) < MOST_ROWS:
            value = _single(kinds[column], text.strip())
            if value is not None:
                found.setdefault(int(number), {})[column] = value
    removed = typed.text("remove").removeprefix(f"{field.code}.")
    return [row for number, row in sorted(found.items()) if str(number) != removed]


def shown(value: Any) -> str:
    """A single value in the text of its control."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)


def editable(application: ApplicationOut) -> dict[str, Any]:
    """The stored values that a control may show: not those that are shown masked, which must not be sent back so."""
    return {code: value for code, value in application.form.items() if code not in application.masked}


def without(values: Mapping[str, Any], pointer: str) -> dict[str, Any]:
    """The values without the one at a pointer of the form: what must not be repeated is not shown again."""
    code = pointer.removeprefix("/form/").partition("/")[0]
    return {name: value for name, value in values.items() if name != code}
