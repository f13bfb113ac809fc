"""当事人: who the parties of an application are, as far as its answers, its form and the registers tell.

A bundle names its parties and the ways to find each, best first: somebody is the applicant, stands in a field by
number, stands in the record of another party, or is named by a register about another party (a spouse, an enterprise).
Whoever is not found yet is no party yet: nothing is looked up about nobody. A party may be a list (the staff): then
everybody on it is a party of his own, ``workers.1`` being the first.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.domain.catalogue import APPLICANT, Bundle, PartyWay
from app.domain.conditions import Facts, evaluate
from app.domain.vocabulary import Text

DEEPEST = 4
"""How many parties may stand for one another in a row."""
MEMBER = "."
"""Stands between the code of a list and the place of one on it."""
MOST_MEMBERS = 50
"""The longest list whose people are parties [illustrative]; of a longer one nobody is."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a register must be asked to find a party: ``element`` of ``dataset`` about the party ``of``."""

    dataset: str
    element: str
    of: str


@dataclass(frozen=True)
class Circle:
    """What is known of the people around an application.

    ``applicant`` is the applicant's number; ``links`` what registers have told of who belongs to whom.
    """

    bundle: Bundle
    answers: Facts
    form: Mapping[str, Any]
    applicant: str | None
    links: Mapping[Link, str]

    def numbers(self) -> dict[str, str]:
        """party → number of the person or enterprise, for every party that is known; the applicant first.

        A party that only stands for others has no number of its own.
        """
        return dict(self._numbers)

    @cached_property
    def _numbers(self) -> dict[str, str]:
        """The same, worked out once: whoever asks for one paper or one field asks for the next."""
        found = {APPLICANT: self.applicant} if self.applicant else {}
        for _ in range(len(self.bundle.parties) + 1):
            fresh = {code: number for code in self.bundle.parties if (number := self._number(code, found))}
            if fresh.items() <= found.items():
                break
            found = {**found, **fresh}
        return {**found, **{member: own for code in self.bundle.parties for member, own in self._members(code).items()}}

    def missing_links(self, wanted: Iterable[str]) -> list[Link]:
        """What registers could still tell about those of the ``wanted`` parties that are not known yet.

        Who stands in the record of another is found by that other.
        """
        found = self.numbers()
        waiting = {leaf for code in wanted for leaf in self._leaves(code, DEEPEST)}
        waiting |= {way.record_of for code in waiting for way in self._ways(code) if way.record_of is not None}
        return list(
            dict.fromkeys(
                link
                for code in self.bundle.parties
                if code in waiting and code not in found
                for way in self._ways(code)
                if (link := link_of(way)) is not None and link.of in found and link not in self.links
            )
        )

    def shown_by(self, code: str) -> tuple[Link, ...]:
        """What registers must be asked to show that the applicant may act for a party; nothing for most."""
        spec = self.bundle.parties.get(code)
        ways = spec.shown_by if spec is not None else ()
        allowed = (way for way in ways if way.when is None or evaluate(way.when, self.answers) is True)
        return tuple(link for way in allowed if (link := link_of(way)) is not None)

    def is_shown(self, code: str) -> bool:
        """Whether registers have shown that the applicant may act for the party. What a form says shows nothing."""
        number = self.numbers().get(code)
        if self.applicant is None or number is None:
            return False
        told = ((self.applicant if link.of == code else number, self.links.get(link)) for link in self.shown_by(code))
        return any(wanted == said for wanted, said in told)

    def leaves(self, written: str) -> tuple[str, ...]:
        """The parties that ``written`` (``seller+buyer``, ``household``) stands for in the end; each once."""
        return tuple(dict.fromkeys(leaf for code in split(written) for leaf in self._leaves(code, DEEPEST)))

    def _leaves(self, code: str, depth: int) -> Iterator[str]:
        if members := self._members(code):
            yield from members
            return
        way = next((way for way in self._ways(code) if way.party is not None), None)
        if way is None or way.party is None or depth == 0:
            yield code
            return
        for other in split(way.party):
            yield from self._leaves(other, depth - 1)

    def _members(self, code: str) -> dict[str, str]:
        """Everybody on the list that a party is, by the order of the rows that name somebody."""
        way = next((way for way in self._ways(code) if way.column is not None), None)
        table = self.form.get(way.field or "") if way is not None else None
        if way is None or not isinstance(table, list | tuple):
            return {}
        if len(table) > MOST_MEMBERS:
            return {}
        told = [row.get(way.column) for row in table if isinstance(row, Mapping)]
        numbers = [value.strip().upper() for value in told if isinstance(value, str) and value.strip()]
        return {f"{code}{MEMBER}{place}": number for place, number in enumerate(numbers, 1)}

    def _ways(self, code: str) -> list[PartyWay]:
        """The ways that these answers allow: without a condition, or with one that holds."""
        spec = self.bundle.parties.get(code)
        ways = spec.found_by if spec is not None else ()
        return [way for way in ways if way.when is None or evaluate(way.when, self.answers) is True]

    def _number(self, code: str, found: Mapping[str, str]) -> str | None:
        return next((number for way in self._ways(code) if (number := self._by(way, found))), None)

    def _by(self, way: PartyWay, found: Mapping[str, str]) -> str | None:
        if way.applicant:
            return self._by_applicant(way, found)
        if way.field is not None:
            value = self.form.get(way.field)
            return value.strip().upper() if isinstance(value, str) and value.strip() else None
        if way.record_of is not None:
            return found.get(way.record_of)
        link = link_of(way)
        return self.links.get(link) if link is not None else None

    def _by_applicant(self, way: PartyWay, found: Mapping[str, str]) -> str | None:
        number = found.get(APPLICANT)
        if number is None or (way.sex is not None and sex_of(number) != way.sex):
            return None
        if way.other_than is not None and found.get(way.other_than) in {None, number}:
            return None
        return number


def list_of(code: str) -> str:
    """``workers.2`` → ``workers``; every other party is itself."""
    return code.partition(MEMBER)[0]


def split(written: str) -> tuple[str, ...]:
    """``seller+buyer`` → ("seller", "buyer")."""
    return tuple(part for part in written.split("+") if part)


def link_of(way: PartyWay) -> Link | None:
    """What a register must be asked on this way, if anything."""
    if way.dataset is None or way.element is None:
        return None
    return Link(way.dataset, way.element, way.of)


def sex_of(number: str) -> str | None:
    """男 or 女 by the 17th character of an identity number; None for what is not one."""
    if len(number) != 18 or not number[:17].isdigit():
        return None
    return "男" if int(number[16]) % 2 else "女"


def guardian_of(bundle: Bundle, code: str) -> str | None:
    """The party that acts for this one, if it cannot act for itself."""
    spec = bundle.parties.get(code)
    return spec.guardian if spec is not None else None


def name_of(bundle: Bundle, code: str) -> Text:
    """What the party is called in this bundle."""
    spec, (listed, dot, place) = bundle.parties.get(code), code.partition(MEMBER)
    if spec is not None:
        return spec.name
    if dot and (whole := bundle.parties.get(listed)) is not None:
        return Text(f"{whole.name.zh}（第 {place} 人）", f"{whole.name.en} (No. {place})")
    return Text("申请人", "the applicant") if code == APPLICANT else Text(code, code)


def composed(bundle: Bundle, values: Iterable[tuple[str, Any]]) -> Any:
    """One value about several parties: 卖方已婚，买方未婚. About one party the value stays what it is."""
    told = list(values)
    if len(told) == 1:
        return told[0][1]
    return "，".join(f"{name_of(bundle, code).zh}{value}" for code, value in told)
