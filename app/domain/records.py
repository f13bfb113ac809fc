"""What a task keeps beside its status: opinions, pauses, extensions, announcements, promises still to be kept.

Plain frozen values. The rules that make them live in :mod:`app.domain.hands`, :mod:`app.domain.procedures`,
:mod:`app.domain.deferrals`, :mod:`app.domain.afterchecks`, :mod:`app.domain.surveys` and :mod:`app.domain.steps`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.lifecycle import Verdict
from app.domain.vocabulary import Word


class Mode(Word):
    """办理方式: the way in which a task is decided."""

    ORDINARY = "ordinary", "一般程序", "ordinary procedure"
    COMMITMENT = "commitment", "告知承诺制", "decided on the applicant's commitment"
    OFFERED = "offered", "免申即享", "offered without an application"


class SpecialKind(Word):
    """特别程序: the closed list of 行政许可法 art. 45. Nothing else stops the clock of a review."""

    HEARING = "hearing", "听证", "hearing"
    TENDER = "tender", "招标", "tender"
    AUCTION = "auction", "拍卖", "auction"
    INSPECTION = "inspection", "检验", "inspection of goods or equipment"
    TESTING = "testing", "检测", "testing"
    QUARANTINE = "quarantine", "检疫", "quarantine"
    APPRAISAL = "appraisal", "鉴定", "expert appraisal"
    EXPERT_REVIEW = "expert_review", "专家评审", "review by experts"


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which a clock stands still; ``until`` None means it still does.

    ``kind`` is the status it stands in. For a special procedure ``procedure`` names it, ``days`` is the number of
    working days told to the applicant in writing and ``ends_on`` the last of them.
    """

    kind: str
    since: date
    until: date | None
    why: str
    procedure: SpecialKind | None = None
    days: int | None = None
    ends_on: date | None = None


class Hand(Word):
    """Three hands of a licence (承办 → 审核 → 批准); the third is the decision itself."""

    PROPOSE = "propose", "承办意见", "case officer's opinion"
    ENDORSE = "endorse", "审核意见", "reviewing officer's opinion"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one officer proposed or endorsed, and when."""

    hand: Hand
    officer: str
    at: datetime
    verdict: Verdict
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ExtensionWish:
    """An extension that one officer asks for and another may approve; ``days`` are working days."""

    days: int
    officer: str
    reason: str


@dataclass(frozen=True, slots=True)
class WholeWish:
    """整件延期申请: what the lead department asks of a government for the whole, and since when it waits.

    ``government`` is the code of the region whose head is asked; ``days`` are working days.
    """

    days: int
    officer: str
    reason: str
    asked_at: datetime
    government: str


@dataclass(frozen=True, slots=True)
class WholeExtension:
    """整件延期: what was approved for the whole, by whom, and the reason that the applicant is told."""

    days: int
    reason: str
    asked_by: str
    approved_by: str
    approved_at: datetime
    government: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """公告: must have run before anything is decided. Days are calendar days; ``until`` is the last of them."""

    since: date
    days: int
    until: date
    about: str
    stops_clock: bool = False


class FactKind(Word):
    """What may follow later."""

    FIELD = "field", "填报内容", "field"
    MATERIAL = "material", "申请材料", "material"


@dataclass(frozen=True, slots=True)
class Deferred:
    """One fact or material the applicant promised to bring later (容缺后补).

    ``days`` are working days from acceptance; ``due_on`` is None until the task is accepted.
    """

    kind: FactKind
    code: str
    days: int
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class AfterCheck:
    """事后核查 of what was granted on a promise. ``is_true`` is None until somebody has looked."""

    due_on: date
    is_true: bool | None = None
    officer: str | None = None
    at: datetime | None = None
    finding: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.is_true is None


class StepKind(Word):
    """Physical things a task may need besides data."""

    ORIGINAL_IN = "original_in", "收取原件", "original handed in"
    ORIGINAL_OUT = "original_out", "退还原件", "original given back"
    VISIT = "visit", "到场", "visit in person"
    COURIER = "courier", "快递", "courier"


@dataclass(frozen=True, slots=True)
class Step:
    """One physical step with a clock of its own; numbered from 1 within its task. ``parcel`` is the number of the
    parcel it waits for (异地代收): signing for that ends it."""

    number: int
    kind: StepKind
    note: str | None
    due_on: date
    done_at: datetime | None = None
    done_by: str | None = None
    parcel: int | None = None


@dataclass(frozen=True, slots=True)
class SurveyRecord:
    """One department's part of a joint survey: at least two officers (行政许可法 art. 34) and its own conclusion."""

    officers: tuple[str, ...]
    is_met: bool
    conclusion: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Survey:
    """联合踏勘: one appointment for all tasks that need to see the place. ``records`` grow department by department."""

    number: int
    on: date
    place: str
    appointed_by: str
    appointed_at: datetime
    items: tuple[str, ...]
    records: Mapping[str, SurveyRecord] = field(default_factory=dict)

    def waits_for(self, item: str) -> bool:
        """Whether the department of this item was asked along and has not concluded yet."""
        return item in self.items and item not in self.records
