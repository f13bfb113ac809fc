"""Papers of intake: receipt of submission, hand-over, acceptance, fees, correction, non-acceptance, joint survey."""

from collections.abc import Iterable
from datetime import date

from app.domain import paper_sections as say
from app.domain.applications import EventKind, Notice, PointKind, ProvidedMaterial, Task
from app.domain.deadlines import effective_start
from app.domain.lifecycle import ENDED, TaskStatus
from app.domain.occasions import Occasion, doubt, handover_slip, head, of_task, of_the_whole, settled
from app.domain.papers import DEEMED_ARTICLE, Paper, PaperKind, Section, SectionKind, section
from app.domain.periods import written_day
from app.domain.records import Survey
from app.domain.routing import PlannedItem, PlannedMaterial
from app.domain.spared import sentence, spared_by, summary
from app.domain.vocabulary import Means, Text


def receipt(o: Occasion) -> list[Paper]:
    """接收回执: the receipt for the whole application."""
    count = len(o.case.materials)
    received = effective_start(o.plan.calendar, o.event.at)
    head = say.particulars(
        o.case.reference or "",
        o.parties.applicant,
        o.plan,
        None,
        say.fact(Text("申报时间", "Submitted at"), f"{o.event.at:%Y-%m-%d %H:%M}"),
        say.on_day(Text("计为收到的工作日", "Counts as received on"), received),
        say.fact(Text("材料份数", "Materials handed in"), Text(f"{count} 份", str(count))),
    )
    items = section(SectionKind.ITEMS, points=tuple(_assignment(planned) for planned in o.plan.items))
    law = say.law(PaperKind.RECEIPT, None)
    return [of_the_whole(o, PaperKind.RECEIPT, head, items, _spared(o), _what_next(o), law)]


def _what_next(o: Occasion) -> Section:
    return section(
        SectionKind.NEXT,
        Text(
            "您的申请已收到，并分送上列单位。各单位自收到之日起 5 个工作日内决定是否受理；"
            "材料不齐或者不符合法定形式的，一次性告知需要补正的全部内容；逾期不告知的，自收到申请材料之日起即为受理。"
            "本回执只说明已收到申请，不表示已经受理。",
            "Your application has been received and passed to the offices above. Each decides within 5 working days of "
            "receipt whether to accept it; if something is missing or not in the required form, you are told "
            "everything that needs correction, once. If you are not told in time, the application "
            "counts as accepted from the day it was received. This receipt confirms submission, not acceptance.",
        ),
        Text(
            "凭办件编号和查询码可免登录查询进度。查询码只显示一次，不印在文书上，请妥善保管。",
            "With the reference and the query code you can follow progress without signing in. The code is shown once "
            "and is not printed on papers: keep it safe.",
        ),
        _proof(o.case.id),
    )


def _proof(application: str) -> Text:
    address = f"/api/v1/applications/{application}/proof"
    return Text(
        f"本次申报已记入不可改写的存证。登录后可在 {address} 取得存证凭证，任何人可用 /verify.py 脱离平台核验。",
        f"This submission is on a record that cannot be rewritten unnoticed. Signed in, you get its proof at {address}"
        "; anybody can check it with /verify.py of this platform, without the platform.",
    )


def _spared(o: Occasion) -> Section:
    """What the applicant did not have to fill in, hand in or come for, by name [illustrative definitions]."""
    found = spared_by(o.case, o.plan)
    named = (*found.fields, *found.materials, *found.visits)
    return section(SectionKind.SPARED, summary(found), points=tuple(map(sentence, named)))


def _assignment(planned: PlannedItem) -> Text:
    name, office = planned.item.name, planned.routed.department.name
    wait = Text("（待前置事项完成后开始）", " (starts after earlier items)") if planned.stage else Text("", "")
    return Text(f"{name.zh} — {office.zh}{wait.zh}", f"{name.en}: {office.en}{wait.en}")


