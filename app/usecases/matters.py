"""Supervision: press for an answer, report being stuck, answer, appeal, evaluate; every matter is a closed loop.

Whoever has no part in a matter is told that there is none. What stems from a rating shows its own office no case.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain import loops
from app.domain.applications import Application
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput
from app.domain.lifecycle import ENDED
from app.domain.loops import MatterAction, MatterCommand
from app.domain.matter_messages import messages_about
from app.domain.matters import (
    Because,
    Conclusion,
    Finding,
    Matter,
    MatterKind,
    hall_of,
    id_of,
    office_of,
)
from app.domain.proceedings import Proceedings
from app.domain.rating_tallies import facts_of_matter, facts_of_rating
from app.domain.ratings import Rating, RatingLevel
from app.domain.said import said
from app.domain.supervision import Opening, about, open_matter
from app.domain.vocabulary import Role, Text
from app.schemas.common import Page
from app.schemas.matters import (
    MatterAct,
    MatterKindCode,
    MatterLineOut,
    MatterOut,
    MatterStatusCode,
    NewMatter,
    StuckReport,
)
from app.storage import matter_rows
from app.storage.changes import Changes
from app.storage.mapping import with_facts
from app.storage.matter_rows import Sought
from app.storage.papers import message_row
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import access, disputes, matter_views, once, paging
from app.usecases.context import Context
from app.usecases.look_views import CERTIFICATES
from app.usecases.matter_views import Seen
from app.usecases.safety import refuse_real_numbers
from app.usecases.serving import parties_of

EVALUATION = frozenset({MatterAction.CONFIRM, MatterAction.CONTEST})


@dataclass(frozen=True, slots=True)
class Filter:
    """Which matters somebody wants to see."""

    is_open: bool = True
    kinds: Sequence[MatterKindCode] = ()
    statuses: Sequence[MatterStatusCode] = ()
    region: str | None = None
    is_overdue: bool = False
    is_mine: bool = False


def open_by_hand(
    context: Context, reader: Reader, application_id: str, wish: NewMatter, key: str | None = None
) -> Outcome[MatterOut]:
    """催办, 督办单 or an escalation by a supervisor of the region. With a key already used, the matter made then.

    Raises :class:`NotFound`, :class:`InvalidInput`, or :class:`ActionNotAllowed` for an item that is over.
    """
    refuse_real_numbers(wish.model_dump())
    context.acting(Role.SUPERVISOR)
    case = access.application(context, reader, application_id)
    request = {"open_matter": application_id, **wish.model_dump(mode="json")}
    if (known := once.seen(context, reader, key, request)) is not None:
        return Outcome(show(context, reader, known))
    access.must_watch(context, case, wish.item)
    opening = _by_hand(context, case, wish)
    made = _opened(context, case, opening)
    changes = made.changes or Changes()
    return Outcome(made.answer, once.remember(context, key, request, id_of(opening.key), changes))


def _by_hand(context: Context, case: Application, wish: NewMatter) -> Opening:
    kind = MatterKind[wish.kind.upper()]
    text, item = _text(wish.text), _item(case, wish.item, is_needed=kind is not MatterKind.ESCALATION)
    hall = hall_of(case.region, context.world.catalogue.regions)
    trail = context.new_id()
    if item is None:
        return _about_whole(case, kind, Because.BY_HAND, trail, hall, text)
    task = case.tasks[item]
    if task.status in ENDED:
        raise ActionNotAllowed(
            Text("这个办件已经结束，无需催办督办。", "This task is over already."), action=kind.value
        )
    owner = hall if kind is MatterKind.ESCALATION else None
    return about(case, task, kind, Because.BY_HAND, trail, text=text, owner=owner)


def report(
    context: Context, reader: Reader, application_id: str, wish: StuckReport, key: str | None = None
) -> Outcome[MatterOut]:
    """办不成事反映 by the applicant's side or the hall's window for it. The hall says whose it is to solve. With a key
    already used, the matter made then.

    Raises :class:`ActionNotAllowed` while an earlier report about the same is open.
    """
    refuse_real_numbers(wish.model_dump())
    case = access.own_application(context, reader, application_id)
    request = {"report": application_id, **wish.model_dump(mode="json")}
    if (known := once.seen(context, reader, key, request)) is not None:
        return Outcome(show(context, reader, known))
    text, item = _text(wish.text), _item(case, wish.item, is_needed=False)
    earlier = [
        matter
        for matter in matter_rows.matters_about(reader, case.id)
        if (matter.kind, matter.item) == (MatterKind.UNRESOLVED, item)
    ]
    if any(matter.is_open for matter in earlier):
        raise ActionNotAllowed(
            Text(
                "同一问题的反映正在处理，请等待反馈后在该事项中评价。",
                "A report about the same is being dealt with already.",
            ),
            action="report",
            matter=next(matter.id for matter in earlier if matter.is_open),
        )
    hall = hall_of(case.region, context.world.catalogue.regions)
    trail = f"{case.id}:{item or '*'}:{len(earlier) + 1}"
    opening = replace(_about_whole(case, MatterKind.UNRESOLVED, Because.REPORTED, trail, hall, text), item=item)
    made = _opened(context, case, opening)
    return Outcome(made.answer, once.remember(context, key, request, id_of(opening.key), made.changes or Changes()))


def act(context: Context, reader: Reader, matter_id: str, wish: MatterAct) -> Outcome[MatterOut]:
    """One action on one matter. Raises :class:`ActionNotAllowed` with what is allowed, or :class:`InvalidInput`."""
    refuse_real_numbers(wish.model_dump())
    seen = _seen(context, reader, matter_id)
    command = _command(context, seen, wish)
    p = Proceedings(seen.matter, context.actor, context.moment)
    loops.demand(p, command.action, seen.sides, context.world.catalogue.regions)
    level = _level(seen.matter, command.action, wish)
    loops.act(p, command, seen.sides, context.world.catalogue.regions)
    bundle, applicant = (seen.case.bundle, seen.case.applicant) if seen.case is not None else ("", None)
    was, now = facts_of_matter(seen.matter, bundle), facts_of_matter(p.matter, bundle)
    changes = _told(context, reader, seen.case, p, with_facts(matter_rows.moved(seen.matter, p), was, now))
    changes = disputes.settled(context, reader, seen.case, p, changes)
    before = matter_rows.rating(reader, seen.matter.rating_id) if seen.matter.rating_id else None
    rating = _judged(context, p.matter, before, level)
    if before is not None and rating is not None and rating != before:
        changed = Changes(updates=[matter_rows.rating_changed(before, rating)])
        changes = changes.together(with_facts(changed, facts_of_rating(before), facts_of_rating(rating)))
    events = [*matter_rows.matter_events(reader, matter_id), *p.events]
    after = replace(p.matter, version=seen.matter.version + 1)
    sides = loops.sides_of(after, context.actor, applicant, context.world.catalogue.regions) or seen.sides
    return Outcome(matter_views.whole(context, Seen(after, seen.case, sides), events, rating), changes)


def _told(context: Context, reader: Reader, case: Application | None, p: Proceedings, changes: Changes) -> Changes:
    """The changes with what the applicant hears about them, or whoever objects to a look at the own data; an alarm
    has nobody to tell."""
    is_objection = p.matter.kind is MatterKind.DATA_CONTEST
    if case is None and not is_objection:
        return changes
    errand = context.world.planner_of(case, reader).bundle.name if case is not None else CERTIFICATES
    raiser = p.matter.opened_by if is_objection or case is None else case.applicant
    person = context.world.catalogue.people.get(raiser)
    name = Text(raiser, raiser) if case is None else parties_of(context.world, case).applicant
    name = person.name if person is not None else name
    messages = messages_about(p.matter, p.events, raiser, name, errand)
    about = case.id if case is not None else None
    rows = [message_row(message, context.new_id(), about, context.at, matter_id=p.matter.id) for message in messages]
    return changes.also("message", *rows) if rows else changes


def show(context: Context, reader: Reader, matter_id: str) -> MatterOut:
    """One matter with its course; raises :class:`NotFound` for whoever has no part in it."""
    seen = _seen(context, reader, matter_id)
    rating = matter_rows.rating(reader, seen.matter.rating_id) if seen.matter.rating_id else None
    return matter_views.whole(context, seen, matter_rows.matter_events(reader, matter_id), rating)


def inbox(context: Context, reader: Reader, wanted: Filter, cursor: str | None, limit: int) -> Page[MatterLineOut]:
    """An office's own matters, or (for supervision) those of a region, by due date."""
    sought = _sought(context, wanted)
    found = matter_rows.matters(reader, sought, paging.task_position(cursor), limit + 1)
    page = found[:limit]
    return Page(
        entries=[matter_views.line(context, matter) for matter in page],
        next=paging.cursor(page[-1].due_on.isoformat(), page[-1].id) if len(found) > limit else None,
    )


