"""What officials' pages read beside the rest, told for the documentation."""

from tests.recorder import Recorder

OFFICER = "officer.market.330802.1"


def inbox(r: Recorder) -> None:
    """The inbox counted, and narrowed down."""
    counts = r.tell("countTasks", "市场监管局在办多少件", "How much market regulation has to do", OFFICER)
    wish = {"item": counts["items"][0]["code"], "mine": True, "limit": 1}
    r.tell("listTasks", "只看一个事项里本人收的件", "Of one item, received by the asker", OFFICER, query=wish)


def capacity(r: Recorder) -> None:
    """How many officers it takes."""
    wish = {"bundle": "catering", "region": "330802", "per_day": 4, "days": 60, "officers": [1, 3], "seed": 1}
    r.tell("estimateCapacity", "每窗口一人和三人", "One officer a desk, and three", "supervisor.330802", body=wish)


OFFICE = (inbox, capacity)
