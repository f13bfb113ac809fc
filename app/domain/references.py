"""办件编号, 查询码: the numbers people see, read out over the telephone and type again.

An application is ``L330802-20260312-00017-1``: L (联办件), the county, the day, a serial and a check character over all
the digits, so that a mistyped digit is never somebody else's application. A department's task adds its item: ``…-F1``.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from app.domain.identity import compact, fold, mod_11_2
from app.domain.vocabulary import Text

ReferenceCode = Literal["malformed", "wrong_check_character", "impossible_date"]

_ITEM: Final = re.compile(r"[A-Z][A-Z0-9]+")
_REFERENCE: Final = re.compile(r"L?([0-9]{6})([0-9]{8})([0-9]{5,12})([0-9X])")


class MalformedReference(ValueError):
    """What was typed is no reference or query code; ``message`` says what is wrong and how to mend it."""

    def __init__(self, code: ReferenceCode, message: Text) -> None:
        """``code`` is for programs, ``message`` for people."""
        super().__init__(message.en)
        self.code: ReferenceCode = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Reference:
    """What a reference tells: the six-digit region, the day, the serial of that day, and a task's item if it is one."""

    region: str
    on: date
    serial: int
    item: str | None = None

    @property
    def application(self) -> str:
        """The application's reference, written the usual way."""
        return application_reference(self.region, self.on, self.serial)

    def __str__(self) -> str:
        """The reference written the usual way."""
        return task_reference(self.application, self.item) if self.item else self.application


def application_reference(region_code: str, on: date, serial: int) -> str:
    """``L330802-20260312-00017-1``. A township or village counts as its county.

    Raises ``ValueError`` when the region has not 6, 9 or 12 digits or the serial is not 1 to 12 digits long.
    """
    if not (len(region_code) in {6, 9, 12} and region_code.isascii() and region_code.isdigit()):
        raise ValueError(f"a region code has 6, 9 or 12 digits, not {region_code!r}")
    if not 0 <= serial < 10**12:
        raise ValueError(f"a serial has 1 to 12 digits, not {serial}")
    region, day, number = region_code[:6], _digits(on), f"{serial:05d}"
    return f"L{region}-{day}-{number}-{mod_11_2(region + day + number)}"


def task_reference(reference: str, item_code: str) -> str:
    """The reference of one department's task: the application's and the item, ``…-F1``.

    Raises ``ValueError`` when the item is not a letter and at least one more letter or digit: a lone X would read as a
    check character, and people drop hyphens and underscores.
    """
    if not _ITEM.fullmatch(item_code.upper()):
        raise ValueError(f"an item code is a letter and one or more letters or digits, not {item_code!r}")
    return f"{reference}-{item_code.upper()}"


def parse_reference(text: str) -> Reference:
    """Read a reference however it was typed: lower case, full-width, with spaces, without hyphens or the L.

    Raises :class:`MalformedReference`; its ``code`` tells a mistyped character from something that is no reference.
    """
    head, gap, item = fold(text).strip("-").rpartition("-")
    if not (gap and _ITEM.fullmatch(item)):
        head, item = f"{head}{item}", ""
    found = _REFERENCE.fullmatch(head.replace("-", ""))
    if not found:
        raise MalformedReference(
            "malformed",
            Text(
                "办件编号格式不对，应形如 L330802-20260312-00017-1：依次为区划、日期、序号和校验位。",
                "A reference looks like L330802-20260312-00017-1: L, six digits of the region, eight of the day, "
                "five or more of the serial and a check character.",
            ),
        )
    region, day, serial, check = found.groups()
    return _checked(region, day, serial, check, item)


def _checked(region: str, day: str, serial: str, check: str, item: str) -> Reference:
    if mod_11_2(region + day + serial) != check:
        raise MalformedReference(
            "wrong_check_character",
            Text(
                "办件编号的校验位不符，可能有一位输错或两位颠倒，请对照接收凭证逐位核对。",
                "The check character does not fit: one character is mistyped or two are exchanged; "
                "compare with your receipt.",
            ),
        )
    try:
        on = date.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}")
    except ValueError:
        raise MalformedReference(
            "impossible_date",
            Text(
                "办件编号中的日期不存在，请核对第 7 至 14 位数字。",
                "The date in it, digits 7 to 14, does not exist; compare.",
            ),
        ) from None
    return Reference(region, on, int(serial), item or None)


def formal_number(task_code31: str, on: date, serial: int) -> str:
    """The formal number of a task (办件流水号): the 31-character 实施编码, the day and a serial of 4 or 5 digits.

    Raises ``ValueError`` for a code of another length and a serial outside 0 to 99999.
    """
    if not (len(task_code31) == 31 and task_code31.isascii() and task_code31.isalnum()):
        raise ValueError(f"an implementation code has 31 letters and digits, not {task_code31!r}")
    if not 0 <= serial < 100_000:
        raise ValueError(f"a serial has at most five digits, not {serial}")
    return f"{task_code31}{_digits(on)}{serial:04d}"


QUERY_CODES: Final = 1_000_000
"""How many query codes there are."""


def query_code(random_int: int) -> str:
    """The six-digit 查询码 of a random number: give a fair one from 0 up to :data:`QUERY_CODES`.

    Raises ``ValueError`` for a number outside, which would make some codes likelier than others.
    """
    if not 0 <= random_int < QUERY_CODES:
        raise ValueError(f"a query code is made of a number from 0 to {QUERY_CODES - 1}")
    return f"{random_int:06d}"


def normalise_query_code(text: str) -> str:
    """The six digits however they were typed. Raises :class:`MalformedReference`, which does not repeat them."""
    code = compact(text)
    if not re.fullmatch(r"[0-9]{6}", code):
        raise MalformedReference(
            "malformed",
            Text("查询码为 6 位数字，请对照接收凭证重填。", "A query code has six digits; compare with your receipt."),
        )
    return code


def _digits(day: date) -> str:
    return day.isoformat().replace("-", "")
