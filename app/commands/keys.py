"""``keys``: the key ring by names and counts, a new data key, and sealing what an older version left plain."""

from typing import TYPE_CHECKING, Any

import typer

from app.commands import world as opened
from app.commands.terminal import JsonOption, SpeechOption, Terminal, terminal_of
from app.domain.vocabulary import Text

if TYPE_CHECKING:
    from app.usecases.vault import KeysShown

keys = typer.Typer(
    name="keys", help="密钥环：查看、轮换、封存 · The key ring: show, rotate, seal", no_args_is_help=True
)


@keys.command()
def show(context: typer.Context, as_json: JsonOption = False, _lang: SpeechOption = None) -> None:
    """列出密钥的名称和数量，不显示密钥 · Names and counts of the keys, never a key."""
    from app.usecases import vault

    terminal = terminal_of(context)
    with opened.platform(may_be_new=True) as platform:
        found = vault.show(platform.store)
    if as_json:
        terminal.json(_counts(found))
        return
    terminal.label()
    for name in found.ring.data:
        _line(terminal, name, found)
    terminal.say(
        Text(
            f"当前签名密钥 {found.ring.current_signing}；已销毁 {found.counts.destroyed} 个申请密钥。",
            f"Current signing key {found.ring.current_signing}; {found.counts.destroyed} key(s) of applications "
            "destroyed.",
        )
    )


@keys.command()
def rotate(context: typer.Context, as_json: JsonOption = False, _lang: SpeechOption = None) -> None:
    """换新的数据密钥，并重新包裹全部申请密钥 · A new data key; the keys of all applications are wrapped again."""
    from app.usecases import vault

    terminal, settings = terminal_of(context), opened.settings()
    with opened.platform(may_be_new=True) as platform:
        done = vault.rotate(settings, platform.store, platform.world.files, _progress(terminal, is_quiet=as_json))
        current = vault.show(platform.store).ring.current_data
    _say(terminal, as_json, done, Text(f"当前数据密钥 {current}。", f"Current data key {current}."), current=current)


@keys.command()
def rewrap(context: typer.Context, as_json: JsonOption = False, _lang: SpeechOption = None) -> None:
    """接着重新包裹没有完成的申请密钥 · Go on wrapping the keys of applications again after an interruption."""
    from app.usecases import vault

    terminal = terminal_of(context)
    with opened.platform(may_be_new=True) as platform:
        done = vault.rewrap(platform.store, platform.world.files, _progress(terminal, is_quiet=as_json))
    _say(terminal, as_json, done, Text("都用当前数据密钥包裹。", "All are wrapped with the current data key."))


@keys.command()
def seal(context: typer.Context, as_json: JsonOption = False, _lang: SpeechOption = None) -> None:
    """加密旧版本留下的明文 · Seal what an older version left plain."""
    from app.usecases import vault

    terminal = terminal_of(context)
    with opened.platform(may_be_new=True) as platform:
        done = vault.seal(platform.store, platform.world.files, _progress(terminal, is_quiet=as_json))
    _say(terminal, as_json, done, Text("没有明文了。", "Nothing plain is left."))


def _counts(found: "KeysShown") -> dict[str, Any]:
    wraps = {name: found.counts.wrapped.get(name, 0) for name in found.ring.data}
    return {
        "data": {"current": found.ring.current_data, "wraps": wraps},
        "signing": {"current": found.ring.current_signing, "keys": sorted(found.ring.signing)},
        "destroyed": found.counts.destroyed,
    }


def _line(terminal: Terminal, name: str, found: "KeysShown") -> None:
    count = found.counts.wrapped.get(name, 0)
    is_current = name == found.ring.current_data
    mark = Text("（当前）", " (current)") if is_current else Text("", "")
    terminal.say(
        Text(f"数据密钥 {name}{mark.zh}：包裹 {count} 个申请密钥。", f"Data key {name}{mark.en}: wraps {count} key(s).")
    )


def _progress(terminal: Terminal, *, is_quiet: bool) -> Any:
    def said(count: int) -> None:
        if not is_quiet:
            terminal.say(Text(f"已处理 {count} 个……", f"{count} done …"))

    return said


def _say(terminal: Terminal, as_json: bool, done: int, after: Text, **members: Any) -> None:
    if as_json:
        terminal.json({"done": done, **members})
        return
    terminal.label()
    terminal.say(Text(f"共处理 {done} 个。{after.zh}", f"{done} in all. {after.en}"), "green")
