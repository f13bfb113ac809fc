"""What to know of the operations that follow a submission: ways to decide, papers, messages, supervision, ratings,
indicators, and the clock."""

from app.api.guide_words import NARROW, SIDE, A, C, G, Guide, O, S, changing, licensing, roles
from app.domain.vocabulary import Role, Text

T = Role.STEWARD

ONE_DEPARTMENT = Text("限本部门。", "The own department only.")
PARTIES = Text(
    "限申请人一方、本大厅、涉及的单位和上级督办。",
    "The applicant's side, the hall, the offices concerned and the supervision above.",
)
FIGURES = roles(S, T, note=Text("限本区划及以下。", "Their own region and everything inside it."))

LATER = {
    "bringFacts": Guide(
        Text("补齐后补内容", "Bring what was promised"),
        SIDE,
        changing(
            "写入申报时承诺后补的填报内容；等待它的办件随之可以决定。",
            "The fields promised at submission; tasks that wait for them can be decided.",
        ),
    ),
    "appointSurvey": Guide(
        Text("预约联合踏勘", "Appoint the joint survey"),
        roles(
            C,
            O,
            note=Text(
                "综窗限本大厅的申请，经办限本部门参与的。", "A clerk for the own hall; officers where they take part."
            ),
        ),
        changing(
            "写入或改期一次踏勘，通知每个待踏勘的办件；不停表。",
            "One survey, or its new date, for every task that waits for it; no clock stops.",
        ),
    ),
    "concludeSurvey": Guide(
        Text("作出踏勘结论", "Conclude the survey"),
        roles(O, note=ONE_DEPARTMENT),
        changing("写入本部门的结论和到场人员。", "The department's own conclusion, with the officers who were there."),
        licensing(
            Text("第三十四条", "art. 34"),
            Text("实地核查指派两名以上工作人员。", "on-site verification takes two officers or more."),
        ),
    ),
    "listAfterChecks": Guide(Text("待核查的承诺", "After-checks to do"), roles(O, note=ONE_DEPARTMENT)),
    "listCreditNotes": Guide(
        Text("我的承诺不实记录", "False commitments on record"),
        roles(A, G, note=Text("限本人或委托人的。", "Their own or their principal's.")),
    ),
}

PAPERS = {
    "listPapers": Guide(
        Text("列出文书", "List papers"),
        roles(
            A,
            G,
            C,
            O,
            S,
            note=Text(
                "经办只看到本部门的；督办看得到目录，不能打开。",
                "Officers see those of their department; supervision sees the list and opens none.",
            ),
        ),
    ),
    "showPaper": Guide(
        Text("查看文书", "Show a paper"),
        roles(A, G, C, O, note=Text("经办限本部门的文书。", "Officers only papers of their department.")),
        law=NARROW,
    ),
    "downloadPaper": Guide(
        Text("下载文书 PDF", "Download a paper"),
        roles(A, G, C, O, note=Text("经办限本部门的文书。", "Officers only papers of their department.")),
        law=NARROW,
    ),
    "verifyPaper": Guide(Text("核验文书", "Check a paper")),
}

MESSAGES = {
    "listMessages": Guide(
        Text("我的消息", "My messages"),
        roles(A, G, note=Text("代理人看委托人的。", "An agent reads the principal's.")),
    ),
    "countUnread": Guide(
        Text("未读消息数", "Unread messages"),
        roles(A, G, note=Text("代理人看委托人的。", "An agent reads the principal's.")),
    ),
    "readMessage": Guide(
        Text("标为已读", "Mark as read"),
        roles(A, note=Text("限本人的消息。", "Their own messages only.")),
        changing("记下阅读时间；再次标记不改变它。", "The time it was read; once more changes nothing."),
    ),
    "readAllMessages": Guide(
        Text("全部标为已读", "Mark all as read"),
        roles(A, note=Text("限本人的消息。", "Their own messages only.")),
        changing("记下未读消息的阅读时间，一次最多 500 条。", "The time they were read, of 500 messages at most."),
    ),
}

