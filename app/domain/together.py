"""多地联办: which items may be handled in another place, which places work on a case, and the notes between them.

Only an item whose published 通办形式 is 多地联办 can have a place of its own, inside its 通办范围. The place of the
application leads: its hall hands over, its lead department answers for the whole, and one date is promised for all.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from app.domain.applications import SYSTEM, Actor, Application, EventKind, Task
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput, NotFound
from app.domain.happenings import Happenings
from app.domain.places import Joint, Note, NoteKind, is_elsewhere
from app.domain.proxies import covers
from app.domain.proxying import is_proxied
from app.domain.regions import RegionTree
from app.domain.routing import Plan, PlannedItem
from app.domain.said import said
from app.domain.vocabulary import AreaMode, Level, Role, Text

TEXT_LENGTH: Final = 500
MOST_NOTES: Final = 60
"""More than this is no longer a note here and there, but a conversation for the telephone."""


def chosen(case: Application) -> Mapping[str, str]:
    """Item → the other region that handles it."""
    return {} if case.joint is None else case.joint.places


def choosable(plan: Plan) -> list[PlannedItem]:
    """The items of the plan that may have a place of their own."""
    return [planned for planned in plan.items if planned.item.area_mode is AreaMode.JOINT]


def choose(h: Happenings, plan: Plan, wish: Mapping[str, str | None], regions: RegionTree) -> None:
    """Say for single items where they are handled; None, or the region of the case, takes it back.

    Raises :class:`InvalidInput` for an item that has no such choice, and for a place where it cannot be handled.
    """
    options = {planned.item.code: planned for planned in choosable(plan)}
    faults = [
        Fault(f"/places/{code[:64]}", "does-not-fit", why)
        for code, place in wish.items()
        if (why := _unfit(options.get(code), place, h.case, regions)) is not None
    ]
    if faults:
        raise InvalidInput(faults)
    kept = dict(chosen(h.case))
    for code, place in wish.items():
        kept.pop(code, None)
        if place is not None and is_elsewhere(place, h.case.region):
            kept[code] = place
    if kept != dict(chosen(h.case)):
        h.record(EventKind.PLACES_CHOSEN, joint=Joint(kept))


def _unfit(planned: PlannedItem | None, place: str | None, case: Application, regions: RegionTree) -> Text | None:
    if planned is None:
        return Text("这个事项不能选择办理地。", "For this item no other place can be chosen.")
    if place is None or place == case.region:
        return None
    if place not in regions or regions[place].level is not Level.COUNTY:
        return Text("请选择县（市、区）。", "Choose a county, a district or a county-level city.")
    if not covers(planned.item.area, place, case.region):
        area = planned.item.area
        return Text(f"这个事项的通办范围是：{area.zh}，不含所选地方。", f"It can be handled {area.en} only.")
    return None


def place_of(case: Application, task: Task) -> str:
    """The place that a task belongs to: bodies above the case's region count as its own."""
    return task.region if is_elsewhere(task.region, case.region) else case.region


def places(case: Application) -> tuple[str, ...]:
    """Every place that works on the case: the one that leads first, then the hall that took it in, then the others."""
    return tuple(dict.fromkeys((case.region, taker(case), *(place_of(case, task) for task in case.tasks.values()))))


def taker(case: Application) -> str:
    """The place that took it in: the hall it was filed at elsewhere, or the place of the application."""
    return case.filed_region if is_proxied(case) and case.filed_region is not None else case.region


def is_joint(case: Application) -> bool:
    """Whether more than one place works on it."""
    return len(places(case)) > 1


def seat(who: Actor, case: Application) -> str | None:
    """The place for which somebody works on the case; None for whoever does not."""
    if who.role is Role.CLERK and who.region is not None:
        if is_proxied(case) and who.region == case.filed_region:
            return who.region
        if who.region in {case.region, case.filed_region}:
            return case.region
        return who.region if is_hall_of_a_place(who, case) else None
    if who.role is Role.OFFICER:
        own = (task for task in case.tasks.values() if task.department == who.department)
        return next((place_of(case, task) for task in own), None)
    return None


def is_hall_of_a_place(who: Actor, case: Application) -> bool:
    """Whether the asker is the hall of another place that handles an item of the case."""
    return who.role is Role.CLERK and any(_is_hall_of(who, case, task) for task in case.tasks.values())


