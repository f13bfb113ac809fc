"""一本账: the catalogue of data, and the one question every call asks of it: has the holder approved this?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.catalogue import EXISTS, Dataset, Library, ServiceItem
from app.domain.datasets import Approval, Origin, ruling
from app.domain.errors import Fault, InvalidInput
from app.domain.slices import listed
from app.domain.vocabulary import Grade, Role, SharingClass, Text
from app.schemas.catalogue import ItemSummary
from app.schemas.common import Bilingual, Page, Term
from app.schemas.datasets import (
    AskableElementOut,
    AskableOut,
    DatasetLineOut,
    DatasetOut,
    ElementOut,
    GradeCode,
    MonthOut,
    NeedOut,
    SharingCode,
)
from app.storage import dataset_rows
from app.storage import quotas as quota_rows
from app.storage.queries import Reader
from app.usecases import paging
from app.usecases.catalogue import bundles_with
from app.usecases.context import Context
from app.usecases.data_views import approval_out
from app.usecases.safety import refuse_real_numbers
from app.usecases.world import no_such

MONTHS = 12
RECORD = Text("是否有记录", "whether there is a record")
NOTE = Text(
    "教学演示：分级、批复文号、每日次数和更新频率均为示例。",
    "Demonstration: grades, numbers of approvals, calls of a day and update frequencies are illustrative.",
)


def approval_for(context: Context, reader: Reader, item: str, dataset: str, region: str) -> Approval | None:
    """The approval by which an item may have a dataset for a case in ``region`` today; None: it may not.

    Unconditionally shared data and the data of the item's own line need nobody's approval, but a suspension of the
    holder stands against them, too. Unknown items and datasets have none.
    """
    library, regions = context.world.library, context.world.catalogue.regions
    wanted, source = library.items.get(item), library.datasets.get(dataset)
    if wanted is None or source is None or source.sharing is SharingClass.NONE or region not in regions:
        return None
    standing = [each for each in context.world.catalogue.approvals if (each.item, each.dataset) == (item, dataset)]
    standing += _implicit(wanted, source)
    lines = dataset_rows.live_lines(reader, item, dataset)
    stored = [found for line in lines if (found := line.approval) is not None]
    chain = [place.code for place in regions.ancestors(region)]
    return ruling([*standing, *stored], chain, context.moment.today)


def is_over_quota(context: Context, reader: Reader, approval: Approval) -> bool:
    """Whether the calls on the ledger have used today's approved number up. Calls under way are not among them: who
    asks for several at once, or at the same instant as others, is counted in :mod:`app.usecases.asked`."""
    if approval.per_day is None:
        return False
    return quota_rows.written(reader, quota_rows.quota_of(approval, context.moment.today)) >= approval.per_day


def standing_of(context: Context, approval_id: str) -> Approval | None:
    """What stands without anybody's request, by its id: approved with the catalogue, or shared without condition."""
    found = next((each for each in context.world.catalogue.approvals if each.id == approval_id), None)
    return found or next((each for each in _open(context.world.library) if each.id == approval_id), None)


def _open(library: Library) -> list[Approval]:
    """What is shared without condition, for every item of another line that needs it."""
    datasets = [each for each in library.datasets.values() if each.sharing is SharingClass.UNCONDITIONAL]
    found = [one for dataset in datasets for item in _users(library, dataset.code) for one in _implicit(item, dataset)]
    return [each for each in found if each.origin is Origin.OPEN]


def _implicit(item: ServiceItem, dataset: Dataset) -> list[Approval]:
    """What needs no approval: data of the own line, and what is shared without condition."""
    if dataset.holder == item.line:
        origin = Origin.OWN
    elif dataset.sharing is SharingClass.UNCONDITIONAL:
        origin = Origin.OPEN
    else:
        return []
    code = f"{origin.value}.{item.code}.{dataset.code}"
    return [Approval(id=code, item=item.code, dataset=dataset.code, origin=origin)]


