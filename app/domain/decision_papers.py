"""Papers of review, decision and delivery, and of a grant that is revoked."""

from datetime import date

from app.domain import paper_sections as say
from app.domain.applications import Moment
from app.domain.joint import LAW, WholeLimit, limit_of_case
from app.domain.lifecycle import TaskStatus, Verdict
from app.domain.occasions import Occasion, doubt, handover_slip, head, of_task, of_the_whole, settled
from app.domain.papers import RESULT_NOTICE, Origin, Paper, PaperKind, Section, SectionKind, section
from app.domain.periods import written_day
from app.domain.records import Mode
from app.domain.vocabulary import Text


def special(o: Occasion) -> list[Paper]:
    """特殊程序审查期限告知书: which procedure of art. 45, and how long it will take."""
    pause = o.task.pauses[-1]
    procedure = pause.procedure.label if pause.procedure else TaskStatus.SPECIAL.label
    needed = Text(f"{pause.days} 个工作日", f"{pause.days} working days") if pause.days else None
    facts = (
        say.fact(Text("特殊程序", "Procedure"), procedure, Origin.DEPARTMENT),
        say.on_day(Text("停止计算之日", "The clock stops on"), pause.since),
        say.fact(Text("所需时间", "Time needed"), needed, Origin.DEPARTMENT),
        say.on_day(Text("预计结束日期", "Expected to end on"), pause.ends_on, Origin.DEPARTMENT),
        *say.time_limits(o.task),
    )
    name = o.planned.item.name
    body = section(
        SectionKind.BODY,
        Text(
            f"办理“{name.zh}”需要进行{procedure.zh}。所需时间不计入办理期限，结束后办理期限按停止计算的工作日顺延；"
            "上列期限为停止计算前的期限。",
            f"“{name.en}” needs a special procedure: {procedure.en}. Its time is not counted; when it ends the periods "
            "move by the working days for which the clock stood still. The dates above are those before it began.",
        ),
    )
    law, contact = say.law(PaperKind.SPECIAL, o.planned), say.complaint(o.planned)
    dates = doubt(o, pause.ends_on, *_limits(o))
    return [of_task(o, PaperKind.SPECIAL, head(o, *facts), body, say.reasons(o.event.why), dates, law, contact)]


def _limits(o: Occasion) -> tuple[date | None, ...]:
    return o.task.promised_due_on, o.task.statutory_due_on


def extension(o: Occasion) -> list[Paper]:
    """延长办理期限: the longer period, told to the applicant."""
    days = o.task.extended_days
    facts = (
        say.fact(Text("延长", "Extended by"), Text(f"{days} 个工作日", f"{days} working days"), Origin.DEPARTMENT),
        *say.time_limits(o.task),
    )
    name = o.planned.item.name
    body = section(
        SectionKind.BODY,
        Text(
            f"“{name.zh}”在原定期限内不能作出决定，经本单位负责人批准，延长办理期限 {days} 个工作日。"
            "上列为延长后的期限。期限只能延长一次。",
            f"“{name.en}” cannot be decided within its period. With the approval of the head of this office the "
            f"period is extended by {days} working days; the dates above include them. It can be extended once only.",
        ),
    )
    law, contact = say.law(PaperKind.EXTENSION, o.planned), say.complaint(o.planned)
    why, dates = say.reasons(o.event.why), doubt(o, *_limits(o))
    return [of_task(o, PaperKind.EXTENSION, head(o, *facts), body, why, dates, law, contact)]


def whole_extension(o: Occasion) -> list[Paper]:
    """延长办理期限 of the whole: how many days, from when to when, and why (art. 42 (2))."""
    limit = limit_of_case(o.case, Moment(o.event.at, o.plan.calendar))
    if limit.extension is None or limit.shift is None:
        return []
    days = limit.extension.days
    facts = (
        say.fact(Text("延长", "Extended by"), Text(f"{days} 个工作日", f"{days} working days"), Origin.DEPARTMENT),
        say.on_day(Text("原整件期限", "Limit of the whole before"), limit.shift.start, Origin.LAW),
        say.on_day(Text("现整件期限", "Limit of the whole now"), limit.shift.on, Origin.LAW),
    )
    bound = section(SectionKind.ITEMS, points=tuple(o.plan.find(item).item.name for item in limit.items))
    particulars = say.particulars(o.case.reference or "", o.parties.applicant, o.plan, None, *facts)
    why, law = say.reasons(o.event.why), section(SectionKind.LAW, LAW)
    body, dates = _whole_words(limit, days), doubt(o, limit.shift.on)
    return [of_the_whole(o, PaperKind.EXTENSION, particulars, body, bound, why, dates, law)]


