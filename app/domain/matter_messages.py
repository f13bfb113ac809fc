"""What applicants hear about what they themselves raised: a report that an errand gets stuck, or a bad review.

They are told when it is answered, so that they can judge the answer while it is theirs to judge, and when it is closed
without them. What they do themselves is not told back. A message never quotes what anybody wrote.
"""

from collections.abc import Mapping, Sequence

from app.domain.matters import JUDGED, Conclusion, Matter, MatterEvent, MatterEventKind, MatterKind
from app.domain.messages import OWN_SIDE, Message, MessageKind
from app.domain.periods import written_day
from app.domain.vocabulary import Text

OF_EVENT: Mapping[MatterEventKind, MessageKind] = {
    MatterEventKind.REPLIED: MessageKind.ANSWERED,
    MatterEventKind.CLOSED: MessageKind.SETTLED,
    MatterEventKind.UPHELD: MessageKind.SETTLED,
    MatterEventKind.REOPENED: MessageKind.TAKEN_UP_AGAIN,
}
RAISED = {
    MatterKind.UNRESOLVED: Text("办不成事反映", "report that your errand is stuck"),
    MatterKind.BAD_REVIEW: Text("差评", "bad rating"),
    MatterKind.DATA_ERROR: Text("数据纠错", "objection to shared data"),
    MatterKind.DATA_CONTEST: Text("查阅异议", "objection to a look at your data"),
}
"""What the applicant calls it."""
JUDGE = {
    MatterKind.UNRESOLVED: Text("请看看是否解决了，认可或者退回重办", "say whether it is solved, or send it back"),
    MatterKind.BAD_REVIEW: Text(
        "请看看整改结果，认可或者退回重办，并重新评价", "say whether it was put right, or send it back, and rate again"
    ),
    MatterKind.DATA_ERROR: Text("请看看答复，认可或者退回重办", "say whether you accept it, or send it back"),
    MatterKind.DATA_CONTEST: Text("请看看答复，认可或者退回重办", "say whether you accept it, or send it back"),
}


def messages_about(
    matter: Matter, events: Sequence[MatterEvent], account: str, name: Text, bundle: Text
) -> tuple[Message, ...]:
    """The messages to the applicant that one command on a matter calls for; none for what only offices pursue.

    ``matter`` is the matter after the events.
    """
    if matter.kind not in JUDGED:
        return ()
    found = []
    for event in events:
        kind = OF_EVENT.get(event.kind)
        if kind is not None and event.role not in OWN_SIDE:
            found.append(_message(kind, matter, account, name, bundle))
    return tuple(found)


def _message(kind: MessageKind, matter: Matter, account: str, name: Text, bundle: Text) -> Message:
    raised, told = RAISED[matter.kind], _told(kind, matter)
    zh, en = (f"（{matter.reference}）", f" ({matter.reference})") if matter.reference else ("", "")
    return Message(
        account=account,
        kind=kind,
        title=Text(f"{kind.zh}：{bundle.zh}", f"{bundle.en}: {kind.en}"),
        body=Text(
            f"{name.zh}：您好！您就“{bundle.zh}”{zh}提出的{raised.zh}，{told.zh}",
            f"Dear {name.en}, your {raised.en} about “{bundle.en}”{en}: {told.en}",
        ),
    )


def _told(kind: MessageKind, matter: Matter) -> Text:
    if kind is MessageKind.ANSWERED:
        until, judge = written_day(matter.due_on), JUDGE[matter.kind]
        return Text(
            f"责任单位已经反馈。{judge.zh}；{until.zh}前没有评价的，由督办单位评价办结。评价自愿。",
            f"the office has answered. You may {judge.en}, until {until.en}; after that supervision concludes it. "
            "It is voluntary.",
        )
    if kind is MessageKind.TAKEN_UP_AGAIN:
        return Text(
            "督办单位认为还没有处置到位，已退回重办。", "supervision finds it not settled yet and has sent it back."
        )
    ended = matter.conclusion or Conclusion.RESOLVED
    return Text(f"已经办结，结论：{ended.zh}。", f"it is closed, with the conclusion: {ended.en}.")