def acceptance(o: Occasion) -> list[Paper]:
    """受理通知书, by decision or by silence; with the notice of payment where there is a fee."""
    is_deemed = o.event.kind is EventKind.DEEMED_ACCEPTED
    facts = (
        say.on_day(Text("收到申请日期", "Received on"), o.task.opened_on),
        say.on_day(Text("受理日期", "Accepted on"), _accepted_on(o)),
        *say.time_limits(o.task),
    )
    law = say.law(PaperKind.ACCEPTANCE, o.planned, DEEMED_ARTICLE if is_deemed else None)
    body = _deemed_body(o) if is_deemed else _accepted_body(o)
    later, contact = _deferred(o), say.complaint(o.planned)
    dates = doubt(o, o.task.promised_due_on, o.task.statutory_due_on, *(own.due_on for own in o.task.deferred))
    papers = [of_task(o, PaperKind.ACCEPTANCE, head(o, *facts), body, later, dates, law, contact)]
    return papers + ([_payment(o)] if o.planned.item.fees else [])


def _accepted_on(o: Occasion) -> date | None:
    """Silence counts from receipt, an acceptance from the day of the office's act."""
    return o.task.opened_on if o.task.is_deemed_accepted else o.event.at.date()


def _accepted_body(o: Occasion) -> Section:
    name = o.planned.item.name
    return section(
        SectionKind.BODY,
        Text(
            f"您提出的“{name.zh}”申请，材料齐全、符合规定形式，现予受理。特别程序所需时间不计入上列期限，届时另行书面告知。",
            f"Your application for “{name.en}” is complete and in the required form and is accepted. Time taken by "
            "special procedures is not counted in the periods above; you will be told about it in writing.",
        ),
    )


def _deemed_body(o: Occasion) -> Section:
    name = o.planned.item.name
    return section(
        SectionKind.BODY,
        Text(
            f"您提出的“{name.zh}”申请，本单位在收到之日起 5 个工作日内没有告知需要补正，也没有作出不予受理的决定，"
            "自收到申请材料之日起视为受理。办理期限自该日的次日起计算。",
            f"Within 5 working days of receiving your application for “{name.en}” this office neither told you of "
            "anything to correct nor declined to accept it. It is therefore deemed accepted from the day it was "
            "received; the periods are counted from the following day.",
        ),
    )


def _deferred(o: Occasion) -> Section | None:
    """容缺受理: what the applicant has promised to bring, and until when [illustrative periods]."""
    points = []
    for deferred in o.task.deferred:
        name = names_of(o).get(deferred.code, Text(deferred.code, deferred.code))
        by = written_day(deferred.due_on) if deferred.due_on else Text("受理后的约定日期", "the agreed day")
        points.append(Text(f"{name.zh}：{by.zh}前补交（示例期限）", f"{name.en}: by {by.en} (illustrative period)"))
    if not points:
        return None
    told = Text(
        "本申请按您的书面承诺容缺受理。下列内容到齐后才能发证；逾期未补的，作退件处理。",
        "Accepted on your written promise to bring the following. Nothing is issued before it has come; what does not "
        "come in time leads to the return of the application.",
    )
    title = Text("容缺后补", "To follow later")
    return section(SectionKind.MATERIALS, told, title=title, points=tuple(points))


def names_of(o: Occasion) -> dict[str, Text]:
    """Field or material → its name."""
    fields = {planned.spec.code: planned.spec.name for planned in o.plan.fields}
    return fields | {planned.material.code: planned.material.name for planned in o.plan.materials}


