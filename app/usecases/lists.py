"""Lists of applications, and the timeline of one."""

from app.domain.lifecycle import ApplicationResult, ApplicationStatus
from app.domain.vocabulary import Role
from app.schemas.applications import ApplicationLineOut, EventOut
from app.schemas.common import Bilingual, Page, Term
from app.storage.queries import ApplicationLine, Reader
from app.usecases import access, paging
from app.usecases.context import Context


def applications(context: Context, reader: Reader, cursor: str | None, limit: int) -> Page[ApplicationLineOut]:
    """A person's own applications, an agent's principal's, or those of a hall's or supervisor's region."""
    who = context.acting(Role.APPLICANT, Role.AGENT, Role.CLERK, Role.SUPERVISOR, is_by_mandate=True)
    found = paging.position(cursor, 1)
    before = found[0] if found else None
    if who.role in {Role.APPLICANT, Role.AGENT}:
        bundles = None if who.mandate is None else who.mandate.bundles
        lines = reader.applications_of(who.on_behalf_of or who.account, before, limit + 1, bundles)
    else:
        regions = context.world.catalogue.regions
        area = [who.region or ""] if who.role is Role.CLERK else regions.within(who.region or "")
        lines = reader.applications_in(area, before, limit + 1)
    page = lines[:limit]
    return Page(
        entries=[_line(context, line) for line in page if _is_reached(context, reader, line)],
        next=paging.cursor(page[-1].id) if len(lines) > limit else None,
    )


def _is_reached(context: Context, reader: Reader, line: ApplicationLine) -> bool:
    """Whether a mandate given for one company reaches the case; of which company it is, its form alone says."""
    who = context.actor
    if who.mandate is None or who.mandate.company is None:
        return True
    case = reader.application(line.id)
    return case is not None and access.may_see(who, case, context.world.catalogue.regions)


def timeline(context: Context, reader: Reader, application_id: str, after: int, limit: int) -> Page[EventOut]:
    """The events of one application, oldest first, from the one after ``after``."""
    case = access.application(context, reader, application_id)
    events = reader.events(case.id, after, limit + 1)
    page = events[:limit]
    return Page(
        entries=[EventOut.of(event, principal=access.name_of(context, case)) for event in page],
        next=str(page[-1].seq) if len(events) > limit else None,
    )


def _line(context: Context, line: ApplicationLine) -> ApplicationLineOut:
    bundle = context.world.library.bundles.get(line.bundle)
    return ApplicationLineOut(
        id=line.id,
        reference=line.reference,
        bundle=line.bundle,
        bundle_name=Bilingual.of(bundle.name) if bundle else Bilingual(zh=line.bundle, en=line.bundle),
        region=line.region,
        status=Term.of(ApplicationStatus[line.status.upper()]),
        result=Term.of(ApplicationResult[line.result.upper()]),
        created_at=line.created_at,
        submitted_at=line.submitted_at,
        promised_on=line.promised_on,
        completed_at=line.completed_at,
        erased_at=line.erased_at,
    )
