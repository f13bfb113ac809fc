"""Rules about offers without an application (免申即享): only what the item may have, and only yes or no."""

from typing import Final

from app.catalogue.build import Built
from app.catalogue.faults import Path, clipped
from app.catalogue.rules import Finding, Findings, rule
from app.domain.catalogue import OfferFact
from app.domain.conditions import names
from app.domain.offers import confined
from app.domain.slices import listed
from app.domain.vocabulary import Text


@rule("O1", "offer-automatic", "免申即享的事项支持自动办理", "What is offered can be had without an application")
def automatic(built: Built) -> Findings:
    """An offer for an item that the guide says must be applied for would promise what nobody keeps."""
    for code, bundle in built.pack.bundles.items():
        for name, part in bundle.items.items():
            item = built.library.items.get(name)
            if part.offer is not None and item is not None and not item.supports.automatic:
                message = Text("该事项没有标明支持免申即享。", "The item does not say that it can be had that way.")
                hint = Text("请在 supports 写 automatic: true。", "write automatic: true under supports")
                yield Finding(("bundles", code, "items", name, "offer"), message, hint)


@rule("O2", "offer-minimum", "找人只用事项本来可用的数据", "People are found by data the item may have anyway")
def minimum(built: Built) -> Findings:
    """最小必要 (个人信息保护法 art. 6): looking for people opens no data that handling the item alone does not."""
    for code, bundle in built.library.bundles.items():
        for name, part in bundle.items.items():
            item = built.library.items.get(name)
            for fact, own in (part.offer.facts if part.offer is not None else {}).items():
                at: Path = ("bundles", code, "items", name, "offer", "facts", fact)
                if item is None or own.dataset not in built.library.datasets:
                    continue
                if own.rule.element not in listed(built.library, confined(bundle, name), item, own.dataset):
                    shown = clipped(own.rule.element)
                    message = Text(
                        f"事项不使用“{own.dataset}”的“{shown}”。", f"The item uses no “{shown}” of “{own.dataset}”."
                    )
                    yield Finding((*at, "element"), message)


@rule("O3", "offer-facts", "找人的每个条件都是有用的是或否", "Every fact of an offer is a yes or a no that counts")
def decisive(built: Built) -> Findings:
    """What decides nothing is not looked up; what is no yes or no cannot be one condition among others."""
    for code, bundle in built.library.bundles.items():
        for name, part in bundle.items.items():
            if part.offer is None:
                continue
            used = names(part.offer.when)
            for fact, own in part.offer.facts.items():
                at: Path = ("bundles", code, "items", name, "offer", "facts", fact)
                if not is_yes_or_no(own):
                    message = Text("须得出是或否。", "It has to come out as a yes or a no.")
                    hint = Text("用 exists、at_least、years 或 map。", "use exists, at_least, years or map")
                    yield Finding(at, message, hint)
                elif fact not in used:
                    message = Text("条件没有用到它，不必查。", "The condition does not use it: do not look it up.")
                    yield Finding(at, message, None, "warning")


@rule("O4", "offer-answers", "确认时不用再回答问题", "Who confirms is asked no question")
def answered(built: Built) -> Findings:
    """Every question that decides about the item has to be a fact of its offer."""
    for code, bundle in built.library.bundles.items():
        for name, part in bundle.items.items():
            if part.offer is None:
                continue
            for question in sorted(names(part.when) - part.offer.facts.keys()):
                message = Text(f"还要问“{clipped(question)}”。", f"“{clipped(question)}” would still have to be asked.")
                yield Finding(("bundles", code, "items", name, "offer", "facts"), message)


def is_yes_or_no(fact: OfferFact) -> bool:
    """Whether the rule gives nothing but yes or no, about the person alone."""
    rule_ = fact.rule
    if rule_.party != "applicant" or rule_.days_since:
        return False
    if rule_.exists is not None or rule_.at_least is not None or rule_.years is not None:
        return True
    values = [*rule_.map.values(), *([] if rule_.otherwise is None else [rule_.otherwise])]
    return bool(rule_.map) and all(isinstance(value, bool) for value in values)


RULES: Final = (automatic, minimum, decisive, answered)
