"""The notary: one sequence whoever makes it, old cases chained once, one hash function for ever."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text, update

from app.catalogue.loader import Catalogue
from app.connectors.verifier import SOURCE
from app.domain.merkle import is_included
from app.domain.proof import Checkpoint, Hasher, HashMissing
from app.settings import Settings
from app.storage import keys
from app.storage.database import write_engine
from app.storage.notary import Notary, TreeBroken
from app.storage.proof_tables import CHECKPOINT, LEAF, TREE_NODE
from app.storage.proofs import newest_checkpoint
from app.storage.sharing_tables import DATA_CALL
from app.storage.tables import APPLICATION, EVENT
from app.usecases import notary, verification
from app.usecases.notary import WrongHash
from app.usecases.verification import Report, Wish
from tests.databases import Databases
from tests.doors import Doors, FakeClock
from tests.running import opened, settings_for


@pytest.fixture
def connection(doors: Doors, settings: Settings) -> Iterator[Connection]:
    """A hand in the database."""
    engine = write_engine(settings.database_url)
    with engine.connect() as found:
        yield found
    engine.dispose()


def verified(doors: Doors) -> Report:
    """A verification that must find nothing wrong."""
    report = verification.run(doors.platform.context(), doors.platform.store, Wish())
    assert report.finding is None, report.finding.sentence.en
    return report


def test_several_at_once_make_one_sequence(doors: Doors, settings: Settings) -> None:
    for story in ("catering_simple", "retire_simple", "birth_full"):
        doors.file(story)
    ring, now = doors.platform.world.keys, doors.clock.now
    notaries = [Notary(write_engine(settings.database_url)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda found: sum(found.sequence(ring, now) for _ in range(3)), notaries))
    for found in notaries:
        found.close()
    report = verified(doors)
    assert report.waiting == 0
    assert sum(counts) == report.leaves == report.events + report.records
    assert doors.get("/proof/checkpoints")["entries"][0]["size"] == report.leaves


def test_more_than_a_batch_becomes_several_checkpoints(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.storage.notary.BATCH", 7)
    monkeypatch.setattr("app.usecases.notary.BATCH", 7)
    doors.file("birth_full")
    count = notary.run(doors.platform.context(), doors.platform.store)
    report = verified(doors)
    assert count == report.leaves == report.events + report.records > 14
    assert report.checkpoints == 1 + -(-count // 7)


def test_cases_from_before_there_were_chains_are_chained_at_the_first_start(
    doors: Doors, connection: Connection
) -> None:
    filed = doors.file("catering_full")
    filed.act("L0", "receive")
    doors.draft("birth_full")
    before = doors.stored(filed.id)
    with connection.begin():
        connection.execute(update(APPLICATION).values(person=None, origin=None, chain=None))
        connection.execute(update(EVENT).values(salt=None, digest=None, link=None, position=None))
        connection.execute(update(DATA_CALL).values(position=None))
        for table in (CHECKPOINT, LEAF, TREE_NODE):
            connection.execute(table.delete())
    notary.found(doors.platform.context(), doors.platform.store)
    assert replace(doors.stored(filed.id), version=before.version) == before
    filed.act("L0", "accept")
    doors.sweep()
    assert verified(doors).cases == 2
    notary.found(doors.platform.context(), doors.platform.store)
    assert verified(doors).waiting == 0


def test_the_hash_function_is_fixed_at_the_first_start(doors: Doors) -> None:
    context = doors.platform.context()
    policy = replace(context.world.policy, proof_hash="sm3")
    other = replace(context, world=replace(context.world, policy=policy))
    try:
        Hasher("sm3")
    except HashMissing:
        with pytest.raises(HashMissing):
            notary.found(other, doors.platform.store)
        return
    with pytest.raises(WrongHash, match="APP_PROOF_HASH=sha256"):
        notary.found(other, doors.platform.store)


@pytest.mark.parametrize("table", ["tree_node", "leaf", "checkpoint"])
def test_nothing_is_signed_on_top_of_a_tree_that_was_altered(doors: Doors, connection: Connection, table: str) -> None:
    doors.file("catering_simple")
    doors.sweep()
    size = doors.get("/proof/checkpoints")["entries"][0]["size"]
    with connection.begin():
        if table == "tree_node":
            connection.execute(update(TREE_NODE).values(hash="0" * 64))
        elif table == "leaf":
            connection.execute(update(LEAF).values(link="0" * 64))
            connection.execute(TREE_NODE.delete())
        else:
            connection.execute(update(CHECKPOINT).where(CHECKPOINT.c.size == size).values(root="0" * 64))
    doors.draft("catering_simple")
    with pytest.raises(TreeBroken, match="verify"):
        notary.run(doors.platform.context(), doors.platform.store)
    assert connection.execute(select(CHECKPOINT.c.size).order_by(CHECKPOINT.c.size.desc())).scalar() == size


def test_leaves_without_any_checkpoint_are_nothing_to_begin_with(doors: Doors, connection: Connection) -> None:
    doors.file("catering_simple")
    doors.sweep()
    with connection.begin():
        connection.execute(CHECKPOINT.delete())
    notary.found(doors.platform.context(), doors.platform.store)
    assert connection.execute(text("SELECT count(*) FROM checkpoint")).scalar() == 0
    report = verification.run(doors.platform.context(), doors.platform.store, Wish())
    assert report.finding is not None
    assert report.finding.table == "checkpoint"


def test_a_signing_key_added_later_signs_on_and_the_old_signatures_still_hold(doors: Doors) -> None:
    doors.file("catering_simple")
    doors.sweep()
    doors.draft("catering_simple")
    context = doors.platform.context()
    ring = context.world.keys.with_new_signing_key()
    later = replace(context, world=replace(context.world, keys=ring))
    notary.run(later, doors.platform.store)
    report = verification.run(later, doors.platform.store, Wish())
    assert report.finding is None
    assert doors.get("/proof/checkpoints")["entries"][0]["key"] == ring.current_signing != "s1"
    strangers = replace(context, world=replace(context.world, keys=keys.fresh_ring()))
    finding = verification.run(strangers, doors.platform.store, Wish()).finding
    assert finding is not None


def test_a_whole_story_is_proved_with_sm3(
    catalogue: Catalogue, databases: Databases, database_kind: str, tmp_path: Path
) -> None:
    try:
        hasher = Hasher("sm3")
    except HashMissing:
        pytest.skip("this OpenSSL has no SM3")
    url = databases.migrated(database_kind)
    with opened(catalogue, settings_for(url, tmp_path / "files", proof_hash="sm3"), FakeClock()) as doors:
        filed = doors.file("catering_simple")
        receipt = doors.get(f"/applications/{filed.id}/proof", filed.who)
        assert receipt["hash"] == "sm3"
        link, root = bytes.fromhex(receipt["link"]), bytes.fromhex(receipt["checkpoint"]["root"])
        path = [bytes.fromhex(part) for part in receipt["path"]]
        assert is_included(hasher, link, receipt["position"], receipt["checkpoint"]["size"], path, root)
        assert verified(doors).newest == newest(doors)
        (tmp_path / "verify.py").write_text(SOURCE.read_text("utf-8"), "utf-8")
        (tmp_path / "receipt.json").write_text(json.dumps(receipt), "utf-8")
        command = [sys.executable, "-I", "-S", "verify.py", "receipt.json"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
    databases.drop(url)


def newest(doors: Doors) -> Checkpoint:
    """The newest checkpoint as it is stored."""
    found = doors.platform.store.read(lambda reader: newest_checkpoint(reader.connection))
    assert found is not None
    return found.checkpoint
