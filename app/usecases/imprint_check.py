"""Checking imprints: papers, consents, ratings and messages against what was bound when they were last written.

Every row of those tables has its imprints, without a gap; each is bound to the one before it, and the newest to the
row as it stands. What became of a row that has left the table, or of one that never left an imprint, is said as well.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import Table, select, tuple_

from app.domain.proof import Hasher
from app.domain.tampering import Bound, Finding, Tampering
from app.domain.vocabulary import Text
from app.storage import imprints
from app.storage.imprint_tables import IMPRINT
from app.storage.imprints import IMPRINTED, instants, key_of
from app.storage.notary import key_text
from app.storage.paper_tables import MESSAGE
from app.storage.queries import Reader
from app.storage.tables import APPLICATION
from app.usecases.reading_bound import GONE, NOT_OPEN, opened

if TYPE_CHECKING:
    from app.usecases.verification import Report

BATCH = 500


class ImprintCheck:
    """One walk over imprints: of everything, or of one application."""

    def __init__(
        self, reader: Reader, hasher: Hasher, report: "Report", beat: Callable[[], None] = lambda: None
    ) -> None:
        """``beat`` is called after every batch."""
        self._reader, self._hasher, self._report, self._beat = reader, hasher, report, beat

    def check(self, application_id: str | None = None) -> Iterator[Finding]:
        """Everything that is wrong, by table and key."""
        for history in self._batches(application_id):
            yield from self._batch(history)
            self._beat()
        for target in IMPRINTED.values():
            for key in imprints.keys_without(self._reader, target, application_id):
                shows = Text("写入时没有留下印记", "it left no imprint when it was written")
                yield Finding(Tampering.INSERTED, target.name, key, shows)
        if application_id is None and (late := imprints.late_adoption(self._reader)) is not None:
            shows = Text("启用印记以后才补记", "it was taken over after imprints had begun")
            yield Finding(Tampering.INSERTED, IMPRINT.name, late, shows)

    def _batches(self, application_id: str | None) -> Iterator[list[list[Bound]]]:
        """The histories of rows, a batch at a time."""
        batch: list[list[Bound]] = []
        for _, history in groupby(self._imprints(application_id), key=lambda one: (one.row["source"], one.row["key"])):
            batch.append(list(history))
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def _imprints(self, application_id: str | None) -> Iterator[Bound]:
        own = tuple_(IMPRINT.c.source, IMPRINT.c.key, IMPRINT.c.seq)
        query = select(IMPRINT).limit(BATCH)
        if application_id is not None:
            query = query.where(IMPRINT.c.application_id == application_id)
        batch = opened(self._reader, IMPRINT, query)
        while batch:
            yield from batch
            last = batch[-1].row
            after = own > tuple_(last["source"], last["key"], last["seq"])
            batch = opened(self._reader, IMPRINT, query.where(after))

    def _batch(self, batch: Sequence[list[Bound]]) -> Iterator[Finding]:
        rows: dict[tuple[str, str], Bound] = {}
        for source, histories in groupby(batch, key=lambda history: str(history[0].row["source"])):
            target = IMPRINTED.get(source)
            if target is not None:
                rows |= self._rows(target, [history[0].row["key"] for history in histories])
        for history in batch:
            self._report.records += len(history)
            self._report.waiting += sum(one.row["position"] is None for one in history)
            yield from self._history(history, rows.get((history[0].row["source"], history[0].row["key"])))

    def _rows(self, target: Table, keys: Iterable[str]) -> dict[tuple[str, str], Bound]:
        found = opened(self._reader, target, select(target).where(key_of(target).in_(list(keys))))
        return {(target.name, one.row[key_of(target).name]): one for one in found}

    def _history(self, history: Sequence[Bound], row: Bound | None) -> Iterator[Finding]:
        before, expected = None, history[0].row["seq"]
        for number, one in enumerate(history, min(expected, 1)):
            made = one.row
            key = key_text(made["source"], made["key"], number)
            if made["seq"] != number:
                yield Finding(Tampering.DROPPED, IMPRINT.name, key, Text("这一次的印记不见了", "it is missing"))
                return
            if (shows := self._unbound(one, before)) is not None:
                yield Finding(Tampering.CHANGED, IMPRINT.name, key, shows)
                return
            before = made["link"]
        newest = history[-1].row
        if row is None and newest["source"] == MESSAGE.name and self._is_erased(newest["application_id"]):
            return  # what had not been sent when its case was erased went with the words
        if row is None:
            shows = Text("留有印记，现在不在", "it left an imprint, and it is not there")
            yield Finding(Tampering.DROPPED, newest["source"], newest["key"], shows)
            return
        yield from self._row(history, row)

    def _unbound(self, one: Bound, before: str | None) -> Text | None:
        made = one.row
        if not one.is_open:
            return NOT_OPEN
        try:
            is_bound = imprints.link_of(self._hasher, made, before) == made["link"]
        except ValueError:  # the state is no hexadecimal text any more
            is_bound = False
        if not is_bound:
            return Text("摘要或链接与写入时不同", "its digest or its link are not what was written")
        return None

    def _row(self, history: Sequence[Bound], row: Bound) -> Iterator[Finding]:
        first, newest = history[0].row, history[-1].row
        shows = imprints.wrong(self._hasher, newest, row.row) if row.is_open else NOT_OPEN
        if shows is None and newest["digest"] and not newest["salt"] and not self._is_erased(newest["application_id"]):
            shows = GONE
        if shows is not None:
            yield Finding(Tampering.CHANGED, newest["source"], newest["key"], shows)
            return
        told = instants(IMPRINTED[newest["source"]], row.row)
        if (first["seq"] > 0 and first["at"] != min(told)) or newest["at"] < max(told):
            shows = Text("其中的时间不是写入的时间", "the instants it holds are not those it was written at")
            yield Finding(Tampering.BACK_DATED, newest["source"], newest["key"], shows)

    def _is_erased(self, application_id: str) -> bool:
        query = select(APPLICATION.c.erased_at).where(APPLICATION.c.id == application_id)
        return self._reader.connection.execute(query).scalar() is not None
