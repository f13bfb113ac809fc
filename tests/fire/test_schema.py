"""A short run of Schemathesis over the whole document; ``python -m tests.fire.schema`` runs as long as one likes."""

from pathlib import Path

import pytest

from tests.databases import POSTGRESQL, SQLITE, Databases
from tests.fire.crash import serving
from tests.fire.schema import tried
from tests.running import free_port

SECONDS = 12


@pytest.mark.parametrize(("who", "kind"), [("wang_owner", POSTGRESQL), ("officer.market.330802.1", SQLITE)])
def test_nothing_the_document_does_not_know(databases: Databases, tmp_path: Path, who: str, kind: str) -> None:
    url = databases.empty(kind)
    with serving(tmp_path, url, free_port(), seeds=True) as (_, base):
        done = tried(base, who, SECONDS, seed=5)
    databases.drop(url)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "generated" in done.stdout
