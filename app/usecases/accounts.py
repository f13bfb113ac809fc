"""Who can sign in: fictional people from the packs, and by rule the officers of every organisation.

Account codes say who somebody is: ``wang_owner`` (a person), ``agent.wang_owner`` (a helper acting for her),
``clerk.330802`` (the hall's counter), ``officer.market.330802.1`` (one of three officers of a department),
``supervisor.330800``, ``steward.330000``.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta

from app.domain.applications import Actor
from app.domain.authorities import Department, department_at
from app.domain.errors import Fault, InvalidInput, NotSignedIn
from app.domain.mandates import Mandate
from app.domain.vocabulary import Role, Text
from app.schemas.accounts import AccountOut, TokenOut
from app.schemas.common import Bilingual, Term
from app.storage.mapping import Changes
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import mandates
from app.usecases.context import Context
from app.usecases.world import World

OFFICERS = {
    1: Text("承办人", "case officer"),
    2: Text("审核人", "reviewing officer"),
    3: Text("批准人", "approving officer"),
}
"""Three hands of a department (承办 → 审核 → 批准)."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can act."""

    code: str
    name: Text
    role: Role
    department: str | None = None
    region: str | None = None
    acts_for: str | None = None
    note: Text | None = None
    mandate: Mandate | None = None

    @property
    def actor(self) -> Actor:
        """The account as the rules see it."""
        return Actor(self.code, self.role, self.department, self.region, self.acts_for, self.mandate)


def account(world: World, code: str) -> Account | None:
    """The account with this code, or None. Pure: accounts follow from the catalogue."""
    person = world.catalogue.people.get(code)
    if person is not None:
        return Account(code, person.name, Role.APPLICANT, region=person.region, note=person.note)
    kind, _, rest = code.partition(".")
    match kind:
        case "agent":
            return _agent(world, rest)
        case "officer":
            return _officer(world, rest)
        case "clerk" | "supervisor" | "steward":
            return _of_region(world, Role[kind.upper()], rest)
        case _:
            return None


def _agent(world: World, code: str) -> Account | None:
    person = world.catalogue.people.get(code)
    if person is None:
        return None
    name = Text(f"{person.name.zh}的代办员", f"agent of {person.name.en}")
    note = Text("帮办员，凭长期委托书代办。", "A helper who acts by a standing paper.")
    return Account(f"agent.{code}", name, Role.AGENT, region=person.region, acts_for=code, note=note)


def department(world: World, code: str) -> Department | None:
    """The organisation with the code ``line.region``, or None."""
    line, _, region = code.partition(".")
    if line not in world.library.lines or region not in world.catalogue.regions:
        return None
    return department_at(world.library.lines[line], world.catalogue.regions[region])


def _officer(world: World, rest: str) -> Account | None:
    code, _, number = rest.rpartition(".")
    found = department(world, code)
    if found is None or number not in {"1", "2", "3"}:
        return None
    hand = OFFICERS[int(number)]
    name = Text(f"{found.name.zh}{hand.zh}", f"{found.name.en}, {hand.en}")
    return Account(f"officer.{rest}", name, Role.OFFICER, department=found.code, region=found.region)


REGION_NAMES = {
    Role.CLERK: Text("综合窗口收件员", "counter clerk"),
    Role.SUPERVISOR: Text("督办员", "supervisor"),
    Role.STEWARD: Text("数据管理员", "data steward"),
}


def _of_region(world: World, role: Role, code: str) -> Account | None:
    if code not in world.catalogue.regions:
        return None
    region, title = world.catalogue.regions[code], REGION_NAMES[role]
    name = Text(f"{region.name.zh}{title.zh}", f"{title.en}, {region.name.en}")
    return Account(f"{role.value}.{code}", name, role, region=code)


