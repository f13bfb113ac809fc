"""The words of the field, each with its Chinese and English name.

Values are lower_snake and are what the API, the database and the packs say; the names are what people read.
Terms follow GB/T 39554 and the 行政许可法; where a standard numbers a term, the number is kept as ``code``.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self

Lang = Literal["zh", "en"]

ILLUSTRATIVE_ZH = "教学演示 · 示例数据，不作为办事依据"
ILLUSTRATIVE_EN = "illustrative, not an official service"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or name in both languages."""

    zh: str
    en: str

    def say(self, lang: Lang) -> str:
        """The text in the language asked for."""
        return self.zh if lang == "zh" else self.en


ILLUSTRATIVE = Text(ILLUSTRATIVE_ZH, ILLUSTRATIVE_EN)
"""The label that stands on everything the app says."""


class Word(StrEnum):
    """A closed list of terms; a member carries its name in both languages and, where a standard numbers it, a code."""

    zh: str
    en: str
    code: str

    def __new__(cls, value: str, zh: str, en: str, code: str = "") -> Self:
        """Make the member ``value`` named ``zh`` / ``en``."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh, member.en, member.code = zh, en, code
        return member

    @property
    def label(self) -> Text:
        """The name in both languages."""
        return Text(self.zh, self.en)


class Mark(Word):
    """How well a fact is known."""

    SURE = "sure", "有据", "sourced"
    LIKELY = "likely", "可能", "likely, unverified"
    ILLUSTRATIVE = "illustrative", "示例", "illustrative, invented for teaching"


class Level(Word):
    """行政层级: the five levels of the network, and the exercise level (行使层级) of an item."""

    PROVINCE = "province", "省", "province", "2"
    CITY = "city", "市", "city", "3"
    COUNTY = "county", "县（市、区）", "county", "4"
    TOWNSHIP = "township", "乡镇（街道）", "township", "5"
    VILLAGE = "village", "村（社区）", "village", "6"

    @property
    def depth(self) -> int:
        """0 for a province down to 4 for a village."""
        return list(Level).index(self)


class PowerType(Word):
    """事项类型 (GB/T 39554.1). The last two are steps of a bundle, not powers, and have no national number."""

    LICENCE = "licence", "行政许可", "administrative licence", "01"
    PENALTY = "penalty", "行政处罚", "penalty", "02"
    COERCION = "coercion", "行政强制", "coercion", "03"
    LEVY = "levy", "行政征收", "levy", "04"
    BENEFIT = "benefit", "行政给付", "benefit payment", "05"
    INSPECTION = "inspection", "行政检查", "inspection", "06"
    CONFIRMATION = "confirmation", "行政确认", "confirmation", "07"
    AWARD = "award", "行政奖励", "award", "08"
    RULING = "ruling", "行政裁决", "ruling", "09"
    OTHER = "other", "其他行政权力", "other administrative power", "10"
    PUBLIC_SERVICE = "public_service", "公共服务", "public service", "20"
    VERIFICATION = "verification", "信息核验（协同环节）", "verification step", "20"
    COORDINATION = "coordination", "协同环节", "coordination step", "20"

    @property
    def is_on_application(self) -> bool:
        """依申请: started by a person; 处罚, 强制 and 检查 are started by government and stay out of the portal."""
        return self not in {PowerType.PENALTY, PowerType.COERCION, PowerType.INSPECTION}


class TimeUnit(Word):
    """Unit of a time limit. 行政许可法 art. 82: its limits are working days."""

    WORKING_DAY = "working_day", "工作日", "working days"
    CALENDAR_DAY = "calendar_day", "自然日", "calendar days"


class ItemKind(Word):
    """办件类型."""

    INSTANT = "instant", "即办件", "decided on the spot", "1"
    PROMISE = "promise", "承诺件", "decided within a promised time", "2"


class ReviewKind(Word):
    """事项审查类型."""

    INSTANT = "instant", "即审即办", "reviewed and decided at once"
    STAGED = "staged", "前审后批", "reviewed, then approved"


class PowerSource(Word):
    """权力来源."""

    OWN = "own", "法定本级行使", "own statutory power"
    DELEGATED_DOWN = "delegated_down", "上级下放", "handed down by the level above"
    AUTHORISED_ABOVE = "authorised_above", "上级授权", "authorised by the level above"
    AUTHORISED_PEER = "authorised_peer", "同级授权", "authorised at the same level"
    ENTRUSTED_ABOVE = "entrusted_above", "上级委托", "entrusted by the level above"
    ENTRUSTED_PEER = "entrusted_peer", "同级委托", "entrusted at the same level"


class BodyKind(Word):
    """实施主体性质."""

    STATUTORY = "statutory", "法定机关", "statutory body"
    AUTHORISED = "authorised", "授权组织", "authorised organisation"
    ENTRUSTED = "entrusted", "受委托组织", "entrusted organisation"


class ItemState(Word):
    """事项状态."""

    IN_USE = "in_use", "在用", "in use"
    PAUSED = "paused", "暂停", "paused"
    CANCELLED = "cancelled", "取消", "cancelled"


class ServiceObject(Word):
    """服务对象."""

    PERSON = "person", "自然人", "natural person"
    ENTERPRISE = "enterprise", "企业法人", "enterprise with legal personality"
    INSTITUTION = "institution", "事业法人", "public institution"
    SOCIAL = "social", "社会组织法人", "social organisation"
    UNINCORPORATED = "unincorporated", "非法人企业", "business without legal personality"
    AGENCY = "agency", "行政机关", "government body"
    OTHER = "other", "其他组织", "other organisation"


class Channel(Word):
    """办理形式."""

    WINDOW = "window", "窗口办理", "at the counter"
    ONLINE = "online", "网上办理", "online"
    MAIL = "mail", "快递申请", "by mail"


class OnlineDepth(Word):
    """网上办理深度, published as four grades."""

    INFORMATION = "I", "信息公开", "information only", "1"
    SUBMISSION = "II", "网上收件", "submitted online, originals handed in", "2"
    ACCEPTANCE = "III", "网上受理", "accepted online, one visit at most", "3"
    FULL = "IV", "全程网办", "entirely online", "4"


class HandlingArea(Word):
    """通办范围."""

    NONE = "none", "无", "local only"
    CITY = "city", "全市通办", "any county of the city"
    PROVINCE = "province", "全省通办", "anywhere in the province"
    NATIONAL = "national", "跨省通办", "across provinces"


class AreaMode(Word):
    """通办形式 (国办发〔2020〕35号)."""

    ONLINE = "online", "全程网办", "entirely online"
    PROXY = "proxy", "异地代收代办", "taken in elsewhere, decided at home"
    JOINT = "joint", "多地联办", "several places act together"


class ResultKind(Word):
    """审批结果类型."""

    CERTIFICATE = "certificate", "出证办结", "ends in a certificate"
    DOCUMENT = "document", "出文办结", "ends in a document"
    APPROVAL = "approval", "审批办结", "ends in an approval"
    OTHER = "other", "其他", "other"


class DeliveryWay(Word):
    """送达方式."""

    WINDOW = "window", "窗口领取", "collected at the counter"
    MAIL = "mail", "邮寄", "by mail"
    DOWNLOAD = "download", "网站下载", "downloaded"
    NOTICE = "notice", "公告", "public notice"


class MaterialKind(Word):
    """材料类型."""

    ORIGINAL = "original", "原件", "original"
    COPY = "copy", "复印件", "copy"
    BOTH = "original_and_copy", "原件和复印件", "original and copy"


class MaterialFormat(Word):
    """材料形式."""

    PAPER = "paper", "纸质", "paper"
    ELECTRONIC = "electronic", "电子", "electronic"
    EITHER = "either", "纸质或电子", "paper or electronic"


class MaterialOrigin(Word):
    """来源渠道."""

    APPLICANT = "applicant", "申请人自备", "made by the applicant"
    GOVERNMENT = "government", "政府部门核发", "issued by government"
    OTHER = "other", "其他", "other"


class Need(Word):
    """材料必要性."""

    REQUIRED = "required", "必要", "required"
    DEFERRABLE = "deferrable", "容缺后补", "may follow later"
    CONDITIONAL = "conditional", "非必要（特定情形）", "only in some situations"


class Source(Word):
    """Where a field's value comes from."""

    RESULT = "result", "前序事项结果", "result of another item"
    SHARED = "shared", "数据共享", "shared data"
    DERIVED = "derived", "系统生成", "derived"
    TYPED = "typed", "申请人填写", "typed by the applicant"


