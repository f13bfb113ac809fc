"""The shape of what a pack says about data: what datasets hold, whom a bundle is about, how data answer questions."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.catalogue.document_base import Code, Document, Expression
from app.domain.vocabulary import FieldKind, Grade, ServiceObject, SharingClass, Text

PartyCodes = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]{0,63}(\+[a-z][a-z0-9_]{0,63})*$", description="parties joined by +: seller+buyer"),
]


class ElementDocument(Document):
    """数据项: one thing a dataset says about its subjects; the same code means the same in every dataset."""

    name: Text
    grade: Grade = Field(description="公共数据分级 L1–L4")
    kind: FieldKind = FieldKind.TEXT
    authority: bool = Field(True, description="the one authoritative source of it (一数一源); false for a copy")


class DatasetDocument(Document):
    """数据资源: a register of one holder, looked up by the number of a person or an enterprise."""

    name: Text
    holder: Code = Field(description="line that holds the data (数源部门)")
    grade: Grade
    sharing: SharingClass
    update: Text = Field(description="update frequency (data_gxpl)")
    no_sharing_basis: Text | None = Field(None, description="legal basis, required when sharing is none")
    elements: dict[Code, ElementDocument] = Field({}, description="what it holds")


class AnswerDocument(Document):
    """How data answer a question: ``exists``, or an element as it is, mapped, or compared."""

    element: Code = "exists"
    party: PartyCodes = "applicant"
    exists: bool | None = Field(None, description="the answer when there is a record; its opposite when there is none")
    map: dict[str, bool | int | float | str] = Field({}, description="value of the element → answer")
    otherwise: bool | int | float | str | None = Field(None, description="answer for values that map does not name")
    days_since: bool = Field(False, description="the answer is the number of days since that date")
    at_least: float | None = Field(None, description="yes when the element is at least this")
    years: float | None = Field(None, description="yes when that date is at least so many years ago")


class OfferFactDocument(AnswerDocument):
    """One yes or no that a register tells about the person."""

    dataset: Code
    label: Text = Field(description="what is known when it is a yes, as the person reads it")


class OfferDocument(Document):
    """免申即享: to whom the item is offered without an application."""

    facts: dict[Code, OfferFactDocument] = Field(
        min_length=1, description="what registers tell; a fact with the code of a question answers it"
    )
    when: Expression = Field(description="condition over the facts")
    reason: Text = Field(description="what the person is told: why this is offered")
    certificates: list[Code] = Field([], description="only to whoever holds a certificate of one of these types")
    days: int = Field(30, ge=1, le=366, description="calendar days the offer waits, illustrative")


class PartyWayDocument(Document):
    """One way to find out who a party is: applicant, field, party, record_of, or dataset with element."""

    applicant: bool = False
    field: Code | None = Field(None, description="field of the form that holds its number")
    column: Code | None = Field(None, description="column of that field's table: each row is a party of its own")
    party: PartyCodes | None = Field(None, description="it is this other party, or these")
    record_of: Code | None = Field(None, description="it stands in the record of this party (a newborn)")
    dataset: Code | None = None
    element: Code | None = Field(None, description="element of the dataset that holds its number")
    of: Code = Field("applicant", description="about which party the element is looked up")
    sex: Literal["男", "女"] | None = Field(None, description="only an applicant of this sex")
    other_than: Code | None = Field(None, description="only when the applicant is not this party")
    when: Expression | None = Field(None, description="only for answers for which this holds")


class PartyDocument(Document):
    """当事人: a person or an enterprise that an application is about."""

    name: Text
    kind: ServiceObject = ServiceObject.PERSON
    guardian: Code | None = Field(None, description="party that acts for it: a parent for a child")
    found_by: list[PartyWayDocument] = Field(min_length=1, description="ways to find its number, best first")
    shown_by: list[PartyWayDocument] = Field(
        [],
        description="registers that show that the applicant may act for it: dataset with element, and of whom: the "
        "applicant's record holds its number (a guardian), or its own the applicant's (a legal representative)",
    )


class ApprovedDocument(Document):
    """What one item may have of a dataset."""

    elements: list[Code] = Field(min_length=1, description="elements the item may have (最小必要)")
    per_day: int = Field(ge=1, le=100_000, description="calls of a day, illustrative")


class ApprovalDocument(Document):
    """共享批复: one paper by which the holder of a dataset lets items have some of it."""

    dataset: Code
    reference: Text = Field(description="number of the holder's paper, illustrative")
    approved_on: date
    until: date | None = Field(None, description="last day; leave out for no end")
    items: dict[Code, ApprovedDocument] = Field(min_length=1)
