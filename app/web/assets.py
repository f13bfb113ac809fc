"""Style sheets, scripts and pictures: sent once, kept for ever, because their address names their content.

One digest over the whole folder stands in every address, so that a module may import its neighbour by a relative path.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import Request, Response

from app.transport.doors import Doors

FOLDER = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
TOGETHER = {"css/site.css": ("css/base.css", "css/components.css", "css/citizen.css")}
"""Files that every page needs at once, sent as one: nothing is shown before they have come."""
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
"""What texts are sent as, and compressed. The machine's own list of two thousand kinds is neither read nor needed."""

router = Doors(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    content: bytes
    zipped: bytes | None
    media_type: str


@lru_cache
def assets() -> dict[str, Asset]:
    """Every file by its path below the folder."""
    found = {
        path.relative_to(FOLDER).as_posix(): _asset(path.name, path.read_bytes())
        for path in sorted(FOLDER.rglob("*"))
        if path.is_file()
    }
    for name, parts in TOGETHER.items():
        found[name] = _asset(name, b"\n".join(found[part].content for part in parts))
    return found


def _asset(name: str, content: bytes) -> Asset:
    media_type = MEDIA_TYPES.get(Path(name).suffix)
    if media_type is None:
        return Asset(content, None, "application/octet-stream")
    return Asset(content, gzip.compress(content, mtime=0), media_type)


@lru_cache
def digest() -> str:
    """Twelve hex digits that change when any file does."""
    whole = hashlib.sha256()
    for name, asset in assets().items():
        whole.update(name.encode() + b"\0" + asset.content)
    return whole.hexdigest()[:12]


def address(name: str) -> str:
    """Where the file is served; raises ``KeyError`` for one that does not exist."""
    if name not in assets():
        raise KeyError(name)
    return f"/assets/{digest()}/{name}"


@router.get("/assets/{version}/{name:path}")
async def serve(request: Request, version: str, name: str) -> Response:
    """One file; under an old address the present one, which is then not kept."""
    asset = assets().get(name)
    if asset is None:
        return Response(status_code=404)
    headers = {"Cache-Control": FOR_EVER if version == digest() else "no-cache", "Vary": "Accept-Encoding"}
    if asset.zipped is not None and accepts_gzip(request):
        return Response(asset.zipped, media_type=asset.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(asset.content, media_type=asset.media_type, headers=headers)


def accepts_gzip(request: Request) -> bool:
    """Whether the client takes gzip."""
    return "gzip" in request.headers.get("accept-encoding", "")
