"""Logging of the server and its workers: one line per record on standard error, as JSON or as text for people.

An error leaves its kind and the places it came through, not its words: they may quote what somebody entered. With the
level ``debug`` the words are there, too.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal

_Error = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class OneLine(logging.Formatter):
    """Time, level, logger and message on one line, however many lines an error has."""

    def __init__(self, *given: Any, words: bool = False, **named: Any) -> None:
        """``words``: whether errors are told with their words."""
        super().__init__(*given, **named)
        self._words = words

    def format(self, record: logging.LogRecord) -> str:
        """The record with its line breaks shown as ``⏎``, so that nobody can forge a second record."""
        record.exc_text = None
        return super().format(record).replace("\r", "").replace("\n", " ⏎ ")

    def formatException(self, ei: _Error) -> str:  # noqa: N802 - the name is the library's
        """The error and what it came from, with or without their words."""
        return super().formatException(ei) if self._words else places(ei[1])


class JsonLine(OneLine):
    """One JSON object on each line: time, level, logger, message, and what a request was."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            **(getattr(record, "told", None) or {"message": record.getMessage()}),
        }
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


def places(error: BaseException | None) -> str:
    """The kinds of an error and of what caused it, each with the places it came through; no word of theirs."""
    lines: list[str] = []
    while error is not None and len(lines) < 200:
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def configuration(level: str, form: Literal["json", "text"] = "text") -> dict[str, Any]:
    """For :func:`logging.config.dictConfig`. Uvicorn's own loggers go the same way; its access log stays silent,
    because the app writes one that holds no query strings."""
    formatter = "app.commands.logs.JsonLine" if form == "json" else "app.commands.logs.OneLine"
    line = {"()": formatter, "format": "%(asctime)s %(levelname)s %(name)s %(message)s", "words": level == "debug"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": line},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"},
        },
        "root": {"level": level.upper(), "handlers": ["stderr"]},
        "loggers": {
            "uvicorn": {"level": level.upper(), "handlers": [], "propagate": True},
            "uvicorn.access": {"level": "WARNING", "handlers": [], "propagate": False},
            "alembic": {"level": "WARNING", "handlers": [], "propagate": True},
        },
    }
