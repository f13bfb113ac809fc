"""How well one document answers one query, and where to mark it.

The inverted index only proposes; this module judges. Relevance comes in tiers that never overlap, then by how much of
the query is covered, then by how prominent the document is (一件事 above items above questions, times its weight), then
by how much of the title the query is.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from app.domain.vocabulary import Lang, Text
from app.storage.search_pinyin import Spoken, is_whole, places_of, spoken
from app.storage.search_terms import Folded, Query, as_pinyin, bigrams, fold, in_order, one_slip_apart, spread

Kind = Literal["bundle", "item", "question"]
Span = tuple[int, int]
"""Start and end of a stretch of a title, counted in characters (code points), the end not included."""

KINDS: tuple[Kind, ...] = ("bundle", "item", "question")
_NO_TEXT = Text("", "")
_PROMINENCE = {"bundle": 4.0, "item": 2.0, "question": 1.0}
_TOLERATED = 0.5
"""Share of the query a document must cover to be found at all, when it does not hold all of it."""


class Tier(IntEnum):
    """Why a document was found, best last."""

    SOME = 2  # enough of the query to forgive a slip or a longer way to say it
    MENTIONED = 3  # the query speaks of the title or of one of its keywords among other things
    ALL = 4  # every pair and word, not side by side
    CONTAINS = 5
    PREFIX = 6
    EXACT = 7


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found. ``keywords`` are the everyday words for it (开饭店, "open a restaurant")."""

    kind: Kind
    code: str
    title: Text
    body: Text = _NO_TEXT
    keywords: tuple[str, ...] = ()
    weight: float = 1.0

    def __post_init__(self) -> None:
        """Raises ValueError for a weight that cannot be ranked by and for a kind that does not exist."""
        if not (math.isfinite(self.weight) and self.weight >= 0):
            raise ValueError(f"the weight of {self.kind} {self.code} must be 0 or more, not {self.weight}")
        if self.kind not in KINDS:
            raise ValueError(f"{self.code} has the kind {self.kind!r}; write one of {', '.join(KINDS)}")


@dataclass(frozen=True, slots=True)
class Highlights:
    """The stretches of the title to mark, in order and apart from each other, for each language."""

    zh: tuple[Span, ...] = ()
    en: tuple[Span, ...] = ()

    def say(self, lang: Lang) -> tuple[Span, ...]:
        """The stretches of the title in the language asked for."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well a document matches: the tier, the share of the query covered (0–1), the keyword if that is why."""

    tier: Tier
    coverage: float
    keyword: str | None = None


@dataclass(frozen=True, slots=True)
class Face:
    """A document folded for comparison."""

    document: SearchDocument
    zh: Folded
    en: Folded
    body: Folded
    body_words: tuple[str, ...]
    keywords: tuple[Folded, ...]
    code: str

    @property
    def words(self) -> frozenset[str]:
        """The words of other scripts in title and keywords."""
        return frozenset(word for text in (self.zh, self.en, *self.keywords) for word in text.words)

    def readings(self) -> Iterator[Spoken]:
        """How the title and the keywords sound."""
        yield spoken(self.document.title.zh)
        yield from map(spoken, self.document.keywords)


def face(document: SearchDocument) -> Face:
    """Fold everything of ``document`` that is compared."""
    return Face(
        document=document,
        zh=fold(document.title.zh),
        en=fold(document.title.en),
        body=(body := fold(document.body.zh)),
        body_words=(*body.words, *fold(document.body.en).words),
        keywords=tuple(map(fold, document.keywords)),
        code=fold(document.code).text,
    )


def judge(seen: Face, query: Query) -> Verdict | None:
    """The best reason ``seen`` matches ``query``, or None. A keyword is the reason only when the title is no better."""
    found = max(_reasons(seen, query), key=_strength, default=None)
    if found and found.tier >= Tier.CONTAINS:
        return found
    return max(filter(None, (found, _partly(seen, query))), key=_strength, default=None)


def _strength(verdict: Verdict) -> tuple[int, float]:
    return verdict.tier, verdict.coverage


def score(verdict: Verdict, document: SearchDocument, query: Query, demotion: float = 0.0) -> float:
    """One number that sorts as promised: no term can undo the one before it. ``demotion`` is counted in tiers."""
    prominence = document.weight * _PROMINENCE[document.kind]
    title = document.title.en if query.sound else document.title.zh
    closeness = min(len(query.phrase) / max(len(title), 1), 1.0)
    fraction = 0.9 * math.floor(verdict.coverage * 10) / 10 + 0.08 * prominence / (1 + prominence) + 0.001 * closeness
    return round(verdict.tier - demotion + fraction / 2, 6)


