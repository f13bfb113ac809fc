"""The composition root: settings → platform → app. ``create_app`` is what a server runs."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator

from fastapi import FastAPI
from starlette.types import ASGIApp

from app import __version__, written_methods
from app.api import (
    applications,
    bulletins,
    capacity,
    catalogue,
    certificates,
    clock,
    consents,
    counter,
    datasets,
    docs,
    erasures,
    halls,
    handovers,
    health,
    home,
    indicators,
    lights,
    mandates,
    matters,
    messages,
    more_time,
    my_data,
    offers,
    papers,
    problems,
    proofs,
    ratings,
    registers,
    sessions,
    streams,
    tasks,
    together,
)
from app.api.guide import TAGS
from app.api.openapi import SERVERS, DocumentedApp
from app.connectors.registers import connected
from app.domain.vocabulary import ILLUSTRATIVE_EN, ILLUSTRATIVE_ZH
from app.settings import Settings, networks_of, paces_of
from app.transport import handlers, slashes
from app.transport.doors import hang
from app.transport.envelope import Envelope
from app.transport.heads import HeadAsGet
from app.transport.limits import TooLargeAsProblem
from app.transport.metrics import Metrics
from app.transport.pace import Limiter, Paced
from app.transport.proxies import BehindProxies
from app.transport.singular import SaidOnce
from app.transport.watching import Watch, told_when_stopping
from app.usecases.heartbeats import Heartbeats
from app.usecases.jobs import Jobs
from app.usecases.platform import Platform, open_platform
from app.web import pages

log = logging.getLogger(__name__)

DESCRIPTION = f"""
{ILLUSTRATIVE_ZH} / {ILLUSTRATIVE_EN}

一件事：说出一个需要，回答几个问题，填一张表，交一套材料；一次申请分给多个部门，各部门依各自的法律、时限作出各自的决定。

State one need (一件事), answer a few plain questions, fill one form, hand in one set of materials. One application is
routed to several departments, each of which keeps its own law, its own clock and its own decision.

**从这里开始**：`POST /api/v1/sessions`（`{{"account": "wang_owner"}}`）登录，`POST /api/v1/applications`
（`{{"story": "catering_full"}}`）新建，再提交。文字都有中英两种；错误遵循 RFC 9457。

**Start here**: sign in at `POST /api/v1/sessions` (`{{"account": "wang_owner"}}`), start an application at
`POST /api/v1/applications` (`{{"story": "catering_full"}}`), then submit it.
Texts come in both languages; errors follow RFC 9457.
"""


class App(DocumentedApp):
    """The documented app in its envelope."""

    def build_middleware_stack(self) -> ASGIApp:
        """The envelope goes around everything: the framework's own 413 and 500 carry label and number too."""
        settings: Settings = self.state.settings
        measured = TooLargeAsProblem(super().build_middleware_stack(), settings.upload_megabytes * 1_000_000)
        paced = HeadAsGet(Paced(SaidOnce(measured), self.state.limiter))
        served = Envelope(paced, self.state.metrics, settings.behind_tls)
        return BehindProxies(served, networks_of(settings.trusted_proxies))


def create_app(
    settings: Settings | None = None, platform: Platform | None = None, *, warms_up: bool = False
) -> FastAPI:
    """The whole app. A platform that is passed in stays open when the app stops; its owner closes it. An app of its own
    warms up once it serves; another does when told to."""
    settings = settings or Settings()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        running = platform or open_platform(settings, connect=connected)
        app.state.platform = running
        if platform is None:
            settle()
        app.state.watch = watch = Watch(running)
        jobs = Jobs(running, beats)
        jobs.start()
        warming = asyncio.create_task(_warm(running)) if warms_up or platform is None else None
        try:
            with told_when_stopping(watch.close):
                yield
        finally:
            watch.close()
            if warming is not None:
                warming.cancel()
            await jobs.stop(settings.stop_seconds)
            if platform is None:
                await asyncio.to_thread(running.close)

    app = App(
        title="一件事 · One Thing",
        summary=f"{ILLUSTRATIVE_ZH} / {ILLUSTRATIVE_EN}",
        description=DESCRIPTION,
        version=__version__,
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        openapi_tags=TAGS,
        servers=SERVERS,
        docs_url=None,  # our own pages, see app.api.docs
        redoc_url=None,
        max_body_size=settings.body_kilobytes * 1024,
    )
    app.state.settings = settings
    app.state.beats = beats = Heartbeats()
    app.state.metrics = Metrics(beats)
    app.state.limiter = Limiter(paces_of(settings.rates) if settings.is_limiting else None)
    _open_doors(app)
    return app


async def _warm(platform: Platform) -> None:
    try:
        await pages.warm(platform.world)
    except Exception:  # whoever needs it meets the same fault, and is told
        log.exception("warming up failed")


def settle() -> None:
    """Tell the collector of cyclic garbage that what there is by now stays: catalogue, code and templates are some
    hundred thousand objects, and walking them all again took tens of milliseconds in the middle of a request. They are
    not even walked once: less than one in a hundred is garbage, and a fifth of a second of the start is worth more.

    What is made afterwards mostly goes with its request: looking every three thousand objects takes a quarter less of
    the processor than every twenty thousand did, and the garbage that waits is three megabytes less."""
    written_methods.end()
    gc.freeze()
    gc.set_threshold(3_000, 10, 10)
    gc.enable()


def _open_doors(app: FastAPI) -> None:
    """Every route and every answer to an error."""
    for router in (
        catalogue.router,
        halls.router,
        handovers.router,
        together.router,
        sessions.router,
        applications.router,
        streams.router,
        tasks.router,
        clock.router,
        counter.router,
        consents.router,
        papers.router,
        certificates.router,
        messages.router,
        more_time.router,
        my_data.router,
        indicators.router,
        lights.router,
        bulletins.router,
        capacity.router,
        offers.router,
        matters.router,
        ratings.router,
        proofs.router,
        erasures.router,
        datasets.router,
        mandates.router,
        registers.router,
    ):
        hang(app, router, "/api/v1")
    for router in (health.router, home.router, docs.router, problems.router, proofs.verifier):
        hang(app, router)
    docs.mount(app)
    papers.install(app)
    handlers.install(app)
    pages.install(app)
    slashes.install(app)
