"""Matters as they are shown: the same loop, but to a rated office without the case, and to nobody with a person."""

from dataclasses import dataclass

from app.domain import loops
from app.domain.applications import Application
from app.domain.deadlines import BEIJING
from app.domain.errors import NotFound
from app.domain.loops import MatterAction, Side
from app.domain.matters import STEPS, Matter, MatterEvent, MatterStatus, hall_of, office_of
from app.domain.other_dates import of_matter
from app.domain.ratings import Rating
from app.domain.vocabulary import Role, Text
from app.schemas.common import Bilingual, Term
from app.schemas.matters import EvidenceOut, MatterEventOut, MatterLineOut, MatterOut, OfficeOut, RatedOut
from app.usecases.context import Context
from app.usecases.names import office_name

NOTE = Text(
    "教学演示：闭环各步的期限、层级和次数均为示例，各地规定不同。",
    "Demonstration: day counts, levels and rounds of the loop are illustrative; places set their own.",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A matter as somebody meets it: with its case, if it is about one, and the asker's sides."""

    matter: Matter
    case: Application | None
    sides: frozenset[Side]


def no_such_matter() -> NotFound:
    """The one sentence for both "does not exist" and "none of yours"."""
    return NotFound(Text("没有找到这个督办事项。", "There is no such matter."))


def line(context: Context, matter: Matter) -> MatterLineOut:
    """One line of a list."""
    is_hidden = matter.hides_case and office_of(context.actor) == matter.owner
    item = context.world.library.items.get(matter.item or "")
    return MatterLineOut(
        id=matter.id,
        kind=Term.of(matter.kind),
        because=Term.of(matter.because),
        status=Term.of(matter.status),
        step=Bilingual.of(STEPS[matter.status]),
        application_id=None if is_hidden else matter.application_id,
        reference=None if is_hidden else matter.reference,
        item=matter.item,
        item_name=Bilingual.of(item.name) if item else None,
        region=matter.owner.partition(".")[2] if is_hidden else matter.region,
        owner=matter.owner,
        owner_name=office_name(context, matter.owner),
        addressee=Term.of(matter.addressee),
        opened_on=matter.opened_on,
        due_on=matter.due_on,
        is_overdue=matter.is_overdue(context.moment.today),
        conclusion=Term.maybe(matter.conclusion),
    )


def whole(context: Context, seen: Seen, events: list[MatterEvent], rating: Rating | None) -> MatterOut:
    """One matter with its course and what the asker may do."""
    matter = seen.matter
    allowed = loops.permitted(matter, seen.sides, context.world.catalogue.regions, context.moment.today)
    return MatterOut(
        **line(context, matter).model_dump(),
        version=matter.version,
        due_because=Bilingual.of(of_matter(matter, events, context.moment.calendar)) if matter.is_open else None,
        text=matter.text,
        cause=matter.cause,
        rating=_rated(rating) if rating else None,
        finding=Term.maybe(matter.finding),
        asked_days=matter.asked_days,
        extended_days=matter.extended_days,
        reply=matter.reply,
        evidence=[
            EvidenceOut(
                on=entry.at.astimezone(BEIJING).date(),
                office=entry.office,
                office_name=office_name(context, entry.office),
                text=entry.text,
            )
            for entry in matter.evidence
        ],
        is_satisfied=matter.is_satisfied,
        rounds=matter.rounds,
        appeal_to=matter.appeal_to,
        allowed=[Term.of(action) for action in allowed],
        assignable=_assignable(context, seen) if MatterAction.ASSIGN in allowed else [],
        events=[_event(context, event) for event in events],
        note=Bilingual.of(NOTE),
    )


def offices_of(context: Context, case: Application) -> list[str]:
    """The offices of a case that a matter about it can be assigned to: its departments and its hall."""
    hall = hall_of(case.region, context.world.catalogue.regions)
    return sorted({hall, *(task.department for task in case.tasks.values())})


def _assignable(context: Context, seen: Seen) -> list[OfficeOut]:
    offices = offices_of(context, seen.case) if seen.case is not None else []
    return [OfficeOut(code=code, name=office_name(context, code)) for code in offices]


def _event(context: Context, event: MatterEvent) -> MatterEventOut:
    is_citizen = event.role in {Role.APPLICANT, Role.AGENT}
    return MatterEventOut(
        seq=event.seq,
        on=event.at.astimezone(BEIJING).date(),
        kind=Term.of(event.kind),
        role=Term.of(Role.APPLICANT if is_citizen else event.role),
        office=event.office,
        office_name=office_name(context, event.office) if event.office else None,
        start=Term.of(MatterStatus[event.start.upper()]),
        end=Term.of(MatterStatus[event.end.upper()]),
        why=event.why,
    )


def _rated(rating: Rating) -> RatedOut:
    return RatedOut(
        level=Term.of(rating.level),
        tags=[Term.of(tag) for tag in rating.tags],
        text=rating.text,
        addition=rating.addition,
        month=rating.month,
        rerated=Term.maybe(rating.rerated),
    )
