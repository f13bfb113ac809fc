"""``Prefer`` (RFC 7240): how much of an answer the caller wants."""

from typing import Annotated

from fastapi import Header

MINIMAL = "return=minimal"

Prefer = Annotated[
    str | None,
    Header(
        alias="Prefer",
        description=f"{MINIMAL}：只要结果，不看内容，也就不留查看记录。 / "
        f"{MINIMAL}: only that it is done; nothing is shown, so no look is put on record.",
        max_length=200,
        examples=[MINIMAL],
    ),
]


def wants_minimal(prefer: str | None) -> bool:
    """Whether the caller only wants to know that it is done. Preferences that are not known are passed over."""
    return any(each.partition(";")[0].replace(" ", "").lower() == MINIMAL for each in (prefer or "").split(","))
