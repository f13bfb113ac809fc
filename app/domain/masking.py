"""脱敏: what a desk sees instead of a value, by the kind of the field and its grade.

L1 and L2 are shown as they are. From L3 on a name keeps its surname, a number its ends, an address its county, an
e-mail address its first character, a date its year; everything else, free text above all, is withheld. How much each
kind keeps is illustrative.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from app.domain.catalogue import Column, FieldSpec
from app.domain.forms import is_blank
from app.domain.sharing import is_guarded
from app.domain.vocabulary import FieldKind

HIDDEN = "***"
"""Stands for a value that shows nothing at all, not even its length."""

_COMPOUND = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政"
    "濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘司寇令狐呼延轩辕拓跋百里东郭西门"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND[i : i + 2] for i in range(0, len(_COMPOUND), 2))
"""复姓 of two characters that are still borne."""

IS_NAME = re.compile("姓名|联系人|监护人|户主|负责人|经办人|法定代表人")
IS_ADDRESS = re.compile("地址|住址|住所|坐落|地点|出生地|籍贯")
TO_COUNTY = re.compile(r"(?:[^省市县区]{1,12}?(?:省|自治区))?(?:[^省市县区]{1,12}?市)?[^省市县区]{1,12}?(?:县|区|市)")


def mask(spec: FieldSpec, value: Any) -> Any:
    """The value of a field as a desk sees it: unchanged below L3 and when blank, else masked, tables cell by cell."""
    if is_blank(value) or not is_guarded(spec.grade):
        return value
    if spec.kind is FieldKind.TABLE:
        return _table(spec.columns, value)
    return _masked(spec.kind, spec.name.zh, value)


def is_masked(spec: FieldSpec, value: Any) -> bool:
    """Whether a desk sees something else than the value."""
    return is_guarded(spec.grade) and not is_blank(value)


def mask_name(name: str) -> str:
    """王* or 欧阳*: the surname (in other scripts the first character) and one star, whatever the length."""
    name = name.strip()
    return f"{name[:2] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[:1]}*"


def mask_number(number: str, head: int, tail: int) -> str:
    """The first and last characters of a number; all stars when little else would be left."""
    number = number.strip()
    if len(number) < head + tail + 2:
        return "*" * len(number)
    return number[:head] + "*" * (len(number) - head - tail) + (number[-tail:] if tail else "")


def mask_address(address: str) -> str:
    """The address down to the county; nothing when it does not begin with one."""
    county = TO_COUNTY.match(address.strip())
    return f"{county.group()}{HIDDEN}" if county else HIDDEN


def mask_email(address: str) -> str:
    """The first character and the domain."""
    name, at, domain = address.strip().partition("@")
    return f"{name[:1]}{HIDDEN}@{domain}" if at and name else HIDDEN


def mask_id_number(number: str) -> str:
    """The first three and the last two characters."""
    return mask_number(number, 3, 2)


def _date(text: str) -> str:
    return f"{text[:4]}-**-**" if re.match(r"\d{4}-\d{2}-\d{2}", text) else HIDDEN


BY_KIND: Mapping[FieldKind, Callable[[str], str]] = {
    FieldKind.ID_NUMBER: mask_id_number,
    FieldKind.USCC: lambda text: mask_number(text, 2, 4),
    FieldKind.PHONE: lambda text: mask_number(text, 3, 4),
    FieldKind.BANK_NUMBER: lambda text: mask_number(text, 0, 4),
    FieldKind.EMAIL: mask_email,
    FieldKind.DATE: _date,
}


def _masked(kind: FieldKind, title: str, value: Any) -> str:
    if not isinstance(value, str):
        return HIDDEN
    if kind in BY_KIND:
        return BY_KIND[kind](value)
    if kind is FieldKind.TEXT and IS_NAME.search(title):
        return mask_name(value)
    return mask_address(value) if kind is FieldKind.TEXT and IS_ADDRESS.search(title) else HIDDEN


def _table(columns: tuple[Column, ...], rows: Any) -> Any:
    if not isinstance(rows, list | tuple):
        return HIDDEN
    kinds = {column.code: column for column in columns}
    return [_row(kinds, row) for row in rows]


def _row(columns: Mapping[str, Column], row: Any) -> Any:
    if not isinstance(row, Mapping):
        return HIDDEN
    return {
        code: cell
        if is_blank(cell)
        else _masked(columns[code].kind, columns[code].name.zh, cell)
        if code in columns
        else HIDDEN
        for code, cell in row.items()
    }
