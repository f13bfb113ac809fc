"""Pictures worked out on the server: coordinates for the templates to draw as SVG, each with its table beside it.

Widths are counted in letters, a Chinese one as a full square; no text is measured, so boxes leave a little room.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from unicodedata import east_asian_width

from app.domain.vocabulary import Lang, Text
from app.schemas.applications import TaskLight
from app.schemas.catalogue import EdgeOut
from app.schemas.common import Bilingual
from app.schemas.plans import PlanOut, SavingsOut
from app.web.figures import short_day

SIZE = 15
"""Letter size of all drawings, in their own units."""
LANE_NAME, BOX_WIDTH, BOX_GAP, BOX_HEIGHT, ROW_GAP, PADDING = 156, 188, 40, 78, 12, 12
LETTERS, STATE_LETTERS = 11, 12
"""Full squares that fit a line of a box, and the smaller line under it."""
TALL_WIDTH, TALL_LEFT, TALL_TRUNK, TALL_BOX, TALL_HEAD, TALL_GAP = 344, 26, 10, 80, 28, 10
"""The upright picture: its width, where boxes and the line that joins them begin, and its heights."""
TALL_NAME, TALL_LINE = 17, 22
"""Full squares that fit the lines of an upright box: its name beside the lamp, and the smaller ones under it."""
NOT_YET = Text("还没轮到", "not yet its turn")


@dataclass(frozen=True, slots=True)
class Bar:
    """One measure before and after; widths are percent of the longest."""

    name: Text
    before: int
    after: int
    y: int
    before_width: float
    after_width: float


@dataclass(frozen=True, slots=True)
class Bars:
    """The chart of what a bundle saves."""

    bars: list[Bar]
    height: int


MEASURES = (
    (Text("填写项", "Fields to fill in"), "fields_before", "fields_typed"),
    (Text("提交材料", "Papers to hand in"), "materials_before", "materials_uploaded"),
    (Text("工作日", "Working days"), "days_before", "days_after"),
    (Text("跑动次数", "Visits"), "visits_before", "visits_after"),
    (Text("办事环节", "Steps"), "steps_before", "steps_after"),
)
BAR_ROW = 62


def savings(saved: SavingsOut) -> Bars:
    """Bars for every measure, each scaled by its own "before"."""
    bars = []
    for number, (name, before_name, after_name) in enumerate(MEASURES):
        before, after = getattr(saved, before_name), getattr(saved, after_name)
        longest = max(before, after, 1)
        bars.append(Bar(name, before, after, number * BAR_ROW, 100 * before / longest, 100 * after / longest))
    return Bars(bars, len(bars) * BAR_ROW)


@dataclass(frozen=True, slots=True)
class Box:
    """One item in its lane and stage. ``lines`` is its name, ``state`` stands under it, ``kind`` is its look."""

    item: str
    x: int
    y: int
    lines: list[str]
    state: str
    kind: str
    light: str
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Line:
    """From one box to the next, as an SVG path."""

    path: str
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One department's row."""

    lines: list[str]
    y: int
    height: int
    is_odd: bool


@dataclass(frozen=True, slots=True)
class TallBox:
    """One item of the upright picture. ``lines``: name, department, state."""

    y: int
    lines: tuple[str, str, str]
    kind: str
    light: str
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Upright:
    """The same picture for a narrow screen: the stages one below the other, the department within the box.

    ``stages``: number and top edge of every stage.
    """

    height: int
    stages: list[tuple[int, int]]
    boxes: list[TallBox]
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Lanes:
    """The whole picture."""

    width: int
    height: int
    lanes: list[Lane]
    boxes: list[Box]
    lines: list[Line]
    upright: Upright
    stages: list[tuple[int, int]] = field(default_factory=list)
    """Number and left edge of every stage."""
    box_width: int = BOX_WIDTH


@dataclass(frozen=True, slots=True)
class Step:
    """One item to be drawn."""

    item: str
    name: Bilingual
    department: Bilingual
    stage: int
    after: Sequence[EdgeOut]
    state: str
    due: date | None
    kind: str
    light: str
    is_critical: bool


def plan_lanes(plan: PlanOut, lang: Lang) -> Lanes:
    """A plan: who acts in which stage."""
    return lanes(
        [
            Step(
                item.code,
                item.short,
                item.routed.department.name,
                item.stage,
                item.after,
                "",
                item.promised_on,
                "planned",
                "off",
                item.is_critical,
            )
            for item in plan.items
        ],
        lang,
    )


KINDS = {
    "waiting": "waiting",
    "closed": "done",
    "not_accepted": "bad",
    "returned": "bad",
    "terminated": "bad",
    "withdrawn": "quiet",
    "correction": "asks",
}
"""Status of a task → look of its box; everything else is going on."""


def task_lanes(tasks: Iterable[TaskLight], lang: Lang) -> Lanes:
    """An application on its way."""
    steps = []
    for task in tasks:
        kind = _kind(task)
        state = NOT_YET if kind == "waiting" else task.verdict or task.status
        due = task.promised_due_on if kind in {"going", "asks"} else None
        steps.append(
            Step(
                task.item,
                task.short,
                task.department,
                task.stage,
                task.after,
                state.zh if lang == "zh" else state.en,
                due or (task.intake_due_on if kind == "going" else None),
                kind,
                task.light.light.code,
                task.is_critical,
            )
        )
    return lanes(steps, lang)


def _kind(task: TaskLight) -> str:
    if task.verdict is not None:
        return "done" if task.verdict.code == "granted" else "bad"
    return KINDS.get(task.status.code, "going")