class Means(Word):
    """How a material reaches the case."""

    RESULT = "result", "前序事项结果", "result of another item"
    SHARED = "shared", "电子证照或共享数据", "e-certificate or shared data"
    GENERATED = "generated", "由表单生成", "generated from the form"
    COMMITMENT = "commitment", "承诺书", "commitment letter"
    UPLOAD = "upload", "上传", "uploaded"


class EdgeNeed(Word):
    """What a predecessor must reach before its successor may start, declared per edge in the pack."""

    GRANTED = "granted", "须前置事项准予", "needs the earlier item granted"
    DECIDED = "decided", "须前置事项办结（不论结果）", "needs the earlier item settled, whatever the outcome"
    INDEPENDENT = "independent", "互不影响", "independent"


class Grade(Word):
    """公共数据分级 (数字化改革 公共数据分类分级指南), low to high."""

    L1 = "L1", "不敏感", "not sensitive"
    L2 = "L2", "低敏感", "slightly sensitive"
    L3 = "L3", "较敏感", "fairly sensitive"
    L4 = "L4", "敏感", "sensitive"


class SharingClass(Word):
    """共享属性 (浙江省公共数据条例)."""

    UNCONDITIONAL = "unconditional", "无条件共享", "shared without condition"
    RESTRICTED = "restricted", "受限共享", "shared under conditions"
    NONE = "none", "不共享", "not shared"


