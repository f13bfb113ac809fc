"""The demonstration's beginning: a few stories already under way, so that lists and inboxes are not empty.

Each story has a fixed Idempotency-Key: what has been begun once is never begun again, whatever people did with it
since, and two processes that seed at once begin it once. Stories are laid into the working days before now.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from app.domain.deadlines import BEIJING, Calendar
from app.domain.errors import InvalidInput, Refusal
from app.domain.vocabulary import Text
from app.schemas.tasks import Act, PointIn
from app.storage.queries import Reader
from app.usecases.platform import Platform
from app.usecases.play import Play

OFFICE_HOUR: Final = time(10)


@dataclass(frozen=True, slots=True)
class Seeded:
    """What became of one story. ``is_new`` is false when it had been begun before; ``problem`` says why it was not."""

    story: str
    state: Text
    is_new: bool
    problem: Text | None = None


class BegunElsewhere(Exception):
    """Another process is beginning the same story at this moment."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One application of a story; ``on`` turns "so many working days ago" into a moment."""

    play: Play
    made: str
    on: Callable[[int], datetime]

    def submitted(self, ago: int) -> str:
        """Submit, that many working days ago; the reference. Raises :class:`BegunElsewhere`."""
        receipt = self.play.submit(self.made, self.on(ago), f"seed-submit-{self.play.story.code}")
        if receipt.query_code is None:  # the code is given once: another process has submitted it and goes on
            raise BegunElsewhere
        return receipt.application.reference or ""

    def finished(self, reference: str, ago: int, *items: str) -> None:
        """Let these items be decided and delivered on that day."""
        for item in items:
            self.play.finish(reference, item, self.on(ago))

    def walked(self, reference: str, ago: int, steps: int, *items: str) -> None:
        """Take so many ordinary steps with each item on that day."""
        for item in items:
            for _ in range(steps):
                self.play.step(reference, item, self.on(ago))

    def pointed(self, reference: str, ago: int, item: str, field: str, reason: str) -> None:
        """Receive and post one correction point."""
        self.walked(reference, ago, 1, item)
        point = PointIn(kind="field", code=field, reason=reason)
        self.play.act(reference, item, Act(action="request_correction", points=[point]), self.on(ago))


def _catering(scene: Rehearsal) -> None:
    reference = scene.submitted(9)
    scene.walked(reference, 8, 2, "L0", "H1")
    scene.finished(reference, 7, "L0", "H1")
    scene.finished(reference, 6, "L1")
    scene.walked(reference, 4, 2, "X1", "T1", "P1")
    scene.pointed(reference, 4, "F1", "safety_mgr", "请写明食品安全管理员的姓名和证明编号。")
    scene.pointed(reference, 3, "S1", "sign_size", "店招尺寸请按“长×高×厚”填写，单位为米。")
    scene.walked(reference, 2, 1, "X1", "T1")


def _birth(scene: Rehearsal) -> None:
    reference = scene.submitted(5)
    scene.finished(reference, 4, "B1")
    scene.finished(reference, 3, "B2", "B3")
    scene.walked(reference, 2, 3, "B6")
    scene.walked(reference, 1, 2, "B7", "B4", "B5", "B9")


def _retire_simple(scene: Rehearsal) -> None:
    reference = scene.submitted(12)
    scene.walked(reference, 11, 3, "R1", "R9")
    scene.finished(reference, 8, "R1", "R9")
    scene.walked(reference, 7, 3, "R5")
    scene.finished(reference, 2, "R5")


def _retire_full(scene: Rehearsal) -> None:
    reference = scene.submitted(6)
    scene.finished(reference, 5, "R9")
    scene.walked(reference, 5, 3, "R1")
    why = "档案记载的特殊工种年限前后不一致，需组织专家评审；评审时间不计入办理时限。"
    wish = Act(action="begin_special", reason=why, procedure="expert_review", days=20)
    scene.play.act(reference, "R1", wish, scene.on(3))


def _catering_simple(scene: Rehearsal) -> None:
    reference = scene.submitted(7)
    scene.finished(reference, 6, "L1")
    scene.walked(reference, 5, 3, "F1")
    why = "现场核查发现加工区与就餐区没有分隔，不符合经营场所布局要求；整改后可以重新申请。"
    scene.play.refuse(reference, "F1", why, scene.on(3))
    scene.play.step(reference, "F1", scene.on(2))


def _nothing_more(_: Rehearsal) -> None:
    """A draft stays a draft."""


def _house_simple(scene: Rehearsal) -> None:
    scene.submitted(3)
    scene.play.withdraw(scene.made, "双方改期过户。", scene.on(2))


@dataclass(frozen=True, slots=True)
class Scene:
    """One story to begin: how many working days ago its draft was made, what happened since, and what one sees."""

    story: str
    ago: int
    state: Text
    run: Callable[[Rehearsal], object]


SCENES: Final[tuple[Scene, ...]] = (
    Scene(
        "catering_full", 10, Text("补正告知待回复，其他部门照常办理", "one merged notice open, others go on"), _catering
    ),
    Scene("birth_full", 6, Text("办理中，已出证", "in progress, with certificates"), _birth),
    Scene("retire_simple", 13, Text("全部办结", "finished"), _retire_simple),
    Scene("retire_full", 7, Text("特别程序，停表", "in a special procedure, clock stopped"), _retire_full),
    Scene("catering_simple", 8, Text("部分准予", "partly granted"), _catering_simple),
    Scene("startup_full", 2, Text("暂存", "draft"), _nothing_more),
    Scene(
        "utility_full", 2, Text("已申报，待收件", "submitted, waiting to be received"), lambda scene: scene.submitted(1)
    ),
    Scene("house_simple", 4, Text("已撤回", "withdrawn"), _house_simple),
)


def run(platform: Platform) -> list[Seeded]:
    """Begin every story that has not been begun; a second run changes nothing."""
    return [_begin(platform, scene) for scene in SCENES]


def _begin(platform: Platform, scene: Scene) -> Seeded:
    on = partial(working_days_before, platform.world.catalogue.calendar, platform.clock())
    key = f"seed-{scene.story}"
    try:
        play = Play.of(platform, scene.story, on(scene.ago))
        if platform.store.read(partial(_is_begun, account=play.story.applicant, key=key)):
            return Seeded(scene.story, scene.state, is_new=False)
        draft = play.create(on(scene.ago), key=key)
        scene.run(Rehearsal(play, draft.id, on))
    except BegunElsewhere:
        return Seeded(scene.story, scene.state, is_new=False)
    except Refusal as refusal:
        return Seeded(scene.story, scene.state, is_new=False, problem=_problem(refusal))
    return Seeded(scene.story, scene.state, is_new=True)


def _problem(refusal: Refusal) -> Text:
    faults = refusal.faults if isinstance(refusal, InvalidInput) else []
    details = [
        refusal.detail,
        *(Text(f"{one.pointer}：{one.detail.zh}", f"{one.pointer}: {one.detail.en}") for one in faults),
    ]
    return Text("".join(text.zh for text in details), " ".join(text.en for text in details))


def _is_begun(reader: Reader, account: str, key: str) -> bool:
    return reader.idempotency(account, key) is not None


def working_days_before(calendar: Calendar, now: datetime, count: int) -> datetime:
    """Ten in the morning, Beijing time, ``count`` working days before ``now``."""
    day: date = now.astimezone(BEIJING).date()
    while count > 0:
        day -= timedelta(days=1)
        count -= calendar.is_working(day)
    return datetime.combine(day, OFFICE_HOUR, BEIJING)
