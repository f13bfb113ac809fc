"""From a request to a :class:`Context`: the platform, the bearer token, the clock read once."""

from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.domain.errors import NotSignedIn
from app.domain.vocabulary import Text
from app.transport.pace import limiter_of
from app.usecases.accounts import present, seen
from app.usecases.context import Context
from app.usecases.platform import Platform

BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    description="POST /api/v1/sessions 返回的令牌，代表一个虚构人物。 / "
    "Token of POST /api/v1/sessions; it stands for a fictional person.",
)


def platform_of(request: Request) -> Platform:
    """The running platform."""
    platform: Platform = request.app.state.platform
    return platform


async def _platform(request: Request) -> Platform:
    """The same as a coroutine, because FastAPI sends a plain function through a thread."""
    return platform_of(request)


ThePlatform = Annotated[Platform, Depends(_platform)]
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]


async def anonymous(platform: ThePlatform) -> Context:
    """A request by nobody in particular."""
    return platform.context()


async def signed_in(request: Request, platform: ThePlatform, credentials: Credentials) -> Context:
    """A request by somebody; raises :class:`NotSignedIn`, or :class:`TooMany` for whoever asks too often."""
    if credentials is None:
        raise NotSignedIn(
            Text("请先登录：从登录列表里选一个虚构人物。", "Sign in first: pick a fictional person from the list.")
        )
    context = platform.context()
    token = credentials.credentials
    who, is_due = await platform.store.aread(lambda reader: present(context, reader, token))
    limiter_of(request).charge(request, who.code)
    if is_due:
        await platform.store.aperform(lambda reader: seen(context, reader, token))
    request.scope["role"] = who.role.value
    return platform.context(who.actor)


Anybody = Annotated[Context, Depends(anonymous)]
SignedIn = Annotated[Context, Depends(signed_in)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="安全重试：同一个键只生效一次，得到同一件申请。 / "
        "Send the same key to repeat a request safely: it happens once and gives the same application.",
        max_length=200,
    ),
]
