"""How an exact amount becomes money: rounded down to 0.01, or as the text says."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Context, Decimal
from enum import StrEnum
from fractions import Fraction

CENT = Decimal("0.01")


EXACT = Context(prec=200, rounding=ROUND_DOWN)


class Direction(StrEnum):
    """Which way an amount is rounded that does not come out even."""

    DOWN = "down"
    NEAREST = "nearest"  # a half upwards
    UP = "up"


@dataclass(frozen=True, slots=True)
class Rounding:
    """How the text rounds what an amount comes to: to a multiple of `to`."""

    how: Direction = Direction.DOWN
    to: Fraction = Fraction(1, 100)

    def of(self, amount: Fraction) -> Fraction:
        """The multiple that an amount is rounded to."""
        parts = amount / self.to
        if self.how is Direction.NEAREST:
            parts += Fraction(1, 2)
        return self.to * (parts.__ceil__() if self.how is Direction.UP else parts.__floor__())


TO_THE_CENT = Rounding()


def round_down(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, context=EXACT)


def money(amount: Fraction) -> Decimal:
    """An exact amount as it is paid, rounded down."""
    return round_down(_as_decimal(amount))


def share_of(number: Fraction) -> Decimal:
    """A share as people write it: with two places at least."""
    exact = _as_decimal(number)
    rounded = exact.quantize(CENT, context=EXACT)
    return rounded if rounded == exact else exact


def _as_decimal(number: Fraction) -> Decimal:
    return EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))
