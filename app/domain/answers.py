"""Answers to guiding questions: checked, put in order, and freed of answers to questions that are not asked."""

from collections.abc import Mapping
from difflib import get_close_matches

from app.domain.catalogue import Bundle, Question
from app.domain.conditions import Value, evaluate
from app.domain.errors import Fault, InvalidInput
from app.domain.vocabulary import QuestionKind, Text


def accept(bundle: Bundle, raw: Mapping[str, object], *, at: str = "/answers") -> dict[str, Value]:
    """The answers that count, in the order of the questions.

    ``raw`` maps question codes to bool, number, option or list of options; None means not answered. An answer to a
    question that is not asked for these answers is dropped: it must not decide anything. Raises
    :class:`InvalidInput` with every fault, pointers below ``at``.
    """
    faults = [_unknown(bundle, code, at) for code in raw if code not in bundle.questions]
    checked: dict[str, Value] = {}
    for code, question in bundle.questions.items():
        value = raw.get(code)
        if value is None:
            continue
        answer = _checked(question, value)
        if isinstance(answer, Text):
            faults.append(Fault(f"{at}/{code}", "wrong-answer", answer))
        else:
            checked[code] = answer
    if faults:
        raise InvalidInput(faults)
    return relevant(bundle, checked)


def relevant(bundle: Bundle, answers: Mapping[str, Value]) -> dict[str, Value]:
    """The answers whose question is asked, judged in the order of the questions."""
    kept: dict[str, Value] = {}
    for code, question in bundle.questions.items():
        if code in answers and (question.when is None or evaluate(question.when, kept) is not False):
            kept[code] = answers[code]
    return kept


def open_questions(bundle: Bundle, answers: Mapping[str, Value]) -> tuple[str, ...]:
    """The questions that are asked and not yet answered, in order; a question waits for the ones its ``when`` names."""
    return tuple(
        code
        for code, question in bundle.questions.items()
        if code not in answers and (question.when is None or evaluate(question.when, answers) is True)
    )


def _unknown(bundle: Bundle, code: str, at: str) -> Fault:
    near = get_close_matches(code, bundle.questions, n=1)
    hint_zh, hint_en = (f"您是否想写“{near[0]}”？", f' Did you mean "{near[0]}"?') if near else ("", "")
    return Fault(
        f"{at}/{code[:80].replace('~', '~0').replace('/', '~1')}",
        "unknown-question",
        Text(f"“{bundle.name.zh}”没有这个问题。{hint_zh}", f"{bundle.name.en} has no such question.{hint_en}"),
    )


def _checked(question: Question, value: object) -> Value | Text:
    match question.kind:
        case QuestionKind.BOOL:
            return (
                value
                if isinstance(value, bool)
                else Text("请回答是或否（true / false）。", "Answer yes or no (true or false).")
            )
        case QuestionKind.NUMBER:
            return _number(question, value)
        case QuestionKind.ENUM:
            if isinstance(value, str) and value in question.type.options:
                return value
            return _one_of(question)
        case _:
            if isinstance(value, list | tuple) and all(
                isinstance(v, str) and v in question.type.options for v in value
            ):
                return tuple(option for option in question.type.options if option in value)
            return _some_of(question)


def _number(question: Question, value: object) -> Value | Text:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) == float("inf"):
        return Text("请填写数字。", "Enter a number.")
    low, high = question.minimum, question.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        return _between(low, high)
    return value


def _between(low: float | None, high: float | None) -> Text:
    """What the number may be, said of the bounds there are."""
    least, most = ("" if bound is None else f"{bound:.10g}" for bound in (low, high))
    if low is None:
        return Text(f"请填写不大于 {most} 的数字。", f"Enter a number, {most} at most.")
    if high is None:
        return Text(f"请填写不小于 {least} 的数字。", f"Enter a number, {least} or more.")
    return Text(f"请填写 {least} 到 {most} 之间的数字。", f"Enter a number from {least} to {most}.")


def _one_of(question: Question) -> Text:
    options = question.type.options
    return Text("请从以下选项中选一个：" + "、".join(options), "Choose one of: " + ", ".join(options))


def _some_of(question: Question) -> Text:
    options = question.type.options
    return Text(
        "请给出一个列表，只包含以下选项：" + "、".join(options),
        "Give a list that holds only these options: " + ", ".join(options),
    )
