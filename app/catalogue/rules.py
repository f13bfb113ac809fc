"""What a lint rule is: a number, a title, how well it is known, and the function that finds what breaks it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from app.catalogue.build import Built
from app.catalogue.documents import ItemDocument
from app.catalogue.faults import PackFault, Path, Severity, dotted
from app.domain.vocabulary import Mark, Text


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found at ``path``."""

    path: Path
    message: Text
    hint: Text | None = None
    severity: Severity = "error"


Findings: TypeAlias = Iterator[Finding]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``number`` is that of the list a Zhejiang city ran on its service guides, or a letter and a number
    for the rules of this app; ``code`` is the code of its faults; ``mark`` says how well the rule itself is known."""

    number: str
    code: str
    title: Text
    mark: Mark
    run: Callable[[Built], Findings]

    def faults(self, built: Built) -> Iterator[PackFault]:
        """Everything in the pack that breaks the rule, with its file and line."""
        for found in self.run(built):
            shown, place = built.sources.locate(found.path)
            yield PackFault(found.severity, self.code, place.file, place.line, dotted(shown), found.message, found.hint)


def rule(
    number: str, code: str, zh: str, en: str, mark: Mark = Mark.ILLUSTRATIVE
) -> Callable[[Callable[[Built], Findings]], Rule]:
    """Make the function that follows a rule over the whole pack."""

    def make(run: Callable[[Built], Findings]) -> Rule:
        return Rule(number, code, Text(zh, en), mark, run)

    return make


def item_rule(
    number: str, code: str, zh: str, en: str, mark: Mark = Mark.ILLUSTRATIVE
) -> Callable[[Callable[[Path, ItemDocument], Findings]], Rule]:
    """Make the function that follows a rule about one item, given its path."""

    def make(look: Callable[[Path, ItemDocument], Findings]) -> Rule:
        def run(built: Built) -> Findings:
            for name, item in built.pack.items.items():
                yield from look(("items", name), item)

        return Rule(number, code, Text(zh, en), mark, run)

    return make
