"""What to know of the operations about consent, seeing values at a desk, and one's own data."""

from app.api.guide_words import NARROW, SIDE, A, C, Guide, O, changing, roles
from app.domain.vocabulary import Text

OWN = roles(A, note=Text("限本人；代理人和单位都不能代办。", "The person alone: neither an agent nor an office."))
SEPARATE = Text(
    "个人信息保护法第十七条、第二十三条、第二十九条、第三十一条：事先告知，单独同意；未成年人由监护人同意。",
    "Personal Information Protection Law, arts. 17, 23, 29 and 31: told beforehand, separate consent; a guardian's for "
    "a child.",
)
WITHDRAWN = Text(
    "个人信息保护法第十五条、第十六条：可以撤回同意，不得因此拒绝办理。",
    "Personal Information Protection Law, arts. 15 and 16: consent may be withdrawn, and nobody is refused for it.",
)
KNOWING = Text(
    "个人信息保护法第四十四条至第五十条：知情、查阅、复制、更正、删除、要求说明。",
    "Personal Information Protection Law, arts. 44 to 50: to know, inspect, copy, correct, erase and be told why.",
)

SHARING = {
    "listNeededConsents": Guide(Text("需要哪些授权", "Consents that are needed"), SIDE, law=SEPARATE),
    "askForConsents": Guide(
        Text("请求授权", "Ask for consents"),
        SIDE,
        changing(
            "为缺少的每一项写入一份待确认的授权（告知书全文随之固定），并给他人发消息；再次请求不重复。",
            "One consent for each that is missing, its notice fixed, and a message to whoever else is asked; twice "
            "changes nothing.",
        ),
        SEPARATE,
    ),
    "listMyConsents": Guide(Text("我的授权", "My consents"), OWN),
    "showConsent": Guide(Text("查看一项授权", "Show a consent"), OWN),
    "giveConsent": Guide(
        Text("同意", "Give consent"), OWN, changing("授权生效到截止日。", "It holds until its last day."), SEPARATE
    ),
    "refuseConsent": Guide(
        Text("不同意", "Refuse consent"),
        OWN,
        changing("相应内容改为自行填写或上传。", "What it was for is typed or uploaded instead."),
        WITHDRAWN,
    ),
    "withdrawConsent": Guide(
        Text("撤回同意", "Withdraw consent"),
        OWN,
        changing(
            "此后不再查询；还没有取得的改为自行填写。", "Nothing is looked up any more; what is lacking is typed."
        ),
        WITHDRAWN,
    ),
    "unmaskField": Guide(
        Text("查看原值", "See a value in clear"),
        roles(
            O,
            C,
            note=Text(
                "限本部门的在办办件和本大厅的申请；综窗不能看敏感数据。",
                "Their own department's open task, the own hall's case; a clerk no sensitive data.",
            ),
        ),
        changing("写入一条本人可见的查阅记录，含理由。", "One look in the ledger, with the reason, for the person."),
        NARROW,
    ),
    "exportMyData": Guide(Text("导出我的数据", "Export my data"), OWN, law=KNOWING),
    "listLooks": Guide(Text("谁看过我的数据", "Who looked at my data"), OWN, law=KNOWING),
    "contestLook": Guide(
        Text("对查阅提出异议", "Object to a look"),
        OWN,
        changing(
            "写入一个由监督单位核查的事项；同一次查阅只有一个。",
            "One matter that the supervising office examines; one for each look.",
        ),
        KNOWING,
    ),
    "findUsage": Guide(Text("数据追踪器格式", "In the data tracker's shape"), OWN, law=KNOWING),
}
"""``operationId`` → what to know."""
