"""Where originals on paper are: from the hall that took them in to the way back when a case failed."""

from dataclasses import dataclass

from app.domain.records import StepKind
from app.domain.vocabulary import Text
from app.schemas.applications import ApplicationOut, EventOut, ProvidedOut
from app.schemas.common import Bilingual
from app.schemas.proxies import ParcelOut, ProxyOut
from app.usecases import plans, tasks
from app.web.visits import Visit


@dataclass(frozen=True, slots=True)
class Original:
    """One paper that was handed in as an original: what was noted of it, and where it is now."""

    name: Bilingual
    note: str | None
    place: Text


async def whereabouts(visit: Visit, it: ApplicationOut, events: list[EventOut]) -> list[Original]:
    """Where each of them is, and how it comes back when the case failed; none where nothing was taken in on paper."""
    kept = [own for own in it.materials if own.means.code == "upload" and own.digest is None and not own.certificate]
    if not kept:
        return []
    plan = await visit.read(plans.show, application_id=it.id)
    names = {paper.code: paper.name for paper in plan.materials}
    back = await _way_back(visit, it, events)
    return [
        Original(
            names.get(own.code, Bilingual(zh=own.code, en=own.code)),
            own.filename,
            back or _place(it.proxy, own),
        )
        for own in kept
    ]


async def _way_back(visit: Visit, it: ApplicationOut, events: list[EventOut]) -> Text | None:
    """What is said once they are to be given back."""
    kind = StepKind.ORIGINAL_OUT.value
    planned = {event.item for event in events if event.kind.code == "step_planned" and event.why == kind}
    steps = []
    for task in it.tasks:
        if task.item in planned:
            found = await visit.perform(tasks.show, task_id=task.id)
            steps += [step for step in found.steps if step.kind.code == kind]
    if not steps:
        return None
    last = steps[-1]
    if last.done_at is not None:
        day = last.done_at.date()
        return Text(f"已经退还（{day.month}月{day.day}日）。", f"Given back on {day:%d %B}.")
    day = last.due_on
    return Text(
        f"这件事没有全部办成，原件会还给您：请在{day.month}月{day.day}日前凭身份证件到大厅领取并签收（期限为示例）。",
        f"Not everything was granted, so it comes back to you: collect it at the hall with your identity card and sign "
        f"for it by {day:%d %B} (illustrative).",
    )


def _place(proxy: ProxyOut | None, own: ProvidedOut) -> Text:
    parcels = () if proxy is None else proxy.parcels
    sent = next((one for one in reversed(parcels) if any(paper.code == own.code for paper in one.materials)), None)
    if sent is None:
        return Text("在收件的大厅。", "At the hall that took it in.")
    return _on_its_way(sent)


def _on_its_way(parcel: ParcelOut) -> Text:
    sender, receiver = parcel.sender, parcel.receiver
    match parcel.status.code:
        case "packed":
            return Text(f"在{sender.zh}，等快递来取。", f"At {sender.en}, waiting for the courier.")
        case "sent":
            bill = parcel.waybill or ""
            return Text(
                f"在路上：{sender.zh}寄往{receiver.zh}，运单号 {bill}。",
                f"On its way from {sender.en} to {receiver.en}, waybill {bill}.",
            )
        case _:
            return Text(f"在{receiver.zh}。", f"At {receiver.en}.")
