"""What a bundle saves: 减字段、减材料、减时限、减跑动、减环节, before → after, computed from the plan itself.

"Before" is what the same items would ask one errand after another: every form in full, every paper each time, one
after the other, every visit, and four steps an errand (申请、受理、审查、领证). "After" is the one form, the one set of
papers, the critical path, the visits nobody can avoid, and two steps (申报、领证). A published list is counted as
published: a conditional paper counts on both sides whether or not these answers call for it. The definitions are
illustrative; the names are those of the policy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.catalogue import Limit, ServiceItem
from app.domain.sources import FieldSource, MaterialSource
from app.domain.vocabulary import Means, Source

STEPS_ALONE = 4
STEPS_BUNDLED = 2


class _Field(Protocol):
    @property
    def users(self) -> tuple[str, ...]: ...
    @property
    def source(self) -> FieldSource: ...


class _Material(Protocol):
    @property
    def users(self) -> tuple[str, ...]: ...
    @property
    def source(self) -> MaterialSource: ...


@dataclass(frozen=True, slots=True)
class Savings:
    """Counts before and after. Days are working days; ``*_merged`` is the union, ``fields_typed`` and
    ``materials_uploaded`` what is left for the person to do."""

    items: int
    departments: int
    fields_before: int
    fields_merged: int
    fields_typed: int
    materials_before: int
    materials_merged: int
    materials_uploaded: int
    days_before: int
    days_after: int
    visits_before: int
    visits_after: int
    steps_before: int
    steps_after: int


def saved(
    items: Sequence[ServiceItem],
    promises: Sequence[Limit],
    fields: Sequence[_Field],
    materials: Sequence[_Material],
    critical_days: int,
) -> Savings:
    """Compare the items done one by one with the items done as one."""
    return Savings(
        items=len(items),
        departments=len({item.line for item in items}),
        fields_before=sum(len(field.users) for field in fields),
        fields_merged=len(fields),
        fields_typed=sum(field.source.source is Source.TYPED for field in fields),
        materials_before=sum(len(material.users) for material in materials),
        materials_merged=len(materials),
        materials_uploaded=sum(material.source.means is Means.UPLOAD for material in materials),
        days_before=sum(promise.days for promise in promises),
        days_after=critical_days,
        visits_before=sum(item.visits for item in items),
        visits_after=max((item.bundled_visits for item in items), default=0),
        steps_before=STEPS_ALONE * len(items),
        steps_after=STEPS_BUNDLED if items else 0,
    )
