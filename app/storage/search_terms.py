"""Text as the search sees it: folded, cut into Han runs and words, with every position traced back to the original.

Folding makes what people type and what the catalogue says comparable: full-width and half-width are one, case and
accents disappear (``kāi`` is ``kai``), punctuation separates and is then dropped. Chinese has no spaces and its
commonest words have two characters, so Han text is compared by single characters and overlapping pairs (bigrams).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

TYPED_LIMIT = 256
"""Characters of a raw query that are looked at; the rest is ignored."""
PHRASE_LIMIT = 64
"""Characters of a folded query that are searched for."""
WORD_LIMIT = 8
"""Words of a query that are searched for."""
EDGE_LIMIT = 16
"""Longest beginning of a word that is indexed."""

_HAN = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]")
_FILLERS = re.compile(
    "请问|我想要|我想|我要|想要|需要|应该|可以|怎么样|怎么|怎样|如何|哪里|在哪|什么|多久|手续|流程|材料|一个|一家|一下|办理"
    "|[办个的了吗呢啊呀我想要]"
)
_STOP_WORDS = frozenset(
    {"a", "an", "and", "apply", "can", "do", "does", "for", "get", "have", "how", "i", "in", "is", "it", "me", "my"}
    | {"need", "of", "on", "or", "our", "please", "the", "to", "want", "we", "what", "where", "with", "you", "your"}
)


@lru_cache(maxsize=16384)
def is_han(char: str) -> bool:
    """Whether one folded character is a Chinese character."""
    return _HAN.match(char) is not None


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch ``[start, end)`` of folded text that is all Han, or one word of another script."""

    start: int
    end: int
    is_han: bool


@dataclass(frozen=True)
class Folded:
    """Folded text without separators.

    ``origins[i]`` is the index in the original string that ``text[i]`` came from, so a match can be marked there;
    ``starts`` are the places where a word may begin: every Han character and the first letter of every other word.
    """

    text: str
    origins: tuple[int, ...]
    runs: tuple[Run, ...]
    starts: frozenset[int]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words that are not Chinese, in order."""
        return tuple(self.text[run.start : run.end] for run in self.runs if not run.is_han)

    @property
    def han_runs(self) -> tuple[str, ...]:
        """The stretches of Chinese, in order."""
        return tuple(self.text[run.start : run.end] for run in self.runs if run.is_han)

    def find(self, phrase: str, *, after: int = 0) -> int:
        """The first place at or after ``after`` where ``phrase`` begins together with a word, or -1."""
        at = self.text.find(phrase, after)
        while at >= 0 and at not in self.starts:
            at = self.text.find(phrase, at + 1)
        return at


def fold(text: str) -> Folded:
    """Fold ``text``; empty when it holds no letter, digit or Chinese character."""
    letters: list[str] = []
    origins: list[int] = []
    runs: list[Run] = []
    joined = False  # whether the next letter continues the last run
    for index, original in enumerate(text):
        folded = _letters(original)
        joined = joined and (bool(folded) or unicodedata.combining(original) > 0)
        for char in folded:
            han = is_han(char)
            if joined and runs[-1].is_han == han:
                runs[-1] = Run(runs[-1].start, len(letters) + 1, han)
            else:
                runs.append(Run(len(letters), len(letters) + 1, han))
            letters.append(char)
            origins.append(index)
            joined = True
    return Folded("".join(letters), tuple(origins), tuple(runs), frozenset(_starts(runs)))


@lru_cache(maxsize=16384)
def _letters(original: str) -> str:
    """What one original character becomes: lower-case compatibility form, no accents, letters and digits only."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", original).casefold()))


def _starts(runs: Iterable[Run]) -> Iterator[int]:
    for run in runs:
        yield from range(run.start, run.end) if run.is_han else (run.start,)


def bigrams(han: str) -> tuple[str, ...]:
    """Overlapping pairs of a stretch of Chinese: 餐饮店 → 餐饮, 饮店."""
    return tuple(han[at : at + 2] for at in range(len(han) - 1))


def index_terms(text: Folded) -> set[str]:
    """Everything ``text`` can be found by: characters and pairs of Chinese, beginnings of other words.

    Pairs also span punctuation, because people leave out the 、 of 使用、营业.
    """
    terms = {edge for word in text.words for edge in edges(word)}
    terms.update(char for run in text.han_runs for char in run)
    terms.update(pair for pair in bigrams(text.text) if is_han(pair[0]) and is_han(pair[1]))
    return terms