def directory(world: World, region: str) -> list[AccountOut]:
    """Everybody worth being for a region: all people and their agents, its clerk, its departments' officers, its
    supervisor and steward."""
    codes = [code for person in world.catalogue.people for code in (person, f"agent.{person}")]
    if region in world.catalogue.regions:
        codes += [f"clerk.{region}"]
        for place in world.catalogue.regions.ancestors(region):
            codes += [f"officer.{line}.{place.code}.{hand}" for line in world.library.lines for hand in OFFICERS]
        codes += [f"supervisor.{region}", f"steward.{region}"]
    found = (account(world, code) for code in codes)
    return [account_out(entry) for entry in found if entry is not None]


def account_out(entry: Account) -> AccountOut:
    """The account as it is shown."""
    return AccountOut(
        code=entry.code,
        name=Bilingual.of(entry.name),
        role=Term.of(entry.role),
        department=entry.department,
        region=entry.region,
        acts_for=entry.acts_for,
        note=Bilingual.maybe(entry.note),
    )


def token_hash(token: str) -> str:
    """What is stored of a token: SHA-256, hex. The token itself has 256 bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(context: Context, code: str) -> Outcome[TokenOut]:
    """Be somebody. Raises :class:`InvalidInput` for nobody."""
    return _token(context, _somebody(context, code))


def sign_in_for(context: Context, reader: Reader, code: str, principal: str) -> Outcome[TokenOut]:
    """Act for somebody by a mandate. Raises :class:`InvalidInput` for nobody, or without a mandate in force.

    That there is no mandate and that there is no such person sound alike.
    """
    entry = _somebody(context, code)
    found = mandates.to_act_by(context, reader, entry.code, principal)
    if found is None:
        text = Text("您没有此人有效的委托。", "You hold no mandate in force of this person.")
        raise InvalidInput([Fault("/acting_for", "no-mandate", text)])
    return _token(context, acting(context.world, entry, found))


def _somebody(context: Context, code: str) -> Account:
    entry = account(context.world, code) if context.world.policy.is_demo else None
    if entry is None:
        text = Text("没有这个账户，请从登录列表里选择。", "There is no such account: choose one from the list.")
        raise InvalidInput([Fault("/account", "unknown-account", text)])
    return entry


def _token(context: Context, entry: Account) -> Outcome[TokenOut]:
    token = context.dice.token()
    expires_at = context.real_at + timedelta(hours=context.world.policy.token_hours)
    row = {
        "hash": token_hash(token),
        "account": entry.code,
        "mandate_id": entry.mandate.id if entry.mandate else None,
        "created_at": context.real_at,
        "expires_at": expires_at,
    }
    answer = TokenOut(token=token, expires_at=expires_at, account=account_out(entry))
    return Outcome(answer, Changes().also("token", row))


def acting(world: World, entry: Account, mandate: Mandate) -> Account:
    """Somebody as the agent of a mandate."""
    name = world.catalogue.people[mandate.principal].name
    note = Text(f"代{name.zh}办理，至 {mandate.until}。", f"Acting for {name.en} until {mandate.until}.")
    return replace(entry, role=Role.AGENT, acts_for=mandate.principal, note=note, mandate=mandate)


def sign_out(token: str) -> Outcome[None]:
    """End one sign-in; ending it twice is no error."""
    return Outcome(None, Changes(deletes=[("token", {"hash": token_hash(token)})]))


def identify(context: Context, reader: Reader, token: str) -> Account:
    """Who holds this token; raises :class:`NotSignedIn` when it is unknown, has expired, or its mandate is over."""
    row = reader.token(token_hash(token))
    entry = account(context.world, row["account"]) if row is not None and row["expires_at"] > context.real_at else None
    if row is None or entry is None:
        raise NotSignedIn(Text("登录已失效，请重新登录。", "The sign-in has expired: sign in again."))
    if row["mandate_id"] is None:
        return entry
    return acting(context.world, entry, mandates.in_force(context, reader, row["mandate_id"]))
