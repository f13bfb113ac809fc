"""``sweep``: let time pass once, for a scheduler or by hand."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands import world as opened
from app.commands.terminal import JsonOption, SpeechOption, WrongUsage, terminal_of
from app.domain.deadlines import BEIJING
from app.domain.vocabulary import Text

if TYPE_CHECKING:
    from app.settings import Settings
    from app.usecases.strays import Tidied
    from app.usecases.sweep import Swept


def sweep(
    context: typer.Context,
    at: Annotated[
        str | None,
        typer.Option("--at", help="只限演示模式：假定现在是此刻 · Demo only: as if it were now, e.g. 2026-03-20T09:00"),
    ] = None,
    files: Annotated[
        bool,
        typer.Option(
            "--files", help="同时清理没有任何申请用到的上传文件 · Also remove uploads that nothing came to use"
        ),
    ] = False,
    as_json: JsonOption = False,
    _lang: SpeechOption = None,
) -> None:
    """推进时间一次：视为受理、告知、逾期、督办 · Let time pass once: deemed acceptance, notices, lapses, chasing."""
    from app.usecases import strays
    from app.usecases import sweep as sweeping

    terminal = terminal_of(context)
    in_force = opened.settings()
    if at is not None and not in_force.demo:
        raise WrongUsage(
            Text(
                "--at 只能在演示模式（APP_DEMO=true）下使用。", "--at works in demonstration mode only (APP_DEMO=true)."
            )
        )
    moment = None if at is None else instant(at)
    with opened.platform() as platform:
        now = platform.context()
        now = now if moment is None else replace(now, at=moment)
        swept = sweeping.run(now, platform.store)
        tidied = strays.remove(platform.store, platform.world.files, grace_of(in_force)) if files else None
    if as_json:
        found = asdict(swept) | ({} if tidied is None else {"files": asdict(tidied)})
        terminal.json({"at": now.at.isoformat(), **found})
        return
    terminal.label()
    terminal.say(_said(f"{now.at:%Y-%m-%d %H:%M}", swept))
    if tidied is not None:
        terminal.say(_tidy(tidied))


def grace_of(settings: "Settings") -> timedelta:
    """How long a file may lie there unnamed."""
    return timedelta(hours=settings.stray_hours)


def _said(when: str, swept: "Swept") -> Text:
    return Text(
        f"{when}：看了 {swept.looked_at} 件申请，推进 {swept.moved} 件，新立督办事项 {swept.opened} 件，"
        f"期满删除 {swept.erased} 件{'，' + str(swept.failed) + ' 件没能处理，见日志' if swept.failed else ''}。",
        f"{when}: looked at {swept.looked_at} application(s), moved {swept.moved}, "
        f"opened {swept.opened} matter(s) of supervision, erased {swept.erased} whose time of keeping was up"
        f"{'; ' + str(swept.failed) + ' could not be worked on, see the log' if swept.failed else ''}.",
    )


def _tidy(done: "Tidied") -> Text:
    if done.is_shared:
        return Text(
            "另有数据库也用这个文件目录，没有清理：本库没有登记的文件可能是它的。请各用各的目录；"
            "那个数据库确已停用的，删去目录下 .owners 里它的标记。",
            "Another database keeps files in this folder: nothing was removed, as what this one does not name may be "
            "the other's. Give each a folder of its own; when the other is gone for good, remove its mark in .owners.",
        )
    return Text(
        f"看了 {done.looked_at} 个文件，清理没有用到的 {done.removed} 个，收拾未写完的 {done.cleared} 个。",
        f"looked at {done.looked_at} file(s), removed {done.removed} that nothing used, cleared away {done.cleared} "
        f"left half done.",
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
