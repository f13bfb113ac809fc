"""One promotion under load, and one server less; ``python -m tests.fire.failover`` is the trial behind HAProxy."""

from pathlib import Path

from tests.databases import give_up
from tests.fire.failover import Plan, trial
from tests.postgres import NoPostgres

SMALL = Plan(clients=3, is_durable=False, notice=0.3, before=0.5, after=0.5, least=9, has_proxy=False)


def test_what_was_answered_survives_the_death_of_the_primary(tmp_path: Path) -> None:
    try:
        report = trial(tmp_path, SMALL, seed=3)
    except NoPostgres as error:
        give_up(f"no PostgreSQL with a standby: {error}")
    its = report.ledger
    assert len(its.submitted) == len(its.created) == len(its.received) > SMALL.clients
    assert not its.lost
    assert report.failed, "the primary died while it was written to"
    assert report.away < 20
