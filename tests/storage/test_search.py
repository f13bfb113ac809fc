"""What people type and what they find."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import run

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.vocabulary import Text
from app.storage import search_readings
from app.storage.search import Highlights, Hit, SearchDocument, SearchIndex
from app.storage.search_pinyin import spoken
from app.storage.search_terms import fold

ROOT = Path(__file__).parents[2]

CATERING = SearchDocument(
    "bundle",
    "catering",
    Text("开办餐饮店", "Open a restaurant"),
    Text("食品经营许可、消防安全检查和户外招牌一次申请。", "Food, fire safety and the sign in one application."),
    ("开饭店", "开餐馆", "开小吃店", "open a restaurant", "café"),
)
BIRTH = SearchDocument(
    "bundle",
    "birth",
    Text("新生儿出生", "Birth of a child"),
    Text("出生医学证明、上户口、参保一次办完。", "Birth certificate, household registration and insurance."),
    ("生孩子", "上户口", "宝宝落户", "newborn"),
)
RETIRE = SearchDocument("bundle", "retire", Text("退休", "Retirement"), keywords=("领养老金", "pension"))
STARTUP = SearchDocument(
    "bundle", "startup", Text("企业开办", "Start a company"), keywords=("开公司", "注册公司", "办执照")
)
UTILITY = SearchDocument(
    "bundle",
    "utility",
    Text("水电气网联合报装", "Joint connection of water, power, gas and network"),
    keywords=("通水通电", "装宽带"),
)
HOUSE = SearchDocument(
    "bundle",
    "house",
    Text("二手房转移登记及水电气联动过户", "Transfer of a second-hand home"),
    keywords=("买房", "卖房", "房屋过户"),
)
FOOD = SearchDocument("item", "F1", Text("食品经营许可(新办)", "Food business licence (new)"), keywords=("卫生许可证",))
HUKOU = SearchDocument("item", "B3", Text("出生户口登记", "Household registration at birth"), keywords=("上户口",))
FIRE = SearchDocument(
    "item", "X1", Text("公众聚集场所投入使用、营业前消防安全检查", "Fire safety inspection before opening")
)
INSURANCE = SearchDocument("item", "E4", Text("企业社会保险登记与员工参保", "Social insurance of a company"))
GREEN = SearchDocument("item", "A4", Text("临时占用绿地、迁移树木审批", "Use of green space, moving of trees"))
SUPPLY = SearchDocument("item", "U1", Text("供水报装", "Water connection"))
FUND = SearchDocument("item", "R7", Text("离退休提取住房公积金", "Withdrawal of the housing fund on retirement"))
AREA = SearchDocument("question", "catering/area_m2", Text("经营场所使用面积（平方米）？", "Floor area in m²?"))
FOLLOW = SearchDocument("question", "birth/follow", Text("宝宝随谁落户？", "Whose household does the child join?"))
DOCUMENTS = (
    *(CATERING, BIRTH, RETIRE, STARTUP, UTILITY, HOUSE),
    *(FOOD, HUKOU, FIRE, INSURANCE, GREEN, SUPPLY, FUND, AREA, FOLLOW),
)
INDEX = SearchIndex(DOCUMENTS)


def codes(query: str, index: SearchIndex = INDEX) -> list[str]:
    return [hit.document.code for hit in index.search(query)]


def best(query: str, index: SearchIndex = INDEX) -> Hit:
    found = index.search(query)
    assert found, f"nothing found for {query!r}"
    return found[0]


def marked(hit: Hit) -> tuple[list[str], list[str]]:
    """The highlighted pieces of the Chinese and of the English title."""
    title = hit.document.title
    return [title.zh[a:b] for a, b in hit.highlights.zh], [title.en[a:b] for a, b in hit.highlights.en]


def small(*documents: tuple[str, str, str, float]) -> SearchIndex:
    """An index of (kind, code, Chinese title, weight)."""
    return SearchIndex(SearchDocument(kind, code, Text(zh, ""), weight=weight) for kind, code, zh, weight in documents)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("开办餐饮店", "catering"),
        ("开饭店", "catering"),
        ("开个饭店", "catering"),
        ("我想在县城开一家小饭店需要什么手续", "catering"),
        ("生孩子", "birth"),
        ("上户口", "birth"),
        ("怎么办退休", "retire"),
        ("领养老金", "retire"),
        ("开公司", "startup"),
        ("装宽带", "utility"),
        ("房屋过户", "house"),
        ("食品经营许可（新办）", "F1"),
        ("消防检查", "X1"),
        ("使用营业", "X1"),
        ("社保", "E4"),
        ("公积金", "R7"),
        ("面积", "catering/area_m2"),
    ],
)
def test_everyday_chinese_finds_the_service_people_mean(query: str, code: str) -> None:
    assert codes(query)[0] == code


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("kaifandian", "catering"),
        ("kai fan dian", "catering"),
        ("kāi fàn diàn", "catering"),
        ("KaiBanCanYinDian", "catering"),
        ("canyin", "catering"),
        ("kfd", "catering"),
        ("kbcyd", "catering"),
        ("tuixiu", "retire"),
        ("tuixi", "retire"),
        ("lvdi", "A4"),
        ("lüdi", "A4"),
        ("lyudi", "A4"),
        ("shipin xuke", "F1"),
        ("食品xuke", "F1"),
        ("gongjijin", "R7"),
    ],
)
def test_pinyin_with_and_without_spaces_and_its_initials_find_the_title(query: str, code: str) -> None:
    assert codes(query)[0] == code


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("restaurant", "catering"),
        ("RESTAURANTS", "catering"),
        ("restau", "catering"),
        ("restaurnat", "catering"),
        ("how to open a restaurant", "catering"),
        ("cafe", "catering"),
        ("ＣＡＦÉ", "catering"),
        ("pension", "retire"),
        ("food licence", "F1"),
        ("f1", "F1"),
        ("Ｆ１", "F1"),
        ("catering/area_m2", "catering/area_m2"),
    ],
)
def test_english_words_their_beginnings_and_slips_and_codes_find_the_document(query: str, code: str) -> None:
    assert codes(query)[0] == code


def test_a_single_character_finds_every_title_that_holds_it() -> None:
    assert codes("店")[0] == "catering"
    assert set(codes("户")) >= {"house", "B3", "birth/follow"}


def test_a_stop_word_alone_does_not_match_half_the_catalogue() -> None:
    assert codes("how to") == []
    assert "utility" not in codes("开饭店 and")


def test_relevance_goes_from_exact_over_prefix_and_phrase_to_pairs_and_some_pairs() -> None:
    index = small(
        ("item", "some", "食品经菅许可", 1.0),
        ("item", "all", "食品安全与品经理和经营店及营许办许可", 1.0),
        ("item", "contains", "网络食品经营许可", 1.0),
        ("item", "prefix", "食品经营许可证补办", 1.0),
        ("item", "exact", "食品经营许可", 1.0),
    )
    hits = index.search("食品经营许可")
    assert [hit.document.code for hit in hits] == ["exact", "prefix", "contains", "all", "some"]
    assert [int(hit.score) for hit in hits] == [7, 6, 5, 4, 2]


def test_an_exact_keyword_outranks_a_title_that_only_contains_the_phrase() -> None:
    index = SearchIndex(
        [
            SearchDocument("bundle", "long", Text("代办开饭店手续", "")),
            SearchDocument("question", "word", Text("经营业态？", ""), keywords=("开饭店",)),
        ]
    )
    assert codes("开饭店", index) == ["word", "long"]


def test_bundles_stand_above_items_above_questions_at_equal_relevance() -> None:
    index = small(("question", "a", "户口", 1.0), ("item", "b", "户口", 1.0), ("bundle", "c", "户口", 1.0))
    assert codes("户口", index) == ["c", "b", "a"]


def test_a_heavier_document_stands_first_among_equals_and_ties_go_by_code() -> None:
    index = small(("item", "z", "户口", 9.0), ("item", "b", "户口", 1.0), ("item", "a", "户口", 1.0))
    assert codes("户口", index) == ["z", "a", "b"]


def test_one_wrong_character_still_finds_but_ranks_below_the_right_spelling() -> None:
    right, wrong = best("食品经营许可"), best("食品经萤许可")
    assert right.document == wrong.document == FOOD
    assert wrong.score < right.score
    for typed in ("新生儿出声", "供水抱装", "联合保装", "出升户口"):
        assert codes(typed), typed


@pytest.mark.parametrize(
    ("query", "code"), [("退修", "retire"), ("开饭电", "catering"), ("我想开饭电", "catering"), ("新声儿", "birth")]
)
def test_the_wrong_character_of_the_right_sound_still_finds(query: str, code: str) -> None:
    assert codes(query)[0] == code


def test_dictionaries_are_not_loaded_for_what_somebody_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pypinyin", raising=False)
    monkeypatch.setattr(search_readings, "_known", {"退": ("tui",), "修": ("xiu",)})
    assert search_readings.sound("退修") == "tuixiu"
    assert search_readings.sound("退龘") is None
    assert "pypinyin" not in sys.modules


def test_what_sounds_alike_by_half_a_syllable_is_not_found() -> None:
    index = small(("item", "join", "参加保险", 1.0))
    assert codes("惨迹", index) == [], "canji is not the beginning of can jia"


def test_unrelated_titles_that_share_a_character_are_not_found() -> None:
    assert "startup" not in codes("食品经营")
    assert codes("宇宙飞船发射") == []
    assert codes("xyzxyz") == []


def test_the_everyday_word_is_named_only_when_it_is_the_reason() -> None:
    assert best("开饭店").matched_keyword == "开饭店"
    assert best("kaifandian").matched_keyword == "开饭店"
    assert best("开办餐饮店").matched_keyword is None
    assert best("open a restaurant").matched_keyword is None


@pytest.mark.parametrize(
    ("query", "zh", "en"),
    [
        ("餐饮", ["餐饮"], []),
        ("canyin", ["餐饮"], []),
        ("cyd", ["餐饮店"], []),
        ("restau", [], ["restau"]),
        ("Open a", [], ["Open", "a"]),
        ("使用营业", ["使用", "营业"], []),
        ("食品经萤许可", ["食品经", "许可"], []),
        ("社保", ["社", "保"], []),
        ("平方米", ["平方米"], []),
        ("开饭店", [], []),
    ],
)
def test_highlights_mark_what_was_typed_in_the_title_as_it_is_written(query: str, zh: list[str], en: list[str]) -> None:
    assert marked(best(query)) == (zh, en)


def test_highlights_are_asked_for_by_language() -> None:
    found = Highlights(zh=((0, 2),), en=((3, 5),))
    assert found.say("zh") == ((0, 2),)
    assert found.say("en") == ((3, 5),)


def test_highlights_point_into_the_original_where_folding_changes_its_length() -> None:
    index = SearchIndex([SearchDocument("item", "x", Text("㈱设立（ＡＢＣ）ﬁn登记", "Straße e\u0301tat"))])
    assert marked(best("abc", index))[0] == ["ＡＢＣ"]
    assert marked(best("登记", index))[0] == ["登记"]
    assert marked(best("strasse", index))[1] == ["Straße"]
    assert marked(best("état", index))[1][0].startswith("e")


def test_kinds_and_limit_narrow_the_answer() -> None:
    assert {hit.document.kind for hit in INDEX.search("户", kinds={"item"})} == {"item"}
    assert INDEX.search("户", kinds=()) == ()
    assert INDEX.search("户", kinds={"planet"}) == ()
    assert INDEX.search("登记", limit=2) == INDEX.search("登记")[:2]
    assert INDEX.search("登记", limit=0) == INDEX.search("登记", limit=-1) == ()
    assert INDEX.search("登记", limit=10**9) == INDEX.search("登记")


@pytest.mark.parametrize(
    "query", ["", " ", "\t\n\u3000", "\x00", "！？。", "😀🎉", "\u200b\ufeff", "\u0301", "()[]{}", '"', "'--"]
)
def test_a_query_with_nothing_to_look_for_finds_nothing(query: str) -> None:
    assert INDEX.search(query) == ()


@pytest.mark.parametrize(
    "typed",
    [
        '"开饭店"',
        "开饭店😀",
        "开饭店*",
        "+开饭店 -x:y",
        "title:[开饭店 TO *}",
        "开饭店'); DROP TABLE item;--",
        ".*开饭店(",
        "开 饭 店",
    ],
)
def test_operators_quotes_and_emoji_are_only_characters(typed: str) -> None:
    assert codes(typed)[0] == "catering"


def test_a_very_long_query_is_bounded() -> None:
    for long in ("开饭店" * 10_000, "a" * 100_000, "restaurant " * 10_000, "ﷺ" * 10_000, " " * 100_000, "开a" * 10_000):
        INDEX.search(long)
    assert codes("开饭店" + " 乱七八糟" * 10_000)[0] == "catering"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80) | st.text(alphabet='开办餐饮店户口登记 abkfn1"*:(é㈱、', max_size=20))
def test_any_text_is_a_query_and_its_answer_is_ordered_unique_and_well_marked(query: str) -> None:
    hits = INDEX.search(query)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.document.code for hit in hits}) == len(hits)
    for hit in hits:
        for text, spans in ((hit.document.title.zh, hit.highlights.zh), (hit.document.title.en, hit.highlights.en)):
            ends = [edge for span in spans for edge in span]
            assert ends == sorted(set(ends))
            assert not ends or (ends[0] >= 0 and ends[-1] <= len(text))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(DOCUMENTS), st.data())
def test_any_part_of_a_title_finds_it(document: SearchDocument, data: st.DataObject) -> None:
    title = fold(document.title.zh).text
    start = data.draw(st.integers(0, len(title) - 1))
    end = data.draw(st.integers(start + 1, len(title)))
    assert document.code in codes(title[start:end])


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(DOCUMENTS))
def test_every_title_is_its_own_best_answer_in_characters_english_and_pinyin(document: SearchDocument) -> None:
    for query in (document.title.zh, document.title.en, spoken(document.title.zh).sound):
        assert codes(query)[0] == document.code


def test_the_answer_does_not_depend_on_the_order_of_the_documents() -> None:
    other = SearchIndex(reversed(DOCUMENTS))
    for query in ("登记", "户", "开", "水电", "kai", "re", "食品经营"):
        assert codes(query, other) == codes(query)


def test_many_threads_search_one_index() -> None:
    queries = ["开饭店", "kfd", "restaurant", "登记"] * 25
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(codes, queries)) == [codes(query) for query in queries]


def test_an_empty_index_and_empty_titles_are_searchable() -> None:
    assert SearchIndex([]).search("开饭店") == ()
    index = SearchIndex([SearchDocument("item", "x", Text("", ""), keywords=("", "😀"))])
    assert index.search("开饭店") == ()
    assert codes("x", index) == ["x"]


def test_a_common_word_in_a_thousand_short_questions_does_not_hide_the_bundle() -> None:
    questions = [SearchDocument("question", f"q{n}", Text(f"问登记{n}", "")) for n in range(1000)]
    assert codes("登记", SearchIndex([*questions, HOUSE]))[0] == "house"
    assert len(SearchIndex(questions).search("登记", limit=150)) == 150


def test_two_documents_of_one_kind_with_one_code_are_refused() -> None:
    with pytest.raises(ValueError, match="share a code"):
        SearchIndex([FOOD, FOOD])


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_a_weight_that_cannot_be_ranked_by_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weight of item x"):
        SearchDocument("item", "x", Text("户口", ""), weight=weight)


def test_importing_the_search_loads_neither_library() -> None:
    program = "import app.storage.search, sys; print(sorted({'tantivy', 'pypinyin'} & set(sys.modules)))"
    done = run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
