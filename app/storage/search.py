"""Full-text search over the catalogue: bundles (一件事), items and guiding questions.

An embedded ``tantivy`` index in memory proposes candidates, ``search_rank`` judges them. What people type never reaches
a query parser: queries are built from folded terms, so quotes, operators and patterns are only characters.
``tantivy`` is imported when the first index is built, not with this module.

Each kind has a shelf (an index) of its own. Term statistics cannot be compared across kinds anyway, and with one
shared index a common character would fill the list of candidates with short questions and crowd out the bundles.
"""

import ctypes
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from app.storage.search_pinyin import SOUND_LIMIT, Spoken, spoken, stretches
from app.storage.search_rank import (
    KINDS,
    Face,
    Highlights,
    Kind,
    SearchDocument,
    Span,
    Verdict,
    face,
    highlights,
    judge,
    score,
)
from app.storage.search_readings import learn, sound
from app.storage.search_terms import PHRASE_LIMIT, Query, as_pinyin, core, edges, fold, index_terms, parse

if TYPE_CHECKING:
    import tantivy

__all__ = ["Highlights", "Hit", "Kind", "SearchDocument", "SearchIndex", "Span"]

_LIMIT = 200
"""Most hits one search returns."""
_POOL = 100
"""Candidates judged per shelf, when the caller's limit does not ask for more."""
_START = 8
"""Longest beginning of a title that has a term of its own."""
_HEAP = 15_000_000
"""Bytes of the index writer; the least that tantivy accepts."""
_BOOSTS = {"whole": 60.0, "start": 20.0, "title": 3.0, "keyword": 2.0, "body": 1.0, "sound": 6.0, "initial": 4.0}
_CORE_DEMOTION = 1.5
"""Tiers lost by a match that only holds without 我想, 怎么 or "how to": an exact one then stands between the title that
begins with what was typed and the title that contains it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. A higher ``score`` is better; scores of one search are comparable, those of two searches are not.

    ``highlights`` are the stretches of the title to mark; ``matched_keyword`` is the everyday word, as the document
    writes it, when that and not the title is why it was found.
    """

    document: SearchDocument
    score: float
    highlights: Highlights
    matched_keyword: str | None


class SearchIndex:
    """An index of ``documents``, built at once and never changed. Any number of threads may search it together."""

    def __init__(self, documents: Iterable[SearchDocument]) -> None:
        """Index everything; raises ValueError when two documents of one kind share a code."""
        by_kind: dict[Kind, list[SearchDocument]] = {}
        for document in documents:
            by_kind.setdefault(document.kind, []).append(document)
        named = (text for shelf in by_kind.values() for one in shelf for text in (one.title.zh, *one.keywords))
        learn(stretch for text in named for stretch in stretches(text))
        self._shelves = {kind: _Shelf(kind, by_kind[kind]) for kind in KINDS if kind in by_kind}

    def search(self, query: str, *, limit: int = 20, kinds: Collection[str] | None = None) -> tuple[Hit, ...]:
        """The best ``limit`` (at most 200) documents of ``kinds`` (None: all), best first; ties in order of code.

        Any string is a valid query. Nothing to search for, no match, a limit below 1 and no kinds all give ``()``.
        """
        asked = parse(query)
        if asked is None or limit < 1:
            return ()
        limit = min(limit, _LIMIT)
        shelves = [shelf for kind, shelf in self._shelves.items() if kinds is None or kind in kinds]
        found = [match for shelf in shelves for match in shelf.matches(asked, max(_POOL, 2 * limit))]
        if not found and (heard := _as_heard(asked)) is not None:
            proposed = (match for shelf in shelves for match in shelf.matches(heard, max(_POOL, 2 * limit)))
            found = [match for match in proposed if _sounds(match.document, heard.sound)]
        found.sort(key=lambda match: (-match.score, KINDS.index(match.document.kind), match.document.code))
        return tuple(match.hit() for match in found[:limit])


def _as_heard(query: Query) -> Query | None:
    """The query by its sound, for the commonest slip of typing by pinyin, the wrong character (退修 for 退休); None
    when it is not Chinese alone, or so short that its sound says little."""
    meant = core(query) or query
    if len(meant.han) < 2 or meant.words:
        return None
    heard = sound(meant.han)
    return None if heard is None else parse(heard)


def _sounds(document: SearchDocument, heard: str) -> bool:
    """Whether whole syllables of the title or of a keyword sound like this."""
    return any(spoken(text).pronounced(heard) for text in (document.title.zh, *document.keywords))


@dataclass(frozen=True, slots=True)
class _Match:
    """A judged candidate; its highlights are found only if it makes the list."""

    face: Face
    query: Query
    verdict: Verdict
    score: float

    @property
    def document(self) -> SearchDocument:
        return self.face.document

    def hit(self) -> Hit:
        marks = highlights(self.face, self.query)
        return Hit(self.document, self.score, marks, self.verdict.keyword)


