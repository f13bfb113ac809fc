"""What the proof costs: ``python -m tests.bench.proof [--cases 200] [--url postgresql+psycopg://…]``.

The same submissions with and without the chain, and with and without imprints, taken in turns in one run so that a busy
machine slows both; then the chain alone, the notary, writing down what is about to leave the platform, and the
verification in one process and in several, in turns as well, with what it adds to the memory of the one. Cases are the
worked example with the most items. Ratios mean something anywhere, times only on the machine they were taken on.
"""

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.domain.proof import HASHES, Hasher, HashMissing, Sealing, chain
from app.storage import mapping, open_calls, store
from app.storage.changes import Row
from app.storage.database import migrate
from app.storage.mapping import CHAIN_COLUMNS
from app.storage.open_calls import OpenCall
from app.storage.store import Outcome
from app.storage.tables import APPLICATION, EVENT
from app.usecases import applications, notary, verification, verification_parts
from app.usecases.platform import Platform, open_platform
from app.usecases.play import Play
from app.usecases.verification import Report, Wish
from tests.running import KEYS, settings_for

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


@contextmanager
def without_imprints() -> Iterator[None]:
    """No row leaves an imprint meanwhile."""
    kept = store.with_imprints
    store.with_imprints = lambda _sealing, _reader, changes: changes
    try:
        yield
    finally:
        store.with_imprints = kept


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


def compare(play: Play, cases: int, name: str, lacking: Callable[[], AbstractContextManager[None]]) -> None:
    """Submissions with and without something, in turns."""
    plain, bound = list[float](), list[float]()
    for number in range(cases + 5):
        pair = (lacking, plain), (None, bound)
        for guard, times in pair if number % 2 else reversed(pair):
            if guard is None:
                times.append(submitted(play))
            else:
                with guard():
                    times.append(submitted(play))
    (without, with_) = (statistics.median(times[5:]) for times in (plain, bound))
    for label, each in ((f"submissions without {name}", without), (f"submissions with {name}", with_)):
        sys.stdout.write(f"{label:<34} {1 / each:>12,.1f} / s   {each * 1e3:>9,.2f} ms each\n")
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
    parser.add_argument("--url", help="an empty database to write to")
    parser.add_argument("--record", help="another, to verify")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.url or f"sqlite:///{folder}/bench.db"
        migrate(url)
        platform = open_platform(settings_for(url, Path(folder) / "files"))
        play = Play.of(platform, STORY, platform.clock())
        try:
            compare(play, asked.cases, "the chain", without_chain)
            compare(play, asked.cases, "imprints", without_imprints)
            chains(platform)
            timed("calls written down beforehand", ROUNDS, partial(write_down, platform))
            context, own = platform.context(), platform.store
            for _ in range(asked.cases):
                submitted(play)
            waiting = own.read(lambda reader: sum(row["link"] is not None for row in reader.rows(select(EVENT))))
            timed("events sequenced by the notary", waiting, partial(notary.run, context, own))
        finally:
            platform.close()
    verified(asked.cases, asked.processes, asked.record)


def write_down(platform: Platform) -> None:
    """What a call to somebody else's register costs beforehand, one after the other."""
    context = platform.context()
    for _ in range(ROUNDS):
        one = OpenCall(context.new_id(), {"application_id": None, "at": context.at, "day": context.moment.today})
        changes = open_calls.opened([one], context.real_at)
        platform.store.perform(lambda _, changes=changes: Outcome(None, changes))


def verified(cases: int, processes: int, url: str | None) -> None:
    """Verification of a record of its own, every case of it bound, in one process and in several, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(url or f"sqlite:///{folder}/bench.db", Path(folder) / "files")
        platform = open_platform(settings)
        play = Play.of(platform, STORY, platform.clock())
        for _ in range(cases):
            submitted(play)
        context, own = platform.context(), platform.store
        notary.run(context, own)
        source, wish = verification_parts.Source(settings.database_url, KEYS, "sha256"), Wish(is_strict=False)
        count = own.read(lambda reader: reader.count("event"))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(2):
            timed("events verified, 1 process", count, lambda: intact(verification.run(context, own, wish)))
            label = f"events verified, {processes} processes"
            timed(label, count, lambda: intact(verification_parts.run(source, wish, processes)))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
        sys.stdout.write(f"memory added by verifying          {grown / 1024:>12,.1f} MiB for {count:,} events\n")
        platform.close()


def intact(report: Report) -> None:
    """Nothing was altered."""
    if report.finding is not None:
        sys.exit(report.finding.sentence.en)


if __name__ == "__main__":
    main()
