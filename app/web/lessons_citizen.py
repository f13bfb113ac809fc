"""Lessons about what a person at the counter or at home notices."""

from app.domain.vocabulary import Text
from app.web.lesson import CLERK, INVENTED, LIKELY, OFFICER, OTHER_HALL, OWNER, RETIRING, SUPERVISOR, Fact, Lesson, Step

CITIZEN = (
    Lesson(
        "one-visit",
        Text("最多跑一次", "At most one visit"),
        Text("能不跑就不跑，非跑不可只跑一次。", "No visit where none is needed, and one at most where it is."),
        (
            Fact("浙江从 2016 年底开始推行。", "Zhejiang began with it at the end of 2016."),
            Fact("省地方标准 DB33/T 2036 规定了工作要求。", "The provincial standard DB33/T 2036 sets out how."),
            Fact(
                "跑动次数这样数：办理前把每个事项要到场的次数相加，办理后是 0 或 1。",
                "Visits are counted as the sum over the items before, and as 0 or 1 afterwards.",
                INVENTED,
            ),
        ),
        Text(
            "方案页把每个要到场的事项和原因列出来，并按整件事合成一次；办完以后按真实记录再算一遍。",
            "The plan names every item that needs a visit and why, and joins them into one; when the case is over the "
            "figure is worked out again from what happened.",
        ),
        (
            Step(
                "看开餐饮店的方案，找到“次要跑”。",
                "See the plan of a restaurant.",
                "/bundles/catering/stories/catering_full",
            ),
            Step(
                "看一件退休申请：一次都不用跑。", "See a retirement: no visit.", "/bundles/retire/stories/retire_full"
            ),
            Step("在指标里看平均跑动次数。", "See the average in the indicators.", "/indicators", SUPERVISOR),
        ),
        ("planBundle", "showIndicators"),
        (
            Text("哪些到场是法律要求的，哪些只是习惯？", "Which visits does law require, and which are habit?"),
            Text("只数到场次数，会把麻烦推到哪里去？", "Where does trouble move when only visits are counted?"),
        ),
    ),
    Lesson(
        "one-thing",
        Text("一件事", "One thing"),
        Text(
            "群众眼里的一件事，背后是几个部门的多个事项。",
            "One errand for a person, several items of several departments.",
        ),
        (
            Fact(
                "国办发〔2022〕32 号要求推进“一件事一次办”。", "State Council Office document 32 of 2022 asks for it."
            ),
            Fact("国发〔2024〕3 号公布首批 13 件。", "State Council document 3 of 2024 names the first thirteen."),
            Fact("到 2026 年 1 月共五批 55 件。", "Five batches with 55 in all by January 2026."),
            Fact(
                "五个一：一次告知、一表申请、一套材料、一窗受理、一网办理。",
                "Told once, one form, one set of materials, one counter, one network.",
            ),
            Fact(
                "联合办理时限 45 个工作日，可延 15 个（行政许可法第 42 条）。",
                "45 working days for joint handling, 15 more at most (Administrative Licensing Law, art. 42).",
            ),
        ),
        Text(
            "合并的是跑腿，不是权力：一次申请按回答分给各部门，每个部门只看自己那一份，各自作决定、各自出证。",
            "It joins the errand, not the power: one application goes to the departments that the answers call for; "
            "each sees its own slice, decides by itself and issues its own certificate.",
        ),
        (
            Step("回答问题，看方案怎样变长变短。", "Answer questions and watch the plan.", "/bundles/catering/guide"),
            Step(
                "以申请人身份建一份草稿。",
                "Begin a draft as an applicant.",
                "/bundles/catering/stories/catering_full",
                OWNER,
            ),
            Step("以市场监管人员身份看自己那一份。", "See one department's slice.", "/desk", OFFICER),
            Step("在目录里看这件事的定义。", "See how the bundle is defined.", "/catalogue/bundles/catering"),
        ),
        ("showBundle", "planBundle", "createApplication", "submitApplication"),
        (
            Text(
                "前置事项不予许可时，其他部门该怎么办？", "What should the others do when an earlier item is refused?"
            ),
            Text("“一件事”由谁对整体时限负责？", "Who answers for the time limit of the whole?"),
        ),
    ),
    Lesson(
        "one-window",
        Text("一窗受理", "One counter"),
        Text(
            "前台综合受理，后台分类审批，统一窗口出件。",
            "One counter takes in, departments decide behind it, one counter hands out.",
        ),
        (
            Fact(
                "行政许可法第 26 条：一个部门内由一个机构统一收件、统一送达。",
                "Administrative Licensing Law, art. 26: one office takes in and delivers for an authority.",
            ),
            Fact(
                "受理与审批相分离；DB33/T 2036.2 对此作了规定。",
                "Taking in and deciding are kept apart; DB33/T 2036.2 covers it.",
            ),
            Fact(
                "收件的人不能是决定的人，许可要三个不同的人签。",
                "Whoever took a case in may not decide it; three different hands grant a licence.",
                INVENTED,
            ),
        ),
        Text(
            "综窗代填、收纸质材料、打交接凭证，看不到审查意见；同一个人按不过三只手。",
            "A clerk fills in, takes paper and prints the hand-over slip, and sees nothing of the review. The same "
            "person cannot be all three hands.",
        ),
        (
            Step("以综窗身份收件。", "Take an application in at the counter.", "/counter/intake", CLERK),
            Step("看综窗要办的。", "See the counter's queue.", "/counter", CLERK),
            Step("换成部门经办人，看分到的办件。", "Be an officer and see the tasks.", "/desk", OFFICER),
        ),
        ("listCounterTasks", "takePaper", "listTasks", "actOnTask"),
        (
            Text("综窗人员需要懂多少业务？", "How much of each trade must a clerk know?"),
            Text("哪些信息绝不能给前台看？", "What must the front desk never see?"),
        ),
    ),
    Lesson(
        "one-card",
        Text("一证通办", "One card is enough"),
        Text("只带身份证，其余的系统去取。", "Bring one card; everything else is fetched."),
        (
            Fact(
                "用身份证或营业执照办事，其他由系统调取。",
                "Somebody brings or signs in with one card; the rest is fetched.",
            ),
            Fact(
                "替代证明的四条路：取消、共享、承诺、部门核验。",
                "Four ways replace proofs: drop, share, commit, or ask the department.",
            ),
            Fact(
                "电子证照与纸质证照有同等法律效力（国令第 716 号）。",
                "Electronic certificates have the force of paper ones (State Council Decree 716, 2019).",
            ),
        ),
        Text(
            "登录以后，能由数据回答的问题不再问；草稿一建好就预填，每一项写明来源和时间；取不到的说明原因，改为填写。",
            "Once signed in, what data answer is not asked; a draft is filled at once, with source and time of each "
            "value; what could not be had says why and is typed.",
        ),
        (
            Step(
                "退休：看哪些问题不用再问。",
                "Retirement: what need not be asked.",
                "/bundles/retire?mine=yes",
                RETIRING,
            ),
            Step(
                "建一份草稿，打开“已获取的数据”。",
                "Begin a draft, open What registers gave.",
                "/bundles/retire/stories/retire_full",
                RETIRING,
            ),
            Step("看电子证照，出示一个亮证码。", "Show a certificate from the wallet.", "/my/certificates", OWNER),
            Step("作为窗口核验这个码。", "Check the code at a counter.", "/verify"),
        ),
        ("showPersonalBundle", "prefillApplication", "presentCertificate", "verifyCertificate"),
        (
            Text("登记的数据错了，由谁承担后果？", "Who bears the consequence when the register is wrong?"),
            Text("没有智能手机的人怎样一证通办？", "How does this work for somebody without a smartphone?"),
        ),
    ),
    Lesson(
        "other-places",
        Text("跨省通办", "Across provinces"),
        Text("在甲地递交，由乙地决定。", "Filed in one place, decided in another."),
        (
            Fact(
                "国办发〔2020〕35 号规定三种方式：全程网办、异地代收代办、多地联办。",
                "State Council Office document 35 of 2020 names three ways: online, by another hall, several places.",
            ),
            Fact(
                "收受分离：事权不变，决定仍由属地作出。",
                "Taking in is kept apart from deciding: the power stays where it was.",
            ),
            Fact(
                "浙皖闽赣四省边际 2020 年 12 月起首批 101 项。",
                "The border cities of four provinces began with 101 items in December 2020.",
            ),
            Fact(
                "2020 年底前 58 项，2021 年底前再加 74 项。",
                "58 items by the end of 2020, 74 more by the end of 2021.",
                LIKELY,
            ),
        ),
        Text(
            "演示里换一个区划，同一事项就分给那里有权的部门；没有权限的地方会说清楚由哪一级办。指标统计外省提交的比例。"
            "三种方式记在事项目录里。异地代收已做：收件大厅核验身份、收纸质原件、交快递，办理地签收后才能准予，结果寄回或寄给"
            "本人；收件大厅收完就只看进展。多地联办已做：“新生儿出生”里户口可以选另一地办，一份申请分给两地，一个日期，各地看得到与自己有关的进展，用协同单往来签收。",
            "Change the region and the same item goes to the department with the power there; where nobody has it the "
            "page says which level does. The three ways stand in the catalogue. Taking in elsewhere is built: the hall "
            "checks the identity, takes originals and hands them to a courier; nothing is granted before they were "
            "signed for, the result comes back, and the hall sees only the course once all is taken in. Several places "
            "are built too: for a newborn the household may be elsewhere; there is one date, each place sees what "
            "concerns it, and notes between them are signed for.",
        ),
        (
            Step("换一个区划，例如江山市。", "Choose another region.", "/regions?at=330800"),
            Step("看同一事项在那里由谁办。", "See who handles an item there.", "/items/F1"),
            Step("在江山大厅为柯城区收件。", "Take in at one hall for another county.", "/counter/intake", OTHER_HALL),
            Step("看外省提交的比例。", "See the share filed elsewhere.", "/indicators", SUPERVISOR),
        ),
        (
            "listRegions",
            "showItem",
            "planBundle",
            "showHandover",
            "sendParcel",
            "signParcel",
            "showPlaces",
            "choosePlaces",
            "sendNote",
            "listWaitingNotes",
            "signNote",
        ),
        (
            Text("甲地窗口看得到乙地的审查过程吗？应当吗？", "May the hall of A see how B reviews? Should it?"),
            Text("材料在路上丢了，时限从哪天算？", "If paper is lost on the way, from which day does time run?"),
        ),
    ),
    Lesson(
        "no-application",
        Text("免申即享", "Without applying"),
        Text("系统找到符合条件的人，只请他确认。", "The system finds who is entitled and asks only for a yes."),
        (
            Fact("不用申请，由系统找人，本人只作确认。", "Nobody applies; the system finds the people, who confirm."),
            Fact(
                "福州在“退休”里把独生子女奖励这样办。",
                "Fuzhou handles the one-child reward within retirement this way.",
            ),
        ),
        Text(
            "条件写在事项包里，按数据逐人判断，只发确认消息；不回应不等于同意，拒绝也不影响以后。",
            "The conditions stand in the pack and are judged person by person from data; only a question is sent. "
            "Silence is no consent, and a refusal has no consequence.",
        ),
        (
            Step("看本人收到的确认。", "See one's own offers.", "/my/offers", RETIRING),
            Step(
                "看办退休时一并确认的。", "See it inside retirement.", "/bundles/retire/stories/retire_full", RETIRING
            ),
            Step("看自己的数据被谁查过。", "See who looked at one's data.", "/my/data", RETIRING),
        ),
        ("listOffers", "confirmOffer", "declineOffer"),
        (
            Text("为了找到人而查所有人的数据，必要吗？", "Is it necessary to look at everybody to find some?"),
            Text("被系统漏掉的人怎样知道自己漏了？", "How does somebody learn that the system missed them?"),
        ),
    ),
    Lesson(
        "ratings",
        Text("好差评", "Ratings"),
        Text(
            "办事的人给每次服务打分，差评必须有回音。", "People rate each service, and a bad rating must be answered."
        ),
        (
            Fact(
                "依据国办发〔2019〕51 号和 GB/T 39735-2020。",
                "It rests on State Council Office document 51 of 2019 and GB/T 39735-2020.",
            ),
            Fact(
                "五级，最低两级是差评；自愿，不得诱导。",
                "Five levels, the lowest two are bad; it is voluntary, and staff may not hint.",
            ),
            Fact("实名差评百分之百回访。", "Every bad rating under a name is called back."),
            Fact("核实 1 个工作日，整改 5 个工作日。", "One working day to verify, five to put right.", INVENTED),
        ),
        Text(
            "差评自动变成一件督办事项：核实、整改、请本人再评；超期亮灯。整件事的得分单独统计，不是各部门的平均。",
            "A bad rating becomes a matter by itself: verify, put right, ask again; late ones turn red. The score of "
            "the whole is a figure of its own, not the mean of the departments.",
        ),
        (
            Step("挑一件申请评价。", "Choose an application and rate it.", "/my/voices", OWNER),
            Step("部门看自己的评价。", "A department sees its ratings.", "/departments/market.330802/ratings", OFFICER),
            Step("看差评变成的事项。", "See the matters that follow.", "/matters", SUPERVISOR),
        ),
        ("listRatingLevels", "rateApplication", "addToRating", "listDepartmentRatings"),
        (
            Text("好评率很高而参评率很低，说明什么？", "What does a high score with few ratings say?"),
            Text("恶意差评怎么办，又不让人不敢说真话？", "How to treat malicious ratings without silencing true ones?"),
        ),
    ),
)
