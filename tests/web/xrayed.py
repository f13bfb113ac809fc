"""What the x-ray of a page shows, and what a shell would make of it."""

import shlex
from itertools import pairwise

from httpx2 import Response

from tests.doors import Doors
from tests.web.html import Element


def commands(page: Element) -> dict[str, str]:
    """Operation → the command shown for it."""
    return dict(shown(page))


def shown(page: Element) -> list[tuple[str, str]]:
    """Operation and command of everything shown; one operation may be called more than once."""
    return [
        (block.one("a").text, block.one("pre").text) for block in page.one(class_="xray").all(class_="xray-command")
    ]


def run(doors: Doors, command: str, token: str) -> Response:
    """What a shell would send, ``$TOKEN`` this token."""
    words = shlex.split(command.replace("$TOKEN", token))
    assert words[:2] == ["curl", "-s"]
    headers = dict(word.split(": ", 1) for flag, word in pairwise(words) if flag == "-H")
    given = dict(pairwise(words))
    url = words[-1].removeprefix(str(doors.client.base_url).rstrip("/"))
    return doors.client.request(given.get("-X", "GET"), url, headers=headers, content=given.get("-d"))
