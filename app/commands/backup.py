"""``backup`` and ``restore``: everything into a folder, beside a server that runs; and back into an empty place."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app import __version__
from app.commands import verify
from app.commands import world as opened
from app.commands.terminal import JsonOption, SpeechOption, Unavailable, WrongUsage, terminal_of
from app.domain.vocabulary import Text

if TYPE_CHECKING:
    from app.settings import Settings

Folder = Annotated[Path, typer.Argument(help="备份目录 · Folder of the backup")]
KEYS, SECRET = "keys.json", "secret.key"
WITH_KEYS = Text(
    "备份里有密钥（明文）：谁拿到这个目录，谁就能打开全部内容。请把 keys.json 和 secret.key 移到别处分开保管。",
    "The backup holds the keys, in clear: whoever has the folder can open everything. Move keys.json and secret.key "
    "elsewhere and keep them apart.",
)
WITHOUT_KEYS = Text(
    "备份里没有密钥。请另行备份密钥环和密钥文件：没有它们，加密的内容打不开。",
    "The keys are not in the backup. Back the key ring and the secret file up apart: nothing sealed opens without "
    "them.",
)


def backup(
    context: typer.Context,
    folder: Folder,
    keys: Annotated[bool, typer.Option("--keys", help="连同密钥（明文，请妥善保管）· With the keys, in clear")] = False,
    as_json: JsonOption = False,
    _lang: SpeechOption = None,
) -> None:
    """备份数据库和上传的文件，服务不用停 · Back up database and files, beside a running server."""
    from app.storage import backups

    terminal, settings = terminal_of(context), opened.settings()
    opened.must_exist(settings.database_url)
    taken = {name: path for name, path in _secrets(settings).items() if path.exists()} if keys else {}
    try:
        made = backups.make(folder, settings.database_url, settings.files_folder, taken, __version__)
    except backups.TargetInUse as error:
        raise WrongUsage(Text(f"备份目录 {error} 不是空的。", f"The folder {error} is not empty.")) from None
    except backups.ProgramMissing as error:
        raise _program(str(error)) from None
    size = sum(int(entry["size"]) for entry in made.files.values())
    if as_json:
        terminal.json({"folder": str(folder), "files": len(made.files), "bytes": size, "has_keys": made.has_keys})
        return
    terminal.label()
    text = Text(
        f"已备份 {len(made.files)} 个文件，共 {size} 字节。", f"Backed up {len(made.files)} files, {size} bytes."
    )
    terminal.say(text, "green")
    terminal.say(WITH_KEYS if made.has_keys else WITHOUT_KEYS, "yellow")


def restore(context: typer.Context, folder: Folder, _lang: SpeechOption = None) -> None:
    """把备份恢复到空的地方，然后核验 · Restore a backup into an empty place, then verify it."""
    from app.storage import backups

    terminal, settings = terminal_of(context), opened.settings()
    with _refusals(folder):
        manifest = backups.opened(folder)
        keys = {name: path for name, path in _secrets(settings).items() if name in manifest.files}
        _must_have_keys(settings, keys)
        backups.restore(folder, manifest, settings.database_url, settings.files_folder, keys)
    terminal.say(
        Text(
            f"已恢复 {len(manifest.files)} 个文件，现在核验。", f"Restored {len(manifest.files)} files; now verifying."
        ),
        "green",
    )
    head = folder / backups.HEAD
    verify.verify(context, None, head if head.exists() else None)


@contextmanager
def _refusals(folder: Path) -> Iterator[None]:
    """Say why a backup cannot be restored, and how to mend it."""
    from app.storage import backups

    try:
        yield
    except (backups.NoBackup, backups.BackupForeign, backups.BackupUnusable) as error:
        raise Unavailable(_unusable(folder, error)) from None
    except backups.TargetInUse as error:
        text = Text(
            f"{error} 已经有内容，不会覆盖。请在 APP_DATABASE_URL、APP_FILES_FOLDER、APP_KEYS_FILE 和 APP_SECRET_FILE "
            "里指定空的地方。",
            f"There is something at {error} already; nothing is overwritten. Name an empty place in APP_DATABASE_URL, "
            "APP_FILES_FOLDER, APP_KEYS_FILE and APP_SECRET_FILE.",
        )
        raise WrongUsage(text) from None
    except backups.ProgramMissing as error:
        raise _program(str(error)) from None


def _unusable(folder: Path, error: Exception) -> Text:
    from app.storage import backups

    match error:
        case backups.NoBackup():
            return Text(
                f"{folder} 里没有备份：没有 {backups.MANIFEST}。",
                f"There is no backup in {folder}: no {backups.MANIFEST} is there.",
            )
        case backups.BackupForeign():
            return Text(
                f"这份备份不能恢复到这里（{error}）：请恢复到备份时的那种数据库，用备份时的程序。",
                f"The backup cannot be restored here ({error}): restore it into the kind of database, and with the "
                "version of the app, that it was made with.",
            )
        case _:
            return Text(
                f"备份不能使用：{error} 与备份时不同。没有恢复任何内容；请换一份备份。",
                f"The backup cannot be used: {error} is not what was backed up. Nothing was restored; take another.",
            )


def _secrets(settings: "Settings") -> dict[str, Path]:
    """Name in a backup → file of secrets; what is given as a setting is the operator's to keep."""
    found = {} if settings.keys is not None else {KEYS: settings.keys_file}
    return found if settings.secret is not None else {**found, SECRET: settings.secret_file}


def _must_have_keys(settings: "Settings", keys: dict[str, Path]) -> None:
    """Without the ring a new one would be made, and nothing would open."""
    if KEYS not in keys and settings.keys is None and not settings.keys_file.exists():
        raise WrongUsage(
            Text(
                f"备份里没有密钥。请先把密钥环放到 {settings.keys_file}，再恢复。",
                f"The keys are not in this backup: put the key ring at {settings.keys_file} first.",
            )
        )


def _program(said: str) -> Unavailable:
    return Unavailable(
        Text(
            f"需要与服务器版本相配的 PostgreSQL 客户端程序（{said}）。请安装后把它放进 PATH。",
            f"The client programs of PostgreSQL that fit the server are needed ({said}): install them and put them on "
            "the PATH.",
        )
    )
