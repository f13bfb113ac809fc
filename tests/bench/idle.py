"""An endpoint that does nothing, for measuring what the load generator itself can do."""

from typing import Any

HEAD = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
BODY = {"type": "http.response.body", "body": b"{}"}


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer every request with an empty object."""
    if scope["type"] == "http":
        await send(HEAD)
        await send(BODY)
    elif scope["type"] == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
