"""What an author writes of a hall (办事大厅). What is left out is like everywhere; all of it is illustrative."""

from typing import Annotated

from pydantic import Field

from app.catalogue.document_base import Document, Phone
from app.domain.halls import Desk
from app.domain.vocabulary import Text

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description='time of day, "09:00"')]
Weekday = Annotated[int, Field(ge=1, le=7, description="1 is Monday")]
NAME = Text("{region}政务服务中心", "Government Service Centre, {region}")
ADDRESS = Text("{region}示例路1号（虚构）", "1 Example Road, {region} (fictional)")


class SpellDocument(Document):
    """One stretch of opening."""

    days: list[Weekday] = Field(min_length=1, max_length=7, description="in order, such as [1, 2, 3, 4, 5]")
    opens: Clock
    closes: Clock


OFFICE_HOURS = [
    SpellDocument(days=[1, 2, 3, 4, 5], opens="09:00", closes="12:00"),
    SpellDocument(days=[1, 2, 3, 4, 5], opens="13:30", closes="17:00"),
]


class HallDocument(Document):
    """办事大厅: one place where people are served."""

    region: str = Field(description="region it belongs to")
    longitude: float = Field(ge=73, le=136, description="degrees east, two decimals are enough")
    latitude: float = Field(ge=3, le=54, description="degrees north")
    name: Text = Field(NAME, description="{region} stands for the region's name")
    address: Text = Field(ADDRESS, description="{region} allowed")
    hours: list[SpellDocument] = Field(OFFICE_HOURS, min_length=1, max_length=14)
    phone: Phone = "0000-12345678"
    desks: list[Desk] = Field([Desk.COUNTER, Desk.DELIVERY, Desk.SELF_SERVICE, Desk.HELP, Desk.ELDER], min_length=1)