def _payment(o: Occasion) -> Paper:
    fees = o.planned.item.fees
    points = []
    for fee in fees:
        amount = Text("按标准核定", "assessed by the rate")
        if fee.amount_yuan is not None:
            amount = Text(f"人民币 {fee.amount_yuan:.2f} 元（示例）", f"CNY {fee.amount_yuan:.2f} (illustrative)")
        less = Text(f"减免：{fee.reduction.zh}", f" Reductions: {fee.reduction.en}") if fee.reduction else Text("", "")
        points.append(
            Text(
                f"{fee.name.zh}：{amount.zh}。标准：{fee.standard.zh}。依据：{fee.basis.zh}。{less.zh}",
                f"{fee.name.en}: {amount.en}. Rate: {fee.standard.en}. Basis: {fee.basis.en}.{less.en}",
            )
        )
    body = section(
        SectionKind.BODY,
        Text(
            "请按下列项目缴费。法律、行政法规没有规定收费的，行政机关不得收费。本平台为教学演示，不收取任何费用，请勿付款。",
            "The following is payable. No authority may charge what no law or regulation provides for. This platform "
            "is a demonstration and collects nothing: do not pay.",
        ),
    )
    amounts = section(SectionKind.AMOUNTS, points=tuple(points))
    law, contact = say.law(PaperKind.PAYMENT, o.planned), say.complaint(o.planned)
    return of_task(o, PaperKind.PAYMENT, head(o), body, amounts, law, contact)


def correction(o: Occasion) -> list[Paper]:
    """一次性告知书: everything to correct, all offices on one paper."""
    notice = o.event.changes.get("notice")
    if not isinstance(notice, Notice):
        return []  # the row of one task beside that of the whole
    head = say.particulars(
        o.case.reference or "",
        o.parties.applicant,
        o.plan,
        None,
        say.fact(Text("告知次序", "Notice"), Text(f"第 {notice.number} 份", f"No. {notice.number}")),
        say.on_day(Text("补正期限（示例）", "Answer by (illustrative)"), notice.due_on),
    )
    parts = [_points(o, notice, planned) for planned in o.plan.items if planned.item.code in notice.points]
    body = section(
        SectionKind.BODY,
        Text(
            "您的申请经有关单位审核，需要补正下列内容。这是一次性告知：列出的是全部需要补正的内容，收到后各单位不得再追加。",
            "The offices have checked your application and ask for the corrections below. You are told once: this is "
            "everything, and no office may add to it.",
        ),
    )
    after, law = _answer_by(written_day(notice.due_on)), say.law(PaperKind.CORRECTION, None)
    return [of_the_whole(o, PaperKind.CORRECTION, head, body, *parts, after, doubt(o, notice.due_on), law)]


def _answer_by(due: Text) -> Section:
    return section(
        SectionKind.NEXT,
        Text(
            f"请最迟于{due.zh}一并答复本告知，没有列出的内容不用改，其他单位的办理不受影响。补正后各单位自收到之日起重新计算"
            "5 个工作日。逾期未补正的，相关事项作退件处理，可以重新申报。",
            f"Answer all points together by {due.en}; nothing else needs to change and other offices go on "
            "undisturbed. After your answer each office has 5 working days again. Without an answer "
            "the items concerned are returned; you may apply again.",
        ),
    )


def _points(o: Occasion, notice: Notice, planned: PlannedItem) -> Section:
    names = names_of(o)
    points = []
    for point in notice.points[planned.item.code]:
        kind = PointKind.FIELD.label if point.kind is PointKind.FIELD else PointKind.MATERIAL.label
        name = names.get(point.code, Text(point.code, point.code))
        points.append(
            Text(f"{kind.zh}“{name.zh}”：{point.reason}", f"{kind.en.capitalize()} “{name.en}”: {point.reason}")
        )
    office, item = planned.routed.department.name, planned.item.name
    title = Text(f"{office.zh}：{item.zh}", f"{office.en}: {item.en}")
    return section(SectionKind.POINTS, title=title, points=tuple(points))


def declined(o: Occasion) -> list[Paper]:
    """不予受理通知书: the application was not accepted, and why."""
    name = o.planned.item.name
    body = section(
        SectionKind.BODY,
        Text(f"您提出的“{name.zh}”申请，经审查，决定不予受理。", f"Your application for “{name.en}” is not accepted."),
        Text(
            "依法属于其他行政机关职权的，请向该机关申请；不清楚向哪里申请的，可以问下列单位，也可以问政务服务中心。",
            "If another authority has the power, apply there; whoever does not know where may ask the office below or "
            "the service hall.",
        ),
        say.office_contact(o.planned.routed.department),
    )
    return [settled(o, PaperKind.NOT_ACCEPTED, body)]


