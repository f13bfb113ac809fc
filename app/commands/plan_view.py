"""A plan as people read it at a terminal: what applies and why, what does not, the form, papers, dates, savings."""

from collections.abc import Callable, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.tree import Tree

from app.commands.lines import Line
from app.commands.terminal import Named, Terminal
from app.domain.catalogue import Library
from app.domain.vocabulary import Source, Text
from app.schemas.catalogue import LimitOut
from app.schemas.common import Bilingual
from app.schemas.plans import BecauseOut, LeftOutOut, PlannedFieldOut, PlannedItemOut, PlanOut

SAVINGS: Final = (
    ("fields", Text("填写项", "fields to fill in"), "fields_before", "fields_typed"),
    ("materials", Text("提交材料", "papers to hand in"), "materials_before", "materials_uploaded"),
    ("days", Text("工作日", "working days"), "days_before", "days_after"),
    ("visits", Text("跑动次数", "visits"), "visits_before", "visits_after"),
    ("steps", Text("环节", "steps"), "steps_before", "steps_after"),
)


class PlanView:
    """Shows one plan on one terminal."""

    def __init__(self, terminal: Terminal, plan: PlanOut, library: Library) -> None:
        self._terminal, self._plan, self._library = terminal, plan, library

    def show(self) -> None:
        """Every part that has something to say, in the order people ask for it."""
        self._head()
        parts: Sequence[Callable[[], None]] = (
            self._eligibility,
            self._items,
            self._left_out,
            self._form,
            self._materials,
            self._visits,
            self._fees,
            self._savings,
            self._date,
            self._open,
        )
        for part in parts:
            part()

    def _word(self, text: Named) -> str:
        return self._terminal.word(text)

    def _section(self, title: Text, *content: RenderableType) -> None:
        self._terminal.out.print()
        self._terminal.out.print(Line(self._word(title), style="bold"))
        for part in content:
            self._terminal.out.print(Padding(part, (0, 0, 0, 2)))

    def _bullet(self, text: str, style: str = "") -> Line:
        return Line("· ", (text, style), hang=2)

    def _head(self) -> None:
        plan = self._plan
        name = self._library.bundles[plan.bundle].name
        self._terminal.out.print(Line(self._word(name), style="bold cyan"))
        self._terminal.say(
            Text(
                f"{len(plan.items)} 个事项，{plan.savings.departments} 个部门；{plan.promised.on} 前办结"
                f"（{plan.promised.working_days} 个工作日）。",
                f"{len(plan.items)} item(s), {plan.savings.departments} department(s); done by {plan.promised.on} "
                f"({plan.promised.working_days} working days).",
            )
        )

    def _eligibility(self) -> None:
        found = self._plan.eligibility
        words = {
            True: (Text("符合这个一件事的情形", "Your case is within this bundle"), "green"),
            False: (Text("不符合这个一件事的情形", "Your case is outside this bundle"), "red"),
            None: (Text("是否符合尚不能确定", "Whether your case is within it is not yet decided"), "yellow"),
        }
        text, style = words[found.outcome]
        self._section(text, *(self._bullet(self._word(one), style) for one in found.otherwise))
        for reason in found.requirements:
            if reason.outcome is not True:
                self._terminal.out.print(self._because(reason))

    def _items(self) -> None:
        if not self._plan.items:
            return
        self._section(Text("需要办理（★ 决定总时间）", "What applies (★ decides the date of the whole)"))
        by_code = {item.code: item for item in self._plan.items}
        for number, stage in enumerate(self._plan.stages, 1):
            tree = Tree(Line(self._word(Text(f"第 {number} 步", f"Step {number}")), style="cyan"), guide_style="dim")
            for code in stage:
                self._item(tree, by_code[code])
            self._terminal.out.print(Padding(tree, (0, 0, 0, 2)))

    def _item(self, tree: Tree, item: PlannedItemOut) -> None:
        star = ("★ ", "bold yellow") if item.is_critical else ("", "")
        branch = tree.add(Line(star, (f"{item.code} ", "dim"), (self._word(item.name), "bold")))
        place, limit = self._word(item.routed.department.name), self.limit(item.promised)
        due = Text(f"{place}；{limit}，{item.promised_on} 前", f"{place}; {limit}, by {item.promised_on}")
        branch.add(Line(self._word(due)))
        for edge in item.after:
            before = "/".join(edge.any_of)
            order = Text(f"在 {before} 之后：{edge.needs.zh}", f"after {before}: {edge.needs.en}")
            branch.add(Line(self._word(order), style="dim"))
        for reason in (item.because, *item.promises):
            for line in self._why(reason):
                branch.add(line)

    def _why(self, reason: BecauseOut) -> list[Line]:
        because = (self._word(Text("因为：", "Because: ")), "green")
        change = (self._word(Text("反之：", "Else: ")), "magenta")
        changes = [Line(change, self._word(text)) for text in reason.counterfactuals[:2]]
        return [Line(because, self._word(reason.because)), *changes]

    def _because(self, reason: BecauseOut) -> RenderableType:
        return Padding(Group(*self._why(reason)), (0, 0, 0, 2))

    def limit(self, limit: LimitOut) -> str:
        """A time limit in words; zero days is on the spot."""
        if limit.days == 0:
            return self._word(Text("即办", "on the spot"))
        unit = limit.unit.en.removesuffix("s") if limit.days == 1 else limit.unit.en
        return self._word(Text(f"{limit.days} 个{limit.unit.zh}", f"{limit.days} {unit}"))

    def _left_out(self) -> None:
        self._listed(Text("尚不能确定", "Not decided yet"), self._plan.undecided)
        self._listed(Text("不适用", "Does not apply"), self._plan.excluded)
        entries = [(self._word(one.entry.text), one.because) for one in self._plan.not_needed]
        self._reasoned(Text("您不需要办理", "You do not need"), entries)

    def _listed(self, title: Text, left: Sequence[LeftOutOut]) -> None:
        self._reasoned(title, [(f"{one.code} {self._word(one.name)}", one.because) for one in left])

    def _reasoned(self, title: Text, entries: Sequence[tuple[str, BecauseOut]]) -> None:
        if entries:
            self._section(title, *(Group(self._bullet(name), self._because(why)) for name, why in entries))

    def _form(self) -> None:
        fields = self._plan.fields
        if not fields:
            return
        typed = sum(field.source.code == Source.TYPED for field in fields)
        title = Text(
            f"一张表：{len(fields)} 项，您填 {typed} 项",
            f"One form: {len(fields)} fields, of which you fill in {typed}",
        )
        table = Table.grid(padding=(0, 2))
        for group in dict.fromkeys(field.group for field in fields):
            own = [field for field in fields if field.group == group]
            table.add_row(Line(self._word(self._library.groups.get(group, Text(group, group)))), self._sources(own))
        self._section(title, table)

    def _sources(self, fields: Sequence[PlannedFieldOut]) -> Line:
        counted = ((source, sum(field.source.code == source for field in fields)) for source in Source)
        comma = "、" if self._terminal.lang == "zh" else ", "
        return Line(comma.join(f"{self._word(source)} {count}" for source, count in counted if count))

    def _materials(self) -> None:
        needed = [material for material in self._plan.materials if material.is_needed is not False]
        if not needed:
            return
        table = Table.grid(padding=(0, 2))
        for material in needed:
            need = Text(f"（{material.need.zh}）", f" ({material.need.en})")
            name = self._word(material.name) + ("" if material.need.code == "required" else self._word(need))
            style = "bold" if material.source.code == "upload" else ""
            table.add_row(Line(self._word(material.source), style="cyan"), Line(name, style=style))
        uploads = sum(material.source.code == "upload" for material in needed)
        title = Text(
            f"一套材料：{len(needed)} 份，您交 {uploads} 份",
            f"One set of papers: {len(needed)}, of which you hand in {uploads}",
        )
        self._section(title, table)

    def _visits(self) -> None:
        visits = [item for item in self._plan.items if item.visits]
        if visits:
            lines = [self._pair(f"{self._word(item.short)} × {item.visits}", item.visits_reason) for item in visits]
            self._section(Text("需要到场", "Visits"), *lines)

    def _pair(self, name: str, text: Bilingual | None) -> Line:
        colon = "：" if self._terminal.lang == "zh" else ": "
        return self._bullet(f"{name}{colon}{self._word(text)}" if text is not None else name)

    def _fees(self) -> None:
        if not self._plan.fees:
            self._section(Text("费用：不收费", "Fees: none"))
            return
        lines = [self._pair(f"{fee.item} {self._word(fee.name)}", fee.standard) for fee in self._plan.fees]
        self._section(Text("费用", "Fees"), *lines)

    def _savings(self) -> None:
        if not self._plan.items:
            return
        table = Table(box=None, pad_edge=False)
        for head in (Text("", ""), Text("逐件办", "One by one"), Text("一件事", "Together")):
            table.add_column(self._word(head), justify="left" if not head.zh else "right")
        savings = self._plan.savings.model_dump()
        for _, name, before, after in SAVINGS:
            table.add_row(self._word(name), str(savings[before]), Line(str(savings[after]), style="bold green"))
        self._section(Text("省下什么（按示例数据计算）", "What it saves (computed from illustrative data)"), table)

    def _date(self) -> None:
        self._section(
            Text("日期怎么来的", "How the date comes about"), Line(self._word(self._plan.promised.explanation))
        )

    def _open(self) -> None:
        questions = self._library.bundles[self._plan.bundle].questions
        still = [self._bullet(f"{code}: {self._word(questions[code].ask)}") for code in self._plan.open_questions]
        if still:
            self._section(Text("还没有回答", "Still open"), *still)
