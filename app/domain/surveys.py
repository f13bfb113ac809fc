"""联合踏勘: one appointment for all tasks that need to see the place, one conclusion of each department.

It takes two officers of each department on the record (行政许可法 art. 34). It does not stop any clock, and a
department that does not come holds up its own item alone.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from app.domain.applications import Application, EventKind, Task
from app.domain.commands import Command, Desk
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput
from app.domain.happenings import Happenings
from app.domain.lifecycle import INTAKE, RUNNING
from app.domain.records import Survey, SurveyRecord
from app.domain.routing import Plan
from app.domain.vocabulary import Text

OFFICERS: Final = 2
"""行政许可法 art. 34: substance is verified on site by two officers or more."""
LATEST: Final = timedelta(days=60)
"""How far ahead a survey may be appointed [illustrative]."""
PLACE_LENGTH: Final = 200


def items_to_survey(case: Application, plan: Plan) -> tuple[str, ...]:
    """Tasks begun and undecided whose item needs to see the place, in the plan's order."""
    return tuple(
        planned.item.code
        for planned in plan.items
        if planned.item.survey
        and planned.item.code in case.tasks
        and case.tasks[planned.item.code].status in INTAKE | RUNNING
    )


def appoint(h: Happenings, plan: Plan, on: date, place: str) -> None:
    """Appoint one survey for all; a second appointment moves it and keeps what was concluded already.

    Raises :class:`ActionNotAllowed` when no task needs one, :class:`InvalidInput` for a date that is not a working day
    from today on, or for no place.
    """
    records = dict(h.case.survey.records) if h.case.survey is not None else {}
    items = items_to_survey(h.case, plan)
    if not set(items) - records.keys():
        text = Text("没有需要踏勘的办件。", "No task needs a survey now.")
        raise ActionNotAllowed(text, action=EventKind.SURVEY_APPOINTED.value)
    if faults := _faults(h, on, place):
        raise InvalidInput(faults)
    survey = Survey(
        number=h.case.survey.number + 1 if h.case.survey is not None else 1,
        on=on,
        place=place.strip(),
        appointed_by=h.who.account,
        appointed_at=h.moment.at,
        items=tuple(dict.fromkeys((*records, *items))),
        records=records,
    )
    h.record(EventKind.SURVEY_APPOINTED, why=on.isoformat(), survey=survey)
    for item in filter(survey.waits_for, survey.items):
        h.record(EventKind.SURVEY_APPOINTED, task=item, why=survey.place, survey_on=on)


def _faults(h: Happenings, on: date, place: str) -> list[Fault]:
    faults = []
    if not h.moment.today <= on <= h.moment.today + LATEST:
        text = Text("请选择今天起 60 天内的日期。", "Choose a date within 60 days from today.")
        faults.append(Fault("/on", "out-of-range", text))
    elif not h.moment.calendar.is_working(on):
        off = h.moment.calendar.why_off(on) or Text("", "")
        text = Text(
            f"这一天不上班（{off.zh}），请另选工作日。", f"Offices are closed ({off.en}): choose a working day."
        )
        faults.append(Fault("/on", "not-a-working-day", text))
    if not place.strip() or len(place) > PLACE_LENGTH:
        text = Text(f"请写明地点，不超过 {PLACE_LENGTH} 字。", f"Say where, in at most {PLACE_LENGTH} characters.")
        faults.append(Fault("/place", "missing", text))
    return faults


def conclude(h: Happenings, task: Task, command: Command, _: Desk, reason: str | None) -> None:
    """One department's conclusion (the reason), on or after the day of the survey; once.

    Raises :class:`InvalidInput` for fewer than two officers, or when they do not say what they found.
    """
    survey = h.case.survey
    if survey is None:
        raise AssertionError("the checks let a conclusion through without a survey")
    officers = tuple(dict.fromkeys(name.strip() for name in command.officers if name.strip()))
    faults = []
    if len(officers) < OFFICERS or h.who.account not in officers:
        text = Text(
            "实地核查须有本部门两名以上工作人员，包括您自己（行政许可法第三十四条）。",
            "Two officers or more of the department, you among them, verify on site (art. 34).",
        )
        faults.append(Fault("/officers", "too-few", text))
    if command.is_met is None:
        text = Text("请写明是否符合条件。", "Say whether the conditions are met.")
        faults.append(Fault("/is_met", "missing", text))
    if faults or command.is_met is None:
        raise InvalidInput(faults)
    record = SurveyRecord(officers, command.is_met, reason or "", h.moment.at)
    h.record(EventKind.SURVEYED, why=task.item, survey=replace(survey, records={**survey.records, task.item: record}))
    h.record(EventKind.SURVEYED, task=task.item, why=reason, survey_on=None)
