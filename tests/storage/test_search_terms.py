"""How text is folded, cut and read aloud before it is searched."""

import pytest

from app.storage.search_pinyin import READINGS, spoken
from app.storage.search_terms import fold, in_order, one_slip_apart, parse, spread


@pytest.mark.parametrize(
    ("title", "sound"),
    [
        ("办理", "banli"),
        ("一件事", "yijianshi"),
        ("联合报装", "lianhebaozhuang"),
        ("转移登记", "zhuanyidengji"),
        ("户口", "hukou"),
        ("重新申请", "chongxinshenqing"),
        ("重办", "chongban"),
        ("重大项目", "zhongdaxiangmu"),
        ("银行", "yinhang"),
        ("支行", "zhihang"),
        ("行政许可", "xingzhengxuke"),
        ("食品行业", "shipinhangye"),
        ("卷烟", "juanyan"),
        ("参保", "canbao"),
        ("长期护理", "changqihuli"),
        ("长护险", "changhuxian"),
        ("员工长大", "yuangongzhangda"),
        ("体重测量", "tizhongceliang"),
        ("供给", "gongji"),
        ("会计", "kuaiji"),
        ("还建房", "huanjianfang"),
        ("单县", "shanxian"),
        ("单位", "danwei"),
        ("浚县", "xunxian"),
        ("丽水", "lishui"),
        ("绿地", "ludi"),
        ("4S店", "4sdian"),
    ],
)
def test_words_with_several_readings_are_read_as_the_field_reads_them(title: str, sound: str) -> None:
    assert spoken(title).sound == sound


def test_every_corrected_reading_has_one_syllable_per_character() -> None:
    assert {word for word, syllables in READINGS.items() if len(word) != len(syllables)} == set()


def test_a_character_without_a_known_reading_keeps_the_others_in_place() -> None:
    reading = spoken("\U00030000\U00030001店")
    assert len(reading.begins) == 4
    assert reading.sound.endswith("dian")


def test_folding_separates_words_and_traces_every_letter_back() -> None:
    folded = fold("开 Café、Ａ１!")
    assert folded.text == "开cafea1"
    assert folded.words == ("cafe", "a1")
    assert "".join("开 Café、Ａ１!"[at] for at in folded.origins) == "开CaféＡ１"
    assert fold("e\u0301tat").words == ("etat",)


def test_a_parsed_query_has_bounds() -> None:
    query = parse("开饭店" * 1000)
    assert query is not None
    assert len(query.phrase) == 64
    many = parse("ab " * 1000)
    assert many is not None
    assert len(many.words) == 8


def test_order_spread_and_slips_are_measured_by_character() -> None:
    assert in_order("社保", "社会保险")
    assert not in_order("保社", "社会保险")
    assert spread("开饭店", "在开县开小饭店") == 4
    assert spread("饭开", "开饭") == 0
    assert spread("开", "") == 0
    assert one_slip_apart("restaurnat", "restaurant")
    assert one_slip_apart("licens", "license")
    assert one_slip_apart("licence", "license")
    assert not one_slip_apart("lisense", "licence")
    assert not one_slip_apart("fire", "water")
