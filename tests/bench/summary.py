"""The measurements kept in the repository, and the table the READMEs show of them.

``python -m app bench all --json tests/bench/measured.json`` renews them; ``python tests/readme.py write`` then renews
the table. The figures are those of one day on one machine and say so.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.bench.sampling import NAMES
from tests.bench.sums import Report, told

KEPT: Final = Path(__file__).with_name("measured.json")
Row = tuple[str, str, str]
NONE: Final = {"cpu_ms": 0.0}
SUBJECTS: Final = {
    "platform, brief": {"en": "the platform with brief answers", "zh": "本平台，简短回答"},
    "bare, alike": {"en": "bare app, call for call", "zh": "简单应用，逐个请求对应"},
    "bare, short": {"en": "bare app, fewest calls", "zh": "简单应用，最少请求"},
}


def held(path: Path) -> dict[str, Any]:
    """The reports that a file holds, by name; none where there is no file. Raises ``ValueError`` for a file of another
    kind."""
    try:
        found = json.loads(path.read_text("utf-8")) if path.exists() else {}
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(own, dict) and "tables" in own for own in found.values()):
        raise ValueError(f"{path.name} holds something else than measurements by their names")
    return found


def keep(path: Path, found: Mapping[str, Report]) -> None:
    """Keep these reports; others that the file holds stay. Raises ``ValueError`` for a file of another kind, which is
    left as it is."""
    kept = {**held(path), **{name: report.as_json() for name, report in found.items()}}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")


def table(lang: str, path: Path = KEPT) -> str:
    """The table in Markdown: what was measured, the figure, beside what, and the day."""
    kept = json.loads(path.read_text("utf-8"))
    heads = {"en": ("what", "found", "beside it"), "zh": ("测什么", "结果", "与什么相比")}[lang]
    rows = [heads, ("---",) * 3]
    for name, tell in TELLERS.items():
        if name in kept:
            rows += tell(kept[name]["tables"], lang)
    days = sorted({report["at"][:10] for report in kept.values()})
    machine = next(iter(kept.values()))["machine"]
    load = max(report["machine"]["load_before"] or 0.0 for report in kept.values())
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n\n" + _when(days, machine, load, lang)


def where(lang: str, path: Path = KEPT) -> str:
    """The table in Markdown of where the processor's time goes: of a submission, and of a call of a whole case."""
    kept = json.loads(path.read_text("utf-8"))
    found = {name: {row["code"]: row for row in kept[name]["tables"]["profile-sqlite"]} for name in ("submit", "case")}
    heads = {
        "en": ("where the server's processor is, SQLite", "a submission", "a call of a whole case"),
        "zh": ("服务器的处理器用在哪里（SQLite）", "一次申报", "整件里的一个请求"),
    }[lang]
    rows = [heads, ("---", "---:", "---:")]
    rows += [(getattr(NAMES[code], lang), *(_share(own.get(code)) for own in found.values())) for code in _most(found)]
    total = {"en": "all", "zh": "合计"}[lang]
    rows.append((total, *(f"{told(sum(row['cpu_ms'] for row in own.values()))} ms" for own in found.values())))
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _most(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    spent = {
        code: sum(own.get(code, NONE)["cpu_ms"] for own in found.values()) for own in found.values() for code in own
    }
    return sorted(spent, key=lambda code: -spent[code])


def _share(row: Mapping[str, Any] | None) -> str:
    return "–" if row is None else f"{told(row['cpu_ms'])} ms"


def _when(days: list[str], machine: Mapping[str, Any], load: float, lang: str) -> str:
    span = days[0] if len(days) == 1 else f"{days[0]} – {days[-1]}"
    cores, python = machine["cores"], machine["python"]
    if lang == "zh":
        busy = f"（开始前的系统负载最高 {load:.1f}）" if load > cores / 2 else ""
        return f"{span} 测于 {cores} 个共用的处理器核{busy}，Python {python}；括号内是各轮的最小值和最大值。"
    busy = f", while others kept it busy (load before it began: up to {load:.1f})" if load > cores / 2 else ""
    rounds = "In brackets the smallest and the largest round."
    return f"Measured on {cores} shared cores on {span}, Python {python}{busy}. {rounds}"


def _cases(tables: Mapping[str, Any], lang: str) -> list[Row]:
    rows = []
    for entry in tables["cases"]:
        if entry["ratio"] is not None:
            continue
        others = [
            other
            for other in tables["cases"]
            if other["ratio"] and (other["database"], other["clients"]) == (entry["database"], entry["clients"])
        ]
        beside = "; ".join(f"{SUBJECTS[other['subject']][lang]} {told(other['cases_per_s'])}" for other in others)
        what = {
            "en": f"whole case over HTTP, {entry['calls']} calls, {entry['clients']} client(s), {entry['database']}",
            "zh": f"整件（{entry['calls']} 个请求），{entry['clients']} 个客户端，{entry['database']}",
        }[lang]
        spent, p95 = told(entry["cpu_ms_per_case"]["median"]), told(entry["decide_p95_ms"])
        more = {
            "en": f"cases/s, {spent} ms of processor each, decide p95 {p95} ms",
            "zh": f"件/秒，每件用处理器 {spent} ms，决定 p95 {p95} ms",
        }[lang]
        rows.append((what, f"{told(entry['cases_per_s'])} {more}", beside))
    return rows


def _submissions(tables: Mapping[str, Any], lang: str) -> list[Row]:
    rows: list[Row] = []
    unit = {"en": "/s", "zh": " 次/秒"}[lang]
    for entry in tables["submissions"]:
        if "ratio" in entry:
            continue
        floors = [
            other for other in tables["submissions"] if "ratio" in other and other["database"] == entry["database"]
        ]
        beside = "; ".join(f"{_floor(other, lang)} {told(other['per_s'])}{unit}" for other in floors)
        what = {"en": f"submit, {entry['database']}", "zh": f"申报，{entry['database']}"}[lang]
        spent = {"en": "ms of processor each", "zh": "ms 处理器"}[lang]
        found = (
            f"{told(entry['per_s'])}{unit}, p95 {told(entry['p95_ms'])} ms, {told(entry['cpu_ms']['median'])} {spent}"
        )
        rows.append((what, found, beside))
    return rows


def _floor(entry: Mapping[str, Any], lang: str) -> str:
    count = entry["connections"]
    return {"en": f"the driver, {count} connection(s)", "zh": f"驱动直接写，{count} 个连接"}[lang]


def _plans(tables: Mapping[str, Any], lang: str) -> list[Row]:
    entry = tables["plans"][0]
    what = {"en": "plan of the richest bundle, one core", "zh": "最多字段的一件事的方案，单核"}[lang]
    unit = {"en": "plans a processor second", "zh": "个/处理器秒"}[lang]
    size = {
        "en": f"{entry['items']} items, {entry['fields']} fields, {entry['materials']} papers",
        "zh": f"{entry['items']} 个事项、{entry['fields']} 个字段、{entry['materials']} 份材料",
    }[lang]
    return [(what, f"{told(entry['per_cpu_s'])} {unit}", size)]


def _growth(tables: Mapping[str, Any], lang: str) -> list[Row]:
    rows: list[Row] = []
    for name, entries in tables.items():
        sizes = sorted(int(key.rpartition("_")[2]) for key in entries[0] if key.startswith("p95_at_"))
        what = {
            "en": f"pages at {sizes[-1]:,} cases beside {sizes[0]:,}, {name.removeprefix('growth-')}",
            "zh": f"{sizes[-1]:,} 件与 {sizes[0]:,} 件时的页面，{name.removeprefix('growth-')}",
        }[lang]
        used, most = _middle_and_most(entries, "growth_cpu_p50")
        clock, slowest = _middle_and_most(entries, "growth_p50")
        found = {
            "en": f"{used}× of processor (median of the questions)",
            "zh": f"处理器时间 {used} 倍（各问题的中位数）",
        }[lang]
        beside = {
            "en": f"most {most}; by the clock {clock}×, most {slowest}",
            "zh": f"最多 {most}；按时钟 {clock} 倍，最多 {slowest}",
        }[lang]
        rows.append((what, found, beside))
    return rows


def _middle_and_most(entries: Sequence[Mapping[str, Any]], name: str) -> tuple[str, str]:
    """The middle one of all questions, and the largest with its question."""
    known = sorted((entry[name], entry["question"]) for entry in entries if entry[name] is not None)
    return told(known[len(known) // 2][0]), f"{told(known[-1][0])} · {known[-1][1]}"


def _desk(tables: Mapping[str, Any], lang: str) -> list[Row]:
    rows: list[Row] = []
    open_tasks = max(entry["open_tasks"] for entry in tables["stored"])
    names = {"decide": {"en": "decide", "zh": "作决定"}, "inbox": {"en": "inbox page", "zh": "收件箱"}}
    for entry in tables["desk"]:
        if entry["clients"] == 1:
            what = {
                "en": f"{names[entry['action']]['en']} with {open_tasks:,} open tasks, 1 client, {entry['database']}",
                "zh": f"{names[entry['action']]['zh']}，在办 {open_tasks:,} 个，1 个客户端，{entry['database']}",
            }[lang]
            beside = {"en": "in an empty house", "zh": "空库"}[lang]
            rows.append((what, f"p95 {told(entry['p95_ms'])} ms", f"{beside} {told(entry['empty_p95_ms'])} ms"))
    return rows


def _workers(tables: Mapping[str, Any], lang: str) -> list[Row]:
    lost = sum(entry["lost"] + entry["twice"] for entry in tables["stored"])
    wrote = sum(entry["submissions"] + entry["receptions"] for entry in tables["stored"])
    name = {"reads": {"en": "reads", "zh": "读"}, "writes": {"en": "writes", "zh": "写"}}
    beside = {"en": f"{lost} of {wrote:,} writes lost or twice", "zh": f"{wrote:,} 次写入中丢失或重复 {lost}"}[lang]
    return [
        (
            {
                "en": f"several processes beside one: {name[entry['work']]['en']}",
                "zh": f"多进程与单进程：{name[entry['work']]['zh']}",
            }[lang],
            f"× {told(entry['ratio'])}",
            beside,
        )
        for entry in tables["workers"]
    ]


def _starts(tables: Mapping[str, Any], lang: str) -> list[Row]:
    seconds = {entry["what"]: entry["seconds"] for entry in tables["starts"]}
    held = {entry["subject"]: entry for entry in tables["memory"]}
    bare = {"en": "bare app", "zh": "简单应用"}[lang]
    requests = held["platform"]["requests"]
    start = {"en": "start to first page", "zh": "启动到首页"}[lang]
    memory = {"en": f"memory after {requests:,} requests", "zh": f"{requests:,} 次请求后的内存"}[lang]
    return [
        (start, f"{told(seconds['next start'])} s", f"{bare} {told(seconds['bare app'])} s"),
        (memory, f"{told(held['platform']['rss_mb'])} MB", f"{bare} {told(held['bare app']['rss_mb'])} MB"),
    ]


TELLERS: Final = {
    "case": _cases,
    "submit": _submissions,
    "plan": _plans,
    "growth": _growth,
    "desk": _desk,
    "workers": _workers,
    "start": _starts,
}
