"""Rules about what items need of other departments' data, and what the holders have approved."""

from collections.abc import Mapping
from typing import Final

from app.catalogue.build import Built
from app.catalogue.data_documents import ApprovedDocument
from app.catalogue.documents import PackDocument
from app.catalogue.rules import Finding, Findings, rule
from app.domain.slices import listed
from app.domain.vocabulary import Mark, SharingClass, Text


def needed(built: Built, item: str, dataset: str) -> frozenset[str]:
    """The elements of a dataset that an item may have in any bundle: what its fields, papers and questions take."""
    library = built.library
    bundles = [bundle for bundle in library.bundles.values() if item in bundle.items]
    return frozenset().union(*(listed(library, bundle, library.items[item], dataset) for bundle in bundles))


@rule("D1", "needs-unshared", "不需要依法不共享的数据", "No item needs data that the law does not let share", Mark.SURE)
def not_unshared(built: Built) -> Findings:
    """浙江省公共数据条例: what is 不共享 cannot be had by anybody else, whatever an item would like."""
    for code, item in built.pack.items.items():
        for index, name in enumerate(item.needs_data):
            dataset = built.pack.datasets.get(name)
            if dataset is None or dataset.sharing is not SharingClass.NONE or dataset.holder == item.line:
                continue
            basis = dataset.no_sharing_basis or Text("未写依据", "no basis is given")
            yield Finding(
                ("items", code, "needs_data", index),
                Text(f"“{name}”依法不共享（{basis.zh}）。", f"“{name}” is not shared by law ({basis.en})."),
                Text(
                    "请改由申请人提供，或请数源部门出具核验结果。",
                    "let the applicant bring it, or ask the holder to verify",
                ),
            )


@rule(
    "D2",
    "needs-approval",
    "需要的受限数据有数源部门的批复",
    "Restricted data an item needs have been approved by the holder",
)
def approved(built: Built) -> Findings:
    """An item that needs what nobody approved is told; its owner may still ask for it (一揽子申请): a warning.

    Elements beyond an approval that is written are an error: the calls would be refused, every one of them.
    """
    papers = _papers(built.pack)
    for code, item in built.pack.items.items():
        for index, name in enumerate(item.needs_data):
            dataset = built.pack.datasets.get(name)
            if dataset is None or dataset.sharing is not SharingClass.RESTRICTED or dataset.holder == item.line:
                continue
            paper = papers.get((code, name))
            if paper is None:
                yield Finding(
                    ("items", code, "needs_data", index),
                    Text(f"“{name}”还没有数源部门的批复。", f"No approval of the holder lets it have “{name}”."),
                    Text(
                        "请写入 approvals，或运行后由事项主管部门提出一揽子申请。",
                        "write it into approvals, or let the item's owner ask for it once the app runs",
                    ),
                    "warning",
                )
            elif beyond := sorted(needed(built, code, name) - set(paper.elements)):
                yield _beyond(("items", code, "needs_data", index), name, beyond)


def _beyond(path: tuple[str | int, ...], name: str, beyond: list[str]) -> Finding:
    return Finding(
        path,
        Text(
            f"“{name}”的批复不含：{'、'.join(beyond)}。", f"The approval of “{name}” leaves out: {', '.join(beyond)}."
        ),
        Text("请补充批复，或减少取用的数据项。", "have them approved, or take less"),
    )


def _papers(pack: PackDocument) -> Mapping[tuple[str, str], ApprovedDocument]:
    return {(item, paper.dataset): entry for paper in pack.approvals.values() for item, entry in paper.items.items()}


@rule("D3", "one-approval", "同一事项对同一数据只有一份批复", "One item has one approval of one dataset")
def one_approval(built: Built) -> Findings:
    """Two papers about the same would leave open which quota and which elements count."""
    seen: dict[tuple[str, str], str] = {}
    for code, paper in built.pack.approvals.items():
        for item in paper.items:
            first = seen.setdefault((item, paper.dataset), code)
            if first != code:
                yield Finding(
                    ("approvals", code, "items", item),
                    Text(f"批复“{first}”已经涉及这一事项和数据。", f"“{first}” is about the same item and dataset."),
                    Text("请合并为一份。", "make them one"),
                )


@rule("D4", "approval-needed", "批准的都是事项需要的（最小必要）", "What is approved is what the item needs, no more")
def approval_needed(built: Built) -> Findings:
    """An approval of a dataset the item does not declare is an error, elements it does not use are a warning."""
    for code, paper in built.pack.approvals.items():
        for name, entry in paper.items.items():
            item = built.pack.items.get(name)
            if item is None:
                continue
            at = ("approvals", code, "items", name)
            if paper.dataset not in item.needs_data:
                message = Text(
                    f"事项的数据需求清单里没有“{paper.dataset}”。", f"The item does not list “{paper.dataset}”."
                )
                yield Finding(at, message, Text("请删去这一条。", "remove it"))
            elif spare := sorted(set(entry.elements) - needed(built, name, paper.dataset)):
                message = Text(f"事项用不到：{'、'.join(spare)}。", f"The item does not use: {', '.join(spare)}.")
                yield Finding((*at, "elements"), message, None, "warning")


RULES: Final = (not_unshared, approved, one_approval, approval_needed)
