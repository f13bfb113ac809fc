"""The twelve consistency rules for service guides (办事指南), as a Zhejiang city ran them on what it published.

The last one is our addition. Each rule is about one item by itself.
"""

import re
from collections.abc import Iterator
from typing import Final

from app.catalogue.build import Built
from app.catalogue.documents import ItemDocument, MaterialDocument
from app.catalogue.faults import Path
from app.catalogue.judgements import exceeds, said
from app.catalogue.rules import Finding, Findings, item_rule, rule
from app.domain.catalogue import Limit
from app.domain.vocabulary import (
    Channel,
    ItemKind,
    Mark,
    MaterialOrigin,
    OnlineDepth,
    PowerType,
    ResultKind,
    ReviewKind,
    ServiceObject,
    Text,
)

_WINDOW: Final = re.compile(r"窗口|专窗|号窗|柜台|室|自助(终端|机)")
_NUMBERED: Final = re.compile(r"[0-9０-９一二三四五六七八九十]")
_ALL_DAY: Final = re.compile(r"工作日|24\s*小时|全天")
_STEPS: Final = ("受理", "审查", "决定")


@item_rule(
    "1",
    "instant-or-promise",
    "即办的事项是即办件、即审即办，其余是承诺件、前审后批",
    "An item promised on the spot is of the instant kind and review; any other is of the promised kind and staged",
    Mark.SURE,
)
def instant_or_promise(at: Path, item: ItemDocument) -> Findings:
    """承诺时限 0 ⇔ 即办件 ⇔ 即审即办."""
    instant = item.promised.days == 0
    kind = ItemKind.INSTANT if instant else ItemKind.PROMISE
    review = ReviewKind.INSTANT if instant else ReviewKind.STAGED
    why = Text(f"承诺 {said(item.promised).zh}", f"The promise is {said(item.promised).en}")
    if item.kind is not kind:
        yield Finding(
            (*at, "kind"),
            Text(f"{why.zh}，办件类型应为“{kind.zh}”。", f"{why.en}, so the kind must be {kind.value}."),
        )
    if item.review is not review:
        yield Finding(
            (*at, "review"),
            Text(f"{why.zh}，审查类型应为“{review.zh}”。", f"{why.en}, so the review must be {review.value}."),
        )


@item_rule(
    "2",
    "result-name",
    "审批结果的名称与类型一致，并有样本",
    "The name of a result fits its kind, and there is a sample",
    Mark.SURE,
)
def result_name(at: Path, item: ItemDocument) -> Findings:
    """证/证书 ⇒ 出证办结, 批复/批文 ⇒ 审批办结, 文 ⇒ 出文办结."""
    wanted = _kind_by_name(item.result.name.zh)
    if wanted is not None and item.result.kind is not wanted:
        yield Finding(
            (*at, "result", "kind"),
            Text(
                f"结果叫“{item.result.name.zh}”，类型应为“{wanted.zh}”。",
                f"A result of this name must be of the kind {wanted.value}.",
            ),
        )
    if item.result.sample is None:
        yield Finding((*at, "result"), Text("缺少审批结果样本（sample）。", "The sample of the result is missing."))


def _kind_by_name(name: str) -> ResultKind | None:
    if "批复" in name or "批文" in name:
        return ResultKind.APPROVAL
    bare = re.sub(r"[（(][^（()）]*[)）]\s*$", "", name).strip()
    if bare.endswith(("证", "证书")) and not bare.endswith("凭证"):
        return ResultKind.CERTIFICATE
    return ResultKind.DOCUMENT if bare.endswith("文") else None


@item_rule(
    "3",
    "visits-reason",
    "到现场次数大于 0 要说明原因，等于 0 不写原因",
    "Visits come with a reason, no visits without one",
    Mark.SURE,
)
def visits_reason(at: Path, item: ItemDocument) -> Findings:
    """到办事现场次数 and 必须现场办理原因说明, done alone and in a bundle."""
    for count, reason, name in (
        (item.visits, item.visits_reason, "visits_reason"),
        (item.bundled_visits, item.bundled_visits_reason, "bundled_visits_reason"),
    ):
        if count > 0 and reason is None:
            yield Finding(at, Text(f"要到现场 {count} 次，缺少原因（{name}）。", f"{count} visit(s) need a {name}."))
        if count == 0 and reason is not None:
            yield Finding((*at, name), Text("不用到现场，请删去原因。", "Nobody has to come: remove the reason."))
    if item.bundled_visits > item.visits:
        yield Finding(
            (*at, "bundled_visits"),
            Text("联办反而要多跑，请核对。", "Handled in a bundle it would take more visits than alone; check."),
        )


