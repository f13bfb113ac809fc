"""What a stranger needs to know of each operation beside its shapes: who may call it, what it changes, which law."""

from app.api.guide_afterwards import AFTERWARDS
from app.api.guide_certificates import CERTIFICATES
from app.api.guide_datasets import DATASETS
from app.api.guide_erasures import ERASURES
from app.api.guide_more_time import MORE_TIME
from app.api.guide_offers import OFFERS
from app.api.guide_office import OFFICE
from app.api.guide_portal import PORTAL
from app.api.guide_proofs import PROOFS
from app.api.guide_registers import REGISTERS
from app.api.guide_sessions import SIGN_INS
from app.api.guide_sharing import SHARING
from app.api.guide_words import (
    ANYBODY,
    NARROW,
    OWN,
    SIDE,
    SIGNED_IN,
    A,
    C,
    G,
    Guide,
    O,
    S,
    changing,
    licensing,
    roles,
)
from app.domain.vocabulary import Text

__all__ = ["ANYBODY", "GUIDES", "TAGS", "Guide"]

CATALOGUE = {
    "home": Guide(Text("入口", "Where to begin")),
    "listRegions": Guide(Text("列出区划", "List regions")),
    "showRegion": Guide(Text("查看区划", "Show a region")),
    "listDepartments": Guide(Text("列出区划内的机构", "List a region's organisations")),
    "listLines": Guide(Text("列出条线", "List branches")),
    "showDepartment": Guide(Text("查看机构", "Show an organisation")),
    "listItems": Guide(Text("列出事项", "List items")),
    "showItem": Guide(
        Text("查看办事指南", "Show an item's guide"),
        law=licensing(
            Text("第三十条", "art. 30"),
            Text(
                "公示事项、依据、条件、程序、期限和材料目录。",
                "items, basis, conditions, procedure, limits and the list of materials are published.",
            ),
        ),
    ),
    "listBundles": Guide(Text("列出一件事", "List bundles")),
    "showBundle": Guide(Text("查看一件事", "Show a bundle")),
    "planBundle": Guide(
        Text("生成个性化方案", "Plan for these answers"),
        law=licensing(
            Text("第二十六条", "art. 26"),
            Text("多部门的许可可以统一、联合或集中办理。", "licences of several departments may be handled together."),
        ),
    ),
    "listStories": Guide(Text("列出示例故事", "List worked examples")),
    "checkPacks": Guide(Text("目录检查结果", "The linter's report")),
    "search": Guide(Text("搜索", "Search")),
    "listProblems": Guide(Text("列出问题类型", "List kinds of problem")),
    "showProblem": Guide(Text("查看问题说明", "Show a kind of problem")),
}

SESSIONS = {
    "listAccounts": Guide(Text("列出可登录的虚构人物", "List who can sign in")),
    "signIn": Guide(
        Text("登录", "Sign in"), changes=changing("写入一个令牌（只存哈希）。", "One token; only its hash is stored.")
    ),
    "whoAmI": Guide(Text("我是谁", "Who am I"), SIGNED_IN),
    "signOut": Guide(
        Text("退出登录", "Sign out"), SIGNED_IN, changing("这个令牌作废。", "This token is no longer valid.")
    ),
    **SIGN_INS,
}

