"""整件延期: the wishes that wait for a government, and one case's limit with what may be done about it."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.domain.errors import Fault
from app.domain.vocabulary import Role, Text
from app.schemas.joint import WholeAnswer, WholeWish
from app.transport.doors import Doors
from app.usecases import whole_extensions
from app.web.again import again, mended
from app.web.desk_actions import number_of, within
from app.web.forms import NONE, Errors, Typed, typed
from app.web.visits import Visit, Visiting, as_part

router = Doors(include_in_schema=False)

Id = Annotated[str, Path(max_length=32)]
PAGE = 30


@router.get("/more-time")
async def show_waiting(visit: Visiting, cursor: Annotated[str | None, Query(max_length=300)] = None) -> Response:
    """What waits for the answer of the supervisor's own government."""
    visit.must_be(Role.SUPERVISOR)
    page = await visit.read(whole_extensions.waiting, cursor=cursor, limit=PAGE)
    return visit.page("more_times", lines=page.entries, next=page.next, is_first=cursor is None)


@router.get("/more-time/{application_id}")
async def show_limit(visit: Visiting, application_id: Id) -> Response:
    """The limit of the whole, how it comes about, and what may be done."""
    return await _limit(visit, application_id)


@router.post("/more-time/{application_id}")
async def ask(visit: Visiting, request: Request, application_id: Id) -> Response:
    """The lead department asks for more time."""
    visit.must_be(Role.OFFICER)
    form = await typed(request)
    async with again(partial(_limit, visit, application_id, form)) as faults:
        reason = within(form.text("reason"), 2000, "/reason", faults)
        days = number_of(form.text("days"), "/days", faults) if form.text("days") else None
        if days is not None and not 1 <= days <= 15:
            text = Text("请给出 1 至 15 之间的天数。", "Give a number of days from 1 to 15.")
            faults.append(Fault("/days", "out-of-range", text))
        mended(faults)
        wish = WholeWish(reason=reason, days=days)
        await visit.perform(whole_extensions.ask, application_id=application_id, wish=wish)
    return visit.go(f"/more-time/{as_part(application_id)}", "sent")


@router.post("/more-time/{application_id}/answer")
async def answer(visit: Visiting, request: Request, application_id: Id) -> Response:
    """The government answers."""
    visit.must_be(Role.SUPERVISOR)
    form = await typed(request)
    async with again(lambda errors: _limit(visit, application_id, form, errors.renamed("/reason", "/said"))) as faults:
        reason = within(form.text("said"), 2000, "/reason", faults)
        if (chosen := form.text("answer")) not in {"yes", "no"}:
            text = Text("请选择批准或不同意。", "Choose to approve or to decline.")
            faults.append(Fault("/answer", "missing", text))
        mended(faults)
        wish = WholeAnswer(is_approved=chosen == "yes", reason=reason or None)
        await visit.perform(whole_extensions.answer, application_id=application_id, wish=wish)
    return visit.go(f"/more-time/{as_part(application_id)}", "sent")


async def _limit(visit: Visit, application_id: str, form: Typed | None = None, errors: Errors = NONE) -> Response:
    found = await visit.read(whole_extensions.show, application_id=application_id)
    return visit.page("more_time", 422 if errors else 200, it=found, form=form or Typed(), errors=errors)
