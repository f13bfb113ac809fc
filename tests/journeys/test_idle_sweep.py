"""The first sweep of a day looks at every light that may have turned, the others only where something has happened."""

from functools import partial

import pytest

from app.storage import watching
from app.usecases import sweep
from app.usecases.supervision import _horizon, _since
from tests.doors import Doors, Filed
from tests.journeys.supervision_steps import matters
from tests.journeys.test_supervision import COUNTY, TUESDAY, WEDNESDAY


def opened(doors: Doors) -> int:
    """How many matters a sweep opens."""
    return sweep.run(doors.platform.context(), doors.platform.store).opened


def looked_at(doors: Doors) -> list[str] | None:
    """The cases that the next sweep would look at; None for all."""
    moment = doors.platform.context().moment
    _, cases = doors.platform.store.read(partial(_since, horizon=_horizon(moment.calendar, moment.today)))
    return None if cases is None else list(cases)


def reviewed(doors: Doors) -> Filed:
    """A case whose first item is promised by Tuesday."""
    filed = doors.file("catering_full")
    filed.review("L0")
    return filed


def test_after_the_first_sweep_of_a_day_only_cases_with_news_are_looked_at(doors: Doors) -> None:
    calm, lively = reviewed(doors), reviewed(doors)
    doors.clock.go_to(TUESDAY)
    assert looked_at(doors) is None
    assert opened(doors) == 2
    assert set(looked_at(doors) or ()) == {calm.id, lively.id}, "their events had no place in the tree yet"
    assert opened(doors) == 0
    assert looked_at(doors) == []
    lively.act("L0", "suspend", reason="等待申请人提供的检验结论")
    assert looked_at(doors) == [lively.id]
    doors.clock.go_to(WEDNESDAY)
    assert looked_at(doors) is None


def test_what_happens_after_the_first_sweep_of_a_day_is_seen_by_the_next(doors: Doors) -> None:
    filed, other = reviewed(doors), reviewed(doors)
    doors.clock.go_to(TUESDAY)
    filed.act("L0", "suspend", reason="等待申请人提供的检验结论")
    assert opened(doors) == 1, "the clock of one stands still"
    assert opened(doors) == 0
    assert looked_at(doors) == []
    filed.act("L0", "resume")
    assert opened(doors) == 1
    doors.post(f"/applications/{other.id}/withdraw", other.who, {})
    assert opened(doors) == 0
    (chase,) = matters(doors, COUNTY)
    assert chase["reference"] == filed.reference, "that of the other ended by itself"


def test_when_very_much_has_happened_everything_is_looked_at(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewed(doors)
    doors.clock.go_to(TUESDAY)
    opened(doors)
    assert looked_at(doors) is not None
    monkeypatch.setattr(watching, "MANY", 3)
    assert looked_at(doors) is None
