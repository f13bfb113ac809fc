"""HEAD: what GET would say, without the content (RFC 9110 §9.3.2, which every server owes). Pure ASGI."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """An ASGI layer that asks the app as with GET and passes on the head of the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            await _headed(self._app, scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def _headed(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    is_said = False

    async def leaving() -> Message:
        """Nobody stays for an answer that goes on for minutes."""
        return {"type": "http.disconnect"} if is_said else await receive()

    async def told(message: Message) -> None:
        nonlocal is_said
        if message["type"] == "http.response.start":
            await send(message)
        elif not is_said:
            is_said = True
            await send({"type": "http.response.body", "body": b""})

    asked = {**scope, "method": "GET"}
    try:
        await app(asked, leaving, told)
    finally:  # what is noted of a request (its route, who asked) is for the layers around this one, too
        scope.update({name: value for name, value in asked.items() if name != "method"})
