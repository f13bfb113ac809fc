"""Errors as pages. Programs that call the API go on getting problems; only browsers on pages get these."""

from collections.abc import Awaitable, Callable
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.domain.errors import NotSignedIn, Refusal
from app.domain.vocabulary import Text
from app.transport.problems import KINDS
from app.web.rendering import render
from app.web.visits import POLICY, language, sign_in_path, size_of

Handler = Callable[[Request, Exception], Awaitable[Response]]

CROSS_SITE = Text(
    "这个请求来自别的网站，没有执行。请从本站的页面重新操作。",
    "This request came from another site and was not carried out. Start again from a page of this site.",
)
BY_STATUS = {400: "malformed-request", 404: "not-found", 405: "method-not-allowed", 413: "too-large", 507: "no-room"}


def install(app: FastAPI) -> None:
    """Put pages before the handlers that are there; those still answer for the API."""
    for kind in (Refusal, RequestValidationError, HTTPException, Exception):
        earlier = cast("Handler", app.exception_handlers[kind])
        app.add_exception_handler(kind, _handler(earlier))


def _handler(earlier: Handler) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
            return await earlier(request, error)
        if isinstance(error, NotSignedIn):
            back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(sign_in_path(back if request.method == "GET" else "/"), 303)
        answer = await earlier(request, error)
        return page(request, error, answer.status_code, dict(answer.headers))

    return handle


def page(request: Request, error: Exception, status: int, headers: dict[str, str]) -> Response:
    """The page of one error; it needs neither database nor sign-in."""
    is_cross_site = isinstance(error, HTTPException) and error.status_code == 403
    code = error.code if isinstance(error, Refusal) else BY_STATUS.get(status, "internal")
    kind = KINDS[code]
    content = render(
        "pages/error.html",
        language(request),
        size=size_of(request),
        request=request,
        status=403 if is_cross_site else status,
        title=KINDS["not-allowed"].title if is_cross_site else kind.title,
        detail=CROSS_SITE if is_cross_site else error.detail if isinstance(error, Refusal) else None,
        advice=None if is_cross_site or isinstance(error, Refusal) else ADVICE.get(code, kind.advice),
        number=request.scope.get("request_id", ""),
    )
    kept = {name: value for name, value in headers.items() if name in {"retry-after", "allow"}}
    kept |= {"Content-Security-Policy": POLICY, "Cache-Control": "private, no-store"}
    return Response(content, 403 if is_cross_site else status, kept, "text/html")


ADVICE = {
    "not-found": Text(
        "请检查地址是否完整；也可以回到首页搜索。", "Check that the address is complete, or search from the home page."
    ),
    "method-not-allowed": Text("请从本站的页面操作。", "Start from a page of this site."),
    "malformed-request": Text("请返回上一页再试一次。", "Go back one page and try again."),
    "invalid-input": Text(
        "地址里有不能识别的内容，请从首页重新开始。", "The address cannot be read: start at the home page."
    ),
    "too-large": Text("提交的内容太大，请减小后再试。", "What was sent is too large: send less."),
    "internal": Text(
        "这是我们的问题，已经记录。请稍后再试，并可把下面的编号告诉我们。",
        "This is our fault and has been recorded. Try again later; the number below tells us what happened.",
    ),
}
"""What to do, in words for people at a page; the table of the API speaks to programmers."""
