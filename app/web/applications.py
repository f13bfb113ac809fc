"""An application: begun from a plan, its overview while a draft, its answers changed, withdrawn."""

from fastapi import Request, Response

from app.domain.vocabulary import Role, Text
from app.schemas.applications import ApplicationOut, NewApplication, SaveDraft
from app.schemas.plans import PlanOut
from app.transport.doors import Doors
from app.usecases import applications, catalogue, plans, together
from app.web import answers, controls, prefill, progress
from app.web.again import again
from app.web.forms import NONE, Errors, typed
from app.web.visits import Visit, Visiting, safe_path, sign_in_path
from app.web.wording import group_name

router = Doors(include_in_schema=False)

DRAFT = "draft"
LONGEST_REASON = 2000


@router.post("/applications")
async def start(visit: Visiting, request: Request) -> Response:
    """A draft from the answers of a plan, or from a worked example; somebody not signed in does that first."""
    form = await typed(request)
    back = safe_path(form.text("back"))
    if visit.account is None:
        return visit.go(sign_in_path(back))
    visit.must_be(Role.APPLICANT, Role.AGENT)
    if form.text("story"):
        wish = NewApplication(story=form.text("story")[:64])
    else:
        bundle = catalogue.show_bundle(visit.context.world, form.text("bundle")[:64])
        wish = NewApplication(
            bundle=bundle.bundle.code, region=form.text("region")[:12], answers=answers.read(bundle, form)
        )
    draft = await visit.perform(applications.create, new=wish, key=form.text("key")[:200] or None)
    await prefill.attempt(visit, draft.id)
    return visit.go(f"/applications/{draft.id}", "started")


@router.get("/applications/{application_id}")
async def show(visit: Visiting, application_id: str) -> Response:
    """A draft's list of what is left to do; afterwards its progress."""
    application = await visit.perform(applications.show, application_id=application_id)
    if application.status.code != DRAFT:
        return await progress.page(visit, application)
    plan = await visit.read(plans.show, application_id=application_id)
    missing = sum(fault.pointer.startswith("/materials/") for fault in application.faults)
    return visit.page(
        "draft",
        it=application,
        plan=plan,
        sections=sections(application, plan),
        missing_papers=missing,
        missing_consents=await prefill.missing_consents(visit, application_id),
        places=await visit.read(together.show, application_id=application_id),
    )


def sections(application: ApplicationOut, plan: PlanOut) -> list[tuple[str, Text, int, int]]:
    """Code, name, number of fields, and how many of them keep it from being submitted, of every group."""
    errors = Errors(tuple(application.faults))
    found = []
    for group, fields in controls.groups(plan).items():
        names = [controls.name_of(field) for field in fields if field.code not in application.may_follow]
        wrong = {name.split(".")[1] for name, _ in errors.only(names).listed()}
        found.append((group, group_name(group), len(fields), len(wrong)))
    return found


@router.get("/applications/{application_id}/questions")
async def show_questions(visit: Visiting, application_id: str) -> Response:
    """The guide, with the answers of the draft."""
    it = await visit.perform(applications.show, application_id=application_id)
    return visit.go(answers.link(f"/bundles/{it.bundle}/guide", it.answers, draft=it.id, region=it.region))


@router.post("/applications/{application_id}/answers")
async def change_answers(visit: Visiting, request: Request, application_id: str) -> Response:
    """Other answers for a draft; what was filled in stays."""
    form = await typed(request)
    application = await visit.perform(applications.show, application_id=application_id)
    bundle = catalogue.show_bundle(visit.context.world, application.bundle)
    wish = SaveDraft(answers=answers.read(bundle, form))
    await visit.perform(applications.save, application_id=application_id, wish=wish)
    return visit.go(f"/applications/{application_id}", "saved")


@router.get("/applications/{application_id}/withdraw")
async def ask_withdrawal(visit: Visiting, application_id: str) -> Response:
    """Whether it is really to be withdrawn, and what that does."""
    return await _withdrawal(visit, application_id, NONE, "")


@router.post("/applications/{application_id}/withdraw")
async def withdraw(visit: Visiting, request: Request, application_id: str) -> Response:
    """撤回."""
    reason = (await typed(request)).text("reason")
    async with again(lambda errors: _withdrawal(visit, application_id, errors, reason)):
        await visit.perform(
            applications.withdraw, application_id=application_id, reason=reason[:LONGEST_REASON] or None
        )
    return visit.go(f"/applications/{application_id}", "withdrawn")


async def _withdrawal(visit: Visit, application_id: str, errors: Errors, reason: str) -> Response:
    visit.context.acting(Role.APPLICANT, Role.AGENT, is_by_mandate=True)  # others see the case and cannot withdraw it
    application = await visit.perform(applications.show, application_id=application_id)
    return visit.page("withdraw", 422 if errors else 200, it=application, errors=errors, reason=reason)
