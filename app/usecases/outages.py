"""Registers that are down for a demonstration, and which registers there are."""

from app.domain.errors import NotAllowed
from app.domain.vocabulary import Role, Text
from app.schemas.common import Bilingual
from app.schemas.shared_values import OutageWish, RegisterOut
from app.storage import registers as rows
from app.storage.changes import Changes, Row
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases.context import Context
from app.usecases.safety import refuse_real_numbers
from app.usecases.world import no_such

SEES = (Role.SUPERVISOR, Role.STEWARD)


def listed(context: Context, reader: Reader) -> list[RegisterOut]:
    """Every register and whether it answers, for supervision and stewards."""
    context.acting(*SEES)
    down = rows.outages(reader)
    return [_register(context, code, down.get(code)) for code in context.world.library.datasets]


def switch(context: Context, reader: Reader, dataset: str, wish: OutageWish) -> Outcome[RegisterOut]:
    """Take a register down or bring it up. Raises :class:`NotAllowed` outside a demonstration, :class:`NotFound`."""
    refuse_real_numbers(wish.model_dump())
    who = context.acting(*SEES)
    if not context.world.policy.is_demo:
        raise NotAllowed(Text("只有演示环境可以停用数源。", "Only a demonstration can take a register down."))
    if dataset not in context.world.library.datasets:
        raise no_such("数据资源", "dataset", dataset, context.world.library.datasets)
    known = rows.outages(reader).get(dataset)
    if wish.is_down is (known is not None):
        return Outcome(_register(context, dataset, known))
    if not wish.is_down:
        return Outcome(_register(context, dataset, None), rows.up(dataset))
    row = {"dataset": dataset, "at": context.at, "by": who.account, "reason": wish.reason}
    return Outcome(_register(context, dataset, row), Changes().also("register_outage", row))


def _register(context: Context, code: str, outage: Row | None) -> RegisterOut:
    dataset = context.world.library.datasets[code]
    return RegisterOut(
        dataset=code,
        name=Bilingual.of(dataset.name),
        holder_name=Bilingual.of(context.world.library.lines[dataset.holder].name),
        is_remote=code in context.world.remote,
        is_down=outage is not None,
        since=outage["at"] if outage else None,
        reason=outage["reason"] if outage else None,
    )
