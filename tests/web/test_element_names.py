"""An item in the catalogue is read in words, not in the keys and codes of its file."""

from typing import Any

from app.usecases.catalogue import show_item
from app.web.element_names import NAMES, WORDS, value_of
from tests.doors import Doors
from tests.web.visitors import Visitor


def keys(value: Any) -> set[str]:
    """Every key in it, texts in two languages aside."""
    if isinstance(value, dict):
        own = set() if {"zh", "en"} <= value.keys() else set(value)
        return own.union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def test_every_element_of_every_item_has_a_name(shared_doors: Doors) -> None:
    world = shared_doors.platform.world
    found = [show_item(world, code, "330802").elements for code in world.library.items]
    assert set().union(*map(keys, found)) - NAMES.keys() == set()
    assert WORDS.keys() <= NAMES.keys()


def test_a_code_is_read_as_its_word_and_a_name_as_it_stands() -> None:
    assert value_of("power_source", "own").en != "own"
    assert value_of("unit", "own").zh == "own"


def test_a_limit_is_days_of_a_kind(shared_doors: Doors) -> None:
    visitor = Visitor(shared_doors).sign_in("officer.market.330802.1")
    said = visitor.go("/catalogue/items/F1").one("main").text
    assert "送达时限：5 工作日" in said
    assert "类型：出证办结" in said
