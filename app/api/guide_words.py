"""The words the guides of operations are made of: who may call, what changes, which law."""

from dataclasses import dataclass

from app.domain.vocabulary import Role, Text

READS = Text("只读，不写入任何数据。", "Reads only; nothing is stored.")
ANYBODY = Text("任何人，无需登录。", "Anybody, without signing in.")
SIGNED_IN = Text("任何已登录的人。", "Anybody who is signed in.")

A, G, C, O, S = Role.APPLICANT, Role.AGENT, Role.CLERK, Role.OFFICER, Role.SUPERVISOR  # noqa: E741 - one row, one line


@dataclass(frozen=True, slots=True)
class Guide:
    """One operation: its short title, who may call it, what it changes, and the law behind it where there is one."""

    title: Text
    who: Text = ANYBODY
    changes: Text = READS
    law: Text | None = None

    @property
    def lines(self) -> list[tuple[Text, Text]]:
        """Heading and sentence, in order."""
        found = [(Text("谁可以调用", "Who"), self.who), (Text("变化", "Changes"), self.changes)]
        return [*found, (Text("依据", "Law"), self.law)] if self.law else found


def roles(*who: Role, note: Text | None = None) -> Text:
    """The roles in words, with what narrows them."""
    zh, en = "、".join(role.zh for role in who), ", ".join(role.en for role in who)
    return Text(f"{zh}。{note.zh if note else ''}", f"{en[:1].upper()}{en[1:]}. {note.en if note else ''}".strip())


def licensing(articles: Text, rule: Text) -> Text:
    """A rule of the Administrative Licensing Law."""
    return Text(f"行政许可法{articles.zh}：{rule.zh}", f"Administrative Licensing Law, {articles.en}: {rule.en}")


def changing(zh: str, en: str) -> Text:
    """What an operation changes."""
    return Text(zh, en)


OWN = Text(
    "限本人的申请；代理人限委托人的；综窗限本人代建的草稿和本大厅的申请。",
    "Their own application; an agent's principal's; a clerk's own drafts and what belongs to the hall.",
)
SIDE = roles(A, G, C, note=OWN)
NARROW = Text(
    "个人信息保护法第六条：处理个人信息限于最小范围，部门只看到本事项所需的内容。",
    "Personal Information Protection Law, art. 6: the smallest scope; a department sees only what its item needs.",
)
