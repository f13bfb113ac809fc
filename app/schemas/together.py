"""多地联办 as it is told and read: which place does what in one case, its one date, and the notes between places."""

from datetime import date

from pydantic import Field

from app.schemas.clocks import LightOut
from app.schemas.common import Bilingual, In, Instant, Out, Term


class PlacesIn(In):
    """Where single items are handled."""

    places: dict[str, str | None] = Field(
        description="item → region code of a county, null for the application's own place",
        max_length=40,
        examples=[{"B3": "330881"}],
    )


class NoteIn(In):
    """协同单: a note to another place that works on the case."""

    to: str = Field(max_length=12, description="region code of the place", examples=["330881"])
    text: str = Field(max_length=600, description="what it is about; the two places and the leading one read it")


class PlaceNameOut(Out):
    """One region by name."""

    code: str
    name: Bilingual


class ChoiceOut(Out):
    """One item of a draft that may be handled in another place."""

    item: str
    name: Bilingual
    area: Term = Field(description="published 通办范围")
    place: PlaceNameOut = Field(description="where it is handled as things stand")
    options: list[PlaceNameOut] = Field(description="every county it may be handled in, the own one included")


class PlacedTaskOut(Out):
    """How far one item is. ``is_own``: of the asker's place or department; others wait for it, or it waits for them."""

    item: str
    name: Bilingual
    department: Bilingual
    status: Term
    light: LightOut
    due_on: date | None
    is_own: bool


class PlaceOut(Out):
    """One place that works on the case, and how far it is."""

    region: str
    name: Bilingual
    hall: Bilingual
    is_lead: bool
    is_taker: bool = Field(description="took the application in")
    is_own: bool = Field(description="the asker's own place")
    task_count: int
    ended_count: int
    light: LightOut
    tasks: list[PlacedTaskOut] = Field(description="those that concern the asker")


class NoteOut(Out):
    """One note between two places."""

    number: int
    kind: Term
    status: Term
    sender: Bilingual
    receiver: Bilingual
    items: list[Bilingual] = Field(description="names of what was handed over")
    text: str | None = Field(description="null for supervision, which reads the course and no content")
    sent_at: Instant
    sent_by: Bilingual | None = Field(description="position; null for what submission did by itself")
    signed_at: Instant | None
    signed_by: Bilingual | None
    may_sign: bool


class WaitingNoteOut(Out):
    """One note to sign for; what it says is read with the case."""

    number: int
    kind: Term
    sender: Bilingual
    items: list[Bilingual] = Field(description="names of what is handed over")
    sent_at: Instant


class WaitingNotesOut(Out):
    """One case of several places, and the notes in it that wait for the asker's place."""

    application_id: str
    reference: str
    bundle_name: Bilingual
    notes: list[WaitingNoteOut]


class TogetherOut(Out):
    """Who does what where in one application."""

    application_id: str
    reference: str | None
    bundle_name: Bilingual
    is_joint: bool = Field(description="more than one place works on it")
    sentence: Bilingual = Field(description="who takes in, who leads, who handles what, and by when")
    lead: Bilingual = Field(description="牵头部门, of the application's own place")
    promised_on: date | None = Field(description="the one date promised for all places")
    light: LightOut | None
    places: list[PlaceOut]
    notes: list[NoteOut] = Field(description="those of the asker's place; for the leading one and supervision all")
    may_send_to: list[PlaceNameOut]
    choices: list[ChoiceOut] = Field(description="of a draft: the items whose place can be chosen")
    label: Bilingual
