"""Correction points and the one notice that tells them all (一次性告知, 行政许可法 art. 32)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.vocabulary import Word


class PointKind(Word):
    """What a correction point is about."""

    FIELD = "field", "填报内容", "field"
    MATERIAL = "material", "申请材料", "material"


@dataclass(frozen=True, slots=True)
class Point:
    """补正点: one thing to correct, on exactly one field or material. ``reason`` is the department's sentence."""

    kind: PointKind
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """一次性告知书: all points of all departments in one paper."""

    number: int
    served_at: datetime
    due_on: date
    points: Mapping[str, tuple[Point, ...]]
    answered_at: datetime | None = None
