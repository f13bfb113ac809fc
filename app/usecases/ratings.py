"""好差评: rate, add to it later, see what one's department was given. Who rated is told to no desk."""

from app.domain import ratings
from app.domain.applications import Application
from app.domain.errors import Fault, InvalidInput, NotFound
from app.domain.indicators import INDICATORS
from app.domain.matters import Because, MatterKind, hall_of, id_of
from app.domain.rating_tallies import counts_of, facts_of_rating
from app.domain.ratings import TAGS, Judgement, Rating, RatingLevel, RatingStage, RatingTag, Window
from app.domain.supervision import Opening, open_matter
from app.domain.vocabulary import Role, Text
from app.schemas.common import Bilingual, Term
from app.schemas.ratings import (
    Addition,
    DepartmentRatingsOut,
    NewRating,
    OwnRatingsOut,
    RatingLevelOut,
    RatingOut,
    ReceivedOut,
    WindowOut,
)
from app.storage import matter_rows
from app.storage.changes import Changes
from app.storage.mapping import with_facts
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import access, once, paging
from app.usecases.accounts import department
from app.usecases.context import Context
from app.usecases.names import office_name
from app.usecases.safety import refuse_real_numbers

NOTE = Text(
    "教学演示：指标公式参照通行做法，仅供示例；评价人信息不向被评价单位提供。",
    "Demonstration: formulas follow common practice and are illustrative; who rated is never told to the rated office.",
)


def levels() -> list[RatingLevelOut]:
    """The five levels and their tags."""
    return [
        RatingLevelOut(
            level=Term.of(level), stars=level.stars, is_bad=level.is_bad, tags=[Term.of(tag) for tag in TAGS[level]]
        )
        for level in RatingLevel
    ]


def give(
    context: Context, reader: Reader, application_id: str, wish: NewRating, key: str | None = None
) -> Outcome[RatingOut]:
    """Rate one item at one stage, or the whole. A bad review opens its rectification in the same transaction. With a
    key already used, the rating given then.

    Raises :class:`ActionNotAllowed` when it cannot be rated now or has been, :class:`InvalidInput`.
    """
    refuse_real_numbers(wish.model_dump())
    context.acting(Role.APPLICANT, Role.AGENT)
    case = access.application(context, reader, application_id)
    request, given = {"rate": application_id, **wish.model_dump(mode="json")}, matter_rows.ratings_of(reader, case.id)
    known = once.seen(context, reader, key, request)
    if (earlier := next((rating for rating in given if rating.id == known), None)) is not None:
        return Outcome(_own(context, earlier))
    stage = RatingStage[wish.stage.upper()]
    judgement = ratings.checked(Judgement(RatingLevel[wish.level.upper()], _tags(wish.tags), wish.text))
    ratings.must_be_open(case, wish.item, stage, given, context.moment.today)
    rating = _rating(context, case, wish.item, stage, judgement)
    changes = with_facts(Changes().also("rating", matter_rows.rating_row(rating)), {}, facts_of_rating(rating))
    if rating.level.is_bad:
        p = open_matter(_rectification(case, rating), context.actor, context.moment)
        changes = changes.together(matter_rows.opened(p))
    return Outcome(_own(context, rating), once.remember(context, key, request, rating.id, changes))


def add(context: Context, reader: Reader, application_id: str, rating_id: str, wish: Addition) -> Outcome[RatingOut]:
    """追评."""
    refuse_real_numbers(wish.model_dump())
    context.acting(Role.APPLICANT, Role.AGENT)
    case = access.application(context, reader, application_id)
    before = next((found for found in matter_rows.ratings_of(reader, case.id) if found.id == rating_id), None)
    if before is None:
        raise NotFound(Text("没有找到这条评价。", "There is no such rating."))
    after = ratings.add(before, wish.text, context.moment)
    return Outcome(_own(context, after), Changes(updates=[matter_rows.rating_changed(before, after)]))


def own(context: Context, reader: Reader, application_id: str) -> OwnRatingsOut:
    """What the applicant's side has rated, and what it may still rate."""
    context.acting(Role.APPLICANT, Role.AGENT)
    case = access.application(context, reader, application_id)
    given = matter_rows.ratings_of(reader, case.id)
    taken = {(rating.item, rating.stage) for rating in given}
    return OwnRatingsOut(
        given=[_own(context, rating) for rating in given],
        open=[
            _window(window)
            for window in ratings.windows(case, context.moment.today)
            if (window.item, window.stage) not in taken
        ],
    )


