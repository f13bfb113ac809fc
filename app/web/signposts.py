"""Pages that people look for in the search box though they are nothing to apply for: progress, halls, complaints …"""

from dataclasses import dataclass
from functools import lru_cache

from app.domain.vocabulary import Text
from app.storage.search_pinyin import spoken
from app.storage.search_terms import as_pinyin, fold

SHORTEST_SOUND = 4
"""Letters of pinyin that are taken for a word."""


@dataclass(frozen=True, slots=True)
class Signpost:
    """One page of this site: where it is, what it is called, and the words, folded, that ask for it."""

    href: str
    name: Text
    words: tuple[str, ...]


SIGNPOSTS = (
    Signpost(
        "/progress",
        Text("查进度", "Check progress"),
        ("进度", "办到哪", "查办件", "查询码", "办件编号", "progress", "status", "track"),
    ),
    Signpost(
        "/my",
        Text("我的申请和草稿", "My applications and drafts"),
        ("我的申请", "我的办件", "我的事", "草稿", "draft", "myapplication"),
    ),
    Signpost(
        "/my/certificates",
        Text("我的证照（亮证）", "My certificates"),
        ("亮证", "电子证照", "我的证照", "电子营业执照", "电子身份证", "mycertificate"),
    ),
    Signpost(
        "/my/voices",
        Text("办不成事反映、评价", "Report that it is stuck, or rate"),
        ("办不成", "投诉", "举报", "差评", "好差评", "评价", "反映", "意见", "complain", "rating", "feedback"),
    ),
    Signpost(
        "/halls",
        Text("离您近的办事大厅", "Service halls near you"),
        ("大厅", "窗口", "网点", "几点上班", "几点下班", "hall", "openinghours"),
    ),
    Signpost(
        "/elder",
        Text("打电话、找人帮办", "Call, or get help"),
        ("电话", "人工", "客服", "帮办", "代办", "长辈", "大字", "phone", "help", "largetype"),
    ),
    Signpost(
        "/my/data", Text("我的数据", "My data"), ("我的数据", "谁查了我", "数据账本", "隐私", "privacy", "mydata")
    ),
    Signpost("/my/consents", Text("我的授权", "My consents"), ("授权", "同意书", "consent")),
    Signpost("/my/mandates", Text("委托别人办", "Mandates"), ("委托", "代理", "mandate", "proxy")),
    Signpost("/regions", Text("换一个地方", "Change region"), ("换地区", "切换地区", "换区划", "changeregion")),
)


def found(wanted: str) -> list[Signpost]:
    """The pages that somebody asks for in words, in English or by pinyin."""
    said = fold(wanted).text
    return [signpost for signpost in SIGNPOSTS if any(_asks(said, word) for word in signpost.words)]


def _asks(said: str, word: str) -> bool:
    return word in said or (len(said) >= SHORTEST_SOUND and as_pinyin(said) == _sound(word))


@lru_cache(maxsize=256)
def _sound(word: str) -> str:
    return spoken(word).sound
