"""What a desk sees instead of a value."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import Column, FieldSources, FieldSpec
from app.domain.masking import HIDDEN, is_masked, mask, mask_address, mask_email, mask_name, mask_number
from app.domain.vocabulary import FieldKind, Grade, Text


def spec(kind: FieldKind = FieldKind.TEXT, grade: Grade = Grade.L3, zh: str = "姓名", **more: Any) -> FieldSpec:
    """A field of that kind and grade."""
    return FieldSpec(
        code="field", name=Text(zh, "field"), kind=kind, group="applicant", grade=grade, sources=FieldSources(), **more
    )


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("王示例", "王*"),
        ("王伟", "王*"),
        ("欧阳示例", "欧阳*"),
        ("欧阳", "欧*"),
        ("司马相如", "司马*"),
        ("Wang Shili", "W*"),
        (" 林示例 ", "林*"),
    ],
)
def test_a_name_keeps_its_surname_and_one_star(name: str, seen: str) -> None:
    assert mask_name(name) == seen


@pytest.mark.parametrize(
    ("kind", "value", "seen"),
    [
        (FieldKind.ID_NUMBER, "003301199503140029", "003*************29"),
        (FieldKind.PHONE, "10000000013", "100****0013"),
        (FieldKind.BANK_NUMBER, "0000000000000013", "************0013"),
        (FieldKind.EMAIL, "wang@example.com", "w***@example.com"),
        (FieldKind.DATE, "2026-03-06", "2026-**-**"),
        (FieldKind.ID_NUMBER, "00330", "*****"),
        (FieldKind.NUMBER, 6800, HIDDEN),
        (FieldKind.BOOL, True, HIDDEN),
        (FieldKind.CHOICE, "示例银行", HIDDEN),
        (FieldKind.LONG_TEXT, "一段说明", HIDDEN),
        (FieldKind.CHOICES, ["甲", "乙"], HIDDEN),
    ],
)
def test_each_kind_keeps_what_its_rule_says(kind: FieldKind, value: Any, seen: str) -> None:
    assert mask(spec(kind), value) == seen


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("浙江省衢州市柯城区示例路1号", "浙江省衢州市柯城区***"),
        ("衢州市江山市示例路1号2单元", "衢州市江山市***"),
        ("柯城区示例路1号", "柯城区***"),
        ("浙江省衢州市柯城区", "浙江省衢州市柯城区***"),
        ("示例路1号2单元301室", HIDDEN),
        ("", HIDDEN),
    ],
)
def test_an_address_is_told_down_to_its_county(address: str, seen: str) -> None:
    assert mask_address(address) == seen


@pytest.mark.parametrize("title", ["家庭住址", "户籍地址", "出生地", "房屋坐落"])
def test_an_address_is_known_by_the_name_of_its_field(title: str) -> None:
    assert mask(spec(zh=title), "柯城区示例路1号") == "柯城区***"


@pytest.mark.parametrize("grade", [Grade.L1, Grade.L2])
@pytest.mark.parametrize("kind", list(FieldKind))
def test_what_is_not_sensitive_is_shown_as_it_is(grade: Grade, kind: FieldKind) -> None:
    assert mask(spec(kind, grade), "王示例") == "王示例"
    assert not is_masked(spec(kind, grade), "王示例")


@pytest.mark.parametrize("blank", [None, "", " ", []])
def test_what_is_blank_stays_blank(blank: Any) -> None:
    assert mask(spec(), blank) == blank
    assert not is_masked(spec(), blank)


def test_a_table_is_masked_cell_by_cell() -> None:
    columns = (
        Column("name", Text("姓名", "Name"), FieldKind.TEXT),
        Column("id_number", Text("证件号码", "Number"), FieldKind.ID_NUMBER),
        Column("job", Text("岗位", "Job"), FieldKind.TEXT, required=False),
    )
    rows = [
        {"name": "王示例", "id_number": "00330819880105003X", "job": "厨师"},
        {"name": "欧阳示例", "job": None, "x": 1},
    ]
    assert mask(spec(FieldKind.TABLE, columns=columns), rows) == [
        {"name": "王*", "id_number": "003*************3X", "job": HIDDEN},
        {"name": "欧阳*", "job": None, "x": HIDDEN},
    ]
    assert mask(spec(FieldKind.TABLE, columns=columns), "not a table") == HIDDEN
    assert mask(spec(FieldKind.TABLE, columns=columns), ["not a row"]) == [HIDDEN]


@given(st.text(min_size=1, max_size=30), st.integers(0, 4), st.integers(0, 4))
def test_a_masked_number_never_tells_more_than_its_ends(number: str, head: int, tail: int) -> None:
    seen = mask_number(number, head, tail)
    plain = number.strip()
    assert len(seen) == len(plain)
    hidden = seen[head : len(seen) - tail] if len(plain) >= head + tail + 2 else seen
    assert set(hidden) <= {"*"}


@given(
    st.sampled_from([kind for kind in FieldKind if kind is not FieldKind.TABLE]),
    st.sampled_from([Grade.L3, Grade.L4]),
    st.sampled_from(["姓名", "地址", "说明"]),
    st.text(min_size=1, max_size=40).filter(lambda text: text.strip() != "" and "*" not in text),
)
def test_no_guarded_text_is_shown_whole(kind: FieldKind, grade: Grade, title: str, value: str) -> None:
    field = spec(kind, grade, title)
    if is_masked(field, value):
        assert mask(field, value) != value


def test_what_is_no_address_at_all_is_hidden() -> None:
    assert mask_email("nobody") == HIDDEN
    assert mask_email("@example.com") == HIDDEN
