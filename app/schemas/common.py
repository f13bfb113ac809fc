"""Shapes that every noun uses."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.domain.deadlines import BEIJING
from app.domain.vocabulary import Text, Word
from app.schemas.keepable import refuse_unkeepable

T = TypeVar("T")


Instant = Annotated[datetime, AfterValidator(lambda at: at.astimezone(BEIJING))]
"""An instant as everybody reads it: in the office's time zone, whichever way it was stored."""


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written_as_a_day(value: object) -> object:
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise PydanticCustomError("date_type", "Input should be a date such as 2026-03-16")


Day = Annotated[date, Field(strict=False), BeforeValidator(_written_as_a_day)]
"""A date as the caller writes it, ``2026-03-16``: no number of seconds and no instant is taken for one."""


class In(BaseModel):
    """What a caller sends: unknown members are refused, nothing is coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _can_be_kept(cls, value: object) -> object:
        refuse_unkeepable(value)
        return value


class Out(BaseModel):
    """What a caller gets."""

    model_config = ConfigDict(from_attributes=True, frozen=True, defer_build=True)


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
        """From a domain word; there are a few hundred, and an answer holds dozens."""
        return _term(word)

    @classmethod
    def maybe(cls, word: Word | None) -> "Term | None":
        """From a domain word that may be missing."""
        return None if word is None else cls.of(word)


@lru_cache(maxsize=None, typed=True)  # words of different lists may be written alike
def _term(word: Word) -> Term:
    return Term(code=word.value, zh=word.zh, en=word.en)


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

    model_config = ConfigDict(extra="allow", defer_build=True)

    type: str = Field(examples=["/problems/action-not-allowed"])
    title: str = Field(examples=["The state does not allow this action"])
    status: int = Field(examples=[409])
    detail: str
    instance: str = Field(description="request id, also in the log and in the X-Request-Id header")
    code: str = Field(examples=["action-not-allowed"])
    title_zh: str
    detail_zh: str
    errors: list[FaultOut] | None = Field(None, description="invalid-input: every place to mend")
    action: str | None = Field(None, description="action-not-allowed: what was asked for")
    state: str | None = Field(None, description="action-not-allowed: the status of the task or application")
    allowed: list[str] | None = Field(None, description="action-not-allowed: what the asker may do now")
    missing: list[str] | None = Field(None, description="action-not-allowed: materials a grant still waits for")
    dependants: list[str] | None = Field(None, description="action-not-allowed: items that wait for this one")
    open_notices: list[int] | None = Field(None, description="action-not-allowed: notices that can be answered")
    owed: list[str] | None = Field(None, description="action-not-allowed: fields still to be brought, when any are")
    open: list[dict[str, str | None]] | None = Field(None, description="action-not-allowed: what may be rated now")
    matter: str | None = Field(None, description="action-not-allowed: id of the open matter about the same")
    earliest: str | None = Field(None, description="action-not-allowed: first day the clock may be set to")
    questions: list[str] | None = Field(None, description="questions-open: questions to answer first")
    reasons: list[Bilingual] | None = Field(None, description="not-eligible: why, and where to go instead")
    roles: list[str] | None = Field(None, description="not-allowed: roles that may")
    pointer: str | None = Field(None, description="real-identity-refused: the place, never the number")
    kind: str | None = Field(None, description="real-identity-refused: what the number looks like")
    region: str | None = Field(None, description="no-authority: the region that was looked at")
    level: str | None = Field(None, description="no-authority: the level of region that is needed")
    line: str | None = Field(None, description="no-authority: the branch that has no body there")
    law: Bilingual | None = Field(None, description="must-be-kept: the law that demands it")
    retain_until: str | None = Field(None, description="must-be-kept: last day it is kept; null while the case runs")
    retry_after: int | None = Field(None, description="too-many-requests: seconds to wait, also in Retry-After")


Cursor = Annotated[str | None, Field(description="上一页的 next / ``next`` of the page before", max_length=200)]
