"""The shape of a pack: strict models of every section, with the descriptions that editors show.

Column names of the exchange standard stand in brackets where a description has one. Nested value objects are the
domain's own dataclasses; the models here hold what an author writes, :mod:`app.catalogue.build` turns them into what
the rules read.
"""

from datetime import date
from typing import Any

from pydantic import Field

from app.catalogue.data_documents import (
    AnswerDocument,
    ApprovalDocument,
    DatasetDocument,
    OfferDocument,
    PartyCodes,
    PartyDocument,
)
from app.catalogue.document_base import Code, Document, Expression, Phone
from app.catalogue.hall_documents import HallDocument
from app.catalogue.wallet_documents import WalletDocument
from app.domain.catalogue import (
    Column,
    Derivation,
    Faq,
    Fee,
    FlowStep,
    LegalBasis,
    Limit,
    Provenance,
    Remedies,
    SpecialProcedure,
    Supports,
    Variant,
)
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
    Text,
)


class LineDocument(Document):
    """条线: a branch of government, a utility or a bank, and the levels at which it has a body."""

    name: Text
    kind: OrganisationKind
    serial: int = Field(ge=1, le=99, description="two-digit number of the line inside generated authority codes")
    body_names: dict[Level, Text] = Field(
        min_length=1, description="name of the body at each level it exists at; {region} stands for the region's name"
    )
    phone: Phone
    complaint_phone: Phone
    provenance: dict[str, Provenance] = Field({})


class CertificateDocument(Document):
    """电子证照 type."""

    name: Text
    issuer: Code = Field(description="line that issues it")
    valid_years: int | None = Field(None, ge=1, le=100, description="years of validity; leave out for indefinite")
    holder: ServiceObject = ServiceObject.PERSON


class FieldSourcesDocument(Document):
    """Where a field comes from, best first; typing is always the last resort."""

    results: list[Code] = Field([], description="items whose result holds the value")
    dataset: Code | None = Field(None, description="dataset that holds the value")
    derived: Derivation | None = Field(None, description="rule that computes the value")
    element: Code | None = Field(None, description="element of the dataset; the field's own code when left out")
    party: PartyCodes = Field("applicant", description="whose data: a party of the bundle, or several joined by +")


class FieldDocument(Document):
    """数据元: one data element."""

    name: Text
    kind: FieldKind = FieldKind.TEXT
    group: Code = Field(description="section of the form, one of groups")
    grade: Grade = Field(Grade.L2, description="公共数据分级 L1–L4")
    sources: FieldSourcesDocument = FieldSourcesDocument()
    required: bool = True
    max_length: int = Field(200, ge=1, le=4000)
    minimum: float | None = None
    maximum: float | None = None
    unit: Text | None = None
    options: dict[str, str] = Field({}, description="value (Chinese) → English name, for choice and choices")
    columns: list[Column] = Field([], description="columns of a table")
    help: Text | None = None
    example: str | None = Field(None, description="a fictional example, shown beside the field")
    later: int | None = Field(
        None, ge=1, le=250, description="working days after acceptance in which it may follow; leave out if it may not"
    )


class MaterialSourcesDocument(Document):
    """How a material reaches the case, best first; uploading is always the last resort."""

    results: list[Code] = Field([], description="items whose result is this material")
    certificate: Code | None = Field(None, description="e-certificate type (dzzz_catalog_code)")
    dataset: Code | None = Field(None, description="dataset that replaces the paper (is_data_gx, data_lyoffice)")
    party: PartyCodes = Field("applicant", description="whose data: a party of the bundle, or several joined by +")
    generated: bool = Field(False, description="generated from the one form (is_eform)")
    commitment: bool = Field(False, description="a commitment letter the applicant signs in the form")


