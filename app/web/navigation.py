"""The main navigation: which entries somebody sees. Seeing an entry is no permission; the use cases check."""

from dataclasses import dataclass

from app.domain.vocabulary import Role, Text

EVERYBODY = frozenset(Role)
PUBLIC = frozenset({Role.APPLICANT, Role.AGENT})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: where it leads, its name, and whose it is. ``is_open`` shows it to those not signed in.

    ``also``: other addresses that belong to it.
    """

    href: str
    name: Text
    roles: frozenset[Role]
    is_open: bool = False
    also: tuple[str, ...] = ()


ENTRIES = (
    Entry("/", Text("首页", "Home"), PUBLIC | {Role.CLERK}, is_open=True),
    Entry("/bundles", Text("一件事", "Bundles"), PUBLIC, is_open=True),
    Entry("/items", Text("单个事项", "Single items"), PUBLIC, is_open=True),
    Entry("/progress", Text("查进度", "Check progress"), PUBLIC, is_open=True),
    Entry("/my", Text("我的", "My things"), PUBLIC, also=("/applications",)),
    Entry("/counter", Text("综合窗口", "Counter"), frozenset({Role.CLERK}), also=("/together",)),
    Entry("/counter/intake", Text("收件", "Take in"), frozenset({Role.CLERK})),
    Entry("/counter/cases", Text("本厅申请", "Applications"), frozenset({Role.CLERK}), also=("/applications",)),
    Entry("/desk", Text("办件", "Tasks"), frozenset({Role.OFFICER}), also=("/together",)),
    Entry("/supervision", Text("红黄灯", "Lights"), frozenset({Role.SUPERVISOR, Role.STEWARD})),
    Entry(
        "/matters", Text("督办清单", "Matters"), frozenset({Role.OFFICER, Role.CLERK, Role.SUPERVISOR, Role.STEWARD})
    ),
    Entry("/catalogue", Text("目录", "Catalogue"), frozenset({Role.OFFICER, Role.SUPERVISOR, Role.STEWARD})),
    Entry(
        "/datasets",
        Text("数据", "Data"),
        frozenset({Role.OFFICER, Role.SUPERVISOR, Role.STEWARD}),
        also=("/data-requests", "/data-alarms", "/data-usage", "/registers"),
    ),
    Entry("/indicators", Text("指标", "Indicators"), frozenset({Role.SUPERVISOR, Role.STEWARD})),
    Entry("/supervision/bulletin", Text("通报", "Bulletin"), frozenset({Role.SUPERVISOR, Role.STEWARD})),
)

HOMES: dict[str, str] = {
    "clerk": "/counter",
    "officer": "/desk",
    "supervisor": "/supervision",
    "steward": "/supervision",
}
"""Role → where its work lies; everybody else begins at the home page."""


def home_of(role: str) -> str:
    """Where somebody in this role begins."""
    return HOMES.get(role, "/")


def cases_of(role: str | None) -> Entry:
    """The entry under which somebody in this role finds applications again."""
    wanted = "/counter/cases" if role == Role.CLERK.value else "/my"
    return next(entry for entry in ENTRIES if entry.href == wanted)


def entries(role: str | None) -> list[Entry]:
    """The entries for somebody in this role, or for nobody in particular."""
    if role is None:
        return [entry for entry in ENTRIES if entry.is_open]
    return [entry for entry in ENTRIES if role in entry.roles]


def current(path: str, found: list[Entry]) -> str | None:
    """The entry that the page belongs to: the longest that begins its address."""
    fits = [e.href for e in found if any(_is_below(path, own) for own in (e.href, *e.also))]
    return max(fits, key=len, default=None)


def _is_below(path: str, start: str) -> bool:
    return path == start or (start != "/" and path.startswith(f"{start}/"))
