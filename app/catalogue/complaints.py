"""The sentences for what is wrong with the shape of an entry, in both languages, with the way to mend it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import ErrorDetails

from app.catalogue.documents import OverrideDocument
from app.catalogue.faults import Path, clipped, did_you_mean, nearest
from app.domain.vocabulary import Text, Word

MAY_OVERRIDE: Final = tuple(name for name in OverrideDocument.model_fields if name not in {"item", "region"})
"""Elements one region may say differently: promise, place, hours, directions and telephones."""

_OVERRIDABLE: Final = Text(
    "承诺时限、地点、时间、交通指引和电话（" + "、".join(MAY_OVERRIDE) + "）",
    "its promise, place, hours, directions and telephones (" + ", ".join(MAY_OVERRIDE) + ")",
)

_PATTERNS: Final[Mapping[str, tuple[Text, Text | None]]] = {
    r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$": (
        Text(
            "代码须以字母开头，只含字母、数字和 _ . -，最长 64 个字符。",
            "A code begins with a letter and has only letters, digits, _ . and -, 64 at most.",
        ),
        None,
    ),
    r"^(0000-\d{8}|1[0-2]\d{9})$": (
        Text("不是演示用的虚构电话号码。", "This is not a fictional telephone number."),
        Text("写成 0000-00000001 或 10000000001 的样子。", "write it like 0000-00000001 or 10000000001"),
    ),
    r"^([01]\d|2[0-3]):[0-5]\d$": (
        Text("时间须写成 24 小时制的四位数字。", "A time of day has four digits on the 24-hour clock."),
        Text('请加引号，如 "09:00"。', 'quote it, as in "09:00"'),
    ),
    r"^\d{12}$": (
        Text("基本编码须是 12 位数字。", "The catalogue code (基本编码) has 12 digits."),
        Text('请加引号，如 "000131001000"。', 'quote it, as in "000131001000"'),
    ),
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What to say about one error."""

    code: str
    message: Text
    hint: Text | None = None


def complaint(section: str, path: Path, detail: ErrorDetails, names: Sequence[str]) -> Complaint:
    """The sentence for one error of Pydantic at ``path``; ``names`` are the right names where a wrong one stands."""
    kind, last = detail["type"], clipped(str(path[-1])) if path else ""
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return _unknown_key(section, path, last, names)
    if kind == "missing":
        return _missing(last)
    if kind in {"enum", "literal_error"}:
        return _wrong_value(detail, names)
    if kind == "string_pattern_mismatch":
        return _wrong_pattern(detail)
    if kind in _TYPES:
        return _wrong_type(kind, detail)
    return _wrong_size(kind, detail)


def _unknown_key(section: str, path: Path, last: str, names: Sequence[str]) -> Complaint:
    if section == "overrides" and len(path) == 1:
        message = Text(
            f"各地只能改{_OVERRIDABLE.zh}，不能改“{last}”：标准要求同一事项要素处处一致（无差别受理、同标准办理）。",
            f"A region may override only {_OVERRIDABLE.en}, not “{last}”, because the standard demands the same "
            "elements everywhere (无差别受理、同标准办理).",
        )
        close = nearest(last, MAY_OVERRIDE)
        return Complaint("override-forbidden", message, did_you_mean(last, [close]) if close else None)
    return Complaint(
        "unknown-key", Text(f"没有“{last}”这一项。", f"“{last}” is not known here."), did_you_mean(last, names)
    )


def _missing(last: str) -> Complaint:
    hint = None
    if last in {"zh", "en"}:
        hint = Text("每句话都要有中文（zh）和英文（en）。", "every text has Chinese (zh) and English (en)")
    return Complaint("missing", Text(f"缺少“{last}”。", f"“{last}” is missing."), hint)


def _wrong_value(detail: ErrorDetails, names: Sequence[str]) -> Complaint:
    given = detail["input"]
    written = clipped(given) if isinstance(given, str) else "null" if given is None else clipped(str(given))
    expected = "、".join(names)
    message = Text(
        f"“{written}”不在可选值之中，可选：{expected}。",
        f"“{written}” is not one of the allowed values: {', '.join(names)}.",
    )
    close = nearest(written, names)
    hint = did_you_mean(written, [close]) if close else None
    return Complaint("wrong-value", message, _by_chinese_name(written, names) or hint)


