"""What to know of the operations that officials' pages read beside the rest."""

from app.api.guide_words import SIDE, A, C, G, Guide, O, S, changing, licensing, roles
from app.domain.vocabulary import Text

SENDER = Text(
    "原件由收件大厅寄出；结果由决定的部门或办理地大厅寄出。",
    "Originals by the hall that took them in; a result by the department, or the hall, where it was decided.",
)
RECEIVER = Text(
    "原件由决定的部门或办理地大厅签收；约定在收件大厅领取的结果，由收件大厅签收。",
    "Originals by the department, or the hall, in charge; a result by the hall where it is to be collected.",
)

HANDS_ON = Text("限正在一起办理这件申请的各地大厅和部门。", "Halls and departments of the places that work on it.")
PLACES = Text(
    "国办发〔2020〕35号：多地联办由一地受理、多地协同，各地事权不变。",
    "State Council General Office document Guobanfa [2020] No. 35: taken in once, handled by several places, each "
    "with its own powers.",
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
    "showPlaces": Guide(
        Text("多地联办：谁在哪办什么", "Several places: who does what where"),
        roles(
            A,
            G,
            C,
            O,
            S,
            note=Text(
                "申请人一方、收件和办理的大厅、有办件的部门、上级督办；另一地只看与自己有关的办件。",
                "The applicant's side, every hall and department that works on it, supervision above; another place "
                "sees what concerns it.",
            ),
        ),
        law=PLACES,
    ),
    "choosePlaces": Guide(
        Text("多地联办：选择办理地", "Several places: choose where"),
        SIDE,
        changing(
            "写入草稿；提交时按所选的地方分办，并自动给各地发转办单。",
            "Kept in the draft; submission routes by it and sends a note to every place.",
        ),
        law=PLACES,
    ),
    "listWaitingNotes": Guide(
        Text("多地联办：待签收的协同单", "Several places: notes to be signed for"),
        roles(C, O, note=HANDS_ON),
        law=PLACES,
    ),
    "sendNote": Guide(
        Text("多地联办：发协同单", "Several places: send a note"),
        roles(C, O, note=HANDS_ON),
        changing(
            "写入协同单，待另一地签收；申请人看到有协同单，看不到内容。",
            "Kept until the other place signs for it; the applicant sees that there was one, not its text.",
        ),
        law=PLACES,
    ),
    "signNote": Guide(
        Text("多地联办：签收协同单", "Several places: sign for a note"),
        roles(C, O, note=HANDS_ON),
        changing("写入签收的人和时间。", "Who signed for it, and when."),
        law=PLACES,
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
