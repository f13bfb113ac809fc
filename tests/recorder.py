"""Calls the app with a fixed clock and seeded dice and keeps what was said, for :mod:`tests.make_examples`."""

import random
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from app.api.openapi import operations
from app.domain.deadlines import BEIJING
from app.main import create_app
from app.settings import Settings
from app.storage.keys import KeyRing
from app.usecases.platform import open_platform

Json = dict[str, Any]
MONDAY = datetime(2026, 3, 16, 9, 30, tzinfo=BEIJING)
REQUEST = "9f2c4e61a0b7d358"
"""Stands for the number of every request, which is drawn afresh each time."""
KEPT_HEADERS = ("ETag", "Location", "Retry-After")
"""What a listing keeps of an answer's headers."""


KEYS = KeyRing({"k1": b"d" * 32}, "k1", {"s1": b"s" * 32}, "s1", b"b" * 32).dumped()
"""Keys that protect nothing, so that what is signed in an example is the same in every recording."""


class SeededDice:
    """Chance that repeats itself; a token that says it is an example."""

    def __init__(self) -> None:
        self._random = random.Random("catering")  # noqa: S311 - repeats itself on purpose

    def below(self, limit: int) -> int:
        """A number from 0 up to but not including ``limit``."""
        return self._random.randrange(limit)

    def token(self) -> str:
        """A token nobody could take for a secret."""
        return f"example-token-{self.below(10**20):020d}"


class TickingClock:
    """A minute passes with every look."""

    def __init__(self) -> None:
        self._now = MONDAY

    def __call__(self) -> datetime:
        """Now, and then a minute later."""
        self._now += timedelta(minutes=1)
        return self._now


@dataclass
class Recorder:
    """Calls operations by their id and keeps what was said."""

    client: TestClient
    places: dict[str, tuple[str, str]]
    app: FastAPI
    application: str = ""
    """The application the story is about, once there is one."""
    tokens: dict[str, str] = field(default_factory=dict)
    operations: dict[str, list[Json]] = field(default_factory=dict)
    problems: Json = field(default_factory=dict)

    def ask(self, operation: str, who: str | None = None, **call: Any) -> Any:
        """The answer's body (JSON, or None), not recorded. ``call`` takes path, query, headers, body, files, raw."""
        return self._send(operation, who, call)[1]

    def tell(self, operation: str, zh: str, en: str, who: str | None = None, **call: Any) -> Any:
        """The same, recorded as an example. Fails unless the answer is a good one (or: not changed)."""
        answer, body = self._send(operation, who, call)
        assert answer.is_success or answer.status_code == 304, (operation, answer.text)
        recorded: Json = {"status": answer.status_code}
        if kept := {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}:
            recorded["headers"] = kept
        if body is not None:
            recorded |= {"media_type": answer.headers["content-type"], "body": shortened(body)}
        self.keep(operation, zh, en, call, recorded)
        return body

    def keep(self, operation: str, zh: str, en: str, call: Mapping[str, Any], recorded: Json) -> None:
        """One example, as it will stand in the documentation."""
        said = {part: call[part] for part in ("path", "query", "headers", "body") if part in call}
        told = self.operations.setdefault(operation, [])
        name = "-".join(en.lower().replace(",", "").replace("'", "").split())
        told.append({"name": name, "summary": {"zh": zh, "en": en}, "call": said, "answer": recorded})

    def fail(self, code: str, operation: str, who: str | None = None, **call: Any) -> None:
        """Record the problem this call gets. Fails unless it is the expected one."""
        answer, body = self._send(operation, who, call)
        assert body is not None, (code, answer.text)
        assert body["code"] == code, (code, body)
        self.problems[code] = body | {"instance": REQUEST}

    def _send(self, operation: str, who: str | None, call: Mapping[str, Any]) -> tuple[Any, Any]:
        method, path = self.places[operation]
        headers = dict(call.get("headers", {}))
        if who is not None:
            headers["Authorization"] = f"Bearer {self._token(who)}"
        answer = self.client.request(
            call.get("method", method),
            path.format(**call.get("path", {})),
            params=call.get("query"),
            headers=headers,
            json=call.get("body"),
            files=call.get("files"),
            content=call.get("raw"),
        )
        is_json = answer.headers.get("content-type", "").split(";")[0].endswith("json")
        return answer, answer.json() if is_json else None

    def _token(self, who: str) -> str:
        if who not in self.tokens:
            self.tokens[who] = self.ask("signIn", body={"account": who})["token"]
        return self.tokens[who]


def shortened(value: Any) -> Any:
    """Lists of objects cut to two entries; the score of a search is left to one digit."""
    if isinstance(value, dict):
        return {key: round(entry, 1) if key == "score" else shortened(entry) for key, entry in value.items()}
    if isinstance(value, list):
        is_long = len(value) > 2 and all(isinstance(entry, dict) for entry in value)
        return [shortened(entry) for entry in (value[:2] if is_long else value)]
    return value


@contextmanager
def recorder() -> Iterator[Recorder]:
    """A recorder on an app of its own, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            _env_file=None,
            database_url=f"sqlite:///{folder}/app.db",
            files_folder=Path(folder) / "files",
            secret_file=Path(folder) / "secret",
            keys=SecretStr(KEYS),
            sweep_seconds=0,
            notary_seconds=0,
        )
        platform = open_platform(settings, TickingClock(), SeededDice())
        app = create_app(settings, platform)
        places = {entry["operationId"]: (method, path) for path, method, entry in operations(app.openapi())}
        try:
            with TestClient(app, raise_server_exceptions=False) as client:
                yield Recorder(client, places, app)
        finally:
            platform.close()
