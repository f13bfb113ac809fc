"""JSON that everybody on the way reads alike.

Two members of one name mean one thing to a filter in front and another behind it, and so does a text in another
encoding than UTF-8 (RFC 8259 §8.1, RFC 7493 §2.3): either is refused as malformed.
"""

import json
from typing import Any

from starlette.requests import Request


class PlainRequest(Request):
    """A request whose JSON says everything once, in UTF-8."""

    async def json(self) -> Any:
        """The body read. Raises ``JSONDecodeError``, which the framework answers with."""
        if not hasattr(self, "_json"):
            self._json = plain(await self.body())
        return self._json


def plain(body: bytes) -> Any:
    """What the text says. Raises ``JSONDecodeError``."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise json.JSONDecodeError("not UTF-8", "", error.start) from None
    return json.loads(text, object_pairs_hook=_named_once)


def _named_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        raise json.JSONDecodeError("a name twice in one object", "", 0)
    return found
