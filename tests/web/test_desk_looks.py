"""No desk sees a value unseen on any page either: every page there is, opened and sent empty by each on one case."""

from collections.abc import Iterator, Mapping
from html import unescape
from itertools import chain, product
from typing import Any

import pytest
from fastapi.routing import APIRoute

from app.domain.catalogue import FieldSpec
from app.domain.masking import HIDDEN, is_masked, mask
from app.web.pages import ROUTERS
from tests.api.matrix import Target
from tests.api.test_desk_looks import CARD, Known, Ledger, whole
from tests.doors import Doors
from tests.web.visitors import Visitor

DESKS = ("officer.market.330802.1", "clerk.330802", "supervisor.330802", "steward.330802")
"""One of each kind: to the first two content is shown, to those who watch the course of things none."""
FOR_EVERYBODY = (
    *("/sign-in", "/sign-out", "/preferences", "/lessons", "/style-guide", "/static", "/bundles", "/items"),
    *("/catalogue", "/regions", "/guide", "/elder", "/errands"),
)
"""What is the same for everybody, and what ends the visit."""
STEERING = ("/supervision/clock", "/registers", "/datasets")
"""What steers the demonstration, and every other test's with it: opened, and nothing sent there."""
OPENED = {
    "officer": ("/desk", "/desk/{task}", "/together/{id}", "/data-requests", "/matters", "/more-time/{id}"),
    "clerk": ("/counter", "/counter/tasks/{task}", "/counter/cases/{id}", "/together/{id}", "/matters"),
    "supervisor": ("/supervision", "/supervision/cases/{id}", "/together/{id}", "/indicators", "/matters"),
    "steward": ("/supervision", "/indicators", "/data-requests", "/datasets", "/data-usage", "/registers"),
}
"""Some of what each must have got to see, so that the walk is one."""


def places(on: Target) -> list[tuple[str, str]]:
    """Every page, with everything that its address may name put in: (method, path)."""
    task = f"{on.reference}-L0"
    names: dict[str, tuple[str, ...]] = {
        "application_id": (on.id,),
        "task_id": (task,),
        "item": ("L0", "F1"),
        "code": ("rep_id", "legal_rep_phone", "market.330802"),
        "number": (on.paper, "1", CARD),
        "matter_id": (on.matter,),
        "look_id": (on.look,),
        "message_id": (on.message,),
        "reference": (on.reference,),
        "certificate": (CARD,),
    }
    found = []
    for route in all_routes():
        if route.path.startswith(FOR_EVERYBODY):
            continue
        wanted = [names.get(name, ("1",)) for name in route.param_convertors]
        for values in product(*wanted):
            path = route.path_format.format(**dict(zip(route.param_convertors, values, strict=True)))
            found += [(method, path) for method in sorted(route.methods) if method == "GET" or not is_steering(path)]
    return found


def is_steering(path: str) -> bool:
    """Whether sending something there would change the demonstration."""
    return path.startswith(STEERING)


def all_routes() -> Iterator[APIRoute]:
    """The routes of all pages; what never ends is left out."""
    for route in chain.from_iterable(router.routes for router in ROUTERS):
        if isinstance(route, APIRoute) and not route.path.endswith("/stream"):
            yield route


def shown(text: str, known: Known, specs: Mapping[str, FieldSpec]) -> dict[str, frozenset[str]]:
    """What of the owner a page carries, in clear or masked."""
    found = {value: codes for value, codes in known.of.items() if value in text}
    for code, value in known.form.items():
        seen = mask(specs[code], value)
        if is_masked(specs[code], value) and seen != HIDDEN and seen in text:
            found[seen] = frozenset({code})
    return found


def typed(path: str, task: str) -> dict[str, Any]:
    """What is sent to a page: nothing, except where nothing would be looked at then."""
    if path.endswith("/unmask"):
        return {"unmask.field": "legal_rep_phone", "unmask.reason": "联系申请人"}
    return {"task": task, "action": "accept"} if path == "/desk/bulk" else {}


@pytest.mark.parametrize("who", DESKS)
def test_a_row_of_the_ledger_covers_every_value_that_a_page_shows_to_a_desk(shared_doors: Doors, who: str) -> None:
    doors = shared_doors
    targets, known = whole(doors, who)
    specs = dict(doors.platform.world.library.fields)
    cookies = "; ".join(f"{one.name}={one.value}" for one in Visitor(doors).sign_in(who).cookies.jar)
    own, ledger, carried = {"Sec-Fetch-Site": "same-origin", "Cookie": cookies}, Ledger(doors, who), set[str]()
    opened, task = set[str](), f"{targets[0].reference}-L0"
    ledger.covered()
    for method, path in places(targets[0]):
        sent = {"data": typed(path, task)} if method == "POST" else {}
        answer = doors.client.request(method, path, headers=own, **sent)
        assert answer.status_code < 500, (method, path)
        fields, covered = shown(unescape(answer.text), known, specs), ledger.covered()
        unseen = sorted(value for value, codes in fields.items() if not codes & covered)
        assert not unseen, f"{method} {path} shows {unseen} to {who} unseen"
        carried |= set().union(*fields.values())
        opened |= {path} if answer.status_code == 200 else set()
    role = who.partition(".")[0]
    assert opened >= {path.format(task=task, id=targets[0].id) for path in OPENED[role]}
    assert "legal_rep_phone" in carried or role != "officer"
    assert not carried or role in {"officer", "clerk"}, "who watches the course of a case reads no content of it"
