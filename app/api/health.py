"""For those who run the app: is it alive, is it ready, and its figures. No personal data, and no part of the API."""

import asyncio
import hmac
import time
from ipaddress import ip_address

from fastapi import HTTPException, Request, Response

from app.settings import Settings
from app.transport.doors import Doors
from app.transport.identity import platform_of
from app.transport.metrics import Metrics
from app.usecases import health
from app.usecases.heartbeats import Heartbeats

router = Doors(include_in_schema=False)

FRESH_SECONDS = 1.0
"""How long an answer about readiness counts, however many ask."""
PATIENCE_SECONDS = 3.0
"""How long the checks may take; a database that does not answer must not keep a load balancer waiting."""
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
NO_STORE = {"Cache-Control": "no-store"}


@router.get("/health/live")
async def live(response: Response) -> dict[str, str]:
    """The process answers. Says nothing of what it needs: a restart would not mend that."""
    response.headers.update(NO_STORE)
    return {"status": "ok"}


@router.get("/health/ready")
async def ready(request: Request, response: Response) -> dict[str, object]:
    """Whether requests may be sent here: 200 or 503, and which check fails. A standby is told of and decides nothing:
    without it everything is read from the primary."""
    checks = await _checks(request)
    is_ready = all(checks.values())
    response.status_code = 200 if is_ready else 503
    response.headers.update(NO_STORE)
    standby = _standby(request)
    told = {} if standby is None else {"standby": standby}
    return {"status": "ok" if is_ready else "failing", "checks": checks, **told}


async def _checks(request: Request) -> dict[str, bool]:
    """What is known; looked at again when it is older than a second, by one look for all who ask."""
    state, now = request.app.state, time.monotonic()
    if getattr(state, "platform", None) is None:
        return {"started": False}
    look: tuple[float, asyncio.Task[dict[str, bool]]] | None = getattr(state, "health", None)
    if look is None or (look[1].done() and now - look[0] > FRESH_SECONDS):
        beats: Heartbeats = state.beats
        task = asyncio.create_task(asyncio.to_thread(health.checks, platform_of(request), beats))
        look = state.health = (now, task)
    began, task = look
    if not task.done():
        await asyncio.wait({task}, timeout=max(0.0, began + PATIENCE_SECONDS - now))
    return task.result() if task.done() else {"in_time": False}


def _standby(request: Request) -> str | None:
    """What is known of the standby. Somebody looks, and nobody waits for that: it may not answer."""
    state = request.app.state
    late = None if getattr(state, "platform", None) is None else platform_of(request).late
    if late is None or late.standby is None:
        return None
    look: asyncio.Task[None] | None = getattr(state, "standby_look", None)
    if look is None or look.done():
        state.standby_look = asyncio.create_task(asyncio.to_thread(late.look))
    return late.state


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Figures in the text form of Prometheus, for whoever may read them; to everybody else there is no such page."""
    if not _may_read(request):
        raise HTTPException(404)
    shown: Metrics = request.app.state.metrics
    text = await asyncio.to_thread(shown.exposed, platform_of(request), request.app.state.watch.count)
    return Response(text, headers=NO_STORE, media_type=Metrics.MEDIA_TYPE)


def _may_read(request: Request) -> bool:
    settings: Settings = request.app.state.settings
    if settings.metrics == "off":
        return False
    if settings.metrics_token is not None:
        wanted = f"Bearer {settings.metrics_token.get_secret_value()}"
        return hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted.encode())
    return settings.metrics == "on" or (_is_here(request) and not any(name in request.headers for name in FORWARDED))


def _is_here(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
