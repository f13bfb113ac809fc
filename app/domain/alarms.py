"""一张网管控: what counts as an unusual use of data. Counts in, alarms out; whose data they are stands nowhere here.

Every threshold is illustrative. An alarm says that somebody should explain, not that anybody did wrong.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.domain.deadlines import BEIJING, Calendar
from app.domain.vocabulary import Text, Word

OPENS, CLOSES = time(7, 0), time(20, 0)
"""Looks outside these hours of a working day are outside working hours, with a margin [illustrative]."""
MOST_OFF_HOURS = 3
"""Looks outside working hours on one day by one desk [illustrative]."""
MOST_DENIALS = 5
"""Refused looks on one day by one desk [illustrative]."""
MOST_CASES = 4
"""Cases in which one desk looks at one person within :data:`PERSON_DAYS` [illustrative]."""
PERSON_DAYS = 30
FACTOR = 3
"""So many times the usual calls of a day [illustrative]."""
FLOOR = 30
"""Fewer calls of a day are never too many [illustrative]."""
USUAL_DAYS = 28
"""Days over which the usual number is taken."""
KNOWN_DAYS = 5
"""Fewer days with calls among these, and nobody can say yet what is usual [illustrative]."""


class AlarmKind(Word):
    """What is unusual."""

    RATE = "rate", "调用量突增", "many more calls than usual"
    DENIALS = "denials", "多次被拒", "many refused looks"
    OFF_HOURS = "off_hours", "非工作时间查看", "looks outside working hours"
    ONE_PERSON = "one_person", "多件办件查看同一人", "one person looked at in many cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskDay:
    """One desk's day: looks that were refused, and looks outside working hours."""

    actor: str
    day: date
    denied: int
    off_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetDay:
    """One department's calls of one dataset on a day, and on the days before that had any."""

    department: str
    dataset: str
    day: date
    calls: int
    before: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """In how many cases one desk looked at one person. ``subject`` is a pseudonym that only makes the alarm unique."""

    actor: str
    subject: str
    day: date
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One unusual use, by a desk or by a whole department; ``key`` is unique, so that it is raised once."""

    kind: AlarmKind
    key: str
    day: date
    count: int
    actor: str | None = None
    department: str | None = None
    dataset: str | None = None
    usual: int | None = None

    @property
    def text(self) -> Text:
        """The alarm in one sentence."""
        return _TEXTS[self.kind](self)


def working_hours(day: date, calendar: Calendar) -> tuple[datetime, datetime] | None:
    """From when to when looks on a day are nothing special; None on a day nobody works."""
    if not calendar.is_working(day):
        return None
    return datetime.combine(day, OPENS, BEIJING), datetime.combine(day, CLOSES, BEIJING)


def of_desks(days: Iterable[DeskDay]) -> Iterator[Alarm]:
    """Many refusals, or looks outside working hours."""
    for day in days:
        for kind, count, most in (
            (AlarmKind.DENIALS, day.denied, MOST_DENIALS),
            (AlarmKind.OFF_HOURS, day.off_hours, MOST_OFF_HOURS),
        ):
            if count >= most:
                yield Alarm(kind=kind, key=f"{kind}:{day.actor}:{day.day}", day=day.day, count=count, actor=day.actor)


def of_datasets(days: Iterable[DatasetDay]) -> Iterator[Alarm]:
    """Many more calls than on the days before."""
    for day in days:
        usual = usual_of(day.before)
        if usual is None or day.calls < FLOOR or day.calls <= FACTOR * usual:
            continue
        yield Alarm(
            kind=AlarmKind.RATE,
            key=f"{AlarmKind.RATE}:{day.department}:{day.dataset}:{day.day}",
            day=day.day,
            count=day.calls,
            department=day.department,
            dataset=day.dataset,
            usual=round(usual),
        )


def usual_of(before: tuple[int, ...]) -> float | None:
    """The mean of the days with calls; None while too few are known."""
    return sum(before) / len(before) if len(before) >= KNOWN_DAYS else None


def of_persons(found: Iterable[Focus]) -> Iterator[Alarm]:
    """One desk, one person, many cases; once a month for the same two."""
    for focus in found:
        if focus.cases >= MOST_CASES:
            yield Alarm(
                kind=AlarmKind.ONE_PERSON,
                key=f"{AlarmKind.ONE_PERSON}:{focus.actor}:{focus.subject}:{focus.day:%Y-%m}",
                day=focus.day,
                count=focus.cases,
                actor=focus.actor,
            )


def first_usual_day(day: date) -> date:
    """The first of the days before that say what is usual."""
    return day - timedelta(days=USUAL_DAYS)


_TEXTS: dict[AlarmKind, Callable[[Alarm], Text]] = {
    AlarmKind.RATE: lambda a: Text(
        f"{a.day}，{a.department} 调用“{a.dataset}”{a.count} 次，平日约 {a.usual} 次，请说明原因。",
        f"On {a.day}, {a.department} called “{a.dataset}” {a.count} times; about {a.usual} is usual. Please explain.",
    ),
    AlarmKind.DENIALS: lambda a: Text(
        f"{a.day}，{a.actor} 的数据查看被拒绝 {a.count} 次，请说明原因。",
        f"On {a.day}, {a.actor} was refused {a.count} looks at data. Please explain.",
    ),
    AlarmKind.OFF_HOURS: lambda a: Text(
        f"{a.day}，{a.actor} 在非工作时间查看数据 {a.count} 次，请说明原因。",
        f"On {a.day}, {a.actor} looked at data {a.count} times outside working hours. Please explain.",
    ),
    AlarmKind.ONE_PERSON: lambda a: Text(
        f"截至 {a.day} 的 {PERSON_DAYS} 天内，{a.actor} 在 {a.count} 件办件中查看同一人的数据，请说明原因。",
        f"In the {PERSON_DAYS} days to {a.day}, {a.actor} looked at one person in {a.count} cases. Please explain.",
    ),
}
