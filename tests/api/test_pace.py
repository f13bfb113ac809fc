"""Rate limits: per address and per person, told in headers, and off where nobody else can come."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import pytest
from fastapi.testclient import TestClient

from app.catalogue.loader import Catalogue
from app.domain.allowances import Pace
from app.settings import paces_of
from app.transport.pace import Limiter, OwnBuckets, address_of, pace_of
from app.transport.shared_pace import PLACES, ROWS, SharedBuckets, prepared
from tests.api.test_problems import problem_of
from tests.databases import SQLITE, Databases
from tests.doors import API, Doors, FakeClock, expect
from tests.running import opened, settings_for

PROXY = ("10.0.0.1", 4711)


@contextmanager
def limited(catalogue: Catalogue, url: str, folder: Path, **changes: object) -> Iterator[Doors]:
    """An app whose limits are on."""
    with opened(catalogue, settings_for(url, folder, rate_limits="on", **changes), FakeClock()) as doors:
        yield doors


@pytest.fixture(scope="module")
def url(databases: Databases) -> str:
    """One database for all stories here."""
    return databases.migrated(SQLITE)


def through_a_proxy(doors: Doors) -> TestClient:
    """A client whose requests come through the proxy."""
    return TestClient(doors.client.app, client=PROXY)


def test_an_address_that_asks_too_often_waits_and_is_told_for_how_long(
    catalogue: Catalogue, url: str, tmp_path: Path
) -> None:
    with limited(catalogue, url, tmp_path, rates="read=2,sign_in=3") as doors:
        for left in (9, 8):
            answer = doors.client.get(f"{API}/lines")
            assert answer.headers["ratelimit-policy"] == '"read";q=10;w=60'
            assert answer.headers["ratelimit"].startswith(f'"read";r={left};')
        for _ in range(3):
            expect(doors.client.post(f"{API}/sessions", json={"account": "wang_owner"}), 201)
        refused = doors.client.post(f"{API}/sessions", json={"account": "wang_owner"})
        found = problem_of(refused, 429, "too-many-requests")
        assert int(refused.headers["retry-after"]) == found["retry_after"] == 20
        assert refused.headers["x-request-id"] == found["instance"]
        assert doors.client.get(f"{API}/lines").status_code == 200, "what is read is counted apart"
        page = doors.client.post("/sign-in", data={"account": "wang_owner"}, headers={"Accept": "text/html"})
        assert (page.status_code, "<h1" in page.text) == (429, True)
        assert page.headers["retry-after"]


def test_a_person_has_an_allowance_wherever_the_requests_come_from(
    catalogue: Catalogue, url: str, tmp_path: Path
) -> None:
    with limited(catalogue, url, tmp_path, rates="read=3") as doors:
        owner, other = doors.sign_in("wang_owner"), doors.sign_in("lin_mother")
        page = {"Accept": "text/html", "Cookie": f"session={owner['Authorization'].removeprefix('Bearer ')}"}
        assert doors.client.get("/my", headers=page).status_code == 200
        for _ in range(2):
            assert doors.client.get(f"{API}/sessions/me", headers=owner).status_code == 200
        problem_of(doors.client.get(f"{API}/sessions/me", headers=owner), 429, "too-many-requests")
        assert doors.client.get("/my", headers=page).status_code == 429
        assert doors.client.get(f"{API}/sessions/me", headers=other).status_code == 200


def test_only_a_trusted_proxy_says_who_asks_and_under_which_number(
    catalogue: Catalogue, url: str, tmp_path: Path
) -> None:
    with limited(catalogue, url, tmp_path, rates="read=1", trusted_proxies="10.0.0.0/24, 2001:db8::1") as doors:
        through = through_a_proxy(doors)
        for number in range(8):
            hops = {"X-Forwarded-For": f"6.6.6.6, 198.51.100.{number}, 10.0.0.7", "X-Request-Id": f"edge-{number:08d}"}
            answer = through.get(f"{API}/lines", headers=hops)
            assert (answer.status_code, answer.headers["x-request-id"]) == (200, f"edge-{number:08d}")
        for number in range(6):
            answer = doors.client.get(f"{API}/lines", headers={"X-Forwarded-For": f"198.51.100.{number}"})
        problem_of(answer, 429, "too-many-requests")


@pytest.mark.parametrize(
    "number", ["short", "a" * 65, "../../etc", "has space in it", "编号编号编号编号", "abcdefgh\t1", ""]
)
def test_a_request_number_that_is_none_is_not_taken_over(
    catalogue: Catalogue, url: str, tmp_path: Path, number: str
) -> None:
    with limited(catalogue, url, tmp_path, trusted_proxies="10.0.0.1") as doors:
        through = through_a_proxy(doors)
        answer = through.get(f"{API}/lines", headers={b"X-Request-Id": number.encode()})
        assert answer.headers["x-request-id"].isalnum()
        assert len(answer.headers["x-request-id"]) == 16


KINDS = {
    ("GET", "/api/v1/bundles"): Pace.READ,
    ("GET", "/progress"): Pace.READ,
    ("POST", "/progress"): Pace.LOOK_UP,
    ("POST", "/api/v1/progress"): Pace.LOOK_UP,
    ("GET", "/api/v1/certificates/verify"): Pace.LOOK_UP,
    ("POST", "/sign-in"): Pace.SIGN_IN,
    ("POST", "/api/v1/sessions"): Pace.SIGN_IN,
    ("DELETE", "/api/v1/sessions/me"): Pace.WRITE,
    ("PUT", "/api/v1/applications/x/materials/layout"): Pace.UPLOAD,
    ("POST", "/applications/x/materials/layout"): Pace.UPLOAD,
    ("GET", "/applications/x/materials/layout"): Pace.READ,
    ("POST", "/api/v1/applications"): Pace.WRITE,
    ("GET", "/assets/1/css/base.css"): None,
    ("GET", "/health/live"): None,
}


@pytest.mark.parametrize(("method", "path"), KINDS)
def test_requests_are_of_a_kind(method: str, path: str) -> None:
    assert pace_of(method, path) is KINDS[method, path]


def test_what_is_remembered_is_bounded() -> None:
    limiter = Limiter(paces_of("read=1"), clock=lambda: 0.0, buckets=OwnBuckets(100))
    for number in range(1000):
        limiter.take(Pace.READ, f"address:{number}", 1)
    assert len(limiter) == 100
    assert not limiter.take(Pace.READ, "address:999", 1).is_granted


@pytest.fixture
def pace_file(tmp_path: Path) -> Path:
    """Where processes count together."""
    prepared(tmp_path / "pace")
    return tmp_path / "pace"


TAKEN = """
import sys, pathlib
from app.transport.shared_pace import SharedBuckets
shared = SharedBuckets(pathlib.Path(sys.argv[1]))
sys.stdin.readline()
print(sum(shared.take("address:1", 500, 7.0).is_granted for _ in range(400)))
"""


def test_processes_that_count_together_grant_no_request_twice(pace_file: Path) -> None:
    ask = [sys.executable, "-c", TAKEN, str(pace_file)]
    others = [subprocess.Popen(ask, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    granted = [int(other.communicate("go\n")[0]) for other in others]
    assert sum(granted) == 500
    with closing(SharedBuckets(pace_file)) as shared:
        assert not shared.take("address:1", 500, 7.0).is_granted
        assert shared.take("address:2", 500, 7.0).is_granted
        assert len(shared) == 2
    assert b"address" not in pace_file.read_bytes()


def test_what_is_counted_together_is_what_one_process_counts_and_is_bounded(pace_file: Path) -> None:
    dice, own, now = Random(1), OwnBuckets(), 100.0  # noqa: S311
    with closing(SharedBuckets(pace_file)) as shared:
        for _ in range(2_000):
            whose, now = f"address:{dice.randrange(9)}", now + dice.random()
            assert shared.take(whose, 30, now) == own.take(whose, 30, now)
        for number in range(PLACES * ROWS // 8):
            shared.take(f"other:{number}", 30, now)
        assert len(shared) <= PLACES * ROWS
    assert pace_file.stat().st_size < 2_000_000


@pytest.mark.parametrize(
    ("client", "who"),
    [
        (("192.0.2.7", 1), "address:192.0.2.7"),
        (("2001:db8:1:2:aaaa::1", 1), "address:2001:db8:1:2::/64"),
        (("::ffff:192.0.2.7", 1), "address:192.0.2.7"),
        (None, "address:unknown"),
    ],
)
def test_a_network_of_ipv6_is_one_address(client: tuple[str, int] | None, who: str) -> None:
    assert address_of({"client": client}) == who


def test_limits_are_off_unless_others_can_come(catalogue: Catalogue, url: str, tmp_path: Path) -> None:
    plain = settings_for(url, tmp_path)
    for changes, is_limiting in (
        ({}, False),
        ({"host": "localhost"}, False),
        ({"host": "::1"}, False),
        ({"host": "0.0.0.0"}, True),  # noqa: S104 - nothing listens
        ({"host": "office.example"}, True),
        ({"trusted_proxies": "127.0.0.1"}, True),
        ({"host": "0.0.0.0", "rate_limits": "off"}, False),  # noqa: S104 - nothing listens
    ):
        assert settings_for(url, tmp_path, **changes).is_limiting is is_limiting, changes
    with opened(catalogue, plain, FakeClock()) as doors:
        assert "ratelimit" not in doors.client.get(f"{API}/lines").headers


@pytest.mark.parametrize(
    "given", [{"rates": "read=0"}, {"rates": "reading=1"}, {"rates": ""}, {"trusted_proxies": "x"}]
)
def test_limits_that_mean_nothing_are_refused_at_the_start(url: str, tmp_path: Path, given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(given))):
        settings_for(url, tmp_path, **given)
