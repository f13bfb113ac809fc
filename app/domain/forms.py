"""The one form (一张表): checking what was filled in, and cutting it into the slice each department may see.

A draft may hold anything of the right shape; only submission demands that every value fits. Faults are always
complete, point at the value, and never repeat it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from app.domain.catalogue import Column, FieldSpec
from app.domain.errors import Fault
from app.domain.identity import IdentityError, check_bank_number, check_id_number, check_phone, check_uscc
from app.domain.routing import PlannedField
from app.domain.vocabulary import FieldKind, Source, Text

MAX_ROWS = 200
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{1,60}")


class Unfit(ValueError):
    """A value does not fit its data element; ``text`` says how to mend it."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def unknown_fields(known: Iterable[str], values: Iterable[str], at: str) -> list[Fault]:
    """A fault for every value whose field the form does not have, with the nearest right name."""
    known = tuple(known)
    faults = []
    for code in values:
        if code not in known:
            near = get_close_matches(code, known, n=1)
            hint = Text(f"您是否想写“{near[0]}”？", f' Did you mean "{near[0]}"?') if near else Text("", "")
            faults.append(
                Fault(
                    f"{at}/{pointer_part(code)}",
                    "unknown-field",
                    Text(f"表中没有这个字段。{hint.zh}", f"The form has no such field.{hint.en}"),
                )
            )
    return faults


def pointer_part(name: str) -> str:
    """A name as one part of a JSON Pointer (RFC 6901), cut to a length that can be shown."""
    return name[:80].replace("~", "~0").replace("/", "~1")


def check(fields: Iterable[PlannedField], values: Mapping[str, Any], today: date, *, at: str = "/form") -> list[Fault]:
    """Every fault of a form about to be submitted.

    A typed field that is required must be there. A field that another source supplies may be left out; when it is
    given all the same it must fit. Values for fields outside the plan are not looked at.
    """
    faults = []
    for planned in fields:
        spec = planned.spec
        value = values.get(spec.code)
        pointer = f"{at}/{spec.code}"
        if is_blank(value):
            if planned.source.source is Source.TYPED and spec.required:
                faults.append(Fault(pointer, "missing", _missing(spec)))
            continue
        faults += value_faults(spec, value, today, pointer)
    return faults


def value_faults(spec: FieldSpec, value: Any, today: date, pointer: str) -> list[Fault]:
    """What is wrong with one value, row by row for a table."""
    try:
        if spec.kind is FieldKind.TABLE:
            return _table_faults(spec, value, today, pointer)
        _fits(spec.kind, spec, value, today)
    except Unfit as unfit:
        return [Fault(pointer, "does-not-fit", _named(spec.name, unfit.text))]
    return []


