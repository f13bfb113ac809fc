"""The sentences of the told story: events, answers and dates in both languages."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from app.domain.catalogue import Person
from app.domain.lifecycle import ApplicationStatus
from app.domain.vocabulary import Text
from app.schemas.applications import EventOut
from app.schemas.plans import PlanOut

WEEKDAYS: Final = "一二三四五六日"


def sentence(event: EventOut, plan: PlanOut, people: Mapping[str, Person]) -> Text:
    """One event as a line: who, what, which item, and the reason where the event has one."""
    if event.kind.code == "moved":
        status = ApplicationStatus[(event.end or "draft").upper()]
        return Text(f"{event.kind.zh} → {status.zh}", f"{event.kind.en} → {status.en}")
    who, about, why = _who(event, plan, people), _item(event, plan), _why(event)
    return Text(f"{who.zh} {event.kind.zh}{about.zh}{why.zh}", f"{who.en}: {event.kind.en}{about.en}{why.en}")


def _who(event: EventOut, plan: PlanOut, people: Mapping[str, Person]) -> Text:
    if event.role.code == "officer":
        for item in plan.items:
            if item.routed.department.code == event.actor:
                name = item.routed.department.name
                return Text(name.zh, name.en)
    person = people.get(event.actor)
    return person.name if person else Text(event.role.zh, event.role.en)


def _item(event: EventOut, plan: PlanOut) -> Text:
    code = event.why if event.kind.code == "certificate_issued" else event.item
    found = next((item for item in plan.items if item.code == code), None)
    if found is None:
        return Text("", "")
    return Text(f"：{found.code} {found.name.zh}", f": {found.code} {found.name.en}")


def _why(event: EventOut) -> Text:
    """The reason, where a person or the law gives one; the system writes both languages beside each other."""
    if event.item is None or not event.why:
        return Text("", "")
    zh, _, en = event.why.partition(" / ")
    return Text(f"（{zh}）", f" ({en or zh})")


def counted(text: Text, count: int) -> Text:
    """A line that stands for several alike."""
    return text if count == 1 else Text(f"{text.zh} ×{count}", f"{text.en} ×{count}")


def is_idle_move(event: EventOut) -> bool:
    """The result changed and the status did not: nothing to read."""
    return event.kind.code == "moved" and event.start == event.end


def said(value: object, options: Mapping[str, Text]) -> Text:
    """An answer as a person would say it: options by their names."""
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    chosen = value if isinstance(value, list | tuple) else [value]
    texts = [options.get(str(one), Text(str(one), str(one))) for one in chosen]
    return Text("、".join(text.zh for text in texts), ", ".join(text.en for text in texts))


def day_of(day: date) -> Text:
    """A day with its weekday."""
    return Text(f"{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}", f"{day:%A}, {day.day} {day:%B %Y}")


def punctuality(promised: date, ended: date) -> Text:
    """The promise beside what came of it."""
    if ended <= promised:
        return Text(f"承诺 {promised} 前办结，实际 {ended}。", f"Promised by {promised}, done on {ended}.")
    return Text(
        f"承诺 {promised} 前办结，实际 {ended}：补正和等待受理的日子不计入承诺时限。",
        f"Promised by {promised}, done on {ended}: days of correction and of waiting for acceptance do not count.",
    )
