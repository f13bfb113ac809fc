"""What the READMEs show is made here, by running the app: ``python tests/readme.py write`` renews it.

``python tests/readme.py start`` and ``… test`` print the two command lines of the README, for whoever runs them
(continuous integration does). A test renders again and compares, so that the READMEs cannot drift from the app.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
ON = date(2026, 3, 12)


def command(name: str, text: str | None = None) -> str:
    """The shell line under ``<!-- command: name -->``."""
    found = re.search(rf"<!-- command: {name} -->\n```sh\n(.+?)\n```", text or READMES["en"].read_text("utf-8"), re.S)
    if found is None:
        raise SystemExit(f"README.md has no command {name!r}")
    return found[1]


def example(name: str, text: str) -> str:
    """The YAML under ``<!-- example: name -->``."""
    found = re.search(rf"<!-- example: {re.escape(name)} -->\n```yaml\n(.+?)```", text, re.S)
    if found is None:
        raise SystemExit(f"there is no example {name!r}")
    return found[1]


def run(*words: str, lang: str, folder: Path | None = None) -> str:
    """What ``python -m app …`` prints to people, without the line ends' spaces and without the label."""
    done = subprocess.run(
        [sys.executable, "-m", "app", *words, "--lang", lang],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "100", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)},
    )
    lines = [line.rstrip() for line in (done.stdout + done.stderr).splitlines()]
    text = "\n".join(line for line in lines if not line.startswith("─")).strip("\n")
    return text.replace(str(folder), "my-packs") if folder else text


def block(kind: str, text: str) -> str:
    """A fenced block."""
    return f"```{kind}\n{text}\n```"


def savings(lang: str) -> str:
    """The table of what each bundle saves, for its richest worked example."""
    from app.catalogue.loader import load
    from app.domain.answers import accept
    from app.domain.routing import Planner

    catalogue = load()
    heads = {
        "en": (
            "一件事",
            "items",
            "departments",
            "fields: alone → merged → typed",
            "papers: alone → merged → uploaded",
            "working days: one by one → together",
            "visits",
        ),
        "zh": (
            "一件事",
            "事项",
            "部门",
            "字段：分办 → 合并 → 填写",
            "材料：分办 → 合并 → 上传",
            "工作日：串行 → 并联",
            "跑动",
        ),
    }[lang]
    rows = [heads, ("---",) * len(heads)]
    for bundle in catalogue.library.bundles.values():
        planner = Planner(catalogue.library, bundle, catalogue.regions, catalogue.calendar)
        story = catalogue.stories[f"{bundle.code}_full"]
        s = planner.plan(accept(bundle, story.answers), story.region, ON).savings
        rows.append(
            (
                bundle.name.say("zh") if lang == "zh" else f"{bundle.name.zh} {bundle.name.en}",
                str(s.items),
                str(s.departments),
                f"{s.fields_before} → {s.fields_merged} → {s.fields_typed}",
                f"{s.materials_before} → {s.materials_merged} → {s.materials_uploaded}",
                f"{s.days_before} → {s.days_after}",
                f"{s.visits_before} → {s.visits_after}",
            )
        )
    return table(rows)


def table(rows: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def settings(lang: str) -> str:
    """The table of settings."""
    rows = json.loads(run("settings", "--json", lang=lang))["settings"]
    head = {"en": ("variable", "default", "meaning"), "zh": ("变量", "默认值", "含义")}[lang]
    body = [
        (
            f"`{row['name']}`",
            f"`{row['default']}`" if row["default"] else "",
            row["description"][lang].replace("|", "\\|"),
        )
        for row in rows
    ]
    return table([head, ("---",) * 3, *body])


def plan(lang: str) -> str:
    """A plan as the terminal shows it."""
    words = ("plan", "catering", "--region", "330802", "--on", ON.isoformat())
    answers = [
        word
        for pair in ("has_licence=true", "subject=企业", "area_m2=320", "fire_commit=false", "sign=true")
        for word in ("--answer", pair)
    ]
    shown = run(*words, *answers, lang=lang)
    first = {"en": "You do not need", "zh": "您不需要"}[lang]
    kept = shown.split(f"\n{first}")[0].rstrip()
    line = ".venv/bin/python -m app " + " ".join((*words, *answers, "--lang", lang))
    return block("sh", line) + "\n\n" + block("text", kept + "\n…")


def search(lang: str) -> str:
    """Three searches."""
    parts = []
    for word in ("开饭店", "shanghukou", "gjj"):
        parts.append(f"$ .venv/bin/python -m app search {word} --limit 2 --lang {lang}")
        parts.append(run("search", word, "--limit", "2", lang=lang) + "\n")
    return block("text", "\n".join(parts).rstrip())


def refusal(_: str) -> str:
    """One refusal as the API gives it."""
    from app.api import examples

    return block("json", json.dumps(examples.load()["problems"]["action-not-allowed"], ensure_ascii=False, indent=2))


def check(lang: str) -> str:
    """What the linter says of two mistakes in the example pack."""
    good = example("corner_shop.yaml", READMES[lang].read_text("utf-8"))
    bad = good.replace("when: not has_licence", "when: not has_license").replace("days: 6", "days: 60")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "corner_shop.yaml").write_text(bad, "utf-8")
        return block("text", run("check", str(folder), lang=lang, folder=folder))


def capacity(lang: str) -> str:
    """How many officers a desk needs, as the terminal shows it."""
    words = ("capacity", "catering", "--region", "330802", "--per-day", "4", "--officers", "1-4")
    line = ".venv/bin/python -m app " + " ".join((*words, "--lang", lang))
    return block("sh", line) + "\n\n" + block("text", run(*words, lang=lang))


def speed(lang: str) -> str:
    """What was measured last, with its day."""
    from tests.bench.summary import table

    return table(lang)


def where(lang: str) -> str:
    """Where the processor's time goes, from what was measured last."""
    from tests.bench import summary

    return summary.where(lang)


def growth(lang: str) -> str:
    """What a province would ask of the machines, from what was measured."""
    from tests.bench.growth_page import table

    return table(lang)


PARTS: dict[str, Callable[[str], str]] = {
    "savings": savings,
    "settings": settings,
    "plan": plan,
    "search": search,
    "refusal": refusal,
    "check": check,
    "capacity": capacity,
    "speed": speed,
    "where": where,
    "growth": growth,
}


def rendered(lang: str) -> str:
    """The README of this language with every generated part made afresh."""
    text = READMES[lang].read_text("utf-8")
    for name, make in PARTS.items():
        pattern = re.compile(rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.S)
        if not pattern.search(text):
            raise SystemExit(f"{READMES[lang].name} has no part {name!r}")
        made = make(lang)
        text = pattern.sub(lambda found, made=made: f"{found[1]}{made}\n{found[2]}", text)
    return text


def main(words: list[str]) -> None:
    """``write`` renews both READMEs; any other word prints that command of the README."""
    sys.path.insert(0, str(ROOT))
    if words == ["write"]:
        for lang, path in READMES.items():
            path.write_text(rendered(lang), "utf-8")
    elif len(words) == 1:
        sys.stdout.write(command(words[0]) + "\n")
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
