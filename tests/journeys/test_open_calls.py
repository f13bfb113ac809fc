"""A process that ends between asking a register and writing down what came: what is left, and who hears of it."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import Connection, Table, func, select

from app.connectors.registers.http import HttpRegister
from app.storage.database import read_engine
from app.storage.sharing_tables import DATA_CALL, OPEN_CALL
from app.usecases import verification
from app.usecases.verification import Wish
from tests.doors import Doors

RETIRING, REGISTER = "chen_retiring", "resident_identity"
HIS = {"name": "陈示例", "sex": "男"}


class Ended(RuntimeError):
    """The process is no more."""


def count(connection: Connection, table: Table) -> int:
    """How many rows there are."""
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def rows(doors: Doors, table: Table) -> int:
    """The same, seen from outside."""
    engine = read_engine(doors.platform.settings.database_url)
    with engine.connect() as connection:
        found = count(connection, table)
    engine.dispose()
    return found


@dataclass
class Ending:
    """The dice of the app, which from some draw on are no more, like the process that throws them."""

    throw: Callable[[int], int]
    left: int | None = None

    def below(self, limit: int) -> int:
        """One more throw, if there is any."""
        if self.left == 0:
            raise Ended
        self.left = None if self.left is None else self.left - 1
        return self.throw(limit)


@pytest.fixture
def ending(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> Ending:
    """When the process ends."""
    made = Ending(doors.platform.dice.below)
    monkeypatch.setattr(doors.platform.dice, "below", made.below)
    return made


@contextmanager
def somebody_elses(
    doors: Doors, meanwhile: Callable[[], None], register: str = REGISTER, values: Mapping[str, Any] = HIS
) -> Iterator[list[Any]]:
    """A register on this machine that is not ours, and what it was asked; ``meanwhile`` happens before it answers."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            meanwhile()
            body = json.dumps({"found": True, "values": dict(values)}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    remote: Any = doors.platform.world.remote
    remote[register] = HttpRegister(f"http://127.0.0.1:{server.server_address[1]}/look-up")
    try:
        yield asked
    finally:
        del remote[register]
        server.shutdown()
        server.server_close()


def blank(doors: Doors) -> str:
    """A draft in which nobody has typed what registers hold."""
    told = doors.platform.world.catalogue.stories["retire_full"]
    fields = doors.platform.world.library.fields
    form = {code: value for code, value in told.form.items() if not fields[code].sources.dataset}
    answers = {code: list(value) if isinstance(value, tuple) else value for code, value in told.answers.items()}
    body = {"bundle": told.bundle, "region": told.region, "answers": answers, "form": form}
    return str(doors.post("/applications", RETIRING, body, 201)["id"])


def looks(doors: Doors, **wanted: Any) -> list[dict[str, Any]]:
    """What the ledger tells the person."""
    found: list[dict[str, Any]] = doors.get("/me/data/looks", RETIRING, limit=100, **wanted)["entries"]
    return found


def test_what_leaves_the_platform_is_written_down_before_it_leaves(doors: Doors) -> None:
    draft, seen = blank(doors), list[int]()
    with somebody_elses(doors, lambda: seen.append(rows(doors, OPEN_CALL))) as asked:
        doors.post(f"/applications/{draft}/prefill", RETIRING)
    assert len(asked) == len(seen) > 0
    assert min(seen) > 0, "durable, and visible to others, while the register is asked"
    assert rows(doors, OPEN_CALL) == 0
    assert looks(doors, result="unknown") == []
    assert {look["dataset"] for look in looks(doors, result="allowed")} >= {REGISTER}


def test_a_process_that_ends_after_asking_leaves_a_look_of_unknown_outcome(doors: Doors, ending: Ending) -> None:
    draft = blank(doors)
    before = doors.stored(draft)

    def ends() -> None:
        ending.left = 0

    with somebody_elses(doors, ends) as asked, pytest.raises(Ended):
        doors.post(f"/applications/{draft}/prefill", RETIRING)
    ending.left = None
    assert len(asked) > 0
    assert doors.stored(draft) == before, "what it answered is nowhere"
    assert rows(doors, DATA_CALL) == 0
    doors.clock.pass_(minutes=4)
    doors.sweep()
    assert looks(doors, result="unknown") == [], "somebody may still be waiting for it"
    doors.clock.pass_(minutes=6)
    doors.sweep()
    found = looks(doors, result="unknown")
    assert {look["dataset"] for look in found} == {REGISTER}
    assert (found[0]["application_id"], found[0]["result"]["zh"]) == (draft, "已查询，结果不明")
    assert found[0]["at"] < (doors.clock.now - timedelta(minutes=5)).isoformat()
    told = [one["queryId"] for one in doors.get("/me/data/findUsage", RETIRING)["dataRequests"]]
    assert {look["id"] for look in found} <= set(told)
    doors.sweep()
    assert looks(doors, result="unknown") == found, "once"
    assert rows(doors, OPEN_CALL) == 0
    report = verification.run(doors.platform.context(), doors.platform.store, Wish())
    assert report.finding is None, "an instant before the last checkpoint is not held against what says why"


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_wherever_a_process_ends_no_value_is_kept_without_its_row_nor_shown(doors: Doors, ending: Ending) -> None:
    draft = blank(doors)
    before = doors.stored(draft)
    for left in range(200):
        ending.left = left
        try:
            doors.post(f"/applications/{draft}/prefill", RETIRING)
        except Ended:
            ending.left = None
            assert (doors.stored(draft), rows(doors, DATA_CALL)) == (before, 0)
        else:
            break
    assert left > 5, "it was ended at every throw of the dice, in the midst of the rows too"
    assert doors.stored(draft) != before
    assert rows(doors, DATA_CALL) > 0
    assert rows(doors, OPEN_CALL) == 0, "nothing left the platform"
