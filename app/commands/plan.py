"""``plan``: a personal plan at the terminal, by questions, by answers given, or from a worked example."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands import world as opened
from app.commands.terminal import JsonOption, SpeechOption, Terminal, WrongUsage, terminal_of
from app.domain.vocabulary import Text

if TYPE_CHECKING:
    from app.schemas.plans import PlanOut
    from app.usecases.context import Context
    from app.usecases.world import World

BUNDLE = Text("一件事", "bundle")
STORY = Text("示例故事", "story")


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    bundle: str | None
    region: str | None
    answers: str | None
    single: list[str]
    story: str | None
    on: date | None

    @property
    def has_answers(self) -> bool:
        """Whether answers were given, so that nothing is asked."""
        return bool(self.story or self.single) or self.answers is not None


def plan(
    context: typer.Context,
    bundle: Annotated[str | None, typer.Argument(help="一件事的代码，如 catering · Code of a bundle")] = None,
    region: Annotated[str | None, typer.Option("--region", help="区划代码，如 330802 · Region code")] = None,
    answers: Annotated[str | None, typer.Option("--answers", help="答案：JSON 或 @文件 · JSON, or @file")] = None,
    answer: Annotated[
        list[str] | None, typer.Option("--answer", help="问题=答案，可重复 · key=value, repeatable")
    ] = None,
    story: Annotated[str | None, typer.Option("--story", help="用示例故事的答案 · Answers of a worked example")] = None,
    on: Annotated[str | None, typer.Option("--on", help="假定这天申报 · As if submitted on this date")] = None,
    trace: Annotated[bool, typer.Option("--trace", help="与 --json 同用：附判断过程 · With --json: the trace")] = False,
    as_json: JsonOption = False,
    _lang: SpeechOption = None,
) -> None:
    """回答几个问题，得到个性化办事方案 · Answer a few questions, get a personal plan."""
    from app.usecases.context import Context
    from app.usecases.platform import office_clock, open_world

    terminal = terminal_of(context)
    wish = Wish(bundle, region, answers, answer or [], story, _day(on))
    if trace and not as_json:
        raise WrongUsage(Text("--trace 要和 --json 一起用。", "--trace goes with --json."))
    if not wish.has_answers and (as_json or not terminal.can_ask):
        raise WrongUsage(
            Text(
                "这里不能提问：请用 --story、--answers 或 --answer 给出答案。",
                "Nobody can be asked here: give answers with --story, --answers or --answer.",
            )
        )
    in_force = opened.settings()
    door = Context(open_world(in_force), office_clock())
    if not as_json:
        terminal.label()
    found = Planning(terminal, door, wish, in_force.default_region).result(with_trace=trace)
    if as_json:
        terminal.json(found.model_dump(mode="json"))
        return
    from app.commands.plan_view import PlanView

    PlanView(terminal, found, door.world.library).show()


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise WrongUsage(Text("--on 须是日期，例如 2026-03-12。", "--on is a date, such as 2026-03-12.")) from None


class Planning:
    """From the wish to the plan: names checked, answers gathered, the same preview as every door."""

    def __init__(self, terminal: Terminal, context: "Context", wish: Wish, default_region: str) -> None:
        self._terminal, self._context, self._wish = terminal, context, wish
        world = context.world
        if wish.story is not None:
            opened.known(wish.story, STORY, world.catalogue.stories)
        if wish.bundle is not None:
            opened.known(wish.bundle, BUNDLE, world.library.bundles)
        self._story = world.catalogue.stories[wish.story] if wish.story else None
        place = wish.region or (self._story.region if self._story else default_region)
        self._region = opened.known_region(place, world.catalogue.regions)
        self._bundle = self._chosen(world)

    def _chosen(self, world: "World") -> str:
        if self._story is not None:
            if self._wish.bundle not in {None, self._story.bundle}:
                text = Text(
                    f"故事 {self._story.code} 属于 {self._story.bundle}，不属于 {self._wish.bundle}。",
                    f"The story {self._story.code} is of {self._story.bundle}, not of {self._wish.bundle}.",
                )
                raise WrongUsage(text)
            return self._story.bundle
        if self._wish.bundle is not None:
            return self._wish.bundle
        if self._wish.has_answers or not self._terminal.can_ask:
            names = ", ".join(world.library.bundles)
            raise WrongUsage(Text(f"请说明是哪个一件事：{names}。", f"Say which bundle: {names}."))
        return self._picked(world)

    def _picked(self, world: "World") -> str:
        bundles = list(world.library.bundles.values())
        for number, bundle in enumerate(bundles, 1):
            self._terminal.out.print(f"{number}. {self._terminal.word(bundle.name)}  {bundle.code}")
        typed = self._terminal.read(self._terminal.word(Text("办哪一件？ > ", "Which one? > "))).strip()
        if typed.isascii() and typed.isdigit() and 1 <= int(typed[:4]) <= len(bundles):
            return bundles[int(typed[:4]) - 1].code
        from app.usecases.safety import refuse_real_numbers

        refuse_real_numbers(typed)
        return opened.known(typed, BUNDLE, world.library.bundles)

    def result(self, *, with_trace: bool) -> "PlanOut":
        """The plan for the answers given or asked for."""
        from app.commands.plan_answers import Interview

        answers = self._given()
        if not self._wish.has_answers:
            bundle = self._context.world.bundle(self._bundle)
            answers = Interview(self._terminal, bundle, self._preview).run(answers)
        return self._preview(answers, with_trace=with_trace)

    def _given(self) -> dict[str, Any]:
        from app.commands.plan_answers import read_answers, single_answers

        found: dict[str, Any] = {}
        if self._story is not None:
            found |= {
                code: list(value) if isinstance(value, tuple) else value for code, value in self._story.answers.items()
            }
        if self._wish.answers is not None:
            found |= read_answers(self._wish.answers)
        return found | single_answers(self._wish.single, self._context.world.bundle(self._bundle))

    def _preview(self, answers: Mapping[str, Any], *, with_trace: bool = False) -> "PlanOut":
        from app.schemas.plans import PlanRequest
        from app.usecases import catalogue

        request = PlanRequest(region=self._region, answers=dict(answers), on=self._wish.on)
        return catalogue.preview(self._context, self._bundle, request, with_trace=with_trace)
