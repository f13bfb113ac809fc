"""Numbers people type about themselves: only fictional ones are taken, and a real one is told apart at once.

Province codes run from 11 to 82 (and 9x for permanent residents from abroad), so no real number has the region ``00``:
a demonstration number keeps the birth date, the sequence and the correct check character, and begins with ``00``
(GB 11643, 公民身份号码), or has ``00`` where a company's code has its province (GB 32100, 统一社会信用代码).
Nothing here ever repeats a number in an error.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import accumulate
from operator import mul
from typing import Final, Literal

from app.domain.vocabulary import Text, Word

IdentityCode = Literal["malformed", "wrong_check_character", "impossible_date", "real_number"]


class RealKind(Word):
    """What kind of real number was found in a text."""

    ID_NUMBER = "id_number", "公民身份号码", "identity number"
    USCC = "uscc", "统一社会信用代码", "unified social credit code"
    MOBILE = "mobile", "手机号码", "mobile number"
    BANK_CARD = "bank_card", "银行卡号", "bank card number"


class Sex(Word):
    """性别 (GB/T 2261.1), as the sequence of an identity number tells it: odd male, even female."""

    MALE = "male", "男", "male", "1"
    FEMALE = "female", "女", "female", "2"


class IdentityError(ValueError):
    """A number that is not taken; ``message`` says why and how to mend it, and never repeats the number."""

    def __init__(self, code: IdentityCode, message: Text) -> None:
        """``code`` is for programs, ``message`` for people."""
        super().__init__(message.en)
        self.code: IdentityCode = code
        self.message = message


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A fictional identity number and what it tells. The number stays out of ``repr``, and so out of logs."""

    number: str = field(repr=False)
    region: str
    born_on: date
    sex: Sex

    def age_on(self, day: date) -> int:
        """周岁: whole years on that day."""
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))


# ---- reading what was typed ------------------------------------------------------------------------------------------


class _Folding(dict[int, str]):
    """One character at a time, so that nothing combines with its neighbour: digits plain, gaps and accents a hyphen."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        plain = unicodedata.normalize("NFKC", character).upper()
        digit = unicodedata.decimal(character, None)
        if digit is not None:
            plain = str(digit)
        elif (
            character.isspace()
            or character in "-_−"
            or unicodedata.category(character) in {"Pd", "Cf", "Cc", "Mn", "Me"}
        ):
            plain = "-"
        elif len(plain) != 1:
            plain = character
        if len(self) < _REMEMBERED:
            self[point] = plain
        return plain


_REMEMBERED: Final = 30_000
"""Characters kept with what they fold to: those that people write. There are a million, and somebody may send all."""
_FOLDING: Final = _Folding()
_GAPS: Final = re.compile(r"-+")


def fold(text: str) -> str:
    """Upper case, full-width and foreign digits made plain, and every run of spaces and hyphens one ``-``."""
    return _GAPS.sub("-", text.translate(_FOLDING))


def compact(text: str) -> str:
    """:func:`fold` without the gaps."""
    return fold(text).replace("-", "")


# ---- check characters ------------------------------------------------------------------------------------------------

_USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES: Final = {sign: value for value, sign in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_ENTITY_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_DOUBLED: Final = dict(zip("0123456789", (0, 2, 4, 6, 8, 1, 3, 5, 7, 9), strict=True))


def mod_11_2(digits: str) -> str:
    """The check character 0–9 or X of a run of digits (ISO/IEC 7064 MOD 11-2, which GB 11643 uses).

    Catches every single wrong digit and every exchange of two neighbours.
    """
    rest = 0
    for digit in digits:
        rest = (rest + int(digit)) * 2 % 11
    return "0123456789X"[(12 - rest) % 11]


def _uscc_check(body: str) -> str:
    return _USCC_ALPHABET[-sum(map(mul, map(_USCC_VALUES.__getitem__, body), _USCC_WEIGHTS)) % 31]


def _entity_check(body: str) -> str:
    """GB 11714: letters count from A = 10."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(body, _ENTITY_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def _holds_card(run: str) -> bool:
    """Whether whole groups of these digits, with a hyphen between groups, are a card's. Every place is looked at once:
    sums up to each of them tell the check sum of whatever stands between two."""
    groups = run.split("-")
    ends = list(accumulate(map(len, groups)))
    known, digits = set(ends), "".join(groups)
    found = [(at, at + size) for at in (0, *ends[:-1]) for size in _CARD_LENGTHS if at + size in known]
    found = [(at, end) for at, end in found if digits[at] != "0"]
    if not found:
        return False
    plain, doubled = list(map(int, digits)), list(map(_DOUBLED.__getitem__, digits))
    sums = [[0, *accumulate(turn)] for turn in (_alternating(doubled, plain), _alternating(plain, doubled))]
    return any((sums[end % 2][end] - sums[end % 2][at]) % 10 == 0 for at, end in found)


def _alternating(even: list[int], odd: list[int]) -> list[int]:
    """The one list at even places, the other at odd ones."""
    mixed = even.copy()
    mixed[1::2] = odd[1::2]
    return mixed


