"""``province``: a whole fictional province in an empty database, for growth and for show."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands import world as opened
from app.commands.terminal import JsonOption, SpeechOption, Terminal, Unavailable, WrongUsage, terminal_of
from app.domain.vocabulary import Text

if TYPE_CHECKING:
    from app.usecases.platform import Platform
    from app.usecases.province.building import Built
    from app.usecases.province.making import Order

NOT_EMPTY = Text(
    "库里已有办件：请另设 APP_DATABASE_URL，指向一个空库（或一个尚不存在的 SQLite 文件）。",
    "The database holds cases already: point APP_DATABASE_URL at an empty one, or at an SQLite file that is not there.",
)


def province(
    context: typer.Context,
    cases: Annotated[int, typer.Option("--cases", min=1, max=10_000_000, help="多少件 · How many cases")] = 2_000,
    seed: Annotated[int, typer.Option("--seed", help="种子，相同则办件相同 · The same seed, the same cases")] = 7,
    days: Annotated[int, typer.Option("--days", min=1, max=730, help="回溯多少天 · Days back")] = 730,
    lived: Annotated[
        int | None,
        typer.Option(
            "--lived",
            min=0,
            help="最近多少件完整经历；更早且已办结的只留历史（主要过程和统计，没有内容），默认全部完整 · "
            "Newest cases lived in full; of older ones that are over only history: course and figures. Default: all",
        ),
    ] = None,
    processes: Annotated[
        int | None, typer.Option("--processes", min=1, max=64, help="几个进程 · Processes that make cases")
    ] = None,
    as_json: JsonOption = False,
    _lang: SpeechOption = None,
) -> None:
    """在空库里生成一个虚构的省（办件、评价、督办） · A fictional province in an empty database."""
    from app.usecases.platform import open_platform
    from app.usecases.province.making import Order

    terminal, in_force = terminal_of(context), opened.settings()
    if not in_force.demo:
        raise WrongUsage(
            Text("虚构的省只用于演示模式（APP_DEMO=true）。", "A province is for demonstration mode (APP_DEMO=true).")
        )
    platform = open_platform(in_force)
    try:
        order = Order(cases, seed, platform.context().at, days, lived)
        built = _built(platform, order, processes or os.cpu_count() or 1, terminal, is_quiet=as_json)
    finally:
        platform.close()
    if as_json:
        names = ("cases", "history", "rows", "days", "months")
        terminal.json({name: getattr(built, name) for name in names})
        return
    terminal.label()
    rows = sum(built.rows.values())
    text = Text(
        f"生成了 {built.cases:,} 件办件，共 {rows:,} 行；汇总 {built.days} 天、{built.months} 个月。人和事均为虚构。",
        f"Made {built.cases:,} cases in {rows:,} rows, and added up {built.days} days and {built.months} months. "
        "Everybody and everything in it is fictional.",
    )
    terminal.say(text, "green")
    if built.history:
        terminal.say(_history(built), "yellow")


def _history(built: "Built") -> Text:
    """What of it is thinner than a case that was lived."""
    lived = built.cases - built.history
    return Text(
        f"其中 {built.history:,} 件是历史办件：只有主要过程、办件信息、评价和统计，没有填报内容、材料、文书、"
        f"消息和证照，显示为内容已删除，事由为“历史办件归集”；存证链是完整的。其余 {lived:,} 件完整经历了全部规则。",
        f"{built.history:,} of them are history: milestones, tasks, ratings and figures, but no contents, papers, "
        "messages or certificates. They show as erased, on the ground that they are history; their chains are whole. "
        f"The other {lived:,} lived through all the rules.",
    )


def _built(platform: "Platform", order: "Order", processes: int, terminal: Terminal, *, is_quiet: bool) -> "Built":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from app.storage.bulk import NotEmpty
    from app.usecases.province.building import build

    told = TextColumn(terminal.word(Text("办件", "cases")))
    bar = Progress(told, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=terminal.err)
    bar.disable = is_quiet or not terminal.err.is_terminal
    try:
        with bar:
            task = bar.add_task("", total=order.cases)
            return build(platform, order, lambda done: bar.update(task, completed=done), processes)
    except NotEmpty:
        raise Unavailable(NOT_EMPTY) from None
    except KeyboardInterrupt:
        terminal.complain(
            Text(
                "已中断：写入的办件都是完整的，可以使用；要从头生成，请另用一个空库。",
                "Interrupted: what is written so far is whole and can be used; to begin anew, take an empty database.",
            )
        )
        raise
