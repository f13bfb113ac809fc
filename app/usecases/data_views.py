"""Requests for data and approvals as they are shown."""

from collections.abc import Sequence
from dataclasses import fields

from app.domain.datasets import Approval, LineEvent, LineStatus, RequestLine, permitted, sides_of
from app.schemas.common import Bilingual, Term
from app.schemas.datasets import ApprovalOut, DataLineFullOut, DataLineOut, DataRequestOut, LineEventOut
from app.storage import dataset_rows
from app.storage.dataset_rows import Basket
from app.storage.queries import Reader
from app.usecases.context import Context
from app.usecases.names import item_name, office_name, region_name

SAME = (
    *("id", "request_id", "item", "dataset", "region", "department", "holder", "asked_elements", "asked_per_day"),
    *("asked_until", "due_on", "elements", "per_day", "until", "reference", "reason", "decided_on"),
)
"""Members of a line that are shown as they are."""


def line_out(context: Context, line: RequestLine) -> DataLineOut:
    """One line as the asker sees it."""
    return DataLineOut(**_line(context, line))


def line_with_course(
    context: Context, reader: Reader, line: RequestLine, fresh: Sequence[LineEvent]
) -> DataLineFullOut:
    """The same with its events, those just made included."""
    events = [*dataset_rows.line_events(reader, line.id), *fresh]
    return DataLineFullOut(**_line(context, line), events=[_event(context, event) for event in events])


def request_out(context: Context, basket: Basket, lines: Sequence[RequestLine]) -> DataRequestOut:
    """A request with the lines the asker may see."""
    return DataRequestOut(
        id=basket.id,
        item=basket.item,
        item_name=item_name(context, basket.item),
        region=basket.region,
        region_name=region_name(context, basket.region),
        department=basket.department,
        department_name=office_name(context, basket.department),
        purpose=basket.purpose,
        asked_at=basket.asked_at,
        is_settled=all(line.status is not LineStatus.ASKED for line in lines),
        lines=[line_out(context, line) for line in lines],
    )


def approval_out(context: Context, approval: Approval) -> ApprovalOut:
    """An approval."""
    own = {entry.name: getattr(approval, entry.name) for entry in fields(Approval)}
    return ApprovalOut(
        **{
            **own,
            "item_name": item_name(context, approval.item),
            "region_name": None if approval.region is None else region_name(context, approval.region),
            "origin": Term.of(approval.origin),
            "elements": None if approval.elements is None else list(approval.elements),
            "reference": Bilingual.maybe(approval.reference),
        }
    )


def _line(context: Context, line: RequestLine) -> dict[str, object]:
    dataset = context.world.library.datasets.get(line.dataset)
    name = Bilingual.of(dataset.name) if dataset else Bilingual(zh=line.dataset, en=line.dataset)
    sides = sides_of(line, context.actor)
    return {
        **{name: getattr(line, name) for name in SAME},
        "asked_elements": list(line.asked_elements),
        "elements": None if line.elements is None else list(line.elements),
        "item_name": item_name(context, line.item),
        "dataset_name": name,
        "region_name": region_name(context, line.region),
        "department_name": office_name(context, line.department),
        "holder_name": office_name(context, line.holder),
        "sharing": Term.maybe(dataset.sharing if dataset else None),
        "status": Term.of(line.status),
        "is_overdue": line.is_overdue(context.moment.today),
        "allowed": [Term.of(action) for action in permitted(line, sides)],
    }


def _event(context: Context, event: LineEvent) -> LineEventOut:
    return LineEventOut(
        seq=event.seq,
        at=event.at,
        kind=Term.of(event.kind),
        role=Term.of(event.role),
        office=event.office,
        office_name=office_name(context, event.office) if event.office else None,
        start=Term.of(LineStatus[event.start.upper()]),
        end=Term.of(LineStatus[event.end.upper()]),
        why=event.why,
    )
