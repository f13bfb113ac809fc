"""Offers without an application, told for the documentation: found by data, confirmed with one word, or declined."""

from dataclasses import replace
from functools import partial

from app.domain.offers import OfferStatus
from app.storage import offers as rows
from app.storage.store import Outcome
from app.usecases import offering
from tests.recorder import Recorder

CHEN, DESK = "chen_retiring", "officer.hrss.330802"


def offers(r: Recorder) -> None:
    """Somebody retires and says nothing of the only child; the register does."""
    _retired(r)
    _search(r)
    (found,) = r.tell("listOffers", "按数据找到的", "Found by data", CHEN)
    own = {"offer_id": found["id"]}
    r.tell("confirmOffer", "一次确认", "One word", CHEN, path=own)
    said = {"reason": "单位已经发过同类奖励"}
    r.tell("declineOffer", "谢绝", "No, thank you", CHEN, path={"offer_id": _once_more(r, found["id"])}, body=said)


def _retired(r: Recorder) -> None:
    draft = r.ask("createApplication", CHEN, body={"story": "retire_full", "answers": {"only_child": False}})
    sent = r.ask("submitApplication", CHEN, path={"application_id": draft["id"]})
    task = {"task_id": f"{sent['application']['reference']}-R1"}
    for hand, action in ((1, "receive"), (1, "accept"), (1, "review"), (1, "propose"), (2, "endorse"), (3, "grant")):
        said = {"verdict": "granted", "reason": "符合条件"} if action in {"propose", "endorse"} else {}
        r.ask("actOnTask", f"{DESK}.{hand}", path=task, body={"action": action, **said})


def _search(r: Recorder) -> None:
    platform = r.app.state.platform
    offering.run(platform.context().as_system(), platform.store)


def _once_more(r: Recorder, offer_id: str) -> str:
    """The same offer to the same person is never made twice, but an example of a no needs one."""
    platform = r.app.state.platform
    first = platform.store.read(partial(rows.offer, offer_id=offer_id))
    blank = {"status": OfferStatus.OPEN, "settled_at": None, "settled_by": None, "application_id": None, "version": 0}
    again = replace(first, id=platform.context().new_id(), key=f"{first.key}:example", **blank)
    platform.store.perform(lambda _: Outcome(None, rows.made(again)))
    return again.id


OFFERS = (offers,)
