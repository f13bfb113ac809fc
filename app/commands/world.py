"""What several commands open: the settings, the world, the platform; and names that must exist."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from app.catalogue.faults import did_you_mean
from app.commands.terminal import Unavailable, WrongUsage
from app.domain.vocabulary import Text

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from app.domain.regions import RegionTree
    from app.settings import Settings
    from app.usecases.platform import Platform


@contextmanager
def platform(*, may_be_new: bool = False) -> "Iterator[Platform]":
    """The platform of the settings in force, for as long as the command needs it. Raises :class:`Unavailable` where
    there is no database, unless it ``may_be_new``: a path with a slip in it must not look like a database in which
    nothing ever happened."""
    from app.connectors.registers import connected
    from app.usecases.platform import open_platform

    in_force = settings()
    if not may_be_new:
        must_exist(in_force.database_url)
    found = open_platform(in_force, connect=connected)
    try:
        yield found
    finally:
        found.close()


def must_exist(url: str) -> None:
    """Raises :class:`Unavailable` when the database is an SQLite file that is not there."""
    from app.storage.database import missing_file

    if (missing := missing_file(url)) is not None:
        raise Unavailable(
            Text(
                f"没有数据库 {missing}：请检查 APP_DATABASE_URL；要新建，请用 serve 或 migrate。",
                f"There is no database {missing}: check APP_DATABASE_URL; `serve` and `migrate` make a new one.",
            )
        )


def settings() -> "Settings":
    """The settings in force; raises :class:`WrongUsage` naming every variable that does not fit, never its value."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from app.settings import Settings

    text = Text(
        "设置有误，请改正以下环境变量（或 .env）：", "Some settings cannot be used; mend these variables (or .env):"
    )
    try:
        return Settings()
    except ValidationError as error:
        raise WrongUsage(text, [_unfit(fault) for fault in error.errors(include_url=False)]) from None
    except SettingsError as error:
        raise WrongUsage(text, [Text(str(error), str(error))]) from None


WHY: Final[Mapping[str, Text]] = {
    "bool_parsing": Text("写 true 或 false", "give true or false"),
    "int_parsing": Text("须是整数", "give a whole number"),
    "int_from_float": Text("须是整数", "give a whole number"),
    "float_parsing": Text("须是数字", "give a number"),
    "greater_than": Text("须大于 {gt}", "must be more than {gt}"),
    "greater_than_equal": Text("至少 {ge}", "must be at least {ge}"),
    "less_than_equal": Text("至多 {le}", "must be at most {le}"),
    "too_short": Text("至少 {min_length} 个字符", "must have at least {min_length} signs"),
    "literal_error": Text("只能是 {expected}", "must be {expected}"),
}
"""Why a value does not fit, by the kind of fault that Pydantic finds."""


def _unfit(fault: "ErrorDetails") -> Text:
    """The variable and why its value does not fit; never the value, which may be a secret."""
    name, more = str(fault["loc"][0]).upper(), fault.get("ctx", {})
    raised = more.get("error")
    why = getattr(raised, "said", None) or WHY.get(fault["type"]) or Text(fault["msg"], fault["msg"])
    if raised is None and more:
        why = Text(why.zh.format(**more).replace(" or ", " 或 "), why.en.format(**more))
    return Text(f"APP_{name}：{why.zh}", f"APP_{name}: {why.en}")


def known(name: str, what: Text, names: Iterable[str]) -> str:
    """The name, when it is one of ``names``; raises :class:`WrongUsage` with the nearest right one."""
    listed = list(names)
    if name in listed:
        return name
    shown = " ".join(name.split())[:60]
    hint = did_you_mean(name, listed)
    zh, en = (hint.zh, f" {hint.en[:1].upper()}{hint.en[1:]}") if hint else (f"共有：{'、'.join(listed)}。", "")
    if hint is None:
        en = f" There are: {', '.join(listed)}."
    raise WrongUsage(Text(f"没有“{shown}”这个{what.zh}。{zh}", f"There is no {what.en} “{shown}”.{en}"))


def known_region(code: str, tree: "RegionTree") -> str:
    """The region's code, given its code; a name or a typing error is answered with the nearest code."""
    if code in tree:
        return code
    near = tree.nearest(code)
    shown = " ".join(code.split())[:60]
    hint = (
        Text(f"是否想写 {near}（{tree[near].name.zh}）？", f" Did you mean {near} ({tree[near].name.en})?")
        if near
        else None
    )
    zh, en = (hint.zh, hint.en) if hint else ("请给出 6、9 或 12 位区划代码。", " Give a code of 6, 9 or 12 digits.")
    raise WrongUsage(Text(f"没有“{shown}”这个区划。{zh}", f"There is no region “{shown}”.{en}"))
