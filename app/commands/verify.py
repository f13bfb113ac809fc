"""``verify``: is everything on record what it was when it was written? Reads only, also beside a running server."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands import world as opened
from app.commands.exits import Exit
from app.commands.terminal import JsonOption, SpeechOption, Terminal, WrongUsage, terminal_of
from app.domain.vocabulary import Text

if TYPE_CHECKING:
    from app.domain.tampering import Finding
    from app.storage.proofs import SignedCheckpoint
    from app.usecases.verification import Progress, Report, Wish


def verify(
    context: typer.Context,
    application: Annotated[
        str | None, typer.Option("--application", help="只核验一件：办件编号或 id · One case: its reference or id")
    ] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option(
            "--checkpoint",
            help="留存在别处的检查点或存证凭证（JSON），与库里的比对 · A checkpoint or receipt kept elsewhere (JSON)",
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="演示模式下也把不合的时间算作错误 · Times that do not fit are errors in a demo too"
        ),
    ] = False,
    processes: Annotated[
        int | None,
        typer.Option(
            "--processes",
            min=1,
            max=64,
            help="用几个进程，默认看事件数和处理器数 · How many processes; by default it depends on the record",
        ),
    ] = None,
    as_json: JsonOption = False,
    _lang: SpeechOption = None,
) -> None:
    """核验全部记录未被改动，指出第一处 · Verify that nothing on record was altered; names the first bad row."""
    from app.usecases.verification import Wish

    terminal = terminal_of(context)
    settings = opened.settings()
    witness = None if checkpoint is None else _witness(checkpoint)
    with _Bar(terminal, is_shown=not as_json and application is None) as progress:
        report = _run(Wish(application, strict or not settings.demo, witness, progress), processes)
    if as_json:
        terminal.json(_plain(report))
    else:
        _tell(terminal, report)
    if report.finding is not None:
        raise typer.Exit(Exit.REFUSED)


def _run(wish: "Wish", processes: int | None) -> "Report":
    """Open the database as it is: nothing is migrated, stored or signed on the way."""
    from app.storage.store import Store
    from app.usecases import verification, verification_parts
    from app.usecases.context import TrueDice
    from app.usecases.platform import Platform, office_clock, open_world, vault_of

    settings = opened.settings()
    opened.must_exist(settings.database_url)
    world = open_world(settings)
    vault = vault_of(settings, world.keys)
    store = Store(settings.database_url, settings.sqlite_synchronous, vault, settings.proof_hash)
    platform = Platform(settings, world, store, office_clock, TrueDice())
    try:
        wanted = verification_parts.processes_for(store.read(lambda reader: reader.count("event")), processes)
        if wanted == 1 or wish.reference is not None:
            return verification.run(platform.context(), store, wish)
        source = verification_parts.Source(settings.database_url, world.keys.dumped(), settings.proof_hash)
        return verification_parts.run(source, wish, wanted)
    finally:
        platform.close()


class _Bar:
    """A progress bar on standard error, where a person looks at it."""

    def __init__(self, terminal: Terminal, *, is_shown: bool) -> None:
        from rich.progress import Progress

        label = terminal.word(Text("核验事件", "Verifying events"))
        self._bar = Progress(console=terminal.err, transient=True, disable=not (is_shown and terminal.err.is_terminal))
        self._task = self._bar.add_task(label, total=None)

    def __enter__(self) -> "Progress":
        self._bar.start()
        return lambda done, total: self._bar.update(self._task, completed=done, total=total)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def _witness(file: Path) -> "SignedCheckpoint":
    """The checkpoint in a file as the API gives it, alone or inside a receipt. Raises :class:`WrongUsage`."""
    from app.domain.proof import Checkpoint
    from app.storage.keys import Signature
    from app.storage.proofs import SignedCheckpoint

    try:
        found: dict[str, Any] = json.loads(file.read_text("utf-8"))
        found = found.get("checkpoint", found)
        values = {name: found[name] for name in Checkpoint.__slots__}
        kept = Checkpoint(**{**values, "at": datetime.fromisoformat(found["at"])})
        return SignedCheckpoint(kept, Signature(found["key"], bytes.fromhex(found["signature"])))
    except (ValueError, KeyError, TypeError, AttributeError):
        text = Text(
            f"{file.name} 不是检查点，也不是存证凭证。可从 GET /api/v1/proof/checkpoints 取得。",
            f"{file.name} is neither a checkpoint nor a receipt. GET /api/v1/proof/checkpoints gives them.",
        )
        raise WrongUsage(text) from None


def _tell(terminal: Terminal, report: "Report") -> None:
    terminal.label()
    if report.remarks:
        first, count = report.remarks[0].sentence, report.remark_count
        remark = Text(
            f"备注：{count} 个事件的时间前后不合，演示模式的时钟可调，不算错误（--strict 时算）。首处：{first.zh}。",
            f"Remark: the times of {count} events do not fit, which is no error in a demonstration whose clock may be "
            f"moved (with --strict it is). The first: {first.en}.",
        )
        terminal.say(remark, "yellow")
    terminal.say(_looked_at(report))
    if report.finding is not None:
        terminal.complain(report.finding.sentence)
        return
    terminal.say(
        Text("✓ 没有发现改动。", "✓ Nothing was altered, as far as anybody can tell from within."), "bold green"
    )


def _looked_at(report: "Report") -> Text:
    top = report.newest
    signed = (
        Text(f"最新检查点 {top.size} 叶，根 {top.root}。", f" The newest has {top.size} leaves, root {top.root}.")
        if top is not None
        else Text("", "")
    )
    taken_over = (
        Text(
            f"其中 {report.history} 件是归集来的历史办件，只有主要过程；",
            f", {report.history} of them history that was taken over without its content",
        )
        if report.history
        else Text("", "")
    )
    return Text(
        f"看了 {report.cases} 件申请的 {report.events} 个事件，"
        f"以及 {report.records} 条数据调用、文书、同意、评价和消息的记录（{report.erased} 件已删除个人信息，"
        f"只核验办理过程；{taken_over.zh}{report.waiting} 行还没编入存证树），{report.leaves} 叶，"
        f"{report.checkpoints} 个检查点。{signed.zh}",
        f"Looked at {report.events} events of {report.cases} cases and {report.records} records of looks at data, "
        f"papers, consents, ratings and messages ({report.erased} cases are erased: their course alone was checked"
        f"{taken_over.en}; {report.waiting} rows are not in the tree yet), {report.leaves} leaves and "
        f"{report.checkpoints} checkpoints.{signed.en}",
    )


def _plain(report: "Report") -> dict[str, Any]:
    names = ("cases", "events", "records", "erased", "history", "waiting", "leaves", "checkpoints", "remark_count")
    top = report.newest
    return {
        "is_intact": report.finding is None,
        "finding": None if report.finding is None else _finding(report.finding),
        **{name: getattr(report, name) for name in names},
        "newest": None if top is None else {"size": top.size, "root": top.root, "at": top.at.isoformat()},
        "remarks": [_finding(remark) for remark in report.remarks],
    }


def _finding(found: "Finding") -> dict[str, Any]:
    said = found.sentence
    return {"what": found.what.value, "table": found.table, "key": found.key, "zh": said.zh, "en": said.en}
