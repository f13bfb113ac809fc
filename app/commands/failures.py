"""Every way a command can fail, turned into one exit code and sentences. The only place that decides either."""

import errno
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from app.catalogue.faults import PackError
from app.commands.exits import Exit
from app.commands.terminal import Terminal, Unavailable, WrongUsage
from app.domain.errors import InvalidInput, NoRoom, ReadOnly, Refusal, StorageAway
from app.domain.identity import find_real
from app.domain.vocabulary import Text

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """What to tell the shell and the person."""

    exit: Exit
    text: Text
    details: Sequence[str] = ()


REAL_NUMBER: Final = Text(
    "命令行里像是有真实的证件号、手机号或银行卡号。演示系统只接受虚构号码（证件号以 00 开头，手机号如 10000000001）；"
    "您输入的内容没有处理，也没有保存。",
    "The command line seems to hold a real identity, telephone or bank card number. The demonstration takes fictional "
    "numbers only (identity numbers begin with 00, telephones look like 10000000001); nothing was done or stored.",
)


def guarded(run: Callable[[], object], arguments: Sequence[str], terminal: Terminal) -> Exit | int:
    """Run a command and return its exit code; whatever goes wrong is said on standard error."""
    if any(find_real(argument) is not None for argument in arguments):
        terminal.complain(REAL_NUMBER)
        return Exit.REFUSED
    try:
        code = run()
    except Exception as error:
        failure = failure_of(error, terminal)
        terminal.complain(failure.text, failure.details)
        if failure.exit is Exit.INTERNAL and os.environ.get("APP_LOG_LEVEL") == "debug":
            log.exception("an unforeseen error")
        return failure.exit
    return code if isinstance(code, int) else Exit.OK


def failure_of(error: Exception, terminal: Terminal) -> Failure:
    """The failure that an exception stands for."""
    match error:
        case WrongUsage():
            return Failure(Exit.USAGE, error.text, [terminal.word(detail) for detail in error.details])
        case Unavailable():
            return Failure(Exit.UNAVAILABLE, error.text)
        case InvalidInput():
            faults = [f"{fault.pointer}: {terminal.word(fault.detail)}" for fault in error.faults]
            return Failure(Exit.REFUSED, error.detail, faults)
        case NoRoom() | ReadOnly() | StorageAway():
            return Failure(Exit.UNAVAILABLE, error.detail)
        case Refusal():
            return Failure(Exit.REFUSED, error.detail)
        case PackError():
            return _pack(error, terminal)
        case _:
            return _foreign(error)


def _pack(error: PackError, terminal: Terminal) -> Failure:
    count = sum(fault.is_error for fault in error.faults)
    text = Text(
        f"事项包有 {count} 处错误，不能启用；改好后可用 check 复查。",
        f"The packs have {count} error(s) and cannot be used; mend them, `check` shows them again.",
    )
    return Failure(Exit.REFUSED, text, [fault.render(terminal.lang) for fault in error.faults])


def _foreign(error: Exception) -> Failure:
    """Errors of the libraries, known by name so that none has to be imported to fail."""
    if callable(getattr(error, "format_message", None)) or type(error).__name__ == "Abort":
        return _usage(error)
    if _is(error, "sqlalchemy.exc", "ArgumentError", "NoSuchModuleError"):
        return Failure(Exit.USAGE, WRONG_URL)
    if _is(error, "app.storage.database", "DatabaseUrlError"):
        return Failure(Exit.USAGE, getattr(error, "said", WRONG_URL))
    if _is(error, "app.usecases.platform", "WrongSetting"):
        return Failure(Exit.USAGE, getattr(error, "said", WRONG_URL))
    if _is(error, "sqlalchemy.exc", "SQLAlchemyError") or _is(error, "sqlite3", "Error"):
        return _database(error)
    if _is(error, "alembic.util.exc", "CommandError"):
        return Failure(Exit.UNAVAILABLE, NEWER_SCHEMA)
    if _is(error, "app.usecases.notary", "WrongHash") or _is(error, "app.domain.proof", "HashMissing"):
        return _proof(error)
    if _is(error, "app.storage.notary", "TreeBroken"):
        return Failure(Exit.REFUSED, TREE_BROKEN)
    if _is(error, "app.storage.keys", "KeysUnreadable"):
        return _keys(error)
    if isinstance(error, OSError):
        return _file(error)
    name = type(error).__name__
    return Failure(
        Exit.INTERNAL,
        Text(
            f"程序遇到没有预料到的错误（{name}）。设置 APP_LOG_LEVEL=debug 再运行可以看到细节。",
            f"The program met an error nobody foresaw ({name}). Run it with APP_LOG_LEVEL=debug for the details.",
        ),
    )


WRONG_URL: Final = Text(
    "APP_DATABASE_URL 不能使用，请写成 sqlite:///文件.db 或 postgresql+psycopg://用户@主机/库名。",
    "APP_DATABASE_URL cannot be used: give sqlite:///file.db or postgresql+psycopg://user@host/name.",
)
TREE_BROKEN: Final = Text(
    "存证树与最近签名的检查点不符，没有再签。请运行 python -m app verify 查明哪一行被改动。",
    "The proof tree does not add up to its last signed checkpoint, and nothing more was signed: `python -m app verify` "
    "names the row that was altered.",
)
NEWER_SCHEMA: Final = Text(
    "数据库的结构版本是这个程序不认识的，可能由更新的版本建立；请用新版程序，或换一个数据库。",
    "The database has a schema revision this program does not know, perhaps made by a newer one: use that, "
    "or another database.",
)


