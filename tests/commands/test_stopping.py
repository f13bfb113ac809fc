"""A server that is told to stop while people work: what was answered is there, and nobody is answered with a defect."""

import http.client
import json
import signal
import socket
import sqlite3
import threading
import time
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

from .test_serve import serving

WISH = json.dumps({"story": "catering_simple"})
WHO = json.dumps({"account": "wang_owner"})
WRITERS, CROWD = 4, 40


class Citizen:
    """Somebody who starts one application after the other until nobody answers any more."""

    def __init__(self, address: str) -> None:
        self._line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
        token = json.loads(self._sent("/sessions", json.dumps({"account": "wang_owner"}), {})[1])["token"]
        self._headers = {"Authorization": f"Bearer {token}"}
        self.kept: list[str] = []
        self.statuses: set[int] = set()

    def work(self) -> None:
        """Go on until the line is dead."""
        try:
            while True:
                status, body = self._sent("/applications", WISH, self._headers)
                self.statuses.add(status)
                if status == 201:
                    self.kept.append(json.loads(body)["id"])
        except (OSError, http.client.HTTPException):
            return
        finally:
            self._line.close()

    def _sent(self, path: str, body: str, headers: dict[str, str]) -> tuple[int, bytes]:
        self._line.request("POST", f"/api/v1{path}", body, {"Content-Type": "application/json", **headers})
        answer = self._line.getresponse()
        return answer.status, answer.read()


def test_every_write_that_was_answered_is_there_after_a_polite_stop_under_load(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-seed", APP_LOG_LEVEL="warning", APP_STOP_SECONDS="10") as (process, address):
        citizens = [Citizen(address) for _ in range(WRITERS)]
        threads = [threading.Thread(target=citizen.work) for citizen in citizens]
        for thread in threads:
            thread.start()
        while sum(len(citizen.kept) for citizen in citizens) < 20:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        _, err = process.communicate(timeout=30)
        for thread in threads:
            thread.join(timeout=20)
    assert process.returncode == 0, err
    assert time.monotonic() - began < 20
    assert "Traceback" not in err
    assert set().union(*(citizen.statuses for citizen in citizens)) == {201}
    assert (tmp_path / "var" / "app.db").stat().st_mode & 0o077 == 0, "for its owner alone"
    with closing(sqlite3.connect(tmp_path / "var" / "app.db")) as database:
        stored = {row[0] for row in database.execute("SELECT id FROM application")}
    answered = {case for citizen in citizens for case in citizen.kept}
    assert answered <= stored
    assert len(stored) - len(answered) <= WRITERS, "at most the last one of each was on its way"


def test_whoever_had_come_before_the_stop_is_answered_and_who_says_nothing_holds_nothing_up(tmp_path: Path) -> None:
    with ExitStack() as stack, serving(tmp_path, "--no-seed", APP_LOG_LEVEL="warning") as (process, address):
        place = urlsplit(address)
        silent = stack.enter_context(socket.create_connection((place.hostname, place.port), timeout=20))
        lines = [
            stack.enter_context(closing(http.client.HTTPConnection(place.netloc, timeout=20))) for _ in range(CROWD)
        ]
        for line in lines:
            line.request("POST", "/api/v1/sessions", WHO, {"Content-Type": "application/json"})
        process.send_signal(signal.SIGTERM)
        tokens = {json.loads(line.getresponse().read())["token"] for line in lines}
        assert silent.recv(1) == b""
        _, err = process.communicate(timeout=10)
    assert (process.returncode, "Traceback" in err) == (0, False), err
    assert (tmp_path / "var" / "app.db").stat().st_mode & 0o077 == 0, "for its owner alone"
    with closing(sqlite3.connect(tmp_path / "var" / "app.db")) as database:
        (stored,) = database.execute("SELECT count(*) FROM token").fetchone()
    assert stored == len(tokens) == CROWD
