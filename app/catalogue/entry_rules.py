"""Rules about the entries of the catalogue among themselves: who has the power, who asks, and how well it is known."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from app.catalogue.build import Built
from app.catalogue.documents import BundleDocument, ItemDocument, LineDocument, MaterialUseDocument, PackDocument
from app.catalogue.faults import Path, clipped, nearest
from app.catalogue.judgements import exceeds, said
from app.catalogue.rules import Finding, Findings, item_rule, rule
from app.domain.catalogue import Limit, Provenance
from app.domain.vocabulary import Level, Mark, Need, PowerType, SharingClass, Text

_SERVICES: Final = frozenset({PowerType.PUBLIC_SERVICE, PowerType.VERIFICATION, PowerType.COORDINATION})
"""What a utility, a bank or the hall may do: deliver, never decide."""

_ARTICLE_42: Final = 10
_ARTICLE_44: Final = Limit(10)


@rule("E1", "power", "有权的机构才作行政决定", "Only a body with the power decides", Mark.SURE)
def only_with_power(built: Built) -> Findings:
    """Utilities, banks and the hall deliver services; what government starts by itself stays out of the portal."""
    for code, item in built.pack.items.items():
        line = built.pack.lines.get(item.line)
        if not item.power.is_on_application:
            yield Finding(
                ("items", code, "power"),
                Text(f"“{item.power.zh}”不依申请办理，不进门户。", f"A {item.power.en} is not started by application."),
            )
        elif line is not None and not line.kind.has_power and item.power not in _SERVICES:
            yield Finding(
                ("items", code, "power"),
                Text(
                    f"{line.name.zh}是{line.kind.zh}，不作“{item.power.zh}”决定。",
                    f"{line.name.en} is a {line.kind.en}: it cannot make a decision of the kind {item.power.value}.",
                ),
            )
        if line is not None and not _has_body(line, item.level):
            yield Finding(
                ("items", code, "level"),
                Text(
                    f"{line.name.zh}条线在{item.level.zh}级及以上没有机构。",
                    f"{line.name.en} has no body at {item.level.en} level or above.",
                ),
            )


def _has_body(line: LineDocument, level: Level) -> bool:
    return any(each.depth <= level.depth for each in line.body_names)


@item_rule(
    "E2",
    "licence-limits",
    "行政许可有法定时限，十个工作日内送达",
    "A licence has a statutory limit and is delivered within ten working days",
    Mark.SURE,
)
def licence_limits(at: Path, item: ItemDocument) -> Findings:
    """行政许可法 art. 42 and 44."""
    if item.power is not PowerType.LICENCE:
        return
    if item.statutory is None:
        yield Finding(
            at,
            Text("行政许可没有写法定时限（statutory）。", "The licence has no statutory limit."),
            Text("一般为 20 个工作日（行政许可法第四十二条）。", "as a rule 20 working days (行政许可法 art. 42)"),
            "warning",
        )
    yield from _extensions(at, item.statutory)
    if exceeds(item.result.delivery_limit, _ARTICLE_44):
        limit = said(item.result.delivery_limit)
        yield Finding(
            (*at, "result", "delivery_limit"),
            Text(
                f"送达时限 {limit.zh}，超过 10 个工作日（行政许可法第四十四条）。",
                f"Delivery within {limit.en} is later than the 10 working days of 行政许可法 art. 44.",
            ),
        )


def _extensions(at: Path, statutory: Limit | None) -> Findings:
    own = statutory.extension if statutory is not None else None
    if own is not None and not 1 <= own <= _ARTICLE_42:
        yield Finding(
            (*at, "statutory", "extension"),
            Text(
                f"延期应为 1 至 {_ARTICLE_42} 个工作日（行政许可法第四十二条）。",
                f"An extension adds from 1 to {_ARTICLE_42} working days (行政许可法 art. 42).",
            ),
        )


@rule("E3", "field-meaning", "一个数据元只有一个含义", "One data element has one meaning")
def one_meaning(built: Built) -> Findings:
    """Two fields of one name: of different kinds an error, of the same kind in one form a warning (一数一源)."""
    by_name: dict[str, str] = {}
    for code, field in built.pack.fields.items():
        first = by_name.setdefault(field.name.zh, code)
        if first == code:
            continue
        known = built.pack.fields[first]
        if known.kind is not field.kind:
            yield Finding(
                ("fields", code, "kind"),
                Text(
                    f"与“{first}”同名，类型却不同（{known.kind.zh}、{field.kind.zh}）。",
                    f"It has the name of “{first}” but another kind ({known.kind.value}, {field.kind.value}).",
                ),
                Text("请改名，或合并为一个数据元。", "rename it or make them one"),
            )
        elif _asked_together(built, first, code):
            yield Finding(
                ("fields", code, "name"),
                Text(
                    f"与“{first}”同名，会在一张表里问两遍。", f"It has the name of “{first}”: one form would ask twice."
                ),
                Text("请改名，或合并为一个数据元。", "rename it or make them one"),
                "warning",
            )


def _asked_together(built: Built, first: str, second: str) -> bool:
    for bundle in built.pack.bundles.values():
        asked = {name for code in bundle.items if code in built.pack.items for name in built.pack.items[code].fields}
        if {first, second} <= asked:
            return True
    return False


@rule("E4", "unused", "写下的都有人用", "What is defined is used", Mark.ILLUSTRATIVE)
def all_used(built: Built) -> Findings:
    """Items in no bundle, fields and materials no item asks for: warnings."""
    if built.has_errors:
        return
    pack = built.pack
    used = {
        "items": {name for bundle in pack.bundles.values() for name in bundle.items},
        "fields": {name for item in pack.items.values() for name in item.fields}
        | {f.sources.derived.of for f in pack.fields.values() if f.sources.derived and f.sources.derived.of},
        "materials": {name for item in pack.items.values() for name in item.materials},
    }
    words = {"items": ("一件事用到它", "bundle uses it"), "fields": ("事项填报它", "item asks for it")}
    for section, names in used.items():
        zh, en = words.get(section, ("事项要求它", "item asks for it"))
        for code in getattr(pack, section):
            if code not in names:
                yield Finding((section, code), Text(f"没有{zh}。", f"No {en}."), None, "warning")


@rule(
    "E5",
    "catalog-code",
    "基本编码与业务办理项不重复",
    "No two items have one catalogue code and handling item",
    Mark.SURE,
)
def own_catalog_code(built: Built) -> Findings:
    """The 12-digit code with the serial of the handling item names one item; its type digits agree with the power."""
    seen: dict[tuple[str, str], str] = {}
    for code, item in built.pack.items.items():
        first = seen.setdefault((item.catalog_code, item.variant.serial), code)
        if first != code:
            yield Finding(
                ("items", code, "catalog_code"),
                Text(f"与事项“{first}”的编码相同。", f"The item “{first}” has the same code."),
            )
        if item.catalog_code[2:4] != item.power.code:
            yield Finding(
                ("items", code, "catalog_code"),
                Text(
                    f"第 3、4 位应为事项类型 {item.power.code}（{item.power.zh}）。",
                    f"Digits 3 and 4 must be {item.power.code}, the type {item.power.value}.",
                ),
            )


@rule("E6", "needs-data", "共享来源都在数据需求清单里", "Shared sources are on the item's list of data it may ask for")
def needs_listed(built: Built) -> Findings:
    """A dataset that is not on the list could not be called; one that serves nothing is not asked for (最小必要)."""
    pack = built.pack
    for code, item in pack.items.items():
        shared = {f.sources.dataset: n for n in item.fields if (f := pack.fields.get(n)) and f.sources.dataset}
        shared |= {m.sources.dataset: n for n in item.materials if (m := pack.materials.get(n)) and m.sources.dataset}
        answering = _of_bundles(pack, code)
        for dataset, user in shared.items():
            if dataset is not None and dataset not in item.needs_data:
                yield Finding(
                    ("items", code, "needs_data"),
                    Text(
                        f"“{user}”来自“{dataset}”，清单里没有。",
                        f"“{user}” comes from “{dataset}”, which is not listed.",
                    ),
                )
        for index, dataset in enumerate(item.needs_data):
            if dataset not in shared and dataset not in answering:
                yield Finding(
                    ("items", code, "needs_data", index),
                    Text(f"没有字段、材料或问题用到“{dataset}”。", f"No field, material or question uses “{dataset}”."),
                    None,
                    "warning",
                )


def _of_bundles(pack: PackDocument, item: str) -> set[str | None]:
    """What answers a question of the item's bundles, or shows that somebody may act for a party of theirs."""
    bundles = [bundle for bundle in pack.bundles.values() if item in bundle.items]
    ways = {way.dataset for bundle in bundles for party in bundle.parties.values() for way in party.shown_by}
    return ways | {question.dataset for bundle in bundles for question in bundle.questions.values()}


