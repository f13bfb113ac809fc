"""The condition language: what decides which items, materials and questions of a 一件事 apply.

``area_m2 >= 300 or entertainment`` · ``'水' in need`` · ``kind in ['正常', '病退']`` · ``not has_licence`` · ``true``

``parse`` reads a condition once, when a pack is loaded, and ``check`` holds it against the guiding questions. A plan
then asks ``evaluate`` (three-valued: None while the answers do not decide it), ``cited`` and ``because`` for the
reason, ``missing`` for what is still to be asked, and ``counterfactuals`` for what would have made the difference.
"""

from app.domain.conditions.cells import Change
from app.domain.conditions.changes import counterfactuals
from app.domain.conditions.checks import ConditionFault, check
from app.domain.conditions.data import from_data, to_data
from app.domain.conditions.logic import cited, evaluate, missing
from app.domain.conditions.reasons import because
from app.domain.conditions.screening import ConditionSyntaxError
from app.domain.conditions.syntax import parse, unparse
from app.domain.conditions.tree import (
    All,
    AnyOf,
    Compare,
    Condition,
    Constant,
    Contains,
    Facts,
    FactType,
    Holds,
    Not,
    OneOf,
    Value,
    names,
)

__all__ = [
    "All",
    "AnyOf",
    "Change",
    "Compare",
    "Condition",
    "ConditionFault",
    "ConditionSyntaxError",
    "Constant",
    "Contains",
    "FactType",
    "Facts",
    "Holds",
    "Not",
    "OneOf",
    "Value",
    "because",
    "check",
    "cited",
    "counterfactuals",
    "evaluate",
    "from_data",
    "missing",
    "names",
    "parse",
    "to_data",
    "unparse",
]
