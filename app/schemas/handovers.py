"""The hand-over slip of a whole case: what goes from the hall to every department, and who handed it to whom."""

from pydantic import Field

from app.schemas.common import Bilingual, Instant, Out, Term


class HandedMaterialOut(Out):
    """One material as it goes to one department."""

    code: str
    name: Bilingual
    form: Bilingual = Field(description="on paper, as a file, by sharing, by a certificate, or not yet here")
    is_paper: bool = Field(description="exists on paper only and is carried")
    originals: int = Field(description="originals that the catalogue asks for")
    copies: int = Field(description="copies that the catalogue asks for")
    note: str | None = Field(description="what the counter wrote down: what was taken in; or the name of the file")
    taken_at: Instant | None
    taken_by: Bilingual | None = Field(description="position of who took it in; null for what the applicant uploaded")
    comes_from: Bilingual | None = Field(description="department that has the same sheets first and passes them on")
    passed_on_to: list[Bilingual] = Field(description="departments that have the same sheets afterwards")


class HandedTaskOut(Out):
    """One task of the department."""

    id: str
    item: str
    name: Bilingual
    status: Term
    received_at: Instant | None
    received_by: Bilingual | None


class HandedOfficeOut(Out):
    """Everything that goes to one department."""

    department: str
    name: Bilingual
    tasks: list[HandedTaskOut]
    materials: list[HandedMaterialOut]
    parcels: list[int] = Field(description="numbers of the parcels that carry it, when it was taken in elsewhere")


class HandoverOut(Out):
    """物料流转凭证 of the whole case. A department reads its own part."""

    reference: str
    bundle_name: Bilingual
    hall: Bilingual = Field(description="who hands over")
    taken_by: Bilingual | None = Field(description="position of who took the case in; null for what was filed online")
    submitted_at: Instant
    issued_at: Instant = Field(description="when this slip was drawn up")
    paper_count: int = Field(description="materials on paper, over all departments, each counted once")
    offices: list[HandedOfficeOut]
    label: Bilingual
