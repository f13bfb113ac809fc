"""The living style guide: every component as the pages use it."""

from datetime import date

from fastapi import Response

from app.domain.errors import Fault
from app.domain.oversight import Light
from app.domain.vocabulary import Mark, Text
from app.schemas.common import Bilingual, Known, Term
from app.schemas.lights import LightCountOut
from app.transport.doors import Doors
from app.web.forms import Errors, fault_out
from app.web.visits import Visiting

router = Doors(include_in_schema=False)

NAME, ONE = Text("请填写姓名。", "Fill in the name."), Text("请选择一项。", "Choose one.")
FAULTS = (
    Fault("/sample/name", "missing", NAME),
    Fault("/sample/kind", "missing", ONE),
    *(Fault(f"/wrong/{control}", "missing", NAME) for control in ("name", "text", "file")),
    *(Fault(f"/wrong/{control}", "missing", ONE) for control in ("level", "more", "pledge")),
)
SOURCE = Bilingual.of(Text("国务院令第 700 号", "State Council Decree No. 700"))


@router.get("/style-guide")
async def show_style_guide(visit: Visiting) -> Response:
    """Every component on one page."""
    return visit.page(
        "style_guide",
        errors=Errors(tuple(fault_out(fault) for fault in FAULTS)),
        lights=[Term.of(light) for light in Light],
        counts=[LightCountOut(light=Term.of(light), count=number) for number, light in enumerate(Light)],
        marks=[Known(mark=Term.of(mark), source=SOURCE if mark is Mark.SURE else None) for mark in Mark],
        on=date(2026, 3, 16),
    )
