"""Errors as pages. Programs that call the API go on getting problems; only browsers on pages get these.

A form that could not be taken now (the sign-in ended meanwhile, too many requests, the server or its storage is away)
is answered with a page that holds everything that was typed and sends it again: nothing is typed twice, with scripts
or without.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.domain.errors import (
    ActionNotAllowed,
    KeyReused,
    NotAllowed,
    NotSignedIn,
    ReadOnly,
    RealIdentity,
    Refusal,
    StorageAway,
    TooMany,
)
from app.domain.vocabulary import Text
from app.transport.problems import KINDS
from app.usecases.safety import refuse_real_numbers
from app.web.forms import Typed, typed
from app.web.rendering import render
from app.web.visits import POLICY, language, sign_in_path, size_of

Handler = Callable[[Request, Exception], Awaitable[Response]]

CROSS_SITE = Text(
    "这个请求来自别的网站，没有执行。请从本站的页面重新操作。",
    "This request came from another site and was not carried out. Start again from a page of this site.",
)
LONGEST = 200_000
"""Bytes of a form that are kept for somebody who is turned away."""
EARLY = (NotSignedIn, TooMany, StorageAway, ReadOnly)
"""What turns people away before their form is read."""
PASSING = frozenset({401, 409, 429, 500, 502, 503, 507})
"""What may be over when the same form is sent again."""
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
        sent = await _sent(request, error)
        if isinstance(error, NotSignedIn) and sent is None:
            back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(sign_in_path(back if request.method == "GET" else "/"), 303)
        answer = await earlier(request, error)
        return page(request, error, answer.status_code, dict(answer.headers), sent)

    return handle


async def _sent(request: Request, error: Exception) -> Typed | None:
    """What was in the form, where sending it again may help; None where there is nothing, or nothing to hope for.

    A number that looks real is left out: it is never shown again.
    """
    kind, size = request.headers.get("content-type", ""), request.headers.get("content-length", "")
    if request.method != "POST":
        return None
    found: Typed | None = getattr(request.state, "typed", None)
    if kind.startswith("multipart/form-data"):
        return found or (Typed() if isinstance(error, NotSignedIn) else None)
    if not kind.startswith("application/x-www-form-urlencoded") or not size.isdecimal() or int(size) > LONGEST:
        return None
    if found is None and isinstance(error, EARLY):
        with suppress(HTTPException, RuntimeError):  # what is refused at the gate cannot be read any more
            found = await typed(request)
    if found is None or not found.data:
        return None
    return Typed(FormData([(name, text) for name, text in found.data.multi_items() if _is_harmless(text)]))


def _is_harmless(text: object) -> bool:
    try:
        refuse_real_numbers(text)
    except RealIdentity:
        return False
    return True


def page(
    request: Request, error: Exception, status: int, headers: dict[str, str], sent: Typed | None = None
) -> Response:
    """The page of one error; it needs neither database nor sign-in. ``sent``: the form that may be sent again."""
    is_cross_site = isinstance(error, HTTPException) and error.status_code == 403
    code = error.code if isinstance(error, Refusal) else BY_STATUS.get(status, "internal")
    kind = KINDS[code]
    again = sent if status in PASSING and not isinstance(error, ActionNotAllowed | KeyReused) else None
    content = render(
        "pages/error.html",
        language(request),
        size=size_of(request),
        request=request,
        status=403 if is_cross_site else status,
        title=KINDS["not-allowed"].title if is_cross_site else kind.title,
        detail=CROSS_SITE if is_cross_site else error.detail if isinstance(error, Refusal) else None,
        advice=None if is_cross_site or isinstance(error, Refusal) else _advice(request, code),
        number=request.scope.get("request_id", ""),
        again=again,
        is_signed_out=isinstance(error, NotSignedIn),
        is_role=isinstance(error, NotAllowed),
        sign_in=sign_in_path(request.url.path if isinstance(error, NotAllowed) and request.method == "GET" else "/my"),
    )
    kept = {name: value for name, value in headers.items() if name in {"retry-after", "allow"}}
    kept |= {"Content-Security-Policy": POLICY, "Cache-Control": "private, no-store"}
    return Response(content, 403 if is_cross_site else status, kept, "text/html")


def _advice(request: Request, code: str) -> Text:
    """What to do, in words for people at a page; the table of the API speaks to programmers."""
    if code == "too-large":
        settings = request.app.state.settings
        file, rest = settings.upload_megabytes, settings.body_kilobytes
        return Text(
            f"一份文件最大 {file} MB，其他内容最大 {rest} KB。请用浏览器的返回键回到刚才那一页，减小后再试。",
            f"A file may have {file} MB, anything else {rest} KB. Go back one page in the browser, and send less.",
        )
    return ADVICE.get(code, KINDS[code].advice)


ADVICE = {
    "not-found": Text(
        "请检查地址是否完整；也可以回到首页搜索。", "Check that the address is complete, or search from the home page."
    ),
    "method-not-allowed": Text("请从本站的页面操作。", "Start from a page of this site."),
    "malformed-request": Text("请返回上一页再试一次。", "Go back one page and try again."),
    "invalid-input": Text(
        "地址里有不能识别的内容，请从首页重新开始。", "The address cannot be read: start at the home page."
    ),
    "internal": Text(
        "这是我们的问题，已经记录。请稍后再试，并可把下面的编号告诉我们。",
        "This is our fault and has been recorded. Try again later; the number below tells us what happened.",
    ),
}
