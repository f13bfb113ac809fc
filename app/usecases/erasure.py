"""Keeping and erasing. Erased is what people entered and wrote: the data key is destroyed, sealed columns are blanked,
files nobody else uses are removed. What stays is that there was a case, its course, and the proof of it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from app.domain import retention as rules
from app.domain.applications import Application, EventKind
from app.domain.errors import MustBeKept
from app.domain.happenings import Happenings
from app.domain.periods import written_day
from app.domain.retention import Ground, Keeping
from app.domain.vocabulary import Role, Text
from app.schemas.common import Bilingual, Page, Term
from app.schemas.erasures import ErasureOut, ErasureWish, RetentionOut
from app.storage import matter_rows, waiting
from app.storage import retention as rows
from app.storage.changes import Changes, Destruction, Row, Update
from app.storage.files import FileStore
from app.storage.mapping import changes_between
from app.storage.papers import unsalted
from app.storage.queries import Reader
from app.storage.retention import FileUse, Tombstone
from app.storage.store import Outcome, Store, WorkedOff
from app.usecases import access, paging
from app.usecases.context import Context

BATCH = 200
GRACE = timedelta(hours=1)
"""A file touched less than an hour ago may be on its way into another application."""


def ask(context: Context, reader: Reader, wish: ErasureWish) -> Outcome[ErasureOut]:
    """Erase what the person asked for; asking again gives the same tombstone.

    Raises :class:`NotFound` for what is not the person's own, :class:`MustBeKept` with the law and the date.
    """
    who = context.acting(Role.APPLICANT)
    case = reader.application(wish.application)
    if case is None or case.applicant != who.account:
        raise access.no_such_application()
    found = rows.tombstone(reader, case.id)
    if found is not None:
        return Outcome(_out(found))
    until = rows.kept_until(reader, case.id)
    is_erasable = rules.is_erasable(case, until, context.moment.today, is_asked=True)
    if not is_erasable or _is_under_supervision(reader, case.id):
        raise _must_be_kept(until, context.moment.today)
    stone, changes = erased(context, reader, case, Ground.REQUEST)
    return Outcome(_out(stone), changes)


def _must_be_kept(until: date | None, today: date) -> MustBeKept:
    law = rules.OPEN_LAW if until is None else rules.KEEPING_LAW
    if until is None:
        text = Text("这件申请还没有办结，不能删除。", "This case is not over yet.")
    elif until < today:
        text = Text(
            "这件申请还有督办事项没有办结，办结后自动删除个人信息。",
            "A matter of supervision about this case is still open; afterwards the personal information is erased "
            "unasked.",
        )
    else:
        day = written_day(until)
        text = Text(
            f"这件申请的档案须保存到{day.zh}（年限为示例），期满自动删除个人信息。",
            f"The file of this application must be kept until {day.en} (illustrative); then the personal information "
            "is erased unasked.",
        )
    return MustBeKept(
        Text(text.zh + law.zh, f"{text.en} {law.en}"),
        retain_until=None if until is None else until.isoformat(),
        law=Bilingual.of(law).model_dump(),
    )


def erased(context: Context, reader: Reader, case: Application, ground: Ground) -> tuple[Tombstone, Changes]:
    """The tombstone, and the changes that leave nothing else of what people entered, nor a digest to try guesses on."""
    h = Happenings(case, context.actor, context.moment)
    h.record(EventKind.ERASED)
    law = rules.LAW[ground]
    actor = context.actor
    stone = Tombstone(case.id, context.at, actor.account, actor.role.value, ground.value, law.zh, law.en)
    changes = changes_between(case, h.case, h.events, context.sealing)
    row = {name: getattr(stone, name) for name in Tombstone.__slots__}
    gone: list[tuple[str, Row]] = [
        ("idempotency", {"application_id": case.id}),
        ("message", {"application_id": case.id, "sent_at": None}),
    ]
    added = changes.also("erasure", row)
    updates = [*added.updates, *(Update("paper", number, {"digest": ""}) for number in unsalted(reader, case.id))]
    destroyed = [Destruction(case.id, context.at)]
    return stone, replace(added, updates=updates, deletes=[*added.deletes, *gone], destroys=destroyed)


def retention(context: Context, reader: Reader, cursor: str | None, limit: int) -> Page[RetentionOut]:
    """Every application of the person with the last day it is kept, newest first."""
    who = context.acting(Role.APPLICANT)
    found = paging.position(cursor, 1)
    ids = rows.ids_of(reader, who.account, found[0] if found else None, limit + 1)
    cases = (reader.application(found) for found in ids[:limit])
    return Page(
        entries=[_line(context, reader, case) for case in cases if case is not None],
        next=paging.cursor(ids[limit - 1]) if len(ids) > limit else None,
    )


def _line(context: Context, reader: Reader, case: Application) -> RetentionOut:
    until, stone = rows.kept_until(reader, case.id), rows.tombstone(reader, case.id)
    bundle = context.world.library.bundles.get(case.bundle)
    keeping = rules.keeping_of(case)
    may_erase = rules.is_erasable(case, until, context.moment.today, is_asked=True)
    law = rules.KEEPING_LAW if until is not None or stone is not None else rules.OPEN_LAW
    return RetentionOut(
        application=case.id,
        reference=case.reference,
        bundle=case.bundle,
        bundle_name=Bilingual.of(bundle.name) if bundle else Bilingual(zh=case.bundle, en=case.bundle),
        status=Term.of(case.status),
        keeping=Term.of(keeping),
        kept_until=until,
        may_erase=may_erase and not _is_under_supervision(reader, case.id),
        law=Bilingual.of(rules.LAW[Ground.REQUEST] if keeping is Keeping.DRAFT else law),
        erasure=None if stone is None else _out(stone),
    )


def run(context: Context, store: Store, *, is_patient: bool = True) -> WorkedOff:
    """Erase everything whose time is up; what came of it."""
    system = context.as_system()
    return store.work_off(waiting.past(system.moment.today), partial(_erase_one, system), is_patient=is_patient)


def tidy(context: Context, store: Store) -> int:
    """Remove the files that only erased applications used; how many went."""
    return remove_files(store, context.world.files)


def _erase_one(context: Context, reader: Reader, own: str) -> Outcome[bool]:
    case, until = reader.application(own), rows.kept_until(reader, own)
    is_up = case is not None and rules.is_erasable(case, until, context.moment.today, is_asked=False)
    if case is None or not is_up or _is_under_supervision(reader, case.id):
        return Outcome(False)
    return Outcome(True, erased(context, reader, case, Ground.RETENTION)[1])


def remove_files(store: Store, files: FileStore) -> int:
    """Remove the files that only erased applications used; how many went. What was touched lately waits."""
    removed, after = 0, ""
    while batch := store.read(partial(rows.released_uses, limit=BATCH, after=after)):
        gone = {digest for digest in {use.digest for use in batch} if files.remove(digest, GRACE)}
        uses = [use for use in batch if use.digest in gone]
        store.perform(partial(_forgotten, uses=uses))
        removed, after = removed + len(gone), batch[-1].digest
    return removed


def _forgotten(_: Reader, uses: Iterable[FileUse]) -> Outcome[None]:
    return Outcome(
        None, Changes(deletes=[("file_use", {"application_id": use.application_id, "seq": use.seq}) for use in uses])
    )


def _is_under_supervision(reader: Reader, application_id: str) -> bool:
    return any(matter.closed_at is None for matter in matter_rows.matters_about(reader, application_id))


def _out(stone: Tombstone) -> ErasureOut:
    return ErasureOut(
        application=stone.application_id,
        erased_at=stone.at,
        ground=Term.of(Ground[stone.ground.upper()]),
        law=Bilingual(zh=stone.law_zh, en=stone.law_en),
        by=Term.of(Role[stone.role.upper()]),
    )
