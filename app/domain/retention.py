"""How long a file is kept, and when the personal information in it is erased.

个人信息保护法 art. 19: no longer than the purpose needs; art. 47: erased when the purpose is reached or the time is up,
but where a law or regulation wants it kept longer, it is only stored and protected until then. The law of archives
leaves the lengths to schedules; **the lengths here are illustrative**.
"""

from datetime import date, datetime, timedelta

from app.domain.applications import Application
from app.domain.deadlines import BEIJING
from app.domain.lifecycle import DECIDED, Verdict
from app.domain.vocabulary import Text, Word

DRAFT_DAYS = 180
"""Calendar days a draft is kept after it was last touched [illustrative]."""


class Keeping(Word):
    """保存类别: what kind of file it is, and for how many years it is kept once it is over [illustrative]."""

    DRAFT = "draft", "未申报的草稿", "draft never submitted"
    GRANTED = "granted", "准予办结的档案", "file of something granted"
    DECIDED = "decided", "未准予的决定档案", "file of a decision that granted nothing"
    ENDED = "ended", "未作决定即结束的材料", "papers of a case that ended without a decision"


YEARS = {Keeping.GRANTED: 30, Keeping.DECIDED: 10, Keeping.ENDED: 3}
"""Years after the day the case was over [illustrative]."""


class Ground(Word):
    """删除事由: why the personal information was erased."""

    REQUEST = "request", "本人要求", "asked for by the person"
    RETENTION = "retention", "保存期限届满", "the time of keeping was up"
    HISTORY = "history", "历史办件归集", "history, taken over without its content"


LAW = {
    Ground.REQUEST: Text(
        "《个人信息保护法》第四十七条：个人有权请求删除；没有申报的草稿不是行政机关的档案。",
        "Personal Information Protection Law art. 47: a person may ask for erasure; a draft never submitted is no file "
        "of an authority.",
    ),
    Ground.RETENTION: Text(
        "《个人信息保护法》第十九条、第四十七条：保存期限届满，处理者主动删除。",
        "Personal Information Protection Law arts. 19 and 47: the time of keeping is up, the handler erases unasked.",
    ),
    Ground.HISTORY: Text(
        "《个人信息保护法》第六条：收集个人信息限于实现处理目的的最小范围。历史办件只归集办理的主要过程和统计，不归集内容。",
        "Personal Information Protection Law art. 6: no more personal information than the purpose needs. Of history "
        "only the milestones and the figures were taken over, and none of the content.",
    ),
}
KEEPING_LAW = Text(
    "《个人信息保护法》第四十七条第二款：法定保存期限未届满的，只存储并采取必要的安全保护措施，期满即删除（保存年限为示例）。",
    "Personal Information Protection Law art. 47 (2): until the lawful time of keeping is up the file is only stored "
    "and protected, then erased (the number of years is illustrative).",
)
OPEN_LAW = Text(
    "《个人信息保护法》第十三条第一款第（三）项：为履行法定职责所必需，办理结束前不能删除；不想继续办理的可以撤回。",
    "Personal Information Protection Law art. 13 (1) (3): needed for a statutory duty, so nothing is erased before the "
    "case is over; whoever does not want to go on may withdraw it.",
)


def keeping_of(case: Application) -> Keeping:
    """What kind of file an application is, or would be if it ended as it stands."""
    if case.submitted_at is None:
        return Keeping.DRAFT
    verdicts = {task.verdict for task in case.tasks.values()}
    if Verdict.GRANTED in verdicts or Verdict.REVOKED in verdicts:
        return Keeping.GRANTED
    return Keeping.DECIDED if any(task.status in DECIDED for task in case.tasks.values()) else Keeping.ENDED


def kept_until(case: Application, touched_at: datetime) -> date | None:
    """The last day an application is kept; None while it runs, and once it is erased.

    ``touched_at`` is when it last changed. Nothing goes before a promise was checked, nor while a certificate it led
    to is valid for a time that is known.
    """
    if case.erased_at is not None:
        return None
    if case.submitted_at is None:
        return touched_at.astimezone(BEIJING).date() + timedelta(days=DRAFT_DAYS)
    is_unchecked = any(task.after_check is not None and task.after_check.is_open for task in case.tasks.values())
    if case.completed_at is None or is_unchecked:
        return None
    over = years_later(case.completed_at.astimezone(BEIJING).date(), YEARS[keeping_of(case)])
    valid = [found.valid_until for found in case.certificates.values() if found.valid_until and not found.revoked_on]
    return max([over, *valid])


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def is_erasable(case: Application, until: date | None, today: date, *, is_asked: bool) -> bool:
    """Whether the personal information may go today: a draft as soon as its person asks, all else when time is up."""
    if case.erased_at is not None:
        return False
    return (is_asked and case.submitted_at is None) or (until is not None and today > until)
