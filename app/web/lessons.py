"""Lessons: the ideas of the field one by one, each with the screens and the API calls where it can be tried."""

from fastapi import Response

from app.domain.errors import NotFound
from app.domain.vocabulary import Text
from app.schemas.accounts import AccountOut
from app.transport.doors import Doors
from app.usecases import accounts
from app.usecases.accounts import account_out
from app.web.lesson import Lesson
from app.web.lessons_citizen import CITIZEN
from app.web.lessons_office import OFFICE
from app.web.operations import operations_of
from app.web.visits import Visit, Visiting

router = Doors(include_in_schema=False)

LESSONS = {lesson.code: lesson for lesson in (*CITIZEN, *OFFICE)}
NONE_SUCH = Text("没有这一课。", "There is no such lesson.")


@router.get("/lessons")
async def list_lessons(visit: Visiting) -> Response:
    """Every lesson in a sentence."""
    return visit.page("lessons", citizen=CITIZEN, office=OFFICE)


@router.get("/lessons/{code}")
async def show_lesson(visit: Visiting, code: str) -> Response:
    """One lesson, with its steps for whoever is to take them."""
    lesson = LESSONS.get(code)
    if lesson is None:
        raise NotFound(NONE_SUCH)
    codes = list(LESSONS)
    after = codes[(codes.index(code) + 1) % len(codes)]
    known = operations_of(visit.request.app)
    return visit.page(
        "lesson",
        it=lesson,
        people=_people(visit, lesson),
        calls=[known[call] for call in lesson.calls],
        after=LESSONS[after],
    )


def _people(visit: Visit, lesson: Lesson) -> dict[str, AccountOut]:
    found = (accounts.account(visit.context.world, step.who) for step in lesson.steps if step.who)
    return {entry.code: account_out(entry) for entry in found if entry is not None}
