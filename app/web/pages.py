"""All pages of the app, opened together."""

import asyncio
from typing import Final

from fastapi import FastAPI

from app.transport.doors import hang
from app.usecases.world import World
from app.web import (
    again,
    agency,
    applications,
    assets,
    bundles,
    capacity,
    consents,
    corrections,
    counter,
    counter_cases,
    data_requests,
    datasets,
    desk,
    drafting,
    editor,
    errors,
    guide,
    halls,
    handing,
    home,
    indicators,
    items,
    lessons,
    materials,
    matters,
    mine,
    more_time,
    own_data,
    papers,
    preferences,
    prefill,
    progress,
    ratings,
    registers,
    rendering,
    reports,
    sessions,
    streams,
    style_guide,
    submissions,
    supervision,
    together,
    wallet,
)

PAUSE: Final = 0.01
"""Seconds between two steps of warming up."""
ROUTERS = (
    assets.router,
    home.router,
    bundles.router,
    guide.router,
    halls.router,
    handing.router,
    items.router,
    applications.router,
    streams.router,
    drafting.router,
    materials.router,
    submissions.router,
    progress.router,
    corrections.router,
    mine.router,
    papers.router,
    ratings.router,
    reports.router,
    sessions.router,
    preferences.router,
    style_guide.router,
    desk.router,
    wallet.router,
    prefill.router,
    lessons.router,
    own_data.router,
    consents.router,
    agency.router,
    editor.router,
    counter.router,
    counter_cases.router,
    supervision.router,
    together.router,
    matters.router,
    more_time.router,
    datasets.router,
    data_requests.router,
    registers.router,
    indicators.router,
    capacity.router,
)


async def warm(world: World) -> None:
    """What first visitors would wait for, done after the start while nobody waits: the templates they meet, and the
    index of the search. In steps of a few milliseconds, each of which lets everybody else go first."""
    for step in rendering.warming():
        await asyncio.sleep(PAUSE)
        step()
    await asyncio.to_thread(lambda: world.search_index)


def install(app: FastAPI) -> None:
    """Every page, and errors as pages. Call it after the API's own handlers are there."""
    for router in ROUTERS:
        hang(app, router)
    errors.install(app)
    again.install(app)
