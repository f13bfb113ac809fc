"""Live updates: who follows an application hears that it has changed, wherever that was written, and nothing else."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager

import pytest
from sqlalchemy import event

from app.domain.errors import TooMany
from app.transport.watching import PER_SIGN_IN, Line, Watch, told
from app.usecases.accounts import token_hash
from app.usecases.platform import Platform
from tests.doors import API, Doors, Filed

OWNER = "wang_owner"
PATIENCE = 5.0
"""Seconds after which a test gives up waiting."""


@pytest.fixture
def filed(shared_doors: Doors) -> Filed:
    """An application somebody follows."""
    return shared_doors.file("catering_simple")


def fast(platform: Platform) -> Watch:
    """A watcher that looks fifty times a second, so that the tests need not wait."""
    return Watch(platform, every=0.02)


def token_of(doors: Doors, who: str = OWNER) -> str:
    """The token of somebody's sign-in."""
    return doors.sign_in(who)["Authorization"].removeprefix("Bearer ")


@asynccontextmanager
async def following(
    platform: Platform, filed: Filed, token: str, watch: Watch | None = None
) -> AsyncIterator[AsyncIterator[tuple[str | None, int]]]:
    """The events of one stream, as (name, version)."""
    watch = watch or fast(platform)
    with watch.line(filed.id, token_hash(token), filed.show()["version"]) as line:
        yield _events(platform, line, token)
    watch.close()


async def _events(platform: Platform, line: Line, token: str) -> AsyncIterator[tuple[str | None, int]]:
    async for found in told(platform, line, token, PATIENCE):
        yield found.event, found.data.version


def test_the_stream_says_the_version_first_and_no_word_of_the_content(shared_doors: Doors, filed: Filed) -> None:
    answer = shared_doors.send("GET", f"/applications/{filed.id}/stream", OWNER, params={"seconds": 0})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "no-store" in answer.headers["cache-control"] or "no-cache" in answer.headers["cache-control"]
    lines = answer.text.split("\n\n")[0].splitlines()
    assert lines[0] == "event: at"
    assert json.loads(lines[1].removeprefix("data: ")) == {"version": filed.show()["version"]}
    assert "王" not in answer.text
    assert filed.reference not in answer.text


def test_what_a_desk_does_is_told_to_everybody_who_follows(shared_doors: Doors, filed: Filed) -> None:
    async def story() -> list[list[tuple[str | None, int]]]:
        platform, watch = shared_doors.platform, fast(shared_doors.platform)
        token = token_of(shared_doors)
        async with (
            following(platform, filed, token, watch) as one,
            following(platform, filed, token_of(shared_doors, "clerk.330881"), watch) as other,
        ):
            heard = [[await anext(one)], [await anext(other)]]
            await asyncio.to_thread(filed.act, "L1", "receive")
            for mine, stream in zip(heard, (one, other), strict=True):
                mine.append(await asyncio.wait_for(anext(stream), PATIENCE))
            return heard

    before = filed.show()["version"]
    for heard in asyncio.run(story()):
        assert heard == [("at", before), ("at", before + 1)]


def test_another_process_writes_and_the_follower_hears_of_it(shared_doors: Doors, filed: Filed) -> None:
    """The watcher reads the database: nothing passes between the one who writes and the one who follows."""

    async def story() -> tuple[str | None, int]:
        async with following(shared_doors.platform, filed, token_of(shared_doors)) as stream:
            await anext(stream)
            await asyncio.to_thread(filed.act, "L1", "receive")
            return await asyncio.wait_for(anext(stream), PATIENCE)

    before = filed.show()["version"]
    assert asyncio.run(story()) == ("at", before + 1)


def test_signing_out_ends_the_stream_for_good(shared_doors: Doors, filed: Filed) -> None:
    token = shared_doors.post("/sessions", body={"account": OWNER}, status=201)["token"]

    async def story() -> list[str | None]:
        async with following(shared_doors.platform, filed, token) as stream:
            heard = [(await anext(stream))[0]]
            headers = {"Authorization": f"Bearer {token}"}
            gone = await asyncio.to_thread(shared_doors.client.delete, f"{API}/sessions/me", headers=headers)
            assert gone.status_code == 204
            return [*heard, *[name async for name, _ in stream]]

    assert asyncio.run(story()) == ["at", "over"]


def test_a_mandate_that_ends_ends_what_it_let_one_follow(shared_doors: Doors, filed: Filed) -> None:
    body = {"to": "zhou_father", "bundles": ["catering"], "until": "2026-04-30"}
    mandate = shared_doors.post("/me/mandates", OWNER, body, 201)
    signed_in = {"account": "zhou_father", "acting_for": OWNER}
    token = shared_doors.post("/sessions", body=signed_in, status=201)["token"]

    async def story() -> list[str | None]:
        async with following(shared_doors.platform, filed, token) as stream:
            heard = [(await anext(stream))[0]]
            await asyncio.to_thread(shared_doors.post, f"/me/mandates/{mandate['id']}/revocation", OWNER)
            await asyncio.to_thread(filed.act, "L1", "receive")
            return [*heard, *[name async for name, _ in stream]]

    assert asyncio.run(story()) == ["at", "over"]


def test_one_sign_in_holds_only_so_many_streams(shared_doors: Doors, filed: Filed) -> None:
    async def story() -> int:
        watch = fast(shared_doors.platform)
        with _lines(watch, filed):
            with pytest.raises(TooMany), watch.line(filed.id, "mine", 1):
                pass
            with watch.line(filed.id, "somebody else's", 1):
                most = watch.count
        watch.close()
        assert watch.count == 0
        return most

    assert asyncio.run(story()) == PER_SIGN_IN + 1


@contextmanager
def _lines(watch: Watch, filed: Filed) -> Iterator[None]:
    """As many streams of one sign-in as there may be."""
    with ExitStack() as stack:
        for _ in range(PER_SIGN_IN):
            stack.enter_context(watch.line(filed.id, "mine", 1))
        yield


def test_a_server_that_stops_ends_open_streams_and_those_that_come_later(shared_doors: Doors, filed: Filed) -> None:
    async def story() -> list[list[str | None]]:
        watch = fast(shared_doors.platform)
        token = token_of(shared_doors)
        async with following(shared_doors.platform, filed, token, watch) as early:
            heard = [(await anext(early))[0]]
            watch.close()
            heard += [name async for name, _ in early]
            async with following(shared_doors.platform, filed, token, watch) as late:
                return [heard, [name async for name, _ in late]]

    assert asyncio.run(story()) == [["at"], ["at"]]


def test_however_many_follow_two_questions_are_asked(shared_doors: Doors, filed: Filed) -> None:
    async def story() -> int:
        watch = Watch(shared_doors.platform, every=60)
        with _lines(watch, filed), _statements(shared_doors) as asked:
            await watch.look()
        watch.close()
        return len([statement for statement in asked if "FROM application" in statement or "FROM token" in statement])

    assert asyncio.run(story()) == 2


@contextmanager
def _statements(doors: Doors) -> Iterator[list[str]]:
    """Every statement of the read engine."""
    asked: list[str] = []

    def heard(_c: object, _k: object, statement: str, *_: object) -> None:
        asked.append(statement)

    engine = doors.platform.store._engine
    event.listen(engine, "before_cursor_execute", heard)
    yield asked
    event.remove(engine, "before_cursor_execute", heard)


@pytest.fixture(autouse=True)
def _no_more_open(shared_doors: Doors) -> Iterator[None]:
    """No test leaves a stream open."""
    yield
    watch: Watch = shared_doors.client.app.state.watch  # type: ignore[attr-defined]
    assert watch.count == 0
