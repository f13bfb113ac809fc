"""What the portal's pages read beside the rest, told for the documentation."""

from tests.recorder import Recorder

OWNER = "wang_owner"


def plan(r: Recorder) -> None:
    """The plan that the application of the story lives by."""
    own = {"application_id": r.application}
    r.tell("showApplicationPlan", "按提交时的规则", "By the rules it was submitted under", OWNER, path=own)


PORTAL = (plan,)