def of_application(context: Context, reader: Reader, application_id: str) -> list[MatterLineOut]:
    """The matters about one application. What stems from ratings is for the applicant and independent supervision."""
    case = access.application(context, reader, application_id)
    is_rater = context.actor.role in {Role.APPLICANT, Role.AGENT} and context.actor.mandate is None
    return [
        matter_views.line(context, matter)
        for matter in matter_rows.matters_about(reader, case.id)
        if (is_rater or not matter.hides_case or _is_independent(context, matter)) and not _is_anothers(context, matter)
    ]


def _is_anothers(context: Context, matter: Matter) -> bool:
    """An objection that another person of the case has raised is not the applicant's to read."""
    is_own_side = context.actor.role in {Role.APPLICANT, Role.AGENT}
    return is_own_side and matter.kind is MatterKind.DATA_CONTEST and matter.opened_by != context.actor.account


def _is_independent(context: Context, matter: Matter) -> bool:
    return context.actor.role is Role.SUPERVISOR and office_of(context.actor) != matter.owner


def _seen(context: Context, reader: Reader, matter_id: str) -> Seen:
    matter, who = matter_rows.matter(reader, matter_id), context.actor
    if matter is None:
        raise matter_views.no_such_matter()
    access.must_still_act(context, reader)
    case = reader.application(matter.application_id) if matter.application_id is not None else None
    regions = context.world.catalogue.regions
    sides = loops.sides_of(matter, who, case.applicant if case is not None else None, regions)
    is_onlooker = case is not None and not matter.hides_case and access.may_see(who, case, regions)
    is_onlooker = is_onlooker and not _is_anothers(context, matter)
    is_beyond = case is not None and who.mandate is not None and not access.may_see(who, case, regions)
    if is_beyond or not (sides or is_onlooker):
        raise matter_views.no_such_matter()
    return Seen(matter, case, sides)


