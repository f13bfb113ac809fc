"""An occasion for a paper: one event and the application around it, and how a paper is put together for it."""

from dataclasses import dataclass
from datetime import date

from app.domain import paper_sections as say
from app.domain.applications import Application, Event, Task
from app.domain.authorities import Department
from app.domain.papers import (
    RESULT_NOTICE,
    SAYS_RESULT,
    Fact,
    Paper,
    PaperKind,
    Section,
    SectionKind,
    paper_number,
    section,
)
from app.domain.references import task_reference
from app.domain.routing import Plan, PlannedItem
from app.domain.vocabulary import Text

SIGN_FOR = Text(
    "接收单位请当面清点，核对无误后签收。交出、接收双方各存一份。签收人：________  时间：________",
    "The receiving office checks the contents and signs. Both sides keep a copy. Signed: ________  At: ________",
)


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom papers name: the applicant, and the service hall that takes in and hands out for everybody."""

    applicant: Text
    hall: Department


@dataclass(frozen=True, slots=True)
class Occasion:
    """One event, the application right after it, the same after the whole command, and what papers are made of."""

    event: Event
    case: Application
    after: Application
    plan: Plan
    parties: Parties

    @property
    def task(self) -> Task:
        """The task the event moved."""
        return self.case.tasks[self.event.task or ""]

    @property
    def planned(self) -> PlannedItem:
        """Its item in the plan."""
        return self.plan.find(self.event.task or "")


def of_task(o: Occasion, kind: PaperKind, *sections: Section | None, title: Text | None = None) -> Paper:
    """A paper of one task, signed by its office."""
    office = o.planned.routed.department
    own = task_reference(o.case.reference or "", o.task.item)
    if title is None and kind in SAYS_RESULT and not say.has_power(o.planned):
        title = RESULT_NOTICE
    return Paper(
        number=paper_number(own, kind, o.event.seq),
        reference=own,
        item=o.task.item,
        kind=kind,
        title=title or kind.label,
        department=office.code,
        issuer=office.name,
        issuer_code=office.authority_code,
        addressee=o.parties.applicant,
        recipient=o.case.applicant,
        served_at=o.event.at,
        sections=tuple(part for part in sections if part is not None),
    )


def of_the_whole(o: Occasion, kind: PaperKind, *sections: Section | None) -> Paper:
    """A paper of the whole application, signed by the hall for all offices (行政许可法 art. 26)."""
    hall, reference = o.parties.hall, o.case.reference or ""
    return Paper(
        number=paper_number(reference, kind, o.event.seq),
        reference=reference,
        item=None,
        kind=kind,
        title=kind.label,
        department=hall.code,
        issuer=hall.name,
        issuer_code=hall.authority_code,
        addressee=o.parties.applicant,
        recipient=o.case.applicant,
        served_at=o.event.at,
        sections=tuple(part for part in sections if part is not None),
    )


def doubt(o: Occasion, *until: date | None) -> Section | None:
    """What has to be said of dates in a year whose holidays are not published, counted from today."""
    return say.doubt(o.plan, o.event.at.date(), *until)


def head(o: Occasion, *more: Fact) -> Section:
    """The particulars a paper of one task begins with."""
    own = task_reference(o.case.reference or "", o.task.item)
    return say.particulars(own, o.parties.applicant, o.plan, o.planned, *more)


def settled(o: Occasion, kind: PaperKind, body: Section, *facts: Fact) -> Paper:
    """A paper that says no: with its reasons, its law and the ways to contest it."""
    law = say.law(kind, o.planned)
    return of_task(o, kind, head(o, *facts), body, say.reasons(o.event.why), law, say.remedies(o.planned))


def handover_slip(
    o: Occasion, task: Task, facts: tuple[Fact, ...], carried: tuple[Text, ...], signer: Department
) -> Paper:
    """物料流转凭证 between the hall and the office of ``task``, signed by who hands over; for both to keep."""
    planned, own = o.plan.find(task.item), task_reference(o.case.reference or "", task.item)
    office = planned.routed.department
    receiver = o.parties.hall if signer.code == office.code else office
    return Paper(
        number=paper_number(own, PaperKind.HANDOVER, o.event.seq),
        reference=own,
        item=task.item,
        kind=PaperKind.HANDOVER,
        title=PaperKind.HANDOVER.label,
        department=office.code,
        issuer=signer.name,
        issuer_code=signer.authority_code,
        addressee=receiver.name,
        recipient=receiver.code,
        served_at=o.event.at,
        sections=(
            say.particulars(own, o.parties.applicant, o.plan, planned, *facts),
            section(SectionKind.MATERIALS, points=carried),
            section(SectionKind.BODY, SIGN_FOR, title=Text("签收", "Received")),
            say.law(PaperKind.HANDOVER, None),
        ),
    )
