"""Rules about a bundle (一件事) as a whole: what is reachable, what is asked and what comes first."""

from collections.abc import Iterator
from typing import Final

from app.catalogue.build import Built
from app.catalogue.faults import Path
from app.catalogue.reach import eligible, reachable
from app.catalogue.rules import Finding, Findings, rule
from app.domain.catalogue import Bundle, Library
from app.domain.conditions import Condition, names
from app.domain.vocabulary import Text


@rule("B1", "unreachable", "每个事项、规则都有可能用到", "Every item and rule applies to somebody")
def all_reachable(built: Built) -> Findings:
    """Conditions that no answers make true: of items and eligibility errors, of anything else warnings."""
    for code, bundle in built.library.bundles.items():
        at: Path = ("bundles", code)
        if not eligible(bundle):
            yield Finding(
                (*at, "eligibility"), Text("没有任何人符合这些条件。", "Nobody at all meets these conditions.")
            )
            continue
        for path, condition in _conditions(bundle):
            if not reachable(bundle, condition):
                is_item = path[2] == "items" and len(path) == 5
                yield Finding(
                    path,
                    Text("无论怎样回答，这个条件都不成立。", "No answers make this condition true."),
                    None,
                    "error" if is_item else "warning",
                )


def _conditions(bundle: Bundle) -> Iterator[tuple[Path, Condition]]:
    """The conditions written inside a bundle, except eligibility."""
    at: Path = ("bundles", bundle.code)
    for name, part in bundle.items.items():
        yield (*at, "items", name, "when"), part.when
        for index, promise in enumerate(part.promises):
            yield (*at, "items", name, "promises", index, "when"), promise.when
    for index, entry in enumerate(bundle.not_needed):
        yield (*at, "not_needed", index, "when"), entry.when
    for name, question in bundle.questions.items():
        if question.when is not None:
            yield (*at, "questions", name, "when"), question.when


@rule("B2", "unused-question", "每个问题都决定些什么", "Every question decides something")
def all_questions_used(built: Built) -> Findings:
    """最小必要 (个人信息保护法 art. 6): what decides nothing is not asked."""
    if built.has_errors:
        return
    for code, bundle in built.library.bundles.items():
        used = _used_names(built, bundle)
        for name in bundle.questions:
            if name not in used:
                yield Finding(
                    ("bundles", code, "questions", name),
                    Text("这个问题不决定任何事，不必问。", "This question decides nothing: do not ask it."),
                    None,
                    "warning",
                )


def _used_names(built: Built, bundle: Bundle) -> set[str]:
    library = built.library
    used = {name for rule_ in bundle.eligibility for name in names(rule_.when)}
    used |= {name for _, condition in _conditions(bundle) for name in names(condition)}
    for code in bundle.items:
        item = library.items.get(code)
        if item is None:
            continue
        used |= {name for use in item.materials if use.when is not None for name in names(use.when)}
        specs = (library.fields[name] for name in item.fields if name in library.fields)
        used |= {spec.sources.derived.of or "" for spec in specs if spec.sources.derived is not None}
    return used


@rule("B3", "question-order", "问题只取决于前面的问题", "A question depends only on questions before it")
def questions_in_order(built: Built) -> Findings:
    """Otherwise nobody could answer them from top to bottom."""
    for code, bundle in built.library.bundles.items():
        order = list(bundle.questions)
        for place, (name, question) in enumerate(bundle.questions.items()):
            later = names(question.when) & set(order[place:]) if question.when is not None else frozenset()
            for other in sorted(later):
                message = Text(
                    f"取决于后面才问的“{other}”。" if other != name else "取决于它自己。",
                    f"It depends on “{other}”, which is asked later." if other != name else "It depends on itself.",
                )
                yield Finding(("bundles", code, "questions", name, "when"), message)


@rule("B4", "useless-source", "每个结果来源都用得上", "Every result that is a source can be one")
def sources_come_first(built: Built) -> Findings:
    """A result serves a field or material only when its item neither asks for it nor comes after one that does."""
    library = built.library
    if built.has_errors:
        return
    users = {
        "fields": {name: {c for c, item in library.items.items() if name in item.fields} for name in library.fields},
        "materials": {
            name: {c for c, item in library.items.items() if any(use.code == name for use in item.materials)}
            for name in library.materials
        },
    }
    results = {
        "fields": {name: spec.sources.results for name, spec in library.fields.items()},
        "materials": {name: spec.sources.results for name, spec in library.materials.items()},
    }
    for section, listed in results.items():
        for name, items in listed.items():
            for index, item in enumerate(items):
                if item in library.items and not _can_serve(library, item, users[section][name]):
                    yield Finding(
                        (section, name, "sources", "results", index),
                        Text(
                            f"“{item}”的结果到不了任何用到它的事项。",
                            f"The result of “{item}” comes too late for every item that asks for this.",
                        ),
                        Text(
                            "该事项自己也填报它、排在使用者之后，或不在同一个一件事里。",
                            "the item asks for it itself, comes after its users, or shares no bundle with them",
                        ),
                        "warning",
                    )


def _can_serve(library: Library, producer: str, users: set[str]) -> bool:
    """Whether in some bundle an item that asks for the value does not come before the item that would supply it."""
    if producer in users:
        return False
    for bundle in library.bundles.values():
        if producer in bundle.items and (users & set(bundle.items)) - _before(bundle, producer):
            return True
    return False


def _before(bundle: Bundle, item: str) -> set[str]:
    """Everything that comes before ``item``."""
    found: set[str] = set()
    waiting = [item]
    while waiting:
        part = bundle.items.get(waiting.pop())
        for name in (name for edge in part.after for name in edge.any_of) if part else ():
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


RULES: Final = (all_reachable, all_questions_used, questions_in_order, sources_come_first)
