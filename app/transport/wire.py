"""HTTP on the wire: uvicorn's protocol on httptools, which reads a request in half the time of one in pure Python, with
the bounds on the head of a request that it lacks: how long it is, how long it takes, that it names one host, and that
nothing is added to it once it has ended."""

from asyncio import TimerHandle, Transport
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 32_768
"""Request line and headers; whoever sends more without coming to the end of them is cut off."""
AROUND_A_FIELD = 4
"""Bytes of a header beside its name and its value."""
TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 30\r\nconnection: close\r\n\r\n"
    b"The request head is too large."
)
TOO_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 26\r\nconnection: close\r\n\r\n"
    b"The request took too long."
)


class BoundedHttp(HttpToolsProtocol):
    """One connection. A head that never ends fills no memory (431, RFC 6585) and holds no connection for ever (408)."""

    head_seconds: ClassVar[float] = 20.0
    """How long a head may take, and how long a new connection may say nothing. Illustrative."""

    silent_seconds: ClassVar[float] = 30.0
    """How long somebody may say nothing in the middle of a body. Illustrative."""
    last_seconds: ClassVar[float] = 1.0
    """How long a server that stops waits for the first request on a line that it has taken. Illustrative."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """As uvicorn makes it."""
        super().__init__(*given, **named)
        self._is_last = False
        self._beside, self._is_in_head, self._is_too_large = 0, True, False
        self._patience: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Somebody has come."""
        super().connection_made(transport)
        self._be_patient()

    def connection_lost(self, exc: Exception | None) -> None:
        """And is gone."""
        self._be_done()
        super().connection_lost(exc)

    def _be_patient(self) -> None:
        seconds = self.head_seconds if self._is_in_head else self.silent_seconds
        self._patience = self.loop.call_later(seconds, self._give_up)

    def _be_done(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        if self.transport.is_closing():
            return
        if not self._is_in_head and self.flow.read_paused:  # it is the app that takes its time
            self._be_patient()
            return
        if self._is_in_head or not self.cycle.response_started:
            self.transport.write(TOO_SLOW)
        self.transport.close()

    def shutdown(self) -> None:
        """The server stops. Whoever has a line and no answer yet is still served: their request may have come already,
        and a line that is cut under it looks like a failure."""
        if self.cycle is not None:
            super().shutdown()
        elif not self.transport.is_closing():
            self._is_last = True
            self.loop.call_later(self.last_seconds, self._leave)

    def _leave(self) -> None:
        if self.cycle is None:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Bytes have come. What is no body is counted: a head, and what may stand between and behind the pieces of a
        body that comes in chunks."""
        self._beside += len(data)
        super().data_received(data)
        if self._beside > HEAD_BYTES and not self.transport.is_closing():
            if self._is_in_head:
                self.transport.write(TOO_LARGE)
            self.transport.close()
        elif not self._is_in_head or self._beside:  # seldom: most requests come in one piece
            self._wait_for_more()

    def _wait_for_more(self) -> None:
        """A head has its time in all; a body each time that something of it comes."""
        if not self._is_in_head:
            self._be_done()
        if self._patience is None and not self.transport.is_closing():
            self._be_patient()

    def send_400_response(self, msg: str) -> None:
        """What could not be read is answered; a head that was too long for that with its own status."""
        if self._is_too_large:
            self.transport.write(TOO_LARGE)
            self.transport.close()
        else:
            super().send_400_response(msg)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One field of the head. One behind the body is passed over (RFC 9110 §6.5.1): who asks, and for what, was said
        before, and whoever stands in front may have looked at nothing else."""
        if self._is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head has come to its end. Raises ValueError unless it is short enough, answered with 431 (most heads come
        in one piece, which may be a long one), and names one host (RFC 9112 §3.2), with 400: what is in front and what
        is behind could take different ones."""
        self._be_done()
        size, hosts = len(self.url), 0
        for name, value in self.headers:
            size += len(name) + len(value) + AROUND_A_FIELD
            hosts += name == b"host"
        if size > HEAD_BYTES:
            self._is_too_large = True
            raise ValueError("the head is too large")
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() != "1.0"):
            raise ValueError("one Host is wanted")
        self._beside, self._is_in_head = 0, False
        super().on_headers_complete()
        if self._is_last:
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._beside = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The body has; what comes next is a head."""
        self._be_done()
        super().on_message_complete()
        self._beside, self._is_in_head = 0, True
