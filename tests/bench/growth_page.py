"""What a whole province would ask of the machines: plain arithmetic from what was measured and what is assumed.

Every row says which of the three it is. Assumptions are illustrative round numbers and no statistics of any place; what
was measured comes from :mod:`tests.bench.summary` and :mod:`tests.bench.weight`; the rest is multiplied and divided.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.bench import summary, weight
from tests.bench.sums import Said
from tests.databases import POSTGRESQL

HOUR: Final = 3600
ASSUMED: Final = Said("*假设（示例）*", "*assumed (illustrative)*")
MEASURED: Final = Said("*实测*", "*measured*")
COMPUTED: Final = Said("*计算*", "*computed*")


@dataclass(frozen=True, slots=True)
class Assumed:
    """A fictional province. Every number is illustrative."""

    people: int = 65_000_000
    cases_a_head: float = 1.5
    """A year, businesses' cases included."""
    working_days: int = 250
    peak_share: float = 0.2
    """Of a day's cases, in its busiest hour."""
    reads_a_case: int = 60
    """Pages and answers read by everybody, from the first look to the rating."""
    busy_share: float = 0.5
    """How busy a processor may be in the busiest hour."""
    megabytes_a_file: float = 0.5
    years: int = 10
    """How long cases stay in the database, before they are erased or moved."""
    terabytes_a_shard: float = 4.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What measurements said. Times are of the processor, in milliseconds; sizes in kilobytes of 1,000 bytes."""

    calls: int
    case_ms: float
    database_share: float
    """The database's processor time beside the server's, of a submission."""
    reads_a_second: float
    """Of one process."""
    rows: float
    kilobytes: float
    leaves: float
    files: float


class NotMeasured(LookupError):
    """What the table needs is not among the measurements."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("run `python -m app bench all` where PostgreSQL runs on this machine")


class Line(NamedTuple):
    """One row of the table: the key of its figure, where that comes from, and both in words."""

    key: str
    kind: Said
    what: Said
    how: Said


def measured(speeds: Path = summary.KEPT, weights: Path = weight.KEPT) -> Measured:
    """What is kept: whole cases on PostgreSQL with the most clients, submissions there, reads, and weights.

    Raises :class:`NotMeasured` when some of it was not measured on PostgreSQL.
    """
    tables = {name: report["tables"] for name, report in json.loads(speeds.read_text("utf-8")).items()}
    kept = json.loads(weights.read_text("utf-8"))
    case = max(_on_postgresql(tables["case"]["cases"]), key=lambda row: row["clients"])
    submission = _on_postgresql(tables["submit"]["submissions"])[0]
    reads = next(row for row in tables["workers"]["workers"] if row["work"] == "reads")
    held = kept["tables"]
    return Measured(
        calls=case["calls"],
        case_ms=case["cpu_ms_per_case"]["median"],
        database_share=submission["database_cpu_ms"]["median"] / submission["cpu_ms"]["median"],
        reads_a_second=reads["one"]["median"],
        rows=weight.per_case(kept, "rows"),
        kilobytes=weight.per_case(kept, "bytes") / 1000,
        leaves=held["leaf"]["rows"] / kept["cases"],
        files=held["file_use"]["rows"] / kept["cases"],
    )