@rule("E7", "sharing-basis", "不共享要有法律依据", "Data that is not shared names the law that says so", Mark.SURE)
def sharing_basis(built: Built) -> Findings:
    """浙江省公共数据条例: 不共享 needs a basis in law."""
    for code, dataset in built.pack.datasets.items():
        if dataset.sharing is SharingClass.NONE and dataset.no_sharing_basis is None:
            yield Finding(
                ("datasets", code),
                Text("不共享的数据要写依据（no_sharing_basis）。", "Data that is not shared needs a no_sharing_basis."),
            )


@item_rule("E8", "material-case", "特定情形的材料写明情形", "A material for some situations says which")
def material_case(at: Path, item: ItemDocument) -> Findings:
    """非必要 materials have HANDLE_CASE or a condition; required ones have no condition."""
    for name, use in item.materials.items():
        need = use.need if isinstance(use, MaterialUseDocument) else use
        when = use.when if isinstance(use, MaterialUseDocument) else None
        case = use.case if isinstance(use, MaterialUseDocument) else None
        if need is Need.CONDITIONAL and when is None and case is None:
            message = Text("缺少情形：写 when 或 case。", "Which situation? Give when or case.")
            yield Finding((*at, "materials", name), message)
        if need is not Need.CONDITIONAL and when is not None:
            message = Text("只有 conditional 的材料可以有 when。", "Only a conditional material can have a when.")
            yield Finding((*at, "materials", name), message)


