"""``bench``: how fast the app is, each measurement beside its own baseline in the same run.

What measures stands with the tests, because it drives the app from outside; an installed app has it not.
"""

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Final

import typer

from app.commands import world as opened
from app.commands.exits import Exit
from app.commands.terminal import SpeechOption, Terminal, WrongUsage, terminal_of
from app.domain.vocabulary import Text

ROOT: Final = Path(__file__).parents[2]
KINDS: Final = ("sqlite", "postgresql")
NOT_HERE: Final = Text(
    "测量程序在源码的 tests/bench 里，安装的应用不带：请在源码目录里运行，并先安装 dev 依赖"
    "（pip install -e '.[dev]'）。",
    "What measures is in tests/bench of the sources, and an installed app has it not: run this in the source tree "
    "with the dev dependencies (pip install -e '.[dev]').",
)

bench = typer.Typer(name="bench", help="性能测量，与各自的基准同场比较 · Measurements, each beside its baseline")

Database = Annotated[
    str, typer.Option("--database", help="sqlite、postgresql，用逗号隔开 · Databases, separated by commas")
]
Rounds = Annotated[int, typer.Option("--rounds", min=1, max=1_000, help="几轮 · Rounds")]
Clients = Annotated[int, typer.Option("--clients", min=1, max=256, help="几个客户端同时 · Clients at once")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="种子 · Seed of chance")]
JsonFile = Annotated[
    Path | None, typer.Option("--json", dir_okay=False, help="结果另存为 JSON · Also keep the result as JSON")
]
Profile = Annotated[bool, typer.Option("--profile", help="另测时间用在哪里 · Also sample where the time goes")]
BOTH: Final = ",".join(KINDS)
ALL: Final = ("case", "submit", "plan", "growth", "desk", "workers", "start")
TOGETHER: Final[dict[str, dict[str, Any]]] = {
    "case": {"rounds": 3, "cases": 3, "profile": True},
    "submit": {"rounds": 4, "profile": True},
    "plan": {"rounds": 3},
    "growth": {"sizes": (500, 5_000), "rounds": 20, "days": 180, "lived": 100},
    "desk": {"tasks": 4_000, "rounds": 3},
    "workers": {"rounds": 3},
    "start": {"rounds": 3},
}
"""What ``bench all`` asks for: about a quarter of an hour in all, on two calm cores."""
TINY: Final[dict[str, dict[str, Any]]] = {
    "case": {"rounds": 1, "cases": 1, "clients": (1,)},
    "submit": {"rounds": 1, "pieces": 8, "clients": 4},
    "plan": {"rounds": 1, "seconds": 0.1, "previews": 8},
    "growth": {"sizes": (20, 60), "rounds": 2, "days": 20, "lived": 10},
    "desk": {"tasks": 60, "rounds": 1, "cases": 1, "clients": (1,)},
    "workers": {"rounds": 1, "seconds": 1, "reads": 20, "writes": 4, "clients": 4},
    "start": {"rounds": 1, "requests": 20},
}
"""The least of everything, to see that it runs: the figures mean nothing."""


@bench.callback(invoke_without_command=True)
def listed(context: typer.Context) -> None:
    """性能测量，与各自的基准同场比较 · Measurements, each beside its baseline."""
    if context.invoked_subcommand is None:
        terminal_of(context).out.print(context.get_help())


@bench.command()
def case(
    context: typer.Context,
    database: Database = BOTH,
    clients: Annotated[str, typer.Option("--clients", help="客户端数，如 1,4 · Numbers of clients")] = "1,4",
    rounds: Rounds = 5,
    cases: Annotated[int, typer.Option("--cases", min=1, help="每轮每客户端几件 · Cases of a client a round")] = 4,
    profile: Profile = False,
    seed: Seed = 1,
    json: JsonFile = None,
    _lang: SpeechOption = None,
) -> None:
    """整件：从申报到末张证照，与简单应用相比 · Whole cases over HTTP, beside a bare app."""
    wish = {"clients": _numbers(clients), "rounds": rounds, "cases": cases, "seed": seed}
    _run(context, "case", json, databases=_kinds(database), profile=profile, **wish)


