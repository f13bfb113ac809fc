"""Proofs for people: that something is on record, unaltered, since when; and for anybody: that nothing was rewritten.

What a receipt discloses is what the asker wrote: an applicant gets the contents of the steps of their own side, and of
everybody else's steps, and of those in which registers told of other people, the digest alone. A department's reasons
and officers stay where the case shows them.
"""

from collections.abc import Iterator
from functools import partial

from sqlalchemy import select

from app.domain import merkle
from app.domain.applications import Actor, Application, EventKind
from app.domain.errors import Fault, InvalidInput, NotFound
from app.domain.proof import Hasher, canonical, header_of, origin_link, origin_of, payload_of
from app.domain.vocabulary import ILLUSTRATIVE, Role, Text
from app.schemas.common import Bilingual, Page
from app.schemas.proofs import BoundEventOut, CheckpointOut, ConsistencyOut, ProofOut, PublicKeyOut
from app.storage import proofs as rows
from app.storage.keys import KeyRing
from app.storage.notary import key_text
from app.storage.proofs import Leaf, SignedCheckpoint
from app.storage.queries import Reader
from app.storage.sealing import Found
from app.storage.store import Store
from app.storage.tables import APPLICATION, EVENT, PACK_VERSION
from app.usecases import access, notary
from app.usecases.context import Context
from app.usecases.disclosure import of_others

WRITES = frozenset({Role.APPLICANT, Role.AGENT})
"""An applicant's side: what one of them wrote, they may have again."""
NOTE = Text(
    "本凭证证明：所列各步按此顺序发生在这件申请上，最后一步不晚于检查点的时间已编入存证树，此后未被改动；附内容的各步，"
    "内容即为所附。本凭证不证明内容真实，也不证明申请已获受理或批准。用 /verify.py 可脱离本平台核验。",
    "This receipt proves that the steps listed happened to this application in this order, that the last one was in "
    "the proof tree no later than the time of the checkpoint and was not altered since, and, where contents are given, "
    "that these were the contents. It does not prove that contents are true, nor that anything was accepted or "
    "granted. /verify.py checks it without this platform.",
)


def prove(context: Context, store: Store, application_id: str, seq: int | None) -> ProofOut:
    """The receipt of one event, of the submission unless another is named. What has no place in the tree yet gets it
    first. Blocks while it does: run it off the event loop.

    Raises :class:`NotFound` for an application or event that is not there for the asker.
    """
    read = partial(receipt, context, application_id=application_id, seq=seq)
    found = store.read(read)
    if found is None:
        notary.run(context, store)
        found = store.read(read)
    if found is None:
        raise LookupError(f"an event of application {application_id} gets no place in the proof tree")
    return found


def receipt(context: Context, reader: Reader, application_id: str, seq: int | None) -> ProofOut | None:
    """The same from what is there; None when the event has no place in the tree yet."""
    case = access.visible(context, reader, application_id)
    events = bound_rows(reader, case.id)
    wanted = seq if seq is not None else _submission(events)
    if not 1 <= wanted <= len(events):
        raise NotFound(Text("这件申请没有这一步。", "The application has no such event."))
    chain = events[:wanted]
    leaf = rows.leaf(reader.connection, "event", key_text(case.id, wanted))
    signed = rows.first_checkpoint_with(reader.connection, leaf.position + 1) if leaf is not None else None
    if leaf is None or signed is None:
        return None
    return _receipt(context, reader, case, chain, leaf, signed)


def _receipt(
    context: Context, reader: Reader, case: Application, chain: list[Found], leaf: Leaf, signed: SignedCheckpoint
) -> ProofOut:
    row = reader.row(select(APPLICATION).where(APPLICATION.c.id == case.id)) or {}
    closed = of_others(context, reader, case, chain) if context.actor.role in WRITES else frozenset()
    hasher, ring = Hasher(signed.checkpoint.hash), context.world.keys
    ranges = merkle.inclusion(leaf.position, signed.checkpoint.size)
    return ProofOut(
        label=Bilingual.of(ILLUSTRATIVE),
        note=Bilingual.of(NOTE),
        reference=case.reference,
        hash=hasher.name,
        origin=origin_of(row, pack_of(reader, hasher, row, chain)),
        events=[_bound(context.actor, event, is_closed=event["seq"] in closed) for event in chain],
        link=leaf.link,
        position=leaf.position,
        path=[part.hex() for part in rows.path(reader.connection, hasher, ranges)],
        checkpoint=_signed(signed),
        public_key=ring.public_keys()[signed.signature.key].hex(),
    )


