"""What the linter says of the packs in force."""

from pydantic import Field

from app.schemas.common import Bilingual, Out, Term


class PackFaultOut(Out):
    """One fault with its place, and how to mend it."""

    severity: str = Field(examples=["warning"])
    code: str
    file: str | None
    line: int | None
    path: str
    message: Bilingual
    hint: Bilingual | None


class PackRuleOut(Out):
    """One rule that was followed, how well it is known, and how many faults it found."""

    number: str
    code: str
    title: Bilingual
    mark: Term
    found: int


class PackChecksOut(Out):
    """The linter's report."""

    label: Bilingual
    is_sound: bool = Field(description="no errors; there may be warnings")
    counts: dict[str, int] = Field(description="files and entries looked at, errors, warnings")
    rules: list[PackRuleOut]
    faults: list[PackFaultOut]
