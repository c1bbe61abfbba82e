"""Money that is paid in parts: what is still due of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from service.domain.rules.rounding import DOWN_TO_CENT, Rounding, money
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Instalment:
    """A share of the whole that is paid by itself, and when, where the text says so."""

    share: Fraction
    when: Text | None = None


def instalment_amounts(
    whole: Decimal,
    parts: Sequence[Instalment],
    had: Decimal = Decimal(0),
    rounding: Rounding = DOWN_TO_CENT,
) -> Iterator[Decimal]:
    """What is still paid of each instalment, where so much of them was `had` already; those of all
    that was had and comes are rounded down to 0.01, or as `rounding` has it, the last is what is
    left.

    >>> thirds = [Instalment(Fraction(1, 3))] * 3
    >>> list(map(str, instalment_amounts(Decimal("100.00"), thirds)))
    ['33.33', '33.33', '33.34']
    >>> list(map(str, instalment_amounts(Decimal(50), thirds, Decimal(50))))
    ['0.00', '16.66', '33.34']
    """
    total = left = whole + had
    for place, part in enumerate(parts, 1):
        due = left if place == len(parts) else money(rounding.of(Fraction(total) * part.share))
        left -= due
        taken = min(due, had)
        had -= taken
        yield due - taken
