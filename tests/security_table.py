"""``SECURITY.md``: what of OWASP ASVS applies and which test shows it. ``python -m tests.security_table`` writes it."""

from pathlib import Path
from typing import Any

import yaml

from app.domain.vocabulary import ILLUSTRATIVE_EN, ILLUSTRATIVE_ZH

ROOT = Path(__file__).parents[1]
SOURCE, TABLE = Path(__file__).with_name("asvs.yaml"), ROOT / "SECURITY.md"
INTRODUCTION = f"""# Security · 安全

{ILLUSTRATIVE_ZH} / {ILLUSTRATIVE_EN}

下表按 OWASP 应用安全验证标准（ASVS 5.0，一、二级）用自己的话列出适用的要求，以及证明它的测试；没有测试的写明原因。
未经第三方评估。由 `python -m tests.security_table` 从 `tests/asvs.yaml` 生成。

What of the OWASP Application Security Verification Standard (ASVS 5.0, levels 1 and 2) applies, in our own words, and
the test that shows it; or why there is none. Nobody outside has assessed this. Written from `tests/asvs.yaml` by
`python -m tests.security_table`.

Rate limits are counted by each server, all its processes together: several machines allow several times as much, and
a restart forgets. Report a weakness to whoever runs the installation; this prototype serves nobody real.
"""


def chapters() -> list[dict[str, Any]]:
    """The chapters with their rows."""
    found: list[dict[str, Any]] = yaml.safe_load(SOURCE.read_text("utf-8"))["chapters"]
    return found


def written() -> str:
    """The whole file."""
    parts = [INTRODUCTION]
    for chapter in chapters():
        parts.append(f"\n## {chapter['title']}\n\n| ASVS | What | Shown by |\n| --- | --- | --- |\n")
        parts += [f"| {row['id']} | {row['what']} | {_shown_by(row)} |\n" for row in chapter["rows"]]
    return "".join(parts)


def _shown_by(row: dict[str, Any]) -> str:
    if "reason" in row:
        return f"— {row['reason']}"
    return "<br>".join(f"`{test}`" for test in row["tests"])


if __name__ == "__main__":
    TABLE.write_text(written(), "utf-8")