def _reasons(seen: Face, query: Query) -> Iterator[Verdict]:
    """Every way the query as a whole is found; those of the title first, so that they win a tie."""
    phrase = query.phrase
    if phrase == seen.code:
        yield Verdict(Tier.EXACT, 1.0)
    for title in (seen.zh, seen.en):
        if tier := _phrase_tier(title, phrase):
            yield Verdict(tier, 1.0)
        elif _mentions(query, title):
            yield Verdict(Tier.MENTIONED, len(title.text) / len(phrase))
    if heard := _sound_verdict(spoken(seen.document.title.zh), query.sound):
        yield heard
    for keyword, folded in zip(seen.document.keywords, seen.keywords, strict=True):
        yield from _keyword_reasons(keyword, folded, query)
    if seen.body.find(phrase) >= 0:
        yield Verdict(Tier.ALL, 0.5)


def _keyword_reasons(keyword: str, folded: Folded, query: Query) -> Iterator[Verdict]:
    """A keyword counts like the title when it is equal, otherwise at most like a title that contains the phrase."""
    if tier := _phrase_tier(folded, query.phrase):
        yield Verdict(tier, 1.0, keyword) if tier is Tier.EXACT else Verdict(Tier.CONTAINS, 0.9, keyword)
    elif _mentions(query, folded):
        yield Verdict(Tier.MENTIONED, len(folded.text) / len(query.phrase), keyword)
    if heard := _sound_verdict(spoken(keyword), query.sound):
        tier = heard.tier if heard.tier is Tier.EXACT else min(heard.tier, Tier.CONTAINS)
        yield Verdict(tier, heard.coverage, keyword)


def _phrase_tier(text: Folded, phrase: str) -> Tier | None:
    """EXACT, PREFIX or CONTAINS; words other than Chinese may be unfinished but must begin where a word begins."""
    if text.text == phrase:
        return Tier.EXACT
    if text.text.startswith(phrase):
        return Tier.PREFIX
    return Tier.CONTAINS if text.find(phrase) >= 0 else None


def _mentions(query: Query, text: Folded) -> bool:
    """Whether the query holds the whole of a title or keyword that is long enough to mean something."""
    if not text.words:
        return len(text.text) > 1 and text.text in query.han
    parts = tuple(text.text[run.start : run.end] for run in text.runs)
    starts = range(len(query.runs) - len(parts) + 1)
    return len(text.text) > 3 and any(query.runs[at : at + len(parts)] == parts for at in starts)


def _sound_verdict(reading: Spoken, typed: str) -> Verdict | None:
    """A full reading counts a little less than characters, initials (kfd) a tier less: many titles share them."""
    if len(typed) < 2 or not reading.sound:
        return None
    if units := reading.heard(typed):
        tier = Tier.EXACT if reading.sound == typed else Tier.CONTAINS if units[0] else Tier.PREFIX
        return Verdict(tier, 0.9)
    if units := reading.abbreviated(typed):
        tier = Tier.PREFIX if is_whole(reading, units) else Tier.ALL if units[0] else Tier.CONTAINS
        return Verdict(tier, 0.8)
    return None


def _partly(seen: Face, query: Query) -> Verdict | None:
    """Everything scattered, or enough to forgive: Chinese by one text that holds most of it, other words one by one."""
    han, keyword = _best_han_cover(seen, query)
    words = {word: _word_cover(seen, word) for word in query.telling_words}
    asked = len(query.han) + sum(map(len, words)) or 1
    coverage = (han * len(query.han) + sum(len(word) * cover for word, cover in words.items())) / asked
    if coverage < _TOLERATED:
        return None
    return Verdict(Tier.ALL if coverage > 0.94 else Tier.SOME, min(coverage, 1.0), keyword)


def _best_han_cover(seen: Face, query: Query) -> tuple[float, str | None]:
    """The largest share of the Chinese that one text covers, and the keyword if it was one."""
    if not query.han:
        return 0.0, None
    best, reason = _han_cover(seen.zh.text, query), None
    for keyword, folded in zip(seen.document.keywords, seen.keywords, strict=True):
        if (cover := 0.95 * _han_cover(folded.text, query)) > best:
            best, reason = cover, keyword
    pairs = query.pairs
    if pairs and (body := 0.7 * sum(pair in seen.body.text for pair in pairs) / len(pairs)) > best:
        return body, None
    return best, reason


