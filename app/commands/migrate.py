"""``migrate``: bring the database's schema up to the newest revision."""

import typer

from app.commands import world as opened
from app.commands.terminal import JsonOption, SpeechOption, terminal_of
from app.domain.vocabulary import Text


def migrate(context: typer.Context, as_json: JsonOption = False, _lang: SpeechOption = None) -> None:
    """建立或升级数据库结构 · Create or upgrade the database schema."""
    terminal = terminal_of(context)
    before, after = brought_up(opened.settings().database_url)
    if as_json:
        terminal.json({"from": before, "to": after})
        return
    terminal.label()
    if before == after:
        terminal.say(Text(f"数据库结构已是最新（{after}）。", f"The schema is up to date ({after})."), "green")
        return
    start = Text(f"从 {before} ", f"from {before} ") if before else Text("新建，", "new, ")
    terminal.say(Text(f"数据库结构：{start.zh}升到 {after}。", f"Schema: {start.en}brought to {after}."), "green")


def brought_up(url: str) -> tuple[str | None, str | None]:
    """Migrate, and say from which revision (None: no schema yet) to which."""
    from app.storage import database

    before = revision(url)
    database.migrate(url)
    return before, revision(url)


def revision(url: str) -> str | None:
    """The revision the database is at; None before the first migration."""
    from alembic.runtime.migration import MigrationContext

    from app.storage.database import write_engine

    engine = write_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
