"""The errors an operation documents, and the links from its answer to what comes next."""

from typing import Any

from app.schemas.common import Problem
from app.transport.problems import KINDS, MEDIA_TYPE

Responses = dict[int | str, dict[str, Any]]

CODES = "x-problem-codes"
"""Carries the codes of a documented problem to :mod:`app.api.openapi`, which takes it out again."""


ALWAYS = ("too-many-requests", "malformed-request", "internal", "no-room", "read-only", "storage-away")
"""What every operation may answer."""

UNCHANGED = "与 If-None-Match 所指版本相同 / not changed since the version named in If-None-Match"


def refusals(*codes: str) -> Responses:
    """OpenAPI responses for these problem codes, grouped by status."""
    grouped: dict[int, list[str]] = {}
    for code in dict.fromkeys((*codes, *ALWAYS)):
        grouped.setdefault(KINDS[code].status, []).append(code)
    return {status: _documented(found) for status, found in sorted(grouped.items())}


def _documented(codes: list[str]) -> dict[str, Any]:
    titles = "；".join(f"`{code}` {KINDS[code].title.zh} / {KINDS[code].title.en}" for code in codes)
    return {
        "description": titles,
        CODES: codes,
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}},
    }


def link(operation: str, description: str, **parameters: str) -> dict[str, Any]:
    """An OpenAPI link to another operation; parameters are runtime expressions."""
    return {"operationId": operation, "description": description, "parameters": parameters}


def linked(status: int, **links: dict[str, Any]) -> Responses:
    """Links of a successful answer."""
    return {status: {"links": links}}


READ = refusals("not-signed-in", "not-allowed", "not-found", "erased", "invalid-input")
WRITES = (
    "not-signed-in",
    "not-allowed",
    "not-found",
    "erased",
    "invalid-input",
    "real-identity-refused",
    "action-not-allowed",
    "stale",
    "too-large",
)
WRITE = refusals(*WRITES)
WRITE_ONCE = refusals(*WRITES, "idempotency-key-reused")
"""With an Idempotency-Key."""
OPEN = refusals("not-found", "invalid-input")
