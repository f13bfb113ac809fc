"""The order of a bundle's items (前置): it must have no cycle, or no plan could be made."""

from collections.abc import Iterable, Iterator, Mapping

from app.catalogue.documents import BundleDocument, EdgeDocument, PackDocument
from app.catalogue.faults import PackFault
from app.catalogue.objects import alternatives
from app.catalogue.sources import Sources
from app.domain.vocabulary import Text


def cycles(pack: PackDocument, sources: Sources) -> Iterator[PackFault]:
    """One error per bundle whose items wait for each other, naming the cycle."""
    for code, bundle in pack.bundles.items():
        found = cycle(_followers(bundle))
        if found:
            chain = " → ".join(found)
            yield sources.fault(
                "cycle",
                ("bundles", code, "items", found[-1], "after"),
                Text(f"前置关系成环：{chain}。", f"These items wait for each other: {chain}."),
                Text("请去掉其中一条前置。", "remove one of the edges"),
            )


def _followers(bundle: BundleDocument) -> dict[str, list[str]]:
    """item → the items that may have to wait for it, any-of edges counted like all others."""
    found: dict[str, list[str]] = {code: [] for code in bundle.items}
    for code, part in bundle.items.items():
        for written in part.after:
            names = alternatives(written.item if isinstance(written, EdgeDocument) else written)
            for before in (name for name in names if name in found):
                found[before].append(code)
    return found


def cycle(following: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The first cycle found, its first item repeated at the end; empty when there is none."""
    done: set[str] = set()
    for start in following:
        trail: list[str] = []
        branches: list[Iterator[str]] = [iter([start])]
        while branches:
            step = next(branches[-1], None)
            if step is None:
                branches.pop()
                if trail:
                    done.add(trail.pop())
            elif step in trail:
                return (*trail[trail.index(step) :], step)
            elif step not in done:
                trail.append(step)
                branches.append(iter(following[step]))
    return ()
