"""What an application had from registers: from where each value came, and which registers could not be used.

``had`` has an entry for a field exactly as long as the form shows the register's value: what somebody types wins, and
takes the entry away. A fallback says that data could not be had: what they were for is then typed or uploaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.vocabulary import Text, Word


@dataclass(frozen=True, slots=True)
class Had:
    """共享获取: one value, or one yes about a paper, as a register gave it at an instant. ``party`` may be several."""

    dataset: str
    holder: str
    element: str
    party: str
    at: datetime


class FallbackReason(Word):
    """Why data could not be had."""

    DOWN = "down", "数源暂时不可用", "the register does not answer"
    REFUSED = "refused", "未获准使用这项数据", "the use of these data was not allowed"
    EMPTY = "empty", "登记中没有这项记录", "the register has no such record"
    UNFIT = "unfit", "登记的内容不合填报要求", "what the register holds does not fit the form"
    UNKNOWN_PARTY = "unknown_party", "还不知道是谁的数据", "it is not known yet whose data these are"
    DISPUTED = "disputed", "本人认为数据有误", "the person says that the data are wrong"


@dataclass(frozen=True, slots=True)
class Fallback:
    """What was not to be had from one dataset about one party, since when, and the sentence that says why."""

    dataset: str
    party: str
    why: FallbackReason
    at: datetime
    detail: Text | None = None

    @property
    def sentence(self) -> Text:
        """Why, for people."""
        return self.detail or Text(f"{self.why.zh}。", f"{self.why.en[:1].upper()}{self.why.en[1:]}.")


@dataclass(frozen=True, slots=True)
class Dispute:
    """纠错: the person says that a value had from a register is wrong; the holder answers in the matter.

    ``subject`` is the blind index of whom the value was about that day, whoever takes that part later.
    """

    had: Had
    at: datetime
    matter: str
    subject: str


def fallback_key(dataset: str, party: str) -> str:
    """What a fallback is found by."""
    return f"{dataset}/{party}"


def paper_key(code: str) -> str:
    """What the fallback about one paper is found by."""
    return f"paper/{code}"


def merged(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """``before`` with the changed entries; None removes one."""
    both = {**before, **changes}
    return {key: value for key, value in both.items() if value is not None}
