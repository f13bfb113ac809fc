"""Titles by their sound: 开饭店 is found by ``kaifandian``, ``kai fan dian``, ``fandian`` and ``kfd``.

Readings come from ``pypinyin`` (:mod:`app.storage.search_readings`), corrected where it misreads the words of this
field and the names of places.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.storage.search_readings import syllables
from app.storage.search_terms import Folded, as_pinyin, fold

SOUND_LIMIT = 48
"""Letters of a reading that are indexed from each syllable on."""

_CORRECTED = """
重办 chong ban|重签 chong qian|重领 chong ling|重报 chong bao|重发 chong fa|重验 chong yan|重评 chong ping
重测 chong ce|重开 chong kai|重核 chong he|重换 chong huan|重补 chong bu|重做 chong zuo|重置 chong zhi
重购 chong gou|重名 chong ming|体重 ti zhong|载重 zai zhong|超重 chao zhong|严重 yan zhong|起重 qi zhong
支行 zhi hang|太行 tai hang|长护 chang hu|长租 chang zu|还建 huan jian|采血 cai xue|献血 xian xue
给排水 ji pai shui|发卡 fa ka|朝阳 chao yang|单县 shan xian|浚县 xun xian|郫都 pi du|莲都 lian du|尧都 yao du
解州 hai zhou|繁峙 fan shi|洪洞 hong tong|荥经 ying jing|筠连 jun lian|宕昌 tan chang|长垣 chang yuan
漯河 luo he|涡阳 guo yang|会稽 kuai ji|大城县 dai cheng xian|称多 chen duo|六合区 lu he qu
"""
READINGS: dict[str, tuple[str, ...]] = {
    word: tuple(syllables)
    for word, *syllables in (entry.split() for entry in _CORRECTED.strip().replace("\n", "|").split("|"))
}
"""Words that ``pypinyin`` reads wrongly, and a few (体重) that keep a neighbour's correction away from them."""

_CORRECTED_WORD = re.compile("(" + "|".join(sorted(READINGS, key=len, reverse=True)) + ")")


@dataclass(frozen=True, slots=True)
class Spoken:
    """How folded text is read. Unit ``i`` (a syllable, or a word of another script) begins at ``sound[begins[i]]``
    and stands for ``text[places[i] : places[i + 1]]``; both tuples carry the end as a last entry.
    """

    sound: str
    initials: str
    begins: tuple[int, ...]
    places: tuple[int, ...]

    def heard(self, typed: str, *, after: int = 0) -> tuple[int, int] | None:
        """The units ``[first, last)`` that ``typed`` spells from a syllable's start; the last may be unfinished."""
        for first, begin in enumerate(self.begins[after:-1], after):
            if self.sound.startswith(typed, begin):
                return first, self._unit_after(begin + len(typed))
        return None

    def pronounced(self, typed: str) -> tuple[int, int] | None:
        """The units ``[first, last)`` that ``typed`` spells completely."""
        units = self.heard(typed)
        while units and self.begins[units[1]] != self.begins[units[0]] + len(typed):
            units = self.heard(typed, after=units[0] + 1)
        return units

    def abbreviated(self, typed: str) -> tuple[int, int] | None:
        """The units ``[first, last)`` whose first letters are ``typed``."""
        first = self.initials.find(typed)
        return (first, first + len(typed)) if first >= 0 else None

    def index_terms(self) -> set[str]:
        """The reading from every unit on, so that the beginning of a term is any part of the title."""
        return {self.sound[begin : begin + SOUND_LIMIT] for begin in self.begins[:-1]}

    def index_initials(self) -> set[str]:
        """The first letters from every unit on, where at least two remain."""
        return {self.initials[at : at + SOUND_LIMIT] for at in range(max(len(self.initials) - 1, 0))}

    def _unit_after(self, letter: int) -> int:
        return next(unit for unit, begin in enumerate(self.begins) if begin >= letter)


@lru_cache(maxsize=4096)
def spoken(text: str) -> Spoken:
    """The reading of a title or keyword; empty when it holds no Chinese."""
    folded = fold(text)
    if not folded.han_runs:
        return Spoken("", "", (0,), (0,))
    units, places = _units(folded)
    begins = [0]
    for unit in units:
        begins.append(begins[-1] + len(unit))
    return Spoken("".join(units), "".join(unit[0] for unit in units), tuple(begins), (*places, len(folded.text)))


def _units(folded: Folded) -> tuple[list[str], list[int]]:
    """The syllables and words of ``folded`` and where each begins."""
    units: list[str] = []
    places: list[int] = []
    for run in folded.runs:
        part = folded.text[run.start : run.end]
        units.extend(_syllables(part) if run.is_han else (as_pinyin(part),))
        places.extend(range(run.start, run.end) if run.is_han else (run.start,))
    return units, places


def _syllables(han: str) -> list[str]:
    """One syllable per character of a stretch of Chinese."""
    found: list[str] = []
    for piece in _CORRECTED_WORD.split(han):
        if piece:
            found.extend(READINGS.get(piece) or syllables(piece))
    return found


def stretches(text: str) -> Iterator[str]:
    """What :func:`spoken` has to look up for this text."""
    folded = fold(text)
    for run in folded.han_runs:
        yield from (piece for piece in _CORRECTED_WORD.split(run) if piece and piece not in READINGS)


def places_of(reading: Spoken, units: tuple[int, int]) -> range:
    """The positions in the folded text that units ``[first, last)`` stand for."""
    return range(reading.places[units[0]], reading.places[units[1]])


def is_whole(reading: Spoken, units: tuple[int, int]) -> bool:
    """Whether the units are the entire text."""
    return units == (0, len(reading.begins) - 1)