class MaterialDocument(Document):
    """申请材料 with its sub-elements."""

    name: Text = Field(description="材料名称 [material_name]")
    sources: MaterialSourcesDocument = MaterialSourcesDocument()
    kind: MaterialKind = Field(MaterialKind.ORIGINAL, description="材料类型 [material_type]")
    format: MaterialFormat = Field(MaterialFormat.ELECTRONIC, description="材料形式 [material_format]")
    origin: MaterialOrigin = Field(MaterialOrigin.APPLICANT, description="来源渠道 [source_type]")
    origin_note: Text | None = Field(None, description="来源渠道说明 [source_explain]")
    originals: int = Field(1, ge=0, le=9, description="[ORIGINALNUM]")
    copies: int = Field(0, ge=0, le=9, description="[COPIESNUM]")
    paper_size: Text | None = Field(None, description="规格 [page_format]")
    fill_note: Text | None = Field(None, description="填报须知 [fill_explain]")
    accept_standard: Text = Field(description="受理标准 [accept_stand]")
    basis: Text = Field(description="要求提供材料的依据 [by_law]")
    sample: Text | None = Field(None, description="示例样表 [example_guid]: what a good one looks like")
    sealed: bool = Field(False, description="是否加盖电子印章 [is_jgdzyz]")
    in_person: bool = Field(False, description="是否需本人到现场填写 [IS_SELF]")
    no_sharing_reason: Text | None = Field(None, description="why a government-issued paper cannot be shared")
    accepts: list[str] = Field(["pdf", "jpg", "png"], description="upload formats")
    note: Text | None = None


class MaterialUseDocument(Document):
    """One material as one item asks for it, when more than its necessity must be said."""

    need: Need
    when: Expression | None = Field(None, description="answers for which a conditional material is needed")
    case: Text | None = Field(None, description="the situation in words [HANDLE_CASE]")


class ResultDocument(Document):
    """审批结果."""

    kind: ResultKind = Field(description="审批结果类型 [result_type]")
    name: Text = Field(description="审批结果名称 [result_name]")
    certificate: Code | None = Field(None, description="e-certificate type issued on grant")
    sample: Text | None = Field(None, description="审批结果样本 [result_guid]")
    delivery: list[DeliveryWay] = Field([DeliveryWay.DOWNLOAD], min_length=1, description="送达方式")
    delivery_limit: Limit = Field(Limit(10), description="送达时限, 行政许可法 art. 44: at most 10 working days")