def _submission(events: list[Found]) -> int:
    """The number of the submission; of a draft's newest step while there is none."""
    return next((row["seq"] for row in events if row["kind"] == EventKind.SUBMITTED.value), len(events))


def _bound(who: Actor, row: Found, *, is_closed: bool) -> BoundEventOut:
    own = {role.value for role in WRITES}
    is_given = who.role in WRITES and row["role"] in own and bool(row["salt"]) and not is_closed
    return BoundEventOut(
        header=header_of(row),
        digest=row["digest"],
        salt=row["salt"] if is_given else None,
        payload=canonical(payload_of(row)).decode() if is_given else None,
    )


def bound_rows(reader: Reader, application_id: str) -> list[Found]:
    """The event rows of one case in order, with what binds them."""
    query = select(EVENT).where(EVENT.c.application_id == application_id)
    return list(reader.rows(query.order_by(EVENT.c.seq)))


def pack_of(reader: Reader, hasher: Hasher, case: Found, events: list[Found]) -> str:
    """The pack version the case was begun under. A draft lives by the version in force, so that the stored digest may
    be a later one. Raises ``LookupError`` when none fits what the chain begins with.
    """
    for pack in packs(reader, case, events):
        if origin_link(hasher, origin_of(case, pack)).hex() == case["origin"]:
            return pack
    raise LookupError(f"no pack version fits the beginning of application {case['id']}")


def packs(reader: Reader, case: Found, events: list[Found]) -> Iterator[str]:
    """The pack versions a case may have been begun under, the likely ones first."""
    told = [row["changes"] for row in events if isinstance(row["changes"], dict)]
    likely = dict.fromkeys([case["digest"], *(changes["digest"] for changes in told if "digest" in changes)])
    yield from likely
    query = select(PACK_VERSION.c.digest).where(PACK_VERSION.c.bundle == case["bundle"])
    yield from (row["digest"] for row in reader.rows(query) if row["digest"] not in likely)


def checkpoints(reader: Reader, cursor: int | None, limit: int) -> Page[CheckpointOut]:
    """Signed checkpoints, newest first."""
    found = rows.checkpoints(reader.connection, cursor, limit + 1)
    page = found[:limit]
    return Page(
        entries=[_signed(signed) for signed in page],
        next=str(page[-1].checkpoint.size) if len(found) > limit else None,
    )


def _signed(found: SignedCheckpoint) -> CheckpointOut:
    return CheckpointOut.of(found.checkpoint, found.signature.key, found.signature.value)


def consistency(reader: Reader, first: int, second: int) -> ConsistencyOut:
    """The proof that the tree of ``first`` leaves is the beginning of that of ``second``.

    Raises :class:`InvalidInput` unless ``first`` ≤ ``second``, :class:`NotFound` for a size not reached yet.
    """
    if first > second:
        text = Text("first 不能大于 second。", "first must not be larger than second.")
        raise InvalidInput([Fault("/first", "out-of-range", text)])
    newest = rows.newest_checkpoint(reader.connection)
    if newest is None or second > newest.checkpoint.size:
        raise NotFound(Text("存证树还没有这么多叶。", "The proof tree has not got so many leaves yet."))
    hasher = Hasher(newest.checkpoint.hash)
    path = rows.path(reader.connection, hasher, merkle.consistency(first, second))
    return ConsistencyOut(hash=hasher.name, first=first, second=second, path=[part.hex() for part in path])


def public_keys(ring: KeyRing) -> list[PublicKeyOut]:
    """Every key that signs or signed here, oldest first."""
    return [
        PublicKeyOut(key=name, public=public.hex(), is_current=name == ring.current_signing)
        for name, public in ring.public_keys().items()
    ]
