"""What a changed answer does to a plan: items, papers and questions that come and go, and the dates."""

from dataclasses import dataclass
from datetime import date

from app.schemas.common import Bilingual
from app.schemas.plans import PlanOut


@dataclass(frozen=True, slots=True)
class Difference:
    """Two plans side by side. Lists hold names; dates and counts are before and after."""

    items_in: list[Bilingual]
    items_out: list[Bilingual]
    papers_in: list[Bilingual]
    papers_out: list[Bilingual]
    fields: tuple[int, int]
    promised: tuple[date, date]

    @property
    def is_nothing(self) -> bool:
        """Whether the change makes no difference at all."""
        lists = self.items_in or self.items_out or self.papers_in or self.papers_out
        return not lists and self.fields[0] == self.fields[1] and self.promised[0] == self.promised[1]


def compared(before: PlanOut, after: PlanOut) -> Difference:
    """The difference between two plans of the same bundle."""
    items = ({i.code: i.short for i in before.items}, {i.code: i.short for i in after.items})
    papers = (_to_upload(before), _to_upload(after))
    return Difference(
        items_in=[name for code, name in items[1].items() if code not in items[0]],
        items_out=[name for code, name in items[0].items() if code not in items[1]],
        papers_in=[name for code, name in papers[1].items() if code not in papers[0]],
        papers_out=[name for code, name in papers[0].items() if code not in papers[1]],
        fields=(before.savings.fields_typed, after.savings.fields_typed),
        promised=(before.promised.on, after.promised.on),
    )


def _to_upload(plan: PlanOut) -> dict[str, Bilingual]:
    return {
        paper.code: paper.name
        for paper in plan.materials
        if paper.source.code == "upload" and paper.is_needed is not False
    }
