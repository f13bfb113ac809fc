"""What people type at the search box of the packs that are delivered, and what they must see first."""

import pytest

from app.catalogue.loader import Catalogue
from app.storage.search import SearchIndex
from app.usecases.world import search_documents
from app.web import signposts
from app.web.home import EXAMPLES
from tests.doors import Doors
from tests.web.visitors import Visitor


@pytest.fixture(scope="module")
def index(catalogue: Catalogue) -> SearchIndex:
    """Everything that can be found."""
    return SearchIndex(search_documents(catalogue.library))


FIRST = {
    "catering": "想开个饭店 kaican 开饭电 我要开奶茶店 小吃店 烧烤 饭馆 餐馆 kaifandian kfd restaurant restarant",
    "birth": "生孩子 生娃 二胎 给孩子上户口 上户口 准生证 新生儿 新声儿 newborn baby shenghaizi",
    "retire": "退休 退修 tuixiu 养老金 退休金怎么算 retire pension",
    "house": "买房 卖房 过户 二手房过户 房产证 房子过户给儿子 house",
    "startup": "开公司 注册公司 kaigongsi 营业执照 yingyezhizhao company",
    "utility": "通水电 tongshuidian 装水电 装宽带 water",
    "F1": "食品经营 食品经营许可",
    "S1": "招牌 门头 signboard",
    "X1": "消防检查",
    "H1": "健康证",
    "B5": "社保卡丢了",
    "B3": "宝宝户口",
    "B1": "birth+certificate",
    "W2": "电费",
}
"""Code → what finds it first; a plus is a space."""


@pytest.mark.parametrize("code", FIRST)
def test_everyday_words_lead_to_what_people_mean(index: SearchIndex, code: str) -> None:
    for query in FIRST[code].split():
        found = index.search(query.replace("+", " "), limit=1)
        assert [hit.document.code for hit in found] == [code], query


def test_every_example_that_the_pages_offer_finds_a_bundle_first(index: SearchIndex) -> None:
    for words in EXAMPLES:
        for word in (words.zh, words.en):
            assert index.search(word, limit=1)[0].document.kind == "bundle", word


def test_what_the_platform_does_not_do_finds_nothing(index: SearchIndex) -> None:
    for query in ("结婚", "驾照", "幼儿园", "残疾", "宠物", "xyzxyz"):
        assert index.search(query) == (), query


@pytest.mark.parametrize(
    ("query", "href"),
    [
        ("查进度", "/progress"),
        ("我的申请办到哪一步了", "/progress"),
        ("jindu", "/progress"),
        ("check progress", "/progress"),
        ("投诉", "/my/voices"),
        ("tousu", "/my/voices"),
        ("办不成事怎么办", "/my/voices"),
        ("附近的办事大厅", "/halls"),
        ("客服电话", "/elder"),
        ("电子营业执照", "/my/certificates"),
        ("谁查了我的信息", "/my/data"),
    ],
)
def test_what_is_no_errand_but_a_page_of_the_site_is_found_too(query: str, href: str) -> None:
    assert href in [signpost.href for signpost in signposts.found(query)]


def test_a_page_of_the_site_stands_on_the_page_of_results(shared_doors: Doors) -> None:
    visitor = Visitor(shared_doors)
    visitor.go("/search?q=查进度")
    visitor.follow("查进度")
    assert visitor.heading == "查进度"


def test_errands_are_not_mistaken_for_pages() -> None:
    for query in " ".join(FIRST.values()).split():
        assert signposts.found(query) == [], query