@bench.command()
def submit(
    context: typer.Context,
    database: Database = BOTH,
    clients: Clients = 16,
    rounds: Rounds = 5,
    pieces: Annotated[int, typer.Option("--pieces", min=1, help="每轮几次申报 · Submissions a round")] = 64,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help="PostgreSQL 上的进程数 · Processes on PostgreSQL")
    ] = 2,
    profile: Profile = False,
    seed: Seed = 1,
    json: JsonFile = None,
    _lang: SpeechOption = None,
) -> None:
    """申报，与驱动层直接写同样的行相比 · Submissions, beside the driver writing the same rows."""
    wish = {"clients": clients, "rounds": rounds, "pieces": pieces, "workers": workers, "seed": seed}
    _run(context, "submit", json, databases=_kinds(database), profile=profile, **wish)


@bench.command()
def plan(
    context: typer.Context,
    rounds: Rounds = 5,
    seconds: Annotated[float, typer.Option("--seconds", min=0.01, help="每轮每个几秒 · Seconds of a turn")] = 1.0,
    clients: Clients = 4,
    previews: Annotated[int, typer.Option("--previews", min=0, help="每轮几次预览 · Previews a round")] = 200,
    seed: Seed = 1,
    json: JsonFile = None,
    _lang: SpeechOption = None,
) -> None:
    """分办方案每秒多少个 · Plans per second, in process and over HTTP."""
    _run(context, "plan", json, rounds=rounds, seconds=seconds, clients=clients, previews=previews, seed=seed)


@bench.command()
def growth(
    context: typer.Context,
    database: Database = BOTH,
    sizes: Annotated[str, typer.Option("--sizes", help="各有多少件，由小到大 · Cases, smallest first")] = "500,5000",
    url: Annotated[
        list[str] | None, typer.Option("--url", help="已由 province 填好的库，可多次 · A filled database, repeatable")
    ] = None,
    lived: Annotated[
        int | None, typer.Option("--lived", min=0, help="见 province --lived · As for province --lived")
    ] = None,
    rounds: Rounds = 20,
    seed: Seed = 7,
    json: JsonFile = None,
    _lang: SpeechOption = None,
) -> None:
    """办件增多后，收件箱、清单、灯、指标慢多少 · How pages slow down as a province grows."""
    wish = {"sizes": _numbers(sizes), "urls": tuple(url or ()), "lived": lived, "rounds": rounds, "seed": seed}
    _run(context, "growth", json, databases=_kinds(database), **wish)


@bench.command()
def desk(
    context: typer.Context,
    database: Database = BOTH,
    tasks: Annotated[int, typer.Option("--tasks", min=10, help="约有多少在办办件 · Open tasks, about")] = 10_000,
    clients: Annotated[str, typer.Option("--clients", help="客户端数，如 1,4 · Numbers of clients")] = "1,4",
    rounds: Rounds = 5,
    cases: Annotated[int, typer.Option("--cases", min=1, help="每轮每客户端几件 · Cases of a client a round")] = 2,
    seed: Seed = 7,
    json: JsonFile = None,
    _lang: SpeechOption = None,
) -> None:
    """在办很多时，打开收件箱和作决定要多久 · Inbox and decision with many open tasks."""
    wish = {"tasks": tasks, "clients": _numbers(clients), "rounds": rounds, "cases": cases, "seed": seed}
    _run(context, "desk", json, databases=_kinds(database), **wish)


@bench.command()
def workers(
    context: typer.Context,
    workers: Annotated[int, typer.Option("--workers", min=2, max=64, help="几个进程 · Processes")] = 2,
    clients: Clients = 16,
    rounds: Rounds = 5,
    seconds: Annotated[
        int, typer.Option("--seconds", min=1, help="wrk 每轮读几秒 · Seconds of reads a round, by wrk")
    ] = 5,
    reads: Annotated[int, typer.Option("--reads", min=1, help="无 wrk 时每轮几次读 · Reads a round, else")] = 400,
    writes: Annotated[int, typer.Option("--writes", min=1, help="每轮几件写 · Cases written a round")] = 24,
    seed: Seed = 1,
    json: JsonFile = None,
    _lang: SpeechOption = None,
) -> None:
    """几个进程与一个相比，写入有无丢失（PostgreSQL） · Several processes beside one; is any write lost."""
    wish = {"workers": workers, "clients": clients, "rounds": rounds, "seed": seed}
    _run(context, "workers", json, **wish, seconds=seconds, reads=reads, writes=writes)


