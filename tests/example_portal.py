"""What the portal's pages read beside the rest, told for the documentation."""

from tests.recorder import Recorder

OWNER = "wang_owner"


def plan(r: Recorder) -> None:
    """The plan that the application of the story lives by."""
    own = {"application_id": r.application}
    r.tell("showApplicationPlan", "按提交时的规则", "By the rules it was submitted under", OWNER, path=own)
    r.tell("followApplication", "现在的版本", "The version now", OWNER, path=own, query={"seconds": 0})


def halls(r: Recorder) -> None:
    """Where to go when one has to."""
    r.tell("listHalls", "廿八都镇附近", "Near a mountain town", query={"region": "330881112", "limit": 2})
    r.tell("listHalls", "按所在位置", "From where one stands", query={"longitude": 118.8, "latitude": 28.9, "limit": 2})
    own = {"application_id": r.application}
    r.tell("showErrands", "去大厅办这一件", "Going to a hall with it", OWNER, path=own, query={"limit": 1})


PORTAL = (plan, halls)
