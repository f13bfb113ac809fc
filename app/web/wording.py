"""Names that the pages give to what the catalogue only numbers or codes."""

import re

from app.domain.applications import EventKind
from app.domain.catalogue import Library
from app.domain.proxies import Way
from app.domain.records import StepKind
from app.domain.vocabulary import Lang, Text
from app.schemas.applications import EventOut

SERVED, USED = EventKind.CORRECTION_SERVED.value, EventKind.CERTIFICATE_USED.value
PLANNED, PACKED = EventKind.STEP_PLANNED.value, EventKind.PARCEL_PACKED.value
UNTOLD_NOTES = frozenset({EventKind.STEP_FINISHED.value})
"""Steps whose note is a running number and nothing else."""
BOTH = re.compile(r"(?P<zh>[^/]*[\u4e00-\u9fff][^/]*?) / (?P<en>[^\u4e00-\u9fff]+)")
"""A sentence stored in both languages, one after the other."""

GROUPS = {
    "applicant": Text("申请人与联系人", "Applicant and contact"),
    "subject": Text("经营主体", "The business"),
    "premises": Text("场所", "Premises"),
    "business": Text("经营内容", "Activities"),
    "safety": Text("安全管理", "Safety"),
    "people": Text("人员", "People"),
    "delivery": Text("领取方式", "Delivery"),
    "account": Text("账户", "Account"),
    "works": Text("工程", "Works"),
    "household": Text("户籍", "Household"),
    "connection": Text("接入需求", "Connection"),
    "project": Text("项目", "Project"),
    "insurance": Text("保险", "Insurance"),
    "property": Text("房屋", "Property"),
    "baby": Text("宝宝", "The baby"),
    "employment": Text("参保与就业", "Employment"),
    "deal": Text("交易", "The deal"),
    "parents": Text("父母", "Parents"),
}
"""Groups of the one form, by the code that packs give them."""


def group_name(code: str) -> Text:
    """The name of a group; a pack may bring groups of its own, which show their code."""
    return GROUPS.get(code, Text(code, code))


def noted(event: EventOut, library: Library, lang: Lang) -> str | None:
    """What stands under a step of the timeline: codes by their names, in the page's language; None where the number or
    code would tell a reader nothing."""
    why = event.why
    if not why or event.kind.code in UNTOLD_NOTES or (event.kind.code == SERVED and why.isdecimal()):
        return None
    if (name := _named(why, event.kind.code, library)) is not None:
        return name.say(lang)
    if (both := BOTH.fullmatch(why)) is not None:
        return both["zh"] if lang == "zh" else both["en"]
    return why


def _named(why: str, kind: str, library: Library) -> Text | None:
    if kind == USED and why in library.materials:
        return library.materials[why].name
    if kind == PLANNED:
        return next((step.label for step in StepKind if step.value == why), None)
    if kind == PACKED:
        return next((way.label for way in Way if way.value == why), None)
    if kind.startswith("consent_"):
        found = (dataset.name for dataset in library.datasets.values() if why.endswith(f"：{dataset.name.zh}"))
        return next((Text(why, name.en) for name in found), None)
    if why in library.items:
        return library.items[why].short
    return None
