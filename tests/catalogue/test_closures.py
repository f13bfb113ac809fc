"""An application lives by the version it was filed under: closures, digests and the way back."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from app.catalogue.build import bundle_closure, digest, library_from_closure
from app.catalogue.faults import PackError
from app.catalogue.loader import load, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.catalogue.conftest import PackWriter


def test_a_closure_holds_what_the_bundle_uses_and_nothing_else(pack: PackWriter) -> None:
    pack.add("more.yaml", "groups:\n  people: {zh: 人员, en: People}\n")
    closure = pack.load().closures["shop"]
    assert list(closure["items"]) == ["L0", "F1"]
    assert list(closure["fields"]) == ["shop_name", "area", "uscc", "town"], "in the pack's order"
    assert list(closure["lines"]) == ["market"], "water is used by nobody"
    assert list(closure["groups"]) == ["subject", "premises"]
    assert [each["region"] for each in closure["overrides"]] == ["330802"]
    assert closure["items"]["F1"]["hours"]["en"] == "Working days 9:00-17:00", "defaults are merged"
    assert not {"regions", "people", "stories"} & closure.keys()


def test_a_library_comes_back_from_its_stored_closure_equal(pack: PackWriter) -> None:
    catalogue = pack.load()
    stored = json.dumps(catalogue.closures["shop"], ensure_ascii=False)
    library = library_from_closure(json.loads(stored))
    assert library.bundles == catalogue.library.bundles, "with the digest"
    assert library.items == catalogue.library.items
    assert library.fields == catalogue.library.fields
    assert library.materials == catalogue.library.materials
    assert library.overrides == catalogue.library.overrides
    assert list(library.bundles["shop"].questions) == ["has_licence", "kind", "area_m2"], "still in order"
    assert digest(json.loads(stored)) == catalogue.library.bundles["shop"].digest


def test_the_built_in_bundles_come_back_equal_too() -> None:
    catalogue = load()
    for code, bundle in catalogue.library.bundles.items():
        library = library_from_closure(json.loads(json.dumps(catalogue.closures[code])))
        assert library.bundles[code] == bundle
        for section in ("items", "fields", "materials", "datasets", "certificates", "lines", "groups"):
            whole = getattr(catalogue.library, section)
            part = getattr(library, section)
            assert part == {name: whole[name] for name in part}
            assert list(part) == [name for name in whole if name in part]


def test_a_change_of_any_leaf_changes_the_digest(pack: PackWriter) -> None:
    closure = pack.load().closures["shop"]
    original = digest(closure)
    paths = list(_leaves(closure))
    assert len(paths) > 300
    for path in paths:
        changed = copy.deepcopy(closure)
        _replace(changed, path)
        assert digest(changed) != original, path


def test_the_order_of_questions_is_part_of_the_version(pack: PackWriter) -> None:
    closure = pack.load().closures["shop"]
    turned = copy.deepcopy(closure)
    questions = turned["bundles"]["shop"]["questions"]
    turned["bundles"]["shop"]["questions"] = dict(reversed(questions.items()))
    assert digest(turned) != digest(closure)


def test_an_unrelated_change_leaves_the_digest_alone(pack: PackWriter) -> None:
    before = pack.load().library.bundles["shop"].digest
    pack.change("en: Water company", "en: Water works").change(
        "{zh: 开店的人, en: Opens a shop}", "{zh: 店主, en: Owner}"
    )
    assert pack.load().library.bundles["shop"].digest == before
    assert len(before) == 64


def test_a_change_of_the_defaults_changes_the_digest(pack: PackWriter) -> None:
    before = pack.load().library.bundles["shop"].digest
    pack.change("{zh: 知情权, en: To be told}", "{zh: 知情权和陈述权, en: To be told and heard}")
    assert pack.load().library.bundles["shop"].digest != before


def test_the_closure_of_an_unknown_bundle_is_a_key_error(pack: PackWriter) -> None:
    with pytest.raises(KeyError):
        bundle_closure(read([pack.write()], include_builtin=False).pack, "nowhere")


@pytest.mark.parametrize(
    "stored",
    [
        [],
        {"people": {}},
        {"bundles": []},
        {"overrides": {}},
        {"bundles": {"shop": {}}},
        {"items": {"F1": 3}},
    ],
)
def test_what_is_no_closure_is_refused_in_words(stored: Any) -> None:
    with pytest.raises(PackError) as caught:
        library_from_closure(stored)
    assert all(fault.message.zh and fault.message.en for fault in caught.value.faults)


def _leaves(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _leaves(value, (*path, index))
    else:
        yield path


def _replace(data: Any, path: tuple[str | int, ...]) -> None:
    for part in path[:-1]:
        data = data[part]
    data[path[-1]] = "something else"
