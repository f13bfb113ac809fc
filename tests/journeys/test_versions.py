"""Packs change; an application lives for ever by the version it was submitted under, a draft by the one in force."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.catalogue.loader import BUILTIN, load
from tests.doors import Doors, FakeClock
from tests.running import opened, settings_for

CHANGES = (
    ("{when: tobacco, after: [L1]}", "{when: tobacco and area_m2 > 5000, after: [L1]}"),
    ("是否设置户外招牌？", "要不要挂一块户外招牌？"),
    ("promised: {days: 7}", "promised: {days: 8}"),
)
"""The tobacco licence is for large restaurants only, a question is asked differently, the fire office needs longer."""


@contextmanager
def after_the_change(doors: Doors, folder: Path) -> Iterator[Doors]:
    """The same database, opened by an app whose packs have changed."""
    changed = load([changed_packs(folder)], include_builtin=False)
    settings = settings_for(doors.platform.settings.database_url, doors.platform.settings.files_folder)
    with opened(changed, settings, FakeClock()) as found:
        yield found


def changed_packs(folder: Path) -> Path:
    """A copy of the built-in packs with the changes."""
    copy = folder / "packs"
    shutil.copytree(BUILTIN, copy)
    path = next(copy.rglob("catering.yaml"))
    text = path.read_text(encoding="utf-8")
    for old, new in CHANGES:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return copy


def in_force(doors: Doors) -> str:
    """The digest of the restaurant bundle an app knows."""
    return doors.platform.world.library.bundles["catering"].digest


@pytest.fixture
def draft(doors: Doors) -> str:
    """The id of a draft made before the change."""
    return str(doors.draft("catering_full")["id"])


def test_what_was_submitted_before_the_change_shows_and_finishes_under_its_own_version(
    doors: Doors, tmp_path: Path
) -> None:
    before = doors.file("catering_full")
    with after_the_change(doors, tmp_path) as later:
        fresh = later.file("catering_full")
        assert set(before.departments) - set(fresh.departments) == {"T1"}
        assert in_force(later) == fresh.show()["digest"] != before.show()["digest"]

        old = later.get(f"/applications/{before.id}", before.who)
        assert {task["item"] for task in old["tasks"]} == set(before.departments)
        path = f"/tasks/{before.reference}"
        grant = {"action": "grant", "outputs": {"uscc": "92003308MA00DEM225"}}
        steps = [(1, {"action": step}) for step in ("receive", "accept", "review")]
        steps += [(1, {"action": "propose", "verdict": "granted"}), (2, {"action": "endorse"}), (3, grant)]
        for hand, wish in steps:
            later.post(f"{path}-L0/actions", before.officer("L0", hand), wish)
        later.post(f"{path}-L1/actions", before.officer("L1"), {"action": "decide_at_once"})
        for item, days in (("X1", "2026-03-25"), ("T1", "2026-03-26")):
            for step in ("receive", "accept"):
                seen = later.post(f"{path}-{item}/actions", before.officer(item), {"action": step})
            assert seen["promised_due_on"] == days
        assert later.replayed(before.id) == later.stored(before.id)


def test_new_plans_follow_the_changed_pack(doors: Doors, tmp_path: Path) -> None:
    story = doors.platform.world.catalogue.stories["catering_full"]
    wish = {"region": story.region, "answers": dict(story.answers)}
    with after_the_change(doors, tmp_path) as later:
        old, new = (app.post("/bundles/catering/plan", body=wish) for app in (doors, later))
        days = [{i["code"]: i["promised"]["days"] for i in plan["items"]} for plan in (old, new)]
        assert (days[0]["X1"], days[1]["X1"]) == (7, 8)
        assert "T1" in [left["code"] for left in new["excluded"]]
        asked = {q["code"]: q["ask"]["zh"] for q in later.get("/bundles/catering")["questions"]}
        assert asked["sign"] == "要不要挂一块户外招牌？"


def test_a_draft_follows_the_version_in_force_and_is_submitted_under_it(
    doors: Doors, draft: str, tmp_path: Path
) -> None:
    with after_the_change(doors, tmp_path) as later:
        shown = later.post(f"/applications/{draft}/submit", "wang_owner")["application"]
        assert "T1" not in {task["item"] for task in shown["tasks"]}
        assert shown["digest"] == in_force(later)
        assert later.get(f"/applications/{draft}", "wang_owner")["tasks"] == shown["tasks"]
        assert later.replayed(draft) == later.stored(draft)
