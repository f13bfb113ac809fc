"""Where a value or a paper comes from, given the items that are in the plan.

The order is always: result of another item → shared data → what the system can make → the applicant. What one chosen
item puts out is never asked again as input of another; when the item that would put it out is not chosen, the next
source takes over (数据多跑路).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.catalogue import FieldSources, MaterialSources
from app.domain.vocabulary import Means, Source, Text

Ancestors = Mapping[str, frozenset[str]]
"""item → every item that must come before it in this plan."""


@dataclass(frozen=True, slots=True)
class FieldSource:
    """How a field is had; ``origin`` is the item's, dataset's or rule's code."""

    source: Source
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class MaterialSource:
    """How a material is had; ``origin`` is the item's, certificate type's or dataset's code.

    ``because`` says to the applicant why no certificate stands for it, where the plan would take one.
    """

    means: Means
    origin: str | None = None
    because: Text | None = None


def producer(results: Iterable[str], users: Iterable[str], ancestors: Ancestors) -> str | None:
    """The chosen item whose result serves all users: not itself a user, and not after one of them."""
    users = tuple(users)
    for item in results:
        before = ancestors.get(item)
        if before is not None and item not in users and before.isdisjoint(users):
            return item
    return None


def field_source(sources: FieldSources, users: Iterable[str], ancestors: Ancestors) -> FieldSource:
    """The best source of a field; ``ancestors`` has exactly the chosen items as keys."""
    if sources.results and (item := producer(sources.results, users, ancestors)):
        return FieldSource(Source.RESULT, item)
    if sources.dataset:
        return FieldSource(Source.SHARED, sources.dataset)
    if sources.derived:
        return FieldSource(Source.DERIVED, sources.derived.rule)
    return FieldSource(Source.TYPED)


def material_source(sources: MaterialSources, users: Iterable[str], ancestors: Ancestors) -> MaterialSource:
    """The best means for a material; ``ancestors`` has exactly the chosen items as keys."""
    if sources.results and (item := producer(sources.results, users, ancestors)):
        return MaterialSource(Means.RESULT, item)
    if sources.certificate or sources.dataset:
        return MaterialSource(Means.SHARED, sources.certificate or sources.dataset)
    if sources.generated:
        return MaterialSource(Means.GENERATED)
    if sources.commitment:
        return MaterialSource(Means.COMMITMENT)
    return MaterialSource(Means.UPLOAD)
