"""The lights board: how many tasks show which light, and the tasks behind a number."""

from datetime import date

from pydantic import Field

from app.schemas.clocks import LightOut
from app.schemas.common import Bilingual, Out, Term


class LightCountOut(Out):
    """How many tasks show one light."""

    light: Term
    count: int


class LightGroupOut(Out):
    """One region or department of the board."""

    key: str = Field(description="code of the region or department")
    name: Bilingual
    counts: list[LightCountOut]
    late: int = Field(description="red and deep red together")
    above: str | None = Field(None, description="by place: the part of the asked region that the place lies in")


class LightsOut(Out):
    """The board of one region: as a whole and broken down."""

    label: Bilingual = Field(description="the thresholds are illustrative")
    rule: Bilingual
    region: str
    region_name: Bilingual
    on: date
    by: Term
    total: list[LightCountOut]
    groups: list[LightGroupOut] = Field(description="those with most late work first")


class WatchedOut(Out):
    """One task as supervision watches it: its course, not its content."""

    id: str
    reference: str
    application_id: str
    bundle: str
    bundle_name: Bilingual
    item: str
    name: Bilingual
    department: str
    department_name: Bilingual
    region: str
    status: Term
    light: LightOut