def _date_of(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


# ---- telling real numbers apart --------------------------------------------------------------------------------------

# Every pattern is of bounded length and tried at every place, so a text is read once and neighbours hide nothing.
_REAL_ID: Final = re.compile(
    r"(?=((?:1[1-9]|[2-7]\d|8[0-3]|9\d)\d{4}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dX]))",
)
# The region of a code may also be 100000: bodies of the state itself.
_REAL_USCC: Final = re.compile(
    r"(?<!\d)(?=([1-9ANY]-?[1-59]-?(?:1-?[0-5]|2-?[1-3]|3-?[1-7]|4-?[1-6]|5-?[0-4]|6-?[1-5]|7-?1|8-?[12])"
    rf"(?:-?\d){{4}}(?:-?[{_USCC_ALPHABET}]){{10}})(?!\d))"
)
_REAL_MOBILE: Final = re.compile(r"(?<!\d)(?:(?:00)?86-?)?1-?[3-9](?:-?\d){9}(?![\dX])")
_DIGITS: Final = re.compile(r"\d(?:-?\d){15,}")
_CARD_LENGTHS: Final = range(16, 20)
_OURS: Final = re.compile(
    r"(?<![0-9A-Z])(?:"
    r"L\d{6}-(\d{8})-\d{5,6}-[\dX](?:-(?!W\d)[A-Z]{1,6}\d{0,2})?(?:-W\d{4,6})?"  # 办件编号, a task's, a paper's
    r"|\d{6}-[A-Z]{1,6}\d{0,2}-(\d{8})-\d{6}"  # 证照编号
    r"|(?=(?:\d*[A-F]){2})([0-9A-F]{12})[0-9A-F]{20}"  # an id: milliseconds, then chance, in which anything can stand
    r")(?![0-9A-Z])"
)
_SHORTEST: Final = 11
"""Characters of the shortest real number, a mobile telephone's. Other characters may fold to several."""
_FILED_FROM: Final = 2020
"""No number of ours is older, so the birth dates of most people are never taken for a day of filing."""
_FIRST_ID, _LAST_ID = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000) for year in (_FILED_FROM, 2100))
"""Milliseconds between which an id was made."""
_FICTIONAL: Final = re.compile(
    rf"(?<!\d)(?:0-?0(?:-?\d){{15}}-?[\dX]|[1-9ANY]-?[1-59]-?0-?0(?:-?\d){{4}}(?:-?[{_USCC_ALPHABET}]){{10}})(?!\d)"
)


def find_real(text: str) -> RealKind | None:
    """The first kind of real number that the text contains anywhere, else ``None``.

    Spaces, hyphens, invisible characters and full-width digits hide nothing; the numbers that this platform gives to
    applications, tasks, papers and certificates are no real ones, and hide none beside them. Identity numbers (also 81
    to 83 and 9x) need a possible birth date and the right check character, credit codes the right check character,
    cards a right Luhn digit and 16 to 19 digits (no card begins with 0). Takes time in proportion to the text.
    """
    if len(text) < _SHORTEST and text.isascii():
        return None
    folded = _OURS.sub(lambda match: " " if _is_ours(match) else match[0], fold(text))
    if any(map(_is_id, _found(_REAL_ID, folded.replace("-", "")))):
        return RealKind.ID_NUMBER
    # Parts of a fictional number can look like a telephone number or a card.
    rest = _FICTIONAL.sub(lambda match: " " if _is_fictional(match[0].replace("-", "")) else match[0], folded)
    if any(_uscc_check(code[:17]) == code[17] for code in _found(_REAL_USCC, rest)):
        return RealKind.USCC
    if _REAL_MOBILE.search(rest):
        return RealKind.MOBILE
    if any(_holds_card(run[0]) for run in _DIGITS.finditer(rest)):
        return RealKind.BANK_CARD
    return None


def looks_real(text: str) -> bool:
    """Whether the text contains a real number of any :class:`RealKind`."""
    return find_real(text) is not None


def _found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    return (match[1].replace("-", "") for match in pattern.finditer(text))


def _is_id(number: str) -> bool:
    return _date_of(number[6:14]) is not None and mod_11_2(number[:17]) == number[17]


def _is_ours(match: re.Match[str]) -> bool:
    if match[3] is not None:
        return _FIRST_ID <= int(match[3], 16) < _LAST_ID
    filed = _date_of(match[1] or match[2])
    return filed is not None and filed.year >= _FILED_FROM


def _is_fictional(number: str) -> bool:
    return _is_id(number) if number.startswith("00") else _uscc_check(number[:17]) == number[17]


# ---- taking fictional numbers ----------------------------------------------------------------------------------------

_EARLIEST_BIRTH: Final = date(1900, 1, 1)


