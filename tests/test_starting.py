"""A start takes only what the first page needs, and what was worked out before is not worked out again."""

import dataclasses
import gc
import io
import json
import os
import subprocess
import sys
import time
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, Environment

from app import compiled, written_methods
from app.catalogue import loader
from app.catalogue.faults import PackError
from app.catalogue.loader import load, opened
from app.main import settle
from app.storage import search_readings
from app.storage.search_pinyin import stretches
from app.usecases.platform import open_platform
from app.usecases.world import search_documents
from app.web.compiled_templates import CompiledTemplates
from tests.factories import catalogue
from tests.running import KEYS, SECRET, settings_for

HEAVY = (
    *("alembic", "mako", "pygments", "pypinyin", "tantivy", "typst", "segno", "simpy", "psycopg"),
    *("chinese_calendar", "rjieba", "holidays", "sqlalchemy.dialects.postgresql"),
)
START = """
import asyncio, json, sys
from app.commands.worker import begin
begin()
from fastapi.testclient import TestClient
from app.main import create_app
from app.settings import Settings
from app.usecases.platform import open_platform
sys.pycache_prefix, sys.dont_write_bytecode = sys.argv[1], False
settings = Settings()
platform = open_platform(settings)
app = create_app(settings, platform)
with TestClient(app) as client:
    answer = client.get("/")
    found = {"status": answer.status_code, "modules": sorted(sys.modules.keys() - {"pydantic.v1"}), "worked_out": [
        route.path for route in app.routes if getattr(route, "is_worked_out", False)]}
    assert client.get("/api/v1/regions").status_code == 200
    print(json.dumps({**found, "old_shapes": sys.modules["pydantic.v1"]}))
platform.close()
"""


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for what is kept, where writing is allowed."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


