"""``rollups``: the sums behind the indicators, made afresh, and compared with the cases they come from."""

import typer

from app.commands import world as opened
from app.commands.terminal import JsonOption, SpeechOption, terminal_of
from app.domain.vocabulary import Text

rollups = typer.Typer(
    name="rollups", help="指标的日、月汇总 · The daily and monthly sums behind the indicators", no_args_is_help=True
)


@rollups.command()
def rebuild(context: typer.Context, as_json: JsonOption = False, _lang: SpeechOption = None) -> None:
    """全部重新汇总 · Forget every sum and add up again."""
    from app.usecases import rollups as sums

    terminal = terminal_of(context)
    with opened.platform() as platform:
        done = sums.rebuild(platform.context().as_system(), platform.store)
    if as_json:
        terminal.json({"days": done.days, "months": done.months})
        return
    terminal.label()
    terminal.say(
        Text(
            f"重新汇总了 {done.days} 天、{done.months} 个月。",
            f"Added up {done.days} day(s) and {done.months} month(s).",
        )
    )


@rollups.command()
def reconcile(context: typer.Context, as_json: JsonOption = False, _lang: SpeechOption = None) -> None:
    """逐件核对，不一致的按办件改正 · Compare with every case, and set right what differs."""
    from app.usecases import rollups as sums

    terminal = terminal_of(context)
    with opened.platform() as platform:
        mended = sums.reconcile(platform.store)
    if as_json:
        terminal.json({"mended": mended})
        return
    terminal.label()
    if mended:
        text = Text(f"改正了 {mended} 件申请的计数。", f"Set right the counts of {mended} application(s).")
        terminal.say(text, "yellow")
        return
    terminal.say(Text("汇总与办件一致。", "The sums agree with the cases."), "green")
