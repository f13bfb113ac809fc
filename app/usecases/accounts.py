"""Who can sign in: fictional people from the packs, and by rule the officers of every organisation.

Account codes say who somebody is: ``wang_owner`` (a person), ``agent.wang_owner`` (a helper acting for her),
``clerk.330802`` (the hall's counter), ``officer.market.330802.1`` (one of three officers of a department),
``supervisor.330800``, ``steward.330000``.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.applications import Actor
from app.domain.authorities import Department, department_at
from app.domain.errors import Fault, InvalidInput, NotSignedIn
from app.domain.mandates import Mandate
from app.domain.periods import written_day
from app.domain.vocabulary import Role, Text
from app.schemas.accounts import AccountOut, TokenOut
from app.schemas.common import Bilingual, Term
from app.storage.changes import Changes, Update
from app.storage.queries import Reader
from app.storage.sealing import Found
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


API, PAGE = "api", "page"
"""Ways to sign in."""
MOST_SIGN_INS = 50
"""Of one account at a time; the oldest ends. Illustrative."""
NOTED = timedelta(minutes=1)
"""How often it is noted that a sign-in is in use."""


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
    supervisor and steward. Outside a demonstration there is nobody to be."""
    if not world.policy.is_demo:
        return []
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


@dataclass(frozen=True, slots=True)
class Door:
    """Where somebody signs in: through which way, and the token that the new one takes the place of, if any."""

    way: str = API
    instead_of: str | None = None


def sign_in(context: Context, reader: Reader, code: str, door: Door = Door()) -> Outcome[TokenOut]:
    """Be somebody. Raises :class:`InvalidInput` for nobody."""
    return _token(context, reader, _somebody(context, code), door)


def sign_in_for(
    context: Context,
    reader: Reader,
    code: str,
    principal: str,
    door: Door = Door(),
) -> Outcome[TokenOut]:
    """Act for somebody by a mandate. Raises :class:`InvalidInput` for nobody, or without a mandate in force.

    That there is no mandate and that there is no such person sound alike.
    """
    entry = _somebody(context, code)
    found = mandates.to_act_by(context, reader, entry.code, principal)
    if found is None:
        text = Text("您没有此人有效的委托。", "You hold no mandate in force of this person.")
        raise InvalidInput([Fault("/acting_for", "no-mandate", text)])
    return _token(context, reader, acting(context.world, entry, found), door)


def _somebody(context: Context, code: str) -> Account:
    entry = account(context.world, code) if context.world.policy.is_demo else None
    if entry is None:
        text = Text("没有这个账户，请从登录列表里选择。", "There is no such account: choose one from the list.")
        raise InvalidInput([Fault("/account", "unknown-account", text)])
    return entry


def _token(context: Context, reader: Reader, entry: Account, door: Door) -> Outcome[TokenOut]:
    """A new token each time; what it takes the place of ends, and so does what is over or one too many."""
    token = context.dice.token()
    expires_at = context.real_at + timedelta(hours=context.world.policy.token_hours)
    row = {
        "hash": token_hash(token),
        "id": context.new_id(),
        "account": entry.code,
        "mandate_id": entry.mandate.id if entry.mandate else None,
        "way": door.way,
        "created_at": context.real_at,
        "seen_at": context.real_at,
        "expires_at": expires_at,
    }
    answer = TokenOut(token=token, expires_at=expires_at, account=account_out(entry))
    earlier = reader.tokens_of(entry.code)
    live = [one for one in earlier if is_live(context, one)]
    over = {one["hash"] for one in [*live[MOST_SIGN_INS - 1 :], *(one for one in earlier if one not in live)]}
    if door.instead_of is not None:
        over.add(token_hash(door.instead_of))
    return Outcome(answer, Changes(deletes=[("token", {"hash": one}) for one in sorted(over)]).also("token", row))


def is_live(context: Context, row: Found) -> bool:
    """Whether a sign-in still counts: neither too old nor too long without a request."""
    idle_until: datetime = row["seen_at"] + timedelta(minutes=context.world.policy.idle_minutes)
    return bool(min(row["expires_at"], idle_until) > context.real_at)


def acting(world: World, entry: Account, mandate: Mandate) -> Account:
    """Somebody as the agent of a mandate."""
    name = world.catalogue.people[mandate.principal].name
    until = written_day(mandate.until)
    note = Text(f"代{name.zh}办理，至{until.zh}。", f"Acting for {name.en} until {until.en}.")
    return replace(entry, role=Role.AGENT, acts_for=mandate.principal, note=note, mandate=mandate)


def sign_out(token: str) -> Outcome[None]:
    """End one sign-in; ending it twice is no error."""
    return Outcome(None, Changes(deletes=[("token", {"hash": token_hash(token)})]))


def identify(context: Context, reader: Reader, token: str) -> Account:
    """Who holds this token; raises :class:`NotSignedIn` when it is unknown or over, or its mandate is."""
    return present(context, reader, token)[0]


def present(context: Context, reader: Reader, token: str) -> tuple[Account, bool]:
    """The same, and whether it is time to note that the sign-in is in use. Raises :class:`NotSignedIn`.

    Whoever picked somebody in a demonstration has shown nobody who he is: that ends where the demonstration does.
    """
    row = reader.token(token_hash(token)) if context.world.policy.is_demo else None
    entry = account(context.world, row["account"]) if row is not None and is_live(context, row) else None
    if row is None or entry is None:
        raise NotSignedIn(Text("登录已失效，请重新登录。", "The sign-in has expired: sign in again."))
    is_due = context.real_at - row["seen_at"] >= NOTED
    if row["mandate_id"] is None:
        return entry, is_due
    return acting(context.world, entry, mandates.in_force(context, reader, row["mandate_id"])), is_due


def seen(context: Context, reader: Reader, token: str) -> Outcome[None]:
    """Note that a sign-in is in use, at most once a minute."""
    row = reader.token(token_hash(token))
    if row is None or context.real_at - row["seen_at"] < NOTED:
        return Outcome(None)
    return Outcome(None, Changes(updates=[Update("token", row["hash"], {"seen_at": context.real_at})]))
