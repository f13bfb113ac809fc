"""A page shows nothing that the API cannot return: the same person asks both, and both say the same."""

import json
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import BaseModel
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.operations import operations_for
from app.web.xray import Called, Trace
from tests.doors import Doors
from tests.web.listed import Listed, everything, prepared
from tests.web.visitors import Visitor

BASE = "http://testserver"
ONLY_HERE = frozenset({"AskableOut"})
"""Read models of pages: which data an officer's item may ask for, as the item's own document says."""


class Keeping:
    """The app, and what its last request noted down."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.scope: Scope = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        self.scope = scope
        await self._app(scope, receive, send)


class Watched:
    """Pages opened by anybody, and the API asked by the same."""

    def __init__(self, doors: Doors) -> None:
        self.names = prepared(doors)
        self._doors, self._app = doors, Keeping(doors.client.app)
        self._visitor = Visitor(Doors(TestClient(self._app), doors.platform, doors.clock))
        self._tokens: dict[str | None, dict[str, str]] = {None: {}}
        self.schemas = set(doors.get("/openapi.json")["components"]["schemas"])

    def traced(self, listed: Listed) -> Trace:
        """Open a page with the x-ray on: what its request did."""
        if listed.who not in self._tokens and listed.who:
            self._tokens[listed.who] = self._doors.sign_in(listed.who)
        token = self._tokens[listed.who].get("Authorization", "").removeprefix("Bearer ")
        self._visitor.cookies.clear()
        for name, value in {"xray": "on", "session": token}.items():
            if value:
                self._visitor.cookies.set(name, value)
        self._visitor.go(listed.path.format(**self.names))
        found: Trace = self._app.scope["state"]["xray"]
        return found

    def asked(self, called: Called, listed: Listed) -> Iterator[Response]:
        """The same of the API, by the commands that the page shows."""
        shown = self._visitor.page.one(class_="xray").all(class_="xray-command")
        own = {operation.id for operation in operations_for(self._doors.client.app, called.use_case)}  # type: ignore[arg-type]
        for block in shown:
            if block.one("a").text in own:
                words = shlex.split(block.one("pre").text)
                if "-X" not in words:
                    url = words[-1].removeprefix(BASE)
                    yield self._doors.client.get(url, headers=self._tokens[listed.who])


@pytest.fixture(scope="module")
def watched(shared_doors: Doors) -> Watched:
    """One app with something to look at."""
    return Watched(shared_doors)


def test_every_page_that_reads_shows_what_the_api_returns_to_the_same_person(watched: Watched) -> None:
    wrong, compared = [], 0
    for listed in everything():
        if listed.status == 200:
            trace = watched.traced(listed)
            wrong += [f"{listed}: {name} is no schema of the API" for name in _unknown(trace, watched.schemas)]
            for called in trace.called:
                answers = list(watched.asked(called, listed))
                compared += len(answers)
                if answers and not any(_is_said(called.answer, answer) for answer in answers):
                    wrong.append(f"{listed}: {called.where}: {answers[0].url} {answers[0].text[:200]}")
                elif not answers and not operations_for(watched._doors.client.app, called.use_case):
                    wrong.append(f"{listed}: {called.where} is no operation of the API")
    assert wrong == []
    assert compared > 60


def _unknown(trace: Trace, schemas: set[str]) -> set[str]:
    names = {type(model).__name__.partition("[")[0] for model in _models(dict(trace.shows))}
    return {name for name in names if name not in schemas | ONLY_HERE and not _is_page(name, schemas)}


def _is_page(name: str, schemas: set[str]) -> bool:
    return any(schema.startswith(f"{name}_") for schema in schemas)


def _models(value: Any) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
    elif isinstance(value, dict):
        yield from (model for entry in value.values() for model in _models(entry))
    elif isinstance(value, list | tuple):
        yield from (model for entry in value for model in _models(entry))


def _is_said(answer: Any, response: Response) -> bool:
    return response.status_code == 200 and response.json() == _dumped(answer)


def _dumped(answer: Any) -> Any:
    if isinstance(answer, BaseModel):
        return json.loads(answer.model_dump_json(by_alias=True))
    return [_dumped(entry) for entry in answer] if isinstance(answer, list | tuple) else answer
