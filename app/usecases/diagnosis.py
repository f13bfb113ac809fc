"""From a row that does not fit to what was done to it, with the leaves of the tree as witnesses."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Table, select

from app.domain.tampering import Bound, Finding, Slip, Tampering
from app.domain.vocabulary import Text
from app.storage import proofs as rows
from app.storage.notary import key_text
from app.storage.proofs import Leaf
from app.storage.queries import Reader
from app.storage.replays import Difference
from app.storage.sealing import Found
from app.storage.tables import APPLICATION, CERTIFICATE, EVENT, TASK


def of_slip(reader: Reader, case: Found, events: Sequence[Bound], slip: Slip) -> Finding:
    """What became of the first event that does not fit its chain."""
    key = key_text(case["id"], slip.seq)
    if slip.is_gap:
        return _at_gap(reader, case, events, slip)
    bound = events[slip.seq - 1]
    signed = rows.leaf(reader.connection, "event", key)
    held = {other.link for other in events}
    elsewhere = [leaf for leaf in rows.leaves_with(reader.connection, [bound.link]) if leaf.key != key]
    if elsewhere:
        return _displaced(case, key, signed, elsewhere[0], held)
    after = events[slip.seq].link if slip.seq < len(events) else ""
    if signed is not None and after == signed.link:
        shows = Text("签过名的第 {0} 步现在排在它后面", "the event signed as number {0} stands behind it")
        return Finding(Tampering.INSERTED, "event", key, Text(shows.zh.format(slip.seq), shows.en.format(slip.seq)))
    earlier = events[slip.seq - 2].row["at"] if slip.seq > 1 else case["created_at"]
    is_back_dated = slip.link != "" and bound.is_open and bound.row["at"] < earlier
    return Finding(Tampering.BACK_DATED if is_back_dated else Tampering.CHANGED, "event", key, slip.shows)


def _at_gap(reader: Reader, case: Found, events: Sequence[Bound], slip: Slip) -> Finding:
    """A number is left out: its event was dropped, or the row behind it never belonged there."""
    key, behind = key_text(case["id"], slip.seq), events[slip.seq - 1]
    own = key_text(case["id"], behind.row["seq"])
    signed = [leaf for leaf in rows.leaves_with(reader.connection, [behind.link]) if leaf.key != own]
    if behind.row["seq"] < slip.seq and signed:
        shows = Text(f"它是作为 {signed[0].key} 签名的", f"it was signed as {signed[0].key}")
        return Finding(Tampering.REORDERED, "event", own, shows)
    is_head = case["event_count"] == slip.seq - 1 and slip.seq > 1 and case["chain"] == events[slip.seq - 2].link
    if behind.row["seq"] < slip.seq or (is_head and rows.leaf(reader.connection, "event", key) is None):
        count = case["event_count"]
        shows = Text(f"申请只记有第 1 到 {count} 步", f"the case has the events 1 to {count} on record and no other")
        return Finding(Tampering.INSERTED, "event", own, shows)
    return Finding(Tampering.DROPPED, "event", key, slip.shows)


def _displaced(case: Found, key: str, signed: Leaf | None, other: Leaf, held: set[str]) -> Finding:
    """The row stands where another was signed."""
    if not other.key.startswith(f"{case['id']}/"):
        shows = Text(f"它是作为 {other.key} 签名的", f"it was signed as {other.key}")
        return Finding(Tampering.MOVED, "event", key, shows)
    if signed is not None and signed.link not in held:
        shows = Text("签过名的这一步不见了，后面的行顶了上来", "the event signed here is gone, and later rows moved up")
        return Finding(Tampering.DROPPED, "event", key, shows)
    shows = Text(f"它是作为 {other.key} 签名的", f"it was signed as {other.key}")
    return Finding(Tampering.REORDERED, "event", key, shows)


def of_end(reader: Reader, case: Found, events: Sequence[Bound]) -> Finding:
    """The chain holds, and yet ends elsewhere than the case says."""
    count, told = len(events), case["event_count"]
    beyond = rows.leaf(reader.connection, "event", key_text(case["id"], count + 1))
    is_head = bool(events) and case["chain"] == events[-1].link
    if beyond is not None or (told > count and not is_head):
        shows = Text(f"申请记有 {told} 步，只剩 {count} 步", f"the case has {told} events on record, {count} are left")
        return Finding(Tampering.DROPPED, "event", key_text(case["id"], count + 1), shows)
    if told < count and not is_head:
        shows = Text(f"申请只记有 {told} 步", f"the case has only {told} events on record")
        return Finding(Tampering.INSERTED, "event", key_text(case["id"], told + 1), shows)
    shows = Text("event_count 或 chain 与事件链的末尾不符", "event_count or chain are not where its events end")
    return Finding(Tampering.CHANGED, "application", case["id"], shows)


def of_difference(found: Difference) -> Finding:
    """A stored row that is not what its events make of it."""
    if found.column is not None:
        shows = Text(f"{found.column} 不是事件推出的值", f"{found.column} is not what the events make of it")
        return Finding(Tampering.CHANGED, found.table, found.key, shows)
    if found.is_missing:
        shows = Text("事件推出这一行，表里却没有", "the events make this row, and it is not there")
        return Finding(Tampering.DROPPED, found.table, found.key, shows)
    shows = Text("没有事件推出这一行", "no event makes this row")
    return Finding(Tampering.INSERTED, found.table, found.key, shows)


def orphans(reader: Reader) -> Iterator[Finding]:
    """Rows of cases that are not there."""
    for table in (EVENT, TASK, CERTIFICATE):
        owner = _ownerless(reader, table)
        if owner is not None:
            shows = Text(f"表 {table.name} 里还有它的行", f"table {table.name} still has rows of it")
            yield Finding(Tampering.DROPPED, "application", owner, shows)


def _ownerless(reader: Reader, table: Table) -> str | None:
    owner = table.c.application_id
    query = select(owner).outerjoin(APPLICATION, APPLICATION.c.id == owner).where(APPLICATION.c.id.is_(None))
    found: str | None = reader.connection.execute(query.where(owner.is_not(None)).order_by(owner).limit(1)).scalar()
    return found
