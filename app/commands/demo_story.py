"""The told story: one worked example from sign-in to the last delivery, day by day, in beats that a view shows.

Everything happens through the use cases, each as the person who may do it; the lines of the days are the events that
the applicant would read. Nothing is skipped: what is not allowed is tried once, and refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from itertools import groupby
from typing import Final, Literal

from app.commands.demo_roles import Roles, roles_of
from app.commands.demo_words import counted, day_of, is_idle_move, punctuality, said, sentence
from app.domain.deadlines import BEIJING, Calendar
from app.domain.errors import ActionNotAllowed
from app.domain.vocabulary import Text
from app.schemas.applications import ApplicationOut, LookUp, NoticeOut, TaskLight
from app.schemas.common import Bilingual
from app.schemas.tasks import Act, TaskOut
from app.usecases import accounts, progress, sweep
from app.usecases.platform import Platform
from app.usecases.play import STEPS, Play

BEGINS: Final = datetime(2026, 3, 12, 10, tzinfo=BEIJING)
"""A Thursday; the dates in the worked examples lie around it."""
LONGEST: Final = 200
"""Working days. A story that takes longer is stuck."""

AT_ONCE: Final = ("decide_at_once",)
"""即办件: where nothing needs to be corrected, the one step for all."""
GOES_ON: Final = frozenset({"receive", "propose", "endorse", "grant", "decide_at_once", "confirm"})
"""Steps after which the department's day goes on; after every other it is over."""

