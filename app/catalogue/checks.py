"""The linter: everything wrong with packs in one pass, the faults that stop loading and those of the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.catalogue import (
    bundle_rules,
    data_rules,
    dataset_rules,
    entry_rules,
    field_rules,
    guide_rules,
    hall_rules,
    offer_rules,
    register_rules,
    story_rules,
    wallet_rules,
    wording_rules,
)
from app.catalogue.build import Built
from app.catalogue.faults import PackFault
from app.catalogue.loader import read
from app.catalogue.rules import Rule

RULES: Final[tuple[Rule, ...]] = (
    *guide_rules.RULES,
    *entry_rules.RULES,
    *field_rules.RULES,
    *bundle_rules.RULES,
    *wording_rules.RULES,
    *story_rules.RULES,
    *wallet_rules.RULES,
    *hall_rules.RULES,
    *dataset_rules.RULES,
    *data_rules.RULES,
    *register_rules.RULES,
    *offer_rules.RULES,
)
"""Every rule, the twelve of the service guides first."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the linter found. ``counts`` says how much was looked at: files, each section, errors, warnings."""

    faults: tuple[PackFault, ...]
    counts: Mapping[str, int]

    @property
    def is_sound(self) -> bool:
        """No errors; there may be warnings."""
        return not any(fault.is_error for fault in self.faults)


def check(folders: Sequence[Path] = (), include_builtin: bool = True) -> Report:
    """Read packs and report every fault of every kind; never raises for what an author wrote.

    Rules run on whatever is sound, so one broken entry hides nothing about the others.
    """
    return report(read(folders, include_builtin=include_builtin))


def report(built: Built) -> Report:
    """The report on packs that were already read."""
    found = {*built.faults, *(fault for rule in RULES for fault in rule.faults(built))}
    faults = tuple(sorted(found))
    wrong = sum(fault.is_error for fault in faults)
    sections = {name: len(entries) for name, entries in built.sources.sections.items() if name != "item_defaults"}
    counts = {"files": len(built.sources.files), **sections, "errors": wrong, "warnings": len(faults) - wrong}
    return Report(faults, counts)
