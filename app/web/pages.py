"""All pages of the app, opened together."""

from fastapi import FastAPI

from app.web import (
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
    wallet,
)

ROUTERS = (
    assets.router,
    home.router,
    bundles.router,
    guide.router,
    halls.router,
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
    matters.router,
    more_time.router,
    datasets.router,
    data_requests.router,
    registers.router,
    indicators.router,
    capacity.router,
)


def warm(app: FastAPI) -> None:
    """What a server does before it answers anybody, so that the first visitor does not wait for half a second: the
    framework works its routes out when it first looks for one, and templates are compiled when first shown."""
    nowhere = {"type": "http", "method": "GET", "path": "/-", "root_path": "", "headers": [], "app": app}
    for route in app.routes:
        route.matches(dict(nowhere))
    rendering.warm()


def install(app: FastAPI) -> None:
    """Every page, and errors as pages. Call it after the API's own handlers are there."""
    for router in ROUTERS:
        app.include_router(router)
    errors.install(app)
