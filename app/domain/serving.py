"""Serving papers (送达): which event makes which paper. Pure: from events to finished papers.

Each paper is written from the application as it stood right after its event, so one command that moves a task several
times writes each paper with what was true at that step.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate

from app.domain import decision_papers, intake_papers, pledge_papers
from app.domain.applications import Application, Event, EventKind, evolve
from app.domain.occasions import Occasion, Parties
from app.domain.papers import Paper
from app.domain.routing import Plan

Writer = Callable[[Occasion], Iterable[Paper]]

WRITERS: Mapping[EventKind, Writer] = {
    EventKind.SUBMITTED: pledge_papers.submitted,
    EventKind.TASK_OPENED: intake_papers.handed_over,
    EventKind.STARTED: intake_papers.handed_over,
    EventKind.MATERIAL_PROVIDED: intake_papers.late_material,
    EventKind.ACCEPTED: intake_papers.acceptance,
    EventKind.DEEMED_ACCEPTED: intake_papers.acceptance,
    EventKind.CORRECTION_SERVED: intake_papers.correction,
    EventKind.DECLINED: intake_papers.declined,
    EventKind.SPECIAL_BEGUN: decision_papers.special,
    EventKind.EXTENDED: decision_papers.extension,
    EventKind.WHOLE_EXTENDED: decision_papers.whole_extension,
    EventKind.GRANTED: decision_papers.granted,
    EventKind.DENIED: decision_papers.denied,
    EventKind.DISPATCHED: decision_papers.dispatched,
    EventKind.DELIVERED: decision_papers.delivered,
    EventKind.SURVEY_APPOINTED: intake_papers.survey,
    EventKind.ANNOUNCED: decision_papers.announced,
    EventKind.REVOKED: decision_papers.revoked,
}
"""Acceptance of an item with fees brings a payment notice with it."""


def calls_for_paper(event: Event) -> bool:
    """Whether such an event may call for a paper."""
    return event.kind in WRITERS


def papers_for(
    before: Application,
    events: Sequence[Event],
    plan: Plan,
    parties: Parties,
    cases: Sequence[Application] | None = None,
) -> tuple[Paper, ...]:
    """The papers these events call for, in their order; none for a draft. ``cases``, the application right after each
    event, saves working them out once more."""
    if not any(map(calls_for_paper, events)):
        return ()
    if cases is None:
        cases = list(accumulate(events, evolve, initial=before))[1:]
    papers: list[Paper] = []
    for event, case in zip(events, cases, strict=True):
        writer = WRITERS.get(event.kind)
        if writer is not None and case.reference is not None:
            papers += writer(Occasion(event, case, cases[-1], plan, parties))
    return tuple(papers)
