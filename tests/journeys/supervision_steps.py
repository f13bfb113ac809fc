"""What the stories about supervision and ratings do over and over."""

from typing import Any

from tests.doors import Doors


def matters(doors: Doors, who: str, **wanted: Any) -> list[dict[str, Any]]:
    """The matters somebody's list shows."""
    found: list[dict[str, Any]] = doors.get("/matters", who, **wanted)["entries"]
    return found


def act(doors: Doors, matter: str, who: str, action: str, status: int = 200, **body: Any) -> dict[str, Any]:
    """One action on one matter."""
    found: dict[str, Any] = doors.post(f"/matters/{matter}/actions", who, {"action": action, **body}, status)
    return found


def allowed(doors: Doors, matter: str, who: str) -> set[str]:
    """What somebody may do with a matter now."""
    return {term["code"] for term in doors.get(f"/matters/{matter}", who)["allowed"]}
