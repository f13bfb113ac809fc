"""How fast the search is on many titles, beside SQLite FTS5 with the same bigrams in the same run.

Run ``python tests/bench/search.py [--documents 200000]`` from the root of the repository. Titles are drawn from a seed,
so every run searches the same catalogue. ``tantivy`` is the bare index (candidates only), ``SearchIndex`` the whole
search with ranking and highlights, ``FTS5`` the best twenty by bm25 among the titles that hold every pair. The ratio is
FTS5 divided by SearchIndex: above 1, SearchIndex is faster. The summary counts only the queries FTS5 can answer: it
knows neither pinyin nor slips.
"""

import argparse
import random
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.domain.vocabulary import Text
from app.storage.search import SearchDocument, SearchIndex
from app.storage.search_terms import fold, index_terms, parse

SEED = 20240701
SUBJECTS = (
    *(
        "食品",
        "餐饮",
        "药品",
        "公共场所",
        "道路运输",
        "建设工程",
        "不动产",
        "企业",
        "个体工商户",
        "社会保险",
        "养老保险",
    ),
    *("医疗保险", "住房公积金", "户口", "出生", "婚姻", "烟草", "燃气", "供水", "供电", "排水", "绿地", "户外招牌"),
    *(
        "消防安全",
        "娱乐场所",
        "民办学校",
        "医疗机构",
        "水土保持",
        "环境影响",
        "特种设备",
        "农药",
        "种子",
        "药店",
        "饭店",
    ),
)
OBJECTS = (
    *("", "", "", "", "经营", "生产", "使用", "设立", "转移", "变更", "延续", "注销", "缴存", "提取", "参保", "报装"),
    *("过户", "备案信息", "从业人员", "场所", "项目", "设施", "资格", "待遇", "档案"),
)
ACTS = (
    *("许可", "登记", "备案", "审批", "核准", "确认", "检查", "申领", "换发", "补办", "认定", "核定", "给付", "报告"),
    *("年度审验", "证明"),
)
PLACES = ("", "", "", "东城", "西湖", "南山", "北仑", "中原", "城关", "新区", "开发区", "古镇", "河东", "山阳", "临江")
QUALIFIERS = ["", "", "", "(新办)", "(变更)", "(延续)", "（跨省通办）", "、营业前", "及相关服务"]
QUERIES = (
    *(
        "店",
        "户",
        "水",
        "户口",
        "食品",
        "登记",
        "过户",
        "社保",
        "养老",
        "公积金",
        "食品经营",
        "食品经萤许可",
        "消防安全检查",
    ),
    *("餐饮经营许可", "供水报装", "怎么办户口", "住房公积金提取确认", "shipin", "gongjijin", "spjy", "没有这样的事"),
)


def titles(count: int) -> Iterator[str]:
    """``count`` made-up item titles, always the same."""
    draw = random.Random(SEED)  # noqa: S311
    for number in range(count):
        parts = (draw.choice(PLACES), draw.choice(SUBJECTS), draw.choice(OBJECTS), draw.choice(ACTS))
        yield "".join(parts) + draw.choice(QUALIFIERS) + (f"第{number % 997}号" if number % 3 == 0 else "")


def fts_table(names: list[str]) -> sqlite3.Connection:
    """The same characters and pairs in an FTS5 table in memory."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE title USING fts5(terms, tokenize='unicode61', detail='column')")
    rows = ((" ".join(index_terms(fold(name))),) for name in names)
    connection.executemany("INSERT INTO title(terms) VALUES (?)", rows)
    connection.commit()
    return connection


def fts_search(connection: sqlite3.Connection, typed: str) -> int:
    """The number of hits among the best twenty that hold all pairs of ``typed``."""
    query = parse(typed)
    if query is None:
        return 0
    terms = query.pairs or query.runs
    match = " AND ".join(f'"{term}"' for term in terms)
    rows = connection.execute("SELECT rowid FROM title WHERE title MATCH ? ORDER BY rank LIMIT 20", (match,))
    return len(rows.fetchall())


def tantivy_search(index: SearchIndex, typed: str) -> int:
    """The number of candidates the inverted index proposes."""
    query = parse(typed)
    return 0 if query is None else len(list(index._shelves["item"]._candidates(query, 100)))


def timed(search: Callable[[str], int], rounds: int) -> dict[str, tuple[list[float], int]]:
    """Milliseconds of every round and the number of hits, for each query."""
    measured: dict[str, tuple[list[float], int]] = {}
    for typed in QUERIES:
        times, hits = [], 0
        for _ in range(rounds):
            began = time.perf_counter()
            hits = search(typed)
            times.append((time.perf_counter() - began) * 1000)
        measured[typed] = (times, hits)
    return measured


def percentiles(times: list[float]) -> tuple[float, float]:
    """p50 and p99 in milliseconds."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[98]


def report(results: dict[str, dict[str, tuple[list[float], int]]]) -> str:
    """A table of p50 per query and engine, then p50 and p99 over all queries, then the ratios."""
    lines = ["query".ljust(24) + "".join(f"{name:>14} hits" for name in results) + "   ratio"]
    for typed in QUERIES:
        middles = {name: percentiles(measured[typed][0])[0] for name, measured in results.items()}
        cells = "".join(f"{middles[name]:11.2f} ms {results[name][typed][1]:4}" for name in results)
        width = 24 - sum(ord(char) > 0x2E80 for char in typed)
        lines.append(typed.ljust(width) + cells + f"{middles['FTS5'] / middles['SearchIndex']:8.1f}")
    answered = [typed for typed in QUERIES if results["FTS5"][typed][1]]
    overall = {
        name: percentiles([t for typed in answered for t in measured[typed][0]]) for name, measured in results.items()
    }
    lines.append(f"over the {len(answered)} queries that FTS5 answers:")
    for name, (middle, worst) in overall.items():
        base = overall["FTS5"]
        lines.append(
            f"{name:12} p50 {middle:8.2f} ms  p99 {worst:8.2f} ms  "
            f"FTS5/{name}: p50 {base[0] / middle:.1f}, p99 {base[1] / worst:.1f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Build both indexes, time them, print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=200_000)
    options.add_argument("--rounds", type=int, default=10)
    chosen = options.parse_args()
    names = list(titles(chosen.documents))
    began = time.perf_counter()
    documents = [SearchDocument("item", f"i{number}", Text(name, "")) for number, name in enumerate(names)]
    index = SearchIndex(documents)
    built = time.perf_counter()
    connection = fts_table(names)
    say = sys.stdout.write
    say(f"{len(names)} titles: SearchIndex with pinyin built in {built - began:.1f} s, ")
    say(f"FTS5 in {time.perf_counter() - built:.1f} s\n")
    results = {
        "tantivy": timed(lambda typed: tantivy_search(index, typed), chosen.rounds),
        "SearchIndex": timed(lambda typed: len(index.search(typed)), chosen.rounds),
        "FTS5": timed(lambda typed: fts_search(connection, typed), chosen.rounds),
    }
    say(report(results) + "\n")


if __name__ == "__main__":
    main()
