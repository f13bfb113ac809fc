"""HTTP on the wire: uvicorn's protocol on httptools, which reads a request in half the time of one in pure Python, with
the bounds on the head of a request that it lacks: how long it is, how long it takes, and that it names one host."""

from asyncio import TimerHandle, Transport
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 32_768
"""Request line and headers; whoever sends more without coming to the end of them is cut off."""
TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 30\r\nconnection: close\r\n\r\n"
    b"The request head is too large."
)
TOO_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 31\r\nconnection: close\r\n\r\n"
    b"The request head took too long."
)


class BoundedHttp(HttpToolsProtocol):
    """One connection. A head that never ends fills no memory (431, RFC 6585) and holds no connection for ever (408)."""

    head_seconds: ClassVar[float] = 20.0
    """How long a head may take, and how long a new connection may say nothing. Illustrative."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """As uvicorn makes it."""
        super().__init__(*given, **named)
        self._head, self._is_in_head = 0, True
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
        self._patience = self.loop.call_later(self.head_seconds, self._give_up)

    def _be_done(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        if not self.transport.is_closing():
            self.transport.write(TOO_SLOW)
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Bytes have come."""
        if self._is_in_head:
            self._head += len(data)
        super().data_received(data)
        if self._is_in_head and self._head > HEAD_BYTES and not self.transport.is_closing():
            self.transport.write(TOO_LARGE)
            self.transport.close()
        elif self._is_in_head and self._head and self._patience is None:  # seldom: most heads come in one piece
            self._be_patient()

    def on_headers_complete(self) -> None:
        """The head has come to its end. Raises ValueError, answered with 400, unless it names one host (RFC 9112
        §3.2): what is in front and what is behind could take different ones."""
        self._is_in_head = False
        self._be_done()
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() != "1.0"):
            raise ValueError("one Host is wanted")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body has; what comes next is a head."""
        super().on_message_complete()
        self._head, self._is_in_head = 0, True