class _Shelf:
    """The documents of one kind and their inverted index."""

    def __init__(self, kind: Kind, documents: list[SearchDocument]) -> None:
        if len({document.code for document in documents}) < len(documents):
            raise ValueError(f"two documents of the kind {kind} share a code")
        self._documents = documents
        self._face = lru_cache(maxsize=4096)(self._fold)
        self._schema = _schema()
        self._searcher = _index(self._schema, documents)

    def _fold(self, ordinal: int) -> Face:
        return face(self._documents[ordinal])

    def matches(self, query: Query, pool: int) -> Iterator[_Match]:
        """Judge the ``pool`` most promising documents."""
        variants = [(query, 0.0)]
        if (meant := core(query)) is not None:
            variants.append((meant, _CORE_DEMOTION))
        ordinals = {ordinal for variant, _ in variants for ordinal in self._candidates(variant, pool)}
        for ordinal in ordinals:
            seen = self._face(ordinal)
            judged = [
                _Match(seen, variant, verdict, score(verdict, seen.document, variant, demotion))
                for variant, demotion in variants
                if (verdict := judge(seen, variant))
            ]
            if judged:
                yield max(judged, key=lambda match: match.score)

    def _candidates(self, query: Query, pool: int) -> Iterator[int]:
        """Positions of the documents whose terms match best."""
        import tantivy

        clauses = [(tantivy.Occur.Should, clause) for clause in _clauses(self._schema, query)]
        found = self._searcher.search(tantivy.Query.boolean_query(clauses), pool, count=False)
        for _, address in found.hits:
            yield int(self._searcher.doc(address)["ordinal"][0])


def _schema() -> "tantivy.Schema":
    """Terms are prepared here, so the index only splits at spaces."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    for name in _BOOSTS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("ordinal", stored=True)
    return builder.build()


def _index(schema: "tantivy.Schema", documents: Iterable[SearchDocument]) -> "tantivy.Searcher":
    """Index the documents in memory; ``ordinal`` is the position in ``documents``."""
    import tantivy

    index = tantivy.Index(schema)
    writer = index.writer(_HEAP, 1)
    for ordinal, document in enumerate(documents):
        row = tantivy.Document()
        row.add_unsigned("ordinal", ordinal)
        for name, terms in _terms(document).items():
            row.add_text(name, " ".join(sorted(terms)))
        writer.add_document(row)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    del writer
    _give_back()
    return index.searcher()


def _give_back() -> None:
    """Let the system have the writer's heap again, which the allocator of the C library would rather keep."""
    with suppress(OSError, AttributeError):  # no GNU library
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _terms(document: SearchDocument) -> dict[str, set[str]]:
    """What each field of the index holds for ``document``."""
    titles = [fold(document.title.zh), fold(document.title.en)]
    keywords = [fold(keyword) for keyword in document.keywords]
    readings: list[Spoken] = [spoken(text) for text in (document.title.zh, *document.keywords)]
    return {
        "whole": {text.text[:PHRASE_LIMIT] for text in (*titles, *keywords, fold(document.code))},
        "start": {title.text[:end] for title in titles for end in range(1, _START + 1)},
        "title": set().union(*map(index_terms, titles)),
        "keyword": set().union(*map(index_terms, keywords)),
        "body": index_terms(fold(document.body.zh)) | index_terms(fold(document.body.en)),
        "sound": set().union(*(reading.index_terms() for reading in readings)),
        "initial": set().union(*(reading.index_initials() for reading in readings)),
    }


def _clauses(schema: "tantivy.Schema", query: Query) -> Iterator["tantivy.Query"]:
    """What makes a document worth judging, each with the weight it has in choosing candidates."""
    for name, term in _plain_terms(query):
        yield _boosted(name, _term(schema, name, term))
    yield from _sound_clauses(schema, query)
    yield from _tolerant_clauses(schema, query)


def _plain_terms(query: Query) -> Iterator[tuple[str, str]]:
    """Field and term: the phrase as a whole and as a beginning, then its pairs, lone characters and words."""
    yield "whole", query.phrase
    yield "start", query.phrase[:_START]
    lone = (run for run in query.runs if len(run) == 1)
    for term in dict.fromkeys((*query.pairs, *lone, *(edges(word)[-1] for word in query.words))):
        for name in ("title", "keyword", "body"):
            yield name, term


def _sound_clauses(schema: "tantivy.Schema", query: Query) -> Iterator["tantivy.Query"]:
    """Pinyin and initials from any syllable on; the last may be unfinished, so they are prefix searches."""
    import tantivy

    spelled = dict.fromkeys((query.sound, *map(as_pinyin, query.words)))
    wanted = [("sound", sound) for sound in spelled] + [("initial", query.sound)]
    for name, typed in wanted:
        if len(typed) > 1:
            yield _boosted(name, tantivy.Query.fuzzy_term_query(schema, name, typed[:SOUND_LIMIT], 0, prefix=True))


def _tolerant_clauses(schema: "tantivy.Schema", query: Query) -> Iterator["tantivy.Query"]:
    """Words with a slip or an ending, and short Chinese whose characters stand apart (社保 in 社会保险)."""
    import tantivy

    for name in ("title", "keyword"):
        for word in query.words:
            if len(word) > 4:
                yield tantivy.Query.fuzzy_term_query(schema, name, edges(word)[-1], 1)
                yield from (_term(schema, name, stem) for stem in edges(word)[-4:-1])
        if 2 <= len(query.han) <= 4:
            chars = [(tantivy.Occur.Must, _term(schema, name, char)) for char in dict.fromkeys(query.han)]
            yield tantivy.Query.boolean_query(chars)


def _term(schema: "tantivy.Schema", name: str, term: str) -> "tantivy.Query":
    import tantivy

    return tantivy.Query.term_query(schema, name, term, "freq")


def _boosted(name: str, query: "tantivy.Query") -> "tantivy.Query":
    import tantivy

    return tantivy.Query.boost_query(query, _BOOSTS[name])
