"""好差评: choose a level, say why if you like, add to it later. Two steps, because tags go with the level."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Literal, get_args

from fastapi import Query, Request, Response

from app.schemas.matters import LevelCode
from app.schemas.ratings import Addition, NewRating, OwnRatingsOut, RatingLevelOut, WindowOut
from app.transport.doors import Doors
from app.usecases import applications, ratings
from app.web.again import again
from app.web.forms import NONE, Errors, Typed, typed
from app.web.progress import no_such_part
from app.web.rendering import query
from app.web.visits import Visit, Visiting

router = Doors(include_in_schema=False)

StageCode = Literal["intake", "acceptance", "finish"]
LEVELS: Mapping[str, LevelCode] = {code: code for code in get_args(LevelCode)}
STAGES: Mapping[str, StageCode] = {code: code for code in get_args(StageCode)}


@router.get("/applications/{application_id}/ratings")
async def show_ratings(visit: Visiting, application_id: str) -> Response:
    """What was rated, and what may be rated now."""
    return await _page(visit, application_id, NONE, {})


@router.get("/applications/{application_id}/ratings/new")
async def show_new(
    visit: Visiting,
    application_id: str,
    item: Annotated[str, Query(max_length=64)] = "",
    stage: Annotated[str, Query(max_length=20)] = "finish",
    level: Annotated[str, Query(max_length=30)] = "",
) -> Response:
    """Tags and words for the level that was chosen."""
    return await _new(visit, application_id, (item, stage, level), Typed(), NONE)


@router.post("/applications/{application_id}/ratings/new")
async def rate(visit: Visiting, request: Request, application_id: str) -> Response:
    """Give it."""
    form = await typed(request)
    item, stage, level = form.text("item"), form.text("stage"), form.text("level")
    if level not in LEVELS or stage not in STAGES:
        raise no_such_part()
    text = form.text("text")
    here = visit.at(visit.request.url.path + query(item=item, stage=stage, level=level))
    async with again(partial(_new, here, application_id, (item, stage, level), form)):
        wish = NewRating(
            item=item or None,
            stage=STAGES[stage],
            level=LEVELS[level],
            tags=form.texts("tags")[:5],
            text=text[:500] or None,
        )
        await visit.perform(ratings.give, application_id=application_id, wish=wish)
    return visit.go(f"/applications/{application_id}/ratings", "rated")


@router.post("/applications/{application_id}/ratings/{rating_id}/addition")
async def add(visit: Visiting, request: Request, application_id: str, rating_id: str) -> Response:
    """追评."""
    text = (await typed(request)).text(f"text.{rating_id}")
    here, own = visit.at(f"/applications/{application_id}/ratings"), f"/text/{rating_id}"
    async with again(lambda errors: _page(here, application_id, errors.renamed("/text", own), {rating_id: text})):
        wish = Addition(text=text[:500])
        await visit.perform(ratings.add, application_id=application_id, rating_id=rating_id, wish=wish)
    return visit.go(f"/applications/{application_id}/ratings", "rated")


async def _page(visit: Visit, application_id: str, errors: Errors, texts: dict[str, str]) -> Response:
    application = await visit.perform(applications.show, application_id=application_id)
    own: OwnRatingsOut = await visit.read(ratings.own, application_id=application_id)
    return visit.page(
        "ratings",
        422 if errors else 200,
        it=application,
        own=own,
        levels=ratings.levels(),
        tasks={task.item: task for task in application.tasks},
        errors=errors,
        texts=texts,
    )


async def _new(visit: Visit, application_id: str, what: tuple[str, str, str], form: Typed, errors: Errors) -> Response:
    item, stage, level = what
    application = await visit.perform(applications.show, application_id=application_id)
    own: OwnRatingsOut = await visit.read(ratings.own, application_id=application_id)
    window = _window(own, item, stage)
    chosen = _level(level)
    return visit.page(
        "rating_new",
        422 if errors else 200,
        it=application,
        window=window,
        level=chosen,
        task=next((task for task in application.tasks if task.item == item), None),
        tags=form.texts("tags"),
        text=form.text("text"),
        errors=errors,
    )


def _window(own: OwnRatingsOut, item: str, stage: str) -> WindowOut:
    found = next((w for w in own.open if (w.item or "") == item and w.stage.code == stage), None)
    if found is None:
        raise no_such_part()
    return found


def _level(code: str) -> RatingLevelOut:
    found = next((level for level in ratings.levels() if level.level.code == code), None)
    if found is None:
        raise no_such_part()
    return found