@dataclass(frozen=True, slots=True)
class Sought:
    """Which datasets somebody looks for: words in names or codes, a holder, a grade, a sharing class."""

    words: str = ""
    holder: str | None = None
    grade: GradeCode | None = None
    sharing: SharingCode | None = None


def needed(library: Library, item: ServiceItem, dataset: Dataset) -> frozenset[str]:
    """The elements of a dataset that an item may ask for: what its fields, papers and questions take in any bundle."""
    bundles = [bundle for bundle in library.bundles.values() if item.code in bundle.items]
    return frozenset().union(*(listed(library, bundle, item, dataset.code) for bundle in bundles))


def browse(context: Context, sought: Sought, cursor: str | None, limit: int) -> Page[DatasetLineOut]:
    """The datasets that fit, by code. Words are looked for in datasets, their elements and their holders."""
    refuse_real_numbers(sought.words, "/q")
    position = paging.position(cursor, 1)
    library = context.world.library
    if sought.holder is not None and sought.holder not in library.lines:
        text = Text("没有这个条线。", "There is no such line.")
        raise InvalidInput([Fault("/query/holder", "unknown-line", text)])
    found = [library.datasets[code] for code in sorted(library.datasets) if not position or code > position[0]]
    fitting = [dataset for dataset in found if _fits(library, dataset, sought)]
    page = fitting[:limit]
    return Page(
        entries=[DatasetLineOut(**_line(library, dataset)) for dataset in page],
        next=paging.cursor(page[-1].code) if len(fitting) > limit else None,
    )


def show(context: Context, reader: Reader, code: str) -> DatasetOut:
    """One dataset: what it holds, who needs it for what, what is approved, how often it was asked for.

    Raises :class:`NotFound` with the nearest right code.
    """
    library = context.world.library
    dataset = library.datasets.get(code)
    if dataset is None:
        raise no_such("数据资源", "dataset", code, library.datasets)
    first = _first_month(context.moment.today)
    return DatasetOut(
        **_line(library, dataset),
        no_sharing_basis=Bilingual.maybe(dataset.no_sharing_basis),
        elements=_elements(library, dataset),
        needs=[_need(library, item, dataset) for item in _users(library, code)],
        approvals=[approval_out(context, each) for each in _approvals(context, reader, code)],
        calls=_months(dataset_rows.calls_by_day(reader, code, first), first),
        note=Bilingual.of(NOTE),
    )


def own_items(context: Context) -> list[ItemSummary]:
    """The items of the own line that need data of another: those an officer may ask for data for."""
    who = context.acting(Role.OFFICER)
    line, library = (who.department or "").partition(".")[0], context.world.library
    return [
        ItemSummary.of(item, bundles_with(context.world, item.code))
        for item in library.items.values()
        if item.line == line and _foreign(library, item)
    ]


def askable(context: Context, item: str) -> list[AskableOut]:
    """What may be asked for one of :func:`own_items`: each dataset of another line with exactly the elements needed.

    Empty for every other item. Who asks still gets only what :func:`needed` lists.
    """
    if item not in {each.code for each in own_items(context)}:
        return []
    library = context.world.library
    wanted = library.items[item]
    return [_askable(library, wanted, dataset) for dataset in _foreign(library, wanted)]


def element_names(library: Library, code: str) -> dict[str, Text]:
    """The names of a dataset's elements, the plain yes or no among them."""
    dataset = library.datasets.get(code)
    elements = dataset.elements if dataset else {}
    return {EXISTS: RECORD} | {each: element.name for each, element in elements.items()}


def _foreign(library: Library, item: ServiceItem) -> list[Dataset]:
    found = [library.datasets[code] for code in item.needs_data if code in library.datasets]
    return [dataset for dataset in found if dataset.holder != item.line and needed(library, item, dataset)]


