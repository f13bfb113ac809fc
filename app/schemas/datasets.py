"""一本账 as it is shown: datasets with their elements, approvals, requests for data, alarms and usage."""

from datetime import date
from typing import Literal

from pydantic import Field

from app.schemas.common import Bilingual, Day, In, Instant, Out, Term

GradeCode = Literal["L1", "L2", "L3", "L4"]
SharingCode = Literal["unconditional", "restricted", "none"]
UsageBy = Literal["dataset", "department", "officer"]


class DatasetLineOut(Out):
    """One line of the catalogue."""

    code: str = Field(examples=["marriage_register"])
    name: Bilingual
    holder: str = Field(description="line that holds the data (数源部门)")
    holder_name: Bilingual
    grade: Term
    sharing: Term
    update: Bilingual
    element_count: int
    item_count: int = Field(description="items that declare a need for it")


class ElementOut(Out):
    """数据项: one thing the dataset says about its subjects."""

    code: str
    name: Bilingual
    grade: Term
    is_authority: bool = Field(description="this dataset is the one source of it (一数一源)")
    source: str | None = Field(description="the dataset that is, where it is another one")


class NeedOut(Out):
    """One item that needs the dataset, and what for."""

    item: str
    name: Bilingual
    line: str = Field(description="line that owns the item")
    elements: list[str] = Field(description="elements it may ask for, none beyond (最小必要); exists: a yes or no")
    fields: list[str] = Field(description="fields of the form that are filled from it")
    materials: list[str] = Field(description="papers that need not be handed in because of it")
    uses: list[Bilingual] = Field(description="the names of these fields and papers")


class ApprovalOut(Out):
    """共享批准: what one item may have."""

    id: str
    item: str
    item_name: Bilingual
    dataset: str
    origin: Term
    region: str | None = Field(description="in this region and everything inside it; null: everywhere")
    region_name: Bilingual | None
    elements: list[str] | None = Field(description="null: every element the item needs")
    per_day: int | None = Field(
        description="calls of a day, illustrative; null: no quota. Kept exactly while fewer than 1,000 are left; above "
        "that it can be passed only by so many as are under way at one moment beyond 1,000"
    )
    approved_on: date | None
    until: date | None
    reference: Bilingual | None
    is_suspended: bool


class MonthOut(Out):
    """Calls of one month."""

    month: str = Field(examples=["2026-03"])
    calls: int
    denied: int


class DatasetOut(DatasetLineOut):
    """One dataset."""

    no_sharing_basis: Bilingual | None
    elements: list[ElementOut]
    needs: list[NeedOut]
    approvals: list[ApprovalOut]
    calls: list[MonthOut] = Field(description="calls of each of the last twelve months; no person stands there")
    note: Bilingual


class AskableElementOut(Out):
    """One element that an item may ask for."""

    code: str
    name: Bilingual


class AskableOut(DatasetLineOut):
    """A dataset of another line that an item needs, with the elements it may ask for."""

    elements: list[AskableElementOut]
    uses: list[Bilingual]


class WantedData(In):
    """One dataset of a request."""

    dataset: str = Field(max_length=64, examples=["marriage_register"])
    elements: list[str] = Field(min_length=1, max_length=100, description="no more than the item needs (最小必要)")
    per_day: int = Field(ge=1, le=100_000, description="expected calls of a day")
    until: Day | None = Field(None, description="last day; null for no end")


class NewDataRequest(In):
    """一揽子申请: several datasets at once, for one item."""

    item: str = Field(max_length=64, examples=["B2"])
    region: str | None = Field(
        None, max_length=12, description="for this region and everything inside it; one's own when left out"
    )
    purpose: str = Field(max_length=1000, description="what the data are needed for")
    datasets: list[WantedData] = Field(min_length=1, max_length=30)


class LineEventOut(Out):
    """One step of a line."""

    seq: int
    at: Instant
    kind: Term
    role: Term
    office: str | None
    office_name: Bilingual | None
    start: Term
    end: Term
    why: str | None


class DataLineOut(Out):
    """One dataset of a request, and what became of it."""

    id: str
    request_id: str | None
    item: str
    item_name: Bilingual
    dataset: str
    dataset_name: Bilingual
    region: str
    region_name: Bilingual
    department: str
    department_name: Bilingual
    holder: str
    holder_name: Bilingual
    sharing: Term | None
    status: Term
    asked_elements: list[str]
    asked_per_day: int = Field(description="calls a day that were asked for")
    asked_until: date | None
    due_on: date = Field(description="last day for the holder's answer (illustrative)")
    is_overdue: bool
    elements: list[str] | None
    per_day: int | None = Field(description="calls a day that were approved")
    until: date | None
    reference: str | None
    reason: str | None
    decided_on: date | None
    allowed: list[Term] = Field(description="exactly the actions the asker has now")


class DataLineFullOut(DataLineOut):
    """The same with its course."""

    events: list[LineEventOut]


class DataRequestOut(Out):
    """一揽子申请 with its lines; each is answered by its own holder."""

    id: str
    item: str
    item_name: Bilingual
    region: str
    region_name: Bilingual
    department: str
    department_name: Bilingual
    purpose: str
    asked_at: Instant
    is_settled: bool = Field(description="every holder has answered")
    lines: list[DataLineOut]


class LineAct(In):
    """One action on one line."""

    action: str = Field(max_length=40, description="one of the line's `allowed` actions", examples=["approve"])
    reason: str | None = Field(None, max_length=1000)
    elements: list[str] | None = Field(None, max_length=100, description="approve: fewer elements than asked for")
    per_day: int | None = Field(None, description="approve: fewer calls of a day")
    until: Day | None = Field(None, description="approve: an earlier end")


class ApprovalAct(In):
    """A holder suspends what came with the packs, for its own region and everything inside it."""

    reason: str = Field(max_length=1000)


class UsageOut(Out):
    """How often data were asked for; counts only."""

    key: str
    name: Bilingual | None
    calls: int = Field(description="questions put, refused ones included")
    denied: int = Field(description="of them refused")
    unavailable: int = Field(description="of them unanswered because the register was down")
    unmasked: int = Field(description="single values seen in clear")


class AlarmOut(Out):
    """An unusual use of data. It names the desk, never the person whose data they are."""

    id: str
    kind: Term
    day: date
    region: str
    department: str
    department_name: Bilingual
    actor: str | None
    dataset: str | None
    count: int = Field(description="calls, refused looks, looks outside working hours or cases, by the kind")
    usual: int | None = Field(description="usual calls of a day; null for other kinds than rate")
    text: Bilingual
    matter_id: str
    status: Term
    raised_at: Instant
