"""What follows from the answers given so far: the outcome, what decided it, and what is still to be asked."""

from app.domain.conditions.tree import All, AnyOf, Condition, Constant, Facts, Leaf, Not, leaves


def evaluate(condition: Condition, facts: Facts) -> bool | None:
    """Whether the condition is met; None when the answers do not decide it yet.

    Kleene's logic: never wrong, but it does not reason across repetitions (``a or not a`` is undecided without ``a``).
    """
    return condition.decide(facts)


def cited(condition: Condition, facts: Facts) -> frozenset[str]:
    """A minimal set of facts that decides the outcome on its own; empty when undecided or decided without any.

    Leaving out any one of them makes the outcome None. Facts named earlier are kept in preference. The grounds suffice
    but may hold more than is needed (``(a or b) and b``). One pass over them is enough: taking facts away can only turn
    an outcome into None, so what could not be spared once cannot be spared later.
    """
    outcome = condition.decide(facts)
    if outcome is None:
        return frozenset()
    kept = {leaf.fact: facts[leaf.fact] for leaf, _ in grounds(condition, facts)}
    for name in reversed(list(kept)):
        answer = kept.pop(name)
        if condition.decide(kept) is None:
            kept[name] = answer
    return frozenset(kept)


def missing(condition: Condition, facts: Facts) -> tuple[str, ...]:
    """When the outcome is None, the unanswered names that can still matter, in reading order; else nothing.

    A name inside a part that is already decided no longer matters.
    """
    return tuple(dict.fromkeys(leaf.fact for leaf in _open_leaves(condition, facts)))


def grounds(condition: Condition, facts: Facts) -> list[tuple[Leaf, bool]]:
    """The leaves that by themselves decide the outcome, each with its own outcome; empty when undecided."""
    outcome = condition.decide(facts)
    if outcome is None:
        return []
    match condition:
        case Constant():
            return []
        case Not(inner):
            return grounds(inner, facts)
        case All(parts) | AnyOf(parts):
            decisive = [part for part in parts if part.decide(facts) is outcome]
            if outcome is isinstance(condition, AnyOf):
                decisive = decisive[:1]
            return [ground for part in decisive for ground in grounds(part, facts)]
        case _:
            return [(condition, outcome)]


def _open_leaves(condition: Condition, facts: Facts) -> list[Leaf]:
    if condition.decide(facts) is not None:
        return []
    match condition:
        case Not(inner):
            return _open_leaves(inner, facts)
        case All(parts) | AnyOf(parts):
            return [leaf for part in parts for leaf in _open_leaves(part, facts)]
        case _:
            return list(leaves(condition))
