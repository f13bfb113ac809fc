"""Which operations of the API do what a page does: read off the API's own routes when the app runs, so that no table
can be wrong. A page and an operation belong together when both call the same use case."""

import ast
import inspect
import json
import shlex
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import ModuleType
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.domain.deadlines import BEIJING
from app.domain.vocabulary import Text
from app.transport.identity import signed_in

USE_CASES, DOORS = "app.usecases.", "app.api."


@dataclass(frozen=True, slots=True)
class Asked:
    """One parameter of an operation: its name in the address, the names it may have in the code, and its default."""

    name: str
    also: tuple[str, ...]
    default: Any

    def value(self, arguments: Mapping[str, Any]) -> Any:
        """What a use case was given for it: an argument, a member of an argument that says what is wanted, or what the
        page was asked for under that name."""
        for name in (self.name, *self.also):
            if name in arguments:
                return _plain(arguments[name])
            for given in arguments.values():
                if is_dataclass(given) and hasattr(given, name):
                    return _plain(getattr(given, name))
        return None

    def is_said(self, value: Any) -> bool:
        """Whether the call must say it: it is there, and is not what is meant without it."""
        return value not in (None, "", []) and value != _plain(self.default)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API, and the use cases it calls by their full names."""

    id: str
    method: str
    path: str
    title: Text
    needs_token: bool
    path_names: tuple[Asked, ...]
    queries: tuple[Asked, ...]
    takes: str | None
    use_cases: frozenset[str]

    def curl(self, base: str, arguments: Mapping[str, Any]) -> str | None:
        """The call with these arguments as a command for a shell, ``$TOKEN`` the token of a sign-in; None when the
        path asks for something that is not among them, or the operation takes a file."""
        parts_of_path = {one.name: one.value(arguments) for one in self.path_names}
        body = next((value for value in arguments.values() if isinstance(value, BaseModel)), None)
        if None in parts_of_path.values() or self.takes == "file":
            return None
        address = self.path.format(**{name: quote(str(value), safe="") for name, value in parts_of_path.items()})
        sent = {one.name: value for one in self.queries if one.is_said(value := one.value(arguments))}
        parts = ["curl -s", f"-X {self.method}"] if self.method != "GET" else ["curl -s"]
        if self.needs_token:
            parts.append('-H "Authorization: Bearer $TOKEN"')
        if self.takes == "json" and body is not None:
            written = body.model_dump(mode="json", exclude_unset=True)
            parts.append("-H 'Content-Type: application/json'")
            parts.append(f"-d {shlex.quote(json.dumps(written, ensure_ascii=False))}")
        return " ".join([*parts, shlex.quote(f"{base}{address}" + (f"?{urlencode(sent, doseq=True)}" if sent else ""))])


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
        path=route.path,
        title=Text(zh, en or zh),
        needs_token=any(one.call is signed_in for one in _all(route.dependant)),
        path_names=tuple(_asked(field) for one in _all(route.dependant) for field in one.path_params),
        queries=tuple(_asked(field) for one in _all(route.dependant) for field in one.query_params),
        takes="file" if is_file else "json" if route.body_field is not None else None,
        use_cases=frozenset(_called(route.endpoint)),
    )


def _asked(field: Any) -> Asked:
    """The code may call it ``is_overdue`` or ``kinds`` where the address says ``overdue`` or ``kind``."""
    name = field.alias
    default = None if field.field_info.is_required() else field.get_default()
    return Asked(name, (field.name, f"is_{name}", f"{name}s", f"{name}es"), default)


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for below in dependant.dependencies:
        yield from _all(below)


def _routes(routes: Any) -> Iterator[APIRoute]:
    """The routes of the API."""
    for route in routes:
        if isinstance(route, APIRoute) and route.endpoint.__module__.startswith(DOORS) and route.operation_id:
            yield route


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


def _plain(value: Any) -> str | float | list[Any] | None:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(BEIJING).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | frozenset):
        return [_plain(entry) for entry in value]
    return value if isinstance(value, str | int | float) else None
