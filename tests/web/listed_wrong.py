"""Forms filled in wrongly: what every page answers that can be sent and refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.web.listed import Listed
from tests.web.listed_citizen import OWNER
from tests.web.listed_officials import CLERK, OFFICER, SUPERVISOR

CIVIL, LAND, STEWARD = "officer.civil_affairs.330802.1", "officer.land.330802.1", "steward.330802"
LONG = "很长" * 2000


@dataclass(frozen=True)
class Wrong:
    """A page, and what is sent from it that must be refused with the page again."""

    path: str
    action: str
    data: Mapping[str, str] = field(default_factory=dict)
    who: str | None = None

    @property
    def listed(self) -> Listed:
        """The page it is sent from."""
        return Listed(self.path, self.who)

    def sent(self, names: Mapping[str, str]) -> dict[str, str]:
        """What is sent, ``{name}`` standing for something prepared."""
        return {key: value.format(**names) for key, value in self.data.items()}

    def __str__(self) -> str:
        return f"{self.action} {','.join(self.data)}".strip()


WRONG = (
    Wrong("/sign-in", "/sign-in", {"account": "nobody"}),
    Wrong("/progress", "/progress"),
    Wrong("/progress", "/progress", {"reference": "L330802-20260316-000000-0", "query_code": "000000"}),
    Wrong("/verify", "/verify"),
    Wrong("/applications/{empty}/check", "/applications/{empty}/submit", {"key": "0" * 64}, OWNER),
    Wrong("/applications/{draft}/materials", "/applications/{draft}/materials/layout", who=OWNER),
    Wrong("/applications/{corrected}/notices/1", "/applications/{corrected}/notices/1", who=OWNER),
    Wrong("/applications/{later}/later", "/applications/{later}/later", who=OWNER),
    Wrong("/applications/{filed}/report", "/applications/{filed}/report", who=OWNER),
    Wrong("/my/data/looks/{look}/contest", "/my/data/looks/{look}/contest", who=OWNER),
    Wrong("/my/certificates/{certificate}", "/my/certificates/{certificate}/authorise", who=OWNER),
    Wrong("/my/mandates", "/my/mandates", {"key": "a" * 32}, OWNER),
    Wrong("/counter/intake", "/counter/intake", {"key": "b" * 32}, CLERK),
    Wrong("/counter/tasks/{desk_task}", "/counter/tasks/{desk_task}/actions", {"action": "plan_step"}, CLERK),
    Wrong("/desk/{desk_task}", "/desk/{desk_task}/actions", {"action": "plan_step"}, OFFICER),
    Wrong("/desk/{desk_task}", "/desk/{desk_task}/unmask", {"reason": LONG}, OFFICER),
    Wrong("/supervision", "/supervision/clock", {"day": "2026-02-30"}, SUPERVISOR),
    Wrong("/supervision/cases/{watched}", "/supervision/cases/{watched}", {"key": "c" * 32}, SUPERVISOR),
    Wrong("/registers", "/registers", {"is_down": "yes"}, SUPERVISOR),
    Wrong("/datasets/marriage_register", "/datasets/marriage_register/suspension", {"approval": "{standing}"}, CIVIL),
    Wrong("/data-requests/new?item=D3", "/data-requests", {"item": "D3", "key": "d" * 32}, LAND),
    Wrong("/data-requests/lines/{line}", "/data-requests/lines/{line}/actions", {"action": "refuse"}, CIVIL),
    Wrong(
        "/applications/{had}/fields/employer/dispute",
        "/applications/{had}/fields/employer/dispute",
        who="chen_retiring",
    ),
)
"""Each is refused with 422 and changes nothing."""
