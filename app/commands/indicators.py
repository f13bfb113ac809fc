"""``indicators``: the figures of a region in the terminal, as supervision sees them at the door."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from app.commands import world as opened
from app.commands.clock import OPERATOR, day_of
from app.commands.terminal import JsonOption, SpeechOption, Terminal, terminal_of
from app.domain.figures import Dimension, Unit
from app.domain.vocabulary import Text

if TYPE_CHECKING:
    from app.schemas.indicators import FiguresOut
    from app.usecases.indicators import Wish

PROVINCE = "330000"


def indicators(
    context: typer.Context,
    region: Annotated[str, typer.Option("--region", help="区划及以下 · A region and everything inside it")] = PROVINCE,
    first: Annotated[str | None, typer.Option("--from", help="首日，默认今年 1 月 1 日 · First day")] = None,
    last: Annotated[str | None, typer.Option("--to", help="末日，默认今天 · Last day")] = None,
    bundle: Annotated[str | None, typer.Option("--bundle", help="只看一个一件事 · Only one bundle")] = None,
    by: Annotated[str | None, typer.Option("--by", help="再按此分组 · Break down by, e.g. department")] = None,
    as_json: JsonOption = False,
    _lang: SpeechOption = None,
) -> None:
    """一个区划的指标：按时、减材料、满意率…… · The indicators of a region: on time, fewer papers, satisfaction …"""
    from app.usecases.indicators import Wish

    terminal = terminal_of(context)
    dimension = None
    if by is not None:
        kind = Text("分组方式", "breakdown")
        dimension = Dimension[opened.known(by, kind, [each.value for each in Dimension]).upper()]
    wish = Wish(
        bundle=bundle,
        first=None if first is None else day_of(first),
        last=None if last is None else day_of(last),
    )
    found = _asked(region, wish, dimension)
    if as_json:
        terminal.json({name: value for name, value in found.model_dump(mode="json").items() if name != "label"})
        return
    terminal.label()
    _show(terminal, found)


def _asked(region: str, wish: "Wish", by: Dimension | None) -> "FiguresOut":
    from functools import partial

    from app.domain.applications import Actor
    from app.domain.vocabulary import Role
    from app.usecases import indicators as figures

    with opened.platform() as platform:
        code = opened.known_region(region, platform.world.catalogue.regions)
        context = platform.context(Actor(OPERATOR, Role.STEWARD, region=code))
        return platform.store.read(partial(figures.values, context, wish=wish, by=by, cursor=None, limit=500))


def _show(terminal: Terminal, found: "FiguresOut") -> None:
    span = Text(f"{found.first_day} 至 {found.last_day}", f"{found.first_day} to {found.last_day}")
    terminal.say(Text(f"{found.region_name.zh}，{span.zh}", f"{found.region_name.en}, {span.en}"), "bold")
    terminal.out.print(_table(terminal, found))


def _table(terminal: Terminal, found: "FiguresOut") -> Table:
    """One line for each indicator; one column for each group after the whole."""
    from app.domain.indicators import INDICATORS

    table = Table(box=None, pad_edge=False)
    table.add_column(terminal.word(Text("指标", "Indicator")))
    table.add_column(terminal.word(Text("合计", "All")), justify="right")
    for group in found.groups:
        table.add_column(terminal.word(group.name), justify="right")
    for place, total in enumerate(found.total):
        unit = INDICATORS[total.code].unit
        cells = [total, *(group.values[place] for group in found.groups)]
        name = terminal.word(INDICATORS[total.code].name)
        table.add_row(name, *(_read(cell.value, unit) for cell in cells))
    return table


def _read(amount: float | None, unit: Unit) -> str:
    if amount is None:
        return "—"
    return f"{amount:.1%}" if unit is Unit.SHARE else f"{amount:.2f}"
