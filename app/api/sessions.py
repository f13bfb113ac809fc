"""Signing in and out. Everybody here is fictional, so there is no password."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query, Response

from app.api.responses import READ, WRITE, link, linked, refusals
from app.schemas.accounts import AccountOut, SignIn, TokenOut
from app.schemas.sessions import SessionOut
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.transport.doors import Doors
from app.transport.identity import Anybody, Credentials, SignedIn, ThePlatform
from app.usecases import accounts, sessions
from app.usecases.context import Context
from app.usecases.safety import refuse_real_numbers

router = Doors(tags=["sign-in 登录"])


@router.get("/accounts", operation_id="listAccounts", responses=refusals("invalid-input"))
async def list_accounts(
    platform: ThePlatform,
    region: Annotated[
        str | None, Query(max_length=12, description="列出哪个区划的工作人员 / region whose officers are listed")
    ] = None,
) -> list[AccountOut]:
    """可以扮演的虚构人物和工作人员。 / Fictional people, and the officers of one region and the levels above it."""
    return accounts.directory(platform.world, region or platform.settings.default_region)


@router.post(
    "/sessions",
    operation_id="signIn",
    status_code=201,
    responses={
        **refusals("invalid-input", "real-identity-refused"),
        **linked(201, me=link("whoAmI", "令牌代表谁 / Who the token stands for.")),
    },
)
async def sign_in(context: Anybody, platform: ThePlatform, response: Response, wish: SignIn) -> TokenOut:
    """登录：选一个虚构人物，得到令牌。 / Be somebody; the answer holds a bearer token."""
    refuse_real_numbers(wish.model_dump())
    token = await platform.store.aperform(lambda reader: _signed_in(context, reader, wish))
    response.headers["Location"] = "/api/v1/sessions/me"
    return token


def _signed_in(context: Context, reader: Reader, wish: SignIn) -> Outcome[TokenOut]:
    if wish.acting_for is None:
        return accounts.sign_in(context, reader, wish.account)
    return accounts.sign_in_for(context, reader, wish.account, wish.acting_for)


@router.get("/sessions/me", operation_id="whoAmI", responses=READ)
async def who_am_i(context: SignedIn) -> AccountOut:
    """我是谁。 / Who the token stands for."""
    found = accounts.account(context.world, context.actor.account)
    if found is None:
        raise LookupError(context.actor.account)
    by = context.actor.mandate
    return accounts.account_out(accounts.acting(context.world, found, by) if by else found)


@router.delete("/sessions/me", operation_id="signOut", status_code=204, responses=READ)
async def sign_out(_: SignedIn, platform: ThePlatform, credentials: Credentials) -> Response:
    """退出登录。 / End the sign-in of this token."""
    token = credentials.credentials if credentials else ""
    await platform.store.aperform(lambda _: accounts.sign_out(token))
    return Response(status_code=204)


@router.get("/sessions", operation_id="listSessions", responses=READ)
async def list_sessions(context: SignedIn, platform: ThePlatform, credentials: Credentials) -> list[SessionOut]:
    """我的登录：哪些还有效。 / One's own sign-ins that still count, newest first."""
    token = credentials.credentials if credentials else ""
    return await platform.store.aread(partial(sessions.own, context, token=token))


@router.delete("/sessions", operation_id="endSessions", status_code=204, responses=WRITE)
async def end_sessions(
    context: SignedIn,
    platform: ThePlatform,
    credentials: Credentials,
    others_only: Annotated[bool, Query(description="保留当前这个登录 / keep the one that asks")] = False,
) -> Response:
    """退出所有登录。 / End all of one's sign-ins, this one too unless told otherwise."""
    but = credentials.credentials if credentials and others_only else None
    await platform.store.aperform(partial(sessions.end_all, context, but=but))
    return Response(status_code=204)


@router.delete("/sessions/{session_id}", operation_id="endSession", status_code=204, responses=WRITE)
async def end_session(
    context: SignedIn,
    platform: ThePlatform,
    session_id: Annotated[str, Path(max_length=32, description="登录的 id / id of the sign-in")],
) -> Response:
    """结束一个登录，比如忘在别处的。 / End one of one's sign-ins, such as one left open elsewhere."""
    await platform.store.aperform(partial(sessions.end, context, session_id=session_id))
    return Response(status_code=204)
