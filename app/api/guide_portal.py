"""What to know of the operations that the portal's pages brought about."""

from app.api.guide_words import SIDE, Guide
from app.domain.vocabulary import Text

PORTAL = {
    "showApplicationPlan": Guide(Text("查看申请的方案", "Show an application's plan"), SIDE),
}
