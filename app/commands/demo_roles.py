"""Who does what in the told story: which departments post correction points, which one says nothing.

Worked out from the plan alone, so that every worked example of every pack can be told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.domain.vocabulary import Text
from app.schemas.plans import PlannedFieldOut, PlanOut
from app.schemas.tasks import PointIn

UNFINISHED: Final = "待补充 / to follow"
"""What the applicant writes at first into the fields that departments will point at."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One correction point: ``code`` names the field, or with ``is_paper`` the material."""

    code: str
    name: Text
    is_paper: bool = False

    @property
    def point(self) -> PointIn:
        """The point as the department posts it; the applicant reads it."""
        how = "请重新提交清晰完整的一份 / hand in a clear and complete one again"
        if not self.is_paper:
            how = "请按实际情况填写完整 / fill it in completely"
        reason = f"{self.name.zh}（{self.name.en}）：{how}"
        return PointIn(kind="material" if self.is_paper else "field", code=self.code, reason=reason[:500])


@dataclass(frozen=True, slots=True)
class Roles:
    """``remarks``: item → what its department points at. ``silent``: the item whose department says nothing."""

    remarks: Mapping[str, Remark]
    silent: str | None

    @property
    def sloppy(self) -> dict[str, str]:
        """What the draft says at first."""
        return {one.code: UNFINISHED for one in self.remarks.values() if not one.is_paper}


def roles_of(plan: PlanOut, form: Mapping[str, Any]) -> Roles:
    """Two departments of the widest stage post points, a third item elsewhere stays silent, where there are so many."""
    widest = max(plan.stages, key=len, default=[])
    remarks = _remarks(plan, widest, form)
    return Roles(remarks, _silent(plan, widest, remarks))


def _remarks(plan: PlanOut, stage: list[str], form: Mapping[str, Any]) -> dict[str, Remark]:
    departments = {item.code: item.routed.department.code for item in plan.items}
    found: dict[str, Remark] = {}
    for item in stage:
        seen = {departments[other] for other in found}
        taken = {remark.code for remark in found.values()}
        remark = next((one for one in _possible(plan, item, form) if one.code not in taken), None)
        if remark is not None and departments[item] not in seen:
            found[item] = remark
        if len(found) == 2:
            break
    return found


def _possible(plan: PlanOut, item: str, form: Mapping[str, Any]) -> Iterator[Remark]:
    """Text the applicant typed, fewest users first, then a paper handed in."""
    typed = [field for field in plan.fields if item in field.users and _is_text(field) and form.get(field.code)]
    for field in sorted(typed, key=lambda field: len(field.users)):
        yield Remark(field.code, Text(field.name.zh, field.name.en))
    for paper in plan.materials:
        if item in paper.users and paper.source.code == "upload":
            yield Remark(paper.code, Text(paper.name.zh, paper.name.en), is_paper=True)


def _is_text(field: PlannedFieldOut) -> bool:
    return (
        field.source.code == "typed"
        and field.kind.code in {"text", "long_text"}
        and field.max_length >= len(UNFINISHED)
    )


def _silent(plan: PlanOut, widest: list[str], remarks: Mapping[str, Remark]) -> str | None:
    """The last item of all when nobody points there; with one item only, it falls silent after its correction."""
    last = plan.stages[-1][-1] if plan.stages else None
    if last not in remarks and (last not in widest or len(widest) > 2):
        return last
    others = [item for stage in plan.stages for item in stage if item not in remarks and item not in widest]
    return others[-1] if others else last
