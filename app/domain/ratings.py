"""好差评: what the applicant thinks of one department's task, or of the whole errand.

Five levels, the last two are 差评 (国办发〔2019〕51号). Rating is voluntary; who rated is kept to protect against abuse
and never shown to the desk. A task may be rated at intake, acceptance and finish, the whole once when it is over; the
whole's score is a figure of its own, never an average of the departments'. Tags and windows are illustrative.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain.applications import Application, Moment, Task
from app.domain.deadlines import BEIJING
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput
from app.domain.lifecycle import ENDED, TaskStatus
from app.domain.periods import written_day
from app.domain.vocabulary import Text, Word

WINDOW_DAYS = 30
"""Calendar days after a task or an application is over in which it can still be rated [illustrative]."""
TEXT_LENGTH = 500
MOST_TAGS = 5


class RatingLevel(Word):
    """评价等级; the code is the number of stars."""

    VERY_SATISFIED = "very_satisfied", "非常满意", "very satisfied", "5"
    SATISFIED = "satisfied", "满意", "satisfied", "4"
    FAIRLY_SATISFIED = "fairly_satisfied", "基本满意", "fairly satisfied", "3"
    DISSATISFIED = "dissatisfied", "不满意", "dissatisfied", "2"
    VERY_DISSATISFIED = "very_dissatisfied", "非常不满意", "very dissatisfied", "1"

    @property
    def stars(self) -> int:
        """5 for the best, 1 for the worst."""
        return int(self.code)

    @property
    def is_bad(self) -> bool:
        """差评."""
        return self in BAD


BAD = frozenset({RatingLevel.DISSATISFIED, RatingLevel.VERY_DISSATISFIED})


class RatingStage(Word):
    """At what point of the service."""

    INTAKE = "intake", "接件", "at intake"
    ACCEPTANCE = "acceptance", "受理", "at acceptance"
    FINISH = "finish", "办结", "at the finish"


class RatingTag(Word):
    """评价标签, along the lines of the national second-level indicators [illustrative]."""

    EFFICIENT = "efficient", "办事效率高", "quick"
    CLEAR_GUIDE = "clear_guide", "指南准确清楚", "guide clear and right"
    CONVENIENT = "convenient", "办事便捷", "convenient"
    EASY_PLATFORM = "easy_platform", "平台好用", "platform easy to use"
    FRIENDLY = "friendly", "服务热情周到", "friendly and attentive"
    SLOW = "slow", "办理拖延", "slow"
    WRONG_GUIDE = "wrong_guide", "指南不准确", "guide unclear or wrong"
    MANY_TRIPS = "many_trips", "多次跑动", "too many trips"
    EXTRA_PAPERS = "extra_papers", "要求额外材料", "papers asked for that the guide does not list"
    HARD_PLATFORM = "hard_platform", "平台不好用", "platform hard to use"
    RUDE = "rude", "态度生硬", "rude"
    NOT_TOLD_ONCE = "not_told_once", "没有一次性告知", "not told everything at once"


PRAISE = (
    RatingTag.EFFICIENT,
    RatingTag.CLEAR_GUIDE,
    RatingTag.CONVENIENT,
    RatingTag.EASY_PLATFORM,
    RatingTag.FRIENDLY,
)
BLAME = tuple(tag for tag in RatingTag if tag not in PRAISE)
TAGS: dict[RatingLevel, tuple[RatingTag, ...]] = {
    RatingLevel.VERY_SATISFIED: PRAISE,
    RatingLevel.SATISFIED: PRAISE,
    RatingLevel.FAIRLY_SATISFIED: (*PRAISE, *BLAME),
    RatingLevel.DISSATISFIED: BLAME,
    RatingLevel.VERY_DISSATISFIED: BLAME,
}
"""Which tags go with which level."""


AGENTS = "agent."
"""How the account of an agent begins."""


def is_in_person(account: str) -> bool:
    """Whether the applicant gave a rating in person [illustrative reading of 实名]."""
    return not account.startswith(AGENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One rating. ``item`` None is the whole errand. ``department`` is the rated unit.

    ``annulled_at``: an appeal against it was upheld, so it does not count. ``rerated`` is the level the same person
    gave after the rectification; the first level stays what the indicators count.
    """

    id: str
    application_id: str
    bundle: str
    item: str | None
    department: str
    region: str
    stage: RatingStage
    level: RatingLevel
    tags: tuple[RatingTag, ...]
    text: str | None
    created_at: datetime
    created_by: str
    addition: str | None = None
    added_at: datetime | None = None
    rerated: RatingLevel | None = None
    rerated_at: datetime | None = None
    annulled_at: datetime | None = None

    @property
    def is_named(self) -> bool:
        """实名: given by the applicant in person, not by an agent."""
        return is_in_person(self.created_by)

    @property
    def rated_on(self) -> date:
        """The day at the office."""
        return self.created_at.astimezone(BEIJING).date()

    @property
    def month(self) -> str:
        """``2026-03``: as exactly as the desk may know."""
        return f"{self.rated_on:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody wants to say: the level, tags that go with it, and a text."""

    level: RatingLevel
    tags: tuple[RatingTag, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Something that may be rated now. ``until`` None: as long as it is not over."""

    item: str | None
    stage: RatingStage
    until: date | None

    @property
    def because(self) -> Text | None:
        """How the last day was counted."""
        if self.until is None:
            return None
        since = written_day(self.until - timedelta(days=WINDOW_DAYS))
        return Text(
            f"自办结之日（{since.zh}）起 {WINDOW_DAYS} 个自然日，为示例期限。",
            f"{WINDOW_DAYS} calendar days from the day it was over ({since.en}); an illustrative period.",
        )


def windows(case: Application, today: date) -> tuple[Window, ...]:
    """Everything of an application that may be rated today, rated already or not."""
    found = [
        Window(task.item, stage, _until(task.completed_at))
        for task in case.tasks.values()
        for stage in RatingStage
        if _is_reached(task, stage) and _is_within(task.completed_at, today)
    ]
    if case.tasks and case.completed_at is not None and _is_within(case.completed_at, today):
        found.append(Window(None, RatingStage.FINISH, _until(case.completed_at)))
    return tuple(found)


def _is_reached(task: Task, stage: RatingStage) -> bool:
    if task.status is TaskStatus.VOID:
        return False
    match stage:
        case RatingStage.INTAKE:
            return task.received_at is not None
        case RatingStage.ACCEPTANCE:
            return task.accepted_at is not None
        case RatingStage.FINISH:
            is_served = task.received_at is not None or task.accepted_at is not None
            return task.verdict is not None or (task.status in ENDED and is_served)


def _until(completed_at: datetime | None) -> date | None:
    return None if completed_at is None else completed_at.astimezone(BEIJING).date() + timedelta(days=WINDOW_DAYS)


def _is_within(completed_at: datetime | None, today: date) -> bool:
    until = _until(completed_at)
    return until is None or today <= until


def must_be_open(
    case: Application, item: str | None, stage: RatingStage, given: Collection[Rating], today: date
) -> None:
    """Raise :class:`InvalidInput` for an unknown item, :class:`ActionNotAllowed` when it cannot be rated (again)."""
    if item is not None and item not in case.tasks:
        text = Text("这件申请没有这个事项。", "This application has no such item.")
        raise InvalidInput([Fault("/item", "unknown-item", text)])
    if any((rating.item, rating.stage) == (item, stage) for rating in given):
        raise ActionNotAllowed(
            Text("这个环节已经评价过，可以追评一次。", "This has been rated; one later addition is possible."),
            action="rate",
        )
    found = windows(case, today)
    if not any((window.item, window.stage) == (item, stage) for window in found):
        raise ActionNotAllowed(
            Text(
                f"现在不能就“{stage.zh}”评价：还没有办到这一步，或者已过 {WINDOW_DAYS} 天。",
                f"It cannot be rated {stage.en} now: it has not come that far, or {WINDOW_DAYS} days have passed.",
            ),
            action="rate",
            open=[{"item": window.item, "stage": window.stage.value} for window in found],
        )


def checked(judgement: Judgement) -> Judgement:
    """The judgement, tidied. Raises :class:`InvalidInput` for tags that do not go with the level or too long a text."""
    faults = []
    for place, tag in enumerate(judgement.tags):
        if tag not in TAGS[judgement.level]:
            fits = "、".join(entry.value for entry in TAGS[judgement.level])
            text = Text(
                f"“{tag.zh}”与“{judgement.level.zh}”不符，可选：{fits}。", f"{tag.en!r} does not go with it: {fits}."
            )
            faults.append(Fault(f"/tags/{place}", "does-not-fit", text))
    if len(set(judgement.tags)) != len(judgement.tags) or len(judgement.tags) > MOST_TAGS:
        text = Text(f"标签最多 {MOST_TAGS} 个，不能重复。", f"At most {MOST_TAGS} different tags.")
        faults.append(Fault("/tags", "too-many", text))
    if len(judgement.text or "") > TEXT_LENGTH:
        faults.append(Fault("/text", "too-long", _too_long()))
    if faults:
        raise InvalidInput(faults)
    return replace(judgement, text=(judgement.text or "").strip() or None)


def add(rating: Rating, text: str, moment: Moment) -> Rating:
    """追评: one later addition, as long after as one likes. The level stays.

    Raises :class:`ActionNotAllowed` for a second one, :class:`InvalidInput` for an empty or too long text.
    """
    if rating.addition is not None:
        raise ActionNotAllowed(Text("只能追评一次。", "There is one later addition only."), action="add")
    text = text.strip()
    if not text:
        raise InvalidInput([Fault("/text", "missing", Text("请写追评内容。", "Write what you want to add."))])
    if len(text) > TEXT_LENGTH:
        raise InvalidInput([Fault("/text", "too-long", _too_long())])
    return replace(rating, addition=text, added_at=moment.at)


def _too_long() -> Text:
    return Text(f"最多 {TEXT_LENGTH} 字。", f"At most {TEXT_LENGTH} characters.")


Levels = Mapping[RatingLevel, int]
"""How many ratings of each level; annulled ones left out (有效评价)."""
