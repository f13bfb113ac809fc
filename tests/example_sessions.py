"""One's own sign-ins, told for the documentation."""

from tests.recorder import Recorder

WHO = "agent.lin_mother"


def sign_ins(r: Recorder) -> None:
    """Signed in twice, once of them elsewhere; then everywhere out."""
    r.ask("signIn", body={"account": WHO})
    found = r.tell("listSessions", "两处登录", "Signed in twice", WHO)
    elsewhere = next(one for one in found if not one["is_this"])
    r.tell("endSession", "结束另一处", "The other one ends", WHO, path={"session_id": elsewhere["id"]})
    r.tell("endSessions", "全部退出", "Out everywhere", WHO)
    r.tokens.pop(WHO)


SIGN_INS = (sign_ins,)
