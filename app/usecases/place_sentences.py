"""多地联办 in one sentence for the applicant: who takes in, who leads, who handles what, and the one date."""

from app.domain.applications import Application
from app.domain.periods import written_day
from app.domain.routing import Plan, PlannedItem
from app.domain.together import chosen, is_joint, place_of, places
from app.domain.vocabulary import Text
from app.usecases.serving import hall_of
from app.usecases.world import World


def sentence(world: World, case: Application, plan: Plan) -> Text:
    """Of a submitted application, or of a draft as it would be."""
    handled = _handled(case, plan)
    name = world.catalogue.regions[case.region].name
    if len(handled) < 2 and not is_joint(case):
        parts = [Text(f"这件申请都在{name.zh}办理", f"Everything is handled in {name.en}")]
    else:
        parts = [*_taken(world, case), *(_part(world, case, place, items) for place, items in handled.items())]
    if case.promised_on is not None:
        on = written_day(case.promised_on)
        parts.append(
            Text(f"整件承诺{on.zh}前办好，各地同一个日期", f"all of it is promised by {on.en}, one date for all")
        )
    return Text("；".join(part.zh for part in parts) + "。", "; ".join(part.en for part in parts) + ".")


def _handled(case: Application, plan: Plan) -> dict[str, list[PlannedItem]]:
    """Place → the items that it handles, the leading one first."""
    found: dict[str, list[PlannedItem]] = {place: [] for place in places(case)}
    for planned in plan.items:
        code = planned.item.code
        if code in case.tasks:
            found[place_of(case, case.tasks[code])].append(planned)
        elif case.submitted_at is None:
            found.setdefault(chosen(case).get(code, case.region), []).append(planned)
    return {place: items for place, items in found.items() if items}


def _taken(world: World, case: Application) -> list[Text]:
    taker = case.filed_region
    if taker is None or taker == case.region:
        return []
    name = hall_of(world, taker).name
    return [Text(f"{name.zh}收件，不作决定", f"{name.en} takes it in and decides nothing")]


def _part(world: World, case: Application, place: str, items: list[PlannedItem]) -> Text:
    name = world.catalogue.regions[place].name
    zh = "、".join(planned.item.short.zh for planned in items)
    en = ", ".join(planned.item.short.en for planned in items)
    if place == case.region:
        return Text(f"{name.zh}牵头，办理{zh}", f"{name.en} leads and handles: {en}")
    return Text(f"{name.zh}办理{zh}", f"{name.en} handles: {en}")
