"""``clock``: the office's time, and in a demonstration moving it from the shell, as a supervisor does at the door."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands import world as opened
from app.commands.terminal import JsonOption, SpeechOption, Terminal, WrongUsage, terminal_of
from app.domain.vocabulary import Text

if TYPE_CHECKING:
    from app.schemas.clocks import ClockChange, ClockOut

clock = typer.Typer(name="clock")
OPERATOR = "command"
"""Stands as who moved the clock."""
EraseOption = Annotated[
    bool, typer.Option("--erase", help="同意删除保存期届满的草稿和档案 · Agree that files whose time is up are erased")
]


@clock.callback(invoke_without_command=True)
def shown(context: typer.Context, as_json: JsonOption = False, _lang: SpeechOption = None) -> None:
    """办公时间；advance、set、reset 调整它（限演示）· The office's time; advance, set, reset move it (demo only)."""
    if context.invoked_subcommand is None:
        show(context, as_json)


@clock.command()
def show(context: typer.Context, as_json: JsonOption = False, _lang: SpeechOption = None) -> None:
    """现在是什么时间 · What time it is."""
    from app.usecases import clock as clocks

    with opened.platform() as platform:
        found = clocks.show(platform.context())
    _tell(terminal_of(context), found, as_json=as_json)


@clock.command()
def advance(
    context: typer.Context,
    days: Annotated[int, typer.Argument(min=1, max=3660, help="往后几天 · How many days further")] = 1,
    working: Annotated[bool, typer.Option("--working", help="按工作日 · Working days")] = False,
    erase: EraseOption = False,
    as_json: JsonOption = False,
    _lang: SpeechOption = None,
) -> None:
    """往后推，到期的事随即发生 · Move it further; what is due by then happens."""
    from app.schemas.clocks import ClockChange

    wish = ClockChange(working_days=days, erases=erase) if working else ClockChange(days=days, erases=erase)
    _move(terminal_of(context), wish, as_json=as_json)


@clock.command("set")
def set_to(
    context: typer.Context,
    day: Annotated[str, typer.Argument(help="日期 · A date, e.g. 2026-12-01")],
    erase: EraseOption = False,
    as_json: JsonOption = False,
    _lang: SpeechOption = None,
) -> None:
    """调到某一天 · Be at a date."""
    from app.schemas.clocks import ClockChange

    _move(terminal_of(context), ClockChange(today=day_of(day), erases=erase), as_json=as_json)


@clock.command()
def reset(context: typer.Context, as_json: JsonOption = False, _lang: SpeechOption = None) -> None:
    """回到真实日期 · Back to the real date."""
    from app.schemas.clocks import ClockChange

    _move(terminal_of(context), ClockChange(reset=True), as_json=as_json)


def day_of(text: str) -> date:
    """An ISO date. Raises :class:`WrongUsage`."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        raise WrongUsage(Text("日期形如 2026-12-01。", "A date looks like 2026-12-01.")) from None


def _move(terminal: Terminal, wish: "ClockChange", *, as_json: bool) -> None:
    from app.domain.applications import Actor
    from app.domain.vocabulary import Role
    from app.usecases import clock as clocks

    if not opened.settings().demo:
        raise WrongUsage(
            Text(
                "只有演示模式（APP_DEMO=true）才能调整时钟。",
                "The clock can be moved in demonstration mode only (APP_DEMO=true).",
            )
        )
    with opened.platform() as platform:
        found = clocks.change(platform, platform.context(Actor(OPERATOR, Role.SUPERVISOR)), wish)
    _tell(terminal, found, as_json=as_json)


def _tell(terminal: Terminal, found: "ClockOut", *, as_json: bool) -> None:
    if as_json:
        terminal.json(found.model_dump(mode="json"))
        return
    terminal.label()
    working = Text("工作日", "a working day") if found.is_working_day else Text("非工作日", "not a working day")
    ahead = Text("", "")
    if found.shift_days:
        ahead = Text(f"，比真实日期差 {found.shift_days:+d} 天", f", {found.shift_days:+d} day(s) from the real date")
    when = f"{found.office_at:%Y-%m-%d %H:%M}"
    terminal.say(Text(f"办公时间：{when}，{working.zh}{ahead.zh}。", f"Office time: {when}, {working.en}{ahead.en}."))
    if found.note is not None:
        terminal.say(found.note)
    if found.moved is not None:
        terminal.say(Text(f"时间推进了 {found.moved} 件申请。", f"Time moved {found.moved} application(s)."))
