"""Rows and applications for storage tests."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.domain.applications import Application, EventKind, Moment
from app.domain.deadlines import BEIJING
from app.domain.happenings import Happenings
from app.storage.changes import Changes
from app.storage.mapping import changes_between, created
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.storage.tables import TOKEN
from tests.factories import APPLICANT, moment

AT = datetime(2026, 3, 16, 10, tzinfo=BEIJING)


def token(name: str) -> dict[str, Any]:
    """A row of the simplest table."""
    at = {"created_at": AT, "seen_at": AT, "expires_at": AT + timedelta(hours=12)}
    return {"hash": name, "id": name, "account": "wang_owner", "way": "api", **at}


def one(name: str) -> Changes:
    """Changes that insert it."""
    return Changes().also("token", token(name))


def tokens(store: Store) -> set[str]:
    """The tokens that are there."""
    return store.read(lambda reader: {row["hash"] for row in reader.rows(select(TOKEN))})


def blank(application_id: str = "a1") -> Application:
    """An application before its first event."""
    return Application(
        id=application_id,
        bundle="catering",
        digest="d" * 64,
        region="330802",
        applicant="wang_owner",
        created_at=AT,
        created_by="wang_owner",
    )


def add(store: Store, case: Application) -> None:
    """Insert the row of a new application."""
    store.perform(lambda _: Outcome(None, Changes({"application": [{**created(case), "version": 0}]})))


def happenings(case: Application, now: Moment | None = None) -> Happenings:
    """A command in the making."""
    return Happenings(case, APPLICANT, now or moment())


def count_up(reader: Reader, application_id: str = "a1", name: str = "n") -> Outcome[int]:
    """Read a number of the form, and write the next one: what loses updates when nobody looks."""
    before = reader.application(application_id)
    assert before is not None
    h = happenings(before)
    number = int(before.form.get(name, 0)) + 1
    h.record(EventKind.DRAFT_SAVED, values={name: number})
    return Outcome(number, changes_between(before, h.case, h.events))


def rows_of(store: Store, name: str) -> int:
    """How many rows a table has."""
    return store.read(lambda reader: reader.count(name))
