"""``capacity``: how many officers a desk needs, run from the packs; no case is read and nothing is stored."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from app.commands import world as opened
from app.commands.clock import OPERATOR
from app.commands.terminal import JsonOption, SpeechOption, Terminal, WrongUsage, terminal_of
from app.domain.vocabulary import Text

if TYPE_CHECKING:
    from app.schemas.capacity import CapacityOut, CapacityWish, DeskNeedOut

MOST_CASES = 500_000
"""Cases of all runs together; about two minutes of one core."""
BAR = 24
"""Letters of a full bar."""


def capacity(
    context: typer.Context,
    bundle: Annotated[str, typer.Argument(help="一件事的代码 · Code of a bundle")] = "catering",
    region: Annotated[str, typer.Option("--region", help="县级区划代码 · Code of a county")] = "330802",
    per_day: Annotated[float, typer.Option("--per-day", min=0.1, max=500, help="每天到几件 · Cases a day")] = 4.0,
    days: Annotated[int, typer.Option("--days", min=5, max=250, help="推演多少工作日 · Working days")] = 60,
    officers: Annotated[
        str, typer.Option("--officers", help="每个窗口几个人：1-4 或 1,3,5 · Officers at each desk")
    ] = "1-4",
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="随机种子 · Seed of chance")] = 1,
    as_json: JsonOption = False,
    _lang: SpeechOption = None,
) -> None:
    """产能推演：每个窗口几个人才不积压 · How many officers a desk needs: waiting, lights, on time."""
    from app.schemas.capacity import CapacityWish

    terminal = terminal_of(context)
    wish = CapacityWish(bundle=bundle, region=region, per_day=per_day, days=days, officers=numbers(officers), seed=seed)
    found = _asked(wish)
    if as_json:
        terminal.json(found.model_dump(mode="json"))
        return
    terminal.label()
    _show(terminal, found)


def numbers(text: str) -> list[int]:
    """``1-4`` or ``1,3,5`` as numbers; raises :class:`WrongUsage`."""
    from app.schemas.capacity import MOST_OFFICERS

    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if not (first.strip().isdecimal() and (last.strip().isdecimal() or not dash)):
            raise _not_numbers(text)
        found += range(int(first), int(last or first) + 1) if len(first + last) < 9 else [0]
    if not found or len(found) > 8 or min(found) < 1 or max(found) > MOST_OFFICERS:
        raise _not_numbers(text)
    return found


def _not_numbers(text: str) -> WrongUsage:
    shown = " ".join(text.split())[:40]
    return WrongUsage(
        Text(
            f"--officers 写的是“{shown}”：请写一至八种人数，每种 1 到 50，如 1-4 或 1,3,5。",
            f"--officers says “{shown}”: give one to eight numbers of officers from 1 to 50, such as 1-4 or 1,3,5.",
        )
    )


def _asked(wish: "CapacityWish") -> "CapacityOut":
    from app.domain.applications import Actor
    from app.domain.vocabulary import Role
    from app.usecases import capacity as estimating
    from app.usecases.context import Context
    from app.usecases.platform import office_clock, open_world

    world = open_world(opened.settings())
    opened.known(wish.bundle, Text("一件事", "bundle"), world.library.bundles)
    region = opened.known_region(wish.region or "", world.catalogue.regions)
    steward = Actor(OPERATOR, Role.STEWARD, region=region)
    return estimating.estimate(Context(world, office_clock(), steward), wish, MOST_CASES)


def _show(terminal: Terminal, found: "CapacityOut") -> None:
    what = Text(
        f"{found.bundle_name.zh}，{found.region_name.zh}：每天约 {found.per_day:g} 件，{found.days} 个工作日",
        f"{found.bundle_name.en}, {found.region_name.en}: about {found.per_day:g} cases a day, "
        f"{found.days} working days",
    )
    terminal.say(what, "bold")
    terminal.out.print(_table(terminal, found))
    terminal.say(_verdict(found))
    for need in found.needs:
        terminal.say(_need(need))
    terminal.say(Text(found.assumptions.zh, found.assumptions.en), "dim")


def _verdict(found: "CapacityOut") -> Text:
    if found.enough is None:
        return Text(
            f"试过的人数都达不到 {found.target:.0%} 按时：请加人再试。",
            f"None of these reaches {found.target:.0%} on time: try more officers.",
        )
    return Text(
        f"每个窗口 {found.enough} 人即可达到 {found.target:.0%} 按时。",
        f"{found.enough} officers at each desk are enough for {found.target:.0%} on time.",
    )


def _need(need: "DeskNeedOut") -> Text:
    if need.enough is None:
        return Text(f"· {need.name.zh}：还要更多人", f"· {need.name.en}: needs more")
    return Text(f"· {need.name.zh}：{need.enough} 人", f"· {need.name.en}: {need.enough}")


def _table(terminal: Terminal, found: "CapacityOut") -> Table:
    """One line for each run: the share on time as a bar, waiting, backlog, and the busiest desk."""
    table = Table(box=None, pad_edge=False)
    for title in (Text("人数", "Officers"), Text("按时", "On time"), Text("", "")):
        table.add_column(terminal.word(title), no_wrap=True)
    for title in (Text("等待(日) P95", "Wait P95, days"), Text("积压", "Open")):
        table.add_column(terminal.word(title), justify="right")
    table.add_column(terminal.word(Text("最忙的窗口", "Busiest desk")))
    for run in found.runs:
        whole, busiest = run.whole, run.desks[0]
        share = whole.on_time
        table.add_row(
            str(run.officers),
            "—" if share is None else f"{share:.1%}",
            "" if share is None else "█" * round(share * BAR),
            "—" if whole.wait_p95 is None else f"{whole.wait_p95:.1f}",
            str(whole.open),
            f"{terminal.word(Text(busiest.name.zh, busiest.name.en))} {busiest.use:.0%}",
        )
    return table
