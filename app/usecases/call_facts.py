"""The facts that the decision on a request for data depends on, gathered from the case, the packs and the consents."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain import consent_needs, slices
from app.domain.applications import Application
from app.domain.catalogue import APPLICANT, Bundle, Dataset, Library, ServiceItem
from app.domain.consents import Consent
from app.domain.lifecycle import ENDED
from app.domain.routing import Plan
from app.domain.sharing import FORM, DataRequest, Facts
from app.domain.vocabulary import Grade, Role, SharingClass, Text
from app.storage.queries import Reader
from app.storage.sharing import consents_about
from app.usecases.context import Context
from app.usecases.datasets import approval_for, is_over_quota
from app.usecases.world import World


def facts(context: Context, reader: Reader, case: Application | None, plan: Plan, request: DataRequest) -> Facts:
    """All that the decision depends on."""
    library = context.world.library if case is None else context.world.planner_of(case, reader).library
    item, dataset = library.items.get(request.item), library.datasets.get(request.dataset)
    if item is None or (dataset is None and request.dataset != FORM):
        return _nothing(context)
    desk = _desk(case, request)
    about = replace(
        _nothing(context),
        is_part=_is_part(case, plan, request.item),
        is_own_desk=desk.is_own,
        is_open=desk.is_open,
        law=law_of(item),
    )
    if dataset is None:
        return _of_form(about, library, item)
    return _of_dataset(context, reader, _Wish(request, item, dataset, case, plan, library), about)


@dataclass(frozen=True, slots=True)
class _Wish:
    request: DataRequest
    item: ServiceItem
    dataset: Dataset
    case: Application | None
    plan: Plan
    library: Library


@dataclass(frozen=True, slots=True)
class _Desk:
    is_own: bool
    is_open: bool


def law_of(item: ServiceItem) -> Text | None:
    """The first legal basis of an item, as it is cited."""
    if not item.legal_basis:
        return None
    basis = item.legal_basis[0]
    return Text(f"《{basis.law.zh}》{basis.article.zh}", f"{basis.law.en}, {basis.article.en}")


def subject_of(world: World, applicant: str, case: Application | None, bundle: Bundle, party: str) -> str | None:
    """The number of a party of a case as far as it is known; that of the applicant is that of the account."""
    person = world.catalogue.people.get(applicant)
    own = person.id_number if person is not None else None
    return own if party == APPLICANT or case is None else slices.circle_of(case, bundle, own).numbers().get(party)


def is_own(world: World, request: DataRequest) -> bool:
    """Whether the data are the applicant's own: that goes by the number, not by the name of the part."""
    person = world.catalogue.people.get(request.applicant)
    if request.subject is None:
        return request.party == APPLICANT
    return person is not None and request.subject == person.id_number


@dataclass(frozen=True, slots=True)
class _Speaker:
    is_own: bool
    mandate: str | None = None


def _speaker(request: DataRequest) -> _Speaker:
    """Whether the asker acts for an enterprise: its legal representative as a register has just named him, and an
    agent only by a mandate for that very enterprise and bundle. A mandate for private affairs opens no company."""
    actor = request.actor
    if not request.is_shown or actor.role is not Role.AGENT:
        return _Speaker(request.is_shown)
    mandate = actor.mandate
    if mandate is None or mandate.company != request.subject or not mandate.covers(request.bundle):
        return _Speaker(is_own=False)
    return _Speaker(is_own=True, mandate=mandate.id)


def subject_key(world: World, number: str | None) -> str:
    """What a person is found by among consents and looks; empty for one without a number."""
    return world.keys.blind_index(number) if number else ""


def of_person(
    world: World, bundle: Bundle, consents: Iterable[Consent], request: DataRequest, *, is_minor: bool
) -> tuple[Consent, ...]:
    """The consents to this dataset by this very person about himself, or about this child in his record; newest
    first."""
    key = subject_key(world, request.subject)
    return tuple(
        consent
        for consent in consents
        if (consent.dataset, consent.subject) == (request.dataset, key or None)
        and (consent.party == request.party if is_minor else not slices.is_minor(bundle, consent.party))
    )


def _nothing(context: Context) -> Facts:
    return Facts(
        today=context.moment.today,
        sharing=SharingClass.NONE,
        grade=Grade.L4,
        listed=frozenset(),
        is_declared=False,
        is_own=False,
    )


def _of_form(about: Facts, library: Library, item: ServiceItem) -> Facts:
    """What was handed in is the applicant's to give; the office has it on its duty for its own slice."""
    return replace(
        about,
        is_declared=True,
        sharing=SharingClass.RESTRICTED,
        grade=Grade.L3,
        grades={code: spec.grade for code, spec in library.fields.items()},
        listed=slices.slice_of(item),
        is_own=True,
    )


def _of_dataset(context: Context, reader: Reader, wish: _Wish, about: Facts) -> Facts:
    request, dataset, bundle = wish.request, wish.dataset, wish.plan.bundle
    is_minor = slices.is_minor(bundle, request.party)
    speaker = _Speaker(is_own(context.world, request))
    if not slices.is_person(bundle, request.party):
        speaker = _speaker(request)
    approval = approval_for(context, reader, request.item, dataset.code, request.region)
    return replace(
        about,
        is_declared=dataset.code in wish.item.needs_data,
        sharing=dataset.sharing,
        no_sharing_basis=dataset.no_sharing_basis,
        grade=dataset.grade,
        grades=slices.grades_of(dataset),
        listed=slices.listed(wish.library, bundle, wish.item, dataset.code),
        is_own=speaker.is_own,
        mandate=speaker.mandate,
        is_minor=is_minor,
        is_approved=approval is not None,
        approved=None if approval is None or approval.elements is None else frozenset(approval.elements),
        is_over_quota=approval is not None and is_over_quota(context, reader, approval),
        quota=approval if approval is not None and approval.per_day is not None else None,
        consents=_consents(context, reader, wish, is_minor=is_minor),
    )


def _consents(context: Context, reader: Reader, wish: _Wish, *, is_minor: bool) -> tuple[Consent, ...]:
    """The person's consents that name every item and office that will see what is asked for, not only the item it is
    asked for: the one form shows it to them all."""
    case, request, plan = wish.case, wish.request, wish.plan
    if case is None:
        return ()
    own = subject_of(context.world, case.applicant, None, plan.bundle, APPLICANT)
    circle = slices.circle_of(case, plan.bundle, own)
    seeing = consent_needs.readers(plan, circle, request.dataset, request.party, request.elements) | {request.item}
    known = of_person(context.world, plan.bundle, consents_about(reader, case.id), request, is_minor=is_minor)
    return tuple(consent for consent in known if consent_needs.reaches(consent, plan, request.elements, seeing))


def _is_part(case: Application | None, plan: Plan, item: str) -> bool:
    if case is None:
        return item in plan.bundle.items
    if case.submitted_at is not None:
        return item in case.tasks
    return any(planned.item.code == item for planned in plan.items)


def _desk(case: Application | None, request: DataRequest) -> _Desk:
    """Whether an officer asks about the own department's task, and whether the work on it still goes on.

    A grant on commitment stays open until it has been checked; the hall's part ends with the application.
    """
    is_officer = request.actor.role is Role.OFFICER
    if case is None or case.submitted_at is None or request.item not in case.tasks:
        return _Desk(not is_officer, True)
    task = case.tasks[request.item]
    if not is_officer:
        return _Desk(True, case.completed_at is None)
    is_unchecked = task.after_check is not None and task.after_check.is_open
    return _Desk(task.department == request.actor.department, task.status not in ENDED or is_unchecked)
