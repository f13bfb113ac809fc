"""What Schemathesis is told about this app: who may call what, cases that exist, and bodies that fit.

Loaded by Schemathesis itself (``SCHEMATHESIS_HOOKS``), in its process; the calls come from the process that started it
(:mod:`tests.fire.supply`): Hypothesis reads every module of ours that is imported here, and would be at it for long.
Only what was made as *fitting* is changed, and not always: what is bad on purpose, and some of the fitting, goes out
as it is. What a link carried along stays.
"""

import os
from collections import Counter
from collections.abc import Iterator
from functools import cache
from multiprocessing.connection import Client
from random import Random
from typing import Any
from uuid import uuid4

import schemathesis
from schemathesis.cli import handler
from schemathesis.cli.commands.run.handlers.base import EventHandler
from schemathesis.engine.events import ScenarioFinished
from schemathesis.generation.meta import TestPhase

SHARE = {TestPhase.STATEFUL: 0.9, TestPhase.EXAMPLES: 0.9, TestPhase.FUZZING: 0.3}
"""Of the fitting requests of a phase, how many are made such that they go through."""
KEY = "Idempotency-Key"

dice = Random(7)  # noqa: S311 - it decides nothing secret
line = Client(os.environ["FIRE_SUPPLY"])
seen: set[str] = set()
"""Every text the server has answered with: what stands in an address and was seen before came along a link."""
through: Counter[str] = Counter()


def asked(what: str, *about: str) -> Any:
    """What the supply says."""
    line.send((what, *(about or ("",))))
    return line.recv()


def name_of(operation: schemathesis.APIOperation) -> str:
    """Its name in the document."""
    found: str = operation.definition.raw["operationId"]
    return found


@cache
def takes_a_key(operation: schemathesis.APIOperation) -> bool:
    """Whether it may be repeated under a key."""
    return any(entry.get("name") == KEY for entry in operation.definition.raw.get("parameters", []))


@schemathesis.auth(refresh_interval=None)
class Person:
    """Who may, signed in."""

    def get(self, _: schemathesis.Case, context: schemathesis.AuthContext) -> str | None:
        """The token, or nothing where nobody need sign in."""
        found: str | None = asked("token", name_of(context.operation))
        return found

    def set(self, case: schemathesis.Case, data: str | None, _: schemathesis.AuthContext) -> None:
        """Put it in."""
        if data is not None:
            case.headers["Authorization"] = data


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Make a fitting request one that goes through."""
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or dice.random() >= SHARE.get(meta.phase.name, 0):
        return
    if str(case.path_parameters.get("task_id")) in seen and name_of(case.operation) == "actOnTask":
        case.body = asked("act", "actOnTask", case.path_parameters["task_id"]) or case.body
        return
    path, query, body = asked("call", name_of(case.operation))
    for name, value in path.items():
        if str(case.path_parameters.get(name)) not in seen:
            case.path_parameters[name] = value
    case.query.clear()
    case.query.update(query)
    for name in [name for name in case.headers if name != "Authorization"]:
        del case.headers[name]
    if takes_a_key(case.operation):
        case.headers[KEY] = uuid4().hex
    if body is not None:
        case.body = body
        case.media_type = "application/json"


@schemathesis.hook
def after_call(context: schemathesis.HookContext, case: schemathesis.Case, response: schemathesis.Response) -> None:
    """Remember what was answered."""
    if response.status_code == 401:
        asked("forget")  # somebody moved the clock, or ended all sign-ins
    if not 200 <= response.status_code < 300:
        return
    through[name_of(case.operation)] += 1
    if response.headers.get("content-type", [""])[0].startswith("application/json"):
        seen.update(texts(response.json()))


def texts(value: Any) -> Iterator[str]:
    """Every text in there that may be an identifier."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for entry in value:
            yield from texts(entry)
    elif isinstance(value, str) and len(value) < 100:
        yield value


@handler()
class Reach(EventHandler):
    """Says in the report which links were followed and what went through, so that neither shrinks unseen."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.followed: Counter[str] = Counter()
        self.arrived: Counter[str] = Counter()

    def handle_event(self, _: Any, event: Any) -> None:
        """Count the links of one scenario."""
        if not isinstance(event, ScenarioFinished):
            return
        for case_id, node in event.recorder.cases.items():
            if node.transition is None or not node.is_transition_applied:
                continue
            self.followed[node.transition.id] += 1
            answer = event.recorder.interactions.get(case_id)
            if answer is not None and answer.response is not None and answer.response.status_code < 300:
                self.arrived[node.transition.id] += 1

    def shutdown(self, _: Any) -> None:
        """The lines of the report."""
        everything = set(asked("all"))
        print(f"went through: {len(through)} of {len(everything)} operations")  # noqa: T201
        print(f"  never: {', '.join(sorted(everything - set(through)))}")  # noqa: T201
        print(f"links followed: {len(self.followed)}, to an answer that is no refusal: {len(self.arrived)}")  # noqa: T201
        for link, count in sorted(self.followed.items()):
            print(f"  {link}: {count} followed, {self.arrived[link]} arrived")  # noqa: T201
