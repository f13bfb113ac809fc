"""HTTP on the wire: the head of a request is bounded, its body is the app's own affair, nothing waits for a thread."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
import uvicorn

from app.transport.wire import HEAD_BYTES, BoundedHttp
from tests.doors import Doors
from tests.running import free_port


async def counting(scope: Any, receive: Any, send: Any) -> None:
    """An app that says how long the body was, and of how many fields the head."""
    if scope["type"] != "http":
        return
    size, is_more = 0, True
    while is_more:
        message = await receive()
        size, is_more = size + len(message.get("body", b"")), message.get("more_body", False)
    text = str(size).encode()
    fields = str(len(scope["headers"])).encode()
    head = [(b"content-length", str(len(text)).encode()), (b"fields", fields)]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": text})


class Hasty(BoundedHttp):
    """The same with less patience."""

    head_seconds = 0.3
    silent_seconds = 0.9


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server on this port."""
    with served(BoundedHttp) as found:
        yield found


@pytest.fixture(scope="module")
def hasty() -> Iterator[int]:
    """One that does not wait long."""
    with served(Hasty) as found:
        yield found


@contextlib.contextmanager
def served(http: type[BoundedHttp]) -> Iterator[int]:
    """The port of a server."""
    found = free_port()
    config = uvicorn.Config(counting, port=found, http=http, loop="asyncio", log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield found
    server.should_exit = True
    thread.join()


HEAD = b"POST / HTTP/1.1\r\nhost: here\r\ncontent-length: %d\r\n"


def test_requests_follow_one_another_on_one_connection(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        for size in (0, 5, HEAD_BYTES * 3):
            line.sendall(HEAD % size + b"\r\n" + b"x" * size)
            heard = b""
            while not heard.endswith(str(size).encode()):
                heard += line.recv(65_536)
            assert heard.startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("endless", [b"x-a: " + b"a" * 900 + b"\r\n", b"a" * 900])
def test_a_head_that_never_ends_is_cut_off(port: int, endless: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(HEAD % 0)
        with contextlib.suppress(ConnectionError):
            for _ in range(HEAD_BYTES // len(endless) + 1):
                line.sendall(endless)
        assert line.recv(65_536).startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize(
    "head",
    [
        b"x-a: " + b"a" * HEAD_BYTES + b"\r\n",
        b"x-a: a\r\n" * (HEAD_BYTES // 8),
        b"content-length: 0\r\n\r\nPOST / HTTP/1.1\r\nhost: here\r\nx-a: " + b"a" * HEAD_BYTES + b"\r\n",
    ],
    ids=["one long field", "many short ones", "behind another request"],
)
def test_a_head_that_is_too_long_is_refused_also_when_it_comes_in_one_piece(port: int, head: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(b"POST / HTTP/1.1\r\nhost: here\r\n" + head + b"\r\n")
        heard = everything(line)
    last = heard[heard.rindex(b"HTTP/1.1 ") :]
    assert last.startswith(b"HTTP/1.1 431")
    assert last.endswith(b"The request head is too large.")


def everything(line: socket.socket) -> bytes:
    """All that is said until the other end hangs up."""
    heard = b""
    with contextlib.suppress(ConnectionError):
        while said := line.recv(65_536):
            heard += said
    return heard


CHUNKED = b"POST / HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"


def test_what_stands_behind_a_body_is_no_part_of_the_head(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(CHUNKED + b"authorization: Bearer x\r\nhost: there\r\n\r\n")
        heard = line.recv(65_536)
    assert heard.startswith(b"HTTP/1.1 200 OK")
    assert b"fields: 2\r\n" in heard


@pytest.mark.parametrize("endless", [b"x-a: " + b"a" * 900 + b"\r\n", b"a" * 900])
def test_what_stands_behind_a_body_and_never_ends_is_cut_off(port: int, endless: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(CHUNKED)
        with pytest.raises(ConnectionError):
            line.sendall(endless * 50_000)


def test_a_head_as_long_as_people_send_is_read(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(HEAD % 5 + b"cookie: " + b"c" * 8_000 + b"\r\n\r\nhello")
        assert line.recv(65_536).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("said", [b"", b"POST / HT", HEAD % 0], ids=["nothing", "half a line", "half a head"])
def test_who_does_not_come_to_the_end_of_a_head_holds_no_connection(hasty: int, said: bytes) -> None:
    with socket.create_connection(("127.0.0.1", hasty), timeout=5) as line:
        line.sendall(said)
        assert line.recv(65_536).startswith(b"HTTP/1.1 408")
        assert line.recv(65_536) == b""


def test_who_stops_in_the_middle_of_a_body_holds_no_connection(hasty: int) -> None:
    with socket.create_connection(("127.0.0.1", hasty), timeout=5) as line:
        line.sendall(HEAD % 3 + b"\r\n")
        for _ in range(2):
            time.sleep(Hasty.silent_seconds * 0.6)
            line.sendall(b"1")
        assert everything(line).startswith(b"HTTP/1.1 408")


def test_a_second_head_is_waited_for_no_longer_and_a_body_is_the_apps_own_affair(hasty: int) -> None:
    with socket.create_connection(("127.0.0.1", hasty), timeout=5) as line:
        line.sendall(HEAD % 2 + b"\r\n1")
        time.sleep(Hasty.head_seconds * 2)
        line.sendall(b"2")
        heard = b""
        while not heard.endswith(b"\r\n\r\n2"):
            heard += line.recv(65_536)
        line.sendall(HEAD % 0)
        assert line.recv(65_536).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(
    "said",
    [
        b"content-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nG",
        b"transfer-encoding: chunked\r\ntransfer-encoding: x\r\n\r\n0\r\n\r\n",
        b"transfer-encoding: xchunked\r\ncontent-length: 2\r\n\r\n{}",
        b"transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
        b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}G",
        b"content-length: +2\r\n\r\n{}",
        b"content-length: -1\r\n\r\n{}",
        b"transfer-encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
        b"x-a: a\r\n transfer-encoding: chunked\r\n\r\n",
        b"x-a: a\rtransfer-encoding: chunked\r\n\r\n",
        b"x-a: a\x00b\r\n\r\n",
    ],
)
def test_a_request_that_two_readers_would_end_elsewhere_is_refused(port: int, said: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(b"POST / HTTP/1.1\r\nhost: here\r\n" + said)
        heard = line.recv(65_536)
        assert heard.startswith(b"HTTP/1.1 400")
        assert heard.count(b"HTTP/1.1") == 1
        assert line.recv(65_536) == b"", "nothing more is read on this connection"


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nhost: here\r\nHost: there\r\n\r\n", b"400"),
        (b"GET / HTTP/1.0\r\nhost: here\r\nHost: here\r\n\r\n", b"400"),
        (b"GET / HTTP/1.0\r\n\r\n", b"200"),
    ],
    ids=["no host", "two hosts", "the same twice", "an old program"],
)
def test_a_request_names_one_host(port: int, head: bytes, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(head)
        assert line.recv(65_536).split(b" ", 2)[1] == status


def workers() -> set[int | None]:
    """The threads that wait for plain functions, where there are any."""
    return {thread.ident for thread in threading.enumerate() if "AnyIO worker" in thread.name}


def test_no_request_waits_for_a_thread(doors: Doors) -> None:
    before = workers()
    filed = doors.file("catering_full")
    filed.act("L0", "receive")
    for path in ("/bundles", "/indicators", f"/applications/{filed.id}", f"/applications/{filed.id}/events"):
        assert doors.send("GET", path, "supervisor.330802").status_code in {200, 404}
    if doors.platform.store.is_sqlite:  # on PostgreSQL a read waits for the network in one
        assert workers() == before
