"""``outbox``: the messages that still have to go out, and ``outbox drain``: print them and mark them as sent.

Without a mail or SMS gateway this is the gateway: what it prints has been handed over. Messages go to standard output
one by one as they are claimed, so that a reader that dies loses none: what was not printed is not marked as sent.
"""

import json
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from app.commands import world as opened
from app.commands.lines import Line
from app.commands.terminal import JsonOption, SpeechOption, Terminal, terminal_of
from app.domain.deadlines import BEIJING
from app.domain.vocabulary import ILLUSTRATIVE, Text

if TYPE_CHECKING:
    from app.storage.outbox import Backlog, Pending
    from app.usecases.outbox import Drained

outbox = typer.Typer(name="outbox")


@outbox.callback(invoke_without_command=True)
def waiting(context: typer.Context, as_json: JsonOption = False, _lang: SpeechOption = None) -> None:
    """待发送的消息；drain 逐条打印并标记已发送 · Messages that wait to be sent; drain prints and marks them."""
    if context.invoked_subcommand is not None:
        return
    from app.usecases import outbox as sending

    terminal = terminal_of(context)
    with opened.platform() as platform:
        found = sending.backlog(platform.store)
    if as_json:
        terminal.json(_counts(found))
        return
    terminal.label()
    terminal.say(_said(found))


@outbox.command()
def drain(context: typer.Context, as_json: JsonOption = False, _lang: SpeechOption = None) -> None:
    """逐条打印待发送的消息并标记已发送 · Print every message that waits, one by one, and mark it as sent."""
    from app.usecases import outbox as sending

    terminal = terminal_of(context)
    with opened.platform() as platform:
        if not as_json:
            terminal.label()
        done = sending.drain(platform.store, platform.clock, _as_json if as_json else partial(_print, terminal))
        left = sending.backlog(platform.store)
    if not as_json:
        terminal.say(_summary(done, left))


def _counts(found: "Backlog") -> dict[str, Any]:
    return {"unsent": found.unsent, "sent": found.sent, "given_up": found.given_up}


def _said(found: "Backlog") -> Text:
    return Text(
        f"待发送 {found.unsent} 条，已发送 {found.sent} 条，多次失败不再发送 {found.given_up} 条。",
        f"{found.unsent} message(s) wait, {found.sent} sent, {found.given_up} given up after too many failures.",
    )


def _summary(done: "Drained", left: "Backlog") -> Text:
    if not done.sent and not done.failed:
        return _said(left)
    return Text(
        f"本次发送 {done.sent} 条，失败 {done.failed} 条。{_said(left).zh}",
        f"Sent {done.sent}, failed {done.failed}. {_said(left).en}",
    )


def _as_json(pending: "Pending") -> None:
    """One message as one line of JSON, written before it is marked as sent."""
    told = {
        "label": {"zh": ILLUSTRATIVE.zh, "en": ILLUSTRATIVE.en},
        "id": pending.id,
        "account": pending.account,
        "kind": pending.kind,
        "title": {"zh": pending.title.zh, "en": pending.title.en},
        "body": {"zh": pending.body.zh, "en": pending.body.en},
        "created_at": pending.created_at.isoformat(),
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def _print(terminal: Terminal, pending: "Pending") -> None:
    head = f"{pending.created_at.astimezone(BEIJING):%Y-%m-%d %H:%M}  {pending.account}  "
    title, body = terminal.word(pending.title), terminal.word(pending.body)
    terminal.out.print(Line((head, "cyan"), (title, "bold"), "  ", body, hang=4))
