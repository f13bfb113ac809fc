"""Who holds which certificates: those issued here, and those people brought along (the packs' wallets).

A certificate issued here stands where its case says; one brought along where its own history says.
"""

from app.domain.applications import Application
from app.domain.authorities import Department, find
from app.domain.certificates import (
    CertificateEvent,
    CertificateStatus,
    Company,
    Held,
    Holding,
    standing_after,
)
from app.domain.errors import NotFound
from app.domain.routing import Plan
from app.domain.vocabulary import Level, Text
from app.domain.wallets import Wallet, as_filed, wanted, with_wallet
from app.storage import certificates as rows
from app.storage.queries import Reader
from app.storage.sealing import Found
from app.usecases.accounts import department
from app.usecases.context import Context
from app.usecases.world import World


def wallet_of(world: World, reader: Reader, account: str, kinds: frozenset[str] | None = None) -> Wallet:
    """Everything an account holds; with ``kinds``, at least what is of these types. An account that is no person's
    holds nothing."""
    person = world.catalogue.people.get(account)
    brought = [held for held in world.catalogue.wallets.get(account, ()) if kinds is None or held.type in kinds]
    moves = rows.histories(reader, [held.number for held in brought]) if brought else {}
    issued = [_issued(row) for row in rows.issued_to(reader, account)]
    held = [_brought(world, account, each, moves.get(each.number, [])) for each in brought]
    return Wallet(person.id_number if person else None, (*issued, *held))


def wallet_for(context: Context, reader: Reader, case: Application, plan: Plan) -> Wallet:
    """What of the applicant's wallet may stand for materials of this case: nothing where a counter files it, and
    nothing is looked for that the plan would not take."""
    kinds = frozenset(code for planned in plan.materials if (code := wanted(planned)) is not None)
    if case.filed_region is not None or not kinds:
        person = context.world.catalogue.people.get(case.applicant)
        return Wallet(person.id_number if person else None, (), is_open=case.filed_region is None)
    whose = "wallet", case.applicant, kinds
    return reader.once(whose, lambda: wallet_of(context.world, reader, case.applicant, kinds))


def own_holding(context: Context, reader: Reader, number: str) -> Holding:
    """One certificate of whoever asks; raises :class:`NotFound` for any other."""
    found = holding(context.world, reader, number)
    if found is None or found.holder != context.actor.account:
        raise no_such_certificate()
    return found


def holding(world: World, reader: Reader, number: str) -> Holding | None:
    """The certificate with this number, whoever holds it, or None."""
    row = rows.issued(reader, number)
    if row is not None:
        return _issued(row)
    for account, wallet in world.catalogue.wallets.items():
        for held in wallet:
            if held.number == number:
                return _brought(world, account, held, rows.histories(reader, [number]).get(number, []))
    return None


def office_of(world: World, holding: Holding) -> Department | None:
    """The office that issued a certificate, as the catalogue in force names it."""
    return department(world, holding.department)


def no_such_certificate() -> NotFound:
    """The one sentence for a certificate that does not exist and one that is not the asker's."""
    return NotFound(Text("没有找到这份证照。", "There is no such certificate."))


def fitted(context: Context, reader: Reader, case: Application, plan: Plan, wallet: Wallet | None = None) -> Plan:
    """The plan as it is for this applicant: by the wallet of today in a draft, as it was filed afterwards.

    ``wallet`` saves reading it once more.
    """
    if not any(map(wanted, plan.materials)):
        return plan
    if case.submitted_at is not None:
        return as_filed(plan, case)
    return with_wallet(plan, case, wallet or wallet_for(context, reader, case, plan), context.moment.today)


def _issued(row: Found) -> Holding:
    revoked = row["revoked_on"] is not None
    company = Company(row["uscc"], row["company"]) if row["company"] else None
    return Holding(
        number=row["number"],
        type=row["type"],
        name=Text(row["name_zh"], row["name_en"]),
        holder=row["holder"],
        department=row["department"],
        issued_on=row["issued_on"],
        valid_until=row["valid_until"],
        standing=CertificateStatus.REVOKED if revoked else CertificateStatus[row["standing"].upper()],
        company=company,
        application_id=row["application_id"],
        item=row["item"],
    )


def _brought(world: World, account: str, held: Held, moves: list[CertificateEvent]) -> Holding:
    kind = world.library.certificates[held.type]
    region = held.region or world.catalogue.people[account].region
    office = find(world.library.lines[kind.issuer], Level.COUNTY, region, world.catalogue.regions).department
    return Holding(
        number=held.number,
        type=held.type,
        name=kind.name,
        holder=account,
        department=office.code,
        issued_on=held.issued_on,
        valid_until=held.valid_until,
        standing=standing_after(moves),
        company=held.company,
        facts=held.facts,
    )
