"""How consents and the need for them are shown: to the applicant who needs them, and to the person who answers."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain import consent_needs
from app.domain.applications import Application
from app.domain.authorities import find
from app.domain.catalogue import APPLICANT, Dataset, Person
from app.domain.consent_needs import Need
from app.domain.consents import Consent, ConsentStatus, allowed
from app.domain.errors import NoAuthority
from app.domain.masking import mask_id_number, mask_name
from app.domain.parties import name_of
from app.domain.routing import Plan
from app.domain.slices import is_minor
from app.domain.vocabulary import Level, Text
from app.schemas.common import Bilingual, Term
from app.schemas.consents import ConsentOut, ElementOut, NeededOut, NeedsOut
from app.usecases.accounts import department
from app.usecases.context import Context
from app.usecases.world import World

RECORD = Text("有无记录", "whether there is a record")
UNKNOWN = Text(
    "还不知道是谁：先填写证件号码或者先预填，再请求授权。",
    "It is not known yet who that is: enter the number or fill the form in advance first, then ask.",
)

TO_BE_SHOWN = Text(
    "孩子的信息由监护人决定。请求时先查登记信息：查到您可以代孩子作决定的（配偶、监护登记），由您本人答复；查不到的，"
    "请孩子出生记录所在的一方答复。父母任何一方同意即可，申请表上怎么填都不算数。",
    "A guardian decides about a child's data. When you ask, registers are looked at first: if they show that you may "
    "act for the child (marriage, guardianship), you answer yourself; if not, the parent in whose record the birth "
    "stands does. Either parent's word is enough; what the form says shows nothing.",
)
NOT_SHOWN = Text(
    "没有登记信息显示您可以代这个孩子作决定，所以请孩子出生记录所在的一方答复。另一方家长愿意决定的，可以用本人账户申办，"
    "由其本人的婚姻登记证明；都不答复的，可以自己填写并上传证明。",
    "No register has shown that you may act for this child, so the parent in whose record the birth stands is asked. "
    "The other parent may decide too, by applying from the own account, where the own marriage record shows it; "
    "without any answer you enter the data and upload proof yourself.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One need, who answers it (None: nobody with that number has an account), and the newest consent that says as
    much. ``key`` is the blind index of the number of who answers.

    Whether there is an account behind a number is not told: a number is all it takes to ask.
    """

    need: Need
    person: Person | None
    key: str
    consent: Consent | None


def needs_out(context: Context, case: Application, plan: Plan, asked: Iterable[Asked]) -> NeedsOut:
    """The consents of an application."""
    entries = [_needed(context, case, plan, each) for each in asked]
    given = ConsentStatus.GIVEN.value
    return NeedsOut(needed=entries, missing_count=sum(e.status is None or e.status.code != given for e in entries))


def consent_out(context: Context, consent: Consent, case: Application, plan: Plan) -> ConsentOut:
    """One consent for the person it is asked of."""
    world, today = context.world, context.moment.today
    dataset = world.library.datasets.get(consent.dataset)
    name = dataset.name if dataset is not None else Text(consent.dataset, consent.dataset)
    return ConsentOut(
        id=consent.id,
        application_id=consent.application_id,
        reference=case.reference,
        bundle=case.bundle,
        bundle_name=Bilingual.of(plan.bundle.name),
        applicant=Bilingual.of(masked_applicant(world, case)),
        party=consent.party,
        party_name=Bilingual.of(name_of(plan.bundle, consent.party)),
        is_for_child=is_minor(plan.bundle, consent.party),
        dataset=consent.dataset,
        dataset_name=Bilingual.of(name),
        elements=_elements(dataset, consent.elements),
        items=list(consent.items),
        departments=[Bilingual.of(office_name(world, code)) for code in consent.departments],
        text=Bilingual.of(consent.text),
        digest=consent.digest,
        status=Term.of(consent.standing(today)),
        allowed=[Term.of(action) for action in allowed(consent, case, today)],
        asked_at=consent.asked_at,
        until=consent.until,
        answered_at=consent.answered_at,
        withdrawn_at=consent.withdrawn_at,
    )


