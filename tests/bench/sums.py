"""What a measurement says: rows of figures, ratios with their spread, and on what machine that was.

Times of a busy machine mean little; a ratio of two things measured in turns in the same run means more. Hence every
ratio is the median over the rounds, with the smallest and the largest beside it.
"""

import os
import platform
import sqlite3
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

LIBRARIES: Final = (
    *("fastapi", "starlette", "uvicorn", "uvloop", "httptools"),
    *("pydantic", "sqlmodel", "sqlalchemy", "psycopg", "orjson"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of figures; ``columns`` are names in both languages by the key of the figure."""

    name: str
    title: Said
    columns: Mapping[str, Said]
    rows: list[dict[str, Any]]


@dataclass
class Report:
    """Everything one measurement found."""

    bench: str
    settings: dict[str, Any]
    tables: list[Table] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)
    machine: dict[str, Any] = field(default_factory=lambda: machine())
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON object."""
        return {
            "bench": self.bench,
            "at": self.at,
            "machine": self.machine,
            "settings": self.settings,
            "tables": {table.name: table.rows for table in self.tables},
            "notes": [{"zh": note.zh, "en": note.en} for note in self.notes],
        }


def machine() -> dict[str, Any]:
    """What was measured on, without anything that names it."""
    return {
        "cores": os.cpu_count(),
        "cpu": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: _version(name) for name in LIBRARIES},
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def percentile(values: Sequence[float], share: int) -> float:
    """The value below which ``share`` per cent of the values lie."""
    if len(values) < 2:
        return values[0] if values else float("nan")
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def times(seconds: Sequence[float]) -> dict[str, float]:
    """p50 and p95 in milliseconds."""
    return {f"p{share}_ms": round(percentile(seconds, share) * 1000, 2) for share in (50, 95)}


def spread(values: Sequence[float], digits: int = 2) -> dict[str, float]:
    """Median, smallest and largest."""
    return {
        "median": round(statistics.median(values), digits),
        "min": round(min(values), digits),
        "max": round(max(values), digits),
    }


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, float]:
    """Ours divided by theirs, round by round."""
    return spread([own / other for own, other in zip(ours, theirs, strict=True)])


def told(value: Any) -> str:
    """A figure as a table shows it."""
    match value:
        case None:
            return "–"
        case {"median": median, "min": least, "max": most}:
            return f"{told(median)} ({told(least)}–{told(most)})"
        case float() if abs(value) >= 100:
            return f"{value:,.0f}"
        case float():
            return f"{value:.2f}"
        case int() if not isinstance(value, bool):
            return f"{value:,}"
        case _:
            return str(value)
