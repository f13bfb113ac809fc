"""A form that is refused is shown again; what the sender may not know of is an error page."""

import asyncio

import pytest
from fastapi import Response

from app.domain.errors import Fault, InvalidInput, NotFound, RealIdentity, Refusal
from app.domain.vocabulary import Text
from app.web.again import Passing, ShownAgain, again, mended
from app.web.forms import Errors, errors_of

WRONG, NOTHING = Text("不对", "Wrong"), Text("没有", "Nothing")


def shown(refusal: Refusal | None, *faults: Fault, passing: Passing = (NotFound,)) -> str:
    """What a form is answered with when doing it is refused so."""

    def page(errors: Errors) -> Response:
        return Response(" ".join(name for name, _ in errors.listed()))

    async def sent() -> str:
        async with again(page, passing=passing) as found:
            found.extend(faults)
            mended(found)
            if refusal is not None:
                raise refusal
        return "done"

    try:
        return asyncio.run(sent())
    except ShownAgain as answer:
        return bytes(answer.page.body).decode()


def test_the_page_is_made_of_what_is_wrong() -> None:
    assert shown(None) == "done"
    assert shown(InvalidInput([Fault("/to", "missing", WRONG), Fault("/text/1", "missing", WRONG)])) == "to text.1"
    assert shown(None, Fault("/days", "too-long", WRONG)) == "days", "found before anything was done"


def test_what_is_not_there_is_an_error_page_unless_it_was_chosen_on_the_form() -> None:
    with pytest.raises(NotFound):
        shown(NotFound(NOTHING))
    assert shown(NotFound(NOTHING), passing=()) == ""


def test_a_page_may_take_its_time() -> None:
    async def page(errors: Errors) -> Response:
        await asyncio.sleep(0)
        return Response(str(len(errors.faults)))

    async def sent() -> None:
        async with again(page):
            raise InvalidInput([Fault("/to", "missing", WRONG)])

    with pytest.raises(ShownAgain) as answer:
        asyncio.run(sent())
    assert answer.value.page.body == b"1"


def test_a_number_that_is_not_repeated_is_named() -> None:
    assert errors_of(RealIdentity(WRONG, pointer="/form/id")).secret == "/form/id"
    assert errors_of(InvalidInput([Fault("/form/id", "missing", WRONG)])).secret is None
