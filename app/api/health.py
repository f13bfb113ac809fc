"""For those who run the app: is it alive, is it ready, and its figures. No personal data, and no part of the API."""

import asyncio
import hmac
import time
from ipaddress import ip_address

from fastapi import APIRouter, HTTPException, Request, Response

from app.settings import Settings
from app.transport.identity import platform_of
from app.transport.metrics import Metrics
from app.usecases import health
from app.usecases.heartbeats import Heartbeats

router = APIRouter(include_in_schema=False)

FRESH_SECONDS = 1.0
"""How long an answer about readiness counts, however many ask."""
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
NO_STORE = {"Cache-Control": "no-store"}


@router.get("/health/live")
async def live(response: Response) -> dict[str, str]:
    """The process answers. Says nothing of what it needs: a restart would not mend that."""
    response.headers.update(NO_STORE)
    return {"status": "ok"}


@router.get("/health/ready")
async def ready(request: Request, response: Response) -> dict[str, object]:
    """Whether requests may be sent here: 200 or 503, and which check fails."""
    found = await _checks(request)
    is_ready = all(found.values())
    response.status_code = 200 if is_ready else 503
    response.headers.update(NO_STORE)
    return {"status": "ok" if is_ready else "failing", "checks": found}


async def _checks(request: Request) -> dict[str, bool]:
    state, now = request.app.state, time.monotonic()
    if getattr(state, "platform", None) is None:
        return {"started": False}
    known = getattr(state, "health", None)
    if known is None or now - known[0] > FRESH_SECONDS:
        beats: Heartbeats = state.beats
        known = state.health = (now, await asyncio.to_thread(health.checks, platform_of(request), beats))
    found: dict[str, bool] = known[1]
    return found


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
