"""Which columns are sealed at rest: everything people write or say of themselves, and every free text.

Plain stay what questions are asked by (ids, references, codes of accounts, departments, regions and items, statuses,
dates) and what holds no word of a person (counts, digests, promised days). An account's code stands for a person
without telling anything about them; who they are is known to the sign-in alone.

Whoever adds a table with such a column declares it here, and nothing else: sealing, opening, rotation and erasure
follow this one declaration.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.storage import (  # noqa: F401 - registers the tables named here
    certificate_tables,
    imprint_tables,
    matter_tables,
    offer_tables,
    paper_tables,
    register_tables,
    sharing_tables,
)
from app.storage.tables import table


@dataclass(frozen=True)
class Sealing:
    """The sealed columns of one table, each with what it holds once it is erased.

    ``owner`` is the column that names whose data key seals them; with ``through`` it names a row of that table, and
    the owner is that row's.
    """

    name: str
    blanks: Mapping[str, Any]
    owner: str = "application_id"
    through: str | None = None

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns of the primary key: a sealed value opens in its own row alone."""
        return tuple(column.name for column in table(self.name).primary_key.columns)


def _declared(*sealings: Sealing) -> dict[str, Sealing]:
    return {sealing.name: sealing for sealing in sealings}


SEALED: Mapping[str, Sealing] = _declared(
    Sealing(
        "application",
        {
            "answers": {},
            "form": {},
            "materials": [],
            "notices": [],
            "survey": None,
            "whole_wish": None,
            "whole_extension": None,
            "proxy": None,
            "joint": None,
            "had": {},
            "checked": {},
            "fallbacks": {},
            "disputes": {},
        },
        owner="id",
    ),
    Sealing(
        "task",
        {
            "reason": None,
            "points": [],
            "pauses": [],
            "opinions": [],
            "extension_wish": None,
            "announcements": [],
            "after_check": None,
            "steps": [],
        },
    ),
    Sealing("event", {"why": None, "changes": {}, "salt": None}),
    Sealing("credit_note", {"why": ""}),
    Sealing("matter", {"text": None, "reply": None, "evidence": []}),
    Sealing("matter_event", {"why": None, "changes": {}}, owner="matter_id", through="matter"),
    Sealing("rating", {"text": None, "addition": None}),
    Sealing("paper", {"content": {}}),
    Sealing("message", {"title_zh": "", "title_en": "", "body_zh": "", "body_en": ""}),
    Sealing("data_call", {"reason": None, "salt": None}),
    Sealing("consent", {"text_zh": "", "text_en": "", "digest": ""}),
    Sealing("imprint", {"salt": None}),
    Sealing("offer", {"reason": None}, owner="id"),
    Sealing("certificate_event", {"why": None}, owner="certificate"),
    Sealing("certificate_use", {"purpose": None}, owner="certificate"),
    Sealing("certificate_code", {"purpose": None}, owner="certificate"),
    Sealing("register_correction", {"value": ""}, owner="subject"),
)