def _by_chinese_name(written: str, names: Sequence[str]) -> Text | None:
    """An author who writes the Chinese term meant the value that carries it."""
    for words in Word.__subclasses__():
        if [member.value for member in words] != list(names):
            continue
        for member in words:
            if written in {member.zh, member.code} or (len(written) > 1 and written in member.zh):
                return Text(f"“{written}”请写成 {member.value}。", f"write {member.value} for “{written}”")
    return None


def _wrong_pattern(detail: ErrorDetails) -> Complaint:
    pattern = str(detail["ctx"]["pattern"])
    fallback = Text(f"写法不符合 {pattern}。", f"This does not match {pattern}."), None
    message, hint = _PATTERNS.get(pattern, fallback)
    return Complaint("wrong-form", message, hint)


_TYPES: Final[Mapping[str, Text]] = {
    "string_type": Text("应是文字。", "This must be text."),
    "int_type": Text("应是整数。", "This must be a whole number."),
    "int_from_float": Text("应是整数。", "This must be a whole number."),
    "float_type": Text("应是数字。", "This must be a number."),
    "bool_type": Text("应是 true 或 false。", "This must be true or false."),
    "list_type": Text("应是列表。", "This must be a list."),
    "tuple_type": Text("应是列表。", "This must be a list."),
    "dict_type": Text("应是映射（键: 值）。", "This must be a mapping."),
    "model_type": Text("应是映射（键: 值）。", "This must be a mapping."),
    "dataclass_type": Text("应是映射（键: 值）。", "This must be a mapping."),
    "date_type": Text("应是日期。", "This must be a date."),
    "date_parsing": Text("应是日期。", "This must be a date."),
    "date_from_datetime_parsing": Text("应是日期。", "This must be a date."),
    "date_from_datetime_inexact": Text("应是日期。", "This must be a date."),
}


def _wrong_type(kind: str, detail: ErrorDetails) -> Complaint:
    given = detail["input"]
    hint: Text | None = None
    if given is None:
        hint = Text("这里是空的。", "there is nothing here")
    elif kind == "string_type" and isinstance(given, bool | int | float):
        hint = Text("请加引号。", "put it in quotation marks")
    elif kind == "bool_type":
        hint = Text("YAML 的 yes、no、on、off 在这里是文字。", "yes, no, on and off are text here")
    elif kind.startswith("date"):
        hint = Text("写成 2026-01-01。", "write it as 2026-01-01")
    elif kind == "dataclass_type":
        hint = _mapping_hint(str(detail["ctx"]["class_name"]))
    elif kind in {"int_type", "float_type"} and isinstance(given, str):
        hint = Text("请去掉引号和单位，只写数字。", "write the bare number, without quotation marks or unit")
    return Complaint("wrong-type", _TYPES[kind], hint)


def _mapping_hint(name: str) -> Text:
    shapes = {
        "Text": "{zh: …, en: …}",
        "Limit": "{days: 5}",
        "Provenance": "{mark: likely, source: {zh: …, en: …}}",
    }
    shape = shapes.get(name, "{…: …}")
    return Text(f"写成 {shape}。", f"write it as {shape}")


_SIZES: Final[Mapping[str, Callable[[Mapping[str, Any]], Text]]] = {
    "greater_than_equal": lambda ctx: Text(f"不能小于 {ctx['ge']:g}。", f"This must be {ctx['ge']:g} or more."),
    "less_than_equal": lambda ctx: Text(f"不能大于 {ctx['le']:g}。", f"This must be {ctx['le']:g} or less."),
    "too_short": lambda ctx: Text(
        f"至少要有 {ctx['min_length']} 项。", f"At least {ctx['min_length']} entry is needed here."
    ),
    "string_too_long": lambda ctx: Text(
        f"最多 {ctx['max_length']} 个字符。", f"At most {ctx['max_length']} characters."
    ),
    "string_too_short": lambda ctx: Text(
        f"至少 {ctx['min_length']} 个字符。", f"At least {ctx['min_length']} character(s)."
    ),
}


def _wrong_size(kind: str, detail: ErrorDetails) -> Complaint:
    say = _SIZES.get(kind)
    if say is not None:
        return Complaint("wrong-size", say(detail["ctx"]))
    # Anything Pydantic may add one day: its own sentence is better than none.
    return Complaint("wrong-shape", Text(f"写法不对：{detail['msg']}。", f"This is not right: {detail['msg']}."))
