"""What to know of more time for the whole (整件延期)."""

from app.api.guide_words import A, C, G, Guide, O, S, changing, licensing, roles
from app.domain.vocabulary import Text

ARTICLE = licensing(
    Text("第四十二条第二款", "art. 42 (2)"),
    Text(
        "联合办理的四十五日内不能办结的，经本级人民政府负责人批准可以延长十五日，并告知理由。",
        "what is handled jointly and not finished in forty-five days may be extended by fifteen with the approval of "
        "the head of the local government, and the reason is told.",
    ),
)
PARTIES = Text(
    "限申请人一方、本大厅、涉及的单位和上级督办。",
    "The applicant's side, the hall, the offices concerned and the supervision above.",
)
GOVERNMENT = Text(
    "限牵头部门同级的政务服务办公室督办员，演示中代行本级人民政府负责人（示例）。",
    "The supervisor of the lead department's own government service office, who here stands for the head of that "
    "government (illustrative).",
)

MORE_TIME: dict[str, Guide] = {
    "listMoreTime": Guide(Text("待批准的整件延期", "Wishes for more time"), roles(S, note=GOVERNMENT)),
    "showMoreTime": Guide(Text("查看整件期限", "Show the limit of the whole"), roles(A, G, C, O, S, note=PARTIES)),
    "askMoreTime": Guide(
        Text("申请整件延期", "Ask for more time for the whole"),
        roles(O, note=Text("限牵头部门。", "The lead department only.")),
        changing("写入申请和理由，等待批准；期限不变。", "The wish and its reason wait; no date moves yet."),
        ARTICLE,
    ),
    "answerMoreTime": Guide(
        Text("批准或不同意整件延期", "Answer a wish for more time"),
        roles(S, note=GOVERNMENT),
        changing(
            "批准的，整件期限顺延，送达延长办理期限通知书和消息，只能一次；不同意的，写入理由。",
            "Approved, once: the limit of the whole moves, and a paper and a message tell why. Declined: the reason.",
        ),
        ARTICLE,
    ),
}
"""``operationId`` → what to know."""
