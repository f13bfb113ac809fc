"""``check``: everything wrong with packs, each fault with its file and line; also the rules and the JSON Schema."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from app.catalogue.faults import PackFault
from app.commands.exits import Exit
from app.commands.lines import Line
from app.commands.terminal import JsonOption, SpeechOption, Terminal, WrongUsage, terminal_of
from app.domain.vocabulary import ILLUSTRATIVE, Text

if TYPE_CHECKING:
    from app.catalogue.checks import Report

COUNTED = {
    "files": Text("文件", "files"),
    "lines": Text("条线", "lines"),
    "items": Text("事项", "items"),
    "bundles": Text("一件事", "bundles"),
    "fields": Text("数据元", "fields"),
    "materials": Text("材料", "materials"),
    "stories": Text("故事", "stories"),
}


def check(
    context: typer.Context,
    folders: Annotated[list[Path] | None, typer.Argument(help="事项包目录或文件 · Pack folders or files")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="警告也算不通过 · Warnings fail, too")] = False,
    no_builtin: Annotated[
        bool, typer.Option("--no-builtin", help="不含内置事项包 · Leave the built-in pack out")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="输出 JSON Schema · Print the JSON Schema of a pack")
    ] = False,
    rules: Annotated[bool, typer.Option("--rules", help="列出检查规则 · List the rules")] = False,
    as_json: JsonOption = False,
    _lang: SpeechOption = None,
) -> None:
    """检查事项包，逐条指出文件和行号 · Check packs and name every fault with its file and line."""
    terminal = terminal_of(context)
    if schema and rules:
        raise WrongUsage(Text("--schema 与 --rules 只能选一个。", "Choose one of --schema and --rules."))
    if schema:
        return _print_schema(terminal)
    if rules:
        return _print_rules(terminal, as_json=as_json)
    if no_builtin and not folders:
        raise WrongUsage(
            Text("用了 --no-builtin，请至少给出一个目录。", "With --no-builtin, name at least one folder.")
        )
    from app.catalogue.checks import check as look_at  # every command loads this module, few check

    report = look_at(folders or [], include_builtin=not no_builtin)
    is_passed = report.is_sound and not (strict and report.faults)
    if as_json:
        terminal.json({"passed": is_passed, "counts": dict(report.counts), "faults": faults_out(report.faults)})
    else:
        _print_report(terminal, report, is_passed=is_passed)
    if not is_passed:
        raise typer.Exit(Exit.REFUSED)
    return None


def faults_out(faults: tuple[PackFault, ...]) -> list[dict[str, Any]]:
    """The faults for programs."""
    return [
        {
            "severity": fault.severity,
            "code": fault.code,
            "file": fault.file or None,
            "line": fault.line or None,
            "column": fault.column,
            "path": fault.path,
            "message": _both(fault.message),
            "hint": _both(fault.hint) if fault.hint else None,
        }
        for fault in faults
    ]


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _print_report(terminal: Terminal, report: "Report", *, is_passed: bool) -> None:
    terminal.label()
    for fault in report.faults:
        word = Text("错误", "error") if fault.is_error else Text("警告", "warning")
        style = "red" if fault.is_error else "yellow"
        line = Line((f"{terminal.word(word)} ", style), fault.render(terminal.lang), (f" [{fault.code}]", "dim"))
        terminal.out.print(line, soft_wrap=True)
    terminal.say(summary(report.counts), "green" if is_passed else "bold red")


def summary(counts: Mapping[str, int]) -> Text:
    """How much was looked at and what was found, in one sentence."""
    looked = [(counts[name], word) for name, word in COUNTED.items() if counts.get(name)]
    wrong, doubtful = counts["errors"], counts["warnings"]
    zh = "、".join(f"{word.zh} {count}" for count, word in looked) or "没有内容"
    en = ", ".join(f"{count} {word.en}" for count, word in looked) or "nothing"
    return Text(
        f"已检查：{zh}。错误 {wrong}，警告 {doubtful}。", f"Checked: {en}. Errors: {wrong}, warnings: {doubtful}."
    )


def _print_schema(terminal: Terminal) -> None:
    from app.catalogue.schema import pack_schema

    schema = {**pack_schema(), "$comment": f"{ILLUSTRATIVE.zh} / {ILLUSTRATIVE.en}"}
    terminal.out.file.write(json.dumps(schema, ensure_ascii=False, indent=2) + "\n")


def _print_rules(terminal: Terminal, *, as_json: bool) -> None:
    from app.catalogue.checks import RULES

    if as_json:
        terminal.json(
            {
                "rules": [
                    {"number": r.number, "code": r.code, "title": _both(r.title), "mark": r.mark.value} for r in RULES
                ]
            }
        )
        return
    terminal.label()
    table = Table(box=None, pad_edge=False)
    for head in (Text("编号", "No."), Text("规则", "Rule"), Text("代码", "Code"), Text("依据", "Known")):
        table.add_column(terminal.word(head), overflow="fold")
    for one in RULES:
        table.add_row(one.number, terminal.word(one.title), one.code, terminal.word(one.mark))
    terminal.out.print(table)
