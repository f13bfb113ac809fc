"""Logging of the server and its workers: one line per record on standard error, in one format."""

import logging
from typing import Any


class OneLine(logging.Formatter):
    """Time, level, logger and message on one line, however many lines an error has."""

    def format(self, record: logging.LogRecord) -> str:
        """The record with its line breaks shown as ``⏎``, so that nobody can forge a second record."""
        return super().format(record).replace("\r", "").replace("\n", " ⏎ ")


def configuration(level: str) -> dict[str, Any]:
    """For :func:`logging.config.dictConfig`. Uvicorn's own loggers go the same way; its access log stays silent,
    because the app writes one that holds no query strings."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": "app.commands.logs.OneLine", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
        },
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