BeatKind = Literal["chapter", "line", "good", "refused", "day", "event"]


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing to show. A ``day`` beat begins a day; the view may pause there."""

    kind: BeatKind
    text: Text


class DemoClock:
    """The clock of the story: it stands still until the story moves it to the next working day."""

    def __init__(self, calendar: Calendar | None = None) -> None:
        self.now, self.calendar = BEGINS, calendar

    def __call__(self) -> datetime:
        """The moment of the story."""
        return self.now

    def next_morning(self) -> bool:
        """Walk one day on; whether it is a working day."""
        self.now = datetime.combine(self.now.date() + timedelta(days=1), time(10), BEIJING)
        return self.calendar is None or self.calendar.is_working(self.now.date())

    def evening(self) -> None:
        """Offices have closed for the day."""
        self.now = datetime.combine(self.now.date(), time(18), BEIJING)


class Stuck(RuntimeError):
    """The story did not come to its end: a fault of the packs or of the program."""


@dataclass
class Teller:
    """Tells one story on one platform. ``case`` is the application as last seen, for whoever shows its tasks."""

    platform: Platform
    clock: DemoClock
    play: Play
    roles: Roles
    case: ApplicationOut | None = None
    told: int = 0
    codes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, platform: Platform, clock: DemoClock, story: str) -> "Teller":
        """Ready to tell; raises :class:`NotFound` for a story the packs do not have."""
        clock.calendar = platform.world.catalogue.calendar
        play = Play.of(platform, story, clock())
        return cls(platform, clock, play, roles_of(play.plan, play.story.form))

    def tell(self) -> Iterator[Beat]:
        """The whole story. Raises :class:`Stuck` when it does not end."""
        yield from self._arrive()
        yield from self._apply()
        yield from self._overreach()
        for _ in range(LONGEST):
            yield from self._day()
            if self._case().completed_at is not None:
                break
        else:
            raise Stuck(self.play.story.code)
        yield from self._end()

    def _case(self) -> ApplicationOut:
        if self.case is None:
            raise Stuck("the application was not made")
        return self.case

    def _arrive(self) -> Iterator[Beat]:
        play, world = self.play, self.platform.world
        yield Beat("chapter", Text(f"故事：{play.story.title.zh}", f"Story: {play.story.title.en}"))
        token = self.platform.store.perform(
            lambda reader: accounts.sign_in(self.platform.context(), reader, play.story.applicant)
        )
        name = token.account.name
        yield Beat(
            "line", Text(f"{name.zh}登录（虚构人物，不需要密码）。", f"{name.en} signs in (fictional, no password).")
        )
        yield Beat("chapter", Text("回答情形引导问题", "Answering the guiding questions"))
        bundle = world.bundle(play.story.bundle)
        for code, value in play.plan.answers.items():
            question = bundle.questions[code]
            ask, answer = question.ask, said(value, question.type.options)
            yield Beat("line", Text(f"{ask.zh} {answer.zh}", f"{ask.en} {answer.en}"))
        yield from self._planned()

    def _planned(self) -> Iterator[Beat]:
        plan = self.play.plan
        yield Beat("chapter", Text("得到个性化方案", "The personal plan"))
        for item in plan.items:
            why, place = item.because.because, item.routed.department.name
            yield Beat(
                "line",
                Text(
                    f"{item.code} {item.name.zh} — {place.zh}。因为：{why.zh}",
                    f"{item.code} {item.name.en} — {place.en}. Because: {why.en}",
                ),
            )
        for one in plan.not_needed:
            yield Beat("line", Text(f"不需要：{one.entry.text.zh}", f"Not needed: {one.entry.text.en}"))
        due = plan.promised.explanation
        yield Beat("good", Text(f"承诺办结日的由来：{due.zh}", f"How the date comes about: {due.en}"))

    def _apply(self) -> Iterator[Beat]:
        yield Beat("chapter", Text("填一张表，提交", "One form, submitted"))
        made = self.play.create(self.clock(), self.roles.sloppy)
        self._saw(made)
        papers = len(made.materials)
        yield Beat(
            "line", Text(f"草稿已保存，附 {papers} 份样例材料。", f"The draft is saved with {papers} sample papers.")
        )
        yield from self._news()
        receipt = self.play.submit(made.id, self.clock())
        self._saw(receipt.application)
        yield from self._news()
        reference = receipt.application.reference or ""
        self.codes = [reference, receipt.query_code or ""]
        yield Beat(
            "good",
            Text(
                f"接收凭证：办件编号 {reference}，查询码 {receipt.query_code}（只显示这一次）。",
                f"Receipt: number {reference}, query code {receipt.query_code} (shown this once).",
            ),
        )

    def _overreach(self) -> Iterator[Beat]:
        """An officer tries to grant what nobody has received yet."""
        task = next(task for task in self._case().tasks if task.status.code == "submitted")
        yield Beat(
            "line",
            Text(
                f"{task.department.zh}想直接准予 {task.item}……",
                f"{task.department.en} tries to grant {task.item} at once …",
            ),
        )
        try:
            self.play.act(self._reference, task.item, self.play.wish("grant", task.item), self.clock())
        except ActionNotAllowed as refusal:
            yield Beat("refused", refusal.detail)

    @property
    def _reference(self) -> str:
        return self._case().reference or ""

    def _day(self) -> Iterator[Beat]:
        """The next working day: time first, then the departments, then the applicant."""
        told = self.told
        while not self.clock.next_morning():
            self._sweep()
        yield Beat("day", day_of(self.clock().date()))
        if self._sweep():
            yield Beat("line", Text("时间推进，系统依规处理：", "Time has passed; the system does what follows:"))
        yield from self._news()
        for item in [task.item for task in self._case().tasks]:
            yield from self._office(item)
        yield from self._answer()
        self.clock.evening()
        if self._sweep():
            yield from self._news()
        if self.told == told:
            yield Beat("line", Text("今天没有动静，期限照走。", "Nothing happens today; the clocks run on."))

    def _office(self, item: str) -> Iterator[Beat]:
        """One department's day: it takes in and accepts, or reviews, or decides and delivers."""
        while (ahead := self._wish(item)) is not None:
            wish, hand = ahead
            self.play.act(self._reference, item, wish, self.clock(), hand)
            yield from self._news()
            if wish.action not in GOES_ON:
                break

    def _sweep(self) -> int:
        return sweep.run(self.platform.context(), self.platform.store).moved

    def _wish(self, item: str) -> tuple[Act, int] | None:
        """What is done next to the item and by which of its officers, unless silence is the part."""
        light = next(task for task in self._case().tasks if task.item == item)
        if light.status.code in {"waiting", "correction", "closed"} or self._keeps_silent(light):
            return None
        task = self.play.task(self._reference, item, self.clock())
        can = {action.code for action in task.allowed}
        if light.status.code == "received" and item in self.roles.remarks and not task.is_notified:
            remark = self._remark(task) if "request_correction" in can and not task.points else None
            return None if remark is None else (remark, 1)
        at_once = () if item in self.roles.remarks else AT_ONCE
        ahead = self.play.next(self._reference, item, self.clock(), (*at_once, *STEPS), task)
        return None if ahead is None else (self.play.wish(ahead[0], item), ahead[1])

    def _keeps_silent(self, light: TaskLight) -> bool:
        if light.item != self.roles.silent or light.status.code not in {"submitted", "received"}:
            return False
        answered = {item for notice in self._case().notices if notice.answered_at for item in notice.points}
        return light.item not in self.roles.remarks or light.item in answered

    def _remark(self, task: TaskOut) -> Act | None:
        """Post, once every department that has something to say holds its part; at the latest on the last day."""
        states = {one.item: one.status.code for one in self._case().tasks}
        is_last_day = task.intake_due_on is not None and self.clock().date() >= task.intake_due_on
        if any(states[item] in {"waiting", "submitted"} for item in self.roles.remarks) and not is_last_day:
            return None
        return Act(action="request_correction", points=[self.roles.remarks[task.item].point])

    def _answer(self) -> Iterator[Beat]:
        """The applicant answers a notice the working day after it was served."""
        for notice in self._case().notices:
            is_fresh = notice.served_at.astimezone(BEIJING).date() >= self.clock().date()
            if notice.answered_at is not None or is_fresh or not self._waits(notice):
                continue
            points = [point for own in notice.points.values() for point in own]
            for point in points:
                if point.kind.code == "material":
                    self.play.hand_in(self._case().id, point.code, self.clock())
            form = self.play.story.form
            values = {point.code: form[point.code] for point in points if point.kind.code == "field"}
            self.play.correct(self._case().id, notice.number, values, self.clock())
            yield from self._news()

    def _waits(self, notice: NoticeOut) -> bool:
        return any(task.item in notice.points and task.status.code == "correction" for task in self._case().tasks)

    def _news(self) -> Iterator[Beat]:
        """What happened since we last looked, as the applicant's timeline says it."""
        events = self.play.events(self._case().id, self.told, self.clock())
        self._saw(self.play.show(self._case().id, self.clock()))
        people = self.platform.world.catalogue.people
        for text, same in groupby(events, lambda event: sentence(event, self.play.plan, people)):
            *others, event = same
            self.told = event.seq
            if not is_idle_move(event):
                yield Beat("event", counted(text, len(others) + 1))
            if event.kind.code == "correction_served" and event.item is None:
                yield from self._notice(int(event.why or 0))

    def _notice(self, number: int) -> Iterator[Beat]:
        notice = next(one for one in self._case().notices if one.number == number)
        departments = {self.play.department(item) for item in notice.points}
        yield Beat(
            "good",
            Text(
                f"一份告知，合并 {len(departments)} 个部门的补正点，{notice.due_on} 前答复：",
                f"One notice for the points of {len(departments)} department(s), to be answered by {notice.due_on}:",
            ),
        )
        for item, points in notice.points.items():
            for point in points:
                yield Beat("line", Text(f"{item} · {point.name.zh}", f"{item} · {point.name.en}"))

    def _saw(self, case: ApplicationOut) -> None:
        self.case = case

    def _end(self) -> Iterator[Beat]:
        case, plan = self._case(), self.play.plan
        yield Beat("chapter", Text("结果", "The result"))
        yield Beat("good", Text(f"{case.status.zh}，{case.result.zh}。", f"{case.status.en}, {case.result.en}."))
        yield Beat("line", punctuality(plan.promised.on, self.clock().date()))
        for one in case.certificates:
            name: Bilingual = one.name
            yield Beat("line", Text(f"{name.zh}　{one.number}", f"{name.en}  {one.number}"))
        yield from self._looked_up()
        saved = plan.savings
        yield Beat(
            "good",
            Text(
                f"与逐件办理相比（示例数据）：填写 {saved.fields_before} → {saved.fields_typed} 项，"
                f"交材料 {saved.materials_before} → {saved.materials_uploaded} 份，"
                f"工作日 {saved.days_before} → {saved.days_after}，"
                f"跑动 {saved.visits_before} → {saved.visits_after} 次。",
                f"Against one by one (illustrative): fields {saved.fields_before} → {saved.fields_typed}, "
                f"papers {saved.materials_before} → {saved.materials_uploaded}, working days {saved.days_before} → "
                f"{saved.days_after}, visits {saved.visits_before} → {saved.visits_after}.",
            ),
        )
        if not self.play.replays(case.id):
            raise Stuck("the events do not give the stored state")
        text = (
            f"重放 {self.told} 条事件，得到的正是存储的状态。",
            f"Replaying {self.told} events gives exactly what is stored.",
        )
        yield Beat("good", Text(*text))

    def _looked_up(self) -> Iterator[Beat]:
        wish = LookUp(reference=self.codes[0], query_code=self.codes[1])
        found = self.platform.store.perform(partial(progress.look_up, self.platform.context(), wish=wish))
        if found is not None:
            yield Beat(
                "line",
                Text(
                    f"凭编号和查询码免登录查询：{found.status.zh}。",
                    f"Looked up without signing in, by number and code: {found.status.en}.",
                ),
            )
