"""The baseline: an app such as an ordinary developer writes from the documentation of FastAPI and SQLModel.

No rules, no sign-in, no masks, no ledger, no chain: an application, its tasks, and what becomes of them. A session for
each request, ``add``, ``commit``, ``refresh``, response models. Two ways through a case: the short one (submit, decide
each task), and the long one, which takes the same steps as the platform does, one call for one call.

Run by :mod:`tests.bench.machines`. ``BARE_URL`` names the database, ``BARE_ITEMS`` (JSON) says which items a case has
and which other items each waits for. SQLite gets a write-ahead log, a flush for every commit and patience, which is
more than the documentation gives it.
"""

import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import JSON, Column, event
from sqlmodel import Field, Relationship, Session, SQLModel, create_engine, select

ITEMS: dict[str, list[str]] = json.loads(os.environ.get("BARE_ITEMS", "{}"))
URL = os.environ.get("BARE_URL", "sqlite:///bare.db")
IS_SQLITE = URL.startswith("sqlite")
engine = create_engine(URL, **({"connect_args": {"check_same_thread": False, "timeout": 30}} if IS_SQLITE else {}))
STATUS_AFTER = {
    "receive": "received",
    "accept": "accepted",
    "confirm": "review",
    "review": "review",
    "propose": "review",
    "endorse": "review",
    "grant": "granted",
}

if IS_SQLITE:

    @event.listens_for(engine, "connect")
    def _durable(connection: Any, _: object) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")


class ApplicationBase(SQLModel):
    """What an applicant sends."""

    bundle: str = Field(index=True)
    region: str = Field(index=True)
    applicant: str = Field(index=True)


class Application(ApplicationBase, table=True):
    """An application."""

    id: str = Field(default_factory=lambda: uuid4().hex, primary_key=True)
    form: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON))
    status: str = "draft"
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    submitted_at: datetime | None = None
    completed_at: datetime | None = None
    tasks: list["Task"] = Relationship(back_populates="application")


class Task(SQLModel, table=True):
    """One department's part of it."""

    id: str = Field(default_factory=lambda: uuid4().hex, primary_key=True)
    application_id: str = Field(foreign_key="application.id", index=True)
    item: str
    status: str = Field(default="submitted", index=True)
    due_on: date
    officer: str | None = None
    decided_at: datetime | None = None
    application: Application | None = Relationship(back_populates="tasks")


class ApplicationCreate(ApplicationBase):
    """A new application with its form."""

    form: dict[str, Any] = {}


class TaskPublic(SQLModel):
    """A task as it is shown."""

    id: str
    item: str
    status: str
    due_on: date
    officer: str | None
    decided_at: datetime | None


class ApplicationPublic(ApplicationBase):
    """An application as it is shown."""

    id: str
    form: dict[str, Any]
    status: str
    created_at: datetime
    submitted_at: datetime | None
    completed_at: datetime | None
    tasks: list[TaskPublic]


class Step(SQLModel):
    """What an officer does."""

    officer: str


def get_session() -> Iterator[Session]:
    """A session for one request."""
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """The tables are made at the start."""
    SQLModel.metadata.create_all(engine, tables=[Application.__table__, Task.__table__])  # type: ignore[attr-defined]
    yield


app = FastAPI(lifespan=lifespan)


@app.post("/applications", response_model=ApplicationPublic)
def create_application(wish: ApplicationCreate, session: SessionDep) -> Application:
    """A draft."""
    made = Application.model_validate(wish)
    session.add(made)
    session.commit()
    session.refresh(made)
    return made


@app.post("/applications/{application_id}/submit", response_model=ApplicationPublic)
def submit_application(application_id: str, session: SessionDep) -> Application:
    """Submit a draft: a task for each item."""
    found = session.get(Application, application_id)
    if found is None:
        raise HTTPException(404)
    if found.status != "draft":
        raise HTTPException(409)
    return submitted(found, session)


@app.post("/cases", response_model=ApplicationPublic)
def create_and_submit(wish: ApplicationCreate, session: SessionDep) -> Application:
    """The short way: an application and its tasks at once."""
    return submitted(Application.model_validate(wish), session)


def submitted(application: Application, session: Session) -> Application:
    """The application with its tasks."""
    application.status, application.submitted_at = "submitted", datetime.now(UTC)
    session.add(application)
    due = date.today() + timedelta(days=20)  # noqa: DTZ011
    for item, after in ITEMS.items():
        status = "waiting" if after else "submitted"
        session.add(Task(application_id=application.id, item=item, status=status, due_on=due))
    session.commit()
    session.refresh(application)
    return application


@app.post("/tasks/{task_id}/decide", response_model=TaskPublic)
def decide_task(task_id: str, step: Step, session: SessionDep) -> Task:
    """The short way: grant."""
    task = open_task(task_id, session)
    grant(task, session)
    return done(task, step, session)


@app.post("/tasks/{task_id}/actions/{action}", response_model=TaskPublic)
def act_on_task(task_id: str, action: str, step: Step, session: SessionDep) -> Task:
    """The long way: one step."""
    task = open_task(task_id, session)
    task.status = STATUS_AFTER[action]
    if task.status == "granted":
        grant(task, session)
    return done(task, step, session)


def open_task(task_id: str, session: Session) -> Task:
    """A task that somebody may work on."""
    task = session.get(Task, task_id)
    if task is None:
        raise HTTPException(404)
    if task.status == "waiting":
        raise HTTPException(409)
    return task


def grant(task: Task, session: Session) -> None:
    """Decide, release whoever waited, and finish the application with its last task."""
    task.status, task.decided_at = "granted", datetime.now(UTC)
    tasks = session.exec(select(Task).where(Task.application_id == task.application_id)).all()
    granted = {other.item for other in tasks if other.decided_at is not None}
    for other in tasks:
        if other.status == "waiting" and set(ITEMS[other.item]) <= granted:
            other.status = "submitted"
            session.add(other)
    if len(granted) == len(tasks):
        application = session.get(Application, task.application_id)
        assert application is not None
        application.status, application.completed_at = "finished", datetime.now(UTC)
        session.add(application)


def done(task: Task, step: Step, session: Session) -> Task:
    """The task, saved."""
    task.officer = step.officer
    session.add(task)
    session.commit()
    session.refresh(task)
    return task


@app.get("/")
async def nothing() -> dict[str, bool]:
    """For telling that it runs."""
    return {"ok": True}
