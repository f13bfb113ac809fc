"""The catalogue (事项库): what exists, frozen. Packs are loaded into these by ``app.catalogue``; rules only read them.

Two layers of GB/T 39554: a :class:`ServiceItem` is the basic entry (基本目录) with its standard
implementation; an :class:`Override` is what one region's implementation list (实施清单) may say differently.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.domain.conditions import Condition, FactType, Value
from app.domain.vocabulary import (
    AreaMode,
    BodyKind,
    Channel,
    DeliveryWay,
    EdgeNeed,
    FieldKind,
    Grade,
    HandlingArea,
    ItemKind,
    ItemState,
    Level,
    Mark,
    MaterialFormat,
    MaterialKind,
    MaterialOrigin,
    Need,
    OnlineDepth,
    OrganisationKind,
    PowerSource,
    PowerType,
    QuestionKind,
    ResultKind,
    ReviewKind,
    ServiceObject,
    SharingClass,
    Text,
    TimeUnit,
)


@dataclass(frozen=True, slots=True)
class Provenance:
    """How well one fact is known, and from where."""

    mark: Mark
    source: Text | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit; ``days`` 0 means on the spot (即办).

    ``extension`` is the most working days one extension may add where the item's own law sets fewer than the ten of
    行政许可法 art. 42 (1).
    """

    days: int
    unit: TimeUnit = TimeUnit.WORKING_DAY
    note: Text | None = None
    extension: int | None = None


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """设定依据: one article of one law."""

    law: Text
    number: str
    article: Text
    issuer: Text
    effective_on: date
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One step (环节) of 办理流程."""

    step: Text
    actor: Text
    days: float
    standard: Text | None = None
    result: Text | None = None


@dataclass(frozen=True, slots=True)
class SpecialProcedure:
    """特别程序 of 行政许可法 art. 45: its time is not counted."""

    name: Text
    days: int
    basis: Text
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class Fee:
    """收费项目; an item without fees has none of these (行政许可法 art. 58)."""

    name: Text
    standard: Text
    basis: Text
    amount_yuan: float | None = None
    reduction: Text | None = None


@dataclass(frozen=True, slots=True)
class ResultSpec:
    """审批结果: what the applicant has when the item is granted."""

    kind: ResultKind
    name: Text
    certificate: str | None = None
    sample: Text | None = None
    delivery: tuple[DeliveryWay, ...] = (DeliveryWay.DOWNLOAD,)
    delivery_limit: Limit = Limit(10)


@dataclass(frozen=True, slots=True)
class Remedies:
    """法律救济: 行政复议 and 行政诉讼."""

    review_body: Text
    review_days: int
    litigation_body: Text
    litigation_months: int


@dataclass(frozen=True, slots=True)
class Faq:
    """常见问题."""

    question: Text
    answer: Text


@dataclass(frozen=True, slots=True)
class Supports:
    """What the item allows beyond the ordinary way."""

    appointment: bool = False
    pay_online: bool = False
    courier: bool = False
    self_service: bool = False
    mail_material: bool = False
    mail_result: bool = False
    single_sign_on: bool = True
    commitment: bool = False
    deferral: bool = False
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """业务办理项: the handling item, with its two-digit serial."""

    serial: str
    name: Text


@dataclass(frozen=True, slots=True)
class MaterialUse:
    """One material as one item asks for it. ``when`` decides whether a conditional material is needed (HANDLE_CASE)."""

    code: str
    need: Need = Need.REQUIRED
    when: Condition | None = None
    case: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceItem:
    """政务服务事项: the elements of GB/T 39554.2, typed. ``place`` and ``hours`` may hold ``{region}``; of the fields
    in ``verified`` its department is told that a register says so, and not what (核验型)."""

    code: str
    name: Text
    short: Text
    catalog_code: str
    variant: Variant
    power: PowerType
    line: str
    unit: Text | None
    level: Level
    power_source: PowerSource
    body_kind: BodyKind
    state: ItemState
    version: int
    effective_on: date
    cancels_on: date | None
    statutory: Limit | None
    promised: Limit
    kind: ItemKind
    review: ReviewKind
    accept_conditions: tuple[Text, ...]
    flow: tuple[FlowStep, ...]
    special_procedures: tuple[SpecialProcedure, ...]
    survey: bool
    objects: tuple[ServiceObject, ...]
    person_topics: tuple[Text, ...]
    corporate_topics: tuple[Text, ...]
    channels: tuple[Channel, ...]
    area: HandlingArea
    area_mode: AreaMode | None
    visits: int
    visits_reason: Text | None
    bundled_visits: int
    bundled_visits_reason: Text | None
    is_online: bool
    online_depth: OnlineDepth
    is_in_hall: bool
    place: Text
    hours: Text
    directions: Text
    consult_phone: str
    complaint_phone: str
    consult_address: Text
    complaint_address: Text
    quantity_limit: Text | None
    result: ResultSpec
    fees: tuple[Fee, ...]
    supports: Supports
    intermediary: Text | None
    legal_basis: tuple[LegalBasis, ...]
    remedies: Remedies
    rights: Text
    duties: Text
    faq: tuple[Faq, ...]
    keywords: tuple[str, ...]
    fields: tuple[str, ...]
    materials: tuple[MaterialUse, ...]
    needs_data: tuple[str, ...]
    verified: tuple[str, ...] = ()
    provenance: Mapping[str, Provenance] = field(default_factory=dict)

    @property
    def is_instant(self) -> bool:
        """即办: promised on the spot."""
        return self.promised.days == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What one region says differently about one item: only what the law leaves to it."""

    item: str
    region: str
    promised: Limit | None = None
    place: Text | None = None
    hours: Text | None = None
    directions: Text | None = None
    consult_phone: str | None = None
    complaint_phone: str | None = None