@rule(
    "E9",
    "provenance",
    "出处指向存在的要素，有据的写明来源",
    "Provenance is about an element that exists, and what is sourced names its source",
)
def provenance(built: Built) -> Findings:
    """The keys of ``provenance`` and the sources of every mark."""
    shapes: tuple[tuple[str, Mapping[str, Any], Any], ...] = (
        ("lines", built.pack.lines, LineDocument),
        ("items", built.pack.items, ItemDocument),
        ("bundles", built.pack.bundles, BundleDocument),
    )
    for section, entries, shape in shapes:
        for code, entry in entries.items():
            yield from _marks((section, code, "provenance"), entry.provenance, shape.model_fields)
    for code, bundle in built.pack.bundles.items():
        for name in ("eligibility", "not_needed", "facts"):
            for index, each in enumerate(getattr(bundle, name)):
                yield from _source((("bundles", code, name, index, "provenance")), each.provenance)


def _marks(at: Path, marks: Mapping[str, Provenance], elements: Iterable[str]) -> Iterator[Finding]:
    known = list(elements)
    for name, mark in marks.items():
        # An element may be told apart further: promised.days, items.F1.
        if name.split(".")[0] not in known:
            close = nearest(name, known)
            hint = Text(f"是否想写“{close}”？", f"did you mean “{close}”?") if close else None
            message = Text(f"没有要素“{clipped(name)}”。", f"There is no element “{clipped(name)}”.")
            yield Finding((*at, name), message, hint)
        yield from _source((*at, name), mark)


def _source(at: Path, mark: Provenance) -> Iterator[Finding]:
    if mark.mark is Mark.SURE and mark.source is None:
        message = Text("标为“有据”，却没有写来源。", "It is marked sure but names no source.")
        yield Finding(at, message, None, "warning")


RULES: Final = (
    only_with_power,
    licence_limits,
    one_meaning,
    all_used,
    own_catalog_code,
    needs_listed,
    sharing_basis,
    material_case,
    provenance,
)
