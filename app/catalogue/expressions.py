"""Conditions of a pack: parsed where they stand, then held against the questions of the bundle that uses them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from app.catalogue.faults import PackFault, Path
from app.catalogue.sources import Sources
from app.domain.catalogue import Bundle, ServiceItem
from app.domain.conditions import Condition, ConditionSyntaxError, Constant, FactType, check, parse
from app.domain.vocabulary import QuestionKind, Text


@dataclass(slots=True)
class Expressions:
    """Every condition of a pack by its path. Call it to parse; what cannot be parsed counts as ``true`` thereafter."""

    sources: Sources
    faults: list[PackFault] = field(default_factory=list)
    written: dict[Path, str] = field(default_factory=dict)
    parsed: dict[Path, Condition] = field(default_factory=dict)

    def __call__(self, source: str, path: Path) -> Condition:
        """The condition that ``source`` at ``path`` stands for."""
        try:
            condition = parse(source)
        except ConditionSyntaxError as error:
            self.faults.append(self._fault("condition-syntax", path, error.message, error.column + 1))
            return Constant(True)
        self.written[path], self.parsed[path] = source, condition
        return condition

    def hold_against(self, bundle: Bundle, items: Mapping[str, ServiceItem]) -> None:
        """Check every condition the bundle uses, its own and its items', against its questions."""
        types = {code: question.type for code, question in bundle.questions.items()}
        for path in self._paths_of(bundle, items):
            self._check(path, _of_offer(path, bundle) or types, bundle)

    def _paths_of(self, bundle: Bundle, items: Mapping[str, ServiceItem]) -> Iterator[Path]:
        for path in self.parsed:
            is_own = path[:2] == ("bundles", bundle.code)
            is_of_item = path[0] == "items" and path[1] in bundle.items and path[1] in items
            if is_own or is_of_item:
                yield path

    def _check(self, path: Path, types: Mapping[str, FactType], bundle: Bundle) -> None:
        for found in check(self.parsed[path], types):
            message = found.message
            if path[0] == "items":
                message = Text(f"在“{bundle.name.zh}”中：{message.zh}", f"In “{bundle.name.en}”: {message.en}")
            column = _column(self.written[path], found.name)
            self.faults.append(self._fault(f"condition-{found.code}", path, message, column))

    def _fault(self, code: str, path: Path, message: Text, column: int) -> PackFault:
        said = message
        if "字符" not in message.zh:
            said = Text(f"{message.zh}（第 {column} 个字符）", f"{message.en} [character {column}]")
        return replace(self.sources.fault(code, path, said), column=column)


def _of_offer(path: Path, bundle: Bundle) -> dict[str, FactType] | None:
    """The facts an offer's own condition is about: each a yes or a no. None for any other condition."""
    if path[0] != "bundles" or path[-2:] != ("offer", "when"):
        return None
    offer = bundle.items[str(path[3])].offer
    facts = offer.facts if offer is not None else {}
    return {
        name: FactType(QuestionKind.BOOL, fact.label, yes=fact.label, no=fact.label) for name, fact in facts.items()
    }


def _column(source: str, name: str | None) -> int:
    """Where the name first stands in the condition, counted from 1."""
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", source) if name else None
    return found.start() + 1 if found else 1
