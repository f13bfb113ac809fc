"""Rules about data that are shared: what a dataset holds, whose they are, and how they answer a question."""

from collections.abc import Iterator, Mapping
from typing import Final

from app.catalogue.build import Built
from app.catalogue.data_documents import AnswerDocument, PartyWayDocument
from app.catalogue.documents import BundleDocument, FieldDocument, PackDocument, QuestionDocument
from app.catalogue.faults import Path, clipped, did_you_mean
from app.catalogue.rules import Finding, Findings, rule
from app.domain.catalogue import APPLICANT, EXISTS
from app.domain.parties import split
from app.domain.vocabulary import FieldKind, Mark, QuestionKind, Text

NUMBERS: Final = frozenset({FieldKind.ID_NUMBER, FieldKind.USCC})
"""Kinds of elements and fields that say who somebody is."""

_SIMPLE: Final[Mapping[QuestionKind, type | tuple[type, ...]]] = {
    QuestionKind.BOOL: bool,
    QuestionKind.NUMBER: (int, float),
    QuestionKind.ENUM: str,
}


@rule("G1", "one-source", "一数一源：一个数据项只有一个权威来源", "One element has one authoritative source", Mark.SURE)
def one_source(built: Built) -> Findings:
    """浙江省公共数据条例: of several datasets with one element, one is the source and the others are copies of it."""
    sources: dict[str, str] = {}
    kinds: dict[str, tuple[str, FieldKind]] = {}
    for code, dataset in built.pack.datasets.items():
        for name, element in dataset.elements.items():
            at: Path = ("datasets", code, "elements", name)
            first = sources.setdefault(name, code) if element.authority else code
            if first != code:
                message = Text(
                    f"“{name}”的权威来源已是“{first}”。", f"“{name}” has its authoritative source in “{first}” already."
                )
                yield Finding(at, message, Text("副本请写 authority: false。", "write authority: false for a copy"))
            other, kind = kinds.setdefault(name, (code, element.kind))
            if kind is not element.kind:
                message = Text(f"与“{other}”的类型不同（{kind.zh}）。", f"In “{other}” it is of the kind {kind.value}.")
                yield Finding((*at, "kind"), message)


@rule("G2", "element", "共享来源的数据项存在，说明是谁的", "A shared source names an element, and whose it is")
def shared_sources(built: Built) -> Findings:
    """A field names an element its dataset has, and its party is one of every bundle that asks for it."""
    pack = built.pack
    for code, field in pack.fields.items():
        sources, at = field.sources, ("fields", code, "sources")
        if sources.dataset is None:
            continue
        yield from _element(pack, at, sources.dataset, sources.element or code)
        yield from _of_every_bundle(pack, (*at, "party"), sources.party, _asking(pack, "fields", code))
    for code, material in pack.materials.items():
        if material.sources.dataset is not None:
            at = ("materials", code, "sources")
            yield from _of_every_bundle(pack, (*at, "party"), material.sources.party, _asking(pack, "materials", code))


@rule("G3", "party", "当事人找得到", "Every party can be found")
def parties_found(built: Built) -> Findings:
    """Each way says exactly one thing, and what it points to is there and is a number."""
    for code, bundle in built.pack.bundles.items():
        for name, party in bundle.parties.items():
            at: Path = ("bundles", code, "parties", name)
            if party.guardian is not None:
                yield from _party(bundle, (*at, "guardian"), party.guardian)
            for index, way in enumerate(party.found_by):
                yield from _way(built.pack, bundle, (*at, "found_by", index), way)
            for index, way in enumerate(party.shown_by):
                yield from _way(built.pack, bundle, (*at, "shown_by", index), way)
                yield from _shown(name, (*at, "shown_by", index), way)


@rule("G4", "answer", "能由数据回答的问题写明怎样回答", "A question that data can answer says how")
def answers_fit(built: Built) -> Findings:
    """Its element exists, its party is of the bundle, the answers are ones the question takes, and one item may ask."""
    for code, bundle in built.pack.bundles.items():
        for name, question in bundle.questions.items():
            at: Path = ("bundles", code, "questions", name)
            if question.dataset is None or question.answer is None:
                if (question.dataset is None) is not (question.answer is None):
                    message = Text("dataset 与 answer 要一起写。", "dataset and answer go together.")
                    yield Finding(at, message)
                continue
            yield from _answer(built.pack, bundle, at, question, question.answer)


def _asking(pack: PackDocument, section: str, code: str) -> Iterator[str]:
    """The bundles in which some item asks for the field or the material."""
    for name, bundle in pack.bundles.items():
        items = [pack.items[item] for item in bundle.items if item in pack.items]
        if any(code in getattr(item, section) for item in items):
            yield name


def _element(pack: PackDocument, at: Path, dataset: str, name: str) -> Findings:
    found = pack.datasets.get(dataset)
    if found is None or name == EXISTS or name in found.elements:
        return
    message = Text(f"“{dataset}”没有数据项“{clipped(name)}”。", f"“{dataset}” has no element “{clipped(name)}”.")
    yield Finding((*at, "element"), message, did_you_mean(name, found.elements))


