"""What one process knows for as long as it lives: the catalogue, its planners, and the old versions met so far."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from app.catalogue.loader import Catalogue
from app.domain.applications import Application
from app.domain.catalogue import Bundle, Library
from app.domain.conditions import Facts
from app.domain.errors import NotFound
from app.domain.offers import confined
from app.domain.routing import Plan, Planner
from app.domain.vocabulary import Text
from app.storage.files import FileStore
from app.storage.keys import KeyRing
from app.storage.queries import Reader
from app.storage.search import SearchDocument, SearchIndex
from app.usecases.registers import Register

if TYPE_CHECKING:
    from app.catalogue.closures import Closure


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of the settings that rules need."""

    is_demo: bool
    secret: bytes
    token_hours: int
    lookup_tries: int
    lookup_minutes: int
    proof_hash: str = "sha256"
    idle_minutes: int = 120


PLANS = 128
"""Plans one process keeps at hand."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a plan is made from, as a key: equal when answers are written alike and places are the same."""

    written: bytes
    answers: Facts = field(compare=False)
    places: tuple[tuple[str, str], ...] = ()
    """Items that another region handles, and which."""


def _planned(planner: Planner, given: Given, region: str, start: date) -> Plan:
    return planner.plan(given.answers, region, start, dict(given.places))


@dataclass(frozen=True)
class World:
    """Catalogue, files and policy, shared by every request."""

    catalogue: Catalogue
    files: FileStore
    policy: Policy
    keys: KeyRing
    remote: Mapping[str, Register] = field(default_factory=dict)
    """dataset → the connector of its register; all others are the fictional ones of the packs."""
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(register, what came of it) → look-ups since the start, for figures."""
    planners: dict[str, Planner] = field(default_factory=dict)
    """digest → planner; grows by the versions that applications still live by."""

    @cached_property
    def planned(self) -> Callable[[Planner, Given, str, date], Plan]:
        """A plan, worked out once for all who look at the same case one after the other. A plan is a function of what
        it is asked with, and nothing in it is ever changed."""
        return lru_cache(maxsize=PLANS)(_planned)

    @cached_property
    def search_index(self) -> SearchIndex:
        """The full-text index, built at the first search: its engine costs a fifth of a second to import."""
        return SearchIndex(search_documents(self.library))

    @property
    def library(self) -> Library:
        """The catalogue in force."""
        return self.catalogue.library

    def bundle(self, code: str) -> Bundle:
        """The bundle in force with this code; raises :class:`NotFound`."""
        found = self.library.bundles.get(code)
        if found is None:
            raise no_such("一件事", "bundle", code, self.library.bundles)
        return found

    def planner(self, code: str) -> Planner:
        """The planner of the bundle in force; raises :class:`NotFound`."""
        bundle = self.bundle(code)
        found = self.planners.get(bundle.digest)
        if found is None:
            found = Planner(self.library, bundle, self.catalogue.regions, self.catalogue.calendar)
            self.planners[bundle.digest] = found
        return found

    def planner_of(self, case: Application, reader: Reader) -> Planner:
        """The planner of the version an application lives by: a draft by the one in force, all others by their own."""
        if case.offered is not None:
            return self._confined(case, reader)
        if case.submitted_at is None:
            return self.planner(case.bundle)
        found = self.planners.get(case.digest)
        if found is None and self.library.bundles.get(case.bundle, None) is not None:
            current = self.planner(case.bundle)
            found = current if current.bundle.digest == case.digest else None
        if found is None:
            found = self._restored(case, reader)
            self.planners[case.digest] = found
        return found

    def offered_planner(self, bundle: str, item: str) -> Planner:
        """The planner of the bundle in force, for one item that is offered (免申即享)."""
        return self._of_one_item(self.planner(bundle), item)

    def _confined(self, case: Application, reader: Reader) -> Planner:
        whole = self.planner_of(replace(case, offered=None), reader)
        return self._of_one_item(whole, case.offered or "")

    def _of_one_item(self, whole: Planner, item: str) -> Planner:
        key = f"{whole.bundle.digest}:{item}"
        found = self.planners.get(key)
        if found is None:
            regions, calendar = self.catalogue.regions, self.catalogue.calendar
            found = Planner(whole.library, confined(whole.bundle, item), regions, calendar)
            self.planners[key] = found
        return found

    def _restored(self, case: Application, reader: Reader) -> Planner:
        closure: Closure | None = reader.pack_version(case.digest)
        if closure is None:
            raise LookupError(f"pack version {case.digest} of application {case.id} is not stored")
        from app.catalogue.build import library_from_closure  # with all that reads packs: only for old versions

        library = library_from_closure(closure)
        bundle = library.bundles[case.bundle]
        return Planner(library, bundle, self.catalogue.regions, self.catalogue.calendar)


def no_such(zh: str, en: str, code: str, known: Iterable[str]) -> NotFound:
    """There is none with this code; the nearest right one is named, the code that was sent never is."""
    near = get_close_matches(code[:80], list(known), n=1)
    hint = Text(f"您是否想写“{near[0]}”？", f' Did you mean "{near[0]}"?') if near else Text("", "")
    return NotFound(Text(f"没有这个{zh}。{hint.zh}", f"There is no such {en}.{hint.en}"))


def search_documents(library: Library) -> list[SearchDocument]:
    """What can be found: bundles, items and guiding questions."""
    found = [
        SearchDocument("bundle", bundle.code, bundle.name, bundle.summary, tuple(bundle.keywords))
        for bundle in library.bundles.values()
    ]
    found += [
        SearchDocument("item", item.code, item.name, item.short, tuple(item.keywords))
        for item in library.items.values()
        if item.power.is_on_application
    ]
    found += [
        SearchDocument("question", f"{bundle.code}/{question.code}", question.ask, question.type.label)
        for bundle in library.bundles.values()
        for question in bundle.questions.values()
    ]
    return found
