"""委托: give, revoke, list, and act by one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain import mandates
from app.domain.applications import Actor
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput, NotFound, NotSignedIn
from app.domain.identity import IdentityError, check_uscc
from app.domain.mandates import Mandate, MandateStanding, Power
from app.domain.vocabulary import Role, Text
from app.schemas.common import Bilingual, Page, Term
from app.schemas.mandates import MandateOut, NewMandate
from app.storage import mandates as rows
from app.storage.mapping import Changes, Update
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import once, paging
from app.usecases.context import Context
from app.usecases.safety import refuse_real_numbers
from app.usecases.world import World

BUSINESSES = "enterprise_register"
"""The register that says who a company's legal representative is."""


def give(context: Context, reader: Reader, wish: NewMandate, key: str | None = None) -> Outcome[MandateOut]:
    """A new mandate. With a key already used for the same wish, the mandate given then.

    Raises :class:`InvalidInput` with every fault.
    """
    refuse_real_numbers(wish.model_dump(mode="json"))
    who = context.acting(Role.APPLICANT)
    request = {"mandate": wish.model_dump(mode="json")}
    if (known := once.seen(context, reader, key, request)) is not None:
        return Outcome(mandate_out(context, _own(context, reader, known)))
    today = context.moment.today
    mandate = Mandate(
        id=context.new_id(),
        principal=who.account,
        agent=_agent(context, wish.to),
        company=None if wish.company is None else _company(context.world, who, wish.company),
        bundles=tuple(dict.fromkeys(wish.bundles)),
        powers=tuple(Power[power.upper()] for power in dict.fromkeys(wish.powers)),
        since=wish.since or today,
        until=wish.until,
        given_at=context.at,
    )
    audiences = {code: bundle.audience for code, bundle in context.world.library.bundles.items()}
    mandates.must_be_sound(mandate, today, audiences)
    changes = Changes().also("mandate", rows.mandate_row(mandate))
    return Outcome(mandate_out(context, mandate), once.remember(context, key, request, mandate.id, changes))


def revoke(context: Context, reader: Reader, mandate_id: str) -> Outcome[MandateOut]:
    """End a mandate at once, also for whoever is signed in by it. Raises :class:`ActionNotAllowed` the second time."""
    found = _own(context, reader, mandate_id)
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
    company = _register(context.world, BUSINESSES).get(mandate.company or "", {})
    return MandateOut(
        id=mandate.id,
        principal=mandate.principal,
        principal_name=Bilingual.of(people[mandate.principal].name),
        agent=mandate.agent,
        agent_name=Bilingual.of(people[mandate.agent].name),
        company=mandate.company,
        company_name=company.get("org"),
        bundles=list(mandate.bundles),
        powers=[Term.of(power) for power in mandate.powers],
        since=mandate.since,
        until=mandate.until,
        given_at=mandate.given_at,
        revoked_at=mandate.revoked_at,
        standing=Term.of(mandate.standing(context.moment.today)),
    )


def _own(context: Context, reader: Reader, mandate_id: str) -> Mandate:
    who = context.acting(Role.APPLICANT)
    found = rows.mandate(reader, mandate_id)
    if found is None or found.principal != who.account:
        raise no_such_mandate()
    return found


def _agent(context: Context, code: str) -> str:
    if code not in context.world.catalogue.people:
        text = Text("没有这个人，请填写其账户代码。", "There is nobody with this account.")
        raise InvalidInput([Fault("/to", "unknown-account", text)])
    return code


def _company(world: World, who: Actor, code: str) -> str:
    """The company's code, when the register names the asker as its legal representative."""
    own = world.catalogue.people[who.account].id_number
    try:
        number = check_uscc(code)
    except IdentityError as error:
        raise InvalidInput([Fault("/company", "malformed", error.message)]) from None
    if _register(world, BUSINESSES).get(number, {}).get("legal_rep_id") != own:
        text = Text(
            "经营主体登记信息中，您不是该单位的法定代表人（负责人）。",
            "The register of businesses does not name you as its legal representative.",
        )
        raise InvalidInput([Fault("/company", "not-yours", text)])
    return number


def _register(world: World, dataset: str) -> Mapping[str, Mapping[str, Any]]:
    """The rows of one register of the packs; empty where a pack has none."""
    return world.catalogue.pack.registers.get(dataset, {})


def _before(cursor: str | None) -> str | None:
    position = paging.position(cursor, 1)
    return position[0] if position else None


def _page(context: Context, found: list[Mandate], limit: int) -> Page[MandateOut]:
    page = found[:limit]
    return Page(
        entries=[mandate_out(context, each) for each in page],
        next=paging.cursor(page[-1].id) if len(found) > limit else None,
    )
