"""What a case weighs: rows and bytes a case in the fictional province, kept beside the measurements.

``python -m app province --cases 240 --seed 1`` into an empty SQLite database, then ``python -m tests.bench.weight
var/app.db var/files 240 1`` renew what is kept. Indexes count with their table. Calls of data, sign-ins and repeated
requests leave rows that the province has none of: what is found is a floor.
"""

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, Final

KEPT: Final = Path(__file__).with_name("weight.json")
OF_NO_CASE: Final = frozenset(
    {"alembic_version", "pack_version", "roll_up", "tally", "area_tally", "work_sum", "checkpoint"}
)
"""Tables that grow with packs, offices and time, not with cases."""


def weighed(database: Path, files: Path, cases: int, seed: int) -> dict[str, Any]:
    """Rows and bytes of every table with rows, and of the files, with the command that made them.

    Raises :class:`sqlite3.OperationalError` where SQLite was built without ``dbstat``.
    """
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        held = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608
        sizes = dict(
            connection.execute(
                "SELECT s.tbl_name, sum(d.pgsize) FROM dbstat d JOIN sqlite_master s ON s.name = d.name GROUP BY 1"
            )
        )
    kept = [path.stat().st_size for path in files.rglob("*") if path.is_file()]
    return {
        "command": f"python -m app province --cases {cases} --seed {seed}",
        "database": "sqlite",
        "cases": cases,
        "tables": {name: {"rows": held[name], "bytes": sizes[name]} for name in sorted(held) if held[name]},
        "files": {"count": len(kept), "bytes": sum(kept)},
    }


def per_case(kept: dict[str, Any], what: str) -> float:
    """``rows`` or ``bytes`` that one case leaves in the tables that grow with cases."""
    grown = [entry[what] for name, entry in kept["tables"].items() if name not in OF_NO_CASE]
    return float(sum(grown) / kept["cases"])


def main(words: list[str]) -> None:
    """Weigh a database and keep what was found."""
    if len(words) != 4:
        raise SystemExit(__doc__)
    database, files, cases, seed = words
    found = weighed(Path(database), Path(files), int(cases), int(seed))
    KEPT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
