"""Amounts: what a programme's text bounds, in exact yuan. A ceiling is never an expectation."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Context, Decimal
from enum import StrEnum

from service.domain.facts.profile import Subject

CENT = Decimal("0.01")
EXACT = Context(prec=200, rounding=ROUND_DOWN)


class Per(StrEnum):
    """What one ceiling is counted for; UNSTATED where the text is silent."""

    CONTRACT = "contract"
    PROJECT = "project"
    EVENT = "event"
    PERSON = "person"
    COMPANY = "company"
    YEAR = "year"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Benefit:
    """The money rule of a programme.

    The amount is at most `rate` × `of` × every fact of `times`, and at most `cap`. A rate may be an
    interval where the text leaves it open. No rate: the cap alone. No cap: no upper bound.
    """

    cap: Decimal | None = None
    rate_low: Decimal | None = None
    rate_high: Decimal | None = None
    of: str | None = None
    times: tuple[str, ...] = ()
    per: Per = Per.UNSTATED
    one_off: bool | None = None

    @property
    def personal(self) -> bool:
        """Whether the money is meant for a person rather than for the company that applies."""
        return self.per is Per.PERSON

    @property
    def facts(self) -> tuple[str, ...]:
        """What an amount is reckoned from."""
        return (self.of, *self.times) if self.of else ()


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The upper bound for one subject, in yuan rounded down to 0.01.

    `amount` is the bound where it can be computed, None where a base is unknown or the rate is an
    interval; then `low` and `high` enclose it. `high` is otherwise the cap.
    """

    amount: Decimal | None
    low: Decimal | None
    high: Decimal | None

    @property
    def at_most(self) -> Decimal | None:
        """The most it can be: the amount, or else the upper end; None where nothing bounds it."""
        return self.amount if self.amount is not None else self.high


def round_down(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, context=EXACT)


def ceiling(benefit: Benefit, subject: Subject) -> Ceiling:
    """The ceiling of a benefit for a subject."""
    cap = None if benefit.cap is None else round_down(benefit.cap)
    if benefit.rate_high is None:
        return Ceiling(cap, None, cap)
    base = _base(benefit, subject)
    if base is None:
        return Ceiling(None, None, cap)
    assert benefit.rate_low is not None
    high = _capped(EXACT.multiply(benefit.rate_high, base), cap)
    if benefit.rate_low == benefit.rate_high:
        return Ceiling(high, None, cap)
    low = _capped(EXACT.multiply(benefit.rate_low, base), cap)
    return Ceiling(high, None, cap) if low == high else Ceiling(None, low, high)


def _base(benefit: Benefit, subject: Subject) -> Decimal | None:
    product = Decimal(1)
    for fact in benefit.facts:
        value = subject.get(fact)
        if not isinstance(value, int | Decimal):
            return None
        product = EXACT.multiply(product, Decimal(value))
    return product


def _capped(amount: Decimal, cap: Decimal | None) -> Decimal:
    rounded = round_down(amount)
    return rounded if cap is None else min(rounded, cap)
