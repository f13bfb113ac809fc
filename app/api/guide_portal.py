"""What to know of the operations that the portal's pages brought about."""

from app.api.guide_words import OWN, SIDE, A, C, G, Guide, S, roles
from app.domain.vocabulary import Text

PORTAL = {
    "listHalls": Guide(Text("列出最近的大厅", "List the nearest halls")),
    "showErrands": Guide(Text("查看这一件要跑哪里", "Show what one application needs a visit for"), SIDE),
    "showApplicationPlan": Guide(Text("查看申请的方案", "Show an application's plan"), SIDE),
    "followApplication": Guide(Text("跟踪申请的变化", "Follow an application"), roles(A, G, C, S, note=OWN)),
}
