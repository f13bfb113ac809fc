"""Every page that can be opened, with somebody who may, for the tests that hold for all of them.

``{name}`` in an address stands for something of :func:`prepared`. A part of the pages keeps its own list beside this
one and is added to :func:`everything`.
"""

from dataclasses import dataclass

from tests.doors import Doors


@dataclass(frozen=True)
class Listed:
    """One page: its address, and the account that opens it (None: nobody in particular)."""

    path: str
    who: str | None = None
    status: int = 200

    def __str__(self) -> str:
        return f"{self.path} {self.who or ''}".strip()


BASE = (
    Listed("/"),
    Listed("/sign-in"),
    Listed("/sign-in?q=nobody+of+this+name"),
    Listed("/regions"),
    Listed("/regions?at=330000"),
    Listed("/elder"),
    Listed("/style-guide"),
    Listed("/nowhere", status=404),
    Listed("/", "wang_owner"),
)


def everything() -> tuple[Listed, ...]:
    """Every page of every part."""
    from tests.web.listed_citizen import CITIZEN
    from tests.web.listed_datasets import DATASETS
    from tests.web.listed_lessons import TAUGHT
    from tests.web.listed_officials import OFFICIALS, OWN_DATA

    return BASE + CITIZEN + OFFICIALS + OWN_DATA + DATASETS + TAUGHT


def prepared(doors: Doors) -> dict[str, str]:
    """Things to look at: what ``{name}`` in an address stands for."""
    from tests.web.listed_citizen import prepared as prepared_citizen
    from tests.web.listed_datasets import prepared_datasets
    from tests.web.listed_lessons import prepared_lessons
    from tests.web.listed_officials import prepared_officials

    return {
        **prepared_citizen(doors),
        **prepared_officials(doors),
        **prepared_datasets(doors),
        **prepared_lessons(doors),
    }
