"""What several commands open: the settings, the world, the platform; and names that must exist."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.catalogue.faults import did_you_mean
from app.commands.terminal import Unavailable, WrongUsage
from app.domain.vocabulary import Text

if TYPE_CHECKING:
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
        faults = error.errors(include_input=False, include_url=False)
        names = [str(fault["loc"][0]).upper() if fault["loc"] else "" for fault in faults]
        wrong = [f"APP_{name}: {fault['msg']}" for name, fault in zip(names, faults, strict=True)]
        raise WrongUsage(text, wrong) from None
    except SettingsError as error:
        raise WrongUsage(text, [str(error)]) from None


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
