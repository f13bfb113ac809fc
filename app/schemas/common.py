"""Shapes that every noun uses."""

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from app.domain.vocabulary import Text, Word

T = TypeVar("T")


class In(BaseModel):
    """What a caller sends: unknown members are refused, nothing is coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Out(BaseModel):
    """What a caller gets."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Bilingual(Out):
    """One text in Chinese and English."""

    zh: str
    en: str

    @classmethod
    def of(cls, text: Text) -> "Bilingual":
        """From a domain text."""
        return cls(zh=text.zh, en=text.en)

    @classmethod
    def maybe(cls, text: Text | None) -> "Bilingual | None":
        """From a domain text that may be missing."""
        return None if text is None else cls.of(text)


class Term(Out):
    """One word of a closed list: its code and its name in both languages."""

    code: str
    zh: str
    en: str

    @classmethod
    def of(cls, word: Word) -> "Term":
        """From a domain word."""
        return cls(code=word.value, zh=word.zh, en=word.en)

    @classmethod
    def maybe(cls, word: Word | None) -> "Term | None":
        """From a domain word that may be missing."""
        return None if word is None else cls.of(word)


class Known(Out):
    """How well a fact is known: 有据 / 可能 / 示例, and its source."""

    mark: Term
    source: Bilingual | None = None


class Page(Out, Generic[T]):
    """One page of a list. Pass ``next`` as ``cursor`` for the following page; null on the last."""

    entries: list[T]
    next: str | None = Field(None, description="cursor of the next page, null on the last page")


class FaultOut(Out):
    """One thing that is wrong at one place of what was sent."""

    pointer: str = Field(description="JSON Pointer (RFC 6901) into the request", examples=["/form/premises_area"])
    code: str = Field(examples=["missing"])
    detail: Bilingual


class Problem(BaseModel):
    """RFC 9457 problem details; ``type`` is a page that says what it means and what to do."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/problems/action-not-allowed"])
    title: str = Field(examples=["The state does not allow this action"])
    status: int = Field(examples=[409])
    detail: str
    instance: str = Field(description="request id, also in the log and in the X-Request-Id header")
    code: str = Field(examples=["action-not-allowed"])
    title_zh: str
    detail_zh: str
    errors: list[FaultOut] | None = None


Cursor = Annotated[str | None, Field(description="上一页的 next / ``next`` of the page before", max_length=200)]
