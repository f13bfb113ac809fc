"""A whole case through PgBouncer; ``python -m tests.fire.pooler`` has several clients at once."""

from pathlib import Path

from app.catalogue.loader import Catalogue
from app.usecases import verification
from app.usecases.verification import Wish
from tests.databases import POSTGRESQL, Databases, give_up
from tests.doors import FakeClock
from tests.fire.pooler import NoPooler, pooled
from tests.running import opened, settings_for


def test_a_case_is_lived_on_connections_that_change_with_every_transaction(
    catalogue: Catalogue, databases: Databases, tmp_path: Path
) -> None:
    url = databases.migrated(POSTGRESQL)
    try:
        with (
            pooled(url, connections=2) as through,
            opened(catalogue, settings_for(through, tmp_path), FakeClock()) as doors,
        ):
            filed = doors.file("catering_full")
            filed.grant("L0", uscc="92003308MA00DEM225")
            doors.clock.pass_(days=3)
            doors.sweep()
            assert doors.get("/search", None, q="开饭店")
            assert filed.status("L0") == "granted"
            filed.assert_true_to_its_events()
            report = verification.run(doors.platform.context(), doors.platform.store, Wish(is_strict=True))
            assert report.finding is None, report.finding
    except NoPooler as missing:
        give_up(str(missing))
    finally:
        databases.drop(url)
