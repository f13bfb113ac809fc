"""More time for the whole, told for the documentation: asked by the lead department, answered by its government."""

from tests.recorder import Recorder

OWNER, LEAD, HEAD = "wang_owner", "officer.market.330802.1", "supervisor.330802"
REASON = "五个部门须一并现场核查，四十五个工作日内不能办结"


def more_time(r: Recorder) -> None:
    """A restaurant whose licences cannot all be examined in forty-five working days."""
    r.tokens.clear()  # chapters before this one have let days pass
    draft = r.ask("createApplication", OWNER, body={"story": "catering_full"})
    own = {"application_id": draft["id"]}
    sent = r.ask("submitApplication", OWNER, path=own)
    task = {"task_id": f"{sent['application']['reference']}-L0"}
    for action in ("receive", "accept"):
        r.ask("actOnTask", LEAD, path=task, body={"action": action})
    r.tell("askMoreTime", "牵头部门报请", "The lead department asks", LEAD, path=own, body={"reason": REASON})
    r.tell("listMoreTime", "等待答复的", "Waiting", HEAD)
    r.tell("answerMoreTime", "批准", "Approved", HEAD, path=own, body={"is_approved": True, "reason": "同意"})
    r.tell("showMoreTime", "申请人看到的", "What the applicant sees", OWNER, path=own)


MORE_TIME = (more_time,)
