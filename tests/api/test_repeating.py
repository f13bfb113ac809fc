"""Every operation that changes something may be sent again after a lost answer: it takes an Idempotency-Key, or it is
such that the second time does nothing more. Both are tried with every operation of the OpenAPI document."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import func, select

from app.catalogue.loader import Catalogue
from app.storage.tables import metadata
from tests.api.documents import operations
from tests.api.matrix import TABLE, attempt, fit_person, target
from tests.databases import SQLITE, Databases
from tests.doors import Doors, FakeClock
from tests.running import opened, settings_for


class Again(Enum):
    """What the second time does, where no key is taken."""

    NOTHING = "the same answer, and not a row more"
    REFUSED = "refused: it was settled the first time"
    REPLACED = "the same thing made anew in place of the first; nothing piles up but the note that it was done"
    LOOKED = "a look each time, which the ledger must hold each time"
    FRESH = "a sign-in or code of its own, which nobody holds and which ends by itself"


BY_NATURE = {
    "planBundle": Again.NOTHING,
    "estimateCapacity": Again.NOTHING,
    "signIn": Again.FRESH,
    "signOut": Again.FRESH,
    "endSession": Again.NOTHING,
    "endSessions": Again.FRESH,
    "saveDraft": Again.REPLACED,
    "uploadMaterial": Again.REPLACED,
    "takePaper": Again.REPLACED,
    "removeMaterial": Again.NOTHING,
    "bringFacts": Again.REFUSED,
    "appointSurvey": Again.REPLACED,
    "concludeSurvey": Again.REFUSED,
    "correctApplication": Again.REFUSED,
    "sendParcel": Again.REFUSED,
    "signParcel": Again.REFUSED,
    "choosePlaces": Again.NOTHING,
    "signNote": Again.REFUSED,
    "withdrawApplication": Again.REFUSED,
    "renewQueryCode": Again.REPLACED,
    "lookUpProgress": Again.NOTHING,
    "unmaskField": Again.LOOKED,
    "askMoreTime": Again.REFUSED,
    "answerMoreTime": Again.REFUSED,
    "askForConsents": Again.NOTHING,
    "giveConsent": Again.REFUSED,
    "refuseConsent": Again.REFUSED,
    "withdrawConsent": Again.REFUSED,
    "presentCertificate": Again.FRESH,
    "authoriseCertificate": Again.FRESH,
    "cancelCertificate": Again.REFUSED,
    "verifyCertificate": Again.LOOKED,
    "redeemCertificate": Again.REFUSED,
    "actOnCertificate": Again.REFUSED,
    "readAllMessages": Again.NOTHING,
    "readMessage": Again.NOTHING,
    "contestLook": Again.NOTHING,
    "confirmOffer": Again.REFUSED,
    "declineOffer": Again.REFUSED,
    "actOnMatter": Again.REFUSED,
    "addToRating": Again.REFUSED,
    "eraseApplication": Again.NOTHING,
    "actOnDataLine": Again.REFUSED,
    "revokeMandate": Again.REFUSED,
    "prefillApplication": Again.LOOKED,
    "switchRegister": Again.NOTHING,
}
"""Operations that take no key, and why none is needed."""
UNSAFE = sorted(name for name, spec in operations().items() if spec.method.upper() != "GET")
KEYED = [name for name in UNSAFE if any(p["name"] == "Idempotency-Key" for p in operations()[name].parameters)]


@pytest.fixture(scope="module")
def world(catalogue: Catalogue, databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """One app for all of them: the kind of database does not matter to a repetition."""
    url = databases.migrated(SQLITE)
    with opened(catalogue, settings_for(url, tmp_path_factory.mktemp("files")), FakeClock()) as doors:
        yield doors
    databases.drop(url)


def rows(doors: Doors) -> dict[str, int]:
    """How many rows every table has."""
    tables = metadata.sorted_tables

    def count(reader: Any) -> dict[str, int]:
        return {t.name: reader.connection.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}

    return doors.platform.store.read(count)


def twice(doors: Doors, name: str, key: str | None = None) -> tuple[Response, Response, set[str]]:
    """The operation sent twice by whoever gets furthest: both answers, and the tables the second added rows to."""
    on, who = target(doors, TABLE[name].target), fit_person(name)
    first = attempt(doors, name, on, who, key)
    before = rows(doors)
    second = attempt(doors, name, on, who, key)
    after = rows(doors)
    return first, second, {table for table in after if after[table] != before[table]}


def test_every_unsafe_operation_takes_a_key_or_says_why_it_needs_none() -> None:
    assert set(KEYED) | BY_NATURE.keys() == set(UNSAFE)
    assert not set(KEYED) & BY_NATURE.keys()


def test_whatever_makes_something_of_its_own_takes_a_key() -> None:
    """201 says that something was created; a sign-in is the one that cannot know whose key it would be."""
    creating = {name for name in UNSAFE if "201" in operations()[name].spec["responses"]}
    assert creating - {"signIn"} <= set(KEYED)


@pytest.mark.parametrize("name", KEYED)
def test_under_the_same_key_it_happens_once(world: Doors, name: str) -> None:
    first, second, grown = twice(world, name, f"again-{name}")
    assert (first.status_code, second.status_code) == (second.status_code, first.status_code)
    assert first.is_success or min(TABLE[name].statuses.values()) >= 400, first.text
    assert grown <= {"data_call"}, "the answer may be a look, and a look is kept"


PILES_UP = {Again.REPLACED: {"event", "file_use"}, Again.LOOKED: {"data_call"}, Again.NOTHING: set[str]()}
"""What the second time may add, beside nothing."""


@pytest.mark.parametrize("name", BY_NATURE)
def test_without_a_key_the_second_time_does_what_is_said_of_it(world: Doors, name: str) -> None:
    first, second, grown = twice(world, name)
    again = BY_NATURE[name]
    if again is Again.REFUSED:
        assert second.is_client_error, second.text
        assert grown <= {"data_call"}
    elif again is Again.FRESH:
        assert second.status_code == first.status_code
    elif first.is_success:
        assert second.status_code == first.status_code, second.text
        assert grown <= PILES_UP[again]