def test_the_next_start_takes_only_what_the_first_page_needs(own_cache: Path) -> None:
    url, root = f"sqlite:///{own_cache / 'a.db'}", str(Path(__file__).parents[1])
    open_platform(settings_for(url, own_cache)).close()
    plain = {name: value for name, value in os.environ.items() if not name.startswith("APP_")}
    quiet = {"APP_DATABASE_URL": url, "APP_SWEEP_SECONDS": "0", "APP_NOTARY_SECONDS": "0", "PYTHONPATH": root}
    keys = {"APP_KEYS": KEYS, "APP_SECRET": SECRET}
    command = [sys.executable, "-c", START, str(own_cache / "kept")]
    done = subprocess.run(command, cwd=own_cache, env=plain | quiet | keys, capture_output=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["status"] == 200
    assert [name for name in HEAVY if name in found["modules"]] == []
    assert found["worked_out"] == ["/"]
    assert found["old_shapes"] is None


def test_a_kept_catalogue_is_the_one_that_was_built(own_cache: Path) -> None:
    built, kept, again = load(), opened(), opened()
    assert len(list(own_cache.rglob("catalogue-*.pyc"))) == 1
    for own in fields(built):
        if own.name != "calendar":  # compared by identity
            assert getattr(built, own.name) == getattr(kept, own.name) == getattr(again, own.name), own.name
    for name in ("holidays", "make_up_days", "known_years", "_count"):
        assert getattr(built.calendar, name) == getattr(again.calendar, name), name


PACK = "regions:\n  '330000': {zh: 浙江省, en: Zhejiang}\n"


def test_a_catalogue_is_built_anew_when_a_pack_has_changed_or_what_was_kept_is_damaged(own_cache: Path) -> None:
    (pack := own_cache / "pack.yaml").write_text(PACK, "utf-8")

    def name() -> str:
        return opened([pack], include_builtin=False).regions["330000"].name.en

    assert name() == "Zhejiang"
    pack.write_text(PACK.replace("Zhejiang", "Elsewhere"), "utf-8")
    assert name() == "Elsewhere"
    kept = list(own_cache.rglob("catalogue-*.pyc"))
    assert len(kept) == 2
    for file in kept:
        file.write_bytes(file.read_bytes()[:-10])
    assert name() == "Elsewhere"
    pack.write_text("regions: [", "utf-8")
    with pytest.raises(PackError):
        name()


def test_a_catalogue_of_other_code_is_not_taken(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pack := own_cache / "pack.yaml").write_text(PACK, "utf-8")
    opened([pack], include_builtin=False)
    monkeypatch.setattr(loader, "_code", lambda: "of another version")
    opened([pack], include_builtin=False)
    assert len(list(own_cache.rglob("catalogue-*.pyc"))) == 2


def test_something_else_under_the_name_of_a_catalogue_is_not_taken(own_cache: Path) -> None:
    (pack := own_cache / "pack.yaml").write_text(PACK, "utf-8")
    for content in (b"no pickle", b"\x80\x04N."):
        compiled.keep(loader._name([pack]), content)
        assert opened([pack], include_builtin=False).regions["330000"].name.zh == "浙江省"


def test_only_so_many_are_kept_and_none_where_python_writes_none(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        assert compiled.keep(f"thing-{number}", b"%d" % number, most=2)
        time.sleep(0.01)
    assert [compiled.kept(f"thing-{number}") for number in range(4)] == [None, None, b"2", b"3"]
    assert sorted(file.name for file in own_cache.rglob("*") if "thing" in file.name and file.suffix != ".pyc") == []
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert not compiled.keep("thing-5", b"5")
    assert compiled.kept("thing-3") == b"3", "what is there may be read"


def test_a_place_that_belongs_to_somebody_else_is_left_alone(own_cache: Path) -> None:
    (own_cache / "kept").write_text("a file where a folder should be")
    assert not compiled.keep("thing-1", b"1")
    assert compiled.kept("thing-1") is None


def test_a_template_is_compiled_once_and_again_when_it_has_changed(own_cache: Path) -> None:
    def shown(source: str, **ways: bool) -> str:
        loaded = Environment(
            loader=DictLoader({"page": source}), autoescape=True, bytecode_cache=CompiledTemplates(), **ways
        )
        return loaded.get_template("page").render(name="x")

    def kept() -> int:
        return len(list(own_cache.rglob("template_*.pyc")))

    assert [shown("{% if name %}\n {{ name }}\n{% endif %}") for _ in range(2)] == ["\n x\n"] * 2
    assert kept() == 1
    assert shown("Hello {{ name }}") == "Hello x"
    assert kept() == 1
    assert shown("{% if name %}\n {{ name }}\n{% endif %}", trim_blocks=True) == " x\n"
    assert kept() == 2


def test_readings_that_another_process_learned_are_those_of_the_dictionaries(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = search_documents(catalogue().library)
    named = (text for one in documents for text in (one.title.zh, *one.keywords))
    wanted = sorted({stretch for text in named for stretch in stretches(text)})
    assert len(wanted) > search_readings.WORTH
    monkeypatch.delitem(sys.modules, "pypinyin", raising=False)
    monkeypatch.setattr(search_readings, "_known", {})
    search_readings.learn(wanted)
    assert "pypinyin" not in sys.modules
    learned = dict(search_readings._known)
    monkeypatch.setattr(search_readings, "_known", {})
    monkeypatch.setattr(search_readings, "_asked", lambda _: pytest.fail("it was kept"))
    search_readings.learn(wanted)
    assert search_readings._known == learned
    assert learned == {stretch: search_readings._read(stretch) for stretch in {*wanted, *search_readings.COMMON}}


def test_readings_are_learned_here_when_no_other_process_can_be_started(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(own_cache / "nothing"))
    assert search_readings._asked(["开饭店"]) is None
    assert search_readings.syllables("开饭店") == ("kai", "fan", "dian")


def test_another_process_reads_what_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    said = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO('["办证","㐀"]'.encode())))
    monkeypatch.setattr(sys, "stdout", said)
    search_readings.main()
    said.flush()
    found = json.loads(said.buffer.getvalue())  # type: ignore[attr-defined]
    assert found[0] == ["ban", "zheng"]
    assert len(found[1]) == 1


def test_the_collector_is_at_work_once_everything_is_in_place() -> None:
    before = gc.get_threshold()
    gc.disable()
    try:
        settle()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.enable()
        gc.unfreeze()
        gc.set_threshold(*before)


def made_pair() -> Any:
    parts = [("first", int), ("second", str, dataclasses.field(default="x"))]
    return dataclasses.make_dataclass("Pair", parts, frozen=True, slots=True)


def test_what_a_dataclass_is_given_is_compiled_once_and_kept(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written_methods.end()  # what the command line may have begun
    plain = made_pair()
    for _ in range(2):
        written_methods.begin()
        found = made_pair()
        written_methods.end()
        assert repr(found(1)) == repr(plain(1)) == "Pair(first=1, second='x')"
        assert (found(1), hash(found(1, "y"))) == (found(1, "x"), hash(plain(1, "y")))
        with pytest.raises(FrozenInstanceError):
            found(1).first = 2
        monkeypatch.setattr(written_methods, "compile", None, raising=False)  # the second time nothing is compiled
    assert "exec" not in vars(dataclasses)
    (file,) = own_cache.rglob("methods-*.pyc")
    before = file.read_bytes()
    file.write_bytes(before[:-1])
    monkeypatch.setattr(written_methods, "compile", compile, raising=False)
    written_methods.begin()
    made_pair()
    written_methods.end()
    assert file.read_bytes() == before, "what was damaged is made again"


def test_methods_are_kept_nowhere_where_python_keeps_nothing(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written_methods.end()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    written_methods.begin()
    assert made_pair()(1).second == "x"
    written_methods.end()
    written_methods.end()
    assert list(own_cache.rglob("methods-*")) == []
