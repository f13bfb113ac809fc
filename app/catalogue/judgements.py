"""What must hold between entries for a pack to load at all: no override beyond the law, no double, no empty shell."""

from collections.abc import Iterator, Sequence
from typing import Final

from app.catalogue.documents import FieldDocument, ItemDocument, PackDocument, QuestionDocument
from app.catalogue.faults import PackFault, Path, clipped, did_you_mean
from app.catalogue.sources import Sources
from app.domain.catalogue import Derivation, Limit
from app.domain.derivations import RULES
from app.domain.vocabulary import FieldKind, QuestionKind, Text, TimeUnit

_NEEDS_OF: Final = frozenset({"answer", "field"})


def exceeds(promised: Limit, statutory: Limit) -> bool:
    """Whether a promise may end after the statutory limit. Five working days take a week of calendar days."""
    weight = {TimeUnit.WORKING_DAY: 7, TimeUnit.CALENDAR_DAY: 5}
    return promised.days * weight[promised.unit] > statutory.days * weight[statutory.unit]


def said(limit: Limit) -> Text:
    """``10 个工作日`` / ``10 working days``."""
    return Text(f"{limit.days} 个{limit.unit.zh}", f"{limit.days} {limit.unit.en}")


def judgements(pack: PackDocument, sources: Sources) -> Iterator[PackFault]:
    """Every error of the kind."""
    yield from _overrides(pack, sources)
    yield from _line_numbers(pack, sources)
    for code, field in pack.fields.items():
        yield from _field(("fields", code), field, sources)
    for code, item in pack.items.items():
        yield from _doubles(("items", code), item, sources)
        yield from _strangers(("items", code), item, sources)
    for code, bundle in pack.bundles.items():
        for name, question in bundle.questions.items():
            yield from _question(("bundles", code, "questions", name), question, sources)
    yield from _derivations(pack, sources)
    yield from _braces(pack, sources)


def _overrides(pack: PackDocument, sources: Sources) -> Iterator[PackFault]:
    seen: dict[tuple[str, str], int] = {}
    for index, override in enumerate(pack.overrides):
        path: Path = ("overrides", index)
        first = seen.setdefault((override.item, override.region), index)
        if first != index:
            _, place = sources.locate(("overrides", first))
            message = Text(
                f"该地该事项已在 {place} 改过。", f"This item in this region is overridden at {place} already."
            )
            yield sources.fault("defined-twice", path, message, Text("请合并为一处。", "make it one"))
        item = pack.items.get(override.item)
        if item is None or override.promised is None or item.statutory is None:
            continue
        if exceeds(override.promised, item.statutory):
            own, law = said(override.promised), said(item.statutory)
            message = Text(
                f"承诺时限 {own.zh}超过法定时限 {law.zh}。",
                f"The promise of {own.en} is longer than the statutory limit of {law.en}.",
            )
            hint = Text("各地只能比法律更快。", "a region may only be faster than the law")
            yield sources.fault("promise-above-statute", (*path, "promised", "days"), message, hint)


def _line_numbers(pack: PackDocument, sources: Sources) -> Iterator[PackFault]:
    seen: dict[int, str] = {}
    for code, line in pack.lines.items():
        first = seen.setdefault(line.serial, code)
        if first != code:
            message = Text(
                f"编号 {line.serial} 已用于“{first}”。", f"The serial {line.serial} is already that of “{first}”."
            )
            yield sources.fault("serial-twice", ("lines", code, "serial"), message)


def _field(path: Path, field: FieldDocument, sources: Sources) -> Iterator[PackFault]:
    if field.kind in {FieldKind.CHOICE, FieldKind.CHOICES} and not field.options:
        yield _empty(path, "options", sources)
    if field.kind is FieldKind.TABLE and not field.columns:
        yield _empty(path, "columns", sources)
    yield from _range(path, field.minimum, field.maximum, sources)


def _question(path: Path, question: QuestionDocument, sources: Sources) -> Iterator[PackFault]:
    if question.type in {QuestionKind.ENUM, QuestionKind.MULTI} and not question.options:
        yield _empty(path, "options", sources)
    yield from _range(path, question.minimum, question.maximum, sources)


