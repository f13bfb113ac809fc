"""The connector of a register over HTTP, against a real server that is well, slow, broken, silent or talks rubbish."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from app.connectors.registers import connected
from app.connectors.registers.http import HttpRegister
from app.domain.circuit import Tolerance
from app.settings import Settings
from app.usecases.registers import LookUp, PackRegister, RegisterDown, look_up_all

NUMBER = "003301199503140029"
ELEMENTS = ("name", "sex")
Answer = Callable[[BaseHTTPRequestHandler, Any], None]


class Server:
    """A register on this machine: ``answer`` is what it does with a question, ``asked`` what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.paths: list[str] = []
        self.answer: Answer = found({"name": "林示例", "sex": "女"})
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked.append(question)
                outer.paths.append(self.path)
                outer.answer(self, question)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/look-up"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def sends(content: bytes, status: int = 200) -> Answer:
    """Answers these bytes."""

    def answer(handler: BaseHTTPRequestHandler, _: Any) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def found(values: dict[str, Any]) -> Answer:
    """Answers a record."""
    return sends(json.dumps({"found": True, "values": values}).encode())


def hangs(_: BaseHTTPRequestHandler, __: Any) -> None:
    """Never answers."""
    time.sleep(3)


def drips(handler: BaseHTTPRequestHandler, _: Any) -> None:
    """Sends one byte at a time, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(60):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def redirects(handler: BaseHTTPRequestHandler, _: Any) -> None:
    """Sends the asker elsewhere."""
    handler.send_response(302)
    handler.send_header("Location", "http://127.0.0.1:1/")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


@pytest.fixture
def server() -> Iterator[Server]:
    """A register that is well until a test says otherwise."""
    made = Server()
    yield made
    made.close()


def ask(register: HttpRegister, seconds: float = 2.0) -> Any:
    """One look-up."""
    return register.look_up("resident_identity", NUMBER, ELEMENTS, seconds)


def test_a_record_comes_back_and_the_number_stands_in_no_address(server: Server) -> None:
    assert ask(HttpRegister(server.url)) == {"name": "林示例", "sex": "女"}
    assert server.asked == [{"dataset": "resident_identity", "number": NUMBER, "elements": ["name", "sex"]}]
    assert server.paths == ["/look-up"]


def test_no_record_is_an_answer_and_no_outage(server: Server) -> None:
    server.answer = sends(b'{"found": false}')
    assert ask(HttpRegister(server.url)) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"values": {}}',
        b'{"found": "yes"}',
        b'{"found": true, "values": []}',
        b"\xff\xfe",
        b"[" * 9000,
    ],
)
def test_rubbish_is_an_outage(server: Server, content: bytes) -> None:
    server.answer = sends(content)
    with pytest.raises(RegisterDown):
        ask(HttpRegister(server.url))


def test_a_register_that_fails_once_is_asked_again(server: Server) -> None:
    well = server.answer

    def first_fails(handler: BaseHTTPRequestHandler, question: Any) -> None:
        (sends(b"", 500) if len(server.asked) == 1 else well)(handler, question)

    server.answer = first_fails
    assert ask(HttpRegister(server.url)) == {"name": "林示例", "sex": "女"}
    assert len(server.asked) == 2


def test_a_register_that_keeps_failing_is_asked_three_times_and_no_more(server: Server) -> None:
    server.answer = sends(b"", 503)
    with pytest.raises(RegisterDown):
        ask(HttpRegister(server.url))
    assert len(server.asked) == 3


@pytest.mark.parametrize("answer", [hangs, drips])
def test_a_register_that_hangs_or_drips_takes_no_longer_than_it_may(server: Server, answer: Answer) -> None:
    server.answer = answer
    begun = time.monotonic()
    with pytest.raises(RegisterDown):
        ask(HttpRegister(server.url), 0.5)
    assert time.monotonic() - begun < 2.5


def test_a_redirect_is_not_followed_and_an_endless_answer_is_not_read(server: Server) -> None:
    server.answer = redirects
    with pytest.raises(RegisterDown):
        ask(HttpRegister(server.url))
    server.answer = sends(b'{"found": true, "values": {"name": "' + b"x" * 70_000 + b'"}}')
    with pytest.raises(RegisterDown):
        ask(HttpRegister(server.url))


def test_after_some_failures_nobody_asks_until_a_probe_gets_through(server: Server) -> None:
    now = [0.0]
    register = HttpRegister(server.url, Tolerance(failures=2, rest=10.0), lambda: now[0])
    well, server.answer = server.answer, sends(b"", 500)
    for _ in range(2):
        with pytest.raises(RegisterDown):
            ask(register)
    asked = len(server.asked)
    with pytest.raises(RegisterDown, match="circuit open"):
        ask(register)
    assert len(server.asked) == asked
    now[0] = 11.0
    server.answer = well
    assert ask(register) is not None
    assert ask(register) is not None


def test_nobody_there_is_an_outage() -> None:
    with pytest.raises(RegisterDown):
        ask(HttpRegister("http://127.0.0.1:1/"))


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1/", "file:///etc/hostname", "127.0.0.1:9000"])
def test_only_web_addresses_are_taken(url: str) -> None:
    with pytest.raises(ValueError, match="http or https"):
        connected({"resident_identity": url})


def test_the_settings_name_registers_and_one_address_has_one_circuit(server: Server) -> None:
    named = f"resident_identity={server.url}, marriage_register = {server.url}"
    settings = Settings(_env_file=None, registers=named)
    made = connected(settings.registers)
    assert set(made) == {"resident_identity", "marriage_register"}
    assert made["resident_identity"] is made["marriage_register"]


async def together(*wanted: LookUp, remote: dict[str, HttpRegister], seconds: float) -> Any:
    packs = PackRegister({"social_card": {NUMBER: {"ss_card": "A00000011"}}})
    return await look_up_all(wanted, packs, remote, (), seconds)


def test_many_look_ups_run_side_by_side_and_the_slow_one_holds_nobody_up(server: Server) -> None:
    import asyncio

    slow = Server()
    slow.answer = hangs
    well, late = LookUp("resident_identity", NUMBER, ELEMENTS), LookUp("marriage_register", NUMBER, ("marital",))
    own = LookUp("social_card", NUMBER, ("ss_card",))
    remote = {"resident_identity": HttpRegister(server.url), "marriage_register": HttpRegister(slow.url)}
    begun = time.monotonic()
    answers = asyncio.run(together(well, late, own, remote=remote, seconds=0.6))
    assert time.monotonic() - begun < 2.5
    assert answers[well].record == {"name": "林示例", "sex": "女"}
    assert answers[own].record == {"ss_card": "A00000011"}
    assert answers[late].is_down
    slow.close()


def test_what_was_not_asked_for_is_thrown_away_and_what_could_be_real_is_not_let_in(server: Server) -> None:
    import asyncio

    server.answer = found({"name": "林示例", "phone": "10000000011"})
    well = LookUp("resident_identity", NUMBER, ELEMENTS)
    remote = {"resident_identity": HttpRegister(server.url)}
    assert asyncio.run(together(well, remote=remote, seconds=1))[well].record == {"name": "林示例"}
    server.answer = found({"name": "11010519491231002X"})
    assert asyncio.run(together(well, remote=remote, seconds=1))[well].is_down
