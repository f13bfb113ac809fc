"""What one case spared the applicant, by name: fields not asked, papers not handed in, ways not made, and why.

The plan says what could be spared; here counts what was. A field whose data a register was to give and that the
applicant typed all the same was not spared; a paper that fell back to an upload was not; a paper that these answers did
not call for spares nobody anything. The counts go into the indicators when the case is filed, the names on the receipt.
Definitions are illustrative, as those of :mod:`app.domain.metrics`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain import prefill
from app.domain.applications import Application
from app.domain.forms import is_blank
from app.domain.metrics import Savings
from app.domain.routing import Plan, PlannedField, PlannedItem, PlannedMaterial
from app.domain.vocabulary import Means, Source, Text, Word


class Way(Word):
    """How something was spared."""

    REGISTER = "register", "共享数据已带入", "had from shared data"
    DESK = "desk", "由承办单位共享核对，不用填写", "not asked: the office looks it up"
    RESULT = "result", "由本次其他事项的结果带入", "comes with the result of another item"
    DERIVED = "derived", "由系统得出", "worked out by the system"
    KNOWN = "known", "沿用您以前提供的内容", "as you gave it before"
    ONCE = "once", "多个事项共用，只填报一次", "shared by several items, given once"
    CERTIFICATE = "certificate", "电子证照代替", "an e-certificate stands for it"
    CHECKED = "checked", "数据核验通过，免交", "confirmed by a register, no paper needed"
    SHARED = "shared", "由承办单位共享核验，免交", "the office checks shared data, no paper needed"
    GENERATED = "generated", "由一张表生成", "made from the one form"
    COMMITMENT = "commitment", "书面承诺代替", "a written commitment stands for it"
    TOGETHER = "together", "合并办理，不用单独跑", "handled together, no way of its own"


@dataclass(frozen=True, slots=True)
class Spared:
    """One thing spared, ``times`` over: once for each item that would have asked for it alone.

    ``by`` names what it was had from (a dataset, a certificate, an item); ``at`` when a register gave it.
    """

    code: str
    name: Text
    way: Way
    times: int
    by: Text | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SparedCase:
    """Everything one case spared. The counts of each kind add up: before = left + the times of what was spared."""

    fields: tuple[Spared, ...]
    materials: tuple[Spared, ...]
    visits: tuple[Spared, ...]
    fields_left: int
    materials_left: int
    visits_left: int

    def before(self, part: str) -> int:
        """What the items would have asked for one by one: ``fields``, ``materials`` or ``visits``."""
        left, spared = {
            "fields": (self.fields_left, self.fields),
            "materials": (self.materials_left, self.materials),
            "visits": (self.visits_left, self.visits),
        }[part]
        return left + sum(own.times for own in spared)


def spared_by(case: Application, plan: Plan) -> SparedCase:
    """What the application spares its applicant as it stands; ``plan`` is fitted to the applicant's certificates."""
    fields, papers = _Kept(), _Kept()
    fallen = prefill.fallen_fields(case, plan) | prefill.fallen_materials(case, plan)
    for planned in plan.fields:
        fields.add(_field(case, plan, planned, is_fallen=planned.spec.code in fallen))
    for paper in plan.materials:
        if _is_called_for(case, paper):
            papers.add(_material(case, plan, paper, is_fallen=paper.material.code in fallen))
    visits_left = _visits_left(case, plan)
    visits = _visits(plan, visits_left)
    return SparedCase(tuple(fields.found), tuple(papers.found), visits, fields.left, papers.left, visits_left)


def counted(case: Application, plan: Plan) -> dict[str, int]:
    """The savings as they go with the application: those of the plan, and for fields, papers and visits what really
    happened in their place."""
    found = spared_by(case, plan)
    return {
        **{name: getattr(plan.savings, name) for name in Savings.__slots__},
        "fields_before": found.before("fields"),
        "fields_typed": found.fields_left,
        "materials_before": found.before("materials"),
        "materials_uploaded": found.materials_left,
        "visits_after": found.visits_left,
    }


def _visits_left(case: Application, plan: Plan) -> int:
    """The ways nobody can avoid; filing at a counter is one."""
    return max(plan.savings.visits_after, int(case.filed_region is not None))


@dataclass(slots=True)
class _Kept:
    """What was spared of one kind, and how many are left to give."""

    found: list[Spared] = field(default_factory=list)
    left: int = 0

    def add(self, own: Spared | None) -> None:
        """One field or paper; what is given once for all is left over once, whether or not several ask for it."""
        self.left += int(own is None or own.way is Way.ONCE)
        if own is not None:
            self.found.append(own)


