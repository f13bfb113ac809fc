"""What a submission leaves with the applicant: its receipt and, where something is to follow later, a copy of the
undertaking as it was signed (容缺承诺书): every piece, for which item, by when, and what follows if it does not come.
"""

from app.domain import paper_sections as say
from app.domain.applications import Task
from app.domain.clocks import DEFERRAL_DAYS
from app.domain.deferrals import PLEDGE
from app.domain.intake_papers import names_of, receipt
from app.domain.occasions import Occasion, of_the_whole
from app.domain.papers import Paper, PaperKind, Section, SectionKind, section
from app.domain.vocabulary import Text

NO_CREDIT = Text(
    f"材料的后补期限不长于事项的承诺时限，最长 {DEFERRAL_DAYS} 个工作日（示例）。补齐前照常审查，但不发证；"
    "逾期未补齐的，该事项退件，其他事项不受影响，可以重新申报。补齐可在“我的”里上传，也可交到窗口。",
    "For a paper the period is never longer than the item is promised for, and at most "
    f"{DEFERRAL_DAYS} working days (illustrative). Until it has come the review goes on but nothing is issued. If it "
    "does not come in time that item is returned, no other is touched, and you may apply again. Bring it online or to "
    "the counter.",
)


def submitted(o: Occasion) -> list[Paper]:
    """The receipt, and the undertaking where one was signed."""
    return [*receipt(o), *_pledge(o)]


def _pledge(o: Occasion) -> list[Paper]:
    follows = [task for task in o.after.tasks.values() if task.deferred]
    if o.event.why is None or not follows:
        return []
    facts = (say.fact(Text("签署时间", "Signed at"), f"{o.event.at:%Y-%m-%d %H:%M}"),)
    head = say.particulars(o.case.reference or "", o.parties.applicant, o.plan, None, *facts)
    title = Text("承诺内容（示例文本）", "The undertaking (illustrative wording)")
    signed = section(SectionKind.BODY, PLEDGE, title=title)
    later = section(SectionKind.NEXT, NO_CREDIT)
    law = say.law(PaperKind.PLEDGE, None)
    return [of_the_whole(o, PaperKind.PLEDGE, head, signed, _pieces(o, follows), later, law)]


def _pieces(o: Occasion, follows: list[Task]) -> Section:
    names, points = names_of(o), []
    for task in follows:
        planned = o.plan.find(task.item)
        for own in task.deferred:
            name = names.get(own.code, Text(own.code, own.code))
            points.append(
                Text(
                    f"{name.zh}（{planned.item.name.zh}，{planned.routed.department.name.zh}）："
                    f"自该事项受理起 {own.days} 个工作日内",
                    f"{name.en} ({planned.item.name.en}, {planned.routed.department.name.en}): within {own.days} "
                    "working days of that item's acceptance",
                )
            )
    return section(SectionKind.MATERIALS, title=Text("后补的内容", "What is to follow"), points=tuple(points))
