"""Routes that are worked out when first used are found, refuse and answer exactly as those of the framework."""

from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import FastAPIError
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from pydantic import BaseModel

from app.main import create_app
from app.transport.doors import Door, Doors, hang


class Thing(BaseModel, defer_build=True):
    """A shape that is built when it is first needed."""

    name: str


def opened() -> tuple[FastAPI, list[Door]]:
    """A small app and its doors."""
    app, router = FastAPI(), Doors(tags=["things"])

    @router.get("/things/{thing}")
    async def show(thing: int) -> Thing:
        return Thing(name=str(thing))

    @router.put("/things/{thing}")
    async def change(thing: int, wish: Thing) -> Thing:
        return Thing(name=f"{wish.name} {thing}")

    hang(app, router, "/api")
    return app, [route for route in app.routes if isinstance(route, Door)]


def test_a_door_is_worked_out_by_whoever_opens_it_first() -> None:
    app, (show, change) = opened()
    assert not show.is_worked_out
    client = TestClient(app)
    assert client.get("/api/things/7").json() == {"name": "7"}
    assert show.is_worked_out
    assert not change.is_worked_out
    assert client.put("/api/things/7", json={"name": "x"}).json() == {"name": "x 7"}
    assert client.put("/api/things/7", json={}).status_code == 422
    assert client.get("/api/things/x").status_code == 422


def test_what_no_door_answers_is_refused_as_ever() -> None:
    app, doors = opened()
    client = TestClient(app)
    assert client.delete("/api/things/7").status_code == 405
    assert client.get("/api/thing").status_code == 404
    assert client.get("/api/things/7/", follow_redirects=False).headers["location"].endswith("/api/things/7")
    assert not any(door.is_worked_out for door in doors)


def test_a_wrong_declaration_is_told_when_the_door_is_worked_out() -> None:
    router = Doors()

    @router.get("/wrong")
    async def wrong(thing: dict[complex, Any] | type[Any] | FastAPI) -> None: ...

    (door,) = router.routes
    assert isinstance(door, Door)
    with pytest.raises(FastAPIError):
        door.work_out()
    assert not hasattr(door, "__length_hint__")


def test_only_doors_are_hung() -> None:
    plain = APIRouter()
    plain.add_api_route("/plain", opened, response_model=None)
    with pytest.raises(TypeError, match="no door"):
        hang(FastAPI(), plain)


def test_every_door_of_the_app_is_found_by_the_addresses_by_which_the_framework_finds_it() -> None:
    doors = [route for route in create_app().routes if isinstance(route, Door)]
    assert len(doors) > 250
    assert not any(door.is_worked_out for door in doors)
    assert len({door.operation_id for door in doors if door.operation_id}) > 100
    paths = {door.path.replace("{", "").replace("}", "") for door in doors[::3]}
    for path in (*paths, "/", "//", "/api/v1", "/\n", "/problems/x\n"):
        scope = {"type": "http", "method": "GET", "path": path, "headers": []}
        for door in doors:
            assert door.matches(dict(scope))[0] is APIRoute.matches(door, dict(scope))[0], (door.path, path)
