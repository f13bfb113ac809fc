"""Cross-site requests: whether a browser sent this one for another site.

Pages sign in with a cookie, so a form on another site could send one in a visitor's name. Browsers say where a request
comes from (``Sec-Fetch-Site``, and ``Origin`` on older ones) and no page can change what they say. A request that says
neither was not made by a browser that lets pages of other sites post, and carries no ``SameSite`` cookie either.
"""

from urllib.parse import urlsplit

from fastapi import Request

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_cross_site(request: Request) -> bool:
    """Whether the request would change something and another site's page made it."""
    if request.method in SAFE_METHODS:
        return False
    fetched = request.headers.get("sec-fetch-site")
    if fetched is not None:
        return fetched not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")
