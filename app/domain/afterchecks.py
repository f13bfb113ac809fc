"""告知承诺制 (国办发〔2020〕42号): decided on the applicant's commitment, checked afterwards, revoked if it was false.

The consequence of a false commitment is the same for everybody and known beforehand: the grant is revoked (撤销), its
certificate is no longer valid, it goes on the applicant's credit record, and every department whose item built on it is
told. Waiting items end, items under review are confirmed again, decisions already made are that department's to judge.
"""

from dataclasses import replace
from typing import Final

from app.domain.applications import SYSTEM, Application, EventKind, Task
from app.domain.certificates import CertificateStatus
from app.domain.clocks import after_check_due
from app.domain.commands import Command, Desk
from app.domain.happenings import Happenings
from app.domain.lifecycle import ENDED, RUNNING, TaskStatus, Verdict
from app.domain.records import AfterCheck, Mode
from app.domain.routing import Plan
from app.domain.vocabulary import EdgeNeed, Means, Source, Text


def opened(h: Happenings, task: Task) -> AfterCheck | None:
    """The check that a grant of this task now calls for; none when the case was reviewed before."""
    if task.mode is not Mode.COMMITMENT or task.status is TaskStatus.REVIEW:
        return None
    return AfterCheck(after_check_due(h.moment))


def pass_check(h: Happenings, task: Task, _: Command, __: Desk, reason: str | None) -> None:
    """核查属实: the grant stands."""
    h.record(EventKind.CHECK_PASSED, task=task.item, why=reason, after_check=_settled(h, task, True, reason))


def revoke(h: Happenings, task: Task, _: Command, desk: Desk, reason: str | None) -> None:
    """核查不实: revoke the grant and its certificate, note it, and declare what follows for who built on it."""
    h.record(
        EventKind.REVOKED,
        task=task.item,
        why=reason,
        verdict=Verdict.REVOKED,
        reason=reason,
        after_check=_settled(h, task, False, reason),
    )
    certificate = h.case.certificates[task.item]
    h.record(
        EventKind.CERTIFICATE_REVOKED,
        why=task.item,
        certificate=replace(certificate, revoked_on=h.moment.today, standing=CertificateStatus.REVOKED),
    )
    h.record(EventKind.CREDIT_NOTED, task=task.item, why=reason)
    declare(h, task.item, desk.plan)


GRANT_REVOKED: Final = Text("已被撤销", "was revoked")
LICENCE_REVOKED: Final = Text("核发的证照已被吊销", "had its certificate revoked")


def declare(h: Happenings, revoked: str, plan: Plan, what: Text = GRANT_REVOKED) -> None:
    """Say what it means for every task that built on an item whose grant, or certificate, is revoked."""
    for item in dependants(h.case, plan, revoked):
        _declare(h, h.case.tasks[item], revoked, plan, what)


def dependants(case: Application, plan: Plan, item: str) -> list[str]:
    """Tasks begun that wait for nothing but built on this item: by an edge, or by using what it put out."""
    fed = [p.users for p in plan.fields if p.source.source is Source.RESULT and p.source.origin == item]
    fed += [m.users for m in plan.materials if m.source.means is Means.RESULT and m.source.origin == item]
    using = {user for users in fed for user in users}
    return [
        other.item
        for other in case.tasks.values()
        if other.item != item
        and other.status is not TaskStatus.WAITING
        and (other.item in using or any(item in e.any_of and e.needs is EdgeNeed.GRANTED for e in other.after))
    ]


def _declare(h: Happenings, other: Task, item: str, plan: Plan, what: Text) -> None:
    if other.status in ENDED and other.verdict is not Verdict.GRANTED:
        return
    name = plan.find(item).item.name
    why = f"所依据的“{name.zh}”{what.zh}，请复核后再决定 / {name.en} {what.en}: confirm before deciding"
    if other.verdict is not None:
        why = f"所依据的“{name.zh}”{what.zh}，本项决定由本部门依法另行处理 / {name.en} {what.en}: judge again"
    h.record(EventKind.CONSEQUENCE, task=other.item, why=why, by=SYSTEM)
    if other.status in RUNNING:
        asked = tuple(sorted({*other.confirm_fields, *_built_on(plan, other.item, item)}))
        h.record(EventKind.CONFIRMATION_ASKED, task=other.item, by=SYSTEM, confirm_fields=asked, opinions=())


def _built_on(plan: Plan, user: str, item: str) -> set[str]:
    """The fields and materials of ``user`` that came from ``item``; the item itself when only an edge connects them."""
    fields = {p.spec.code for p in plan.fields if user in p.users and p.source.origin == item}
    papers = {m.material.code for m in plan.materials if user in m.users and m.source.origin == item}
    return fields | papers or {item}


def _settled(h: Happenings, task: Task, is_true: bool, finding: str | None) -> AfterCheck:
    if task.after_check is None:
        raise AssertionError("the table let a check through that was never opened")
    return replace(task.after_check, is_true=is_true, officer=h.who.account, at=h.moment.at, finding=finding)
