"""Reports as plain text: tables whose columns stand under one another, in Chinese too."""

import sys
from typing import IO
from unicodedata import east_asian_width

from tests.bench.sums import Report, Table, told


def width(text: str) -> int:
    """Cells of a terminal."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def lines(table: Table, lang: str) -> list[str]:
    """One table."""
    heads = [getattr(name, lang) for name in table.columns.values()]
    body = [[told(row.get(key)) for key in table.columns] for row in table.rows]
    sizes = [max(width(line[place]) for line in [heads, *body]) for place in range(len(heads))]
    return [
        "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(line, sizes, strict=True)).rstrip()
        for line in [heads, *body]
    ]


def show(report: Report, lang: str = "en", out: IO[str] = sys.stdout) -> None:
    """The whole report: on what it was measured, every table, every note."""
    facts = ", ".join(f"{name} {value}" for name, value in report.machine.items() if value not in (None, ""))
    out.write(f"{report.bench} · {report.at}\n{facts}\n")
    for name, value in report.settings.items():
        out.write(f"  {name}: {value}\n")
    for table in report.tables:
        out.write(f"\n{getattr(table.title, lang)}\n" + "\n".join(lines(table, lang)) + "\n")
    for note in report.notes:
        out.write(f"\n{getattr(note, lang)}\n")
