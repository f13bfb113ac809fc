"""One visit to a page: who comes, in which language and region, and how the answer leaves.

A visitor's language, region and size of type are cookies that say nothing about the person; the sign-in is one more,
holding the same token that the API takes.
"""

import asyncio
import contextlib
import gzip
import hashlib
import hmac
import inspect
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, urlsplit

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.domain.errors import NotSignedIn, Refusal
from app.domain.vocabulary import Lang, Role
from app.schemas.accounts import AccountOut
from app.schemas.catalogue import RegionOut
from app.schemas.clocks import ClockOut
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.transport.identity import platform_of
from app.transport.late import LateReader
from app.transport.origin import is_cross_site
from app.transport.pace import limiter_of
from app.usecases import catalogue, clock, links, messages
from app.usecases.accounts import account_out, present, seen
from app.usecases.context import Context
from app.usecases.platform import Platform
from app.web import notices, xray, xray_notes
from app.web.assets import accepts_gzip
from app.web.navigation import Entry, cases_of, current, entries
from app.web.rendering import query, render

T = TypeVar("T")

SESSION, LANGUAGE, REGION, SIZE, XRAY = "session", "lang", "region", "size", "xray"
ON, OFF = "on", "off"
SIZES = ("125", "150", "200")
"""Percent of the ordinary size of type that 长辈版 offers."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SMALLEST_ZIPPED = 1000
SAID_AS = {"place": "region", "query": "q"}
"""Arguments of use cases that the API calls otherwise."""
OK, NOT_MODIFIED = 200, 304


@dataclass(frozen=True)
class Visit:
    """One request of a browser."""

    request: Request
    platform: Platform
    context: Context
    lang: Lang
    region: RegionOut
    size: str | None
    account: AccountOut | None
    token: str | None
    unread: int
    trace: xray.Trace | None = None
    """What this request does, noted when the visitor wants to see it."""
    address: str | None = None
    """Where this page can be opened again, when it is not the address it was asked for at."""

    @property
    def role(self) -> str | None:
        """The role signed in, if any."""
        return self.account.role.code if self.account else None

    @property
    def here(self) -> str:
        """The address of this page with its query, to come back to."""
        if self.address is not None:
            return self.address
        path = self.request.url.path
        return f"{path}?{self.request.url.query}" if self.request.url.query else path

    @property
    def typing_key(self) -> str:
        """64 hex digits that this account alone is given: what it typed and could not send lies on the device under
        this key, closed to whoever signs in there next."""
        secret, whose = self.context.world.policy.secret, self.account.code if self.account else ""
        return hmac.new(secret, f"typing:{whose}".encode(), hashlib.sha256).hexdigest()

    @property
    def entries(self) -> list[Entry]:
        """The main navigation."""
        return entries(self.role)

    @property
    def cases(self) -> Entry:
        """Where the way back from an application leads: the own ones, or those of the hall."""
        return cases_of(self.role)

    @property
    def current(self) -> str | None:
        """The entry of the main navigation this page belongs to."""
        return current(self.request.url.path, self.entries)

    @property
    def clock(self) -> ClockOut:
        """The office's time."""
        return clock.show(self.context)

    @property
    def notice(self) -> notices.Notice | None:
        """What was just done, after the redirect that follows every post."""
        return notices.NOTICES.get(self.request.query_params.get("notice", ""))

    def ask(self, use_case: Callable[..., T], *given: Any) -> T:
        """A use case that reads the catalogue and no database: called with the world or the context, and the rest."""
        answer = use_case(*given)
        self._note(use_case, given, answer)
        return answer

    async def ask_aside(self, use_case: Callable[..., T], *given: Any) -> T:
        """A use case that takes its time, in a thread: called with exactly what is given."""
        answer = await asyncio.to_thread(use_case, *given)
        self._note(use_case, given, answer)
        return answer

    def _note(self, use_case: Callable[..., Any], given: Sequence[Any], answer: Any) -> None:
        if self.trace is not None:
            names = list(inspect.signature(use_case).parameters)
            told = {SAID_AS.get(name, name): value for name, value in zip(names[1:], given[1:], strict=False)}
            self.trace.note(use_case, told, may_write=False).answer = answer

    async def read(self, ask: Callable[..., T], late: LateReader | None = None, /, **arguments: Any) -> T:
        """A use case that reads: called with context, reader and the arguments. With ``late`` it may be a little so."""
        read = self.platform.store.aread if late is None else late.read
        answer = await read(partial(ask, self.context, **arguments))
        if self.trace is not None:
            self.trace.note(ask, arguments, may_write=False).answer = answer
        await self._follow(arguments)
        return answer

    async def perform(self, do: Callable[..., Outcome[T]], **arguments: Any) -> T:
        """A use case that writes, committed when this returns."""
        asked = partial(do, self.context, **arguments)
        if self.trace is None:
            return await self.platform.store.aperform(asked)
        called = self.trace.note(do, arguments, may_write=True)
        answer = await self.platform.store.aperform(xray.watched(called, asked))
        called.answer = answer
        await self._follow(arguments)
        return answer

    async def call(self, do: Callable[..., Awaitable[T]], **arguments: Any) -> T:
        """A use case that opens its own transactions: called with context, store and the arguments."""
        if self.trace is None:
            return await do(self.context, self.platform.store, **arguments)
        called = self.trace.note(do, arguments, may_write=True)
        answer = await do(self.context, xray.WatchedStore(self.platform.store, called), **arguments)
        called.answer = answer
        await self._follow(arguments)
        return answer

    async def _follow(self, arguments: Mapping[str, Any]) -> None:
        """With the x-ray on: where the chain of the case concerned stands now, for whoever may see the chain."""
        case = arguments.get("application_id")
        if self.trace is not None and self.account is not None and isinstance(case, str):
            ask = partial(links.newest, self.context, application_id=case)
            with contextlib.suppress(Refusal):
                self.trace.link = await self.platform.store.aread(ask)

    def _panel(self, data: Mapping[str, Any]) -> xray.Panel | None:
        if self.trace is None:
            return None
        self.trace.shows = data
        note = self.request.cookies.get(xray_notes.COOKIE)
        ring = self.context.world.keys
        before = xray_notes.opened(ring, self.token, note, time.time()) if note and self.token else []
        return xray.panel(self._shown(self.trace), before, self.trace, self._base, data)

    @property
    def _base(self) -> str:
        return (self.platform.settings.public_url or str(self.request.base_url)).rstrip("/")

    def _shown(self, trace: xray.Trace) -> list[xray_notes.Shown]:
        asked = {**self.request.query_params, **self.request.path_params}
        return xray.shown(self.request.app, trace, self._base, asked)

    def at(self, address: str) -> "Visit":
        """The same visit, whose page is opened again at this address: for what is answered to a post elsewhere."""
        return replace(self, address=address)

    def page(self, template: str, status: int = 200, **data: Any) -> HTMLResponse:
        """The page in the visitor's language; nobody else may keep it, and what is somebody's own is not kept."""
        content = render(f"pages/{template}.html", self.lang, visit=self, xray=self._panel(data), **data).encode()
        kept = "private, no-cache" if self.account is None else "private, no-store"
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": kept, "Vary": "Cookie, Accept-Encoding"}
        if self.account is None and status == OK:
            headers["ETag"] = tag = f'W/"{hashlib.sha256(content).hexdigest()[:24]}"'
            if tag in self.request.headers.get("if-none-match", ""):
                return HTMLResponse(b"", NOT_MODIFIED, headers)
        if len(content) > SMALLEST_ZIPPED and accepts_gzip(self.request):
            content = gzip.compress(content, 5, mtime=0)
            headers["Content-Encoding"] = "gzip"
        answer = HTMLResponse(content, status, headers)
        if self.trace is not None and xray_notes.COOKIE in self.request.cookies:
            answer.delete_cookie(xray_notes.COOKIE)
        return answer

    def go(self, path: str, notice: str | None = None) -> RedirectResponse:
        """See another page (303): what follows every post that succeeded. ``notice`` names a :class:`Notice`."""
        if notice is not None:
            assert notice in notices.NOTICES, notice  # noqa: S101 - a slip of the programmer
            path += ("&" if "?" in path else "?") + f"notice={notice}"
        answer = RedirectResponse(path, 303)
        if self.trace is not None and self.trace.called and self.token and self.request.method == "POST":
            note = xray_notes.sealed(self.context.world.keys, self.token, self._shown(self.trace), time.time())
            if note is not None:
                kept = xray_notes.KEPT_SECONDS
                secure = is_secure(self.request)
                answer.set_cookie(xray_notes.COOKIE, note, kept, httponly=True, samesite="lax", secure=secure)
        return answer

    def must_be(self, *roles: Role) -> None:
        """Send everybody else to sign in, or away; raises :class:`NotSignedIn` or :class:`NotAllowed`."""
        self.context.acting(*roles)


