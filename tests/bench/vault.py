"""What sealing costs: submitting catering_full and reading it back, with and without a vault, side by side in one run.

Run ``python tests/bench/vault.py [--rounds 200]`` from the root of the repository. ``compute`` is what the use case and
the sealing cost on the processor before anything is written; ``commit`` is the whole command with its write to SQLite.
The ratio is with divided by without a vault.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.domain.applications import Actor
from app.domain.vocabulary import Role
from app.schemas.applications import NewApplication, Submission
from app.storage.database import migrate
from app.storage.sealing import sealed
from app.storage.store import Store
from app.usecases import applications
from app.usecases.platform import Platform, keep_versions, open_world, vault_of
from tests.doors import FakeClock, SeededDice
from tests.running import settings_for

OWNER = Actor("wang_owner", Role.APPLICANT)


def platform(folder: Path, *, has_vault: bool) -> Platform:
    """An app on an SQLite file of its own."""
    folder.mkdir()
    settings = settings_for(f"sqlite:///{folder / 'app.db'}", folder / "files")
    migrate(settings.database_url)
    world = open_world(settings)
    store = Store(settings.database_url, "NORMAL", vault_of(settings, world.keys) if has_vault else None)
    found = Platform(settings, world, store, FakeClock(), SeededDice())
    keep_versions(found)
    return found


def timed(run: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def draft(on: Platform) -> str:
    """A fresh draft; its id."""
    made = on.store.perform(
        partial(applications.create, on.context(OWNER), new=NewApplication(story="catering_full"), key=None)
    )
    return made.id


def one_round(on: Platform) -> dict[str, float]:
    """Milliseconds of each step for one application."""
    own = draft(on)
    submit = partial(applications.submit, on.context(OWNER), application_id=own, key=None, said=Submission(pledge=True))
    spent = {"submit: compute": timed(lambda: on.store.read(partial(on.store._sealed, submit)))}
    spent["submit: commit"] = timed(lambda: on.store.perform(submit))
    if on.store.vault is not None:
        on.store.vault.forget(own)
    spent["open the application, key not at hand"] = timed(lambda: on.store.read(lambda r: r.application(own)))
    spent["open the application"] = timed(lambda: on.store.read(lambda r: r.application(own)))
    spent["open its events"] = timed(lambda: on.store.read(lambda r: r.events(own)))
    return spent


def sealing_alone(on: Platform) -> tuple[int, int, float]:
    """Rows and sealed values of one submission, and the milliseconds of sealing them."""
    own = draft(on)
    submit = partial(applications.submit, on.context(OWNER), application_id=own, key=None, said=Submission(pledge=True))
    vault = on.store.vault
    assert vault is not None
    with on.store._engine.connect() as connection:
        from app.storage.queries import Reader

        changes = submit(Reader(connection, vault)).changes
        assert changes is not None
        spent = [timed(lambda: sealed(vault, connection, changes)) for _ in range(100)]
        done = sealed(vault, connection, changes)
    rows = sum(map(len, done.inserts.values())) + len(done.updates)
    values = str(replace(done)).count("sealed:1:")
    return rows, values, statistics.median(spent)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=200)
    rounds, say = parser.parse_args().rounds, lambda line: sys.stdout.write(f"{line}\n")
    with tempfile.TemporaryDirectory() as folder:
        plain, vaulted = (platform(Path(folder) / str(has), has_vault=has) for has in (False, True))
        for on in (plain, vaulted):
            one_round(on)
        found = [(one_round(plain), one_round(vaulted)) for _ in range(rounds)]
        say(f"{'median of ' + str(rounds):40} {'plain ms':>9} {'sealed ms':>9} {'ratio':>6}")
        for step in found[0][0]:
            without, with_vault = (statistics.median(pair[place][step] for pair in found) for place in (0, 1))
            say(f"{step:40} {without:9.2f} {with_vault:9.2f} {with_vault / without:6.2f}")
        rows, values, spent = sealing_alone(vaulted)
        say(f"sealing alone: {rows} rows, {values} values, {spent:.2f} ms")
        for on in (plain, vaulted):
            size = Path(on.settings.database_url.removeprefix("sqlite:///")).stat().st_size
            say(f"file: {size / 1e6:.1f} MB {'sealed' if on is vaulted else 'plain'}")
            on.close()


if __name__ == "__main__":
    main()