def _han_cover(text: str, query: Query) -> float:
    """1 with every pair, 0.8 with all characters in order (社保 in 社会保险), else the mean share of both."""
    han, pairs = query.han, query.pairs
    held = sum(pair in text for pair in pairs)
    if held == len(pairs) and all(char in text for char in han):
        return 1.0
    if in_order(han, text):
        return 0.8
    if len(text) > 2 and 0 < spread(text, han) <= 2 * len(text):
        return 0.7
    if not held or len(han) < 3:
        return 0.0
    return held / len(pairs) / 2 + sum(char in text for char in han) / len(han) / 2


def _word_cover(seen: Face, word: str) -> float:
    """1 for a word of title or keywords or a part of their reading, less for the body or for a slip of the keys."""
    if _begins_any(word, seen.words):
        return 1.0
    if len(word) > 1 and any(reading.pronounced(as_pinyin(word)) for reading in seen.readings()):
        return 1.0
    if _begins_any(word, seen.body_words):
        return 0.7
    return 0.7 if len(word) > 4 and any(one_slip_apart(word, other) for other in seen.words) else 0.0


def _begins_any(word: str, words: Iterable[str]) -> bool:
    """Whether ``word`` begins one of ``words``, or is one of them with a plural or other short ending."""
    return any(_begins(word, other) for other in words)


def _begins(word: str, other: str) -> bool:
    return other.startswith(word) or (len(other) > 3 and word.startswith(other) and len(word) <= len(other) + 3)


def highlights(seen: Face, query: Query) -> Highlights:
    """Where ``query`` shows in the title; nothing when only a keyword or the body holds it."""
    zh = (
        set(_phrase_places(seen.zh, query)) or set(_sound_places(seen, query)) or set(_scattered_places(seen.zh, query))
    )
    en = set(_phrase_places(seen.en, query)) or set(_word_places(seen.en, query))
    return Highlights(_spans(seen.zh, zh), _spans(seen.en, en))


def _phrase_places(text: Folded, query: Query) -> Iterator[int]:
    phrase = query.phrase
    at = text.find(phrase)
    while at >= 0:
        yield from range(at, at + len(phrase))
        at = text.find(phrase, after=at + len(phrase))


def _sound_places(seen: Face, query: Query) -> Iterator[int]:
    """The characters that the pinyin or initials spell, as a whole or word by word."""
    reading = spoken(seen.document.title.zh)
    typed = query.sound
    if len(typed) > 1 and (units := reading.heard(typed) or reading.abbreviated(typed)):
        yield from places_of(reading, units)
        return
    for word in query.words:
        if len(word) > 1 and (units := reading.pronounced(as_pinyin(word))):
            yield from places_of(reading, units)


def _scattered_places(text: Folded, query: Query) -> Iterator[int]:
    """Words and pairs; single characters only when they are all there in order, or when one was asked for."""
    yield from _word_places(text, query)
    wanted = set(query.pairs)
    pairs = [at for at, pair in enumerate(bigrams(text.text)) if pair in wanted]
    for at in pairs:
        yield from (at, at + 1)
    if query.han and not pairs and in_order(query.han, text.text):
        after = 0
        for char in query.han:
            yield (found := text.text.index(char, after))
            after = found + 1


def _word_places(text: Folded, query: Query) -> Iterator[int]:
    for run in text.runs:
        word = text.text[run.start : run.end]
        if not run.is_han:
            marked = max((_marked(typed, word) for typed in query.telling_words), default=0)
            yield from range(run.start, run.start + marked)


def _marked(typed: str, word: str) -> int:
    """How many letters of ``word`` to mark: the beginning that was typed, all of it for an ending or a slip."""
    if _begins(typed, word):
        return min(len(typed), len(word))
    return len(word) if len(typed) > 4 and one_slip_apart(typed, word) else 0


def _spans(text: Folded, places: Iterable[int]) -> tuple[Span, ...]:
    """Folded positions as stretches of the original, neighbours joined."""
    spans: list[Span] = []
    for origin in sorted({text.origins[place] for place in places}):
        if spans and spans[-1][1] == origin:
            spans[-1] = (spans[-1][0], origin + 1)
        else:
            spans.append((origin, origin + 1))
    return tuple(spans)
