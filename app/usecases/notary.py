"""The notary's work: chain what is older than the chains, fix the hash function, and keep the tree up to date."""

import logging
from functools import partial

from sqlalchemy import Table, select

from app.domain.proof import Hasher
from app.storage.chains import chained
from app.storage.changes import Changes
from app.storage.imprint_tables import IMPRINT
from app.storage.imprints import IMPRINTED, adopted, is_begun, rows_without
from app.storage.notary import BATCH, TreeBroken, is_behind
from app.storage.proofs import newest_checkpoint
from app.storage.queries import Reader
from app.storage.sealing import Found
from app.storage.store import Outcome, Store
from app.storage.tables import APPLICATION, EVENT
from app.usecases import strays
from app.usecases.context import Context

log = logging.getLogger(__name__)

ADOPTED = 100
"""Cases read at once when old ones are chained."""


class WrongHash(RuntimeError):
    """The settings name another hash function than the one this installation was begun with."""

    def __init__(self, begun: str, wanted: str) -> None:
        """Both, by name."""
        super().__init__(f"this installation was begun with {begun}: set APP_PROOF_HASH={begun}, not {wanted}")
        self.begun, self.wanted = begun, wanted


def found(context: Context, store: Store) -> None:
    """Make the database ready for proofs: on its first start, chain every case that is there and sign the empty tree.
    By that tree the folder of files knows the database again.

    Raises :class:`WrongHash` when it was begun with another hash function, ``HashMissing`` when this machine has none
    of that name.
    """
    hasher = Hasher(context.world.policy.proof_hash)
    first = store.read(lambda reader: newest_checkpoint(reader.connection))
    if first is None:
        _adopt_all(context, store)
        store.notary.begin(context.world.keys, hasher, context.at)
        first = store.read(lambda reader: newest_checkpoint(reader.connection))
    if first is None:
        log.error("the proof tree has leaves and no checkpoint: run `python -m app verify`")
    elif first.checkpoint.hash != hasher.name:
        raise WrongHash(first.checkpoint.hash, hasher.name)
    elif _imprint_all(context, store):
        try:
            run(context, store)  # what is taken over stands in the tree before anything new does
        except TreeBroken:
            log.exception("the proof tree was altered")
    strays.settle_in(store, context.world.files)


def run(context: Context, store: Store) -> int:
    """Give everything that has none yet a place in the tree; how many rows. Raises ``TreeBroken``."""
    total = 0
    if not store.read(lambda reader: is_behind(reader.connection)):
        return total
    while count := store.notary.sequence(context.world.keys, context.at):
        total += count
        if count < BATCH:
            break
    return total


def _imprint_all(context: Context, store: Store) -> int:
    """Take over the rows that are older than the imprints of their table, once: afterwards a row without one was
    slipped in."""
    count = 0
    for table in IMPRINTED.values():
        if not store.read(partial(is_begun, source=table.name)):
            while taken := store.perform(partial(_imprint_some, context, table=table)):
                count += taken
    return count


def _imprint_some(context: Context, reader: Reader, table: Table) -> Outcome[int]:
    found = rows_without(reader, table, ADOPTED)
    rows = [adopted(context.sealing, table.name, row, context.at) for row in found]
    return Outcome(len(rows), Changes().also(IMPRINT.name, *rows) if rows else None)


def _adopt_all(context: Context, store: Store) -> None:
    after = ""
    while batch := store.read(partial(_unchained, after=after)):
        for application_id in batch:
            while not _adopt(context, store, application_id):
                pass  # somebody changed it meanwhile: read it again
        after = batch[-1]


def _unchained(reader: Reader, after: str) -> list[str]:
    query = select(APPLICATION.c.id).where(APPLICATION.c.chain.is_(None), APPLICATION.c.id > after)
    return [row["id"] for row in reader.rows(query.order_by(APPLICATION.c.id).limit(ADOPTED))]


def _adopt(context: Context, store: Store, application_id: str) -> bool:
    case, rows = store.read(partial(_whole, application_id=application_id))
    if case is None or case["chain"] is not None or not rows:
        return True
    pack = next((row["changes"]["digest"] for row in rows if "digest" in row["changes"]), case["digest"])
    bound, chain = chained(context.sealing, {**case, "digest": pack}, [dict(row) for row in rows])
    return store.notary.adopt(case, bound, chain)


def _whole(reader: Reader, application_id: str) -> tuple[Found | None, list[Found]]:
    case = reader.row(select(APPLICATION).where(APPLICATION.c.id == application_id))
    events = select(EVENT).where(EVENT.c.application_id == application_id).order_by(EVENT.c.seq)
    return case, list(reader.rows(events))
