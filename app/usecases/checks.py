"""The linter's report on the packs this server runs on: read once more, from the files, and kept."""

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.vocabulary import ILLUSTRATIVE
from app.schemas.checks import PackChecksOut, PackFaultOut, PackRuleOut
from app.schemas.common import Bilingual, Term
from app.settings import Settings

if TYPE_CHECKING:
    from app.catalogue.rules import Rule


def report(settings: Settings) -> PackChecksOut:
    """Every fault of every kind with file and line. Blocks for some tenths of a second the first time."""
    return _report(tuple(settings.pack_folders), settings.builtin_packs)


@lru_cache(maxsize=4)
def _report(folders: tuple[Path, ...], is_builtin: bool) -> PackChecksOut:
    from app.catalogue import checks  # the linter and all that reads YAML: loaded when somebody asks for it

    found = checks.check(folders, include_builtin=is_builtin)
    per_rule = Counter(fault.code for fault in found.faults)
    return PackChecksOut(
        label=Bilingual.of(ILLUSTRATIVE),
        is_sound=found.is_sound,
        counts=dict(found.counts),
        rules=[_rule(rule, per_rule[rule.code]) for rule in checks.RULES],
        faults=[
            PackFaultOut(
                severity=fault.severity,
                code=fault.code,
                file=Path(fault.file).name or None,
                line=fault.line or None,
                path=fault.path,
                message=Bilingual.of(fault.message),
                hint=Bilingual.maybe(fault.hint),
            )
            for fault in found.faults
        ],
    )


def _rule(rule: "Rule", found: int) -> PackRuleOut:
    return PackRuleOut(
        number=rule.number, code=rule.code, title=Bilingual.of(rule.title), mark=Term.of(rule.mark), found=found
    )
