"""A year whose holiday notice is not out is said wherever a date depends on it."""

from datetime import date

from app.domain.deadlines import Calendar
from app.domain.vocabulary import Text


def unpublished(calendar: Calendar, since: date, *until: date | None) -> Text:
    """The sentence about dates that lie, or were counted through, a year whose holiday notice is not out; else empty.

    ``since`` is where counting starts, ``until`` the dates told; None among them is passed over.
    """
    last = max((day.year for day in until if day is not None), default=0)
    years = [year for year in range(since.year, last + 1) if not calendar.is_published(year)]
    if not years:
        return Text("", "")
    zh, en = "、".join(f"{year}年" for year in years), ", ".join(map(str, years))
    return Text(
        f"{zh}节假日安排尚未公布，按周一至周五计算。",
        f"The public holidays of {en} are not published: Monday to Friday are counted.",
    )
