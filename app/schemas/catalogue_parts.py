"""The parts of the catalogue, one line each, for whoever edits it."""

from pydantic import Field

from app.schemas.common import Bilingual, Out, Term


class PartOut(Out):
    """One part of the packs: a bundle, a question, an item, a material, a field, and so on."""

    kind: Term
    code: str = Field(examples=["premises_proof"])
    name: Bilingual
    note: Bilingual | None = Field(description="what it is, in a few words")
    used_by: list[str] = Field(description="codes of the items (of a question: of the bundle) that use it")
    sure: int = Field(description="statements marked as sourced")
    likely: int
    illustrative: int = Field(description="statements marked as illustrative; what has no mark is illustrative too")


class PartCountOut(Out):
    """How many parts of one kind there are."""

    kind: Term
    count: int


class PartsOut(Out):
    """The parts that were asked for, and how many there are of each kind that fits."""

    counts: list[PartCountOut]
    parts: list[PartOut]
    total: int = Field(description="how many fit, of which the first are listed")