class ItemDocument(Document):
    """政务服务事项: the elements of GB/T 39554.2 for one item and its standard implementation."""

    name: Text = Field(description="事项名称 [task_name]")
    short: Text = Field(description="the name people use, at most a few words")
    catalog_code: str = Field(pattern=r"^\d{12}$", description="基本编码, 12 digits [catalog_code]")
    variant: Variant = Field(description="业务办理项: two-digit serial and name [task_handle_item]")
    power: PowerType = Field(description="事项类型 [task_type]")
    line: Code = Field(description="条线 of the implementing authority")
    unit: Text | None = Field(None, description="承办机构 inside the authority, e.g. 不动产登记中心")
    level: Level = Field(description="行使层级 [use_level]")
    power_source: PowerSource = Field(PowerSource.OWN, description="权力来源 [power_source]")
    body_kind: BodyKind = Field(BodyKind.STATUTORY, description="实施主体性质 [dept_type]")
    state: ItemState = Field(ItemState.IN_USE, description="事项状态 [task_state]")
    version: int = Field(1, ge=1, description="[task_version]")
    effective_on: date = Field(description="计划生效日期 [plan_effective_date]")
    cancels_on: date | None = Field(None, description="计划取消日期 [plan_cancel_date]")
    statutory: Limit | None = Field(
        None, description="法定办结时限 [anticipate_day, anticipate_type]; none where no law sets one"
    )
    promised: Limit = Field(description="承诺办结时限 [promise_day, promise_type]; 0 days is 即办")
    kind: ItemKind = Field(description="办件类型 [project_type]")
    review: ReviewKind = Field(description="事项审查类型")
    accept_conditions: list[Text] = Field(min_length=1, description="受理条件 [accept_condition]")
    flow: list[FlowStep] = Field(min_length=2, description="办理流程 [handle_flow]")
    special_procedures: list[SpecialProcedure] = Field([], description="特别程序 [special_procedure]")
    survey: bool = Field(False, description="takes part in a joint survey (联合踏勘)")
    objects: list[ServiceObject] = Field(min_length=1, description="服务对象 [server_type]")
    person_topics: list[Text] = Field([], description="自然人主题分类 [user_topic_type]")
    corporate_topics: list[Text] = Field([], description="法人主题分类 [corp_topic_type]")
    channels: list[Channel] = Field(min_length=1, description="办理形式 [handle_type]")
    area: HandlingArea = Field(HandlingArea.NONE, description="通办范围 [handle_area]")
    area_mode: AreaMode | None = Field(None, description="通办形式")
    visits: int = Field(ge=0, le=9, description="到办事现场次数 [limit_scene_num], done alone")
    visits_reason: Text | None = Field(None, description="必须现场办理原因说明 [limit_scene_explain]")
    bundled_visits: int = Field(0, ge=0, le=1, description="visits left when handled inside a bundle")
    bundled_visits_reason: Text | None = None
    is_online: bool = Field(True, description="是否网办 [is_online]")
    online_depth: OnlineDepth = Field(description="网上办理深度 [online_handle_depth]")
    is_in_hall: bool = Field(True, description="是否进驻政务大厅 [is_entry_center]")
    place: Text = Field(description="办理地点 [transact_addr], down to the window; {region} allowed")
    hours: Text = Field(description="办理时间 [transact_time]")
    directions: Text = Field(description="交通指引 [traffic_guide]")
    consult_phone: Phone = Field(description="咨询方式 [link_way]")
    complaint_phone: Phone = Field(description="监督投诉方式 [supervise_way]")
    consult_address: Text
    complaint_address: Text
    quantity_limit: Text | None = Field(None, description="数量限制 [limit_explain]")
    result: ResultDocument
    fees: list[Fee] = Field([], description="收费项目; none means free (行政许可法 art. 58)")
    supports: Supports = Supports()
    intermediary: Text | None = Field(None, description="中介服务 [service_type]")
    legal_basis: list[LegalBasis] = Field(min_length=1, description="设定依据 [by_law]")
    remedies: Remedies = Field(description="法律救济")
    rights: Text = Field(description="[rightEnjoyByLaw]")
    duties: Text = Field(description="[dutyPerformByLaw]")
    faq: list[Faq] = Field([], description="常见问题")
    keywords: list[str] = Field([], description="everyday words people search with")
    fields: list[Code] = Field(min_length=1, description="data elements this item's own form asks for")
    materials: dict[Code, Need | MaterialUseDocument] = Field({}, description="material → necessity, or more")
    needs_data: list[Code] = Field([], description="datasets the item may ask for (purpose = this item)")
    verified: list[Code] = Field([], description="of its fields, those for which a register's yes is enough (核验型)")
    provenance: dict[str, Provenance] = Field(
        {}, description="element → mark and source; what is not listed is illustrative"
    )


class OverrideDocument(Document):
    """What one region may say differently about an item: its promise, place, hours and telephones, nothing else."""

    item: Code
    region: str
    promised: Limit | None = None
    place: Text | None = None
    hours: Text | None = None
    directions: Text | None = None
    consult_phone: Phone | None = None
    complaint_phone: Phone | None = None


class QuestionDocument(Document):
    """情形引导问题."""

    ask: Text = Field(description="the plain question")
    type: QuestionKind
    label: Text = Field(description="short noun phrase used in explanations: 经营面积 / floor area")
    hint: Text | None = None
    options: dict[str, str] = Field({}, description="value (Chinese) → English name, for enum and multi")
    unit: Text | None = None
    yes: Text | None = Field(None, description="bool: the clause when the answer is yes, 已领取营业执照")
    no: Text | None = Field(None, description="bool: the clause when the answer is no, 尚未领取营业执照")
    when: Expression | None = Field(None, description="ask only when this holds over other questions")
    minimum: float | None = None
    maximum: float | None = None
    dataset: Code | None = Field(None, description="data that could answer it, so that it need not be asked")
    answer: AnswerDocument | None = Field(None, description="how these data answer it")


