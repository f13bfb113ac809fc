"""An attempt to look at what is not the asker's: answered like what does not exist, and kept for the person to see."""

from app.domain.applications import Application
from app.domain.catalogue import APPLICANT
from app.domain.errors import Refusal
from app.domain.matters import office_of
from app.domain.sharing import FORM, DataRequest, Denial, Denied, Purpose
from app.domain.vocabulary import Role, Text
from app.storage.changes import Changes
from app.storage.store import TracedRefusal
from app.usecases import calls
from app.usecases.context import Context

DESKS = frozenset({Role.OFFICER, Role.CLERK, Role.SUPERVISOR, Role.STEWARD})
"""Whose looks are kept. The applicant's side sees its own."""

WHOLE = "*"
"""Stands for the item when it is the whole application that is looked at."""


def refused(context: Context, case: Application, item: str | None, refusal: Refusal, *elements: str) -> Exception:
    """What to raise when somebody may not look: the refusal, and for desks the attempt, for the person to see."""
    if context.actor.role not in DESKS:
        return refusal
    person = context.world.catalogue.people.get(case.applicant)
    wish = DataRequest(
        case=case.id,
        bundle=case.bundle,
        item=item or WHOLE,
        region=case.region,
        applicant=case.applicant,
        department=office_of(context.actor),
        dataset=FORM,
        elements=elements,
        party=APPLICANT,
        subject=person.id_number if person is not None else None,
        purpose=Purpose.REVIEW,
        actor=context.actor,
    )
    denial = Denied(Denial.OTHER_DESK, Text(f"{Denial.OTHER_DESK.zh}。", f"{Denial.OTHER_DESK.en}."))
    return TracedRefusal(refusal, Changes().also(calls.TABLE, calls.row(context, wish, denial)))
