"""A register behind HTTP.

The question goes as ``POST {"dataset", "number", "elements"}``, so that no number stands in an address or a log; it is
a read all the same and may be repeated. The answer is ``{"found": true, "values": {…}}`` or ``{"found": false}``;
anything else, and any silence, is an outage. A call takes no longer than it may: the connection is cut when its time is
up, however slowly the other side drips. Failures open a circuit, and while it is open nobody waits.
"""

import contextlib
import http.client
import json
import logging
import random
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

from app.domain.catalogue import EXISTS
from app.domain.circuit import Circuit, Tolerance
from app.usecases.registers import Record, RegisterDown

log = logging.getLogger(__name__)

ATTEMPTS = 3
ATTEMPT_SECONDS = 0.8
"""One attempt at most [illustrative]; a call never takes longer than its caller allows."""
BACK_OFF_SECONDS = 0.05
"""Before the second attempt; twice as long before the third, each with up to as much again by chance."""
ORDINARY = Tolerance()
MOST_BYTES = 64 * 1024
"""A record is small; more than this is not one."""


class HttpRegister:
    """One address with its circuit; may be asked from several threads."""

    def __init__(self, url: str, tolerance: Tolerance = ORDINARY, clock: Callable[[], float] = time.monotonic) -> None:
        """Raises ``ValueError`` for what is no http or https URL."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("the address of a register must be an http or https URL")
        self._parts: SplitResult = parts
        self._tolerance, self._clock = tolerance, clock
        self._circuit, self._lock = Circuit(), threading.Lock()

    def look_up(self, dataset: str, number: str, elements: Sequence[str], seconds: float) -> Record | None:
        """The record, or None when the register has none; raises :class:`RegisterDown`."""
        self._demand()
        until = self._clock() + seconds
        question = {"dataset": dataset, "number": number, "elements": [name for name in elements if name != EXISTS]}
        try:
            answer = self._patiently(json.dumps(question).encode(), until)
        except RegisterDown as error:
            self._note(is_failure=True)
            log.warning("the register of %s is down: %s", dataset, error.why)
            raise
        self._note(is_failure=False)
        return answer

    def _demand(self) -> None:
        with self._lock:
            asked = self._circuit.asked(self._clock(), self._tolerance)
            if asked is None:
                raise RegisterDown("circuit open")
            self._circuit = asked

    def _note(self, *, is_failure: bool) -> None:
        with self._lock:
            now = self._clock()
            self._circuit = self._circuit.failed(now, self._tolerance) if is_failure else self._circuit.succeeded()

    def _patiently(self, body: bytes, until: float) -> Record | None:
        """Try, wait a little, try again, as long as there is time."""
        pause = BACK_OFF_SECONDS
        for attempt in range(1, ATTEMPTS + 1):
            left = until - self._clock()
            if left <= 0:
                break
            try:
                return _read(self._post(body, min(left, ATTEMPT_SECONDS)))
            except RegisterDown:
                if attempt == ATTEMPTS or self._clock() + pause >= until:
                    raise
            time.sleep(pause * (1 + random.random()))  # noqa: S311 - only so that callers do not come in step
            pause *= 2
        raise RegisterDown("no time left")

    def _post(self, body: bytes, seconds: float) -> bytes:
        """One attempt; the connection is cut after so many seconds."""
        connection, until = self._opened(seconds), time.monotonic() + seconds
        cut = threading.Timer(seconds, lambda: None)
        try:
            connection.connect()
            cut = _cutting(connection.sock, until - time.monotonic())
            path = self._parts.path or "/"
            connection.request("POST", path, body, {"Content-Type": "application/json", "Accept": "application/json"})
            response = connection.getresponse()
            if response.status != http.client.OK:
                raise RegisterDown(f"status {response.status}")
            content = response.read(MOST_BYTES + 1)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise RegisterDown(type(error).__name__) from None
        finally:
            cut.cancel()
            connection.close()
        if len(content) > MOST_BYTES:
            raise RegisterDown("too much")
        return content

    def _opened(self, seconds: float) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
        return kind(self._parts.hostname or "", self._parts.port, timeout=seconds)


def _cutting(sock: socket.socket, seconds: float) -> threading.Timer:
    """A timer that ends an attempt from outside: whoever reads from the socket is woken."""

    def cut() -> None:
        with contextlib.suppress(OSError):  # closed already
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, seconds), cut)
    timer.daemon = True
    timer.start()
    return timer


def _read(content: bytes) -> Record | None:
    """The record in an answer; raises :class:`RegisterDown` for what is no answer."""
    try:
        answer: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise RegisterDown("rubbish") from None
    if not isinstance(answer, dict) or not isinstance(answer.get("found"), bool):
        raise RegisterDown("rubbish")
    if not answer["found"]:
        return None
    values = answer.get("values", {})
    if not isinstance(values, dict):
        raise RegisterDown("rubbish")
    return values