@bench.command()
def start(
    context: typer.Context,
    database: Database = KINDS[0],
    rounds: Rounds = 5,
    requests: Annotated[int, typer.Option("--requests", min=1, help="几次请求后量内存 · Requests first")] = 1_000,
    seed: Seed = 1,
    json: JsonFile = None,
    _lang: SpeechOption = None,
) -> None:
    """冷启动到首页、导入耗时、内存 · Cold start to the first page, imports, memory."""
    _run(context, "start", json, databases=_kinds(database), rounds=rounds, requests=requests, seed=seed)


@bench.command(name="all")
def everything(
    context: typer.Context,
    json: JsonFile = None,
    only: Annotated[str, typer.Option("--only", help="只测这些 · Only these")] = ",".join(ALL),
    tiny: Annotated[
        bool, typer.Option("--tiny", help="只看能否跑通，数字没有意义 · Only whether it runs; the figures mean nothing")
    ] = False,
    _lang: SpeechOption = None,
) -> None:
    """逐项测量，两个空闲的核约一刻钟；README 的表格由此而来 · Everything, a quarter of an hour; README's table."""
    terminal = terminal_of(context)
    names = [opened.known(name.strip(), Text("测量", "measurement"), ALL) for name in only.split(",")]
    _look_at(json)
    terminal.label()
    for name in names:
        report = _measured(terminal, name, **(TINY if tiny else TOGETHER)[name])
        _show(terminal, report)
        _keep(terminal, json, name, report)  # what is done is kept, should a later one fail


def _run(context: typer.Context, name: str, json: Path | None, **wish: Any) -> None:
    terminal = terminal_of(context)
    _look_at(json)
    report = _measured(terminal, name, **wish)
    terminal.label()
    _show(terminal, report)
    _keep(terminal, json, name, report)


def _measured(terminal: Terminal, name: str, **wish: Any) -> Any:
    measuring = _measuring(name)
    try:
        return measuring.measure(measuring.Wish(**wish))
    except _loaded("tests.bench.wire").Unexpected as error:
        text = Text("测量中止：应答或库里的数不对。", "Stopped: an answer or a count is not right.")
        terminal.complain(text, [str(error)])
        raise typer.Exit(Exit.REFUSED) from None


def _show(terminal: Terminal, report: Any) -> None:
    _loaded("tests.bench.printed").show(report, terminal.lang, terminal.out.file)


def _keep(terminal: Terminal, file: Path | None, name: str, report: Any) -> None:
    """Keep the report in the file, beside others that it holds."""
    if file is not None:
        _loaded("tests.bench.summary").keep(file, {name: report})
        terminal.say(Text(f"结果另存于 {file}。", f"Also kept in {file}."), "dim")


def _look_at(file: Path | None) -> None:
    """Before anything is measured: raises :class:`WrongUsage` for a file that holds something else."""
    if file is None or not file.exists():
        return
    _measuring("summary")
    try:
        _loaded("tests.bench.summary").held(file)
    except ValueError:
        text = Text(
            f"{file} 里不是测量结果：原样保留，请换一个文件。",
            f"{file} holds no measurements: it stays as it is, name another file.",
        )
        raise WrongUsage(text) from None


def _measuring(name: str) -> ModuleType:
    """The module that measures; raises :class:`WrongUsage` where there is none."""
    if not (ROOT / "tests" / "bench" / f"{name}.py").is_file():
        raise WrongUsage(NOT_HERE)
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    try:
        return _loaded(f"tests.bench.{name}")
    except ModuleNotFoundError as error:
        raise WrongUsage(NOT_HERE, [Text(str(error), str(error))]) from None


def _loaded(name: str) -> ModuleType:
    return importlib.import_module(name)


def _kinds(text: str) -> tuple[str, ...]:
    """``sqlite,postgresql`` as names; raises :class:`WrongUsage`."""
    kinds = tuple(part.strip() for part in text.split(","))
    if not set(kinds) <= set(KINDS):
        raise WrongUsage(Text("--database 只能是 sqlite 或 postgresql。", "--database is sqlite, postgresql or both."))
    return kinds


def _numbers(text: str) -> tuple[int, ...]:
    """``1,4`` as numbers; raises :class:`WrongUsage`."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and len(part) < 9 and int(part) > 0 for part in parts):
        raise WrongUsage(Text("请写正整数，用逗号隔开，如 1,4。", "Give whole numbers above 0, such as 1,4."))
    return tuple(map(int, parts))
