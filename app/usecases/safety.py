"""No real person's number comes in: every text of a request is searched before anything is stored."""

from collections.abc import Iterator
from typing import Any

from app.domain.errors import RealIdentity
from app.domain.identity import RealKind, find_real
from app.domain.vocabulary import Text

NAMES = {
    RealKind.ID_NUMBER: Text("身份证号", "identity number"),
    RealKind.USCC: Text("统一社会信用代码", "unified social credit code"),
    RealKind.MOBILE: Text("手机号", "mobile number"),
    RealKind.BANK_CARD: Text("银行卡号", "bank card number"),
}


def refuse_real_numbers(value: Any, at: str = "") -> None:
    """Raise :class:`RealIdentity` for the first real-looking number; it names the place, never the number."""
    for pointer, text in _texts(value, at):
        kind = find_real(text)
        if kind is not None:
            name = NAMES[kind]
            raise RealIdentity(
                Text(
                    f"这里像是真实的{name.zh}。演示系统只接受虚构号码（证件号以 00 开头，手机号如 10000000001），"
                    "您填写的内容没有保存，也没有记入日志。",
                    f"This looks like a real {name.en}. The demonstration takes fictional numbers only (identity "
                    "numbers begin with 00, telephones look like 10000000001). "
                    "What you entered was neither stored nor logged.",
                ),
                pointer=pointer,
                kind=kind.value,
            )


def _texts(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, bool):
        return
    elif isinstance(value, int | float):
        yield at, str(value)
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield f"{at}/", str(key)
            yield from _texts(entry, f"{at}/{key}" if find_real(str(key)) is None else f"{at}/")
    elif isinstance(value, list | tuple):
        for number, entry in enumerate(value):
            yield from _texts(entry, f"{at}/{number}")