def check_id_number(text: str, today: date) -> IdNumber:
    """A fictional identity number (00…, 18 characters), read tolerantly. Raises :class:`IdentityError`."""
    number = compact(text)
    if not re.fullmatch(r"00[0-9]{15}[0-9X]", number):
        raise _not_taken(
            text,
            "请填写 18 位示例身份号码：以 00 开头，末位为数字或 X，例如 003301199503140029。",
            "Give an 18-character fictional number that begins with 00, such as 003301199503140029.",
        )
    born_on = _date_of(number[6:14])
    if born_on is None or not _EARLIEST_BIRTH <= born_on <= today:
        raise IdentityError(
            "impossible_date",
            Text(
                "第 7 至 14 位不是可能的出生日期，请核对年月日。",
                "Characters 7 to 14 are not a possible date of birth; look at year, month and day.",
            ),
        )
    if mod_11_2(number[:17]) != number[17]:
        raise _wrong_check()
    return IdNumber(number, number[:6], born_on, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def check_uscc(text: str) -> str:
    """A fictional 统一社会信用代码 (region 00…) in plain upper case. Raises :class:`IdentityError`."""
    code = compact(text)
    if not re.fullmatch(rf"[1-9ANY][1-59]00[0-9]{{4}}[{_USCC_ALPHABET}]{{10}}", code):
        raise _not_taken(
            text,
            "请填写 18 位示例统一社会信用代码：第 3、4 位为 00，不含字母 I、O、S、V、Z，例如 91003308MA00DEM14D。",
            "Give an 18-character fictional code with 00 at places 3 and 4 and without I, O, S, V, Z, "
            "such as 91003308MA00DEM14D.",
        )
    if _entity_check(code[8:16]) != code[16] or _uscc_check(code[:17]) != code[17]:
        raise _wrong_check()
    return code


def check_phone(text: str) -> str:
    """A fictional telephone number: ``10000000001`` (1 and 0 to 2) or ``0000-00000001``.

    Raises :class:`IdentityError`.
    """
    number = compact(text)
    if found := re.fullmatch(r"(?:(?:\+|00)?86)?(1[0-2][0-9]{9})", number):
        return found[1]
    if re.fullmatch(r"0000[0-9]{7,8}", number):
        return f"0000-{number[4:]}"
    if re.fullmatch(r"0[1-9][0-9]{8,10}", number):
        raise _real(Text("电话号码", "telephone number"), _PHONE_ZH, _PHONE_EN)
    raise _not_taken(text, _PHONE_ZH, _PHONE_EN)


def check_bank_number(text: str) -> str:
    """A fictional account number: 16 to 19 digits that begin with 000000. Raises :class:`IdentityError`."""
    number = compact(text)
    if not re.fullmatch(r"000000[0-9]{10,13}", number):
        raise _not_taken(
            text,
            "请填写 16 至 19 位示例银行账号，以 000000 开头，例如 0000000000000001。",
            "Give a fictional account number of 16 to 19 digits that begins with 000000, such as 0000000000000001.",
        )
    return number


_PHONE_ZH: Final = "演示系统只接受示例电话：手机如 10000000001，座机如 0000-00000001。"
_PHONE_EN: Final = "The demonstration takes only fictional telephone numbers, such as 10000000001 or 0000-00000001."


@lru_cache(maxsize=4096)
def authority_code(region6: str, serial: int) -> str:
    """The fictional credit code of an authority: always the same, and another for every region and serial.

    ``region6`` is a six-digit region, ``serial`` 0 to 999999. Raises ``ValueError`` for anything else.
    """
    if not (len(region6) == 6 and region6.isascii() and region6.isdigit() and 0 <= serial < 1_000_000):
        raise ValueError("an authority code needs a six-digit region and a serial from 0 to 999999")
    entity = f"{region6[4:]}{serial:06d}"
    body = f"1100{region6[:4]}{entity}{_entity_check(entity)}"
    return body + _uscc_check(body)


def company_code(head: str, serial: int) -> str:
    """The fictional credit code of a company: always the same, and another for every serial.

    ``head`` are the first eight characters (kind and place, ``91003308``), ``serial`` 0 to 999999. Raises
    ``ValueError`` for anything else: the place must begin with 00, as no real one does.
    """
    if not (len(head) == 8 and head.isascii() and head[2:4] == "00" and 0 <= serial < 1_000_000):
        raise ValueError("a company code needs a kind, a place that begins with 00, and a serial from 0 to 999999")
    entity = f"MX{serial:06d}"
    body = f"{head}{entity}{_entity_check(entity)}"
    return body + _uscc_check(body)


def _wrong_check() -> IdentityError:
    return IdentityError(
        "wrong_check_character",
        Text(
            "校验位不符，可能有一位输错，请逐位核对。",
            "The check character does not fit: one of them is mistyped; compare.",
        ),
    )


def _not_taken(text: str, zh: str, en: str) -> IdentityError:
    kind = find_real(text)
    return _real(kind.label, zh, en) if kind else IdentityError("malformed", Text(zh, en))


def _real(kind: Text, zh: str, en: str) -> IdentityError:
    return IdentityError(
        "real_number",
        Text(
            f"演示系统不接受真实的{kind.zh}，该号码未被保存。{zh}",
            f"This demonstration refuses a real {kind.en}; it was not kept. {en}",
        ),
    )
