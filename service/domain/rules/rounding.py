"""How an exact amount becomes money.

There are three rules, each for another kind of amount:

- What a rule comes to is rounded down to the least that is paid, or as the text has it: a ceiling
  is never more than the text allows.
- What somebody states is not rounded: parts of a cent are refused where they are read
  (`intake/number_values.py`), as a sign that something else was meant.
- What a cell of a table holds is rounded to the nearest cent, and told: a spreadsheet reckons with
  more places than it shows, and its sender has never seen them.
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from fractions import Fraction

CENT = Decimal("0.01")
_HUNDREDTH = Fraction(1, 100)
EXACT = Context(prec=200, rounding=ROUND_DOWN)
# Of more digits than any cell may hold.
_NEAREST = Context(prec=400, rounding=ROUND_HALF_UP)


class Direction(StrEnum):
    """Which way an amount is rounded that does not come out even."""

    DOWN = "down"
    NEAREST = "nearest"  # a half upwards
    UP = "up"


@dataclass(frozen=True, slots=True)
class Rounding:
    """How the text rounds what an amount comes to: to a multiple of `to`. `least` is the least that
    is paid in the amount's currency: a hundredth, but a whole yen."""

    how: Direction = Direction.DOWN
    to: Fraction = _HUNDREDTH
    least: Fraction = _HUNDREDTH

    @property
    def unsaid(self) -> bool:
        """Whether it is what an amount is rounded to where the text says nothing."""
        return self.how is Direction.DOWN and (self.to is self.least or self.to == self.least)

    @property
    def of_parts(self) -> "Rounding":
        """How the figures that make up an amount are rounded, its instalments and its cap: down to
        the least that is paid, for what a text says of rounding is said of the whole."""
        return self if self.unsaid else Rounding(to=self.least, least=self.least)

    def of(self, amount: Fraction) -> Fraction:
        """The multiple that an amount is rounded to."""
        parts = amount / self.to
        if self.how is Direction.NEAREST:
            parts += Fraction(1, 2)
        return self.to * (parts.__ceil__() if self.how is Direction.UP else parts.__floor__())


DOWN_TO_CENT = Rounding()


def round_down(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, context=EXACT)


def nearest_cent(amount: Decimal) -> Decimal:
    """As a spreadsheet shows it: a half upwards."""
    return amount.quantize(CENT, context=_NEAREST)


def money(amount: Fraction) -> Decimal:
    """An exact amount as it is paid, rounded down."""
    return round_down(as_decimal(amount))


def share_of(number: Fraction) -> Decimal:
    """A share as people write it: with two places at least."""
    exact = as_decimal(number)
    rounded = exact.quantize(CENT, context=EXACT)
    return rounded if rounded == exact else exact


def as_decimal(number: Fraction) -> Decimal:
    """A fraction as a decimal, cut off far behind what anybody reads where it has no end."""
    return EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))
