"""委托: revoke, list, and act by one. How one is given: :mod:`app.usecases.mandating`."""

from dataclasses import replace

from app.domain.errors import ActionNotAllowed, NotFound, NotSignedIn
from app.domain.mandates import Mandate, MandateStanding
from app.domain.vocabulary import Role, Text
from app.schemas.common import Bilingual, Page, Term
from app.schemas.mandates import MandateOut
from app.storage import mandates as rows
from app.storage.changes import Changes, Update
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import paging
from app.usecases.context import Context


def revoke(context: Context, reader: Reader, mandate_id: str) -> Outcome[MandateOut]:
    """End a mandate at once, also for whoever is signed in by it. Raises :class:`ActionNotAllowed` the second time."""
    found = own(context, reader, mandate_id)
    if found.revoked_at is not None:
        raise ActionNotAllowed(
            Text("这项委托已经撤销。", "This mandate has been revoked already."), action="revoke", allowed=[]
        )
    changes = Changes(updates=[Update("mandate", found.id, {"revoked_at": context.at})])
    return Outcome(mandate_out(context, replace(found, revoked_at=context.at)), changes)


def given(context: Context, reader: Reader, cursor: str | None, limit: int) -> Page[MandateOut]:
    """What one has given, newest first."""
    who = context.acting(Role.APPLICANT)
    return _page(context, rows.given_by(reader, who.account, _before(cursor), limit + 1), limit)


def held(context: Context, reader: Reader, cursor: str | None, limit: int) -> Page[MandateOut]:
    """What one was given, newest first."""
    who = context.acting(Role.APPLICANT)
    return _page(context, rows.held_by(reader, who.account, _before(cursor), limit + 1), limit)


def to_act_by(context: Context, reader: Reader, agent: str, principal: str) -> Mandate | None:
    """The newest mandate in force by which ``agent`` may act for ``principal``, if any."""
    today = context.moment.today
    found = rows.between(reader, principal, agent)
    return next((each for each in found if each.standing(today) is MandateStanding.ACTIVE), None)


def in_force(context: Context, reader: Reader, mandate_id: str) -> Mandate:
    """The mandate a sign-in goes by, looked at anew with every request; raises :class:`NotSignedIn` when it is over."""
    found = rows.mandate(reader, mandate_id)
    standing = MandateStanding.REVOKED if found is None else found.standing(context.moment.today)
    if found is None or standing is not MandateStanding.ACTIVE:
        raise NotSignedIn(
            Text(
                f"您登录所依据的委托{standing.zh}，不能再以代理人身份办理；请以本人身份登录，或请委托人重新委托。",
                f"The mandate you signed in by is {standing.en}: sign in as yourself, or ask for a new mandate.",
            )
        )
    return found


def no_such_mandate() -> NotFound:
    """The one sentence for both "does not exist" and "none of yours"."""
    return NotFound(Text("没有找到这项委托。", "There is no such mandate."))


def mandate_out(context: Context, mandate: Mandate) -> MandateOut:
    """A mandate as both sides see it."""
    people = context.world.catalogue.people
    return MandateOut(
        id=mandate.id,
        principal=mandate.principal,
        principal_name=Bilingual.of(people[mandate.principal].name),
        agent=mandate.agent,
        agent_name=Bilingual.of(people[mandate.agent].name),
        company=mandate.company,
        company_name=mandate.company_name,
        bundles=list(mandate.bundles),
        powers=[Term.of(power) for power in mandate.powers],
        since=mandate.since,
        until=mandate.until,
        given_at=mandate.given_at,
        revoked_at=mandate.revoked_at,
        standing=Term.of(mandate.standing(context.moment.today)),
    )


def own(context: Context, reader: Reader, mandate_id: str) -> Mandate:
    """A mandate that the asker gave; raises :class:`NotFound` for anybody else's."""
    who = context.acting(Role.APPLICANT)
    found = rows.mandate(reader, mandate_id)
    if found is None or found.principal != who.account:
        raise no_such_mandate()
    return found


def _before(cursor: str | None) -> str | None:
    position = paging.position(cursor, 1)
    return position[0] if position else None


def _page(context: Context, found: list[Mandate], limit: int) -> Page[MandateOut]:
    page = found[:limit]
    return Page(
        entries=[mandate_out(context, each) for each in page],
        next=paging.cursor(page[-1].id) if len(found) > limit else None,
    )
