"""What follows from events for people: papers served and messages sent, in the transaction that wrote the events."""

from dataclasses import replace

from app.domain.applications import Application
from app.domain.authorities import Department, department_at
from app.domain.happenings import Happenings
from app.domain.messages import is_news, messages_for
from app.domain.occasions import Parties
from app.domain.papers import Paper
from app.domain.routing import Plan
from app.domain.serving import calls_for_paper, papers_for
from app.domain.vocabulary import Level, OrganisationKind, Text
from app.storage.changes import Changes
from app.storage.papers import message_row, paper_row
from app.storage.queries import Reader
from app.usecases.accounts import account
from app.usecases.context import Context
from app.usecases.plans import plan_of
from app.usecases.world import World

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals that nobody confuses on paper."""
CODE_LENGTH = 10
"""30 ** 10 is 5.9e14: nobody tries these through a door."""


def served(
    context: Context, reader: Reader, changes: Changes, before: Application, h: Happenings, plan: Plan | None
) -> Changes:
    """The changes with the papers and messages that the happenings call for; a draft calls for none.

    ``plan`` is the plan of the application, when the caller has it already.
    """
    if h.case.reference is None or not any(calls_for_paper(event) or is_news(event) for event in h.events):
        return changes
    plan = plan or plan_of(context, reader, h.case)
    parties = parties_of(context.world, h.case)
    papers = papers_for(before, h.events, plan, parties, h.cases)
    messages = messages_for(h.case, h.events, plan, parties.applicant, papers)
    case = h.case.id
    changes = changes.also("paper", *(paper_row(_salted(context, paper), case, _new_code(context)) for paper in papers))
    ids = sorted(context.new_id() for _ in messages)
    rows = [message_row(message, own, case, context.at) for message, own in zip(messages, ids, strict=True)]
    return changes.also("message", *rows)


def parties_of(world: World, case: Application) -> Parties:
    """The people and offices that stand on every paper of this application."""
    person = account(world, case.applicant)
    name = person.name if person else Text(case.applicant, case.applicant)
    return Parties(name, hall_of(world, case.filed_region or case.region))


def hall_of(world: World, region: str) -> Department:
    """The service hall nearest to a region, climbing; where the packs have none, a desk named after the region."""
    halls = [line for line in world.library.lines.values() if line.kind is OrganisationKind.HALL]
    for place in world.catalogue.regions.ancestors(region):
        for line in halls:
            found = department_at(line, place)
            if found is not None:
                return found
    name = world.catalogue.regions[region].name
    return Department(
        code=f"hall.{region}",
        name=Text(f"{name.zh}综合窗口", f"Joint service desk of {name.en}"),
        line="hall",
        region=region,
        level=Level.COUNTY,
        kind=OrganisationKind.HALL,
        authority_code="—",
        phone="—",
        complaint_phone="—",
    )


def _salted(context: Context, paper: Paper) -> Paper:
    return replace(paper, salt=context.sealing.salt().hex())


def _new_code(context: Context) -> str:
    """A fresh code for the link that verifies a paper."""
    number, digits = context.dice.below(len(CODE_ALPHABET) ** CODE_LENGTH), []
    for _ in range(CODE_LENGTH):
        number, digit = divmod(number, len(CODE_ALPHABET))
        digits.append(CODE_ALPHABET[digit])
    return "".join(digits)
