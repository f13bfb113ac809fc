"""Lessons about what happens behind the counter: data, law, time and proof."""

from app.domain.vocabulary import Text
from app.web.lesson import (
    FATHER,
    INVENTED,
    LIKELY,
    MOTHER,
    OFFICER,
    OWNER,
    RETIRING,
    STEWARD,
    SUPERVISOR,
    Fact,
    Lesson,
    Step,
)

OFFICE = (
    Lesson(
        "data-travel",
        Text("数据多跑路", "Let data do the walking"),
        Text(
            "能共享的不再收，该同意的先同意。",
            "Do not collect again what can be shared; ask first where consent is due.",
        ),
        (
            Fact(
                "能通过共享取得的，不得再向群众要（浙江省公共数据条例）。",
                "What can be had by sharing is not asked of people again (Zhejiang Public Data Regulation).",
            ),
            Fact("一数一源：每个数据元有一个权威来源。", "One source for each element of data."),
            Fact(
                "敏感信息要单独同意，同意可以撤回（个人信息保护法）。",
                "Sensitive data need a separate consent, which can be withdrawn (Personal Information Protection Law).",
            ),
            Fact(
                "调用按五步检查，拒绝也要记录。", "Every call passes five checks; refusals are recorded, too.", INVENTED
            ),
        ),
        Text(
            "每次查询先判断目的、事项、依据和同意，再只返回列明的内容，并写进本人看得见的台账；数源停了就退回填写。",
            "Each look-up is judged by purpose, item, basis and consent, returns only what is listed, and stands in a "
            "ledger the person can read. When a register is down, people type.",
        ),
        (
            Step(
                "看出生这件事要的同意。",
                "Begin a birth and see the consents.",
                "/bundles/birth/stories/birth_full",
                MOTHER,
            ),
            Step("以父亲身份答复。", "Answer as the father.", "/my/consents", FATHER),
            Step("看谁查过自己的数据。", "See who looked at one's data.", "/my/data", MOTHER),
            Step("停用一个数源，再试一次。", "Take a register down and try again.", "/registers", STEWARD),
        ),
        ("prefillApplication", "askForConsents", "giveConsent", "disputeField", "switchRegister"),
        (
            Text("法定职责和同意，哪一个才是依据？", "Statutory duty or consent: which is the basis?"),
            Text("撤回同意以后，已经看过的怎么办？", "After a withdrawal, what of what was already seen?"),
        ),
    ),
    Lesson(
        "grades",
        Text("分类分级", "Classes and grades"),
        Text("先知道数据有多敏感，再说谁能看。", "Know how sensitive data are before saying who may see them."),
        (
            Fact(
                "四级，从高到低：L4 敏感、L3 较敏感、L2 低敏感、L1 不敏感。",
                "Four grades from L4, sensitive, to L1, not sensitive.",
            ),
            Fact(
                "共享分三类：无条件、受限、不共享；不共享要有依据。",
                "Sharing is unconditional, restricted or none; none needs a legal basis.",
            ),
            Fact("每个数据元属于哪一级。", "Which grade each element has.", INVENTED),
            Fact(
                "遮盖规则：姓名留姓，号码留头尾。", "Masking keeps the family name and the ends of a number.", INVENTED
            ),
        ),
        Text(
            "每个数据元带等级；部门工作台默认遮盖，要看全文须写理由，本人看得到。数据需求按一本账逐项审批，有额度和预警。",
            "Every element has a grade; desks see it masked, and showing it needs a reason the person can read. "
            "Departments ask for data in baskets, with approvals, quotas and alarms.",
        ),
        (
            Step("浏览数据资源一本账。", "Browse the catalogue of data.", "/datasets", STEWARD),
            Step("看提交的数据需求。", "See data requests.", "/data-requests", STEWARD),
            Step("在工作台打开一件，看遮盖的号码。", "Open a task and see masked numbers.", "/desk", OFFICER),
            Step("看异常调用的预警。", "See alarms about calls.", "/data-alarms", STEWARD),
        ),
        ("listDatasets", "requestData", "unmaskField", "listDataAlarms"),
        (
            Text("几个 L2 合在一起会不会变成 L4？", "Can several L2 elements together become L4?"),
            Text("理由写“工作需要”够不够？", "Is “needed for work” reason enough?"),
        ),
    ),
    Lesson(
        "lights",
        Text("红黄灯", "Lights"),
        Text("快到期亮黄，超承诺亮红，超法定更重。", "Yellow when near, red past the promise, graver past the law."),
        (
            Fact(
                "行政许可法第 42、82 条：受理起 20 个工作日，节假日不计。",
                "Administrative Licensing Law, arts. 42 and 82: twenty working days from acceptance.",
            ),
            Fact(
                "只有听证、检验、检测等列明的程序停表（第 45 条），现场查看不停。",
                "Only hearings, tests and the like stop the clock (art. 45); a visit to the premises does not.",
            ),
            Fact(
                "5 日内不告知补正，视为受理（第 32 条）。", "No word within five days counts as acceptance (art. 32)."
            ),
            Fact("剩一个工作日或用掉八成亮黄。", "Yellow at one working day left or four fifths used.", INVENTED),
        ),
        Text(
            "灯由记录和今天算出来，不存；每个到期日都能点开看是怎么数的，调休和节假日一天一天列出。",
            "Lights are computed from records and today, never stored; every due date opens to show how it was "
            "counted, day by day.",
        ),
        (
            Step("看本区的灯。", "See the lights of the district.", "/supervision", SUPERVISOR),
            Step("把演示时钟往后拨几天再看。", "Move the demonstration clock on.", "/supervision", SUPERVISOR),
            Step("看经办人眼里的同一批办件。", "See the same tasks from the desk.", "/desk", OFFICER),
            Step("看本月通报。", "See the monthly bulletin.", "/supervision/bulletin", SUPERVISOR),
        ),
        ("showLights", "listWatchedTasks", "moveClock", "showBulletin"),
        (
            Text("承诺越短越好吗？", "Is a shorter promise always better?"),
            Text("为什么现场查看不停表？", "Why does a visit not stop the clock?"),
        ),
    ),
    Lesson(
        "commitment",
        Text("告知承诺", "Told and promised"),
        Text(
            "写明条件，本人承诺，先决定后核查。",
            "State the conditions, take the promise, decide first and check afterwards.",
        ),
        (
            Fact(
                "国办发〔2020〕42 号用于证明事项和涉企经营许可。",
                "State Council Office document 42 of 2020 applies it to proofs and business licences.",
            ),
            Fact(
                "承诺不实：撤销决定并有信用后果；可以随时选一般程序。",
                "A false promise is revoked and recorded; the ordinary way stays open.",
            ),
            Fact("多少平方米以下适用，由各地规定。", "Up to which floor area it applies is for each place.", LIKELY),
            Fact("本演示按 300 平方米。", "This demonstration uses 300 m².", INVENTED),
        ),
        Text(
            "符合条件时方案给出这条路，提交时当场决定，同时生成有期限的核查任务；查出不实，撤销并记一笔。",
            "Where the conditions hold the plan offers it; the decision comes with submission, together with a check "
            "that has a due date. A false promise is revoked and noted.",
        ),
        (
            Step("回答小面积、愿意承诺，看方案。", "Answer: small, willing to commit.", "/bundles/catering/guide"),
            Step("看部门要做的核查。", "See the checks that are due.", "/desk/checks", OFFICER),
            Step("看信用记录。", "See the credit notes.", "/my/credit", OWNER),
        ),
        ("planBundle", "submitApplication", "listAfterChecks", "listCreditNotes"),
        (
            Text("先批后查，省下的风险转给了谁？", "Who carries the risk of deciding first?"),
            Text("哪些事项绝不该用承诺？", "For which items should it never be used?"),
        ),
    ),
    Lesson(
        "with-gaps",
        Text("容缺受理", "Accepted with gaps"),
        Text("主要材料齐了先受理，次要的限期补。", "Accept when what matters is there; the rest follows in time."),
        (
            Fact(
                "主要条件和材料具备，先受理、先审查；补齐才发证。",
                "With the main papers there it is accepted and reviewed; the certificate waits for the rest.",
            ),
            Fact(
                "有不良信用的不适用；每个事项列明哪些可以缺。",
                "Not for those with false promises; every item lists what may follow.",
            ),
            Fact(
                "它和告知承诺不同：这里缺的是材料，不是核查。",
                "It differs from a commitment: here a paper is missing, not the check.",
            ),
            Fact("在受理后几个工作日内补齐。", "How many working days one has.", INVENTED),
        ),
        Text(
            "核对页上能缺的可以勾选“以后补”并承诺；到期不补先停、再退。",
            "On the check page what may follow can be ticked and promised; when it does not come, the case stops and "
            "is then returned.",
        ),
        (
            Step("看事项里哪些材料可以缺。", "See what may follow for an item.", "/items/F1"),
            Step(
                "建一份草稿，走到核对页。",
                "Begin a draft and go to the check.",
                "/bundles/catering/stories/catering_full",
                OWNER,
            ),
            Step("看部门怎样等补件。", "See how a department waits.", "/desk", OFFICER),
        ),
        ("submitApplication", "bringFacts", "showTask"),
        (
            Text("谁来定哪些材料是次要的？", "Who says which paper is minor?"),
            Text("审查通过却一直不补，时限怎么算？", "If the rest never comes, how does time run?"),
        ),
    ),
    Lesson(
        "closed-loop",
        Text("闭环督办", "Closed loops"),
        Text(
            "每个问题有人认、有期限、有答复、有人验。",
            "Every problem has an owner, a due date, an answer, and somebody who checks it.",
        ),
        (
            Fact(
                "黄灯提醒经办人，红灯发督办单，超法定进通报。",
                "Yellow reminds, red brings a supervision notice, past the law the bulletin.",
                INVENTED,
            ),
            Fact("“办不成事”窗口是最后的去处。", "The counter for what could not be done is the last resort."),
            Fact("差评、纠错和异议都要答复。", "Bad ratings, wrong data and objections must be answered."),
        ),
        Text(
            "催办、差评、办不成事、数据纠错、质疑查询用同一种事项：指派、答复、申请人或督办人验收，超期自动升级。",
            "Reminders, bad ratings, stuck cases, wrong data and contested looks are one kind of matter: assigned, "
            "answered, accepted by whoever asked, and raised a level when late.",
        ),
        (
            Step("看督办清单。", "See the matters.", "/matters", SUPERVISOR),
            Step("打开一件红灯，发催办。", "Open a red task and chase it.", "/supervision/tasks", SUPERVISOR),
            Step("以部门身份答复。", "Answer as the department.", "/matters", OFFICER),
            Step("以申请人身份反映办不成的事。", "Report what is stuck as an applicant.", "/my/voices", OWNER),
        ),
        ("openMatter", "actOnMatter", "reportStuck", "listMatters"),
        (
            Text("督办越多越好，还是越少越好？", "Are more matters good or bad?"),
            Text("谁来督办督办的人？", "Who supervises the supervisor?"),
        ),
    ),
    Lesson(
        "proof",
        Text("可验证存证", "Proof anybody can check"),
        Text(
            "做过的事不能悄悄改，离开平台也能验。",
            "Nothing can be changed quietly, and checking needs no trust in the platform.",
        ),
        (
            Fact(
                "个人信息保护法第 51 条：采取措施防止泄露、篡改、丢失。",
                "Personal Information Protection Law, art. 51: measures against leaks, changes and loss.",
            ),
            Fact(
                "用哈希链、默克尔树和签名的检查点存证。", "Hash chains, a Merkle tree and signed checkpoints.", INVENTED
            ),
        ),
        Text(
            "每一步绑定前一步，定期编入默克尔树并签名；删除个人信息时毁掉密钥，链仍然能验。凭证证明顺序和时间，不证明内容真实。",
            "Each step is bound to the one before; steps go into a Merkle tree whose head is signed. Erasing destroys "
            "the key and the chain still holds. It proves order and time, not that contents are true.",
        ),
        (
            Step("打开一件申请，页末点“存证”。", "Open an application; Proof is at its end.", "/my", OWNER),
            Step("核验一个证照码。", "Check a certificate's code.", "/verify"),
            Step("看保存期限，删除到期的。", "See how long things are kept.", "/my/retention", RETIRING),
        ),
        ("showProof", "listCheckpoints", "proveConsistency", "listProofKeys"),
        (
            Text("平台自己作恶，这套办法防得住什么？", "What does this prevent if the platform itself cheats?"),
            Text("不可篡改和有权删除，怎样同时做到？", "How can things be unchangeable and yet erased?"),
        ),
    ),
)
