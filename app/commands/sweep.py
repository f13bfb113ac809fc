"""``sweep``: let time pass once, for a scheduler or by hand."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands import world as opened
from app.commands.terminal import JsonOption, SpeechOption, WrongUsage, terminal_of
from app.domain.deadlines import BEIJING
from app.domain.vocabulary import Text

if TYPE_CHECKING:
    from app.usecases.sweep import Swept


def sweep(
    context: typer.Context,
    at: Annotated[
        str | None,
        typer.Option("--at", help="只限演示模式：假定现在是此刻 · Demo only: as if it were now, e.g. 2026-03-20T09:00"),
    ] = None,
    as_json: JsonOption = False,
    _lang: SpeechOption = None,
) -> None:
    """推进时间一次：视为受理、告知、逾期、督办 · Let time pass once: deemed acceptance, notices, lapses, chasing."""
    from app.usecases import sweep as sweeping
    from app.usecases.platform import office_clock, open_platform

    terminal = terminal_of(context)
    in_force = opened.settings()
    if at is not None and not in_force.demo:
        raise WrongUsage(
            Text(
                "--at 只能在演示模式（APP_DEMO=true）下使用。", "--at works in demonstration mode only (APP_DEMO=true)."
            )
        )
    moment = office_clock() if at is None else instant(at)
    platform = open_platform(in_force, clock=lambda: moment)
    try:
        swept = sweeping.run(platform.context(), platform.store)
    finally:
        platform.close()
    if as_json:
        counts = {"looked_at": swept.looked_at, "moved": swept.moved, "opened": swept.opened, "erased": swept.erased}
        terminal.json({"at": moment.isoformat(), **counts})
        return
    terminal.label()
    terminal.say(_said(f"{moment:%Y-%m-%d %H:%M}", swept))


def _said(when: str, swept: "Swept") -> Text:
    return Text(
        f"{when}：看了 {swept.looked_at} 件申请，推进 {swept.moved} 件，新立督办事项 {swept.opened} 件，"
        f"期满删除 {swept.erased} 件。",
        f"{when}: looked at {swept.looked_at} application(s), moved {swept.moved}, "
        f"opened {swept.opened} matter(s) of supervision, erased {swept.erased} whose time of keeping was up.",
    )


def instant(text: str) -> datetime:
    """An ISO date and time; without a zone it is Beijing time. Raises :class:`WrongUsage`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise WrongUsage(
            Text(
                "--at 须是日期和时间，例如 2026-03-20T09:00（北京时间）。",
                "--at is a date and time, such as 2026-03-20T09:00 (Beijing time).",
            )
        ) from None
    return found.replace(tzinfo=BEIJING) if found.tzinfo is None else found.astimezone(BEIJING)
