"""Looking up progress without signing in: 办件编号 and 查询码, both, and only a few wrong tries.

Tries are counted per reference, whether or not it exists, and the answer to a wrong code is the answer to a number
nobody has: an asker learns nothing about which applications there are.
"""

import hashlib

from app.domain.errors import Fault, InvalidInput, NotFound
from app.domain.references import MalformedReference, normalise_query_code, parse_reference
from app.domain.vocabulary import Text
from app.schemas.applications import LookUp, ProgressOut, task_light
from app.schemas.common import Bilingual, Term
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import access, secrecy, tries
from app.usecases.applications import in_plan_order
from app.usecases.context import Context
from app.usecases.plans import plan_of

QUERY_CODE = Text("查询码", "codes")
NOBODY = "0" * 64
"""A stored hash nothing matches: a number nobody has takes as long to refuse as one that exists."""


def look_up(context: Context, reader: Reader, wish: LookUp) -> Outcome[ProgressOut | None]:
    """Progress, or None with the wrong try to be remembered: the door turns None into :func:`refusal`.

    Raises :class:`InvalidInput` for what cannot be a number or code, :class:`TooMany` once the reference is locked.
    """
    reference, code = _tidy(wish)
    subject = hashlib.sha256(reference.encode()).hexdigest()
    tries.must_not_be_locked(context, reader, subject, QUERY_CODE)
    case = reader.application_by_reference(reference)
    stored = case.query_hash if case is not None and case.query_hash else NOBODY
    if (
        not secrecy.matches(context.world.policy.secret, code, reference, stored)
        or case is None
        or case.submitted_at is None
    ):
        return Outcome(None, tries.wrong_try(context, reader, subject))
    plan = plan_of(context, reader, access.with_content(case))
    library = context.world.planner_of(case, reader).library
    answer = ProgressOut(
        reference=reference,
        bundle_name=Bilingual.of(plan.bundle.name),
        status=Term.of(case.status),
        result=Term.of(case.result),
        submitted_at=case.submitted_at,
        promised_on=case.promised_on,
        completed_at=case.completed_at,
        tasks=[
            task_light(task, case, plan, library, context.moment).model_copy(update={"reason": None, "owed": []})
            for task in in_plan_order(case.tasks, plan)
        ],
    )
    return Outcome(answer, tries.right_try(context, reader, subject))


def refusal() -> NotFound:
    """The one answer for a wrong number, a wrong code, or both."""
    return NotFound(
        Text("编号与查询码不匹配，请核对后再试。", "Number and code do not belong together: check both and try again.")
    )


def _tidy(wish: LookUp) -> tuple[str, str]:
    """Reference and code as they are stored; what is wrong with their shape can be said without looking anything up."""
    faults: list[Fault] = []
    reference = code = ""
    try:
        reference = parse_reference(wish.reference).application
    except MalformedReference as error:
        faults.append(Fault("/reference", error.code.replace("_", "-"), error.message))
    try:
        code = normalise_query_code(wish.query_code)
    except MalformedReference as error:
        faults.append(Fault("/query_code", error.code.replace("_", "-"), error.message))
    if faults:
        raise InvalidInput(faults)
    return reference, code
