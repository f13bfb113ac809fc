"""Messages (消息): what an applicant hears about the case without asking. Pure: from events to sentences.

One command gives one message of each kind, whatever number of items it moved. A message names the person, the errand
and the items, never what was entered on the form nor what an officer wrote: it may travel by mail or SMS.
What applicants do themselves is not told back to them, except that a submission has arrived.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.applications import Application, Event, EventKind, Notice
from app.domain.lifecycle import ApplicationStatus
from app.domain.papers import Paper, PaperKind
from app.domain.periods import written_day
from app.domain.records import Survey
from app.domain.routing import Plan
from app.domain.unpublished import unpublished
from app.domain.vocabulary import Role, Text, Word


class MessageKind(Word):
    """消息种类."""

    SUBMITTED = "submitted", "申报已收到", "submission received"
    CORRECTION = "correction", "需要补正", "correction needed"
    ACCEPTED = "accepted", "已受理", "accepted"
    NOT_ACCEPTED = "not_accepted", "不予受理", "not accepted"
    SPECIAL = "special", "进入特殊程序", "special procedure"
    SPECIAL_ENDED = "special_ended", "特殊程序结束", "special procedure ended"
    EXTENDED = "extended", "办理期限延长", "time limit extended"
    WHOLE_EXTENDED = "whole_extended", "整件办理期限延长", "time limit of the whole extended"
    SUSPENDED = "suspended", "中止办理", "suspended"
    RESUMED = "resumed", "恢复办理", "resumed"
    GRANTED = "granted", "已批准", "granted"
    DENIED = "denied", "不予批准", "refused"
    REVOKED = "revoked", "已撤销", "revoked"
    CERTIFICATE_MOVED = "certificate_moved", "证照状态变更", "certificate moved"
    SURVEY = "survey", "预约联合踏勘", "joint survey appointed"
    ANNOUNCED = "announced", "已公告", "announced in public"
    COLLECT = "collect", "结果待领取", "result at the delivery desk"
    DELIVERED = "delivered", "已送达", "delivered"
    RETURNED = "returned", "已退件", "returned"
    TERMINATED = "terminated", "已终止", "ended"
    VOIDED = "voided", "已作废", "declared void"
    FINISHED = "finished", "全部办结，邀请评价", "finished; how was it?"
    ANSWERED = "answered", "已反馈，请您评价", "answered; please judge"
    TAKEN_UP_AGAIN = "taken_up_again", "已退回重办", "sent back to the office"
    SETTLED = "settled", "已评价办结", "closed"
    OFFERED = "offered", "免申即享，待您确认", "offered to you; confirm or decline"
    ON_ITS_WAY = "on_its_way", "已寄出", "sent by courier"
    ARRIVED = "arrived", "寄递件已签收", "parcel signed for"
    CONSENT_ASKED = "consent_asked", "请您决定是否授权", "your consent is asked for"
    CONSENT_ANSWERED = "consent_answered", "授权有了答复", "an answer about consent"


OF_MATTERS = frozenset({MessageKind.ANSWERED, MessageKind.TAKEN_UP_AGAIN, MessageKind.SETTLED})
"""Told by :mod:`app.domain.matter_messages`."""
OF_OFFERS = frozenset({MessageKind.OFFERED})
"""Told by :mod:`app.domain.offers`."""
OF_CONSENTS = frozenset({MessageKind.CONSENT_ASKED, MessageKind.CONSENT_ANSWERED})
"""Told by :mod:`app.domain.consents`."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one account. ``papers`` are the numbers of the papers it announces."""

    account: str
    kind: MessageKind
    title: Text
    body: Text
    papers: tuple[str, ...] = ()


