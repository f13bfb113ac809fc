"""Visitors for the tests of the pages."""

from collections.abc import Callable

import pytest

from tests.databases import SQLITE
from tests.doors import Doors
from tests.web.visitors import Visitor


@pytest.fixture(scope="session")
def database_kind() -> str:
    """Pages show the read models of use cases, which are told on both databases; errands are (``test_citizen.py``)."""
    return SQLITE


@pytest.fixture
def visitor(doors: Doors) -> Visitor:
    """Somebody who has not signed in, at an app of one's own."""
    return Visitor(doors)


@pytest.fixture
def visit_as(doors: Doors) -> Callable[[str], Visitor]:
    """``visit_as(account)``: a browser of somebody who has signed in."""
    return lambda account: Visitor(doors).sign_in(account)