def _sought(context: Context, wanted: Filter) -> Sought:
    who = context.acting(Role.OFFICER, Role.CLERK, Role.SUPERVISOR)
    overdue_on = context.moment.today if wanted.is_overdue else None
    sought = Sought(is_open=wanted.is_open, kinds=wanted.kinds, statuses=wanted.statuses, is_overdue_on=overdue_on)
    regions = context.world.catalogue.regions
    if who.role is not Role.SUPERVISOR or wanted.is_mine:
        return replace(sought, owner=office_of(who))
    region = wanted.region or who.region or ""
    if region not in regions or all(place.code != who.region for place in regions.ancestors(region)):
        text = Text("请选择您督办范围内的区划。", "Choose a region inside the one you supervise.")
        raise InvalidInput([Fault("/query/region", "outside", text)])
    return replace(sought, regions=regions.within(region))


def _opened(context: Context, case: Application, opening: Opening) -> Outcome[MatterOut]:
    p = open_matter(opening, context.actor, context.moment)
    sides = loops.sides_of(p.matter, context.actor, case.applicant, context.world.catalogue.regions)
    return Outcome(matter_views.whole(context, Seen(p.matter, case, sides), p.events, None), matter_rows.opened(p))


def _about_whole(case: Application, kind: MatterKind, because: Because, trail: str, hall: str, text: str) -> Opening:
    return Opening(
        kind=kind,
        trail=trail,
        because=because,
        application_id=case.id,
        reference=case.reference,
        item=None,
        region=case.region,
        owner=hall,
        text=text,
    )