MATTERS = {
    "listMatters": Guide(
        Text("列出督办事项", "List matters"),
        roles(
            C,
            O,
            S,
            note=Text(
                "经办和综窗看本单位应答复的，督办看辖区的。",
                "Officers and clerks: what their office owes; supervisors: their region's.",
            ),
        ),
    ),
    "showMatter": Guide(Text("查看督办事项", "Show a matter"), roles(A, G, C, O, S, note=PARTIES)),
    "actOnMatter": Guide(
        Text("办理督办事项", "Act on a matter"),
        roles(
            A,
            G,
            C,
            O,
            S,
            note=Text("各方可用的操作见 allowed。", "What each side may do now is in ``allowed`` of the matter."),
        ),
        changing(
            "事项按闭环推进，留下一条记录；差评整改办结时更新评价。",
            "The loop moves on and leaves an event; judging a rectification rates again.",
        ),
    ),
    "listApplicationMatters": Guide(
        Text("一件申请的督办事项", "Matters of an application"),
        roles(
            A,
            G,
            C,
            S,
            note=Text(
                "差评整改只给评价人一方和独立的督办看。",
                "What stems from a rating is for the rater's side and independent supervision.",
            ),
        ),
    ),
    "openMatter": Guide(
        Text("催办、督办", "Chase, order or escalate"),
        roles(S, note=Text("限本区划及以下的申请。", "Applications of their region and everything inside it.")),
        changing("写入一个督办事项，有答复期限。", "One matter with a day by which to answer."),
    ),
    "reportStuck": Guide(
        Text("办不成事反映", "Report being stuck"),
        SIDE,
        changing(
            "写入一个由本地大厅交办的事项；同一问题在办时不重复受理。",
            "One matter that the hall assigns; no second one about the same while it is open.",
        ),
    ),
}

RATINGS = {
    "listRatingLevels": Guide(Text("评价等级和标签", "Levels and tags")),
    "rateApplication": Guide(
        Text("评价", "Rate"),
        roles(
            A,
            G,
            note=Text("限本人或委托人的申请，自愿。", "Their own or their principal's application; nobody has to."),
        ),
        changing(
            "写入一条评价；不满意或非常不满意的，同时开始整改闭环。",
            "One rating; a bad review opens its rectification at once.",
        ),
    ),
    "listOwnRatings": Guide(
        Text("我的评价", "My ratings"),
        roles(A, G, note=Text("限本人或委托人的申请。", "Their own or their principal's application.")),
    ),
    "addToRating": Guide(
        Text("追评", "Add to a rating"),
        roles(A, G, note=Text("限本人或委托人的申请。", "Their own or their principal's application.")),
        changing("评价后附上一段话，只有一次，等级不变。", "A text is added, once; the level stays."),
    ),
    "listDepartmentRatings": Guide(
        Text("部门收到的评价", "A department's ratings"),
        roles(
            O,
            S,
            note=Text(
                "经办限本部门，督办限辖区；看不到评价人和办件。",
                "Officers of the department and the supervision above; without rater or case.",
            ),
        ),
    ),
}

INDICATORS = {
    "listIndicators": Guide(Text("列出指标", "List indicators")),
    "showIndicators": Guide(Text("指标数值", "Values of indicators"), FIGURES),
    "listCasesBehind": Guide(Text("指标背后的办件", "Cases behind a number"), FIGURES),
    "listCounterTasks": Guide(
        Text("综合窗口的待办", "What waits at the counter"), roles(C, note=Text("限本大厅。", "The own hall only."))
    ),
    "showLights": Guide(Text("红黄灯看板", "The lights board"), FIGURES),
    "listWatchedTasks": Guide(Text("看板背后的办件", "Tasks behind the board"), FIGURES),
    "showBulletin": Guide(Text("月度通报", "The monthly bulletin"), FIGURES),
    "estimateCapacity": Guide(Text("产能推演", "How many officers a desk needs"), FIGURES),
}

CLOCK = {
    "showClock": Guide(Text("办公时间", "The office's time")),
    "moveClock": Guide(
        Text("调整时钟", "Move the clock"),
        roles(S, note=Text("限演示模式。", "In a demonstration only.")),
        changing(
            "改变全平台的“今天”，到期的事项随即发生；不能早于最近的事件。",
            "The whole platform's today, and what is due by then happens; never before the newest event.",
        ),
    ),
}

AFTERWARDS: dict[str, Guide] = {**LATER, **PAPERS, **MESSAGES, **MATTERS, **RATINGS, **INDICATORS, **CLOCK}
"""``operationId`` → what to know."""