def _whole_words(limit: WholeLimit, days: int) -> Section:
    return section(
        SectionKind.BODY,
        Text(
            f"您的申请由 {len(limit.departments)} 个部门联合办理，四十五个工作日内不能办结，经本级人民政府负责人批准，"
            f"整件延长 {days} 个工作日（演示中由政务服务办公室督办员代行批准，示例）。整件期限只能延长一次；"
            "各事项自己的承诺期限和法定期限不变。",
            f"{len(limit.departments)} offices handle your application jointly and cannot finish it within forty-five "
            f"working days. With the approval of the head of the local government it is extended by {days} working "
            "days (here the supervisor of the government service office stands for that head, illustrative). It can "
            "be extended once only, and the periods of the single items stay as they are.",
        ),
    )


def granted(o: Occasion) -> list[Paper]:
    """准予: the decision, and the certificate where there is one."""
    certificate = o.after.certificates.get(o.task.item)
    facts = (
        say.settled_on(o.planned, o.event.at.date()),
        *(say.certificate_facts(certificate) if certificate else ()),
        say.on_day(Text("送达期限", "To be delivered by"), o.task.delivery_due_on, Origin.LAW),
        say.fact(Text("送达方式", "Delivery"), say.delivery_way(o.case, o.plan, o.planned.item), Origin.APPLICANT),
    )
    body = section(SectionKind.BODY, _grant_words(o))
    law, contact = say.law(PaperKind.APPROVAL, o.planned), say.complaint(o.planned)
    check = o.task.after_check.due_on if o.task.after_check is not None else None
    return [
        of_task(o, PaperKind.APPROVAL, head(o, *facts), body, doubt(o, o.task.delivery_due_on, check), law, contact)
    ]


def _grant_words(o: Occasion) -> Text:
    """Granted after examination, granted on a commitment that is checked later, or carried out without a decision."""
    name, check = o.planned.item.name, o.task.after_check
    if o.task.mode is Mode.OFFERED:
        return Text(
            f"经核对，您符合“{name.zh}”的办理条件，按免申即享方式办成，您无需另行申请。",
            f"You meet the conditions of “{name.en}”; it was carried out for you without a separate application.",
        )
    if not say.has_power(o.planned):
        return Text(
            f"您提出的“{name.zh}”申请已经办成，现将办理结果告知您。",
            f"Your application for “{name.en}” has been carried out; this paper tells you the result.",
        )
    if check is not None:
        by = written_day(check.due_on)
        return Text(
            f"您书面承诺符合“{name.zh}”的法定条件，按告知承诺制决定予以批准。本单位将在{by.zh}前核查；"
            "承诺不实的，依法撤销本决定，并记入信用记录。",
            f"You have committed yourself in writing to meeting the conditions of “{name.en}”, and it is granted on "
            f"that commitment. It will be checked by {by.en}; if it was false, the grant is revoked and put on record.",
        )
    return Text(
        f"您提出的“{name.zh}”申请，经审查，符合法定条件、标准，决定予以批准。",
        f"Your application for “{name.en}” has been examined, meets the conditions set by law, and is granted.",
    )


def denied(o: Occasion) -> list[Paper]:
    """不予: the decision with its reasons, its law and the ways to contest it."""
    name = o.planned.item.name
    decided = Text(
        f"您提出的“{name.zh}”申请，经审查，不符合法定条件、标准，决定不予批准。",
        f"Your application for “{name.en}” has been examined, does not meet the conditions set by law, and is refused.",
    )
    told = Text(
        f"您提出的“{name.zh}”申请未能办成，现将办理结果和原因告知您。",
        f"Your application for “{name.en}” could not be carried out; this paper tells you the result and the cause.",
    )
    body = section(SectionKind.BODY, decided if say.has_power(o.planned) else told)
    decided_on = say.settled_on(o.planned, o.event.at.date())
    return [settled(o, PaperKind.REFUSAL, body, decided_on)]


def dispatched(o: Occasion) -> list[Paper]:
    """物料流转凭证 the other way: the office hands its result to the delivery desk."""
    office, hall = o.planned.routed.department, o.parties.hall
    facts = (
        say.fact(Text("交出", "Handed over by"), office.name),
        say.fact(Text("接收", "Received by"), Text(f"{hall.name.zh}出件窗口", f"{hall.name.en}, delivery desk")),
        say.fact(Text("流转时间", "Handed over at"), f"{o.event.at:%Y-%m-%d %H:%M}"),
    )
    return [handover_slip(o, o.task, facts, (_result(o),), office)]