OF_EVENT: Mapping[EventKind, MessageKind] = {
    EventKind.SUBMITTED: MessageKind.SUBMITTED,
    EventKind.CORRECTION_SERVED: MessageKind.CORRECTION,
    EventKind.ACCEPTED: MessageKind.ACCEPTED,
    EventKind.DEEMED_ACCEPTED: MessageKind.ACCEPTED,
    EventKind.DECLINED: MessageKind.NOT_ACCEPTED,
    EventKind.SPECIAL_BEGUN: MessageKind.SPECIAL,
    EventKind.SPECIAL_ENDED: MessageKind.SPECIAL_ENDED,
    EventKind.EXTENDED: MessageKind.EXTENDED,
    EventKind.WHOLE_EXTENDED: MessageKind.WHOLE_EXTENDED,
    EventKind.SUSPENDED: MessageKind.SUSPENDED,
    EventKind.RESUMED: MessageKind.RESUMED,
    EventKind.GRANTED: MessageKind.GRANTED,
    EventKind.DENIED: MessageKind.DENIED,
    EventKind.REVOKED: MessageKind.REVOKED,
    EventKind.CERTIFICATE_FROZEN: MessageKind.CERTIFICATE_MOVED,
    EventKind.CERTIFICATE_UNFROZEN: MessageKind.CERTIFICATE_MOVED,
    EventKind.CERTIFICATE_REVOKED: MessageKind.CERTIFICATE_MOVED,
    EventKind.SURVEY_APPOINTED: MessageKind.SURVEY,
    EventKind.ANNOUNCED: MessageKind.ANNOUNCED,
    EventKind.DISPATCHED: MessageKind.COLLECT,
    EventKind.DELIVERED: MessageKind.DELIVERED,
    EventKind.RETURNED: MessageKind.RETURNED,
    EventKind.TERMINATED: MessageKind.TERMINATED,
    EventKind.VOIDED: MessageKind.VOIDED,
    EventKind.PARCEL_SENT: MessageKind.ON_ITS_WAY,
    EventKind.PARCEL_SIGNED: MessageKind.ARRIVED,
}
PAPERS_OF: Mapping[MessageKind, frozenset[PaperKind]] = {
    MessageKind.SUBMITTED: frozenset({PaperKind.RECEIPT, PaperKind.PLEDGE}),
    MessageKind.CORRECTION: frozenset({PaperKind.CORRECTION}),
    MessageKind.ACCEPTED: frozenset({PaperKind.ACCEPTANCE, PaperKind.PAYMENT}),
    MessageKind.NOT_ACCEPTED: frozenset({PaperKind.NOT_ACCEPTED}),
    MessageKind.SPECIAL: frozenset({PaperKind.SPECIAL}),
    MessageKind.EXTENDED: frozenset({PaperKind.EXTENSION}),
    MessageKind.WHOLE_EXTENDED: frozenset({PaperKind.EXTENSION}),
    MessageKind.GRANTED: frozenset({PaperKind.APPROVAL}),
    MessageKind.DENIED: frozenset({PaperKind.REFUSAL}),
    MessageKind.DELIVERED: frozenset({PaperKind.DELIVERY}),
    MessageKind.REVOKED: frozenset({PaperKind.REVOCATION}),
    MessageKind.SURVEY: frozenset({PaperKind.SURVEY}),
    MessageKind.ANNOUNCED: frozenset({PaperKind.ANNOUNCEMENT}),
}
"""The papers a message of that kind announces."""

FINISHED = frozenset({ApplicationStatus.FINISHED.value, ApplicationStatus.PARTLY_FINISHED.value})
OWN_SIDE = frozenset({Role.APPLICANT, Role.AGENT})

