"""Conditions as plain data, for storage beside a routing decision and for the API.

``{"op": "all", "parts": [{"op": ">=", "fact": "area_m2", "value": 300}, {"op": "holds", "fact": "sign"}]}``
"""

from app.domain.conditions.tree import NEGATED, All, AnyOf, Compare, Condition, Constant, Contains, Holds, Not, OneOf

MAX_DEPTH = 50
"""How deeply conditions may be nested; real ones stay below five."""

MAX_NODES = 500
"""How many nodes one condition may have."""

_KEYS = {
    "constant": {"value"},
    "holds": {"fact"},
    "in": {"fact", "values"},
    "contains": {"fact", "value"},
    "not": {"inner"},
    "all": {"parts"},
    "any": {"parts"},
} | {comparison: {"fact", "value"} for comparison in NEGATED}


def to_data(condition: Condition) -> dict[str, object]:
    """The condition as nested dicts, lists, texts, numbers and bools; ``op`` says which node it is."""
    match condition:
        case Constant(value):
            return {"op": "constant", "value": value}
        case Holds(fact):
            return {"op": "holds", "fact": fact}
        case Compare(fact, op, literal):
            return {"op": op, "fact": fact, "value": literal}
        case OneOf(fact, values):
            return {"op": "in", "fact": fact, "values": list(values)}
        case Contains(fact, member):
            return {"op": "contains", "fact": fact, "value": member}
        case Not(inner):
            return {"op": "not", "inner": to_data(inner)}
        case All(parts):
            return {"op": "all", "parts": [to_data(part) for part in parts]}
        case AnyOf(parts):
            return {"op": "any", "parts": [to_data(part) for part in parts]}


def from_data(data: object) -> Condition:
    """The condition that ``to_data`` wrote. Raises ``ValueError`` on anything else, extra keys included."""
    condition, _ = _read(data, 1, 0)
    return condition


def is_sane(condition: Condition) -> bool:
    """Whether the condition keeps within ``MAX_DEPTH`` and ``MAX_NODES``."""
    level: list[Condition] = [condition]
    depth = count = 0
    while level:
        depth, count = depth + 1, count + len(level)
        level = [inner for node in level for inner in _inside(node)]
    return depth <= MAX_DEPTH and count <= MAX_NODES


def _inside(condition: Condition) -> tuple[Condition, ...]:
    match condition:
        case Not(inner):
            return (inner,)
        case All(parts) | AnyOf(parts):
            return parts
        case _:
            return ()


def _read(data: object, depth: int, count: int) -> tuple[Condition, int]:
    """One node and how many have been read with it."""
    if depth > MAX_DEPTH or count >= MAX_NODES:
        raise ValueError(f"a condition may be nested {MAX_DEPTH} deep and have {MAX_NODES} nodes, not more")
    if not isinstance(data, dict):
        raise ValueError(f"a condition is an object with an op, not a {type(data).__name__}")
    op = data.get("op")
    if not isinstance(op, str) or op not in _KEYS:
        raise ValueError(f"op must be one of {', '.join(_KEYS)}, not {op!r:.80}")
    if set(data) != _KEYS[op] | {"op"}:
        raise ValueError(f"a condition with op {op!r} has exactly the keys op, {', '.join(sorted(_KEYS[op]))}")
    if op == "not":
        inner, count = _read(data["inner"], depth + 1, count + 1)
        return Not(inner), count
    if op in {"all", "any"}:
        parts, count = _read_parts(data["parts"], depth, count + 1)
        return (All(parts) if op == "all" else AnyOf(parts)), count
    return _read_leaf(op, data), count + 1


def _read_parts(parts: object, depth: int, count: int) -> tuple[tuple[Condition, ...], int]:
    if not isinstance(parts, list | tuple):
        raise ValueError("parts must be a list of conditions")
    read: list[Condition] = []
    for part in parts:
        condition, count = _read(part, depth + 1, count)
        read.append(condition)
    return tuple(read), count


def _read_leaf(op: str, data: dict[str, object]) -> Condition:
    """The nodes check their members themselves, hence the looser type here."""
    members: dict[str, object] = {key: value for key, value in data.items() if key != "op"}
    match members:
        case {"values": values, "fact": str(fact)} if isinstance(values, list | tuple):
            return OneOf(fact, tuple(values))
        case {"value": str(member), "fact": str(fact)} if op == "contains":
            return Contains(fact, member)
        case {"value": bool(truth)} if op == "constant":
            return Constant(truth)
        case {"value": (int() | float() | str()) as literal, "fact": str(fact)} if op in NEGATED:
            return Compare(fact, op, literal)
        case {"fact": str(fact)} if op == "holds":
            return Holds(fact)
    raise ValueError(f"a condition with op {op!r} has members of the wrong type")
