"""Days, instants and numbers as people write them in the two languages of the pages.

Written here because they are five short rules: a library for all the world's languages keeps five megabytes of them in
every process and reads them while the first visitor waits. Tests compare every rule with that library.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from app.domain.periods import MONTHS, written_day
from app.domain.vocabulary import Lang

WEEKDAYS: Final[dict[Lang, tuple[str, ...]]] = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
"""From Monday on, as ``date.weekday`` counts."""
SHORT: Final = 3
"""Letters of a month where there is little room; September has four."""
THOUSANDTH, TENTH = Decimal("0.001"), Decimal("0.1")


def whole_day(on: date, lang: Lang) -> str:
    """2026年3月16日 周一 / Mon 16 March 2026."""
    weekday = WEEKDAYS[lang][on.weekday()]
    day = written_day(on)
    return f"{day.zh} {weekday}" if lang == "zh" else f"{weekday} {day.en}"


def short_day(on: date, lang: Lang) -> str:
    """3月16日 / 16 Mar."""
    if lang == "zh":
        return f"{on.month}月{on.day}日"
    name = MONTHS[on.month - 1]
    return f"{on.day} {'Sept' if name == 'September' else name[:SHORT]}"


def month(on: date, lang: Lang) -> str:
    """2026年3月 / March 2026."""
    return f"{on.year}年{on.month}月" if lang == "zh" else f"{MONTHS[on.month - 1]} {on.year}"


def minute(at: datetime, lang: Lang) -> str:
    """2026年3月16日 10:05 / 16 March 2026, 10:05; in the zone that the instant is given in."""
    day = written_day(at)
    return f"{day.zh} {at:%H:%M}" if lang == "zh" else f"{day.en}, {at:%H:%M}"


def number(value: float) -> str:
    """12,345.679: groups of three, and at most three decimals, half to even; alike in both languages."""
    return _written(value, THOUSANDTH, ",f")


def percent(value: float) -> str:
    """93.5% for 0.935: at most one decimal, half to even."""
    return f"{_written(Decimal(str(value)) * 100, TENTH, 'f')}%"


def _written(value: float | Decimal, step: Decimal, form: str) -> str:
    text = format(Decimal(str(value)).quantize(step, ROUND_HALF_EVEN), form)
    return text.rstrip("0").rstrip(".") if "." in text else text
