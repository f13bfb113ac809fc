"""The OpenAPI document as tests read it: one entry for every operation."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.main import create_app
from app.settings import Settings

METHODS = ("get", "put", "post", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    id: str
    method: str
    path: str
    spec: dict[str, Any]

    @property
    def parameters(self) -> list[dict[str, Any]]:
        """Its parameters."""
        found: list[dict[str, Any]] = self.spec.get("parameters", [])
        return found

    @property
    def body(self) -> dict[str, Any] | None:
        """The schema of its JSON body, references resolved at the top, or None."""
        content = self.spec.get("requestBody", {}).get("content", {}).get("application/json")
        return None if content is None else resolved(content["schema"])

    @property
    def is_upload(self) -> bool:
        """Whether it takes a file."""
        return "multipart/form-data" in self.spec.get("requestBody", {}).get("content", {})


@cache
def document() -> dict[str, Any]:
    """The whole document, from an app that was never started."""
    found: dict[str, Any] = create_app(Settings(_env_file=None, sweep_seconds=0)).openapi()
    return found


@cache
def operations() -> dict[str, Operation]:
    """operationId → operation."""
    return {operation.id: operation for operation in _all()}


def _all() -> Iterator[Operation]:
    for path, entry in document()["paths"].items():
        for method in METHODS:
            if method in entry:
                yield Operation(entry[method]["operationId"], method.upper(), path, entry[method])


def resolved(value: dict[str, Any]) -> dict[str, Any]:
    """What a ``$ref`` points at, or the value itself."""
    if "$ref" not in value:
        return value
    found: Any = document()
    for part in value["$ref"].removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return resolved(found)