class RequirementDocument(Document):
    """One condition of eligibility."""

    when: Expression
    otherwise: Text = Field(description="what to tell a person who does not meet it, and where to go instead")
    provenance: Provenance


class EdgeDocument(Document):
    """前置, when more than the item's code must be said."""

    item: str = Field(description="an item, or several joined by |: any one of them")
    needs: EdgeNeed = EdgeNeed.GRANTED


class PromiseRuleDocument(Document):
    """Another promise for some answers."""

    when: Expression
    days: int = Field(ge=0, le=400)
    note: Text


class BundleItemDocument(Document):
    """How an item takes part."""

    when: Expression = "true"
    after: list[str | EdgeDocument] = Field([], description="predecessors; R1|R3 means any one of them")
    promises: list[PromiseRuleDocument] = Field([])
    offer: OfferDocument | None = Field(None, description="to whom it is offered without an application (免申即享)")


class NotNeededDocument(Document):
    """您不需要办理."""

    name: Text
    when: Expression = "true"
    reason: Text
    provenance: Provenance


class SourcedFactDocument(Document):
    """A statement with its mark."""

    text: Text
    provenance: Provenance


class BundleDocument(Document):
    """一件事."""

    name: Text
    summary: Text
    audience: list[ServiceObject] = Field(min_length=1)
    lead: Code = Field(description="牵头部门: line")
    level: Level
    keywords: list[str] = Field([], description="everyday words: 开饭店, 生孩子")
    questions: dict[Code, QuestionDocument] = Field(min_length=1, description="in the order they are asked")
    eligibility: list[RequirementDocument] = Field([])
    items: dict[Code, BundleItemDocument] = Field(min_length=1)
    not_needed: list[NotNeededDocument] = Field([])
    facts: list[SourcedFactDocument] = Field([], description="verified statements and published figures")
    parties: dict[Code, PartyDocument] = Field({}, description="whom it is about, beside the applicant")
    provenance: dict[str, Provenance] = Field({})


class CalendarYearDocument(Document):
    """Holidays of one year; replaces the published table for that year."""

    holidays: dict[date, Text] = Field({})
    make_up_days: dict[date, Text] = Field({})


class PersonDocument(Document):
    """A fictional person for the sign-in page."""

    name: Text
    id_number: str = Field(description="fictional, begins with 00")
    phone: Phone
    region: str
    note: Text
    values: dict[Code, Any] = Field({}, description="data elements known of this person, offered as examples")


class StoryDocument(Document):
    """A worked example of a bundle."""

    bundle: Code
    title: Text
    applicant: Code
    region: str
    answers: dict[Code, Any]
    form: dict[Code, Any]


class PackDocument(Document):
    """A whole pack: every section of every file, merged."""

    regions: dict[str, Text] = Field({}, description="GB/T 2260 code (6, 9 or 12 digits, quoted) → name")
    lines: dict[Code, LineDocument] = Field({})
    groups: dict[Code, Text] = Field({}, description="sections of the one form, in order")
    datasets: dict[Code, DatasetDocument] = Field({})
    certificates: dict[Code, CertificateDocument] = Field({})
    fields: dict[Code, FieldDocument] = Field({})
    materials: dict[Code, MaterialDocument] = Field({})
    item_defaults: dict[str, Any] = Field({}, description="elements every item has unless it says otherwise")
    items: dict[Code, ItemDocument] = Field({})
    overrides: list[OverrideDocument] = Field([])
    bundles: dict[Code, BundleDocument] = Field({})
    calendar: dict[str, CalendarYearDocument] = Field({}, description="year → holidays, adds or replaces a year")
    approvals: dict[Code, ApprovalDocument] = Field({}, description="what holders have approved of their datasets")
    people: dict[Code, PersonDocument] = Field({})
    stories: dict[Code, StoryDocument] = Field({})
    halls: dict[Code, HallDocument] = Field({}, description="halls (办事大厅), illustrative")
    wallets: dict[Code, WalletDocument] = Field({}, description="person → certificates held already")
    registers: dict[Code, dict[str, dict[Code, Any]]] = Field(
        {}, description="fictional registers: dataset → number of a person or an enterprise → element → value"
    )
