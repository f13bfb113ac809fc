"""What to know of keeping and erasing one's own personal information."""

from app.api.guide_words import A, Guide, changing, roles
from app.domain.vocabulary import Text

OWN_CASES = Text("限本人的申请。", "Their own applications only.")
KEEPING = Text(
    "个人信息保护法第十九条：保存期限为实现处理目的所必要的最短时间。",
    "Personal Information Protection Law, art. 19: kept no longer than the purpose needs.",
)
ERASING = Text(
    "个人信息保护法第四十七条：应当删除的情形；法定保存期限未届满的，只存储和保护。",
    "Personal Information Protection Law, art. 47: when to erase; until the lawful time is up, store and protect only.",
)
ERASURES = {
    "listRetention": Guide(
        Text("我的申请保存到何时", "Until when my cases are kept"), roles(A, note=OWN_CASES), law=KEEPING
    ),
    "eraseApplication": Guide(
        Text("删除个人信息", "Erase personal information"),
        roles(A, note=OWN_CASES),
        changing(
            "销毁这件申请的数据密钥，清空填报内容、意见、文书和消息；保留办理过程、摘要和一份删除记录。",
            "The data key of the application is destroyed; what was entered, opinions, papers and messages are "
            "blanked. Its course, the digests and a record of the erasure stay.",
        ),
        ERASING,
    ),
}
