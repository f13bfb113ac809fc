"""ETags for what a client polls: what has not changed is not sent again."""

import hashlib
from typing import TypeVar

from fastapi import Request, Response
from pydantic import BaseModel

B = TypeVar("B", bound=BaseModel)


def unless_known(request: Request, response: Response, body: B) -> B | Response:
    """The body with its ETag, or 304 when ``If-None-Match`` names it; it depends on who asks."""
    etag = '"' + hashlib.sha256(body.model_dump_json().encode()).hexdigest()[:24] + '"'
    known = [part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")]
    if etag in known:
        return Response(status_code=304, headers={"ETag": etag, "Vary": "Authorization"})
    response.headers["ETag"] = etag
    response.headers["Vary"] = "Authorization"
    return body