def _askable(library: Library, item: ServiceItem, dataset: Dataset) -> AskableOut:
    names = element_names(library, dataset.code)
    return AskableOut(
        **_line(library, dataset),
        elements=[
            AskableElementOut(code=code, name=Bilingual.of(names.get(code, Text(code, code))))
            for code in sorted(needed(library, item, dataset))
        ],
        uses=_need(library, item, dataset).uses,
    )


def _fits(library: Library, dataset: Dataset, sought: Sought) -> bool:
    if sought.holder is not None and dataset.holder != sought.holder:
        return False
    if sought.grade is not None and dataset.grade is not Grade[sought.grade]:
        return False
    if sought.sharing is not None and dataset.sharing is not SharingClass[sought.sharing.upper()]:
        return False
    words = sought.words.casefold().split()
    texts = [dataset.name, library.lines[dataset.holder].name, *(each.name for each in dataset.elements.values())]
    heap = " ".join([dataset.code, *dataset.elements, *(f"{text.zh} {text.en}" for text in texts)]).casefold()
    return all(word in heap for word in words)


def _line(library: Library, dataset: Dataset) -> dict[str, object]:
    return {
        "code": dataset.code,
        "name": Bilingual.of(dataset.name),
        "holder": dataset.holder,
        "holder_name": Bilingual.of(library.lines[dataset.holder].name),
        "grade": Term.of(dataset.grade),
        "sharing": Term.of(dataset.sharing),
        "update": Bilingual.of(dataset.update),
        "element_count": len(dataset.elements),
        "item_count": len(_users(library, dataset.code)),
    }


def _users(library: Library, dataset: str) -> list[ServiceItem]:
    return [item for item in library.items.values() if dataset in item.needs_data]


def _elements(library: Library, dataset: Dataset) -> list[ElementOut]:
    sources = {
        code: other.code
        for other in library.datasets.values()
        for code, each in other.elements.items()
        if each.authority
    }
    return [
        ElementOut(
            code=code,
            name=Bilingual.of(each.name),
            grade=Term.of(each.grade),
            is_authority=each.authority,
            source=None if each.authority else sources.get(code),
        )
        for code, each in dataset.elements.items()
    ]


def _need(library: Library, item: ServiceItem, dataset: Dataset) -> NeedOut:
    fields = [library.fields[code] for code in item.fields if code in library.fields]
    papers = [library.materials[use.code] for use in item.materials if use.code in library.materials]
    filled = [spec for spec in fields if spec.sources.dataset == dataset.code]
    spared = [paper for paper in papers if paper.sources.dataset == dataset.code]
    return NeedOut(
        item=item.code,
        name=Bilingual.of(item.name),
        line=item.line,
        elements=sorted(needed(library, item, dataset)),
        fields=[spec.code for spec in filled],
        materials=[paper.code for paper in spared],
        uses=[Bilingual.of(name) for name in (*(spec.name for spec in filled), *(paper.name for paper in spared))],
    )


def _approvals(context: Context, reader: Reader, dataset: str) -> list[Approval]:
    """What is approved or suspended today, what stands without a request first."""
    today = context.moment.today
    known = (*context.world.catalogue.approvals, *_open(context.world.library))
    standing = [each for each in known if each.dataset == dataset]
    stored = [found for line in dataset_rows.lines_about(reader, dataset) if (found := line.approval) is not None]
    return [each for each in (*standing, *stored) if each.is_suspended or each.is_in_force(today)]


def _first_month(today: date) -> date:
    """The first day of the oldest month shown."""
    months = today.year * 12 + today.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def _months(days: Iterable[tuple[date, int, int]], first: date) -> list[MonthOut]:
    """Every month from the first on, those without calls too."""
    serial = first.year * 12 + first.month - 1
    calls = {f"{at // 12}-{at % 12 + 1:02d}": (0, 0) for at in range(serial, serial + MONTHS)}
    for day, made, denied in days:
        month = f"{day:%Y-%m}"
        known = calls.get(month, (0, 0))
        calls[month] = known[0] + made, known[1] + denied
    return [MonthOut(month=month, calls=made, denied=denied) for month, (made, denied) in sorted(calls.items())]
