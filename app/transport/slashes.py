"""Addresses with a slash too many.

The framework sends people on to ``http://<whatever Host said>/…``. Here the address that they are sent to names no
host, so nobody is sent elsewhere by what a request claims about where it came to.
"""

from urllib.parse import quote

from fastapi import FastAPI
from starlette.responses import RedirectResponse
from starlette.routing import Match
from starlette.types import Receive, Scope, Send


def install(app: FastAPI) -> None:
    """Send whoever asks for ``/guide/`` on to ``/guide`` (307) where there is such an address; otherwise as ever."""
    router = app.router
    router.redirect_slashes = False
    nowhere = router.default

    async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
        bare = scope["path"].rstrip("/")
        if scope["type"] != "http" or bare == scope["path"] or bare.startswith("//") or not _leads(app, scope, bare):
            await nowhere(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        await RedirectResponse(quote(bare) + (f"?{query}" if query else ""))(scope, receive, send)

    router.default = elsewhere


def _leads(app: FastAPI, scope: Scope, path: str) -> bool:
    """Whether anything is at this address."""
    at = {**scope, "path": path}
    return bool(path) and any(route.matches(at)[0] is not Match.NONE for route in app.router.routes)
