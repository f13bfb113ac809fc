"""``offers``: look once for people to whom something can be offered without an application."""

import typer

from app.commands import world as opened
from app.commands.terminal import JsonOption, SpeechOption, terminal_of
from app.domain.vocabulary import Text


def offers(context: typer.Context, as_json: JsonOption = False, _lang: SpeechOption = None) -> None:
    """按数据找一次可以免申即享的人 · Look once, by data, for people to whom something can be offered."""
    from app.usecases import offering

    terminal = terminal_of(context)
    with opened.platform() as platform:
        done = offering.run(platform.context().as_system(), platform.store)
    if as_json:
        terminal.json({"looked_at": done.looked_at, "made": done.made, "expired": done.expired})
        return
    terminal.label()
    terminal.say(
        Text(
            f"看了 {done.looked_at} 人，新提供 {done.made} 项免申即享，{done.expired} 项过期。",
            f"Looked at {done.looked_at} people, made {done.made} offer(s), {done.expired} ran out.",
        )
    )
