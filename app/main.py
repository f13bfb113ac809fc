"""The composition root: settings → platform → app. ``create_app`` is what a server runs."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from fastapi import FastAPI

from app import __version__
from app.api import applications, catalogue, problems, sessions, tasks
from app.domain.vocabulary import ILLUSTRATIVE_EN, ILLUSTRATIVE_ZH
from app.schemas.common import Problem
from app.settings import Settings
from app.transport import handlers
from app.transport.envelope import Envelope
from app.usecases import sweep
from app.usecases.platform import Platform, open_platform

log = logging.getLogger(__name__)

DESCRIPTION = f"""
**{ILLUSTRATIVE_ZH} / {ILLUSTRATIVE_EN}**

一件事：说出一个需要，回答几个问题，填一张表，交一套材料；一次申请分给多个部门，各部门依各自的法律、时限作出各自的决定。

State one need (一件事), answer a few plain questions, fill one form, hand in one set of materials. One application is
routed to several departments, each of which keeps its own law, its own clock and its own decision.

**Start here**: `POST /api/v1/sessions` with `{{"account": "wang_owner"}}`, then `POST /api/v1/applications` with
`{{"story": "catering_full"}}`, then submit it. Texts come in both languages; errors are RFC 9457 problem details.
"""


def create_app(settings: Settings | None = None, platform: Platform | None = None) -> FastAPI:
    """The whole app. A platform that is passed in stays open when the app stops; its owner closes it."""
    settings = settings or Settings()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        running = platform or open_platform(settings)
        app.state.platform = running
        sweeper = asyncio.create_task(_keep_sweeping(running)) if settings.sweep_seconds else None
        try:
            yield
        finally:
            if sweeper is not None:
                sweeper.cancel()
                await asyncio.gather(sweeper, return_exceptions=True)
            if platform is None:
                await asyncio.to_thread(running.close)

    app = FastAPI(
        title="一件事 · One Thing",
        summary=f"{ILLUSTRATIVE_ZH} / {ILLUSTRATIVE_EN}",
        description=DESCRIPTION,
        version=__version__,
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url="/docs",
        redoc_url=None,
        max_body_size=settings.body_kilobytes * 1024,
        responses={500: {"model": Problem}},
    )
    for router in (catalogue.router, sessions.router, applications.router, tasks.router):
        app.include_router(router, prefix="/api/v1")
    app.include_router(problems.router)
    handlers.install(app)
    app.add_middleware(Envelope)
    return app


async def _keep_sweeping(platform: Platform) -> None:
    """Let time pass every so often; a sweep that fails is logged and tried again."""
    while True:
        try:
            swept = await asyncio.to_thread(sweep.run, platform.context(), platform.store)
            if swept.moved:
                log.info("sweep moved %d of %d application(s)", swept.moved, swept.looked_at)
        except Exception:
            log.exception("the sweep failed; trying again in %d s", platform.settings.sweep_seconds)
        await asyncio.sleep(platform.settings.sweep_seconds)
