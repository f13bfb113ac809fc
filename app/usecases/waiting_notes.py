"""协同单 that wait for the signature of the asker's own place: what a hall or a desk is to look into.

Least privilege: who may sign a note, and nobody else, finds it here; its text stays on the page of the case.
"""

from collections.abc import Iterator

from app.domain import together
from app.domain.applications import Actor, Application
from app.domain.places import Note
from app.domain.vocabulary import Role
from app.schemas.common import Bilingual, Page, Term
from app.schemas.together import WaitingNoteOut, WaitingNotesOut
from app.storage import note_queue
from app.storage.queries import Reader
from app.usecases import paging
from app.usecases.accounts import department
from app.usecases.context import Context
from app.usecases.serving import hall_of

SCAN = 50
"""Cases looked at in one go."""


def waiting(context: Context, reader: Reader, cursor: str | None, limit: int) -> Page[WaitingNotesOut]:
    """The cases in which notes wait for the asker's place, oldest first."""
    who = context.acting(Role.CLERK, Role.OFFICER)
    found = paging.position(cursor, 1)
    entries: list[WaitingNotesOut] = []
    for case in _candidates(context, reader, who, found[0] if found else ""):
        if notes := [note for note in together.notes(case) if together.may_sign(who, case, note)]:
            if len(entries) == limit:
                return Page(entries=entries, next=paging.cursor(entries[-1].application_id))
            entries.append(_line(context, case, notes))
    return Page(entries=entries, next=None)


def _candidates(context: Context, reader: Reader, who: Actor, after: str) -> Iterator[Application]:
    while ids := _ids(context, reader, who, after):
        for own in ids:
            case = reader.application(own)
            if case is not None:
                yield case
        after = ids[-1]


def _ids(context: Context, reader: Reader, who: Actor, after: str) -> list[str]:
    if who.role is Role.CLERK:
        return note_queue.at_hall(reader, who.region or "", after, SCAN)
    own = department(context.world, who.department or "")
    return [] if own is None else note_queue.at_desk(reader, own.code, own.region, after, SCAN)


def _line(context: Context, case: Application, notes: list[Note]) -> WaitingNotesOut:
    bundle = context.world.library.bundles.get(case.bundle)
    return WaitingNotesOut(
        application_id=case.id,
        reference=case.reference or "",
        bundle_name=Bilingual.of(bundle.name) if bundle else Bilingual(zh=case.bundle, en=case.bundle),
        notes=[_note(context, note) for note in notes],
    )


def _note(context: Context, note: Note) -> WaitingNoteOut:
    items = context.world.library.items
    return WaitingNoteOut(
        number=note.number,
        kind=Term.of(note.kind),
        sender=Bilingual.of(hall_of(context.world, note.sender).name),
        items=[Bilingual.of(items[item].short) for item in note.items if item in items],
        sent_at=note.sent_at,
    )