def notice_of(context: Context, case: Application, plan: Plan, need: Need) -> Text:
    """The words of the notice as of today."""
    holder, applicant = holder_of(context.world, need.dataset, case.region), _applicant(context.world, case)
    return consent_needs.notice(need, plan, holder, applicant, context.moment.today)


def masked_applicant(world: World, case: Application) -> Text:
    """Who applies, as another person may know it."""
    name = _applicant(world, case)
    return Text(mask_name(name.zh), mask_name(name.en))


def holder_of(world: World, dataset: Dataset, region: str) -> Text:
    """The office that holds a dataset for a region; the line's name where there is none."""
    line = world.library.lines[dataset.holder]
    try:
        return find(line, Level.COUNTY, region, world.catalogue.regions).department.name
    except NoAuthority:
        return line.name


def office_name(world: World, code: str) -> Text:
    """The name of an organisation, or its code when the packs no longer know it."""
    found = department(world, code)
    return found.name if found is not None else Text(code, code)


def _applicant(world: World, case: Application) -> Text:
    person = world.catalogue.people.get(case.applicant)
    return person.name if person is not None else Text(case.applicant, case.applicant)


def _needed(context: Context, case: Application, plan: Plan, asked: Asked) -> NeededOut:
    need, consent = asked.need, asked.consent
    offices = dict.fromkeys(plan.find(item).routed.department for item in need.items)
    return NeededOut(
        party=need.party,
        party_name=Bilingual.of(name_of(plan.bundle, need.party)),
        person=_person(case, plan, asked),
        is_own=need.party == APPLICANT or (asked.person is not None and asked.person.code == case.applicant),
        is_for_child=is_minor(plan.bundle, need.party),
        dataset=need.dataset.code,
        dataset_name=Bilingual.of(need.dataset.name),
        elements=_elements(need.dataset, need.elements),
        items=list(need.items),
        departments=[Bilingual.of(office.name) for office in offices],
        text=Bilingual.of(consent.text if consent is not None else notice_of(context, case, plan, need)),
        can_be_asked=need.number is not None,
        because=_because(context, case, plan, asked),
        consent_id=consent.id if consent is not None else None,
        status=Term.of(consent.standing(context.moment.today)) if consent is not None else None,
        until=consent.until if consent is not None else None,
    )


def _because(context: Context, case: Application, plan: Plan, asked: Asked) -> Bilingual | None:
    """Why it cannot be asked yet, or why it is not the applicant who answers for a child."""
    if asked.need.number is None:
        return Bilingual.of(UNKNOWN)
    applicant = context.world.catalogue.people.get(case.applicant)
    is_own_record = applicant is not None and applicant.id_number == asked.need.number
    if not is_minor(plan.bundle, asked.need.party) or is_own_record:
        return None
    if asked.consent is None:
        return Bilingual.of(TO_BE_SHOWN)
    return None if asked.consent.account == case.applicant else Bilingual.of(NOT_SHOWN)


def _person(case: Application, plan: Plan, asked: Asked) -> Bilingual | None:
    """Whoever answers, masked: the applicant by name, somebody else by what the form says, name and number.

    Whether that name belongs to that number is not told: it would be a way to try names out.
    """
    number, person = asked.need.number, asked.person
    if number is None:
        return None
    if person is not None and person.code == case.applicant:
        return Bilingual(zh=mask_name(person.name.zh), en=mask_name(person.name.en))
    hidden, party = mask_id_number(number), asked.need.party
    name = None if is_minor(plan.bundle, party) else case.form.get(f"{party}_name")
    if not isinstance(name, str) or not name.strip():
        return Bilingual(zh=hidden, en=hidden)
    return Bilingual(zh=f"{mask_name(name)}（{hidden}）", en=f"{mask_name(name)} ({hidden})")


def _elements(dataset: Dataset | None, codes: Iterable[str]) -> list[ElementOut]:
    known = dataset.elements if dataset is not None else {}
    return [
        ElementOut(code=code, name=Bilingual.of(known[code].name), grade=Term.of(known[code].grade))
        if code in known
        else ElementOut(code=code, name=Bilingual.of(RECORD), grade=Term.of(dataset.grade) if dataset else UNGRADED)
        for code in codes
    ]


UNGRADED = Term(code="", zh="未分级", en="not graded")
