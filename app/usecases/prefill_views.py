"""What was had from registers, in the words of people: 来自 公安局·户籍信息，10:03 获取; or why it must be typed."""

from typing import Any

from app.domain import masking, prefill
from app.domain.applications import Application, Moment
from app.domain.catalogue import APPLICANT, Library
from app.domain.deadlines import BEIJING
from app.domain.forms import is_blank
from app.domain.parties import Circle, name_of, split
from app.domain.routing import Plan, PlannedField, PlannedMaterial
from app.domain.shared_values import Fallback, Had, fallback_key, paper_key
from app.domain.slices import is_person
from app.domain.vocabulary import Means, Text
from app.schemas.applications import ApplicationOut
from app.schemas.common import Bilingual, Term
from app.schemas.prefill import PrefillOut
from app.schemas.shared_values import CheckedOut, DisputeOut, FallbackOut, HadOut, PrefilledOut
from app.storage import matter_rows
from app.storage.queries import Reader
from app.usecases.attempts import DESKS
from app.usecases.context import Context
from app.usecases.data_rounds import circle_of

NOT_ASKED = Text("尚未获取。", "Not asked for yet.")


def had_out(had: Had, library: Library, plan: Plan, moment: Moment) -> HadOut:
    """From where one value is."""
    dataset, line = library.datasets[had.dataset], library.lines[had.holder]
    at = had.at.astimezone(BEIJING)
    when = f"{at:%H:%M}" if at.date() == moment.today else f"{at:%Y-%m-%d %H:%M}"
    return HadOut(
        dataset=had.dataset,
        dataset_name=Bilingual.of(dataset.name),
        holder=had.holder,
        holder_name=Bilingual.of(line.name),
        element=had.element,
        party=had.party,
        party_name=Bilingual.of(names(plan, had.party)),
        at=had.at,
        says=Bilingual(
            zh=f"来自 {line.name.zh}·{dataset.name.zh}，{when} 获取",
            en=f"from {line.name.en}, {dataset.name.en}, received at {when}",
        ),
    )


def names(plan: Plan, written: str) -> Text:
    """What the parties are called: 卖方、买方."""
    found = [name_of(plan.bundle, code) for code in split(written)]
    return Text("、".join(name.zh for name in found), " and ".join(name.en for name in found))


def fallback_outs(case: Application, plan: Plan, library: Library) -> list[FallbackOut]:
    """What could not be had and what that leaves to do; what leaves nothing to do is not shown."""
    if not case.fallbacks:
        return []
    fallen = prefill.fallen_fields(case, plan)
    blank = [p for p in plan.fields if p.spec.code in fallen and is_blank(case.form.get(p.spec.code))]
    papers = [p for p in plan.materials if paper_key(p.material.code) in case.fallbacks]
    papers = [p for p in papers if p.material.code not in case.materials and p.source.means is not Means.RESULT]
    circle = prefill.circle_of(plan)
    shown = []
    for key, entry in case.fallbacks.items():
        fields = [p.spec.code for p in blank if key in _keys(p, circle)]
        materials = [p.material.code for p in papers if key == paper_key(p.material.code)]
        if (fields or materials) and entry.dataset in library.datasets:
            shown.append(_fallback_out(entry, plan, library, fields, materials))
    return shown


def _keys(planned: PlannedField, circle: Circle) -> set[str]:
    sources = planned.spec.sources
    return {fallback_key(sources.dataset or "", party) for party in circle.leaves(sources.party)}


def _fallback_out(
    entry: Fallback, plan: Plan, library: Library, fields: list[str], materials: list[str]
) -> FallbackOut:
    return FallbackOut(
        dataset=entry.dataset,
        dataset_name=Bilingual.of(library.datasets[entry.dataset].name),
        party=entry.party,
        party_name=Bilingual.of(names(plan, entry.party)),
        why=Term.of(entry.why),
        detail=Bilingual.of(entry.sentence),
        at=entry.at,
        fields=fields,
        materials=materials,
    )


def is_anothers(had: Had, plan: Plan, circle: Circle) -> bool:
    """Whether the value is about a person who is neither the applicant nor a child in the applicant's own record.

    Whoever else may act for a child lets departments have what its mother's record says, and reads it masked.
    """
    numbers = circle.numbers()
    own = numbers.get(APPLICANT)
    return any(
        is_person(plan.bundle, party) and numbers.get(party) != own and party != APPLICANT for party in split(had.party)
    )


