"""The living style guide: every component as the pages use it."""

from datetime import date

from fastapi import APIRouter, Response

from app.domain.errors import Fault
from app.domain.oversight import Light
from app.domain.vocabulary import Text
from app.schemas.common import Term
from app.web.forms import Errors, fault_out
from app.web.visits import Visiting

router = APIRouter(include_in_schema=False)

FAULTS = (
    Fault("/sample/name", "missing", Text("请填写姓名。", "Fill in the name.")),
    Fault("/sample/kind", "missing", Text("请选择一项。", "Choose one.")),
)


@router.get("/style-guide")
async def show_style_guide(visit: Visiting) -> Response:
    """Every component on one page."""
    return visit.page(
        "style_guide",
        errors=Errors(tuple(fault_out(fault) for fault in FAULTS)),
        lights=[Term.of(light) for light in Light],
        on=date(2026, 3, 16),
    )
