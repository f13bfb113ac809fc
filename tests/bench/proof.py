"""What the proof costs: ``python -m tests.bench.proof [--cases 200] [--url postgresql+psycopg://…]``.

The same submissions with and without the chain, taken in turns in one run so that a busy machine slows both; then the
chain alone, the notary and the verification. Cases are the worked example with the most items. Ratios mean something
anywhere, times only on the machine they were taken on.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.domain.proof import HASHES, Hasher, HashMissing, Sealing, chain
from app.storage import mapping
from app.storage.database import migrate
from app.storage.mapping import CHAIN_COLUMNS, Row
from app.storage.tables import APPLICATION, EVENT
from app.usecases import applications, notary, verification
from app.usecases.platform import Platform, open_platform
from app.usecases.play import Play
from app.usecases.verification import Wish
from tests.running import settings_for

STORY = "catering_full"
ROUNDS = 50


def unbound(_: Sealing, case: Row, rows: Sequence[Row]) -> tuple[list[Row], Row]:
    """What ``chained`` would be if nothing were bound."""
    return list(rows), dict.fromkeys(CHAIN_COLUMNS)


@contextmanager
def without_chain() -> Iterator[None]:
    """Nothing is bound meanwhile."""
    kept = mapping.chained
    mapping.chained = unbound
    try:
        yield
    finally:
        mapping.chained = kept


def submitted(play: Play) -> float:
    """Seconds that one submission takes, from the facts to the commit."""
    platform, context = play.platform, play.applicant(play.platform.clock())
    made = play.create(platform.clock()).id
    begun = time.perf_counter()
    platform.store.perform(partial(applications.submit, context, application_id=made, key=None))
    return time.perf_counter() - begun


def timed(name: str, count: int, run: Callable[[], Any]) -> None:
    """How many a second, and what each costs."""
    begun = time.perf_counter()
    run()
    each = (time.perf_counter() - begun) / count
    sys.stdout.write(f"{name:<34} {1 / each:>12,.0f} / s   {each * 1e6:>9,.1f} µs each\n")


def compare(play: Play, cases: int) -> None:
    """Submissions with and without the chain, in turns."""
    plain, bound = [], []
    for number in range(cases + 5):
        pair = (without_chain, plain), (None, bound)
        for guard, times in pair if number % 2 else reversed(pair):
            if guard is None:
                times.append(submitted(play))
            else:
                with guard():
                    times.append(submitted(play))
    (without, with_) = (statistics.median(times[5:]) for times in (plain, bound))
    sys.stdout.write(f"submissions without the chain      {1 / without:>12,.1f} / s   {without * 1e3:>9,.2f} ms each\n")
    sys.stdout.write(f"submissions with the chain         {1 / with_:>12,.1f} / s   {with_ * 1e3:>9,.2f} ms each\n")
    sys.stdout.write(f"ratio of the medians               {with_ / without:>12.3f}\n")


def chains(platform: Platform) -> None:
    """Binding the events of a real submission, with each hash function."""
    found = platform.store.read(lambda r: r.rows(select(EVENT).order_by(EVENT.c.application_id, EVENT.c.seq).limit(60)))
    case = {**(platform.store.read(lambda r: r.row(select(APPLICATION))) or {}), "chain": None}
    for name in HASHES:
        try:
            sealing = Sealing(Hasher(name), lambda: bytes(16))
        except HashMissing:
            continue
        timed(f"events bound, {name}", ROUNDS * len(found), partial(bind, sealing, case, found))


def bind(sealing: Sealing, case: Row, found: Sequence[Mapping[str, Any]]) -> None:
    """Bind the same rows again and again."""
    for _ in range(ROUNDS):
        chain(sealing, case, found)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--url")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.url or f"sqlite:///{folder}/bench.db"
        migrate(url)
        platform = open_platform(settings_for(url, Path(folder) / "files"))
        play = Play.of(platform, STORY, platform.clock())
        try:
            compare(play, asked.cases)
            chains(platform)
            context, store = platform.context(), platform.store
            for _ in range(asked.cases):
                submitted(play)
            waiting = store.read(lambda reader: sum(row["link"] is not None for row in reader.rows(select(EVENT))))
            timed("rows sequenced by the notary", waiting, partial(notary.run, context, store))
        finally:
            platform.close()
    verified(asked.cases)


def verified(cases: int) -> None:
    """Verification of a record of its own, every case of it bound."""
    with tempfile.TemporaryDirectory() as folder:
        platform = open_platform(settings_for(f"sqlite:///{folder}/bench.db", Path(folder) / "files"))
        play = Play.of(platform, STORY, platform.clock())
        for _ in range(cases):
            submitted(play)
        context, store = platform.context(), platform.store
        count = notary.run(context, store)
        report = []
        timed("events verified", count, lambda: report.append(verification.run(context, store, Wish(is_strict=False))))
        if report[0].finding is not None:
            sys.exit(report[0].finding.sentence.en)
        platform.close()


if __name__ == "__main__":
    main()
