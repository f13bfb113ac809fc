"""Signing in by picking somebody fictional, signing out, and where one is signed in."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.domain.errors import InvalidInput, RealIdentity
from app.schemas.accounts import AccountOut
from app.schemas.catalogue import DepartmentOut, RegionOut
from app.storage.changes import Changes
from app.storage.store import Outcome
from app.transport.doors import Doors
from app.usecases import accounts, catalogue, sessions
from app.usecases.safety import refuse_real_numbers
from app.web.forms import NONE, Errors, errors_of, typed
from app.web.navigation import home_of
from app.web.visits import Visit, Visiting, is_secure, safe_path, session_cookie

router = Doors(include_in_schema=False)


@router.get("/sign-in")
async def show_sign_in(
    visit: Visiting,
    q: Annotated[str, Query(max_length=100)] = "",
    back: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """The people and officers one can be."""
    return _page(visit, q.strip(), back)


@router.post("/sign-in")
async def sign_in(visit: Visiting, request: Request) -> Response:
    """Be somebody."""
    form = await typed(request)
    code, back = form.text("account"), form.text("back")
    try:
        refuse_real_numbers({"account": code})
        door = accounts.Door(accounts.PAGE, visit.token)
        token = await visit.platform.store.aperform(lambda reader: accounts.sign_in(visit.context, reader, code, door))
    except (InvalidInput, RealIdentity) as refusal:
        return _page(visit, "", back, errors_of(refusal).renamed("/account", "/q"))
    answer = visit.go(safe_path(back, home_of(token.account.role.code)), "signed_in")
    answer.set_cookie(
        session_cookie(request),
        token.token,
        max_age=visit.platform.settings.token_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )
    return answer


@router.post("/sign-out")
async def sign_out(visit: Visiting) -> Response:
    """End the sign-in, here and on the server."""
    if visit.token:
        await visit.platform.store.aperform(lambda _: _ended(visit.token or ""))
    return _signed_out(visit)


@router.get("/my/sessions")
async def show_sessions(visit: Visiting) -> Response:
    """Where one is signed in."""
    found = await visit.read(sessions.own, token=visit.token or "")
    return visit.page("sessions", sessions=found, idle_minutes=visit.context.world.policy.idle_minutes)


@router.post("/my/sessions/end")
async def end_session(visit: Visiting, request: Request) -> Response:
    """End one of them, the others, or all."""
    chosen = (await typed(request)).text("end")
    if chosen == "all":
        await visit.perform(sessions.end_all)
        return _signed_out(visit)
    if chosen == "others":
        await visit.perform(sessions.end_all, but=visit.token)
    else:
        await visit.perform(sessions.end, session_id=chosen[:32])
    return visit.go("/my/sessions", "session_ended")


def _signed_out(visit: Visit) -> Response:
    answer, secure = visit.go("/", "signed_out"), is_secure(visit.request)
    answer.delete_cookie(session_cookie(visit.request), secure=secure, httponly=True, samesite="lax")
    return answer


def _ended(token: str) -> Outcome[None]:
    ended = accounts.sign_out(token)
    return Outcome(None, ended.changes or Changes())


def _page(visit: Visit, wanted: str, back: str, errors: Errors = NONE) -> Response:
    found = visit.ask(accounts.directory, visit.context.world, visit.region.code)
    shown = [entry for entry in found if _fits(entry, wanted)]
    return visit.page(
        "sign_in",
        422 if errors else 200,
        people=[entry for entry in shown if entry.role.code == "applicant"],
        agents=[entry for entry in shown if entry.role.code == "agent"],
        hall=[entry for entry in shown if entry.role.code in {"clerk", "supervisor", "steward"}],
        places=_places(visit, shown),
        wanted=wanted,
        back=safe_path(back, ""),
        errors=errors,
    )


def _places(
    visit: Visit, shown: list[AccountOut]
) -> list[tuple[RegionOut, list[tuple[DepartmentOut, list[AccountOut]]]]]:
    """The departments of each region with their officers, the nearest region first."""
    world = visit.context.world
    staff: dict[str, list[AccountOut]] = {}
    for entry in shown:
        if entry.department:
            staff.setdefault(entry.department, []).append(entry)
    departments = [(catalogue.show_department(world, code), own) for code, own in staff.items()]
    regions = dict.fromkeys(found.region for found, _ in departments)
    return [
        (catalogue.show_region(world, region), [(found, own) for found, own in departments if found.region == region])
        for region in regions
    ]


def _fits(entry: AccountOut, wanted: str) -> bool:
    said = " ".join((entry.code, entry.name.zh, entry.name.en, entry.role.zh, entry.role.en)).casefold()
    return all(word in said for word in wanted.casefold().split())