async def visit(request: Request) -> Visit:
    """The visit of this request; a sign-in that has expired counts as none."""
    if is_cross_site(request):
        raise HTTPException(403)
    platform = platform_of(request)
    context, token = platform.context(), request.cookies.get(session_cookie(request))
    found, unread, is_due = None, 0, False
    if token:
        found, unread, is_due = await platform.store.aread(partial(_who, platform, context, token=token))
    if found is not None and token:
        limiter_of(request).charge(request, found[1].account)
        request.scope["role"] = found[1].role.value
        if is_due:
            await platform.store.aperform(lambda reader: seen(context, reader, token))
    return Visit(
        request,
        platform,
        context if found is None else platform.context(found[1]),
        language(request),
        _region(request, platform, context),
        size_of(request),
        None if found is None else found[0],
        token if found else None,
        unread,
        _traced(request),
    )


Visiting = Annotated[Visit, Depends(visit)]


def _traced(request: Request) -> xray.Trace | None:
    request.state.xray = xray.Trace() if request.cookies.get(XRAY) == ON else None
    found: xray.Trace | None = request.state.xray
    return found


def _who(platform: Platform, context: Context, reader: Reader, token: str) -> tuple[Any, int, bool]:
    try:
        entry, is_due = present(context, reader, token)
    except NotSignedIn:
        return None, 0, False
    unread = 0
    if entry.role in {Role.APPLICANT, Role.AGENT}:
        unread = messages.unread(platform.context(entry.actor), reader).unread_count
    return (account_out(entry), entry.actor), unread, is_due


