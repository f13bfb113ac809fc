"""``serve``: migrate, load, seed, and answer requests until told to stop."""

import logging.config
import os
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.panel import Panel

from app.commands import logs
from app.commands import world as opened
from app.commands.lines import Line
from app.commands.terminal import SpeechOption, Terminal, Unavailable, WrongUsage, terminal_of
from app.commands.worker import PACE_FILE, begin
from app.connectors.registers import connected
from app.domain.vocabulary import ILLUSTRATIVE, Text

MANY_ON_SQLITE = Text(
    "SQLite 上多个进程也是安全的（写入排队），但写得多时应改用 PostgreSQL。",
    "Several processes are safe on SQLite (writes queue), but PostgreSQL is meant for this.",
)
STOPPED = Text("已停止。", "Stopped.")

if TYPE_CHECKING:
    from app.settings import Settings
    from app.usecases.platform import Platform


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option("--host", help="监听地址，默认 APP_HOST · Address to listen on")] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="监听端口，默认 APP_PORT · Port to listen on")
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help="进程数，多于 1 宜用 PostgreSQL · Worker processes")
    ] = 1,
    no_seed: Annotated[bool, typer.Option("--no-seed", help="不放入示例申请 · Leave the examples out")] = False,
    _lang: SpeechOption = None,
) -> None:
    """启动服务 · Start the server; Ctrl-C stops it."""
    terminal = terminal_of(context)
    in_force = opened.settings()
    given = {"host": host or in_force.host, "port": port or in_force.port}
    in_force = in_force.model_copy(update=given)
    door = listening(in_force.host, in_force.port)
    try:
        logging.config.dictConfig(logs.configuration(in_force.log_level, in_force.log_format))
        terminal.label()
        if workers > 1:
            _serve_many(terminal, in_force, door, workers, seeds=not no_seed)
        else:
            _serve_one(terminal, in_force, door, seeds=not no_seed)
    finally:
        door.close()


def listening(host: str, port: int) -> socket.socket:
    """A bound socket; raises :class:`Unavailable` when somebody has the port, :class:`WrongUsage` for a bad address."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError):
        raise WrongUsage(Text(f"不认识监听地址 {host[:80]}。", f"The address {host[:80]} is not known here.")) from None
    door = socket.socket(family, kind, protocol)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(address)  # the server listens once it is ready, so that nobody waits on a line that is not yet served
    except OSError as error:
        door.close()
        why = error.strerror or "?"
        raise Unavailable(
            Text(
                f"不能在 {host}:{port} 上监听（{why}）。可能已有程序占用这个端口，请用 --port 换一个。",
                f"Cannot listen on {host}:{port} ({why}). Something may hold that port: choose another with --port.",
            )
        ) from None
    return door


def _serve_one(terminal: Terminal, settings: "Settings", door: socket.socket, *, seeds: bool) -> None:
    begin()
    import uvicorn

    from app.main import create_app, settle
    from app.usecases.platform import open_platform

    platform = open_platform(settings, connect=connected)
    try:
        app = create_app(settings, platform, warms_up=True)
        config = uvicorn.Config(app, log_config=None, access_log=False, **_manners(settings))
        settle()
        if seeds and settings.demo:
            _seed(terminal, platform)
        _greet(terminal, settings)
        signal.signal(signal.SIGTERM, _stop)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[door])
    finally:
        platform.close()
    terminal.say(STOPPED)


def _serve_many(terminal: Terminal, settings: "Settings", door: socket.socket, workers: int, *, seeds: bool) -> None:
    import uvicorn

    from app.storage.database import is_sqlite
    from app.usecases.platform import open_platform

    platform = open_platform(settings, connect=connected)
    try:
        if seeds and settings.demo:
            _seed(terminal, platform)
    finally:
        platform.close()
    if is_sqlite(settings.database_url):
        terminal.say(MANY_ON_SQLITE, "yellow")
    _greet(terminal, settings)
    door.close()
    with _counting_together(settings):
        uvicorn.run(
            "app.commands.worker:worker",
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=workers,
            log_config=logs.configuration(settings.log_level, settings.log_format),
            access_log=False,
            **_manners(settings),
        )
    terminal.say(STOPPED)


@contextmanager
def _counting_together(settings: "Settings") -> Iterator[None]:
    """Let the workers count requests in one place, which they learn of by their environment."""
    if not settings.is_limiting:
        yield
        return
    from app.transport.shared_pace import prepared

    with tempfile.TemporaryDirectory(prefix="one-thing-") as folder:
        path = Path(folder) / "pace"
        prepared(path)
        os.environ[PACE_FILE] = str(path)
        yield


def _manners(settings: "Settings") -> dict[str, Any]:
    """What every worker of the server keeps to. Headers of proxies are judged by the app itself."""
    from app.transport.wire import BoundedHttp

    return {
        "timeout_graceful_shutdown": settings.stop_seconds,
        "proxy_headers": False,
        "server_header": False,
        "http": BoundedHttp,
    }


def _seed(terminal: Terminal, platform: "Platform") -> None:
    from app.usecases import seed

    done = seed.run(platform)
    new = sum(entry.is_new for entry in done)
    if new:
        terminal.say(Text(f"已放入 {new} 件示例申请。", f"{new} example applications were put in."))
    for entry in done:
        if entry.problem is not None:
            text = Text(
                f"示例 {entry.story} 没放完：{entry.problem.zh}", f"{entry.story} is incomplete: {entry.problem.en}"
            )
            terminal.say(text, "yellow")


def _stop(_: int, __: FrameType | None) -> None:
    """A polite stop (SIGTERM) ends like Ctrl-C: what is queued is written, the exit code is 0."""
    raise KeyboardInterrupt


def _greet(terminal: Terminal, settings: "Settings") -> None:
    shown = "127.0.0.1" if settings.host in {"0.0.0.0", "::", ""} else settings.host  # noqa: S104 -- only shown
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{settings.port}"
    first = Text(
        '先试试 · 读：/api/v1/bundles（一件事）。写：POST /api/v1/sessions，内容 {"account": "wang_owner"}，'
        '再 POST /api/v1/applications，内容 {"story": "catering_full"}。Ctrl-C 停止。',
        'Try first: GET /api/v1/bundles; or POST /api/v1/sessions with {"account": "wang_owner"}, then '
        'POST /api/v1/applications with {"story": "catering_full"}. Ctrl-C stops.',
    )
    body = Line((f"{address}/docs\n", "bold cyan"), terminal.word(first))
    title = Text("服务已就绪", "Ready")
    terminal.out.print(Panel(body, title=terminal.word(title), subtitle=ILLUSTRATIVE.say(terminal.lang)))
    terminal.out.file.flush()