def lanes(steps: Sequence[Step], lang: Lang) -> Lanes:
    """Rows are departments in the order they first act, columns are stages; boxes of one cell stand in a column."""
    rows: dict[str, list[Step]] = {}
    for step in steps:
        rows.setdefault(step.department.zh, []).append(step)
    drawn, boxes, y = [], [], 28
    for number, own in enumerate(rows.values()):
        tallest = 1
        placed: dict[int, int] = {}
        for step in own:
            place = placed.get(step.stage, 0)
            placed[step.stage] = place + 1
            tallest = max(tallest, place + 1)
            boxes.append(_box(step, y + PADDING + place * (BOX_HEIGHT + ROW_GAP), lang))
        height = 2 * PADDING + tallest * BOX_HEIGHT + (tallest - 1) * ROW_GAP
        name = own[0].department.zh if lang == "zh" else own[0].department.en
        drawn.append(Lane(wrapped(name, 10, 4), y, height, bool(number % 2)))
        y += height
    columns = 1 + max((step.stage for step in steps), default=0)
    width = LANE_NAME + columns * (BOX_WIDTH + BOX_GAP)
    stages = [(column + 1, _left(column)) for column in range(columns)]
    return Lanes(width, y + 4, drawn, boxes, _lines(steps, boxes), upright(steps, lang), stages)


def upright(steps: Sequence[Step], lang: Lang) -> Upright:
    """Stages from above to below; whatever follows something is joined to it at its left edge."""
    stages, boxes, tops, y = [], [], dict[str, int](), 0
    for stage in sorted({step.stage for step in steps}):
        stages.append((stage + 1, y))
        y += TALL_HEAD
        for step in (step for step in steps if step.stage == stage):
            tops[step.item] = y
            boxes.append(_tall(step, y, lang))
            y += TALL_BOX + TALL_GAP
    return Upright(y, stages, boxes, _joined(steps, tops))


def _tall(step: Step, y: int, lang: Lang) -> TallBox:
    name, department = (step.name.zh, step.department.zh) if lang == "zh" else (step.name.en, step.department.en)
    lines = wrapped(name, TALL_NAME, 1)[0], wrapped(department, TALL_LINE, 1)[0], _state(step, lang, TALL_LINE)
    return TallBox(y, lines, step.kind, step.light, step.is_critical)


def _joined(steps: Sequence[Step], tops: Mapping[str, int]) -> list[Line]:
    middle, critical = TALL_BOX // 2, {step.item for step in steps if step.is_critical}
    found = [
        Line(
            f"M{TALL_LEFT} {tops[code] + middle}H{TALL_TRUNK}V{tops[step.item] + middle}H{TALL_LEFT - 3}",
            {code, step.item} <= critical,
        )
        for step in steps
        for edge in step.after
        for code in edge.any_of
        if code in tops
    ]
    return sorted(found, key=lambda line: line.is_critical)


def _left(stage: int) -> int:
    return LANE_NAME + BOX_GAP // 2 + stage * (BOX_WIDTH + BOX_GAP)


def _box(step: Step, y: int, lang: Lang) -> Box:
    name = step.name.zh if lang == "zh" else step.name.en
    return Box(
        step.item,
        _left(step.stage),
        y,
        wrapped(name, LETTERS, 2),
        _state(step, lang),
        step.kind,
        step.light,
        step.is_critical,
    )


def _state(step: Step, lang: Lang, letters: int = STATE_LETTERS) -> str:
    """What it is doing and until when, cut to one line."""
    day = "" if step.due is None else short_day(step.due, lang)
    due = "" if not day else f"{day}前" if lang == "zh" else f"by {day}"
    return wrapped(" · ".join(part for part in (step.state, due) if part), letters, 1)[0]


def _lines(steps: Sequence[Step], boxes: Sequence[Box]) -> list[Line]:
    places = {box.item: box for box in boxes}
    found = []
    for step in steps:
        for edge in step.after:
            for code in edge.any_of:
                if code in places:
                    start, end = places[code], places[step.item]
                    x1, y1 = start.x + BOX_WIDTH, start.y + BOX_HEIGHT // 2
                    x2, y2 = end.x, end.y + BOX_HEIGHT // 2
                    bend = x2 - BOX_GAP // 2
                    is_critical = start.is_critical and end.is_critical
                    found.append(Line(f"M{x1} {y1}H{bend}V{y2}H{x2 - 4}", is_critical))
    return sorted(found, key=lambda line: line.is_critical)


def wrapped(text: str, letters: int, most: int) -> list[str]:
    """The text in lines of so many full squares, at word ends where there are any; the rest is cut with an ellipsis."""
    found, line, used = [], "", 0.0
    for piece in _pieces(text):
        width = sum(1.0 if east_asian_width(letter) in "WF" else 0.55 for letter in piece)
        if line and used + width > letters:
            found.append(line.strip())
            line, used = "", 0.0
        line, used = line + piece, used + width
    found.append(line.strip())
    if len(found) > most:
        found = [*found[: most - 1], found[most - 1].rstrip("，、· ") + "…"]
    return found


def _pieces(text: str) -> Iterable[str]:
    """Words with the space after them; Chinese letters one by one."""
    word = ""
    for letter in text:
        if east_asian_width(letter) in "WF":
            if word:
                yield word
            yield letter
            word = ""
        else:
            word += letter
            if letter in " -/":
                yield word
                word = ""
    if word:
        yield word
