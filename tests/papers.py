"""Papers and messages of errands under test."""

from app.domain.authorities import find
from app.domain.messages import Message, messages_for
from app.domain.occasions import Parties
from app.domain.papers import Paper, PaperKind
from app.domain.serving import papers_for
from app.domain.vocabulary import Level, Text
from tests.factories import Errand, catalogue

NAME = Text("王示例", "Wang Shili")


def parties(name: Text = NAME) -> Parties:
    """The applicant, and the hall of Kecheng."""
    found = catalogue()
    return Parties(name, find(found.library.lines["hall"], Level.COUNTY, "330802", found.regions).department)


def papers(errand: Errand, name: Text = NAME) -> tuple[Paper, ...]:
    """Every paper that what happened so far calls for."""
    return papers_for(errand.blank, errand.events, errand.plan, parties(name))


def paper_of(errand: Errand, kind: PaperKind, item: str | None = None) -> Paper:
    """The one paper of that kind, of that item if one is named."""
    (found,) = [p for p in papers(errand) if p.kind is kind and item in {None, p.item}]
    return found


def messages(errand: Errand) -> tuple[Message, ...]:
    """The messages of everything that happened, as if one command had done it."""
    return messages_for(errand.case, errand.events, errand.plan, NAME, papers(errand))


def told(paper: Paper) -> str:
    """All the Chinese of a paper."""
    parts = []
    for part in paper.sections:
        parts += [part.title.zh, *(t.zh for t in part.paragraphs), *(t.zh for t in part.points)]
        parts += [f"{fact.label.zh} {fact.value.zh}" for fact in part.facts]
    return "\n".join(parts)
