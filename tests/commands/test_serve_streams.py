"""``serve`` stops at once, however many pages are open."""

import json
import signal
import time
import urllib.request
from pathlib import Path

from .test_serve import serving


def asked(url: str, token: str = "", body: object = None) -> urllib.request.Request:
    """A request to our own server."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    return urllib.request.Request(url, None if body is None else json.dumps(body).encode(), headers)  # noqa: S310


def test_open_streams_end_when_the_server_is_told_to_stop(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-seed") as (process, address):
        api = f"{address}/api/v1"
        with urllib.request.urlopen(asked(f"{api}/sessions", body={"account": "wang_owner"})) as answer:  # noqa: S310
            token = json.load(answer)["token"]
        with urllib.request.urlopen(asked(f"{api}/applications", token, {"story": "catering_simple"})) as answer:  # noqa: S310
            draft = json.load(answer)["id"]
        with urllib.request.urlopen(asked(f"{api}/applications/{draft}/stream", token), timeout=20) as stream:  # noqa: S310
            assert stream.readline() == b"event: at\n"
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            rest = stream.read()
        _, err = process.communicate(timeout=20)
    assert b"event: over" not in rest
    assert process.returncode == 0, err
    assert time.monotonic() - began < 5, "the server waited for a stream"
    assert "Traceback" not in err
