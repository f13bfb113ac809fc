"""Regions: the code tells the level, the tree tells the way up, and every fault of a list is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.regions import (
    Region,
    RegionCodeError,
    RegionTree,
    bounds,
    faults,
    is_within,
    level_of,
    parent_code,
    part_of,
)
from app.domain.vocabulary import Level, Text

NAMES = {
    "330000": ("浙江省", "Zhejiang"),
    "330100": ("杭州市", "Hangzhou"),
    "330106": ("西湖区", "Xihu"),
    "330800": ("衢州市", "Quzhou"),
    "330802": ("柯城区", "Kecheng"),
    "330803": ("衢江区", "Qujiang"),
    "330802006": ("府山街道", "Fushan"),
    "330802100": ("石梁镇", "Shiliang"),
    "330802006990": ("示范社区", "Demonstration Community"),
    "360000": ("江西省", "Jiangxi"),
    "361100": ("上饶市", "Shangrao"),
}


def region(code: str, zh: str = "示例", en: str = "Example") -> Region:
    return Region(code, Text(zh, en), level_of(code), parent_code(code))


REGIONS = [region(code, *names) for code, names in NAMES.items()]
TREE = RegionTree(REGIONS)


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("330000", Level.PROVINCE, None),
        ("330800", Level.CITY, "330000"),
        ("330881", Level.COUNTY, "330800"),
        ("330802006", Level.TOWNSHIP, "330802"),
        ("330881112990", Level.VILLAGE, "330881112"),
        ("441900003", Level.TOWNSHIP, "441900"),
    ],
)
def test_the_code_alone_tells_level_and_parent(code: str, level: Level, parent: str | None) -> None:
    assert level_of(code) is level
    assert parent_code(code) == parent


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("", "digits"),
        ("33080", "6 digits"),
        ("3308020", "6 digits"),
        ("33080a", "digits"),
        ("３３０８０２", "digits"),
        (" 33080", "digits"),
        ("000000", "begins with a province"),
        ("330002", "needs its city"),
        ("330000001", "not of a province"),
        ("330802000", "drop the zeros"),
        ("330802006000", "drop the zeros"),
        ("330802000001", "drop the zeros"),
        ("3" * 10_000, "6 digits"),
    ],
)
def test_a_wrong_code_is_refused_with_a_way_to_mend_it_in_both_languages(code: str, says: str) -> None:
    with pytest.raises(RegionCodeError) as caught:
        parent_code(code)
    assert says in caught.value.message.en
    assert caught.value.message.zh.endswith("。")


@given(st.from_regex(r"[1-9][0-9]([0-9]{4}|[0-9]{7}|[0-9]{10})", fullmatch=True))
def test_going_up_from_any_sound_code_ends_at_its_province(code: str) -> None:
    try:
        level = level_of(code)
    except RegionCodeError:
        return
    steps = 0
    here: str | None = code
    while here is not None and (above := parent_code(here)) is not None:
        assert level_of(above).depth < level_of(here).depth
        here, steps = above, steps + 1
    assert here == f"{code[:2]}0000"
    assert steps <= level.depth


def test_the_tree_reads_like_a_mapping_in_code_order() -> None:
    assert TREE["330802"].name.zh == "柯城区"
    assert "330802" in TREE
    assert "999999" not in TREE
    assert list(TREE) == sorted(NAMES)
    assert len(TREE) == len(NAMES)
    with pytest.raises(KeyError):
        TREE["999999"]


def test_ancestors_begin_with_the_region_and_end_with_the_province() -> None:
    chain = [found.code for found in TREE.ancestors("330802006990")]
    assert chain == ["330802006990", "330802006", "330802", "330800", "330000"]


def test_children_are_the_regions_directly_inside() -> None:
    assert [found.code for found in TREE.children("330800")] == ["330802", "330803"]
    assert TREE.children("330802006990") == ()


def test_a_village_finds_its_county_and_a_city_has_no_county_above() -> None:
    county = TREE.at_level("330802006990", Level.COUNTY)
    assert county is not None
    assert county.code == "330802"
    assert TREE.at_level("330802", Level.COUNTY) is TREE["330802"]
    assert TREE.at_level("330800", Level.COUNTY) is None


def test_the_path_is_widest_first_in_chinese_and_narrowest_first_in_english() -> None:
    assert TREE.path("330802") == Text("浙江省 衢州市 柯城区", "Kecheng, Quzhou, Zhejiang")
    assert TREE.path("330000") == Text("浙江省", "Zhejiang")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("柯城", "330802"),
        ("kecheng district", "330802"),
        ("Quzou", "330800"),
        ("demonstration", "330802006990"),
        ("区", None),
        ("33082", "330802"),
        ("330802", "330802"),
        ("", None),
        ("量子力学", None),
        ("柯" * 100_000, None),
    ],
)
def test_a_mistyped_code_or_name_gets_a_suggestion(typed: str, meant: str | None) -> None:
    assert TREE.nearest(typed) == meant


def test_every_fault_of_a_list_is_told_not_only_the_first() -> None:
    broken = [
        *REGIONS,
        region("330802"),
        region("330902"),
        Region("3308", Text("短", "Short"), Level.CITY, "330000"),
        Region("330822", Text("常山县", "Changshan"), Level.CITY, "330800"),
        Region("330824", Text("开化县", "Kaihua"), Level.COUNTY, "361100"),
        Region("350000", Text("福建省", "Fujian"), Level.PROVINCE, "330000"),
        Region("330825", Text("龙游县", "Longyou"), Level.COUNTY, None),
    ]
    found = faults(broken)
    assert [code for code, _ in found] == ["330802", "330902", "3308", "330822", "330824", "350000", "330825"]
    told = " ".join(fault.en for _, fault in found)
    for word in ("twice", "not listed", "6 digits", "says county", "not above", "no parent", "missing"):
        assert word in told
    with pytest.raises(RegionCodeError, match=r"7 fault"):
        RegionTree(broken)


def test_a_sound_list_has_no_faults_and_an_empty_one_is_an_empty_tree() -> None:
    assert faults(REGIONS) == []
    assert list(RegionTree([])) == []


def test_a_county_of_a_municipality_may_hang_directly_under_it() -> None:
    tree = RegionTree([region("110000"), Region("110101", Text("东城区", "Dongcheng"), Level.COUNTY, "110000")])
    assert [found.code for found in tree.ancestors("110101")] == ["110101", "110000"]
    assert not tree.follows_codes("110000")
    assert all(TREE.follows_codes(code) for code in TREE)


@given(st.sampled_from(sorted(NAMES)), st.sampled_from(sorted(NAMES)))
def test_codes_alone_tell_the_parts_of_an_area_where_the_tree_follows_them(area: str, code: str) -> None:
    chain = [found.code for found in TREE.ancestors(code)]
    first, end = bounds(area)
    assert (first <= code < end) == is_within(code, area) == (area in chain)
    if area in chain:
        assert part_of(area, code) == chain[max(0, chain.index(area) - 1)]
