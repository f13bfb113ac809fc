"""``search``: items, bundles and questions by everyday words, pinyin or initials."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text as Styled

from app.commands import world as opened
from app.commands.lines import Line
from app.commands.terminal import JsonOption, SpeechOption, Terminal, terminal_of
from app.domain.vocabulary import Text

if TYPE_CHECKING:
    from app.schemas.catalogue import HitOut

KINDS = {
    "bundle": Text("一件事", "bundle"),
    "item": Text("事项", "item"),
    "question": Text("问题", "question"),
}


def search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(help="要找什么：词语、拼音或首字母 · Words, pinyin or initials")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="最多几条 · At most this many")] = 10,
    as_json: JsonOption = False,
    _lang: SpeechOption = None,
) -> None:
    """查找事项、一件事和问题 · Find items, bundles and questions."""
    from app.usecases import catalogue
    from app.usecases.platform import open_world

    terminal = terminal_of(context)
    query = " ".join(words)
    hits = catalogue.search(open_world(opened.settings()), query, limit)
    if as_json:
        terminal.json({"hits": [hit.model_dump(mode="json") for hit in hits]})
        return
    terminal.label()
    for hit in hits:
        terminal.out.print(_line(hit, terminal))
    if not hits:
        terminal.say(
            Text(
                "没有找到。换个说法试试，例如“开饭店”“kfd”“宝宝落户”。",
                "Nothing found. Try other words, such as 开饭店, kfd, restaurant.",
            )
        )


def _line(hit: "HitOut", terminal: Terminal) -> Line:
    title = Styled(terminal.word(hit.title))
    for start, end in hit.highlights_zh if terminal.lang == "zh" else hit.highlights_en:
        title.stylize("bold yellow", start, end)
    kind = terminal.word(KINDS.get(hit.kind, Text(hit.kind, hit.kind)))
    line = Line((f"{kind}  ", "cyan"), title, (f"  {hit.code}", "dim"))
    if hit.matched_keyword:
        line.append(f"  ≈ {hit.matched_keyword}", "green")
    return line
