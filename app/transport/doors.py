"""Routes that are declared at once and worked out when they are first used.

To work a route out means to read the signature of its function and all that it depends on, and to build the validators
of what comes in and goes out. For three hundred routes that took half a second of every start, and the framework did
it twice: once where a route is declared and again where its router is included. Here a declaration is kept as it is,
included routers are laid flat (one list to look through, nothing copied), and whoever opens a door first pays for it.
"""

import threading
import warnings
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic.warnings import UnsupportedFieldAttributeWarning
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, compile_path, get_name
from starlette.types import Scope

from app.transport.bodies import PlainRequest

_LOCK: Final = threading.RLock()
"""Held while a route is worked out, which may happen on any thread. Nothing is awaited under it."""


class Door(APIRoute):
    """A route of FastAPI. What it takes to find it is there at once, everything else when it is asked for."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **declared: Any) -> None:
        """Keep what was declared. A wrong declaration is noticed when the route is worked out (:meth:`work_out`)."""
        self.path, self.endpoint, self.declared = path, endpoint, declared
        self.name = declared.get("name") or get_name(endpoint)
        self.methods = {method.upper() for method in declared.get("methods") or ["GET"]}
        self.include_in_schema = declared.get("include_in_schema", True)
        self.operation_id = declared.get("operation_id")
        self._head = path.partition("{")[0]

    def __getattr__(self, name: str) -> Any:
        """Only asked for what is not there yet."""
        if name in ("path_regex", "path_format", "param_convertors"):
            self.path_regex, self.path_format, self.param_convertors = compile_path(self.path)
        elif name.startswith("__") or name in ("declared", "_head"):
            raise AttributeError(name)
        else:
            self.work_out()
        try:
            return self.__dict__[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def is_worked_out(self) -> bool:
        """Whether somebody has needed it already."""
        return "app" in self.__dict__

    def work_out(self) -> None:
        """Do what the framework does when a route is declared; raises ``FastAPIError`` where that would."""
        with _LOCK:
            if not self.is_worked_out:
                super().__init__(self.path, self.endpoint, **self.declared)
                _complete(self)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """As ever; but what comes with a body is read by :class:`PlainRequest`."""
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle

        async def plainly(request: Request) -> Response:
            return await handle(PlainRequest(request.scope, request.receive))

        return plainly

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As ever, but the pattern of an address that begins otherwise is not even compiled."""
        if not scope.get("root_path") and not scope["path"].startswith(self._head):
            return Match.NONE, {}
        return super().matches(scope)

    def below(self, prefix: str, app: FastAPI) -> "Door":
        """The same door of ``app``, at an address below ``prefix``."""
        own = self.declared.get("max_body_size")
        limit = own if own is not None else app.router.max_body_size
        belongs = {"dependency_overrides_provider": app, "max_body_size": limit}
        return Door(prefix + self.path, self.endpoint, **{**self.declared, **belongs})


class Doors(APIRouter):
    """A router of such routes."""

    def __init__(self, **given: Any) -> None:
        super().__init__(route_class=Door, **given)


def _complete(door: Door) -> None:
    """Build the validators of a body now: the shapes are built when first needed (``defer_build``), and what pydantic
    has to say of the names that FastAPI gives to its fields is hushed only here, as FastAPI itself does."""
    fields = {id(field): field for field in (door.body_field, *door.dependant.body_params) if field is not None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnsupportedFieldAttributeWarning)
        for field in fields.values():
            field._type_adapter.rebuild()


def hang(app: FastAPI, router: APIRouter, prefix: str = "") -> None:
    """Give ``app`` every route of ``router`` directly. For routers without anything but doors."""
    app.router.routes.extend(_door(route).below(prefix, app) for route in router.routes)


def _door(route: BaseRoute) -> Door:
    if not isinstance(route, Door):
        raise TypeError(f"{route!r} is no door")
    return route
