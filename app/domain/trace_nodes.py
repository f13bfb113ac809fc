"""Reading a trace member by member, saying where it is when one is missing or of the wrong kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from app.domain.conditions import Facts
from app.domain.vocabulary import Text, Word

_W = TypeVar("_W", bound=Word)


class TraceError(ValueError):
    """A trace that cannot be replayed: ``at`` is where (JSON pointer, empty for the whole), ``message`` why."""

    def __init__(self, message: Text, at: str) -> None:
        """Keep the sentence in both languages."""
        super().__init__(f"{at or '/'}: {message.en}")
        self.message, self.at = message, at


@dataclass(frozen=True, slots=True)
class Node:
    """One object of the trace; ``at`` is its JSON pointer. Every method raises :class:`TraceError`."""

    data: object
    at: str

    def values(self) -> Facts:
        """The object as it is: what it holds is judged by whoever reads it."""
        if not isinstance(self.data, Mapping):
            raise _wrong(self.at, Text("对象", "an object"))
        return self.data

    def member(self, key: str) -> object:
        """The member, whatever it is."""
        values = self.values()
        if key not in values:
            raise TraceError(Text(f"缺少 {key}。", f"{key} is missing."), self.at)
        return values[key]

    def text(self, key: str) -> str:
        """A text."""
        value = self.member(key)
        if not isinstance(value, str):
            raise _wrong(f"{self.at}/{key}", Text("文字", "a text"))
        return value

    def maybe(self, key: str) -> str | None:
        """A text or null."""
        return None if self.member(key) is None else self.text(key)

    def number(self, key: str) -> int:
        """A whole number."""
        value = self.member(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise _wrong(f"{self.at}/{key}", Text("整数", "a whole number"))
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.member(key)
        if not isinstance(value, bool):
            raise _wrong(f"{self.at}/{key}", Text("真或假", "true or false"))
        return value

    def word(self, key: str, kind: type[_W]) -> _W:
        """One term of a closed list."""
        value = self.text(key)
        found = next((member for member in kind if member.value == value), None)
        if found is None:
            known = ", ".join(kind)
            raise _wrong(f"{self.at}/{key}", Text(f"以下之一：{known}", f"one of {known}"))
        return found

    def day(self, key: str) -> date:
        """A date, year first."""
        return _day(self.text(key), f"{self.at}/{key}")

    def node(self, key: str) -> "Node":
        """An object inside this one."""
        return Node(self.member(key), f"{self.at}/{key}")

    def nodes(self, key: str) -> list["Node"]:
        """A list of objects."""
        return [Node(value, f"{self.at}/{key}/{place}") for place, value in enumerate(self._list(key))]

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self._list(key)
        if not all(isinstance(value, str) for value in values):
            raise _wrong(f"{self.at}/{key}", Text("文字列表", "a list of texts"))
        return tuple(str(value) for value in values)

    def days(self, key: str) -> tuple[date, ...]:
        """A list of dates."""
        return tuple(_day(value, f"{self.at}/{key}") for value in self.texts(key))

    def _list(self, key: str) -> list[object]:
        value = self.member(key)
        if not isinstance(value, list | tuple):
            raise _wrong(f"{self.at}/{key}", Text("列表", "a list"))
        return list(value)


def _day(text: str, at: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _wrong(at, Text("日期（YYYY-MM-DD）", "a date (YYYY-MM-DD)")) from error


def _wrong(at: str, wanted: Text) -> TraceError:
    return TraceError(Text(f"这里应为{wanted.zh}。", f"This must be {wanted.en}."), at)