def _once(code: str, name: Text, users: int) -> Spared | None:
    """What is given once for all; None where only one item asks for it."""
    return Spared(code, name, Way.ONCE, users - 1) if users > 1 else None


def _field(case: Application, plan: Plan, planned: PlannedField, *, is_fallen: bool) -> Spared | None:
    code, name, users = planned.spec.code, planned.spec.name, len(planned.users)
    source, origin = planned.source.source, planned.source.origin or ""
    had = case.had.get(code)
    if had is not None:
        return Spared(code, name, Way.REGISTER, users, _dataset(plan, had.dataset), had.at)
    if source is Source.RESULT:
        return Spared(code, name, Way.RESULT, users, plan.find(origin).item.short)
    if source is Source.DERIVED:
        return Spared(code, name, Way.DERIVED, users)
    if case.offered is not None and not is_blank(case.form.get(code)):
        return Spared(code, name, Way.KNOWN, users)  # whoever confirms an offer types nothing
    is_typed = source is Source.TYPED or not is_blank(case.form.get(code))
    if is_typed or is_fallen:
        return _once(code, name, users)
    return Spared(code, name, Way.DESK, users, _dataset(plan, origin))


def _is_called_for(case: Application, paper: PlannedMaterial) -> bool:
    """Whether these answers ask for the paper; where only a person can tell, whether it was given."""
    code = paper.material.code
    return paper.is_needed is True or code in case.materials or code in case.checked


def _material(case: Application, plan: Plan, paper: PlannedMaterial, *, is_fallen: bool) -> Spared | None:
    code, name, users = paper.material.code, paper.material.name, len(paper.users)
    provided, means, origin = case.materials.get(code), paper.source.means, paper.source.origin or ""
    if provided is not None and provided.means is Means.UPLOAD:
        return _once(code, name, users)
    if (checked := case.checked.get(code)) is not None:
        return Spared(code, name, Way.CHECKED, users, _dataset(plan, checked.dataset), checked.at)
    if means is Means.UPLOAD or is_fallen:
        return _once(code, name, users)
    if means is Means.RESULT:
        return Spared(code, name, Way.RESULT, users, plan.find(origin).item.short)
    if means is Means.SHARED and origin in plan.certificates:
        return Spared(code, name, Way.CERTIFICATE, users, plan.certificates[origin].name)
    if means is Means.SHARED:
        return Spared(code, name, Way.SHARED, users, _dataset(plan, origin))
    return Spared(code, name, Way.GENERATED if means is Means.GENERATED else Way.COMMITMENT, users)


def _visits(plan: Plan, left: int) -> tuple[Spared, ...]:
    """Ways spared, item by item: those left over are made for the items that still ask for one, then for any."""
    going = sorted(plan.items, key=lambda planned: -planned.item.bundled_visits)
    found: dict[str, Spared] = {}
    for planned in going:
        made = min(left, planned.item.visits)
        left -= made
        if planned.item.visits > made:
            found[planned.item.code] = _visit(planned, planned.item.visits - made)
    return tuple(found[planned.item.code] for planned in plan.items if planned.item.code in found)


def _visit(planned: PlannedItem, times: int) -> Spared:
    return Spared(planned.item.code, planned.item.name, Way.TOGETHER, times, planned.item.bundled_visits_reason)


def _dataset(plan: Plan, code: str) -> Text | None:
    found = plan.datasets.get(code)
    return found.name if found is not None else None


def sentence(own: Spared) -> Text:
    """One thing spared, as the receipt tells it."""
    zh, en = f"{own.name.zh}：{own.way.zh}", f"{own.name.en}: {own.way.en}"
    if own.by is not None:
        zh, en = f"{zh}（{own.by.zh}）", f"{en} ({own.by.en})"
    if own.times > 1:
        zh, en = f"{zh}，少提供 {own.times} 次", f"{en}; {own.times} times less"
    return Text(zh, en)


def summary(found: SparedCase) -> Text:
    """The whole in one sentence."""
    fields, materials, visits = ((found.before(part), left) for part, left in _left(found).items())
    return Text(
        f"与各事项分别办理相比：填报 {fields[0]} 项减为 {fields[1]} 项，材料 {materials[0]} 份减为 {materials[1]} 份，"
        f"跑动 {visits[0]} 次减为 {visits[1]} 次（示例口径）。",
        f"Compared with one errand after another: {fields[0]} fields became {fields[1]}, {materials[0]} papers "
        f"{materials[1]}, {visits[0]} visits {visits[1]} (illustrative definitions).",
    )


def _left(found: SparedCase) -> Mapping[str, int]:
    return {"fields": found.fields_left, "materials": found.materials_left, "visits": found.visits_left}