def _keys(error: Exception) -> Failure:
    return Failure(
        Exit.UNAVAILABLE,
        Text(
            "密钥环不能使用：文件损坏、正在被修改，或者不是这个数据库的密钥环。"
            "请检查 APP_KEYS 或 APP_KEYS_FILE，从备份恢复；"
            f"没有它，加密的内容打不开。原因：{error}",
            "The key ring cannot be used: damaged, being changed, or not the one of this database. Check APP_KEYS or "
            f"APP_KEYS_FILE and restore it from a backup; nothing sealed opens without it. Why: {error}",
        ),
    )


def _file(error: OSError) -> Failure:
    why = error.strerror or type(error).__name__
    zh, en = (f"（{error.filename}）", f" ({error.filename})") if error.filename else ("", "")
    return Failure(
        Exit.UNAVAILABLE,
        Text(
            f"不能使用文件或网络{zh}：{TROUBLES.get(error.errno or 0, why)}。",
            f"Cannot use a file or the network{en}: {why}.",
        ),
    )


TROUBLES: Final = {
    errno.ENOENT: "没有这个文件或目录",
    errno.EACCES: "没有权限",
    errno.EPERM: "不允许",
    errno.ENOSPC: "存储空间已满",
    errno.EDQUOT: "超出存储配额",
    errno.EROFS: "存储是只读的",
    errno.EEXIST: "已经存在",
    errno.ENOTDIR: "上级不是目录",
    errno.EISDIR: "这是一个目录",
    errno.EIO: "读写出错",
    errno.ECONNREFUSED: "对方拒绝连接",
}
"""Why a file cannot be used, in Chinese; the system says it in English."""


def _proof(error: Exception) -> Failure:
    """A hash function that this installation was not begun with, or that this machine does not have."""
    begun = getattr(error, "begun", None)
    if begun is None:
        text = Text(
            "本机的 OpenSSL 没有 APP_PROOF_HASH 所指的散列算法。请换一台有 SM3 的机器，新库也可以改用 sha256。",
            "The OpenSSL of this machine does not have the hash function of APP_PROOF_HASH. Use a machine whose "
            "OpenSSL knows SM3 or, for a new database, sha256.",
        )
        return Failure(Exit.USAGE, text)
    text = Text(
        f"这个库的存证从一开始就用 {begun}，不能更换：请设 APP_PROOF_HASH={begun}。",
        f"The proof of this database was begun with {begun} and cannot change: set APP_PROOF_HASH={begun}.",
    )
    return Failure(Exit.USAGE, text)


def _is(error: BaseException, module: str, *names: str) -> bool:
    loaded = sys.modules.get(module)
    kinds = tuple(getattr(loaded, name) for name in names if hasattr(loaded, name))
    return bool(kinds) and isinstance(error, kinds)


def _database(error: Exception) -> Failure:
    said = error if _is(error, "sqlite3", "Error") else getattr(error, "orig", None)
    reason = str(said or type(error).__name__).splitlines()[0]
    return Failure(
        Exit.UNAVAILABLE,
        Text(
            f"不能使用数据库：{reason}。请检查 APP_DATABASE_URL，以及数据库是否在运行、可写。",
            f"Cannot use the database: {reason}. Check APP_DATABASE_URL, and that it runs and can be written to.",
        ),
    )


def _usage(error: Exception) -> Failure:
    """Wrong usage as the argument parser found it; it never repeats more than the name of what is wrong."""
    help_hint = Text("用 --help 查看用法。", " See --help.")
    if type(error).__name__ == "Abort":
        return Failure(Exit.INTERRUPTED, Text("已取消。", "Cancelled."))
    said = str(getattr(error, "format_message", lambda: "")()).strip()
    option = getattr(error, "option_name", None)
    near = ", ".join(getattr(error, "possibilities", None) or ())
    if option and type(error).__name__ == "NoSuchOption":
        hint = Text(f"是否想写 {near}？", f" Did you mean {near}?") if near else Text("", "")
        return Failure(
            Exit.USAGE,
            Text(f"没有选项 {option}。{hint.zh}{help_hint.zh}", f"No such option: {option}.{hint.en}{help_hint.en}"),
        )
    if type(error).__name__ == "MissingParameter":
        name = str(getattr(getattr(error, "param", None), "name", None) or "?").upper()
        return Failure(Exit.USAGE, Text(f"缺少 {name}。{help_hint.zh}", f"{name} is missing.{help_hint.en}"))
    if type(error).__name__ == "BadOptionUsage":
        return Failure(Exit.USAGE, Text(f"{option} 后面缺少内容。{help_hint.zh}", f"{said}{help_hint.en}"))
    said = said.rstrip(".")
    wrong = getattr(getattr(error, "param", None), "opts", None) or ()
    zh = f"{wrong[-1]} 的内容不合要求（{said}）" if wrong else f"命令用法有误（{said}）"
    return Failure(Exit.USAGE, Text(f"{zh}。{help_hint.zh}", f"Wrong usage: {said}.{help_hint.en}"))
