"""预填: which data an application still wants, and what becomes of the form when registers have answered.

Only what is blank is wanted: what somebody typed is never overwritten, and what was had is not asked for again. Each
want is one request: one dataset about one party on behalf of one item, for no element that item may not have.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.domain.applications import Application
from app.domain.catalogue import APPLICANT, EXISTS, Dataset
from app.domain.forms import is_blank, tidy, value_faults
from app.domain.parties import Circle, composed, list_of, split
from app.domain.routing import Plan, PlannedField, PlannedMaterial
from app.domain.shared_values import Fallback, FallbackReason, Had, fallback_key, paper_key
from app.domain.sources import FieldSource, MaterialSource
from app.domain.vocabulary import Means, Need, ServiceObject, Source, Text


@dataclass(frozen=True, slots=True)
class Want:
    """One request: ``elements`` of ``dataset`` about ``party`` for ``item``. ``is_check``: a yes or a no is enough."""

    dataset: str
    party: str
    item: str
    elements: tuple[str, ...]
    is_check: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of asking for one element: its value (True for a yes), or why there is none."""

    value: Any = None
    why: FallbackReason | None = None
    detail: Text | None = None


Replies = Mapping[tuple[str, str, str], Reply]
"""(dataset, party, element) → what came of asking for it."""
NOBODY, NOTHING, UNFIT = (
    Reply(why=why) for why in (FallbackReason.UNKNOWN_PARTY, FallbackReason.EMPTY, FallbackReason.UNFIT)
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What the replies change: values of the form, where they are from, papers that are not needed, and fallbacks."""

    values: Mapping[str, Any]
    had: Mapping[str, Had]
    checked: Mapping[str, Had]
    fallbacks: Mapping[str, Fallback | None]

    @property
    def is_nothing(self) -> bool:
        """Nothing new came of it."""
        return not (self.values or self.had or self.checked or self.fallbacks)


def fitted(case: Application, plan: Plan) -> Plan:
    """The plan as registers left it: what could not be had is typed or handed in, and a yes makes a paper unneeded."""
    if not (case.fallbacks or case.checked):
        return plan
    fields, materials = fallen_fields(case, plan), fallen_materials(case, plan)

    def field(planned: PlannedField) -> PlannedField:
        if planned.spec.code not in fields:
            return planned
        return replace(planned, source=FieldSource(Source.TYPED, planned.spec.sources.dataset))

    def material(planned: PlannedMaterial) -> PlannedMaterial:
        code, dataset = planned.material.code, planned.material.sources.dataset
        if code in case.checked and code not in case.materials and planned.source.means is not Means.RESULT:
            return replace(planned, source=MaterialSource(Means.SHARED, dataset))
        if code not in materials:
            return planned
        noted = case.fallbacks.get(paper_key(code))
        return replace(planned, source=MaterialSource(Means.UPLOAD, because=noted.sentence if noted else None))

    return replace(plan, fields=tuple(map(field, plan.fields)), materials=tuple(map(material, plan.materials)))


def is_shareable(planned: PlannedField) -> bool:
    """Whether a register can fill the field in this plan, though it may have failed to."""
    dataset, source = planned.spec.sources.dataset, planned.source
    return source.source is Source.SHARED or (dataset is not None and source == FieldSource(Source.TYPED, dataset))


def outdated(case: Application, plan: Plan, changed: Mapping[str, Any]) -> dict[str, None]:
    """Fields to be emptied because they tell of somebody who is no longer the party: another number was entered, or
    other answers make somebody else the party."""
    specs = {planned.spec.code: planned.spec.sources.party for planned in plan.fields}
    return _gone(case, plan, changed, case.had, specs)


def outdated_papers(case: Application, plan: Plan, changed: Mapping[str, Any]) -> dict[str, None]:
    """Papers that a register's yes no longer stands for, for the same reason."""
    papers = {planned.material.code: planned.material.sources.party for planned in plan.materials}
    return _gone(case, plan, changed, case.checked, papers)


def _gone(
    case: Application, plan: Plan, changed: Mapping[str, Any], told: Mapping[str, Had], whose: Mapping[str, str]
) -> dict[str, None]:
    circle = replace(circle_of(plan), form=case.form)
    moved = {
        code
        for code, party in plan.bundle.parties.items()
        for way in party.found_by
        if way.field is not None and way.field in changed and not is_blank(case.form.get(way.field))
    }
    gone: dict[str, None] = {}
    for code, had in told.items():
        leaves = circle.leaves(whose[code]) if code in whose else split(had.party)
        if leaves != split(had.party) or moved.intersection(map(list_of, leaves)):
            gone[code] = None
    return gone


def circle_of(plan: Plan) -> Circle:
    """Who stands for whom by the answers alone, before anybody's number is known."""
    return Circle(plan.bundle, plan.answers, {}, None, {})


def blanks(case: Application, plan: Plan) -> list[PlannedField]:
    """The fields that shared data would fill and nobody has filled yet."""
    return [planned for planned in plan.fields if is_shareable(planned) and is_blank(case.form.get(planned.spec.code))]


def unchecked(case: Application, plan: Plan, circle: Circle) -> list[PlannedMaterial]:
    """The papers that a register could make unnecessary: asked for, not handed in, not had by a yes yet, and no
    certificate in the applicant's own wallet stands for them."""
    return [
        planned
        for planned in plan.materials
        if planned.source.means in {Means.SHARED, Means.UPLOAD}
        and planned.material.sources.dataset is not None
        and (planned.need is Need.REQUIRED or planned.is_needed)
        and planned.material.code not in case.materials
        and planned.material.code not in case.checked
        and not _is_in_wallet(planned, plan, circle)
    ]


def _is_in_wallet(planned: PlannedMaterial, plan: Plan, circle: Circle) -> bool:
    """A plan fitted to the applicant's wallet still names the certificate, of the applicant or of the business."""
    sources = planned.material.sources
    kind = plan.certificates.get(sources.certificate or "")
    if kind is None or planned.source.means is not Means.SHARED:
        return False
    numbers = circle.numbers()
    own = numbers.get(APPLICANT)
    is_own = all(numbers.get(party) == own is not None for party in circle.leaves(sources.party))
    return kind.holder is not ServiceObject.PERSON or is_own


def wants(case: Application, plan: Plan, circle: Circle) -> list[Want]:
    """Every request that the form and the papers call for, in the order of the form; parties still unknown included."""
    asked: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    checks: dict[tuple[str, str], tuple[str, ...]] = {}
    for planned in blanks(case, plan):
        sources = planned.spec.sources
        for party in circle.leaves(sources.party):
            users = asked.setdefault((sources.dataset or "", party), {})
            element = sources.element or planned.spec.code
            users[element] = (*users.get(element, ()), *planned.users)
    for paper in unchecked(case, plan, circle):
        for party in circle.leaves(paper.material.sources.party):
            key = (paper.material.sources.dataset or "", party)
            checks[key] = (*checks.get(key, ()), *paper.users)
    needs = {planned.item.code: planned.item.needs_data for planned in plan.items}
    found = [want for key, users in asked.items() for want in _covering(key, users, needs)]
    return found + [want for key, users in checks.items() for want in _covering(key, {EXISTS: users}, needs)]


def _covering(
    key: tuple[str, str], users: Mapping[str, Sequence[str]], needs: Mapping[str, tuple[str, ...]]
) -> Iterable[Want]:
    """As few requests as can be: each for the item that may have most of what is still missing."""
    dataset, party = key
    missing = dict.fromkeys(users)
    items = dict.fromkeys(item for asking in users.values() for item in asking if dataset in needs.get(item, ()))
    while missing:
        best = max(items, key=lambda item: sum(item in users[element] for element in missing), default=None)
        mine = tuple(element for element in missing if best is not None and best in users[element])
        if best is None or not mine:
            return
        yield Want(dataset, party, best, mine, is_check=mine == (EXISTS,))
        for element in mine:
            del missing[element]


def filled(
    case: Application, plan: Plan, circle: Circle, replies: Replies, datasets: Mapping[str, Dataset], at: datetime
) -> Filled:
    """What the form gains. A register's value that its own field would not take is not had."""
    values: dict[str, Any] = {}
    had: dict[str, Had] = {}
    fallbacks: dict[str, Fallback | None] = {}
    for planned in blanks(case, plan):
        sources = planned.spec.sources
        dataset, element = sources.dataset or "", sources.element or planned.spec.code
        parties = circle.leaves(sources.party)
        told = {party: _usable(replies.get((dataset, party, element), NOBODY)) for party in parties}
        is_whole = bool(told) and all(reply.why is None for reply in told.values())
        value = composed(plan.bundle, ((party, reply.value) for party, reply in told.items())) if is_whole else None
        if is_whole and value_faults(planned.spec, value, at.date(), ""):
            told, is_whole = dict.fromkeys(told, UNFIT), False
        _note(fallbacks, case, dataset, told, at)
        if is_whole:
            values[planned.spec.code] = value
            had[planned.spec.code] = _had(datasets, dataset, element, parties, at)
    checked = _checked(case, plan, circle, replies, datasets, fallbacks, at)
    return Filled(values, had, checked, _changed(case, fallbacks))


def _usable(reply: Reply) -> Reply:
    """The reply with its text trimmed; a blank value is none."""
    if reply.why is not None:
        return reply
    value = tidy(reply.value)
    return NOTHING if is_blank(value) else Reply(value)


def _checked(
    case: Application,
    plan: Plan,
    circle: Circle,
    replies: Replies,
    datasets: Mapping[str, Dataset],
    fallbacks: dict[str, Fallback | None],
    at: datetime,
) -> dict[str, Had]:
    checked = {}
    for paper in unchecked(case, plan, circle):
        dataset, code = paper.material.sources.dataset or "", paper.material.code
        parties = circle.leaves(paper.material.sources.party)
        told = [(party, replies.get((dataset, party, EXISTS), NOBODY)) for party in parties]
        lacking = next(((party, reply.why, reply.detail) for party, reply in told if reply.why is not None), None)
        if lacking is None:
            checked[code] = _had(datasets, dataset, EXISTS, parties, at)
            fallbacks[paper_key(code)] = None
        else:
            party, why, detail = lacking
            fallbacks[paper_key(code)] = Fallback(dataset, party, why, at, detail)
    return checked


def _note(
    fallbacks: dict[str, Fallback | None], case: Application, dataset: str, told: Mapping[str, Reply], at: datetime
) -> None:
    """Remember what could not be had; a register that answers after all is no longer fallen back from."""
    for party, reply in told.items():
        key = fallback_key(dataset, party)
        if reply.why is not None:
            fallbacks[key] = Fallback(dataset, party, reply.why, at, reply.detail)
        elif key in case.fallbacks:
            fallbacks.setdefault(key, None)


def _changed(case: Application, fallbacks: Mapping[str, Fallback | None]) -> dict[str, Fallback | None]:
    """Those that differ from what is known already, whenever they were noted."""

    def gist(entry: Fallback | None) -> object:
        return None if entry is None else (entry.why, entry.detail)

    return {key: entry for key, entry in fallbacks.items() if gist(entry) != gist(case.fallbacks.get(key))}


def _had(datasets: Mapping[str, Dataset], dataset: str, element: str, parties: Sequence[str], at: datetime) -> Had:
    return Had(dataset, datasets[dataset].holder, element, "+".join(parties), at)


def fallen_fields(case: Application, plan: Plan) -> frozenset[str]:
    """Fields that must be typed after all, because the data they were to come from could not be had."""
    if not case.fallbacks:
        return frozenset()
    circle = circle_of(plan)
    return frozenset(
        planned.spec.code
        for planned in plan.fields
        if is_shareable(planned)
        and _has_fallen(case, planned.spec.sources.dataset, circle.leaves(planned.spec.sources.party))
    )


def fallen_materials(case: Application, plan: Plan) -> frozenset[str]:
    """Papers that must be handed in after all, for the same reason."""
    if not case.fallbacks:
        return frozenset()
    circle = circle_of(plan)

    def has_fallen(planned: PlannedMaterial) -> bool:
        sources = planned.material.sources
        if paper_key(planned.material.code) in case.fallbacks:
            return True
        return sources.certificate is None and _has_fallen(case, sources.dataset, circle.leaves(sources.party))

    return frozenset(
        planned.material.code
        for planned in plan.materials
        if planned.source.means is Means.SHARED and planned.material.code not in case.checked and has_fallen(planned)
    )


def _has_fallen(case: Application, dataset: str | None, parties: Sequence[str]) -> bool:
    return dataset is not None and any(fallback_key(dataset, party) in case.fallbacks for party in parties)