APPLICATIONS = {
    "createApplication": Guide(
        Text("新建申请", "Start a draft"),
        roles(A, G, C, note=Text("综窗须写明为谁收件。", "A clerk says for whom.")),
        changing("写入一份草稿和一条事件。", "One draft and its first event."),
        licensing(
            Text("第二十九条", "art. 29"),
            Text("可以当面、委托代理人或者通过网络申请。", "apply in person, through an agent or online."),
        ),
    ),
    "listApplications": Guide(
        Text("列出申请", "List applications"),
        roles(
            A,
            G,
            C,
            S,
            note=Text(
                "申请人看本人的，代理人看委托人的，综窗和督办看本区划已提交的。",
                "Applicants see their own, agents their principal's, clerks and supervisors what was submitted in the "
                "region.",
            ),
        ),
    ),
    "showApplication": Guide(Text("查看申请", "Show an application"), roles(A, G, C, S, note=OWN)),
    "saveDraft": Guide(
        Text("暂存", "Save a draft"),
        SIDE,
        changing(
            "更新草稿的回答和填报内容，版本号加一。", "Answers and fields of the draft; its version grows by one."
        ),
    ),
    "uploadMaterial": Guide(
        Text("上传材料", "Upload a material"),
        SIDE,
        changing(
            "保存文件并替换同一份材料；草稿、待补正、容缺时可用。",
            "Keeps the file in place of an earlier one; in a draft, for a correction, or for a deferred material.",
        ),
        licensing(
            Text("第三十一条", "art. 31"),
            Text(
                "申请人对材料真实性负责；不得要求提交无关材料。",
                "the applicant answers for the truth; nothing unrelated may be demanded.",
            ),
        ),
    ),
    "takePaper": Guide(
        Text("收纸质原件", "Take in paper"),
        roles(C, note=Text("限本人代建的草稿和本大厅的申请。", "A clerk's own drafts and what belongs to the hall.")),
        changing("记下收到的原件，不产生文件。", "The original is noted; there is no file."),
    ),
    "removeMaterial": Guide(
        Text("移除材料", "Remove a material"),
        SIDE,
        changing("从草稿中移除；提交之后不能移除。", "Out of the draft; not after submission."),
    ),
    "downloadMaterial": Guide(
        Text("下载材料", "Download a material"),
        roles(
            A,
            G,
            C,
            O,
            note=Text(
                "部门经办只能下载本部门事项用到的材料。",
                "An officer only what an item of the own department uses.",
            ),
        ),
        law=NARROW,
    ),
    "submitApplication": Guide(
        Text("提交申请", "Submit"),
        SIDE,
        changing(
            "检查全部内容，固定一件事的版本，每个事项生成一个部门办件，给出办件编号和查询码。",
            "Checks everything, keeps the bundle's version, makes one task for each item, gives number and query code.",
        ),
        licensing(
            Text("第二十九、三十三条", "arts. 29 and 33"),
            Text("可以网上申请；行政机关之间共享信息。", "applying online; authorities share what they know."),
        ),
    ),
    "correctApplication": Guide(
        Text("补正", "Answer a correction notice"),
        SIDE,
        changing(
            "更新告知列出的内容，被要求补正的办件回到已收件；其他办件不受影响。",
            "The points of the notice; its tasks are received again, other tasks go on undisturbed.",
        ),
        licensing(
            Text("第三十二条", "art. 32"),
            Text("五日内一次告知需要补正的全部内容。", "everything to correct is told at once, within five days."),
        ),
    ),
    "withdrawApplication": Guide(
        Text("撤回", "Withdraw"),
        roles(A, G, note=Text("限本人或委托人的申请。", "Their own or their principal's application.")),
        changing(
            "草稿作废；已提交的，尚未决定的办件全部撤回。",
            "A draft ends; of a submitted application every task not yet decided is withdrawn.",
        ),
    ),
    "renewQueryCode": Guide(
        Text("重置查询码", "Renew the query code"),
        SIDE,
        changing("旧查询码作废，新查询码只显示一次。", "The old code ends; the new one is shown once."),
    ),
    "listEvents": Guide(Text("时间线", "Timeline"), roles(A, G, C, S, note=OWN)),
    "lookUpProgress": Guide(
        Text("查询进度", "Look up progress"),
        changes=changing(
            "输错会记一次；次数用完后锁定一段时间（429）。",
            "A wrong try is counted; after a few the number is locked for a while (429).",
        ),
    ),
}

TASKS = {
    "listTasks": Guide(
        Text("部门待办", "A department's inbox"), roles(O, note=Text("限本部门。", "The own department only."))
    ),
    "showTask": Guide(
        Text("查看办件", "Show a task"),
        roles(
            O,
            A,
            G,
            C,
            S,
            note=Text(
                "经办限本部门的办件。", "Officers: the own department's; others: whose application they may see."
            ),
        ),
        law=NARROW,
    ),
    "actOnTask": Guide(
        Text("办理", "Act on a task"),
        roles(
            O,
            C,
            A,
            G,
            S,
            note=Text("各角色可用的操作见办件的 allowed。", "What each role may do now is in ``allowed`` of the task."),
        ),
        changing(
            "办件按流转表移动，留下一条事件；后续事项随之启动或终止。",
            "The task moves by the table and leaves an event; later items start or end with it.",
        ),
        licensing(
            Text("第三十二、三十四、三十八、四十二、四十四、四十五条", "arts. 32, 34, 38, 42, 44 and 45"),
            Text(
                "受理与一次告知、审查、说明理由的决定、期限与延长、送达、不计入期限的特别程序。",
                "acceptance and one notice, review, decisions with reasons, limits and extension, delivery, procedures "
                "outside the limit.",
            ),
        ),
    ),
}

