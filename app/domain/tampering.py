"""What can have been done to a record behind the app's back, and how a finding says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.domain.proof import Hasher, canonical, header_of, next_link, payload_digest, payload_of
from app.domain.vocabulary import Text, Word

GRACE = timedelta(minutes=5)
"""How long after it was stamped a row may be written: a request that waited for its turn, on a machine whose clock need
not be that of the next one."""


class Tampering(Word):
    """What happened to a row."""

    CHANGED = "changed", "被改动", "changed"
    DROPPED = "dropped", "被删除", "dropped"
    INSERTED = "inserted", "事后插入", "inserted"
    REORDERED = "reordered", "被调换顺序", "reordered"
    MOVED = "moved", "来自另一件申请", "moved here from another case"
    BACK_DATED = "back_dated", "时间被倒签", "back-dated"
    FORGED = "forged", "签名不符", "not signed by this installation"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first bad row: what happened, to which row of which table, and what shows it."""

    what: Tampering
    table: str
    key: str
    shows: Text
    is_time: bool = False
    """Only the times do not fit, which a demonstration's clock explains."""

    @property
    def sentence(self) -> Text:
        """The whole in words."""
        return Text(
            f"表 {self.table} 的行 {self.key} {self.what.zh}：{self.shows.zh}",
            f"Row {self.key} of table {self.table} was {self.what.en}: {self.shows.en}"
            if self.what is not Tampering.FORGED
            else f"Row {self.key} of table {self.table} is {self.what.en}: {self.shows.en}",
        )


@dataclass(frozen=True, slots=True)
class Bound:
    """One event row as it was read. ``is_open`` is false when a sealed column of it no longer opens."""

    row: Mapping[str, Any]
    is_open: bool = True

    @property
    def link(self) -> str:
        """Its stored link, or nothing."""
        return self.row["link"] or ""


@dataclass(frozen=True, slots=True)
class Slip:
    """The first event of a chain that does not fit: its number, and what of it is wrong."""

    seq: int
    shows: Text
    is_gap: bool = False
    link: str = ""
    """What its link should be, where that can be said."""


def first_slip(hasher: Hasher, case: Mapping[str, Any], events: Sequence[Bound]) -> Slip | None:
    """The first event that does not follow from the ones before it; None when the chain holds."""
    is_erased = any(bound.row["kind"] == "erased" for bound in events)
    before = bytes.fromhex(case["origin"])
    for number, bound in enumerate(events, 1):
        row = bound.row
        if row["seq"] != number:
            return Slip(number, Text(f"第 {number} 步不见了", f"event {number} is missing"), is_gap=True)
        shows = _payload_wrong(hasher, bound, is_erased=is_erased)
        link = _link(hasher, before, row)
        if shows is None and link != row["link"]:
            shows = Text(
                "类型、时间、角色、状态或链接与其后的一切不符",
                "kind, instant, role, status or link do not fit what follows",
            )
        if shows is not None:
            return Slip(number, shows, link=link)
        before = bytes.fromhex(row["link"])
    return None


def _link(hasher: Hasher, before: bytes, row: Mapping[str, Any]) -> str:
    try:
        return next_link(hasher, before, bytes.fromhex(row["digest"] or ""), canonical(header_of(row))).hex()
    except ValueError:  # the digest is no hexadecimal text any more
        return ""


def _payload_wrong(hasher: Hasher, bound: Bound, *, is_erased: bool) -> Text | None:
    row = bound.row
    if not bound.is_open:
        return Text("密封的内容打不开", "its sealed contents do not open")
    if not row["salt"] and is_erased:
        if row["changes"] or row["why"]:
            return Text("已删除的内容又有了内容", "contents that were erased are there again")
        return None
    if not row["salt"]:
        return Text("没有删除记录，内容或盐却不在了", "contents or salt are gone without an erasure on record")
    try:
        digest = payload_digest(hasher, bytes.fromhex(row["salt"]), canonical(payload_of(row)))
    except ValueError:  # the salt is no hexadecimal text any more
        return Text("盐被改动", "its salt was altered")
    if digest.hex() == row["digest"]:
        return None
    return Text(
        "办理人、理由、内容、盐或摘要与记录时不同",
        "actor, why, changes, salt or digest are not what was recorded",
    )