def edges(word: str) -> tuple[str, ...]:
    """Every beginning of ``word``: tax → t, ta, tax."""
    return tuple(word[:end] for end in range(1, min(len(word), EDGE_LIMIT) + 1))


@dataclass(frozen=True)
class Query:
    """What somebody typed, folded and cut into stretches of Chinese and other words, ready to be compared.

    Without slots, because what follows from ``runs`` is asked for once per candidate and so is kept.
    """

    runs: tuple[str, ...]

    @cached_property
    def phrase(self) -> str:
        """Everything, joined."""
        return "".join(self.runs)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words that are not Chinese."""
        return tuple(run for run in self.runs if not is_han(run[0]))

    @cached_property
    def telling_words(self) -> tuple[str, ...]:
        """The words without "how", "to" and their like, unless the query has nothing else."""
        telling = tuple(word for word in self.words if word not in _STOP_WORDS)
        return telling if telling or self.han else self.words

    @cached_property
    def han(self) -> str:
        """All the Chinese, joined."""
        return "".join(run for run in self.runs if is_han(run[0]))

    @cached_property
    def pairs(self) -> tuple[str, ...]:
        """The distinct bigrams within each stretch of Chinese, in order."""
        return tuple(dict.fromkeys(pair for run in self.runs if is_han(run[0]) for pair in bigrams(run)))

    @cached_property
    def sound(self) -> str:
        """The whole query as pinyin without spaces, ü written u; empty unless it is all Latin letters and digits."""
        phrase = self.phrase
        return as_pinyin(phrase) if phrase.isascii() else ""


def as_pinyin(word: str) -> str:
    """Typed pinyin with every way to write ü made the same: lv, lyu and lü are all ``lu``."""
    word = "nu" + word[3:] if word.startswith("nyu") else word
    return word.replace("lyu", "lu").replace("lv", "lu").replace("nv", "nu")


def parse(typed: str) -> Query | None:
    """The query in ``typed``, bounded in length, or None when nothing in it can be searched for."""
    folded = fold(typed[:TYPED_LIMIT])
    return _query(folded.text[run.start : run.end] for run in folded.runs)


def core(query: Query) -> Query | None:
    """``query`` without what only makes it a request (我想, 怎么, how to); None when that leaves nothing or all."""
    kept = (_FILLERS.sub("", run) if is_han(run[0]) else run for run in query.runs if run not in _STOP_WORDS)
    found = _query(run for run in kept if run)
    return found if found != query else None


def _query(runs: Iterable[str]) -> Query | None:
    """A query of the runs that still fit the limits."""
    kept: list[str] = []
    room, words = PHRASE_LIMIT, WORD_LIMIT
    for run in runs:
        words -= not is_han(run[0])
        if room <= 0 or words < 0:
            break
        kept.append(run[:room])
        room -= len(run)
    return Query(tuple(kept)) if kept else None


def in_order(needle: str, text: str) -> bool:
    """Whether the characters of ``needle`` all occur in ``text`` in the same order: 社保 in 社会保险."""
    rest = iter(text)
    return all(char in rest for char in needle)


def spread(needle: str, text: str) -> int:
    """The fewest characters of ``text`` that hold ``needle`` in order, 0 if none do: 开饭店 takes 4 of 开小饭店."""
    starts = (at for at, char in enumerate(text) if needle.startswith(char))
    return min(filter(None, (_reach(needle, text, start) for start in starts)), default=0)


def _reach(needle: str, text: str, start: int) -> int:
    """How many characters from ``start`` it takes to meet all of ``needle`` in order; 0 when the text ends before."""
    at = start - 1
    for char in needle:
        at = text.find(char, at + 1)
        if at < 0:
            return 0
    return at - start + 1


def one_slip_apart(typed: str, word: str) -> bool:
    """Whether the two differ by at most one letter added, left out, changed or swapped with its neighbour."""
    if abs(len(typed) - len(word)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), min(len(typed), len(word)))
    mine, other = typed[at:], word[at:]
    swapped = mine[1::-1] == other[:2] and mine[2:] == other[2:]
    return swapped or mine[1:] == other[1:] or mine[1:] == other or mine == other[1:]
