"""The ceiling of one subject: an interval of money as it is paid, rounded as the text says."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import inf

from service.domain.rules.interval_arithmetic import End, Interval
from service.domain.rules.rounding import DOWN_TO_CENT, Rounding, money


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The upper bound for one subject, rounded down to 0.01.

    `amount` is the bound where it can be computed, None where something it is reckoned from is
    unknown or the text leaves it open; then `low` and `high` enclose it, `low` None where it is not
    above zero. `high` is otherwise the cap. Of what is paid over time it is the whole, and
    `per_year` what one year comes to; where the years differ, `by_year` what each does, and
    `per_year` is the most of them. `had`: what was paid before of the same, and is taken off.
    """

    amount: Decimal | None
    low: Decimal | None
    high: Decimal | None
    per_year: "Ceiling | None" = None
    had: Decimal = Decimal(0)
    by_year: "tuple[Ceiling, ...]" = ()

    @property
    def at_least(self) -> Decimal:
        """The least it can be: the amount, or else the lower end; what is only capped may come to
        nothing."""
        return self.amount if self.amount is not None else self.low or Decimal(0)

    @property
    def at_most(self) -> Decimal | None:
        """The most it can be: the amount, or else the upper end; None where nothing bounds it."""
        return self.amount if self.amount is not None else self.high


def rounded_ceiling(amount: Interval, cap: Interval, rounding: Rounding) -> Ceiling:
    """The ceiling that an amount comes to which lies within a cap already."""
    start, end = (
        _rounded_end(e, most, rounding) for e, most in zip(amount.ends, cap.ends, strict=True)
    )
    if start is not None and start == end:
        return Ceiling(end, None, _rounded_end(cap.high, inf, rounding.of_parts))
    return Ceiling(None, start or None, end)


def _rounded_end(end: End, cap: End, rounding: Rounding) -> Decimal | None:
    """An end as it is paid: rounded as the text says, but not above a cap that it was below."""
    if not isinstance(end, Fraction):
        return None
    if rounding is DOWN_TO_CENT or rounding == DOWN_TO_CENT:
        return money(end)
    rounded = rounding.of(end)
    return money(min(rounded, max(end, cap)) if isinstance(cap, Fraction) else rounded)
