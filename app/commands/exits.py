"""Exit codes: the one list, which ``--help`` prints."""

from enum import IntEnum
from typing import Final

from app.domain.vocabulary import Text


class Exit(IntEnum):
    """What a command tells the shell."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    UNAVAILABLE = 3
    INTERNAL = 4
    INTERRUPTED = 130


MEANINGS: Final[dict[Exit, Text]] = {
    Exit.OK: Text("正常", "fine"),
    Exit.REFUSED: Text("发现错误，或规则不允许", "faults found, or refused by a rule"),
    Exit.USAGE: Text("命令、选项、名称或设置写错", "wrong command, option, name or setting"),
    Exit.UNAVAILABLE: Text("数据库、文件或端口不可用", "database, files or port cannot be used"),
    Exit.INTERNAL: Text("程序内部错误", "a fault of the program"),
    Exit.INTERRUPTED: Text("被中断（Ctrl-C）", "interrupted (Ctrl-C)"),
}

EPILOG: Final = "退出码 · Exit codes: " + "; ".join(
    f"{code.value} {meaning.zh} · {meaning.en}" for code, meaning in MEANINGS.items()
)