def _result(o: Occasion) -> Text:
    """What there is to hand out: the certificate, or the paper that says no."""
    certificate = o.case.certificates.get(o.task.item)
    if certificate is not None:
        return Text(
            f"{certificate.name_zh}，编号 {certificate.number}", f"{certificate.name_en}, number {certificate.number}"
        )
    kind = PaperKind.REFUSAL if o.task.verdict is Verdict.DENIED else PaperKind.APPROVAL
    title = kind.label if say.has_power(o.planned) else RESULT_NOTICE
    return Text(f"{title.zh}（{o.planned.item.short.zh}）", f"{title.en} ({o.planned.item.short.en})")


def delivered(o: Occasion) -> list[Paper]:
    """送达回执: what was delivered to whom, how and when."""
    certificate = o.case.certificates.get(o.task.item)
    facts = (
        say.fact(Text("送达时间", "Delivered at"), f"{o.event.at:%Y-%m-%d %H:%M}"),
        say.fact(Text("送达方式", "Delivery"), say.delivery_way(o.case, o.plan, o.planned.item), Origin.APPLICANT),
        say.fact(Text("受送达人", "Delivered to"), o.parties.applicant, Origin.APPLICANT),
        say.fact(Text("送达文书", "What was delivered"), _result(o)),
        *(say.certificate_facts(certificate)[2:] if certificate else ()),
    )
    body = section(
        SectionKind.BODY,
        Text(
            "上列办理结果已经送达。请核对证照或者文书记载的内容，有误的请联系承办单位更正。",
            "The result above has been delivered. Check what the certificate or document says and ask the office to "
            "correct any mistake.",
        ),
        say.office_contact(o.planned.routed.department),
    )
    law, contact = say.law(PaperKind.DELIVERY, o.planned), say.complaint(o.planned)
    return [of_task(o, PaperKind.DELIVERY, head(o, *facts), body, law, contact)]


def announced(o: Occasion) -> list[Paper]:
    """公告告知书: what is announced, for how long, and whether the clock runs meanwhile."""
    made = o.task.announcements[-1]
    length = Text(f"{made.days} 日", f"{made.days} calendar days")
    facts = (
        say.on_day(Text("公告开始", "Announced on"), made.since, Origin.DEPARTMENT),
        say.fact(Text("公告期", "For"), length, Origin.DEPARTMENT),
        say.on_day(Text("公告截止", "Until"), made.until, Origin.DEPARTMENT),
        *say.time_limits(o.task),
    )
    name = o.planned.item.name
    clock = Text("公告期不停止计算办理期限。", "The clock runs on meanwhile.")
    if made.stops_clock:
        clock = Text(
            "按本事项的法律规定，公告期不计入办理期限，上列期限已顺延。", "By the item's own law it is not counted."
        )
    body = section(
        SectionKind.BODY,
        Text(
            f"办理“{name.zh}”须向社会公告，公告期满前不作出决定。{clock.zh}公告由承办单位发布，您无需另行办理。",
            f"“{name.en}” has to be announced in public; nothing is decided before that has run. {clock.en} The office "
            "publishes it; you need not do anything.",
        ),
    )
    what = section(SectionKind.BODY, Text(made.about or "—", made.about or "—"), title=ABOUT)
    law, contact = say.law(PaperKind.ANNOUNCEMENT, o.planned), say.complaint(o.planned)
    dates = doubt(o, made.until, *_limits(o))
    return [of_task(o, PaperKind.ANNOUNCEMENT, head(o, *facts), body, what, dates, law, contact)]


ABOUT = Text("公告内容", "What is announced")


def revoked(o: Occasion) -> list[Paper]:
    """撤销决定书: the grant taken back, with its reasons, its law and the ways to contest it."""
    name, certificate = o.planned.item.name, o.case.certificates.get(o.task.item)
    facts = (
        say.settled_on(o.planned, o.event.at.date()),
        *(say.certificate_facts(certificate)[:2] if certificate else ()),
    )
    body = section(
        SectionKind.BODY,
        Text(
            f"“{name.zh}”此前按您的书面承诺准予。经核查，承诺的内容不实，决定撤销该项准予；所发证照（文书）自本决定作出之日"
            "起不再有效，有关情况记入信用记录。您对本决定有陈述、申辩的权利。",
            f"“{name.en}” had been granted on your written commitment. A check found the commitment untrue, and the "
            "grant is revoked; what was issued on it is no longer valid from the day of this decision, and it goes on "
            "record. You may state your case and defend yourself.",
        ),
    )
    return [settled(o, PaperKind.REVOCATION, body, *facts)]