def serves(who: Actor, case: Application, item: str) -> bool:
    """Whether the asker is the hall of the other place that handles this item."""
    return who.role is Role.CLERK and item in case.tasks and _is_hall_of(who, case, case.tasks[item])


def _is_hall_of(who: Actor, case: Application, task: Task) -> bool:
    return task.region == who.region and is_elsewhere(task.region, case.region)


def hand_over(h: Happenings) -> None:
    """转办 at submission: one note to every other place that an item was given to, with the items it gets."""
    if h.case.joint is None:
        return
    for place in places(h.case):
        items = tuple(item for item, task in h.case.tasks.items() if place_of(h.case, task) == place)
        if items and place != taker(h.case):
            _add(h, NoteKind.HANDED, taker(h.case), place, items, None, SYSTEM)


def readers(case: Application) -> tuple[str, ...]:
    """The places that a note can be sent to or from."""
    return places(case) if is_joint(case) else ()


def send(h: Happenings, receiver: str, text: str) -> None:
    """A note from the asker's place to another one of the case.

    Raises :class:`InvalidInput` for a place that does not work on it and without a text, :class:`ActionNotAllowed`
    when the case is over or there are too many notes.
    """
    own, told = seat(h.who, h.case), said(text)
    if own is None or h.case.completed_at is not None or len(notes(h.case)) >= MOST_NOTES:
        raise ActionNotAllowed(
            Text("申请已经办结，或者协同单太多，不能再发。", "It is over, or there are too many notes already."),
            action="send_note",
            allowed=[],
        )
    faults = []
    if receiver not in readers(h.case) or receiver == own:
        faults.append(Fault("/to", "unknown-region", Text("请选择一起办理的另一地。", "Choose another place of it.")))
    if not told or len(told) > TEXT_LENGTH:
        why = Text(f"请写明事由，最多 {TEXT_LENGTH} 字。", f"Say what it is about, at most {TEXT_LENGTH} characters.")
        faults.append(Fault("/text", "missing" if not told else "too-long", why))
    if faults:
        raise InvalidInput(faults)
    _add(h, NoteKind.MESSAGE, own, receiver, (), told, h.who)


def may_sign(who: Actor, case: Application, note: Note) -> bool:
    """Whether the asker's place is to sign for the note and has not."""
    return note.signed_at is None and seat(who, case) == note.receiver


def unsigned(who: Actor, case: Application) -> int:
    """How many notes wait for the asker's place."""
    return sum(may_sign(who, case, note) for note in notes(case))


def awaited(case: Application) -> tuple[str, ...]:
    """The places that have a note to sign for."""
    return tuple(sorted({note.receiver for note in notes(case) if note.signed_at is None}))


def sign(h: Happenings, number: int) -> None:
    """签收. Raises :class:`NotFound` for a note between others, :class:`ActionNotAllowed` for one not to be signed."""
    note = next((one for one in notes(h.case) if one.number == number and is_told(h.who, h.case, one)), None)
    if note is None:
        raise NotFound(Text("没有这张协同单。", "There is no such note."))
    if not may_sign(h.who, h.case, note):
        now = note.status
        text = Text(f"这张协同单现在是“{now.zh}”，不由您签收。", f"It is {now.en}, and not yours to sign for.")
        raise ActionNotAllowed(text, action="sign_note", status=now.value, allowed=[])
    signed = replace(note, signed_at=h.moment.at, signed_by=h.who.account)
    kept = tuple(signed if one.number == number else one for one in notes(h.case))
    h.record(EventKind.NOTE_SIGNED, joint=Joint(chosen(h.case), kept))


def is_told(who: Actor, case: Application, note: Note) -> bool:
    """Whether somebody knows of a note: the two places it goes between, the place that leads, and supervision."""
    own = seat(who, case)
    return who.role is Role.SUPERVISOR or (own is not None and own in {note.sender, note.receiver, case.region})


def notes(case: Application) -> tuple[Note, ...]:
    """The notes between the places so far."""
    return () if case.joint is None else case.joint.notes


def _add(
    h: Happenings, kind: NoteKind, sender: str, receiver: str, items: tuple[str, ...], text: str | None, by: Actor
) -> None:
    before = notes(h.case)
    note = Note(len(before) + 1, kind, sender, receiver, items, text, h.moment.at, by.account)
    h.record(EventKind.NOTE_SENT, by=by, joint=Joint(chosen(h.case), (*before, note)))
