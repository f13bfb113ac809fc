"""Which operations of the API do what a page does: read off the API's own routes when the app runs, so that no table
can be wrong. A page and an operation belong together when both call the same use case."""

import ast
import inspect
import json
import shlex
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from types import ModuleType
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.domain.vocabulary import Text
from app.transport.identity import signed_in

USE_CASES, DOORS, PREFIX = "app.usecases.", "app.api.", "/api/v1"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API, and the use cases it calls by their full names."""

    id: str
    method: str
    path: str
    title: Text
    needs_token: bool
    path_names: tuple[str, ...]
    query_names: tuple[str, ...]
    takes: str | None
    use_cases: frozenset[str]

    def curl(self, base: str, arguments: Mapping[str, Any]) -> str | None:
        """The call with these arguments as a command for a shell, ``$TOKEN`` the token of a sign-in; None when the
        path asks for something that is not among them, or the operation takes a file."""
        values = {name: _plain(arguments.get(name)) for name in (*self.path_names, *self.query_names)}
        body = next((value for value in arguments.values() if isinstance(value, BaseModel)), None)
        if any(values[name] is None for name in self.path_names) or self.takes == "file":
            return None
        address = self.path.format(**{name: quote(str(values[name]), safe="") for name in self.path_names})
        sent = {name: values[name] for name in self.query_names if values[name] not in (None, "", False)}
        parts = ["curl -s", f"-X {self.method}"] if self.method != "GET" else ["curl -s"]
        if self.needs_token:
            parts.append('-H "Authorization: Bearer $TOKEN"')
        if self.takes == "json" and body is not None:
            written = body.model_dump(mode="json", exclude_unset=True)
            parts.append("-H 'Content-Type: application/json'")
            parts.append(f"-d {shlex.quote(json.dumps(written, ensure_ascii=False))}")
        return " ".join([*parts, shlex.quote(f"{base}{address}" + (f"?{urlencode(sent)}" if sent else ""))])


def operations_of(app: FastAPI) -> dict[str, Operation]:
    """Every operation of the app that calls a use case, by its id; worked out once."""
    if not hasattr(app.state, "operations"):
        app.state.operations = _found(app)
    found: dict[str, Operation] = app.state.operations
    return found


def operations_for(app: FastAPI, use_case: Callable[..., Any]) -> list[Operation]:
    """The operations that call a use case."""
    name = f"{use_case.__module__}.{use_case.__qualname__}"
    return [operation for operation in operations_of(app).values() if name in operation.use_cases]


def _found(app: FastAPI) -> dict[str, Operation]:
    found = map(_operation, _routes(app.routes))
    return {operation.id: operation for operation in found if operation.use_cases}


def _operation(route: APIRoute) -> Operation:
    zh, _, en = " ".join((inspect.getdoc(route.endpoint) or "").split("\n\n")[0].split()).partition(" / ")
    is_file = route.body_field is not None and isinstance(route.body_field.field_info, params.Form)
    return Operation(
        id=route.operation_id or "",
        method=min(route.methods or {"GET"}),
        path=f"{PREFIX}{route.path}",
        title=Text(zh, en or zh),
        needs_token=any(one.call is signed_in for one in _all(route.dependant)),
        path_names=tuple(field.alias for one in _all(route.dependant) for field in one.path_params),
        query_names=tuple(field.alias for one in _all(route.dependant) for field in one.query_params),
        takes="file" if is_file else "json" if route.body_field is not None else None,
        use_cases=frozenset(_called(route.endpoint)),
    )


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for below in dependant.dependencies:
        yield from _all(below)


def _routes(routes: Any) -> Iterator[APIRoute]:
    """The routes of the API below ``routes``; a router that is included keeps its own."""
    for route in routes:
        if isinstance(route, APIRoute) and route.endpoint.__module__.startswith(DOORS) and route.operation_id:
            yield route
        elif not isinstance(route, APIRoute):
            yield from _routes(getattr(getattr(route, "original_router", None), "routes", ()))


def _called(function: Callable[..., Any]) -> Iterator[str]:
    """Full names of the use cases that stand in the body of a door, and of the functions beside it that it calls."""
    known = inspect.unwrap(function).__globals__
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for node in ast.walk(tree):
        found: Any = None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = known.get(node.value.id)
            found = getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None
        elif isinstance(node, ast.Name) and node.id != function.__name__:
            found = known.get(node.id)
        if not inspect.isfunction(found):
            continue
        if found.__module__.startswith(USE_CASES):
            yield f"{found.__module__}.{found.__qualname__}"
        elif found.__module__ == function.__module__:
            yield from _called(found)


def _plain(value: Any) -> str | int | None:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "true" if value else None
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if isinstance(value, str | int) else None
