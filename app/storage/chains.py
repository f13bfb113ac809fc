"""Events bound into the chain of their case, as rows."""

from collections.abc import Sequence

from app.domain.proof import Sealing, chain
from app.storage.changes import Row


def chained(sealing: Sealing, case: Row, rows: Sequence[Row]) -> tuple[list[Row], Row]:
    """New event rows of the case whose row is given, bound after its newest one, and what its own row then holds of
    the chain."""
    start, links = chain(sealing, case, rows)
    bound = [
        {**row, "salt": link.salt.hex(), "digest": link.digest.hex(), "link": link.link.hex()}
        for row, link in zip(rows, links, strict=True)
    ]
    head = {"chain": bound[-1]["link"]}
    return bound, head if case["chain"] is not None else {**head, "person": start.person, "origin": start.origin}
