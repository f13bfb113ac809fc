"""The statutory retirement age, raised step by step from 2025 (实施渐进式延迟法定退休年龄, in force 2025-01-01)."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Self


@dataclass(frozen=True, slots=True)
class _Rule:
    old_age: int
    first_year: int
    step: int
    cap: int


class Track(Enum):
    """Old age in years, first birth year concerned, birth months per month of delay, greatest delay in months."""

    MAN = _Rule(60, 1965, 4, 36)
    WOMAN_55 = _Rule(55, 1970, 4, 36)
    WOMAN_50 = _Rule(50, 1975, 2, 60)

    @classmethod
    def of(cls, sex: object, identity: object) -> Self | None:
        """The track of a man (男) or of a woman (女) who is a cadre (干部, 55) or a worker (工人, 50)."""
        if sex == "男":
            return cls(cls.MAN)
        if sex == "女" and isinstance(identity, str):
            return cls(cls.WOMAN_55 if "干部" in identity else cls.WOMAN_50)
        return None


class Birth(NamedTuple):
    """Month of birth."""

    year: int
    month: int


def delay_months(birth: Birth, track: Track) -> int:
    """By how many months retirement is later than under the old age; 0 for those born before the first month."""
    rule = track.value
    since = (birth.year - rule.first_year) * 12 + birth.month - 1
    return 0 if since < 0 else min(rule.cap, since // rule.step + 1)


def retirement_date(birth: Birth, track: Track) -> tuple[int, int]:
    """Year and month of statutory retirement."""
    months = birth.year * 12 + birth.month - 1 + track.value.old_age * 12 + delay_months(birth, track)
    return months // 12, months % 12 + 1
