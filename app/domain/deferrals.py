"""容缺受理: what may follow later, promised in writing at submission, due after acceptance, with its consequence.

A deferrable material, or a field the pack allows to follow, does not keep a case from starting. The applicant signs for
it (容缺承诺), the certificate waits for it, and when it has not come by its day the task is returned.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain import clocks, forms
from app.domain.applications import Application, EventKind, Task
from app.domain.catalogue import Limit
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput
from app.domain.happenings import Happenings
from app.domain.lifecycle import ENDED, TaskStatus
from app.domain.records import Deferred, FactKind
from app.domain.routing import Plan, PlannedField, PlannedMaterial
from app.domain.vocabulary import Means, Need, Text, TimeUnit

WAITING_FOR = frozenset({TaskStatus.ACCEPTED, TaskStatus.REVIEW, TaskStatus.SPECIAL})
"""Statuses in which what was promised can lapse; a suspended case waits."""
LAPSED = "容缺后补的内容到期未补齐 / what was to follow did not come in time"
PLEDGE = Text(
    "本人承诺在受理后的规定期限内补齐容缺的材料和内容，逾期未补齐的，同意退件。",
    "I undertake to bring what is missing within the period after acceptance; failing that, the item is returned.",
)
"""The statement of the 容缺承诺书 that the applicant signs with the submission [illustrative wording]."""
DISTRUSTED = Text(
    "因有承诺不实的信用记录，本次不适用容缺受理，请补齐后提交。",
    "A false commitment is on record, so nothing may follow later this time: hand it in now.",
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the applicant says beside the form when submitting.

    ``is_pledged`` signs for what follows later, ``later`` are the fields meant, ``declined`` the offered items
    (免申即享) that are not wanted. ``is_trusted`` is False for somebody whose commitment was found false before.
    """

    is_pledged: bool = False
    later: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()
    is_trusted: bool = True


def papers_to_follow(case: Application, plan: Plan) -> list[PlannedMaterial]:
    """Deferrable uploads that are not there yet."""
    return [
        planned
        for planned in plan.materials
        if planned.need is Need.DEFERRABLE
        and planned.source.means is Means.UPLOAD
        and planned.material.code not in case.materials
    ]


def fields_to_follow(case: Application, plan: Plan, terms: Terms) -> list[PlannedField]:
    """Fields the applicant will bring later and the pack lets follow; one already filled in does not follow."""
    if not terms.later:
        return []
    return [
        planned
        for planned in plan.fields
        if planned.spec.code in terms.later
        and planned.spec.later is not None
        and forms.is_blank(case.form.get(planned.spec.code))
    ]


def faults_of(case: Application, plan: Plan, terms: Terms) -> list[Fault]:
    """What is wrong with what the applicant wants to bring later."""
    allowed = {planned.spec.code for planned in plan.fields if planned.spec.later is not None}
    faults = [
        Fault(f"/later/{code}", "may-not-follow", Text("这一项不能后补。", "This field may not follow later."))
        for code in sorted(terms.later - allowed)
    ]
    names = [(f"/materials/{p.material.code}", p.material.name) for p in papers_to_follow(case, plan)]
    names += [(f"/form/{p.spec.code}", p.spec.name) for p in fields_to_follow(case, plan, terms)]
    if names and not terms.is_trusted:
        faults += [Fault(pointer, "missing", DISTRUSTED) for pointer, _ in names]
    elif names and not terms.is_pledged:
        said = Text("、".join(name.zh for _, name in names), ", ".join(name.en for _, name in names))
        text = Text(
            f"以下内容尚缺，可容缺后补：{said.zh}。请现在补齐，或签署容缺承诺（pledge）。",
            f"These may follow later: {said.en}. Bring them now, or sign the undertaking (pledge).",
        )
        faults.append(Fault("/pledge", "missing", text))
    return faults


def promised(case: Application, plan: Plan, terms: Terms, item: str, limit: Limit) -> tuple[Deferred, ...]:
    """What this item accepts later, not dated yet.

    A paper must not come later than the item is promised (``limit``) to be decided. A fact that does not exist yet has
    the period of the pack.
    """
    papers = [
        Deferred(FactKind.MATERIAL, p.material.code, _days_for_papers(limit))
        for p in papers_to_follow(case, plan)
        if item in p.users
    ]
    fields = [
        Deferred(FactKind.FIELD, p.spec.code, p.spec.later or clocks.DEFERRAL_DAYS)
        for p in fields_to_follow(case, plan, terms)
        if item in p.users
    ]
    return (*papers, *fields)


def _days_for_papers(limit: Limit) -> int:
    is_shorter = limit.unit is TimeUnit.WORKING_DAY and 0 < limit.days < clocks.DEFERRAL_DAYS
    return limit.days if is_shorter else clocks.DEFERRAL_DAYS


def owed(case: Application, task: Task) -> tuple[Deferred, ...]:
    """What has still not come."""
    return tuple(own for own in task.deferred if not _has_come(case, own))


def _has_come(case: Application, own: Deferred) -> bool:
    if own.kind is FactKind.MATERIAL:
        return own.code in case.materials
    return not forms.is_blank(case.form.get(own.code))


def has_lapsed(h: Happenings, task: Task) -> bool:
    """Whether something the task waits for should have come by now."""
    late = [own for own in owed(h.case, task) if own.due_on is not None and h.moment.today > own.due_on]
    return task.status in WAITING_FOR and bool(late)


def bring(h: Happenings, values: Mapping[str, Any], plan: Plan) -> None:
    """后补: fields promised at submission. The caller lets :func:`app.domain.outcomes.follow` follow.

    Raises :class:`InvalidInput` for fields that are not owed or values that do not fit, :class:`ActionNotAllowed` when
    nothing is owed.
    """
    open_tasks = [task for task in h.case.tasks.values() if task.status not in ENDED]
    wanted = {own.code for task in open_tasks for own in owed(h.case, task) if own.kind is FactKind.FIELD}
    if not wanted:
        raise ActionNotAllowed(Text("没有待补的填报内容。", "No field is left to be brought later."), owed=[])
    tidied = {code: forms.tidy(value) for code, value in values.items()}
    specs = {planned.spec.code: planned.spec for planned in plan.fields}
    faults = forms.unknown_fields(sorted(wanted), tidied, "/values")
    if not tidied:
        faults.append(Fault("/values", "missing", Text("请至少填写一项。", "Fill in at least one field.")))
    for code in sorted(wanted & tidied.keys()):
        if forms.is_blank(tidied[code]):
            faults.append(Fault(f"/values/{code}", "missing", Text("请填写。", "Fill this in.")))
        else:
            faults += forms.value_faults(specs[code], tidied[code], h.moment.today, f"/values/{code}")
    if faults:
        raise InvalidInput(faults)
    h.record(EventKind.FACTS_BROUGHT, values=tidied)