def _text(text: str) -> str:
    if not said(text):
        raise InvalidInput([Fault("/text", "missing", Text("请写明情况。", "Say what it is about."))])
    return said(text)


def _item(case: Application, item: str | None, *, is_needed: bool) -> str | None:
    if item is None and is_needed:
        text = Text("请指明事项（item）。", "Say which item.")
        raise InvalidInput([Fault("/item", "missing", text)])
    if item is not None and item not in case.tasks:
        text = Text("这件申请没有这个事项。", "This application has no such item.")
        raise InvalidInput([Fault("/item", "unknown-item", text)])
    return item


def _command(context: Context, seen: Seen, wish: MatterAct) -> MatterCommand:
    choices = {action.value: action for action in MatterAction if action is not MatterAction.LAPSE}
    action = choices.get(wish.action)
    if action is None:
        names = ", ".join(choices)
        text = Text(f"没有这个操作，可用：{names}。", f"There is no such action; there are: {names}.")
        raise InvalidInput([Fault("/action", "unknown-action", text)])
    if action is MatterAction.ASSIGN and wish.to is not None:
        _must_be_of_case(context, seen, wish.to)
    return MatterCommand(
        action=action,
        reason=wish.reason,
        evidence=tuple(wish.evidence),
        to=wish.to,
        days=wish.days,
        finding=Finding[wish.finding.upper()] if wish.finding else None,
        conclusion=Conclusion[wish.conclusion.upper()] if wish.conclusion else None,
    )


def _must_be_of_case(context: Context, seen: Seen, office: str) -> None:
    if seen.case is None:
        return  # the table lets only what is about a case be assigned
    offices = matter_views.offices_of(context, seen.case)
    if office not in offices:
        names = ", ".join(offices)
        text = Text(f"只能交办给这件申请涉及的单位：{names}。", f"Only to an office of this application: {names}.")
        raise InvalidInput([Fault("/to", "not-of-this-case", text)])


def _level(matter: Matter, action: MatterAction, wish: MatterAct) -> RatingLevel | None:
    """The new rating that goes with judging a rectification; raises :class:`InvalidInput` when it does not fit."""
    if matter.kind is not MatterKind.BAD_REVIEW or action not in EVALUATION:
        return None
    level = RatingLevel[wish.level.upper()] if wish.level else None
    if level is None or level.is_bad is (action is MatterAction.CONFIRM):
        text = Text(
            "请重新评价（level）：认可结果选基本满意及以上，不认可选不满意或非常不满意。",
            "Rate again (level): fairly satisfied or better to confirm, dissatisfied or worse to contest.",
        )
        raise InvalidInput([Fault("/level", "missing" if level is None else "does-not-fit", text)])
    return level


def _judged(context: Context, matter: Matter, rating: Rating | None, level: RatingLevel | None) -> Rating | None:
    if rating is None:
        return None
    if level is not None:
        return replace(rating, rerated=level, rerated_at=context.at)
    if matter.kind is MatterKind.BAD_REVIEW and matter.conclusion is Conclusion.ANNULLED:
        return replace(rating, annulled_at=context.at)
    return rating
