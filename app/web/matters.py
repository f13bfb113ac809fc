"""Closed loops (发现–交办–处置–反馈–评价): lists of an office or region, and one matter with its course."""

from typing import Annotated, Literal

from fastapi import Path, Query, Request, Response

from app.domain.errors import Fault, InvalidInput
from app.domain.matters import ON_DATA, Conclusion, Finding, MatterKind
from app.domain.ratings import RatingLevel
from app.domain.vocabulary import Role, Text
from app.schemas.matters import LevelCode, MatterAct, MatterOut
from app.transport.doors import Doors
from app.usecases import matters
from app.web.again import again
from app.web.desk_actions import number_of, within
from app.web.forms import NONE, Errors, Typed, typed
from app.web.visits import Visit, Visiting, as_part

router = Doors(include_in_schema=False)

MatterId = Annotated[str, Path(max_length=32)]
OFFICES = (Role.OFFICER, Role.CLERK, Role.SUPERVISOR, Role.STEWARD)
PAGE = 30
NAMES = ("reason", "evidence", "to", "days", "finding", "conclusion", "level")
LEVELS: dict[str, LevelCode] = {
    "very_satisfied": "very_satisfied",
    "satisfied": "satisfied",
    "fairly_satisfied": "fairly_satisfied",
    "dissatisfied": "dissatisfied",
    "very_dissatisfied": "very_dissatisfied",
}
FINDINGS: dict[str, Literal["clear", "complex", "unfounded", "corrected", "upheld"]] = {
    "clear": "clear",
    "complex": "complex",
    "unfounded": "unfounded",
    "corrected": "corrected",
    "upheld": "upheld",
}
CONCLUSIONS: dict[str, Literal["resolved", "explained"]] = {"resolved": "resolved", "explained": "explained"}


@router.get("/matters")
async def show_matters(
    visit: Visiting,
    kind: Annotated[str, Query(max_length=40)] = "",
    shown: Annotated[str, Query(max_length=10)] = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """An office's own matters, or the problem lists of a supervisor's region."""
    visit.must_be(*OFFICES)
    kinds = [one for one in MatterKind if one.value == kind]
    wanted = matters.Filter(
        is_open=shown != "closed",
        kinds=tuple(one.value for one in kinds),  # type: ignore[misc]
        is_overdue=shown == "late",
        is_mine=shown == "mine",
    )
    page = await visit.read(matters.inbox, wanted=wanted, cursor=cursor, limit=PAGE)
    return visit.page(
        "matters",
        lines=page.entries,
        next=page.next,
        kinds=list(MatterKind),
        kind=kind if kinds else "",
        shown=shown,
        is_first=cursor is None,
    )


@router.get("/matters/{matter_id}")
async def show_matter(visit: Visiting, matter_id: MatterId) -> Response:
    """One matter."""
    _ = visit.context.actor
    return await _matter(visit, matter_id)


@router.post("/matters/{matter_id}/actions")
async def act(visit: Visiting, request: Request, matter_id: MatterId) -> Response:
    """One action; what was typed comes back with what is wrong about it."""
    _ = visit.context.actor
    form = await typed(request)
    async with again(lambda errors: _matter(visit, matter_id, form, _placed(errors, form.text("action")))):
        await visit.perform(matters.act, matter_id=matter_id, wish=_wish(form))
    return visit.go(f"/matters/{as_part(matter_id)}", "done")


def _placed(errors: Errors, action: str) -> Errors:
    """Every action has controls of its own on the page."""
    for name in NAMES:
        errors = errors.renamed(f"/{name}", f"/{action}/{name}")
    return errors


def _wish(form: Typed) -> MatterAct:
    faults: list[Fault] = []
    evidence = [line.strip() for line in form.text("evidence").splitlines() if line.strip()]
    if len(evidence) > 10:
        text = Text("最多十条佐证，每行一条。", "At most ten pieces of evidence, one a line.")
        faults.append(Fault("/evidence", "too-many", text))
    wish = MatterAct(
        action=form.text("action")[:40],
        reason=within(form.text("reason"), 2000, "/reason", faults) or None,
        evidence=evidence[:10],
        to=form.text("to")[:80] or None,
        days=number_of(form.text("days"), "/days", faults),
        finding=FINDINGS.get(form.text("finding")),
        conclusion=CONCLUSIONS.get(form.text("conclusion")),
        level=LEVELS.get(form.text("level")),
    )
    if faults:
        raise InvalidInput(faults)
    return wish


async def _matter(visit: Visit, matter_id: str, form: Typed | None = None, errors: Errors = NONE) -> Response:
    matter: MatterOut = await visit.read(matters.show, matter_id=matter_id)
    return visit.at(f"/matters/{as_part(matter_id)}").page(
        "matter",
        422 if errors else 200,
        matter=matter,
        form=form or Typed(),
        errors=errors,
        doing=form.text("action") if form else "",
        findings=[one for one in Finding if (one in ON_DATA) == (matter.kind.code == MatterKind.DATA_ERROR.value)],
        levels=list(RatingLevel),
        endings=[(one.value, one.label.say(visit.lang)) for one in (Conclusion.RESOLVED, Conclusion.EXPLAINED)],
    )
