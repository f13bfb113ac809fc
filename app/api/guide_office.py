"""What to know of the operations that officials' pages read beside the rest."""

from app.api.guide_words import C, Guide, O, changing, licensing, roles
from app.domain.vocabulary import Text

SENDER = Text(
    "原件由收件大厅寄出；结果由决定的部门或办理地大厅寄出。",
    "Originals by the hall that took them in; a result by the department, or the hall, where it was decided.",
)
RECEIVER = Text(
    "原件由决定的部门或办理地大厅签收；约定在收件大厅领取的结果，由收件大厅签收。",
    "Originals by the department, or the hall, in charge; a result by the hall where it is to be collected.",
)

OFFICE = {
    "countTasks": Guide(
        Text("部门在办数", "Count a department's tasks"),
        roles(O, note=Text("限本部门。", "The own department only.")),
    ),
    "showHandover": Guide(
        Text("整件物料流转凭证", "The hand-over slip of a case"),
        roles(
            C,
            O,
            note=Text(
                "综窗限收件的和办理的大厅；部门只看到本部门的部分。",
                "A clerk of the hall that took it in or handles it; a department reads its own part.",
            ),
        ),
        law=licensing(
            Text("第二十六条", "art. 26"),
            Text("一个窗口统一受理、统一送达。", "one window takes in and delivers for all offices."),
        ),
    ),
    "listCatalogueParts": Guide(Text("列出目录的每一部分", "List every part of the catalogue")),
    "sendParcel": Guide(
        Text("寄出一件", "Send a parcel"),
        roles(C, O, note=SENDER),
        changing(
            "写入运单号和寄出的人、时间；签收时限（示例）不变。",
            "Who handed it to the courier, when, and the waybill; the day it is due (illustrative) stays.",
        ),
    ),
    "signParcel": Guide(
        Text("签收一件", "Sign for a parcel"),
        roles(C, O, note=RECEIVER),
        changing(
            "写入签收的人、时间和缺损说明；等待它的办件随之可以决定或送达。",
            "Who signed, when, and what was missing; tasks that waited for it can be decided or delivered.",
        ),
    ),
}