class QuestionKind(Word):
    """Type of a guiding question's answer (情形引导问题)."""

    BOOL = "bool", "是否", "yes or no"
    NUMBER = "number", "数值", "number"
    ENUM = "enum", "单选", "one of"
    MULTI = "multi", "多选", "any of"


class FieldKind(Word):
    """Type of a data element (数据元)."""

    TEXT = "text", "文本", "text"
    LONG_TEXT = "long_text", "多行文本", "longer text"
    NUMBER = "number", "数值", "number"
    INTEGER = "integer", "整数", "whole number"
    DATE = "date", "日期", "date"
    BOOL = "bool", "是否", "yes or no"
    CHOICE = "choice", "单选", "one of"
    CHOICES = "choices", "多选", "any of"
    PHONE = "phone", "电话", "telephone number"
    EMAIL = "email", "电子邮箱", "e-mail address"
    ID_NUMBER = "id_number", "公民身份号码", "identity number"
    USCC = "uscc", "统一社会信用代码", "unified social credit code"
    BANK_NUMBER = "bank_number", "银行账号", "bank account number"
    TABLE = "table", "列表", "list of rows"


class OrganisationKind(Word):
    """What an organisation of a line (条线) is."""

    AUTHORITY = "authority", "行政机关", "authority that decides"
    INSTITUTION = "institution", "事业单位", "public institution"
    UTILITY = "utility", "公用企业", "utility company"
    BANK = "bank", "商业银行", "bank"
    HALL = "hall", "政务服务中心", "government service hall"

    @property
    def has_power(self) -> bool:
        """Utilities, banks and the hall deliver; they never make an administrative decision."""
        return self in {OrganisationKind.AUTHORITY, OrganisationKind.INSTITUTION}


class Role(Word):
    """Who acts on a case."""

    APPLICANT = "applicant", "申请人", "applicant"
    AGENT = "agent", "代理人", "agent"
    CLERK = "clerk", "综窗收件员", "counter clerk"
    OFFICER = "officer", "部门经办", "officer"
    SUPERVISOR = "supervisor", "督办员", "supervisor"
    STEWARD = "steward", "数据管理员", "data steward"
    SYSTEM = "system", "系统", "system"


CONSEQUENCES: dict[EdgeNeed, Text] = {
    EdgeNeed.GRANTED: Text(
        "前置事项未获准予的，本事项随之终止，其他事项不受影响。",
        "If the earlier item is not granted, this item ends with it; the others go on.",
    ),
    EdgeNeed.DECIDED: Text(
        "前置事项办结后即开始，无论结果如何。", "Starts once the earlier item is settled, whatever its outcome."
    ),
    EdgeNeed.INDEPENDENT: Text("与前置事项互不影响。", "Not affected by the other item."),
}
"""What the refusal of a predecessor does, in the words the applicant reads before submitting."""
