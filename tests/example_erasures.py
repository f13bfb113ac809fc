"""Keeping and erasing, told for the documentation."""

from tests.recorder import Recorder

OWNER = "wang_owner"


def keeping(r: Recorder) -> None:
    """Until when things are kept; a draft is erased, what was submitted is not."""
    draft = r.ask("createApplication", OWNER, body={"story": "catering_simple"})
    r.tell("listRetention", "最新的一件", "The newest one", OWNER, query={"limit": 1})
    r.tell("eraseApplication", "草稿立即删除", "A draft goes at once", OWNER, body={"application": draft["id"]})
    r.fail("must-be-kept", "eraseApplication", OWNER, body={"application": r.application})
    r.fail("erased", "showApplication", OWNER, path={"application_id": draft["id"]})


ERASURES = (keeping,)