@item_rule(
    "4",
    "no-way-in",
    "不用到现场又不能网办的，须可邮寄",
    "What needs no visit and is not online can be mailed",
    Mark.SURE,
)
def no_way_in(at: Path, item: ItemDocument) -> Findings:
    """到现场次数 0 and not 网办 ⇒ 快递申请."""
    if item.visits == 0 and not item.is_online and Channel.MAIL not in item.channels:
        yield Finding(
            (*at, "channels"),
            Text(
                "不用到现场、也不能网办，办理形式须含 mail。", "No visit and not online: the channels must have mail."
            ),
        )
    if item.is_online is not (Channel.ONLINE in item.channels):
        yield Finding(
            (*at, "channels"),
            Text("is_online 与办理形式里的 online 不一致。", "is_online and the channel online disagree."),
        )


@item_rule(
    "5",
    "full-depth",
    "网办深度为四级的，到现场次数为 0",
    "An item that is entirely online (Ⅳ) needs no visit",
    Mark.SURE,
)
def full_depth(at: Path, item: ItemDocument) -> Findings:
    """全程网办 ⇒ 0 visits."""
    if item.online_depth is OnlineDepth.FULL and item.visits > 0:
        yield Finding(
            (*at, "online_depth"),
            Text(
                f"要到现场 {item.visits} 次，不是全程网办（IV）。",
                f"With {item.visits} visit(s) it is not entirely online (IV).",
            ),
            Text("请改为 III 或减去到场。", "make it III or do away with the visit"),
        )


@rule(
    "6",
    "same-phone",
    "咨询电话与投诉电话不同",
    "The telephones for questions and for complaints differ",
    Mark.SURE,
)
def same_phone(built: Built) -> Findings:
    """咨询方式 ≠ 监督投诉方式, also after an override and for the line itself. Both are required by the shape."""
    message = Text("咨询电话与投诉电话相同。", "The telephones for questions and for complaints are the same.")
    for code, line in built.pack.lines.items():
        if line.phone == line.complaint_phone:
            yield Finding(("lines", code, "complaint_phone"), message)
    for code, item in built.pack.items.items():
        if item.consult_phone == item.complaint_phone:
            yield Finding(("items", code, "complaint_phone"), message)
    for index, override in enumerate(built.pack.overrides):
        standard = built.pack.items.get(override.item)
        if standard is None or not (override.consult_phone or override.complaint_phone):
            continue
        consult = override.consult_phone or standard.consult_phone
        if consult == (override.complaint_phone or standard.complaint_phone):
            yield Finding(("overrides", index), message)


@rule(
    "7",
    "hours",
    "办理时间写明工作日（或全天）",
    "The hours say 工作日 (working days) or that it is open at all hours",
    Mark.SURE,
)
def hours(built: Built) -> Findings:
    """办理时间 contains 工作日, 24 小时 or 全天."""
    for path, text in _local(built, "hours"):
        if not _ALL_DAY.search(text.zh):
            yield Finding(
                path,
                Text("办理时间没有写明工作日。", "The Chinese hours do not say 工作日 (working days)."),
                Text("写成“工作日 8:30–12:00 …”，或“24小时”。", "write 工作日 8:30–12:00 … or 24小时"),
            )


@rule(
    "8",
    "place",
    "办理地点具体到窗口或房间号",
    "The place is precise to the window or room number",
    Mark.SURE,
)
def place(built: Built) -> Findings:
    """办理地点 names a numbered window or room."""
    for path, text in _local(built, "place"):
        if not (_WINDOW.search(text.zh) and _NUMBERED.search(text.zh)):
            yield Finding(
                path,
                Text("办理地点没有写到窗口或房间号。", "The Chinese place names no window or room number."),
                Text("例如“一楼 A01 号窗口”。", "such as 一楼 A01 号窗口"),
            )


def _local(built: Built, name: str) -> Iterator[tuple[Path, Text]]:
    """An element of every item and of every region that says it differently."""
    for code, item in built.pack.items.items():
        yield ("items", code, name), getattr(item, name)
    for index, override in enumerate(built.pack.overrides):
        own = getattr(override, name)
        if own is not None:
            yield ("overrides", index, name), own