def of_department(context: Context, reader: Reader, code: str, cursor: str | None, limit: int) -> DepartmentRatingsOut:
    """What a department was given, for its own officers and the supervision above; without person, case or day."""
    who = context.acting(Role.OFFICER, Role.SUPERVISOR)
    found = department(context.world, code)
    regions = context.world.catalogue.regions
    above = {place.code for place in regions.ancestors(found.region)} if found else set()
    if found is None or (who.department != code if who.role is Role.OFFICER else who.region not in above):
        raise NotFound(Text("没有找到这个部门的评价。", "There are no such ratings."))
    position = paging.position(cursor, 2)
    before = (position[0], position[1]) if position else None
    received = matter_rows.ratings_for(reader, code, before, limit + 1)
    counts, page = matter_rows.levels_for(reader, code), received[:limit]
    return DepartmentRatingsOut(
        department=code,
        name=Bilingual.of(found.name),
        counts={level.value: count for level, count in counts.items()},
        satisfaction=INDICATORS["satisfaction"].ratio(counts_of(counts)),
        bad_share=INDICATORS["bad_ratings"].ratio(counts_of(counts)),
        entries=[_received(rating) for rating in page],
        next=paging.cursor(page[-1].month, page[-1].id) if len(received) > limit else None,
        note=Bilingual.of(NOTE),
    )


def _tags(names: list[str]) -> tuple[RatingTag, ...]:
    known = {tag.value: tag for tag in RatingTag}
    faults = [
        Fault(f"/tags/{place}", "unknown-tag", Text("没有这个标签，见评价等级列表。", "No such tag: see the levels."))
        for place, name in enumerate(names)
        if name not in known
    ]
    if faults:
        raise InvalidInput(faults)
    return tuple(known[name] for name in names)


def _rating(context: Context, case: Application, item: str | None, stage: RatingStage, judgement: Judgement) -> Rating:
    hall = hall_of(case.region, context.world.catalogue.regions)
    return Rating(
        id=f"{context.dice.below(1 << 128):032x}",
        application_id=case.id,
        bundle=case.bundle,
        item=item,
        department=hall if item is None else case.tasks[item].department,
        region=case.region,
        stage=stage,
        level=judgement.level,
        tags=judgement.tags,
        text=judgement.text,
        created_at=context.at,
        created_by=context.actor.account,
    )


def _rectification(case: Application, rating: Rating) -> Opening:
    return Opening(
        kind=MatterKind.BAD_REVIEW,
        trail=rating.id,
        because=Because.BAD_REVIEW,
        application_id=case.id,
        reference=case.reference,
        item=rating.item,
        region=case.region,
        owner=rating.department,
        rating_id=rating.id,
        hides_case=True,
    )


def _own(context: Context, rating: Rating) -> RatingOut:
    matter_id = id_of(f"{MatterKind.BAD_REVIEW.value}:{rating.id}") if rating.level.is_bad else None
    return RatingOut(
        id=rating.id,
        item=rating.item,
        department=rating.department,
        department_name=office_name(context, rating.department),
        stage=Term.of(rating.stage),
        level=Term.of(rating.level),
        tags=[Term.of(tag) for tag in rating.tags],
        text=rating.text,
        created_at=rating.created_at,
        addition=rating.addition,
        added_at=rating.added_at,
        rerated=Term.maybe(rating.rerated),
        rerated_at=rating.rerated_at,
        is_annulled=rating.annulled_at is not None,
        matter_id=matter_id,
    )


def _window(window: Window) -> WindowOut:
    return WindowOut(
        item=window.item,
        stage=Term.of(window.stage),
        until=window.until,
        because=Bilingual.maybe(window.because),
    )


def _received(rating: Rating) -> ReceivedOut:
    return ReceivedOut(
        level=Term.of(rating.level),
        tags=[Term.of(tag) for tag in rating.tags],
        text=rating.text,
        addition=rating.addition,
        month=rating.month,
    )
