"""单独同意: one person's consent to one dataset about himself (or the child he is guardian of), for one application.

A consent names everything that 个人信息保护法 art. 17 and 23 want told beforehand. Its text is fixed when it is asked
for: the words and their digest stay with the record. It ends by itself, and it may be withdrawn at any time (art. 15);
what was lawfully done before stays as it is.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from app.domain.applications import Application, EventKind, Moment
from app.domain.errors import ActionNotAllowed
from app.domain.lifecycle import ApplicationStatus
from app.domain.messages import Message, MessageKind
from app.domain.periods import written_day
from app.domain.vocabulary import Text, Word


class ConsentStatus(Word):
    """Where a consent stands."""

    ASKED = "asked", "待本人确认", "waiting for the person"
    GIVEN = "given", "已同意", "given"
    REFUSED = "refused", "不同意", "refused"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"
    EXPIRED = "expired", "已过期", "run out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One consent. ``account`` is who answers it: the person, or the parent in whose record a child under 14 stands;
    ``subject`` the blind index of that person's number; ``until`` the last day on which it holds."""

    id: str
    application_id: str
    party: str
    subject: str
    account: str
    dataset: str
    elements: tuple[str, ...]
    items: tuple[str, ...]
    departments: tuple[str, ...]
    text: Text
    digest: str
    asked_at: datetime
    asked_by: str
    until: date
    status: ConsentStatus = ConsentStatus.ASKED
    answered_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def standing(self, today: date) -> ConsentStatus:
        """The status as of a day: what was asked or given runs out after ``until``."""
        is_running = self.status in {ConsentStatus.ASKED, ConsentStatus.GIVEN}
        return ConsentStatus.EXPIRED if is_running and today > self.until else self.status


class ConsentAction(Word):
    """What the person may do."""

    GIVE = "give", "同意", "give"
    REFUSE = "refuse", "不同意", "refuse"
    WITHDRAW = "withdraw", "撤回", "withdraw"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: from where, to where, and the event of the application that says so."""

    start: ConsentStatus
    end: ConsentStatus
    event: EventKind


MOVES = {
    ConsentAction.GIVE: Move(ConsentStatus.ASKED, ConsentStatus.GIVEN, EventKind.CONSENT_GIVEN),
    ConsentAction.REFUSE: Move(ConsentStatus.ASKED, ConsentStatus.REFUSED, EventKind.CONSENT_REFUSED),
    ConsentAction.WITHDRAW: Move(ConsentStatus.GIVEN, ConsentStatus.WITHDRAWN, EventKind.CONSENT_WITHDRAWN),
}


def is_over(case: Application) -> bool:
    """Whether nothing is fetched for this application any more."""
    return case.completed_at is not None or case.status is ApplicationStatus.WITHDRAWN


def allowed(consent: Consent, case: Application, today: date) -> tuple[ConsentAction, ...]:
    """What the person may do with it now. A consent of an application that is over has done what it could."""
    standing = consent.standing(today)
    return () if is_over(case) else tuple(action for action, move in MOVES.items() if move.start is standing)


def answered(consent: Consent, case: Application, action: ConsentAction, moment: Moment) -> Consent:
    """The consent after one action; raises :class:`ActionNotAllowed` with what is allowed."""
    possible = allowed(consent, case, moment.today)
    if action not in possible:
        standing = consent.standing(moment.today)
        raise ActionNotAllowed(
            Text(
                f"这项授权“{standing.zh}”，现在不能“{action.zh}”。",
                f"You cannot {action.en} a consent of an application that is over or that is {standing.en}.",
            ),
            action=action.value,
            state=standing.value,
            allowed=[option.value for option in possible],
        )
    if action is ConsentAction.WITHDRAW:
        return replace(consent, status=MOVES[action].end, withdrawn_at=moment.at)
    return replace(consent, status=MOVES[action].end, answered_at=moment.at)


def asking(consent: Consent, bundle: Text, applicant: Text) -> Message:
    """The message to the person whose consent is asked for. ``applicant`` is the masked name of who applies."""
    kind, until = MessageKind.CONSENT_ASKED, written_day(consent.until)
    return Message(
        account=consent.account,
        kind=kind,
        title=Text(f"{kind.zh}：{bundle.zh}", f"{bundle.en}: {kind.en}"),
        body=Text(
            f"{applicant.zh}申请办理“{bundle.zh}”，需要查询您的数据。请在“我的授权”里看清内容，决定同意或者不同意；"
            f"{until.zh}前有效，不同意不影响办理。",
            f"{applicant.en} applies for “{bundle.en}”, which needs data about you. Read the notice under your "
            f"consents and decide by {until.en}; the case goes on even if you refuse.",
        ),
    )


def telling(consent: Consent, case: Application, bundle: Text, dataset: Text) -> Message:
    """The message to the applicant about what another person has answered: which data, never why."""
    kind, now = MessageKind.CONSENT_ANSWERED, consent.status
    then = Text("可以再次预填。", "The form can be filled in advance again.")
    if now is not ConsentStatus.GIVEN:
        then = Text("还没有取得的内容请自行填写或上传。", "Enter or upload what has not been had yet.")
    return Message(
        account=case.applicant,
        kind=kind,
        title=Text(f"{kind.zh}：{bundle.zh}", f"{bundle.en}: {kind.en}"),
        body=Text(f"“{dataset.zh}”：{now.zh}。{then.zh}", f"“{dataset.en}”: {now.en}. {then.en}"),
    )