NEWS: Mapping[MessageKind, Text] = {
    MessageKind.ON_ITS_WAY: Text(
        "收件大厅与办理部门之间的寄递件已经交给快递，签收后会再告诉您。",
        "a parcel between the hall that took it in and the deciding office is with the courier; you will hear when it "
        "has arrived.",
    ),
    MessageKind.ARRIVED: Text(
        "收件大厅与办理部门之间的寄递件已经签收，没有要您做的事。",
        "the parcel between the hall that took it in and the deciding office has arrived; there is nothing to do.",
    ),
    MessageKind.SUBMITTED: Text(
        "申请已收到，并分送各承办单位。各单位 5 个工作日内决定是否受理，进展会在这里告诉您。",
        "your application has been received and passed to the offices. Each decides within 5 working days whether to "
        "accept it; you will hear about it here.",
    ),
    MessageKind.CORRECTION: Text(
        "有内容需要补正。请最迟于{until}一并答复补正告知书；没有列出的内容不用改。",
        "something needs correction. Answer the correction notice by {until}; nothing else needs to change.",
    ),
    MessageKind.ACCEPTED: Text("下列事项已经受理：{items}。", "accepted: {items}."),
    MessageKind.NOT_ACCEPTED: Text(
        "下列事项不予受理：{items}。理由和救济途径见通知书。",
        "not accepted: {items}. The notice states the reasons and the remedies.",
    ),
    MessageKind.SPECIAL: Text(
        "下列事项进入特殊程序：{items}。所需时间不计入办理期限，详见告知书。",
        "a special procedure has begun for: {items}. Its time is not counted; see the notice.",
    ),
    MessageKind.SPECIAL_ENDED: Text(
        "下列事项的特殊程序已经结束，继续计算办理期限：{items}。",
        "the special procedure has ended and the clock runs again for: {items}.",
    ),
    MessageKind.EXTENDED: Text(
        "下列事项延长了办理期限：{items}。理由和新的期限见通知书。",
        "the time limit was extended for: {items}. The notice states the reason and the new date.",
    ),
    MessageKind.WHOLE_EXTENDED: Text(
        "经本级人民政府负责人批准，整件联合办理的期限已经延长。理由和新的期限见通知书；各事项自己的期限不变。",
        "with the approval of the head of the local government the time limit of the whole was extended. The notice "
        "states the reason and the new date; the limits of the items stay as they are.",
    ),
    MessageKind.SUSPENDED: Text(
        "下列事项中止办理：{items}。原因见办件详情。",
        "suspended: {items}. The application says why.",
    ),
    MessageKind.RESUMED: Text("下列事项恢复办理：{items}。", "resumed: {items}."),
    MessageKind.GRANTED: Text(
        "下列事项已经批准或者办成：{items}。结果可以在“我的文书”和办件详情里查看。",
        "granted or carried out: {items}. See your papers and the application.",
    ),
    MessageKind.DENIED: Text(
        "下列事项没有获得批准或者未能办成：{items}。理由和救济途径见文书，其他事项照常办理。",
        "refused or not carried out: {items}. The paper states the reasons and the remedies; other items go on.",
    ),
    MessageKind.REVOKED: Text(
        "经核查，下列事项的承诺不实，准予决定已被撤销：{items}。理由见撤销决定书；如不服，可以依法申请行政复议或者提起行政诉讼。",
        "a check found the commitment false and the grant was revoked: {items}. The decision states the reasons; you "
        "may ask for reconsideration or bring an action.",
    ),
    MessageKind.CERTIFICATE_MOVED: Text(
        "下列事项核发的证照已被冻结、解冻或者吊销：{items}。现在的状态和理由见“我的证照”。",
        "the certificate issued for this was frozen, unfrozen or revoked: {items}. Your wallet says where it stands "
        "and why.",
    ),
    MessageKind.SURVEY: Text(
        "各有关单位将于{until}一并到现场踏勘，只需接待一次；踏勘不停表，办理期限照常计算。",
        "the offices will come to the place together on {until}, once for all; the clock runs on.",
    ),
    MessageKind.ANNOUNCED: Text(
        "下列事项已向社会公告：{items}。公告至{until}，期满前不作决定，您无需另行办理。",
        "announced in public: {items}. It runs until {until}; nothing is decided before, and you need do nothing.",
    ),
    MessageKind.COLLECT: Text(
        "下列事项的结果已经转到出件窗口：{items}。",
        "the result is at the delivery desk: {items}.",
    ),
    MessageKind.DELIVERED: Text("下列事项的结果已经送达：{items}。", "delivered: {items}."),
    MessageKind.RETURNED: Text(
        "下列事项已退件：{items}。原因见办件详情，可以重新申报。",
        "returned: {items}. The application says why; you may apply again.",
    ),
    MessageKind.TERMINATED: Text(
        "下列事项已终止：{items}。原因见办件详情。",
        "ended without a decision: {items}. The application says why.",
    ),
    MessageKind.VOIDED: Text("下列事项已作废：{items}。原因见办件详情。", "declared void: {items}; see why there."),
    MessageKind.FINISHED: Text(
        "全部事项已经办结。欢迎对办理过程作出评价；评价自愿，承办人员看不到是谁评价的。",
        "everything is finished. You are invited to rate how it went: it is voluntary, and the desk does not see who "
        "rated.",
    ),
}


