"""好差评: rate a department's task or the whole errand, add to it later, and see what a department was given."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query, Response

from app.api.responses import READ, WRITE, WRITE_ONCE, link, linked, refusals
from app.schemas.common import Cursor
from app.schemas.ratings import Addition, DepartmentRatingsOut, NewRating, OwnRatingsOut, RatingLevelOut, RatingOut
from app.transport.doors import Doors
from app.transport.identity import IdempotencyKey, SignedIn, ThePlatform
from app.usecases import ratings

router = Doors(tags=["ratings 好差评"])

ApplicationId = Annotated[
    str, Path(alias="application_id", max_length=32, description="申请的 id / id of the application")
]


@router.get("/rating-levels", operation_id="listRatingLevels", responses=refusals())
async def list_rating_levels() -> list[RatingLevelOut]:
    """五个评价等级和可选标签。 / The five levels and the tags that go with each."""
    return ratings.levels()


@router.post(
    "/applications/{application_id}/ratings",
    operation_id="rateApplication",
    status_code=201,
    responses={
        **WRITE_ONCE,
        **linked(201, matter=link("showMatter", "The rectification.", matter_id="$response.body#/matter_id")),
    },
)
async def rate_application(
    context: SignedIn,
    platform: ThePlatform,
    response: Response,
    application_id: ApplicationId,
    wish: NewRating,
    key: IdempotencyKey = None,
) -> RatingOut:
    """评价一个事项或整件事（自愿）；差评即开始整改闭环。 / Rate one item or the whole; a bad review must be mended."""
    given = await platform.store.aperform(
        partial(ratings.give, context, application_id=application_id, wish=wish, key=key)
    )
    response.headers["Location"] = f"/api/v1/applications/{application_id}/ratings"
    return given


@router.get("/applications/{application_id}/ratings", operation_id="listOwnRatings", responses=READ)
async def list_own_ratings(context: SignedIn, platform: ThePlatform, application_id: ApplicationId) -> OwnRatingsOut:
    """我的评价，以及现在可以评价什么。 / What was rated, and what may be rated now."""
    return await platform.store.aread(partial(ratings.own, context, application_id=application_id))


@router.post("/applications/{application_id}/ratings/{rating_id}/addition", operation_id="addToRating", responses=WRITE)
async def add_to_rating(
    context: SignedIn,
    platform: ThePlatform,
    application_id: ApplicationId,
    rating_id: Annotated[str, Path(max_length=32, description="评价的 id / id of the rating")],
    wish: Addition,
) -> RatingOut:
    """追评一次，等级不变。 / Add to a rating, once; the level stays."""
    return await platform.store.aperform(
        partial(ratings.add, context, application_id=application_id, rating_id=rating_id, wish=wish)
    )


@router.get("/departments/{code}/ratings", operation_id="listDepartmentRatings", responses=READ)
async def list_department_ratings(
    context: SignedIn,
    platform: ThePlatform,
    code: Annotated[
        str, Path(max_length=80, description="机构代码 / code of the department", examples=["market.330802"])
    ],
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100, description="每页几条 / entries of a page")] = 20,
) -> DepartmentRatingsOut:
    """部门收到的评价：等级、标签、内容、月份，不含评价人。 / A department's ratings, without rater or case."""
    return await platform.store.aread(partial(ratings.of_department, context, code=code, cursor=cursor, limit=limit))