def session_cookie(request: Request) -> str:
    """The name of the sign-in's cookie. Over TLS no other site, subdomain or plain connection can set this one."""
    return f"__Host-{SESSION}" if is_secure(request) else SESSION


def language(request: Request) -> Lang:
    """The visitor's choice, or what the browser prefers."""
    chosen = request.cookies.get(LANGUAGE)
    if chosen in {"zh", "en"}:
        return "en" if chosen == "en" else "zh"
    first = request.headers.get("accept-language", "zh").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "zh"


def size_of(request: Request) -> str | None:
    """The size of type that was chosen, when it is not the ordinary one."""
    return size if (size := request.cookies.get(SIZE)) in SIZES else None


def _region(request: Request, platform: Platform, context: Context) -> RegionOut:
    code = request.cookies.get(REGION, "")
    known = context.world.catalogue.regions
    return catalogue.show_region(context.world, code if code in known else platform.settings.default_region)


def safe_path(path: str | None, otherwise: str = "/") -> str:
    """A path of this site to go back to; anything that could lead elsewhere becomes ``otherwise``."""
    path = path or ""
    parts = urlsplit(path)
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if plain and not parts.scheme and not parts.netloc else otherwise


def sign_in_path(back: str) -> str:
    """The sign-in page that leads back."""
    return "/sign-in" + query(back=safe_path(back))


def is_secure(request: Request) -> bool:
    """Whether people come over TLS, so that cookies may be kept to it."""
    return bool(request.url.scheme == "https" or request.app.state.settings.behind_tls)


def as_part(text: str) -> str:
    """A code as one part of an address."""
    return quote(text, safe="")
