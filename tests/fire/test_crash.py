"""A few lives of a server that is killed under load; ``python -m tests.fire.crash`` runs hundreds."""

from pathlib import Path

from tests.databases import Databases
from tests.fire.crash import rounds

KILLS = 3


def test_whatever_was_answered_survives_kill_9(databases: Databases, database_kind: str, tmp_path: Path) -> None:
    url = databases.empty(database_kind)
    ledger = rounds(tmp_path, url, KILLS, seed=7)
    databases.drop(url)
    assert ledger.kills == KILLS
    assert len(ledger.submitted) > KILLS
    assert ledger.resent > 0, "the server died while it was asked"
