"""Somebody at a browser without JavaScript: follows links, fills forms in, and reads what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from httpx2 import Cookies, Response

from tests.doors import Doors
from tests.web.html import Element, parsed

HTML = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Visitor:
    """One browser with its own cookies, and the page it shows."""

    doors: Doors
    cookies: Cookies = field(default_factory=Cookies)
    response: Response | None = None
    _page: Element | None = None

    @property
    def page(self) -> Element:
        """The page that is shown."""
        assert self._page is not None
        return self._page

    @property
    def heading(self) -> str:
        """What the page says it is."""
        return self.page.one("h1").text

    @property
    def path(self) -> str:
        """Where the visitor is."""
        assert self.response is not None
        return self.response.url.path

    def go(self, path: str, status: int = 200, **request: Any) -> Element:
        """Open an address, following redirects; the page must have this status."""
        return self._send("GET", path, status, **request)

    def post(self, path: str, data: Mapping[str, Any] | None = None, status: int = 200, **request: Any) -> Element:
        """Send a form as it stands, following the redirect."""
        return self._send("POST", path, status, data=dict(data or {}), **request)

    def sent(self, path: str, data: Mapping[str, Any]) -> Response:
        """Send a form and stay before the redirect that answers it."""
        self._send("POST", path, 303, data=dict(data), follow_redirects=False)
        assert self.response is not None
        return self.response

    def submit(
        self, action: str = "", button: tuple[str, str] | None = None, status: int = 200, **typed: Any
    ) -> Element:
        """Fill the page's form in (the one with this action, or the only one of the main part) and send it.

        Names with dots are given with two underscores; None leaves a control out.
        """
        forms = [f for f in self.page.one("main").all("form") if not action or f.get("action") == action]
        assert forms, [f.get("action") for f in self.page.one("main").all("form")]
        assert all(values(form) == values(forms[0]) for form in forms), [f.get("action") for f in forms]
        data = values(forms[0])
        for name, value in typed.items():
            data.pop(name.replace("__", "."), None)
            if value is not None:
                data[name.replace("__", ".")] = value
        if button:
            data[button[0]] = button[1]
        target = forms[0].get("action") or self.path
        if forms[0].get("method").lower() == "post":
            return self.post(target, data, status)
        return self.go(target, status, params=data)

    def follow(self, text: str, status: int = 200) -> Element:
        """Follow the link of the main part that says this (or begins so)."""
        links = [a for a in self.page.one("main").all("a") if a.text == text or a.text.startswith(text)]
        assert links, f"no link {text!r} among {[a.text for a in self.page.one('main').all('a')]}"
        return self.go(links[0].get("href"), status)

    def sign_in(self, account: str) -> "Visitor":
        """Be somebody."""
        self.post("/sign-in", {"account": account})
        return self

    def _send(self, method: str, path: str, status: int, **request: Any) -> Element:
        client = self.doors.client
        client.cookies = self.cookies
        headers = {**HTML, **request.pop("headers", {})}
        self.response = client.request(method, path, headers=headers, **{"follow_redirects": True, **request})
        self.cookies = client.cookies
        client.cookies = Cookies()
        said = self.response.text.partition("<main")[2] or self.response.text
        assert self.response.status_code == status, f"{self.response.status_code}: {said[:1500]}"
        self._page = parsed(self.response.text) if "html" in self.response.headers.get("content-type", "") else None
        return self._page or Element("")


def values(form: Element) -> dict[str, Any]:
    """What a browser would send of a form nobody has touched, buttons left out."""
    data: dict[str, Any] = {}
    for control in form.walk():
        name = control.get("name")
        if not name or "disabled" in control.attributes:
            continue
        if control.tag == "input" and control.get("type") in {"radio", "checkbox"}:
            if "checked" in control.attributes:
                data.setdefault(name, []).append(control.get("value"))
        elif control.tag == "input" and control.get("type") not in {"file", "submit"}:
            data.setdefault(name, []).append(control.get("value"))
        elif control.tag == "textarea":
            data[name] = "".join(str(child) for child in control.children)
        elif control.tag == "select":
            options = control.all("option")
            chosen = [o.get("value") for o in options if "selected" in o.attributes] or [options[0].get("value")]
            data[name] = chosen[0]
    return data