@dataclass(frozen=True, slots=True)
class Derivation:
    """A value the system computes: ``rule`` names one of ``derivations.RULES``; ``of`` is what it reads."""

    rule: str
    of: str | None = None
    text: Text | None = None


APPLICANT = "applicant"
"""The party that every bundle has without saying so."""
EXISTS = "exists"
"""Asked of a register like an element: whether it has a record at all (核验型), a yes or a no and nothing more."""


@dataclass(frozen=True, slots=True)
class FieldSources:
    """Where a field may come from, best first: results of items, a dataset, a derivation; typing is always the last.

    ``element`` of the dataset holds the value (None: the one with the field's own code), ``party`` says about whom. The
    value about several parties (``seller+buyer``) is told of each by name.
    """

    results: tuple[str, ...] = ()
    dataset: str | None = None
    derived: Derivation | None = None
    element: str | None = None
    party: str = APPLICANT


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table field."""

    code: str
    name: Text
    kind: FieldKind
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """数据元: one data element with one meaning, whoever asks for it.

    ``later`` is the number of working days after acceptance in which a fact that does not exist yet may follow, when
    the applicant says so at submission; None where it must be there from the beginning.
    """

    code: str
    name: Text
    kind: FieldKind
    group: str
    grade: Grade
    sources: FieldSources
    required: bool = True
    max_length: int = 200
    minimum: float | None = None
    maximum: float | None = None
    unit: Text | None = None
    options: Mapping[str, Text] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    help: Text | None = None
    example: str | None = None
    later: int | None = None


@dataclass(frozen=True, slots=True)
class MaterialSources:
    """How a material may reach the case, best first; uploading is always the last.

    The paper is not needed when the dataset has a record about every ``party`` (核验: a yes, nothing is handed over).
    """

    results: tuple[str, ...] = ()
    certificate: str | None = None
    dataset: str | None = None
    generated: bool = False
    commitment: bool = False
    party: str = APPLICANT


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """申请材料 with its sub-elements."""

    code: str
    name: Text
    sources: MaterialSources
    kind: MaterialKind
    format: MaterialFormat
    origin: MaterialOrigin
    origin_note: Text | None
    originals: int
    copies: int
    paper_size: Text | None
    fill_note: Text | None
    accept_standard: Text
    basis: Text
    sample: Text | None
    sealed: bool
    in_person: bool
    no_sharing_reason: Text | None
    accepts: tuple[str, ...]
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """数据项: one thing a dataset says about its subjects.

    Elements of one code mean the same in every dataset, and one dataset at most is its ``authority`` (一数一源).
    """

    code: str
    name: Text
    grade: Grade
    kind: FieldKind = FieldKind.TEXT
    authority: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """数据资源: a register of one holder, looked up by the number of a person or an enterprise."""

    code: str
    name: Text
    holder: str
    grade: Grade
    sharing: SharingClass
    update: Text
    no_sharing_basis: Text | None = None
    elements: Mapping[str, Element] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateType:
    """电子证照 type."""

    code: str
    name: Text
    issuer: str
    valid_years: int | None
    holder: ServiceObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """条线: a branch of government (or a kind of utility) and the levels at which it has bodies.

    ``body_names`` maps a level to a template with ``{region}``; ``serial`` numbers the line in generated codes.
    """

    code: str
    name: Text
    kind: OrganisationKind
    serial: int
    body_names: Mapping[Level, Text]
    phone: str
    complaint_phone: str
    provenance: Mapping[str, Provenance] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """How data answer a question that then need not be asked (免问).

    ``exists``: the answer when there is a record, its opposite when there is none. Otherwise ``element`` is read:
    through ``map`` (what it does not name is ``otherwise``), as the days since that date, by whether it is ``at_least``
    so much or so many ``years`` ago, or as it is. About several parties all must be so.
    """

    element: str = EXISTS
    party: str = APPLICANT
    exists: bool | None = None
    map: Mapping[str, Value] = field(default_factory=dict)
    otherwise: Value | None = None
    days_since: bool = False
    at_least: float | None = None
    years: float | None = None


@dataclass(frozen=True, slots=True)
class PartyWay:
    """One way to find out who a party is; exactly one of the first five says which.

    ``applicant``: it is who applies (of this ``sex``, and not also the party ``other_than``). ``field``: the number in
    that field, or in that ``column`` of the field's table, which makes everybody listed a party. ``party``: it is this
    other party, or these (``seller+buyer``). ``record_of``: it stands in the record of that party. ``element`` of
    ``dataset`` about the party ``of`` holds its number.
    """

    applicant: bool = False
    field: str | None = None
    column: str | None = None
    party: str | None = None
    record_of: str | None = None
    dataset: str | None = None
    element: str | None = None
    of: str = APPLICANT
    sex: str | None = None
    other_than: str | None = None
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """当事人: a person or an enterprise that an application is about, and the ways to find it, best first.

    ``guardian`` is the party that acts for it (a child). ``shown_by`` are the registers that show that whoever applies
    may act for it: one of them says of the applicant the number under which it stands, or of it the applicant's.
    """

    code: str
    name: Text
    found_by: tuple[PartyWay, ...]
    kind: ServiceObject = ServiceObject.PERSON
    guardian: str | None = None
    shown_by: tuple[PartyWay, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """情形引导问题: a plain question whose answer decides what applies. ``dataset`` names data that could answer it,
    and ``answer`` how."""

    code: str
    ask: Text
    type: FactType
    hint: Text | None = None
    when: Condition | None = None
    minimum: float | None = None
    maximum: float | None = None
    dataset: str | None = None
    answer: AnswerRule | None = None

    @property
    def kind(self) -> QuestionKind:
        """The type of the answer."""
        return self.type.kind


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition of eligibility for a bundle, and what to say when it fails."""

    when: Condition
    otherwise: Text
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Edge:
    """前置: any one of these items must reach ``needs`` first."""

    any_of: tuple[str, ...]
    needs: EdgeNeed = EdgeNeed.GRANTED


