"""What to know of offers without an application (免申即享)."""

from app.api.guide_words import A, Guide, changing, roles
from app.domain.vocabulary import Text

OWN = roles(A, note=Text("限本人的。", "Their own only."))
MINIMUM = Text(
    "个人信息保护法第六条、第十三条：只用该事项本来可用的数据，凭事项的法律依据查找，每次查看都记入台账。",
    "Personal Information Protection Law, arts. 6 and 13: only data the item may have anyway, on the item's own legal "
    "basis; every look is on the ledger.",
)

OFFERS: dict[str, Guide] = {
    "listOffers": Guide(Text("我的免申即享", "What is offered to me"), OWN, law=MINIMUM),
    "confirmOffer": Guide(
        Text("确认免申即享", "Confirm an offer"),
        OWN,
        changing(
            "用已有数据填好并提交一件只含该事项的申请；缺少任何一项就不提交。",
            "An application of that one item, filled from data and filed; when anything is missing, nothing is.",
        ),
    ),
    "declineOffer": Guide(
        Text("谢绝免申即享", "Decline an offer"),
        OWN,
        changing("记下谢绝，不再提供同一项。", "It is declined, and the same is not offered again."),
    ),
}
"""``operationId`` → what to know."""
