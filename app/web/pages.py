"""All pages of the app, opened together."""

from fastapi import FastAPI

from app.web import (
    agency,
    applications,
    assets,
    bundles,
    consents,
    corrections,
    counter,
    data_requests,
    datasets,
    desk,
    drafting,
    editor,
    errors,
    guide,
    home,
    indicators,
    items,
    lessons,
    materials,
    matters,
    mine,
    own_data,
    papers,
    preferences,
    prefill,
    progress,
    ratings,
    registers,
    reports,
    sessions,
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
    items.router,
    applications.router,
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
    supervision.router,
    matters.router,
    datasets.router,
    data_requests.router,
    registers.router,
    indicators.router,
)


def install(app: FastAPI) -> None:
    """Every page, and errors as pages. Call it after the API's own handlers are there."""
    for router in ROUTERS:
        app.include_router(router)
    errors.install(app)
