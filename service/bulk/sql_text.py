"""The smallest pieces of SQL: values as literals, conditions joined, exact comparisons."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from service.domain.rules.operators import Bound


def all_of(parts: Iterable[str]) -> str:
    return f"({' AND '.join(parts) or 'TRUE'})"


def any_of(parts: Iterable[str]) -> str:
    return f"({' OR '.join(parts) or 'FALSE'})"


def compare_exactly(cell: str, sign: str, bound: Bound) -> str:
    """A column of text held against a bound by its exact value; NULL where it is no such value."""
    if isinstance(bound, date):
        return f"(TRY_CAST({cell} AS DATE) {sign} DATE '{bound}')"
    exact = Fraction(bound)
    number = f"TRY_CAST({cell} AS DECIMAL(28, 6))"
    return f"({number} * {exact.denominator} {sign} {exact.numerator})"


def plain_literal(value: object) -> str:
    if isinstance(value, bool):
        return text_literal(str(value).lower())
    return text_literal(f"{value:f}" if isinstance(value, Decimal) else str(value))


def text_literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
