"""Which steps of an own side tell of somebody else: what registers told of other people stands masked in the case, and
leaves in no receipt either. Of such a step the digest alone is given, which proves it as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.domain.applications import Application
from app.domain.masking import is_masked
from app.domain.shared_values import Had, merged
from app.storage.queries import Reader
from app.storage.sealing import Found
from app.usecases.context import Context
from app.usecases.data_rounds import circle_of
from app.usecases.plans import plan_of
from app.usecases.prefill_views import is_anothers


def of_others(context: Context, reader: Reader, case: Application, rows: Sequence[Found]) -> frozenset[int]:
    """The numbers of those event rows that hold such a value.

    Who is who goes by answers and form as they stood then: whoever takes another's part afterwards learns nothing.
    ``rows`` are all rows of the case up to the last one asked for, in order.
    """
    told, then = set(), replace(case, answers={}, form={})
    for row in rows:
        changes: Mapping[str, Any] = row["changes"] or {}
        if changes.get("had"):
            after = replace(then, form=merged(then.form, changes.get("values", {})))
            if _tells(context, reader, then, changes) or _tells(context, reader, after, changes):
                told.add(int(row["seq"]))
        if row["task"] is None:
            answers = changes.get("answers", then.answers)
            then = replace(then, answers=answers, form=merged(then.form, changes.get("values", {})))
    return frozenset(told)


def _tells(context: Context, reader: Reader, case: Application, changes: Mapping[str, Any]) -> bool:
    """Whether the step had a guarded value about somebody who is not the applicant's to act for."""
    plan = plan_of(context, reader, case)
    circle = circle_of(context, case, plan, {})
    fields = context.world.planner_of(case, reader).library.fields
    for code, entry in changes["had"].items():
        value = changes.get("values", {}).get(code)
        if entry is None or value is None:
            continue
        had = Had(entry["dataset"], entry["holder"], entry["element"], entry["party"], case.created_at)
        if code not in fields or (is_masked(fields[code], value) and is_anothers(had, plan, circle)):
            return True
    return False