def _of_every_bundle(pack: PackDocument, at: Path, written: str, bundles: Iterator[str]) -> Findings:
    for name in bundles:
        yield from _party(pack.bundles[name], at, written)


def _party(bundle: BundleDocument, at: Path, written: str) -> Findings:
    for code in split(written):
        if code != APPLICANT and code not in bundle.parties:
            message = Text(
                f"“{bundle.name.zh}”没有当事人“{clipped(code)}”。",
                f"“{bundle.name.en}” has no party “{clipped(code)}”.",
            )
            yield Finding(at, message, did_you_mean(code, [APPLICANT, *bundle.parties]))


def _way(pack: PackDocument, bundle: BundleDocument, at: Path, way: PartyWayDocument) -> Findings:
    said = [way.applicant, way.field is not None, way.party is not None, way.record_of is not None, way.dataset]
    if sum(map(bool, said)) != 1 or (way.dataset is None) is not (way.element is None):
        message = Text(
            "请写且只写一种：applicant、field、party、record_of，或 dataset 加 element。",
            "Say exactly one: applicant, field, party, record_of, or dataset with element.",
        )
        yield Finding(at, message)
    for part in ("party", "record_of", "of", "other_than"):
        if (written := getattr(way, part)) is not None:
            yield from _party(bundle, (*at, part), written)
    if way.field is not None:
        field = pack.fields.get(way.field)
        is_sound = all(item in pack.items for item in bundle.items)
        is_asked = way.field in _fields(pack, bundle) or not is_sound
        if field is None or not is_asked or _kind(field, way.column) not in NUMBERS:
            message = Text(
                "须是本一件事里填写证件号码或信用代码的字段。", "It must be a field of the bundle that holds a number."
            )
            yield Finding((*at, "field"), message, did_you_mean(way.field, _fields(pack, bundle)))
    if way.dataset is not None and way.element is not None:
        yield from _element(pack, at, way.dataset, way.element)
        element = pack.datasets[way.dataset].elements.get(way.element) if way.dataset in pack.datasets else None
        if element is not None and element.kind not in NUMBERS:
            yield Finding((*at, "element"), Text("该数据项不是号码。", "The element does not hold a number."))


def _kind(field: FieldDocument, column: str | None) -> FieldKind | None:
    """What stands in the field, or in one column of its table."""
    if column is None:
        return field.kind
    return next((each.kind for each in field.columns if each.code == column), None)


def _shown(party: str, at: Path, way: PartyWayDocument) -> Findings:
    if way.dataset is None or way.of not in {APPLICANT, party}:
        message = Text(
            "须是数据资源里的号码，查申请人的记录或者该当事人自己的记录。",
            "It must be a number that a dataset holds about the applicant, or about the party itself.",
        )
        yield Finding(at, message)


def _fields(pack: PackDocument, bundle: BundleDocument) -> dict[str, None]:
    return {name: None for item in bundle.items if item in pack.items for name in pack.items[item].fields}


def _answer(
    pack: PackDocument, bundle: BundleDocument, at: Path, question: QuestionDocument, answer: AnswerDocument
) -> Findings:
    dataset = question.dataset or ""
    yield from _party(bundle, (*at, "answer", "party"), answer.party)
    if answer.exists is None:
        yield from _element(pack, (*at, "answer"), dataset, answer.element)
    if not any(dataset in pack.items[item].needs_data for item in bundle.items if item in pack.items):
        message = Text(
            f"没有一个事项需要“{dataset}”，不能为此调用。",
            f"No item of the bundle needs “{dataset}”: nobody may ask for it.",
        )
        yield Finding((*at, "dataset"), message)
    modes = [answer.exists is not None, bool(answer.map), answer.days_since, answer.at_least, answer.years]
    if sum(mode is not None and mode is not False for mode in modes) > 1:
        yield Finding((*at, "answer"), Text("只能写一种回答方式。", "Say one way of answering only."))
    is_yes = answer.exists is not None or answer.at_least is not None or answer.years is not None
    outcomes = [*answer.map.values(), *([True] if is_yes else []), *([0] if answer.days_since else [])]
    outcomes += [] if answer.otherwise is None else [answer.otherwise]
    if not all(_fits(question, outcome) for outcome in outcomes):
        yield Finding((*at, "answer"), Text("答案不是这个问题的答案。", "It is not an answer that the question takes."))
    if len(split(answer.party)) > 1 and question.type is not QuestionKind.BOOL:
        message = Text("只有是否题能问几个人。", "Only a yes-or-no question can be about several parties.")
        yield Finding((*at, "answer", "party"), message)


def _fits(question: QuestionDocument, outcome: object) -> bool:
    if question.type is QuestionKind.ENUM:
        return outcome in question.options
    wanted = _SIMPLE.get(question.type)
    return wanted is not None and isinstance(outcome, wanted) and (wanted is bool or not isinstance(outcome, bool))


RULES: Final = (one_source, shared_sources, parties_found, answers_fit)