def hidden(case: Application, plan: Plan, circle: Circle) -> dict[str, Any]:
    """field → the masked value, for what registers told about other people: they consented that the departments have
    it, not that the applicant reads it."""
    specs = {planned.spec.code: planned.spec for planned in plan.fields}
    return {
        code: masking.mask(specs[code], case.form[code])
        for code, had in case.had.items()
        if code in specs
        and code in case.form
        and is_anothers(had, plan, circle)
        and masking.is_masked(specs[code], case.form[code])
    }


def masks(context: Context, case: Application, plan: Plan) -> dict[str, Any]:
    """What of the form is shown masked to whoever fills it in. Sent back as it was shown, it changes nothing."""
    if not case.had:
        return {}
    if context.actor.role not in DESKS:
        return hidden(case, plan, circle_of(context, case, plan, {}))
    return {} if case.submitted_at is not None else at_the_counter(case, plan)


def at_the_counter(case: Application, plan: Plan) -> dict[str, Any]:
    """field → the masked value, for everything guarded that registers told: a clerk can begin a draft for anybody, and
    reads there what that person says, not what registers hold of that person."""
    specs = {planned.spec.code: planned.spec for planned in plan.fields}
    return {
        code: masking.mask(specs[code], case.form[code])
        for code in case.had
        if code in specs and code in case.form and masking.is_masked(specs[code], case.form[code])
    }


def parts(context: Context, reader: Reader, case: Application, plan: Plan) -> dict[str, Any]:
    """The members of the application's read model."""
    library, moment = context.world.planner_of(case, reader).library, context.moment
    return {
        "had": {code: had_out(had, library, plan, moment) for code, had in case.had.items()},
        "checked": {code: had_out(had, library, plan, moment) for code, had in case.checked.items()},
        "fallbacks": fallback_outs(case, plan, library),
        "disputes": dispute_outs(context, reader, case, plan, library),
    }


def dispute_outs(
    context: Context, reader: Reader, case: Application, plan: Plan, library: Library
) -> dict[str, DisputeOut]:
    """The disputes with what has become of them."""
    if not case.disputes:
        return {}
    matters = {matter.id: matter for matter in matter_rows.matters_about(reader, case.id)}
    return {
        code: DisputeOut(
            source=had_out(dispute.had, library, plan, context.moment),
            at=dispute.at,
            matter=dispute.matter,
            status=Term.of(matter.status),
            finding=Term.maybe(matter.finding),
            is_open=matter.is_open,
        )
        for code, dispute in case.disputes.items()
        if (matter := matters.get(dispute.matter)) is not None
    }


def told(
    context: Context, case: Application, plan: Plan, circle: Circle, shown: ApplicationOut, new_count: int
) -> PrefillOut:
    """Field by field and paper by paper."""
    hiding = masks(context, case, plan)
    fields = [p for p in plan.fields if prefill.is_shareable(p)]
    papers = [
        p
        for p in plan.materials
        if p.material.sources.dataset is not None and p.source.means is not Means.RESULT and p.is_needed
    ]
    return PrefillOut(
        fields=[_field(planned, case, shown, hiding, circle) for planned in fields],
        papers=[_paper(planned, case, shown) for planned in papers],
        new_count=new_count,
        application=shown,
    )


def _field(
    planned: PlannedField, case: Application, shown: ApplicationOut, masks: dict[str, Any], circle: Circle
) -> PrefilledOut:
    code = planned.spec.code
    value = masks.get(code, case.form.get(code))
    is_missing = is_blank(value)
    noted = (case.fallbacks[key] for key in sorted(_keys(planned, circle)) if key in case.fallbacks)
    why = next((entry.sentence for entry in noted), NOT_ASKED) if is_missing else None
    return PrefilledOut(
        code=code,
        name=Bilingual.of(planned.spec.name),
        outcome="missing" if is_missing else "had" if code in case.had else "typed",
        value=value,
        is_masked=code in masks,
        source=shown.had.get(code),
        why=Bilingual.maybe(why),
    )


def _paper(planned: PlannedMaterial, case: Application, shown: ApplicationOut) -> CheckedOut:
    code = planned.material.code
    noted = case.fallbacks.get(paper_key(code))
    is_provided = code in case.materials or (planned.source.means is Means.SHARED and noted is None)
    outcome = "had" if code in case.checked else "provided" if is_provided else "missing"
    why = (noted.sentence if noted is not None else NOT_ASKED) if outcome == "missing" else None
    return CheckedOut(
        code=code,
        name=Bilingual.of(planned.material.name),
        outcome=outcome,
        source=shown.checked.get(code),
        why=Bilingual.maybe(why),
    )