def handed_over(o: Occasion) -> list[Paper]:
    """物料流转凭证: paper taken in at the counter goes to the office when its task opens; without paper, none."""
    if o.task.status is TaskStatus.WAITING:
        return []
    return _slips(o, [o.task], _on_paper(o.case.materials.values()))


def late_material(o: Occasion) -> list[Paper]:
    """The same for paper that comes later: a slip for each office that uses it and is at work."""
    material = o.event.changes.get("material")
    if o.case.submitted_at is None or not isinstance(material, ProvidedMaterial):
        return []
    at_work = [t for t in o.case.tasks.values() if t.status is not TaskStatus.WAITING and t.status not in ENDED]
    return _slips(o, at_work, _on_paper([material]))


def _on_paper(materials: Iterable[ProvidedMaterial]) -> set[str]:
    """Codes of what exists on paper only: no file was uploaded."""
    return {material.code for material in materials if material.means is Means.UPLOAD and material.digest is None}


def _slips(o: Occasion, tasks: Iterable[Task], on_paper: set[str]) -> list[Paper]:
    slips = []
    for task in tasks:
        own = [m for m in o.plan.materials if task.item in m.users and m.material.code in on_paper]
        if own:
            slips.append(_slip(o, task, own))
    return slips


def _slip(o: Occasion, task: Task, materials: list[PlannedMaterial]) -> Paper:
    office = o.plan.find(task.item).routed.department
    facts = (
        say.fact(Text("交出", "Handed over by"), o.parties.hall.name),
        say.fact(Text("接收", "Received by"), office.name),
        say.fact(Text("流转时间", "Handed over at"), f"{o.event.at:%Y-%m-%d %H:%M}"),
    )
    return handover_slip(o, task, facts, tuple(_carried(o, task, m) for m in materials), o.parties.hall)


def _carried(o: Occasion, task: Task, planned: PlannedMaterial) -> Text:
    """One material on a slip, what the counter noted, and who else needs the same sheet."""
    name, note = planned.material.name, o.case.materials[planned.material.code].filename or ""
    others = say.joined(o.plan.find(item).item.short for item in planned.users if item != task.item)
    also = Text("", "")
    if others.zh:
        also = Text(f"；用后转交：{others.zh}", f"; pass on after use to: {others.en}")
    return Text(f"{name.zh}（{note}）{also.zh}", f"{name.en} ({note}){also.en}")


def survey(o: Occasion) -> list[Paper]:
    """联合踏勘通知书: one appointment for all offices; a later one replaces it."""
    found = o.event.changes.get("survey")
    if not isinstance(found, Survey):
        return []  # the row of one task beside that of the whole
    facts = (
        say.on_day(Text("踏勘日期", "Day"), found.on),
        say.fact(Text("踏勘地点", "Place"), found.place),
        say.fact(Text("预约次序", "Appointment"), Text(f"第 {found.number} 次", f"No. {found.number}")),
    )
    particulars = say.particulars(o.case.reference or "", o.parties.applicant, o.plan, None, *facts)
    coming = tuple(_assignment(o.plan.find(item)) for item in found.items if found.waits_for(item))
    body = section(
        SectionKind.BODY,
        Text(
            "下列单位将于上列日期一并到现场核查，只需接待一次。每个单位由两名以上工作人员到场并出示证件；"
            "踏勘不停止计算办理期限，一个单位未到场不影响其他单位。改期的另行通知，以最后一次为准。",
            "The offices below come to the place together on that day, once for all, each with two officers or more "
            "who show their papers. The clock runs on, and an office that does not come holds up nobody else. A new "
            "day is told by a new notice, which replaces this one.",
        ),
    )
    offices = section(SectionKind.ITEMS, points=coming)
    return [of_the_whole(o, PaperKind.SURVEY, particulars, body, offices, say.law(PaperKind.SURVEY, None))]
