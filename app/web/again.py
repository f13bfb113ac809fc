"""A form that is refused is shown again: everything that was typed, and what is wrong with it.

::

    async with again(partial(_page, visit, application_id, form)) as faults:
        reason = within(form.text("reason"), 2000, "/reason", faults)
        mended(faults)
        await visit.perform(…)
    return visit.go(…)
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from inspect import isawaitable

from fastapi import FastAPI, Request, Response

from app.domain.errors import Fault, InvalidInput, NotFound, Refusal
from app.web.forms import Errors, errors_of

Again = Callable[[Errors], Awaitable[Response] | Response]
Passing = tuple[type[Refusal], ...]


class ShownAgain(Exception):
    """Leaves the door with the page that answers instead."""

    def __init__(self, page: Response) -> None:
        super().__init__()
        self.page = page


@asynccontextmanager
async def again(page: Again, *, passing: Passing = (NotFound,)) -> AsyncIterator[list[Fault]]:
    """What is done with a form; a refusal ends it with the page for its errors, its form filled in as it was sent.

    Yields a list for faults found on the way, see :func:`mended`. ``passing`` are refusals that are error pages; what
    is missing is none where it was something to choose on the form.
    """
    try:
        yield []
    except passing:
        raise
    except Refusal as refusal:
        made = page(errors_of(refusal))
        raise ShownAgain(await made if isawaitable(made) else made) from None


def mended(faults: list[Fault]) -> None:
    """Raises :class:`InvalidInput` when there are any."""
    if faults:
        raise InvalidInput(faults)


def install(app: FastAPI) -> None:
    """Answer with the page that is shown again."""
    app.add_exception_handler(ShownAgain, _answered)


async def _answered(_: Request, shown: Exception) -> Response:
    if not isinstance(shown, ShownAgain):
        raise shown
    return shown.page