GUIDES: dict[str, Guide] = {
    **CATALOGUE,
    **SESSIONS,
    **APPLICATIONS,
    **TASKS,
    **AFTERWARDS,
    **MORE_TIME,
    **OFFERS,
    **CERTIFICATES,
    **DATASETS,
    **ERASURES,
    **PORTAL,
    **OFFICE,
    **PROOFS,
    **REGISTERS,
    **SHARING,
}
"""``operationId`` → what to know. A test holds it against the operations there are."""

TAGS = [
    {
        "name": "start 入口",
        "description": "这是什么、从哪里开始。 / What this is and where to begin.",
    },
    {
        "name": "catalogue 事项库",
        "description": "区划、机构、政务服务事项、一件事、示例故事；无需登录。 / "
        "Regions, organisations, items, bundles and worked examples; open to all.",
    },
    {
        "name": "sign-in 登录",
        "description": "人物全部虚构，选一个即可登录，没有密码。 / "
        "Everybody is fictional: pick one, there is no password.",
    },
    {
        "name": "applications 申请",
        "description": "申请人、代理人和综窗：填报、交材料、提交、补正、撤回、查进度。 / "
        "For applicants, agents and the hall: fill in, hand in, submit, correct, withdraw, follow.",
    },
    {
        "name": "tasks 部门办件",
        "description": "部门经办：收件、受理、补正、审查、决定、送达。 / "
        "For departments: receive, accept, correct, review, decide, deliver.",
    },
    {
        "name": "consents 授权",
        "description": "单独同意：需要谁的授权、告知书、同意、不同意、撤回。 / "
        "Separate consent: whose is needed, the notice, giving, refusing and withdrawing it.",
    },
    {
        "name": "registers 数据共享与纠错",
        "description": "预填、免问、数据有误时纠错；演示：停用一个数源。 / "
        "Filling in from registers, questions not asked, wrong data; a register taken down to show it.",
    },
    {
        "name": "my data 我的数据",
        "description": "谁看过我的数据、为什么、依据什么；提出异议、导出。 / "
        "Who looked at one's data, why and by what right; objecting, and taking everything along.",
    },
    {
        "name": "papers 文书",
        "description": "送达的每份文书：网页、PDF、核验。 / Every paper that was served: as page, as PDF, and checked.",
    },
    {
        "name": "offers 免申即享",
        "description": "不用申请就能享受的：确认或谢绝。 / What is had without an application: confirm or decline.",
    },
    {
        "name": "messages 消息",
        "description": "申请人的消息。 / What an applicant is told.",
    },
    {
        "name": "matters 督办与闭环",
        "description": "催办、督办单、问题清单、办不成事反映、差评整改。 / "
        "Chasing, orders, problem lists, reports of being stuck, and mending after a bad review.",
    },
    {
        "name": "ratings 好差评",
        "description": "评价、追评，部门收到的评价。 / Rate, add to it, and see what a department was given.",
    },
    {
        "name": "indicators 指标",
        "description": "指标的公式、数值和背后的办件。 / Indicators: formulas, values, and the cases behind a number.",
    },
    {
        "name": "proof 存证",
        "description": "事件链、存证树与签名的检查点：取凭证，任何人核验历史未被改写。 / "
        "Chained events, a tree over all of them, signed checkpoints: take a receipt, check that nothing was altered.",
    },
    {
        "name": "certificates 电子证照",
        "description": "证照包、亮证、用证、核验，以及发证单位的冻结与吊销。 / "
        "The wallet, codes to show and to use, verification, and what the issuing office may do.",
    },
    {
        "name": "datasets 数据资源",
        "description": "一本账：浏览、一揽子申请、答复、预警、使用量。 / "
        "The catalogue of data: browse, request, answer, alarms, usage.",
    },
    {
        "name": "mandates 委托",
        "description": "委托他人代办、撤销。 / Let somebody act for one, and take it back.",
    },
    {
        "name": "clock 时钟",
        "description": "办公时间；演示时督办员可以调整。 / "
        "The office's time; in a demonstration a supervisor may move it.",
    },
    {
        "name": "keeping 保存与删除",
        "description": "自己的申请保存到何时；要求删除个人信息。 / "
        "Until when one's own cases are kept, and asking for erasure.",
    },
    {
        "name": "problems 问题说明",
        "description": "每一种错误的含义与处理办法（RFC 9457）。 / What every error means and what to do (RFC 9457).",
    },
]
"""The order of the chapters."""
