"""Indicators out: their formulas, their values with the numbers behind them, and the cases behind the numbers."""

from datetime import date

from pydantic import Field

from app.domain.figures import Indicator, Value
from app.schemas.common import Bilingual, Out, Term


class IndicatorOut(Out):
    """One indicator and how it is computed."""

    code: str = Field(examples=["on_time"])
    name: Bilingual
    formula: Bilingual
    numerator: str = Field(description="counter above the line", examples=["on_time"])
    denominator: str = Field(description="counter below the line", examples=["decided"])
    unit: Term
    scope: Term = Field(description="what is counted; whole applications have no department and no item")
    mark: Term = Field(description="how well the formula is known: only names are certain")
    is_better_high: bool
    is_listable: bool = Field(description="whether the cases behind it may be listed; those that people rated may not")

    @classmethod
    def of(cls, indicator: Indicator) -> "IndicatorOut":
        """From the domain."""
        return cls(
            code=indicator.code,
            name=Bilingual.of(indicator.name),
            formula=Bilingual.of(indicator.formula),
            numerator=indicator.numerator,
            denominator=indicator.denominator,
            unit=Term.of(indicator.unit),
            scope=Term.of(indicator.scope),
            mark=Term.of(indicator.mark),
            is_better_high=indicator.is_better_high,
            is_listable=indicator.is_listable,
        )


class ValueOut(Out):
    """One value: numerator ÷ denominator, or null with the reason."""

    code: str
    numerator: int
    denominator: int
    value: float | None = Field(description="null when there is nothing to divide by; reason says why")
    reason: Bilingual | None = None

    @classmethod
    def of(cls, code: str, value: Value) -> "ValueOut":
        """From the domain; six decimals are more than any rate needs."""
        amount = None if value.amount is None else round(value.amount, 6)
        return cls(
            code=code,
            numerator=value.numerator,
            denominator=value.denominator,
            value=amount,
            reason=Bilingual.maybe(value.reason),
        )


class GroupOut(Out):
    """The values of one group of a breakdown."""

    key: str = Field(description="code of the region, department, item or bundle; 2026-03 or 2026-03-16 for a period")
    name: Bilingual
    values: list[ValueOut]


class FiguresOut(Out):
    """Indicators of one slice over one period, as a whole and broken down."""

    label: Bilingual = Field(description="these figures are illustrative")
    region: str
    region_name: Bilingual
    department: str | None
    item: str | None
    bundle: str | None
    first_day: date
    last_day: date
    by: Term | None
    total: list[ValueOut]
    groups: list[GroupOut]
    next: str | None = Field(None, description="cursor of the next groups, null at the end")


class CaseBehindOut(Out):
    """One case behind a number. Its content is not shown here."""

    reference: str = Field(description="办件编号: of the task, or of the whole application")
    application: str = Field(description="id of the application")
    day: date = Field(description="the day it counts on: filed, over, or rated")
    region: str
    region_name: Bilingual
    department: str | None
    department_name: Bilingual | None
    item: str | None
    bundle: str
    amount: int = Field(description="what it adds to the number")
