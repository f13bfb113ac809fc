"""What one application needs a visit for, what to bring, and where to go, as people and programs see it."""

from pydantic import Field

from app.domain.errands import Brought, Errand
from app.schemas.common import Bilingual, Out, Term
from app.schemas.halls import HallOut


class ErrandOut(Out):
    """One visit. Illustrative: place, hours and telephone are invented."""

    item: str = Field(examples=["H1"])
    name: Bilingual
    purpose: Term = Field(description="本人到场或领取 / coming in person, or collecting")
    reason: Bilingual
    is_in_hall: bool = Field(description="在政务服务大厅办 / at a service hall, not at the item's own place")
    is_done: bool = Field(description="不用再去 / no longer needed")
    place: Bilingual
    hours: Bilingual
    phone: str = Field(description="虚构 / fictional")

    @classmethod
    def of(cls, errand: Errand, place: Bilingual, hours: Bilingual, phone: str) -> "ErrandOut":
        """From the domain, with where the region does it."""
        return cls(
            item=errand.planned.item.code,
            name=Bilingual.of(errand.planned.item.name),
            purpose=Term.of(errand.purpose),
            reason=Bilingual.of(errand.reason),
            is_in_hall=errand.is_in_hall,
            is_done=errand.is_done,
            place=place,
            hours=hours,
            phone=phone,
        )


class BroughtOut(Out):
    """One thing to bring, and why."""

    code: str = Field(examples=["reference"])
    name: Bilingual
    because: Bilingual

    @classmethod
    def of(cls, brought: Brought) -> "BroughtOut":
        """From the domain."""
        return cls(code=brought.code, name=Bilingual.of(brought.name), because=Bilingual.of(brought.because))


class ErrandsOut(Out):
    """跑动: the visits of one application, what to bring, and the nearest halls that take it."""

    application_id: str
    visits_left: int = Field(description="还要跑几次 / visits still to make")
    errands: list[ErrandOut]
    bring: list[BroughtOut] = Field(description="这一件要带的 / what to bring for this case")
    area: Term = Field(description="哪里的大厅都能收 / how far around its items are taken in (通办范围)")
    halls: list[HallOut] = Field(description="能收这一件的大厅，近的在前 / halls that take it, the nearest first")