def tidy(value: Any) -> Any:
    """Text trimmed and in Unicode NFC, through lists and rows; everything else as it is."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip()
    if isinstance(value, list):
        return [tidy(entry) for entry in value]
    if isinstance(value, dict):
        return {key: tidy(entry) for key, entry in value.items()}
    return value


def is_blank(value: Any) -> bool:
    """None, text without a visible letter and empty lists count as not filled in."""
    if isinstance(value, str):
        if value.isprintable():  # nothing in it is invisible but spaces
            return not value or value.isspace()
        return all(letter.isspace() or unicodedata.category(letter) == "Cf" for letter in value)
    return value is None or value == []


def _missing(spec: FieldSpec) -> Text:
    """What to do about an empty field. Where one chooses, the control itself shows what there is to choose from."""
    if spec.kind in {FieldKind.CHOICE, FieldKind.CHOICES}:
        return Text(f"请选择{spec.name.zh}。", f"Choose: {spec.name.en}.")
    if spec.kind is FieldKind.BOOL:
        return Text(f"请选择“是”或“否”：{spec.name.zh}。", f"Answer yes or no: {spec.name.en}.")
    example = Text(f"，例如：{spec.example}", f", for example: {spec.example}") if spec.example else Text("", "")
    return Text(f"请填写{spec.name.zh}{example.zh}。", f"Fill in: {spec.name.en}{example.en}.")


def _named(name: Text, text: Text) -> Text:
    return Text(f"{name.zh}：{text.zh}", f"{name.en}: {text.en}")


def _table_faults(spec: FieldSpec, value: Any, today: date, pointer: str) -> list[Fault]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Unfit(Text("请给出列表，每行一个对象。", "Give a list with one object for each row."))
    if len(value) > MAX_ROWS:
        raise Unfit(Text(f"最多 {MAX_ROWS} 行。", f"At most {MAX_ROWS} rows."))
    faults = []
    columns = {column.code: column for column in spec.columns}
    for number, row in enumerate(value):
        faults += unknown_fields(columns, row, f"{pointer}/{number}")
        for column in spec.columns:
            faults += _cell_faults(spec, column, row.get(column.code), today, f"{pointer}/{number}/{column.code}")
    return faults


def _cell_faults(spec: FieldSpec, column: Column, value: Any, today: date, pointer: str) -> list[Fault]:
    if is_blank(value):
        if not column.required:
            return []
        return [Fault(pointer, "missing", Text(f"请填写{column.name.zh}。", f"Fill in: {column.name.en}."))]
    try:
        _fits(column.kind, spec, value, today)
    except Unfit as unfit:
        return [Fault(pointer, "does-not-fit", _named(column.name, unfit.text))]
    return []


def _fits(kind: FieldKind, spec: FieldSpec, value: Any, today: date) -> None:
    if (check_kind := KINDS.get(kind)) is not None:
        check_kind(spec, value, today)


def _text(spec: FieldSpec, value: Any, _: date) -> None:
    if not isinstance(value, str):
        raise Unfit(Text("请填写文字。", "Give text."))
    if len(value) > spec.max_length:
        raise Unfit(
            Text(
                f"最多 {spec.max_length} 个字，现有 {len(value)} 个。",
                f"At most {spec.max_length} characters, not {len(value)}.",
            )
        )
    if not value.isprintable() and any(map(_is_control, value)):
        raise Unfit(Text("含有不可见的控制字符，请删除。", "It holds control characters: remove them."))


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t"


def _number(spec: FieldSpec, value: Any, _: date) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) == float("inf"):
        raise Unfit(Text("请填写数字。", "Give a number."))
    if spec.minimum is not None and value < spec.minimum:
        raise Unfit(Text(f"不能小于 {spec.minimum:g}。", f"Not below {spec.minimum:g}."))
    if spec.maximum is not None and value > spec.maximum:
        raise Unfit(Text(f"不能大于 {spec.maximum:g}。", f"Not above {spec.maximum:g}."))


def _integer(spec: FieldSpec, value: Any, today: date) -> None:
    _number(spec, value, today)
    if value != int(value):
        raise Unfit(Text("请填写整数。", "Give a whole number."))


def _date(_: FieldSpec, value: Any, __: date) -> None:
    try:  # fromisoformat alone would take a week date such as 2026-W11-4
        date.fromisoformat(value if isinstance(value, str) and DATE.fullmatch(value) else "")
    except ValueError:
        raise Unfit(Text("请按 2026-03-12 的格式填写日期。", "Give a date such as 2026-03-12.")) from None


def _bool(_: FieldSpec, value: Any, __: date) -> None:
    if not isinstance(value, bool):
        raise Unfit(Text("请选择是或否。", "Choose yes or no (true or false)."))


def _choice(spec: FieldSpec, value: Any, _: date) -> None:
    if not isinstance(value, str) or value not in spec.options:
        raise Unfit(
            Text("请从以下选项中选一个：" + "、".join(spec.options), "Choose one of: " + ", ".join(spec.options))
        )


def _choices(spec: FieldSpec, value: Any, today: date) -> None:
    if not isinstance(value, list):
        raise Unfit(Text("请给出列表。", "Give a list."))
    for entry in value:
        _choice(spec, entry, today)
    if len(set(value)) < len(value):
        raise Unfit(Text("每个选项只能选一次。", "Choose each option once only."))


def _email(spec: FieldSpec, value: Any, today: date) -> None:
    _text(spec, value, today)
    if not EMAIL.fullmatch(value):
        raise Unfit(Text("请填写电子邮箱，例如 name@example.com。", "Give an e-mail address such as name@example.com."))


def _by_identity(check_number: Callable[[str], object]) -> Callable[[FieldSpec, Any, date], None]:
    def fits(_: FieldSpec, value: Any, __: date) -> None:
        if not isinstance(value, str):
            raise Unfit(Text("请填写文字形式的号码。", "Give the number as text."))
        try:
            check_number(value)
        except IdentityError as error:
            raise Unfit(error.message) from None

    return fits


def _id_number(_: FieldSpec, value: Any, today: date) -> None:
    if not isinstance(value, str):
        raise Unfit(Text("请填写文字形式的号码。", "Give the number as text."))
    try:
        check_id_number(value, today=today)
    except IdentityError as error:
        raise Unfit(error.message) from None


KINDS: dict[FieldKind, Callable[[FieldSpec, Any, date], None]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.INTEGER: _integer,
    FieldKind.DATE: _date,
    FieldKind.BOOL: _bool,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.EMAIL: _email,
    FieldKind.PHONE: _by_identity(check_phone),
    FieldKind.USCC: _by_identity(check_uscc),
    FieldKind.BANK_NUMBER: _by_identity(check_bank_number),
    FieldKind.ID_NUMBER: _id_number,
}


def slice_codes(fields: Iterable[PlannedField], item: str) -> tuple[str, ...]:
    """The codes of the fields this item's department may see (最小必要)."""
    return tuple(planned.spec.code for planned in fields if item in planned.users)
