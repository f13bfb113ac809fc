"""我的数据: every look at one's data, objecting to one, and everything kept about oneself to take along.

A person sees the looks at the own applications and those at the own data in anybody's. Of another person's application
nothing is told but its number, the errand and the office.
"""

from dataclasses import dataclass
from datetime import datetime

from app.domain.applications import Application
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput, NotFound
from app.domain.matters import HALL, Because, MatterKind, appeal_office, hall_of
from app.domain.said import said
from app.domain.supervision import Opening, open_matter
from app.domain.vocabulary import Role, Text
from app.schemas.common import Page
from app.schemas.my_data import ContestedOut, ContestIn, FindUsageOut, LookOut
from app.storage import matter_rows
from app.storage import sharing as rows
from app.storage.queries import Reader
from app.storage.sharing import Look, LooksWanted
from app.storage.store import Outcome
from app.usecases import find_usage, look_views, paging
from app.usecases.call_facts import subject_key
from app.usecases.context import Context
from app.usecases.safety import refuse_real_numbers


@dataclass(frozen=True, slots=True)
class Who:
    """A person as the ledger knows one: the account, and the blind index of the number."""

    account: str
    key: str


def me(context: Context) -> Who:
    """Whoever asks; the ledger is a person's own, neither an agent's nor an office's."""
    who = context.acting(Role.APPLICANT)
    person = context.world.catalogue.people.get(who.account)
    return Who(who.account, subject_key(context.world, person.id_number if person is not None else None))


def looks(context: Context, reader: Reader, wanted: LooksWanted, cursor: str | None, limit: int) -> Page[LookOut]:
    """The looks at one's data, newest first."""
    for name in ("application", "department", "dataset"):
        pointer, sought = f"/query/{'office' if name == 'department' else name}", getattr(wanted, name)
        refuse_real_numbers(sought, pointer)
        if sought is not None and not sought.isprintable():  # PostgreSQL refuses to be asked about a NUL
            text = Text(
                "没有这样的查阅记录，请去掉不可见的字符。", "No look has such a code: leave out hidden characters."
            )
            raise InvalidInput([Fault(pointer, "malformed", text)])
    who, found = me(context), paging.position(cursor, 1)
    entries = rows.looks_of(reader, who.account, who.key, wanted, found[0] if found else None, limit + 1)
    page = entries[:limit]
    return Page(
        entries=look_views.told(context, reader, who.account, page),
        next=paging.cursor(page[-1].id) if len(entries) > limit else None,
    )


def usage(
    context: Context, reader: Reader, since: datetime | None, until: datetime | None, offset: int, limit: int
) -> FindUsageOut:
    """The same looks in the words of another country's data tracker."""
    who = me(context)
    wanted = LooksWanted(since=since, until=until, skips_refused=True)
    found = rows.looks_of(reader, who.account, who.key, wanted, None, offset + limit)
    total = rows.count_looks(reader, who.account, who.key, wanted)
    return find_usage.answered(context, reader, found[offset:], total)


def contest(context: Context, reader: Reader, look_id: str, wish: ContestIn) -> Outcome[ContestedOut]:
    """Object to one look: the hall that watches over that office examines it. Twice is the same matter.

    Raises :class:`NotFound` for a look that is not at one's data, :class:`ActionNotAllowed` for one's own side's.
    """
    refuse_real_numbers(wish.model_dump())
    who, look = me(context), rows.look(reader, look_id)
    if look is None or (look.applicant != who.account and look.subject != who.key):
        raise NotFound(Text("没有找到这次查阅。", "There is no such look."))
    case = reader.application(look.application_id) if look.application_id is not None else None
    if not look_views.can_contest(look, who.account):
        text = Text("这是您自己一方的查询，不需要提出异议。", "Your own side asked for this: nothing to object to.")
        raise ActionNotAllowed(text, action="contest", allowed=[])
    if not said(wish.reason):
        raise InvalidInput([Fault("/reason", "missing", Text("请写明理由。", "Say why."))])
    opening = _opening(context, case, look, who, said(wish.reason))
    p = open_matter(opening, context.actor, context.moment)
    answer = ContestedOut(matter_id=p.matter.id, look_id=look.id)
    known = matter_rows.matter(reader, p.matter.id)
    return Outcome(answer, None if known is not None else matter_rows.opened(p))


def _opening(context: Context, case: Application | None, look: Look, who: Who, reason: str) -> Opening:
    """A matter for the hall above the office that looked; never for that office itself. A look at a certificate need
    not be about any case."""
    regions = context.world.catalogue.regions
    line, _, region = (look.department or f"{HALL}.{look.region}").partition(".")
    hall = hall_of(region, regions)
    owner = (appeal_office(hall, regions) or hall) if line == HALL else hall
    return Opening(
        kind=MatterKind.DATA_CONTEST,
        trail=f"{look.id}:{who.account}",
        because=Because.CONTESTED,
        application_id=case.id if case is not None else None,
        reference=case.reference if case is not None else None,
        item=look.item if case is not None and look.item in case.tasks else None,
        region=region,
        owner=owner,
        text=reason,
    )