def _range(path: Path, low: float | None, high: float | None, sources: Sources) -> Iterator[PackFault]:
    if low is not None and high is not None and low > high:
        yield sources.fault(
            "wrong-range", (*path, "minimum"), Text("最小值大于最大值。", "The minimum is above the maximum.")
        )


def _empty(path: Path, name: str, sources: Sources) -> PackFault:
    return sources.fault(
        "missing", path, Text(f"缺少“{name}”，无从选择。", f"“{name}” is missing: there is nothing to fill in.")
    )


def _strangers(path: Path, item: ItemDocument, sources: Sources) -> Iterator[PackFault]:
    """What is only verified must be one of the item's own fields."""
    for index, value in enumerate(item.verified):
        if value not in item.fields:
            name = clipped(value)
            message = Text(f"“{name}”不在本事项的 fields 里。", f"“{name}” is not among the item's fields.")
            yield sources.fault("not-its-field", (*path, "verified", index), message, did_you_mean(value, item.fields))


def _doubles(path: Path, item: ItemDocument, sources: Sources) -> Iterator[PackFault]:
    lists: dict[str, Sequence[str]] = {
        "fields": item.fields,
        "needs_data": item.needs_data,
        "verified": item.verified,
    }
    for name, values in lists.items():
        for index, value in enumerate(values):
            if value in values[:index]:
                message = Text(f"“{clipped(value)}”重复列出。", f"“{clipped(value)}” is listed twice.")
                yield sources.fault("listed-twice", (*path, name, index), message)


def _derivations(pack: PackDocument, sources: Sources) -> Iterator[PackFault]:
    for code, field in pack.fields.items():
        derived = field.sources.derived
        if derived is None:
            continue
        path: Path = ("fields", code, "sources", "derived")
        if derived.rule not in RULES:
            message = Text(f"没有计算规则“{clipped(derived.rule)}”。", f"There is no rule “{clipped(derived.rule)}”.")
            yield sources.fault("unknown-rule", (*path, "rule"), message, did_you_mean(derived.rule, RULES))
        elif derived.rule in _NEEDS_OF and not derived.of:
            yield sources.fault("missing", path, Text("缺少“of”。", "“of” is missing."))
        elif derived.rule == "text" and derived.text is None:
            yield sources.fault("missing", path, Text("缺少“text”。", "“text” is missing."))
        elif derived.rule == "answer":
            yield from _answers(code, derived, pack, sources)


def _answers(code: str, derived: Derivation, pack: PackDocument, sources: Sources) -> Iterator[PackFault]:
    """Every bundle that asks for the field must ask the question its value comes from."""
    for bundle in pack.bundles.values():
        uses = any(code in pack.items[name].fields for name in bundle.items if name in pack.items)
        if uses and derived.of not in bundle.questions:
            name = clipped(derived.of or "")
            message = Text(
                f"“{bundle.name.zh}”没有问题“{name}”。", f"“{bundle.name.en}” does not ask the question “{name}”."
            )
            path: Path = ("fields", code, "sources", "derived", "of")
            yield sources.fault("unresolved", path, message, did_you_mean(name, bundle.questions))


def _braces(pack: PackDocument, sources: Sources) -> Iterator[PackFault]:
    """``{region}`` is the only thing that may stand in braces where a region's name is filled in."""
    places: list[tuple[Path, Text]] = []
    for code, line in pack.lines.items():
        places += [(("lines", code, "body_names", level.value), name) for level, name in line.body_names.items()]
    for code, item in pack.items.items():
        places += [(("items", code, "place"), item.place), (("items", code, "hours"), item.hours)]
    for index, override in enumerate(pack.overrides):
        places += [(("overrides", index, "place"), override.place)] if override.place else []
        places += [(("overrides", index, "hours"), override.hours)] if override.hours else []
    for path, text in places:
        for lang, written in (("zh", text.zh), ("en", text.en)):
            if set("{}") & set(written.replace("{region}", "")):
                message = Text("花括号里只能写 {region}。", "Only {region} may stand in braces here.")
                yield sources.fault("wrong-braces", (*path, lang), message)
