"""一件事: the list, and one of them with everything that is known about it."""

from typing import Annotated

from fastapi import Query, Response

from app.domain.vocabulary import Means, Need, Role, ServiceObject
from app.schemas.catalogue import BundleOut, MaterialUseOut
from app.transport.doors import Doors
from app.usecases import catalogue
from app.web import answers, prefill
from app.web.home import everything
from app.web.visits import Visiting

UPLOAD = Means.UPLOAD.value

router = Doors(include_in_schema=False)


@router.get("/bundles")
async def list_bundles(visit: Visiting, whose: Annotated[str, Query(alias="for", max_length=20)] = "") -> Response:
    """Every 一件事, or those for people or for businesses."""
    found = everything(visit)
    person = ServiceObject.PERSON.value
    if whose == "person":
        found = [entry for entry in found if any(word.code == person for word in entry.audience)]
    elif whose == "business":
        found = [entry for entry in found if any(word.code != person for word in entry.audience)]
    return visit.page("bundles", bundles=found, whose=whose)


@router.get("/bundles/{code}")
async def show_bundle(visit: Visiting, code: str, mine: Annotated[str, Query(max_length=3)] = "") -> Response:
    """What it is, who takes part, what is asked, and how well each fact is known; ``mine=yes`` looks up which answers
    data give for the visitor. Only then: every look-up stands in the visitor's ledger."""
    world = visit.context.world
    bundle = visit.ask(catalogue.show_bundle, world, code)
    lines = {line.code: line.name for line in visit.ask(catalogue.lines, world)}
    is_asking = mine == "yes" and visit.role in {Role.APPLICANT, Role.AGENT}
    return visit.page(
        "bundle",
        it=bundle,
        lines=lines,
        stories=_stories(visit, bundle.stories),
        may_ask=visit.role in {Role.APPLICANT, Role.AGENT} and any(q.dataset for q in bundle.questions),
        found=await prefill.answered_by_data(visit, code) if is_asking else None,
        papers=_papers(visit, bundle),
        answers=answers,
    )


def _papers(visit: Visiting, bundle: BundleOut) -> list[MaterialUseOut]:
    """The papers that people may have to bring themselves: no certificate, register or result can stand for them."""
    library = visit.context.world.library
    found: dict[str, MaterialUseOut] = {}
    for entry in bundle.items:
        for use in library.items[entry.item.code].materials:
            paper = MaterialUseOut.of(library.materials[use.code], use)
            if paper.sources == [UPLOAD]:
                found.setdefault(paper.code, paper)
    return sorted(found.values(), key=lambda paper: paper.need.code != Need.REQUIRED.value)


def _stories(visit: Visiting, codes: list[str]) -> list[object]:
    return [story for story in visit.ask(catalogue.stories, visit.context.world) if story.code in codes]
