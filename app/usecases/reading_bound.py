"""Reading rows that may have been altered: what no longer opens is told apart instead of ending the reading."""

from sqlalchemy import Select, Table

from app.domain.tampering import Bound
from app.domain.vocabulary import Text
from app.storage.queries import Reader
from app.storage.sealing import Found
from app.storage.vault import SealBroken

NOT_OPEN = Text("密封的内容打不开", "its sealed contents do not open")
GONE = Text("没有删除记录，内容或盐却不在了", "contents or salt are gone without an erasure on record")


def opened(reader: Reader, table: Table, query: Select[tuple[object, ...]]) -> list[Bound]:
    """The rows of a query by their keys, opened; those that no longer open as they are stored."""
    keys = list(table.primary_key.columns)
    try:
        return [Bound(row) for row in reader.rows(query.order_by(*keys))]
    except SealBroken:
        stored = reader.connection.execute(query.order_by(*keys)).mappings().all()
    return [_each(reader, query.where(*(key == row[key.name] for key in keys)), row) for row in stored]


def _each(reader: Reader, query: Select[tuple[object, ...]], stored: Found) -> Bound:
    try:
        return Bound(reader.rows(query)[0])
    except SealBroken:
        return Bound(stored, is_open=False)
