"""What to know of the operations that officials' pages read beside the rest."""

from app.api.guide_words import Guide, O, roles
from app.domain.vocabulary import Text

OFFICE = {
    "countTasks": Guide(
        Text("部门在办数", "Count a department's tasks"),
        roles(O, note=Text("限本部门。", "The own department only.")),
    ),
}
