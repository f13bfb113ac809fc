"""委托: giving one. For a company the register of businesses must name whoever gives it; that look is on record."""

from dataclasses import dataclass, replace
from functools import partial

from app.domain import mandates
from app.domain.errors import Fault, InvalidInput, Refusal
from app.domain.identity import IdentityError, check_uscc
from app.domain.mandates import Mandate, Power
from app.domain.vocabulary import Role, Text
from app.schemas.mandates import MandateOut, NewMandate
from app.storage import mandates as rows
from app.storage.changes import Changes
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases import businesses, once
from app.usecases.businesses import Company
from app.usecases.context import Context
from app.usecases.mandates import mandate_out, own
from app.usecases.safety import refuse_real_numbers


@dataclass(frozen=True, slots=True)
class _Wish:
    """What somebody wants to give: ``known`` is the id of what the same key gave before."""

    request: dict[str, object]
    key: str | None
    mandate: Mandate
    known: str | None = None


async def give(context: Context, store: Store, wish: NewMandate, key: str | None = None) -> MandateOut:
    """A new mandate. With a key already used for the same wish, the mandate given then.

    For a company the register of businesses is asked, and that look is on record whatever comes of it. Raises
    :class:`InvalidInput` with every fault.
    """
    refuse_real_numbers(wish.model_dump(mode="json"))
    found = await store.aread(partial(_wished, context, wish=wish, key=key))
    company = None
    if found.known is None and found.mandate.company is not None:
        company = await businesses.represented(context, store, found.mandate.company, found.mandate.bundles[0])
    return await store.aperform(partial(_give, context, wish=wish, key=key, company=company))


def _wished(context: Context, reader: Reader, wish: NewMandate, key: str | None) -> _Wish:
    """The mandate as it would be given. Raises :class:`InvalidInput` before any register is asked."""
    who = context.acting(Role.APPLICANT)
    request: dict[str, object] = {"mandate": wish.model_dump(mode="json")}
    if (known := once.seen(context, reader, key, request)) is not None:
        return _Wish(request, key, own(context, reader, known), known)
    today = context.moment.today
    mandate = Mandate(
        id=context.new_id(),
        principal=who.account,
        agent=_agent(context, wish.to),
        company=None if wish.company is None else _company(wish.company),
        bundles=tuple(dict.fromkeys(wish.bundles)),
        powers=tuple(Power[power.upper()] for power in dict.fromkeys(wish.powers)),
        since=wish.since or today,
        until=wish.until,
        given_at=context.at,
    )
    audiences = {code: bundle.audience for code, bundle in context.world.library.bundles.items()}
    mandates.must_be_sound(mandate, today, audiences)
    return _Wish(request, key, mandate)


def _give(
    context: Context, reader: Reader, wish: NewMandate, key: str | None, company: Company | None
) -> Outcome[MandateOut]:
    try:
        found = _wished(context, reader, wish, key)
        if found.known is None and company is not None:
            _must_represent(company)
    except Refusal as refusal:  # what was asked was asked
        raise refusal if company is None else company.asked.traced(context, refusal) from None
    looked = Changes() if company is None else company.asked.kept(context, Changes())
    if found.known is not None:
        return Outcome(mandate_out(context, found.mandate), None if company is None else looked)
    mandate = replace(found.mandate, company_name=None if company is None else company.name)
    changes = looked.also("mandate", rows.mandate_row(mandate))
    return Outcome(mandate_out(context, mandate), once.remember(context, key, found.request, mandate.id, changes))


def _agent(context: Context, code: str) -> str:
    if code not in context.world.catalogue.people:
        text = Text("没有这个人，请填写其账户代码。", "There is nobody with this account.")
        raise InvalidInput([Fault("/to", "unknown-account", text)])
    return code


def _company(code: str) -> str:
    try:
        return check_uscc(code)
    except IdentityError as error:
        raise InvalidInput([Fault("/company", "malformed", error.message)]) from None


def _must_represent(company: Company) -> None:
    """Raise :class:`InvalidInput` unless the register has just named the asker as the legal representative."""
    if company.obstacle is not None:
        raise InvalidInput([Fault("/company", "not-checked", company.obstacle)])
    if not company.is_represented:
        text = Text(
            "经营主体登记信息中，您不是该单位的法定代表人（负责人）。",
            "The register of businesses does not name you as its legal representative.",
        )
        raise InvalidInput([Fault("/company", "not-yours", text)])