@item_rule(
    "9",
    "topics",
    "服务对象与主题分类一致",
    "Who the item serves agrees with its topics",
    Mark.SURE,
)
def topics(at: Path, item: ItemDocument) -> Findings:
    """自然人 ⇔ person topics, anybody else ⇔ corporate topics."""
    person = ServiceObject.PERSON in item.objects
    others = any(each is not ServiceObject.PERSON for each in item.objects)
    for serves, listed, name, zh, en in (
        (person, item.person_topics, "person_topics", "自然人", "persons"),
        (others, item.corporate_topics, "corporate_topics", "法人", "organisations"),
    ):
        if serves and not listed:
            yield Finding(at, Text(f"服务对象有{zh}，缺少主题（{name}）。", f"It serves {en}: {name} are missing."))
        if listed and not serves:
            yield Finding((*at, name), Text(f"服务对象没有{zh}，却有{zh}主题。", f"It has {name} but serves no {en}."))


@item_rule(
    "10",
    "flow",
    "行政许可有常见问题；流程列出受理、审查、决定，各环节时限之和不超过承诺时限",
    "A licence has an FAQ; the flow names acceptance, review and decision, and its days fit into the promise",
    Mark.SURE,
)
def flow(at: Path, item: ItemDocument) -> Findings:
    """行政许可 ⇒ at least one FAQ and a complete table of steps; the days of any flow fit into the promise."""
    if item.power is PowerType.LICENCE:
        if not item.faq:
            yield Finding(at, Text("行政许可至少要有一条常见问题（faq）。", "A licence needs at least one FAQ entry."))
        steps = "".join(step.step.zh for step in item.flow)
        for missing in (step for step in _STEPS if step not in steps):
            yield Finding(
                (*at, "flow"),
                Text(f"流程缺少“{missing}”环节。", f"The flow has no step {missing}."),
                Text("行政许可须有受理、审查、决定。", "a licence is accepted (受理), reviewed (审查), decided (决定)"),
            )
    total = sum(step.days for step in item.flow)
    if total > item.promised.days:
        yield Finding(
            (*at, "flow"),
            Text(
                f"各环节共 {total:g} 天，超过承诺的 {item.promised.days} 天。",
                f"The steps take {total:g} days, more than the {item.promised.days} promised.",
            ),
        )


@item_rule(
    "11",
    "free-but-paid",
    "不收费的事项没有网上支付",
    "What is free is not paid online",
    Mark.SURE,
)
def free_but_paid(at: Path, item: ItemDocument) -> Findings:
    """不收费 ⇒ not 网上支付."""
    if item.supports.pay_online and not item.fees:
        yield Finding(
            (*at, "supports", "pay_online"),
            Text("不收费，却支持网上支付。", "It is free, yet can be paid online."),
        )


@rule(
    "12",
    "beyond-statute",
    "承诺时限不超过法定时限；政府核发的材料可以共享，或说明为何不能",
    "No promise beyond the statute; a paper issued by government is shared, or it says why it cannot be",
    Mark.LIKELY,
)
def beyond_statute(built: Built) -> Findings:
    """承诺时限 ≤ 法定时限, also of the promises of a bundle; 政府部门核发 ⇒ a link or a reason."""
    for code, item in built.pack.items.items():
        if item.statutory is not None and exceeds(item.promised, item.statutory):
            yield _too_long(("items", code, "promised"), item.promised, item.statutory)
    for code, bundle in built.pack.bundles.items():
        for name, part in bundle.items.items():
            statutory = built.pack.items[name].statutory if name in built.pack.items else None
            for index, promise in enumerate(part.promises):
                if statutory is not None and exceeds(Limit(promise.days), statutory):
                    path: Path = ("bundles", code, "items", name, "promises", index, "days")
                    yield _too_long(path, Limit(promise.days), statutory)
    for code, material in built.pack.materials.items():
        if _is_unlinked(material):
            yield Finding(
                ("materials", code),
                Text(
                    "政府部门核发的材料，没有电子证照或数据来源。",
                    "Issued by government, yet no e-certificate or dataset.",
                ),
                Text(
                    "请写 sources，或用 no_sharing_reason 说明为何不能共享。",
                    "give its sources, or say in no_sharing_reason why it cannot be shared",
                ),
            )


def _is_unlinked(material: MaterialDocument) -> bool:
    sources = material.sources
    is_linked = sources.certificate or sources.dataset or sources.results or sources.generated
    return material.origin is MaterialOrigin.GOVERNMENT and not is_linked and material.no_sharing_reason is None


def _too_long(path: Path, promised: Limit, statutory: Limit) -> Finding:
    own, law = said(promised), said(statutory)
    return Finding(
        path,
        Text(
            f"承诺时限 {own.zh}超过法定时限 {law.zh}。",
            f"The promise of {own.en} is longer than the statutory limit of {law.en}.",
        ),
    )


RULES: Final = (
    instant_or_promise,
    result_name,
    visits_reason,
    no_way_in,
    full_depth,
    same_phone,
    hours,
    place,
    topics,
    flow,
    free_but_paid,
    beyond_statute,
)
