"""What to know of the operations on data from registers."""

from app.api.guide_words import SIDE, A, G, Guide, O, S, changing, roles
from app.domain.vocabulary import Role, Text

OWN = roles(A, G, note=Text("限本人或委托人的。", "Their own or their principal's."))
KEEPERS = roles(S, Role.STEWARD)
SHARED = Text(
    "浙江省公共数据条例：能通过共享获取的，不得要求重复提供；最小必要。",
    "Zhejiang Public Data Regulations: what can be had by sharing is not asked for again, and no more than is needed.",
)
CORRECTION = Text(
    "个人信息保护法第四十六条：发现个人信息不准确的，有权请求更正；处理者应当核实并及时更正。",
    "Personal Information Protection Law, art. 46: a right to have wrong data corrected, verified and in time.",
)

REGISTERS: dict[str, Guide] = {
    "prefillApplication": Guide(
        Text("预填", "Fill in from registers"),
        SIDE,
        changing(
            "写入取得的值及其来源、核验通过的材料、取不到的原因；每次调用记入台账。",
            "Values with their sources, papers found unneeded, why data are missing; every call in the ledger.",
        ),
        SHARED,
    ),
    "showPersonalBundle": Guide(
        Text("免问：数据替我回答", "What need not be asked"),
        OWN,
        changing("只把每次调用记入台账。", "Nothing but the calls, in the ledger."),
        SHARED,
    ),
    "disputeField": Guide(
        Text("纠错", "Say that data are wrong"),
        SIDE,
        changing(
            "先按本人所填；向数源部门开出一个闭环事项；已受理的部门需复核。",
            "What the person says counts; a matter is opened for the holder; departments confirm again.",
        ),
        CORRECTION,
    ),
    "showDisputedDatum": Guide(
        Text("查看被纠错的数据", "See disputed data"),
        roles(O, note=Text("限须作答复的数源部门。", "The holder that must answer.")),
        changing("这次查看记入台账。", "The look, in the ledger."),
        CORRECTION,
    ),
    "listRegisters": Guide(Text("数源是否可用", "Which registers answer"), KEEPERS),
    "switchRegister": Guide(
        Text("停用或恢复数源（演示）", "Take a register down (demonstration)"),
        KEEPERS,
        changing(
            "标记一个数源不可用或恢复；仅限演示环境。", "Marks a register as down or up; in a demonstration only."
        ),
    ),
}