@dataclass(frozen=True, slots=True)
class PromiseRule:
    """Another promise under another procedure, such as 告知承诺."""

    when: Condition
    days: int
    note: Text


@dataclass(frozen=True, slots=True)
class OfferFact:
    """One yes or no that a register tells about somebody, by ``rule`` (always about the person alone)."""

    dataset: str
    label: Text
    rule: AnswerRule


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRule:
    """免申即享: to whom an item is offered without an application.

    To whoever holds a certificate of one of these types (all people, when there are none) and of whom ``when`` holds,
    a condition over ``facts``. A fact with the code of a guiding question also answers it. An offer waits ``days``
    calendar days.
    """

    facts: Mapping[str, OfferFact]
    when: Condition
    reason: Text
    certificates: tuple[str, ...] = ()
    days: int = 30


@dataclass(frozen=True, slots=True)
class BundleItem:
    """How one item takes part in one bundle."""

    item: str
    when: Condition
    after: tuple[Edge, ...] = ()
    promises: tuple[PromiseRule, ...] = ()
    offer: OfferRule | None = None


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """Something people believe they need and do not (您不需要办理)."""

    name: Text
    when: Condition
    reason: Text
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class SourcedFact:
    """One statement about a bundle with its mark, shown beside it."""

    text: Text
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """一件事: one need, several items. ``digest`` is the content digest of the bundle and all that it uses."""

    code: str
    name: Text
    summary: Text
    audience: tuple[ServiceObject, ...]
    lead: str
    level: Level
    keywords: tuple[str, ...]
    questions: Mapping[str, Question]
    eligibility: tuple[Requirement, ...]
    items: Mapping[str, BundleItem]
    not_needed: tuple[NotNeeded, ...]
    facts: tuple[SourcedFact, ...]
    parties: Mapping[str, Party] = field(default_factory=dict)
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A fictional person who can sign in; numbers start with 00 and belong to nobody."""

    code: str
    name: Text
    id_number: str
    phone: str
    region: str
    note: Text
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A worked example: the answers and the filled form of one applicant. Used by tests, documents and the demo."""

    code: str
    bundle: str
    title: Text
    applicant: str
    region: str
    answers: Mapping[str, Value]
    form: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Everything a bundle is made of: enough to plan, submit and decide, without regions or people."""

    lines: Mapping[str, Line]
    groups: Mapping[str, Text]
    fields: Mapping[str, FieldSpec]
    materials: Mapping[str, Material]
    datasets: Mapping[str, Dataset]
    certificates: Mapping[str, CertificateType]
    items: Mapping[str, ServiceItem]
    bundles: Mapping[str, Bundle]
    overrides: tuple[Override, ...] = ()
