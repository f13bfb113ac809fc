"""Halls (办事大厅) as people and programs see them."""

from datetime import datetime

from pydantic import Field

from app.domain.deadlines import Calendar
from app.domain.halls import Hall, is_open, next_opening, says
from app.domain.regions import RegionTree
from app.schemas.common import Bilingual, Instant, Out, Term


class HallOut(Out):
    """One hall, and how far it is. Illustrative: places, hours and telephones are invented."""

    code: str = Field(examples=["hall_330802"])
    name: Bilingual
    region: str = Field(examples=["330802"])
    region_path: Bilingual
    address: Bilingual
    longitude: float = Field(description="经度，示例 / degrees east, illustrative", examples=[118.87])
    latitude: float = Field(description="纬度，示例 / degrees north, illustrative", examples=[28.97])
    distance_km: float = Field(description="直线距离（公里） / kilometres as the crow flies", examples=[3.2])
    hours: list[Bilingual] = Field(description="开放时间，节假日不开 / closed on public holidays")
    is_open: bool = Field(description="现在是否开着 / whether it is open now, by the office's clock")
    opens_at: Instant | None = Field(description="下一次开门，两周内没有则为空 / next opening; null beyond two weeks")
    phone: str = Field(description="虚构 / fictional")
    desks: list[Term]

    @classmethod
    def of(cls, hall: Hall, kilometres: float, tree: RegionTree, at: datetime, calendar: Calendar) -> "HallOut":
        """From the domain, as it is at this instant."""
        return cls(
            code=hall.code,
            name=Bilingual.of(hall.name),
            region=hall.region,
            region_path=Bilingual.of(tree.path(hall.region)),
            address=Bilingual.of(hall.address),
            longitude=hall.at.longitude,
            latitude=hall.at.latitude,
            distance_km=round(kilometres, 1),
            hours=[Bilingual.of(says(spell)) for spell in hall.hours],
            is_open=is_open(hall, at, calendar),
            opens_at=next_opening(hall, at, calendar),
            phone=hall.phone,
            desks=[Term.of(desk) for desk in hall.desks],
        )