def _on_postgresql(rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    ours = [row for row in rows if row["database"] == POSTGRESQL and row.get("ratio") is None]
    if not ours or not ours[0].get("database_cpu_ms", True):
        raise NotMeasured
    return ours


def figures(assumed: Assumed, found: Measured) -> dict[str, float]:
    """Every figure of the table by its key: given ones as they are, the others computed."""
    a, m = assumed, found
    cases_a_year = a.people * a.cases_a_head
    cases_a_day = cases_a_year / a.working_days
    cases = cases_a_day * a.peak_share / HOUR
    action_cores = cases * m.case_ms / 1000 / a.busy_share
    terabytes = cases_a_year * m.kilobytes / 1e9
    return {
        **{name: getattr(part, name) for part in (a, m) for name in part.__slots__},
        "action_ms": m.case_ms / m.calls,
        "cases_a_year": cases_a_year,
        "cases_a_day": cases_a_day,
        "cases_a_second": cases,
        "actions_a_second": cases * m.calls,
        "action_cores": action_cores,
        "read_cores": cases * a.reads_a_case / m.reads_a_second / a.busy_share,
        "database_cores": action_cores * m.database_share,
        "rows_a_second": cases * m.rows,
        "leaves_a_second": cases * m.leaves,
        "rows_a_year": cases_a_year * m.rows,
        "terabytes_a_year": terabytes,
        "file_terabytes_a_year": cases_a_year * m.files * a.megabytes_a_file / 1e6,
        "shards": float(math.ceil(terabytes * a.years / a.terabytes_a_shard)),
    }


CASE: Final = Said("`bench case`（PostgreSQL）", "`bench case` (PostgreSQL)")
WEIGHT: Final = Said("`province --cases 240 --seed 1`，SQLite", "`province --cases 240 --seed 1`, SQLite")
GUESS: Final = Said("整数，不是统计", "a round number, no statistic")
LINES: Final = (
    Line("people", ASSUMED, Said("人口", "people"), GUESS),
    Line("cases_a_head", ASSUMED, Said("每人每年办件", "cases a head and year"), GUESS),
    Line("working_days", ASSUMED, Said("每年工作日", "working days a year"), GUESS),
    Line("peak_share", ASSUMED, Said("最忙一小时占全天", "share of the busiest hour in a day"), GUESS),
    Line("reads_a_case", ASSUMED, Said("每件的读取次数", "reads a case"), GUESS),
    Line("busy_share", ASSUMED, Said("处理器最多用到", "how busy a processor may be"), GUESS),
    Line("megabytes_a_file", ASSUMED, Said("一个上传文件，MB", "MB an uploaded file"), GUESS),
    Line("years", ASSUMED, Said("在库年数", "years in the database"), GUESS),
    Line("terabytes_a_shard", ASSUMED, Said("每个分片，TB", "TB a shard"), GUESS),
    Line("calls", MEASURED, Said("每件的动作（请求）", "actions (calls) a case"), CASE),
    Line("case_ms", MEASURED, Said("每件用服务的处理器，ms", "ms of the servers' processors a case"), CASE),
    Line(
        "database_share",
        MEASURED,
        Said("数据库的处理器时间，与服务相比", "the database's processor time beside the server's"),
        Said("`bench submit`（只有申报）", "`bench submit` (submissions only)"),
    ),
    Line(
        "reads_a_second",
        MEASURED,
        Said("一个进程每秒读取", "reads a second of one process"),
        Said("`bench workers`", "`bench workers`"),
    ),
    Line("rows", MEASURED, Said("每件的行数", "rows a case"), WEIGHT),
    Line("kilobytes", MEASURED, Said("每件的 KB，含索引", "KB a case, indexes included"), WEIGHT),
    Line("leaves", MEASURED, Said("每件的存证树叶", "leaves of the proof tree a case"), WEIGHT),
    Line("files", MEASURED, Said("每件用到的上传文件", "uploaded files a case"), WEIGHT),
    Line(
        "action_ms",
        COMPUTED,
        Said("每个动作用处理器，ms", "ms of processor an action"),
        Said("每件用处理器 ÷ 动作", "ms a case ÷ actions"),
    ),
    Line("cases_a_year", COMPUTED, Said("每年办件", "cases a year"), Said("人口 × 每人办件", "people × cases a head")),
    Line("cases_a_day", COMPUTED, Said("每天办件", "cases a day"), Said("÷ 工作日", "÷ working days")),
    Line(
        "cases_a_second",
        COMPUTED,
        Said("最忙时每秒办件", "cases a second, busiest hour"),
        Said("× 最忙一小时占比 ÷ 3600", "× share of the busiest hour ÷ 3,600"),
    ),
    Line(
        "actions_a_second",
        COMPUTED,
        Said("最忙时每秒动作", "actions a second, busiest hour"),
        Said("× 每件的动作", "× actions a case"),
    ),
    Line(
        "action_cores",
        COMPUTED,
        Said("办理要用的核", "cores for the actions"),
        Said("每秒办件 × 每件用处理器 ÷ 最多用到", "cases a second × ms a case ÷ how busy"),
    ),
    Line(
        "read_cores",
        COMPUTED,
        Said("读取要用的核", "cores for the reads"),
        Said(
            "每秒办件 × 读取 ÷ 一个进程每秒读取 ÷ 最多用到",
            "cases a second × reads ÷ reads of one process (one core at most) ÷ how busy",
        ),
    ),
    Line(
        "database_cores",
        COMPUTED,
        Said("数据库办理要用的核（读取未计）", "the database's cores for the actions (reads not counted)"),
        Said("办理要用的核 × 数据库的份额", "cores for the actions × the database's share"),
    ),
    Line(
        "rows_a_second",
        COMPUTED,
        Said("最忙时每秒新行", "new rows a second, busiest hour"),
        Said("每秒办件 × 行数", "cases a second × rows"),
    ),
    Line(
        "leaves_a_second",
        COMPUTED,
        Said("最忙时每秒树叶", "leaves a second, busiest hour"),
        Said("每秒办件 × 树叶", "cases a second × leaves"),
    ),
    Line("rows_a_year", COMPUTED, Said("每年的行数", "rows a year"), Said("每年办件 × 行数", "cases a year × rows")),
    Line(
        "terabytes_a_year",
        COMPUTED,
        Said("数据库每年增加，TB", "TB a year in the database"),
        Said("每年办件 × KB", "cases a year × KB"),
    ),
    Line(
        "file_terabytes_a_year",
        COMPUTED,
        Said("上传文件每年增加，TB", "TB a year of uploaded files"),
        Said("每年办件 × 文件 × MB", "cases a year × files × MB"),
    ),
    Line(
        "shards",
        COMPUTED,
        Said("分片数", "shards"),
        Said("每年 TB × 年数 ÷ 每片，进一", "TB a year × years ÷ TB a shard, rounded up"),
    ),
)


def table(lang: str) -> str:
    """The table in Markdown for this language, and what stands under it."""
    found = measured()
    values = figures(Assumed(), found)
    heads = {"en": ("what", "figure", "kind", "from"), "zh": ("什么", "数值", "性质", "依据")}[lang]
    lines = [heads, ("---", "---:", "---", "---")]
    lines += [
        (_say(line.what, lang), told(values[line.key]), _say(line.kind, lang), _say(line.how, lang)) for line in LINES
    ]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n\n" + _under(lang)


def _say(said: Said, lang: str) -> str:
    return said.zh if lang == "zh" else said.en


def told(value: float) -> str:
    """Three digits that count, no more: nothing here is known better. Whole numbers given as such stay whole."""
    if isinstance(value, int) or value == 0:
        return f"{value:,.0f}"
    digits = 2 - math.floor(math.log10(abs(value)))
    shown = round(value, digits)
    return f"{shown:,.0f}" if digits <= 0 else f"{shown:,.{digits}f}".rstrip("0").rstrip(".")


def _under(lang: str) -> str:
    """How far the figures carry, in the figures of the measurement itself."""
    reports = json.loads(summary.KEPT.read_text("utf-8"))
    load, cores = max(report["machine"]["load_before"] or 0.0 for report in reports.values()), _cores(reports)
    writes = next(row for row in reports["workers"]["tables"]["workers"] if row["work"] == "writes")
    ratio, cases = told(writes["ratio"]["median"]), json.loads(weight.KEPT.read_text("utf-8"))["cases"]
    if lang == "zh":
        return (
            f"速度测于 {cores} 个与别人共用的核（开始前的负载最高 {load:.1f}），重量测自 {cases} 件。"
            "每秒读取按钟表时间计，所以读取的核多半算多了。多少个核就有多少倍的速度，这是假设："
            f"同样这些核上，两个进程的写是一个的 {ratio} 倍。PostgreSQL 上的字节数没有测。"
        )
    return (
        f"Speeds are of {cores} cores shared with others (load before it began: up to {load:.1f}), weights of {cases} "
        "cases. Reads a second went by the clock, so the cores for them are rather too many. That so many cores are so "
        f"many times as fast is assumed: on those cores two processes wrote {ratio} times what one did. Bytes on "
        "PostgreSQL were not measured."
    )


def _cores(reports: Mapping[str, Any]) -> int:
    return int(next(iter(reports.values()))["machine"]["cores"])
