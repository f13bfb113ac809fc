"""办不成事反映: an errand that is stuck, reported, followed, and judged by the applicant. Rectifications of the
applicant's own bad reviews are followed here too."""

from dataclasses import dataclass
from functools import partial

from fastapi import Request, Response

from app.domain.vocabulary import Role
from app.schemas.applications import ApplicationLineOut
from app.schemas.matters import MatterAct, MatterLineOut, StuckReport
from app.schemas.ratings import OwnRatingsOut
from app.transport.doors import Doors
from app.usecases import applications, lists, matters, ratings
from app.web.again import again
from app.web.forms import NONE, Errors, Typed, typed
from app.web.progress import no_such_part
from app.web.ratings import LEVELS
from app.web.visits import Visit, Visiting

router = Doors(include_in_schema=False)

SIDE = (Role.APPLICANT, Role.AGENT)
SHOWN = 10
"""Applications whose ratings and reports are listed together."""
OWN_ACTIONS = frozenset({"confirm", "contest"})
"""What the pages offer an applicant in a matter; everything else is the offices' work."""


@router.get("/applications/{application_id}/report")
async def show_report(visit: Visiting, application_id: str) -> Response:
    """What is stuck?"""
    return await _report(visit, application_id, Typed(), NONE)


@router.post("/applications/{application_id}/report")
async def report(visit: Visiting, request: Request, application_id: str) -> Response:
    """Report it; it is followed on a page of its own."""
    form = await typed(request)
    wish = StuckReport(item=form.text("item")[:64] or None, text=form.text("text")[:1000])
    async with again(partial(_report, visit, application_id, form)):
        made = await visit.perform(matters.report, application_id=application_id, wish=wish)
    return visit.go(f"/my/matters/{made.id}", "reported")


async def _report(visit: Visit, application_id: str, form: Typed, errors: Errors) -> Response:
    visit.must_be(*SIDE)
    application = await visit.perform(applications.show, application_id=application_id)
    listed = await visit.read(matters.of_application, application_id=application_id)
    return visit.page("report", 422 if errors else 200, it=application, matters=listed, form=form, errors=errors)


@dataclass(frozen=True, slots=True)
class Voice:
    """What was said about one application, and what may still be said."""

    line: ApplicationLineOut
    ratings: OwnRatingsOut
    matters: list[MatterLineOut]


@router.get("/my/voices")
async def show_voices(visit: Visiting) -> Response:
    """Ratings and reports in one place, for the newest applications."""
    visit.must_be(*SIDE)
    page = await visit.read(lists.applications, cursor=None, limit=SHOWN)
    sent = [line for line in page.entries if line.submitted_at is not None and line.erased_at is None]
    voices = [
        Voice(
            line,
            await visit.read(ratings.own, application_id=line.id),
            await visit.read(matters.of_application, application_id=line.id),
        )
        for line in sent
    ]
    return visit.page("voices", voices=voices)


@router.get("/my/matters/{matter_id}")
async def show_matter(visit: Visiting, matter_id: str) -> Response:
    """How it gets on, and what the applicant says to the answer."""
    return await _matter(visit, matter_id, Typed(), NONE)


@router.post("/my/matters/{matter_id}")
async def judge(visit: Visiting, request: Request, matter_id: str) -> Response:
    """Accept the answer, or send it back."""
    visit.must_be(*SIDE)
    form = await typed(request)
    action, level = form.text("action"), form.text("level")
    if action not in OWN_ACTIONS:
        raise no_such_part()
    wish = MatterAct(action=action, reason=form.text("reason")[:2000] or None, level=LEVELS.get(level))
    async with again(partial(_matter, visit, matter_id, form)):
        await visit.perform(matters.act, matter_id=matter_id, wish=wish)
    return visit.go(f"/my/matters/{matter_id}", "sent")


async def _matter(visit: Visit, matter_id: str, form: Typed, errors: Errors) -> Response:
    visit.must_be(*SIDE)
    matter = await visit.read(matters.show, matter_id=matter_id)
    return visit.page(
        "own_matter",
        422 if errors else 200,
        it=matter,
        allowed=[term for term in matter.allowed if term.code in OWN_ACTIONS],
        levels=ratings.levels(),
        form=form,
        errors=errors,
    )
