"""Answers from the command line or the keyboard, turned into what the rules take: yes or no, a number, an option."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any, Final

from app.commands.terminal import Terminal, WrongUsage
from app.domain.catalogue import Bundle, Question
from app.domain.conditions import names
from app.domain.errors import RealIdentity
from app.domain.vocabulary import QuestionKind, Text
from app.schemas.plans import PlanOut
from app.usecases.safety import refuse_real_numbers

YES: Final = frozenset({"yes", "y", "true", "1", "是", "有", "对", "t"})
NO: Final = frozenset({"no", "n", "false", "2", "否", "没有", "不", "不是", "无", "f"})
SEPARATORS: Final = str.maketrans({"，": ",", "、": ",", "；": ",", ";": ","})


def read_answers(raw: str) -> dict[str, Any]:
    """A JSON object, or ``@file`` that holds one. Raises :class:`WrongUsage`."""
    if raw.startswith("@"):
        try:
            raw = Path(raw[1:]).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise _not_json() from None
    try:
        found = json.loads(raw, parse_constant=_refused, parse_float=_finite)
    except (ValueError, RecursionError):
        raise _not_json() from None
    if not isinstance(found, dict):
        raise _not_json()
    return found


def _refused(name: str) -> float:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _finite(text: str) -> float:
    return found if isfinite(found := float(text)) else _refused(text)


def _not_json() -> WrongUsage:
    return WrongUsage(
        Text(
            '--answers 须是 JSON 对象，例如 {"area": 320}；或 @文件。',
            '--answers is a JSON object, such as {"area": 320}; or @file.',
        )
    )


def single_answers(given: Sequence[str], bundle: Bundle) -> dict[str, Any]:
    """``key=value`` pairs, the values read as their questions want them. Raises :class:`WrongUsage`."""
    found: dict[str, Any] = {}
    for pair in given:
        code, equals, value = pair.partition("=")
        if not equals or not code.strip():
            raise WrongUsage(
                Text(
                    "--answer 的写法是 问题=答案，例如 area_m2=320。",
                    "--answer is written key=value, such as area_m2=320.",
                )
            )
        question = bundle.questions.get(code.strip())
        found[code.strip()] = value if question is None else read_answer(question, value)
    return found


def read_answer(question: Question, typed: str) -> Any:
    """What was typed as the question's kind of value; typed text that fits nothing is returned as it is, for the rules
    to refuse in their words."""
    text = typed.strip()
    match question.kind:
        case QuestionKind.BOOL:
            folded = text.casefold()
            return True if folded in YES else False if folded in NO else text
        case QuestionKind.NUMBER:
            return _number(text)
        case QuestionKind.ENUM:
            return _option(question, text)
        case _:
            return [_option(question, part.strip()) for part in text.translate(SEPARATORS).split(",") if part.strip()]


def _number(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        found = float(text)
    except ValueError:
        return text
    return found if isfinite(found) else text


def _option(question: Question, text: str) -> str:
    """An option by its code, its place in the list (from 1), or its name in either language."""
    options = list(question.type.options)
    if text in options:
        return text
    if text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= len(options):
        return options[int(text[:4]) - 1]
    folded = text.casefold()
    named = (code for code, name in question.type.options.items() if folded in {name.zh.casefold(), name.en.casefold()})
    return next(named, text)


Preview = Callable[[Mapping[str, Any]], PlanOut]


class Interview:
    """Asks the questions of one bundle, one after the other, as far as the answers so far lead to them."""

    def __init__(self, terminal: Terminal, bundle: Bundle, preview: Preview) -> None:
        self._terminal, self._bundle, self._preview = terminal, bundle, preview

    def run(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Ask what is open; Enter leaves a question open. What the rules refuse is asked again."""
        found, skipped = dict(answers), set[str]()
        terminal = self._terminal
        terminal.say(Text("逐题回答；回车跳过，? 看说明。", "Answer one by one; Enter leaves open, ? explains."), "dim")
        while (question := self._next(found, skipped)) is not None:
            typed = terminal.read(self._prompt(question)).strip()
            if not typed:
                skipped.add(question.code)
            elif typed in {"?", "？"}:
                self._explain(question)
            else:
                self._take(question, typed, found)
        return found

    def _next(self, answers: Mapping[str, Any], skipped: set[str]) -> Question | None:
        plan = self._preview(answers)
        code = next((code for code in plan.open_questions if code not in skipped), None)
        return None if code is None else self._bundle.questions[code]

    def _take(self, question: Question, typed: str, found: dict[str, Any]) -> None:
        from app.domain.answers import accept
        from app.domain.errors import InvalidInput

        try:
            refuse_real_numbers(typed)
            value = read_answer(question, typed)
            accept(self._bundle, {question.code: value})
        except RealIdentity as refusal:
            self._terminal.say(refusal.detail, "yellow")
        except InvalidInput as refusal:
            for fault in refusal.faults:
                self._terminal.say(fault.detail, "yellow")
        else:
            found[question.code] = value

    def _prompt(self, question: Question) -> str:
        word = self._terminal.word
        unit = question.type.unit
        shown = "" if unit is None else word(Text(f"（{unit.zh}）", f" ({unit.en})"))
        lines = [f"\n{word(question.ask)}{shown}"]
        lines += [f"  {number}. {choice}" for number, choice in enumerate(self._choices(question), 1)]
        return "\n".join([*lines, f"{word(question.kind)} > "])

    def _choices(self, question: Question) -> list[str]:
        if question.kind is QuestionKind.BOOL:
            return [self._terminal.word(Text("是", "yes")), self._terminal.word(Text("否", "no"))]
        return [self._terminal.word(name) for name in question.type.options.values()]

    def _explain(self, question: Question) -> None:
        if question.hint is not None:
            self._terminal.say(question.hint, "cyan")
        used = list(_decided_by(question.code, self._bundle))
        items = "、".join(used), ", ".join(used)
        if used:
            self._terminal.say(Text(f"用于判断：{items[0]}。", f"It decides: {items[1]}."), "cyan")
        elif question.hint is None:
            self._terminal.say(Text("这道题没有更多说明。", "There is no more to say about it."), "cyan")


def _decided_by(code: str, bundle: Bundle) -> Iterator[str]:
    """Items whose rule asks for the answer."""
    for item in bundle.items.values():
        if code in names(item.when) or any(code in names(rule.when) for rule in item.promises):
            yield item.item