@dataclass(slots=True)
class _News:
    """What one command brings of one kind."""

    items: list[str] = field(default_factory=list)
    until: Text = field(default_factory=lambda: Text("", ""))
    counted_to: date | None = None
    """The last day of a period told in working days or calendar days, for what is said of its year."""


def messages_for(
    case: Application, events: Sequence[Event], plan: Plan, name: Text, papers: Sequence[Paper]
) -> tuple[Message, ...]:
    """The messages to the applicant that these events call for, in the order things happened.

    ``case`` is the application after them, ``papers`` what they served.
    """
    news: dict[MessageKind, _News] = {}
    for event in events if case.reference is not None else ():
        kind = _kind(event)
        if kind is not None:
            _tell(news.setdefault(kind, _News()), event)
    told = tuple(_message(kind, found, case, plan, name, papers) for kind, found in news.items())
    return tuple(_in_doubt(message, news[message.kind], events[-1].at.date(), plan) for message in told)


def _in_doubt(message: Message, news: _News, today: date, plan: Plan) -> Message:
    """The message with what has to be said of a date in a year whose holidays are not published yet."""
    doubt = unpublished(plan.calendar, today, news.counted_to)
    if not doubt.zh:
        return message
    return replace(message, body=Text(f"{message.body.zh}{doubt.zh}", f"{message.body.en} {doubt.en}"))


def is_news(event: Event) -> bool:
    """Whether such an event may call for a message."""
    return event.kind in OF_EVENT or event.kind is EventKind.MOVED


def _kind(event: Event) -> MessageKind | None:
    if event.kind is EventKind.MOVED:
        is_over = event.end in FINISHED and event.changes.get("completed_at") is not None
        return MessageKind.FINISHED if is_over and event.start != event.end else None
    if event.kind is EventKind.CORRECTION_SERVED and event.task is not None:
        return None  # the row of the whole tells it once
    if event.kind is EventKind.CERTIFICATE_REVOKED and event.task is None:
        return None  # the revoked grant tells it
    if event.role in OWN_SIDE and event.kind is not EventKind.SUBMITTED:
        return None
    return OF_EVENT.get(event.kind)


def _tell(news: _News, event: Event) -> None:
    notice = event.changes.get("notice")
    if isinstance(notice, Notice):
        news.until, news.counted_to = written_day(notice.due_on), notice.due_on
    survey = event.changes.get("survey")
    if isinstance(survey, Survey):
        news.until = written_day(survey.on)
    if event.kind is EventKind.ANNOUNCED:
        until = event.changes["announcements"][-1].until
        news.until, news.counted_to = written_day(until), until
    if event.task is not None and event.task not in news.items:
        news.items.append(event.task)


def _message(
    kind: MessageKind, news: _News, case: Application, plan: Plan, name: Text, papers: Sequence[Paper]
) -> Message:
    shorts = [plan.find(item).item.short for item in news.items]
    told, bundle = NEWS[kind], plan.bundle.name
    zh = told.zh.format(items="、".join(short.zh for short in shorts), until=news.until.zh)
    en = told.en.format(items=", ".join(short.en for short in shorts), until=news.until.en)
    kinds = PAPERS_OF.get(kind, frozenset())
    return Message(
        account=case.applicant,
        kind=kind,
        title=Text(f"{kind.zh}：{bundle.zh}", f"{bundle.en}: {kind.en}"),
        body=Text(
            f"{name.zh}：您好！您的“{bundle.zh}”（{case.reference}），{zh}",
            f"Dear {name.en}, about “{bundle.en}” ({case.reference}): {en}",
        ),
        papers=tuple(paper.number for paper in papers if paper.kind in kinds),
    )
