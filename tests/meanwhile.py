"""Somebody else comes in the middle of a transaction: right after one of its statements."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

SECONDS = 1.0
"""How long the transaction waits for the other one, which on SQLite waits for it in turn."""


@contextmanager
def meanwhile(engine: Engine, beginning: str, act: Callable[[], None]) -> Iterator[None]:
    """After the first statement of the block that begins so, ``act`` happens in another thread; it has happened when
    the block is over. A block in which nothing begins so is no test."""
    others: list[threading.Thread] = []

    def look(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(beginning) and not others:
            others.append(threading.Thread(target=act))
            others[0].start()
            others[0].join(SECONDS)

    event.listen(engine, "after_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", look)
        for other in others:
            other.join()
    assert others, f"no statement began with {beginning!r}"
