"""The money rule that most texts have: a share of some facts, within caps that all have.

It means what its quantities mean (`amounts`, the reference), but where all its facts are stated it
is one product of decimals: a tenth of what intervals of fractions take.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from fractions import Fraction

from service.domain.facts.profile import Value
from service.domain.rules.ceiling import Ceiling
from service.domain.rules.quantities import Between, Constant, FactQuantity, Product, Quantity
from service.domain.rules.rounding import as_decimal, money, round_down
from service.domain.rules.units import SHARE

# A product of more digits is left to the fractions.
_EXACTLY = Context(prec=200, traps=[Inexact])
_ONE, _NOTHING = Decimal(1), Decimal("0.00")


@dataclass(frozen=True, slots=True)
class PlainShare:
    """The share `high` of the product of some facts, or one from `low` on where the text leaves it
    open, and no more than `cap`."""

    high: Decimal
    low: Decimal | None
    facts: tuple[str, ...]
    cap: Decimal | None

    def ceiling(self, stated: Mapping[str, Value]) -> Ceiling | None:
        """The ceiling where all facts are stated; None where one is not, or the product has more
        digits than are multiplied here."""
        base = _ONE
        try:
            for fact in self.facts:
                value = stated.get(fact)
                if not isinstance(value, Decimal | int):
                    return None
                base = _EXACTLY.multiply(base, value)
            high = self._paid(_EXACTLY.multiply(base, self.high))
            low = high if self.low is None else self._paid(_EXACTLY.multiply(base, self.low))
        except Inexact:
            return None
        if low == high:
            return Ceiling(high, None, self.cap)
        return Ceiling(None, low or None, high)

    def _paid(self, amount: Decimal) -> Decimal:
        paid = round_down(amount) if amount > 0 else _NOTHING
        return paid if self.cap is None or paid < self.cap else self.cap


def plain_share(amount: Quantity | None, caps: Sequence[Quantity]) -> PlainShare | None:
    """An amount within caps as a plain share, if it is one."""
    if not isinstance(amount, Product) or not all(isinstance(c, Constant) for c in caps):
        return None
    rates = [t for t in amount.terms if isinstance(t, Constant | Between)]
    facts = tuple(t.fact for t in amount.terms if isinstance(t, FactQuantity))
    if len(rates) != 1 or rates[0].unit != SHARE or len(facts) + 1 != len(amount.terms):
        return None
    low, high = _ends(rates[0])
    if high is None or not _is_decimal(low) or not _is_decimal(high):
        return None
    figures = [c.value for c in caps if isinstance(c, Constant)]
    cap = max(money(min(figures)), _NOTHING) if figures else None
    return PlainShare(as_decimal(high), None if low == high else as_decimal(low), facts, cap)


def _ends(number: Constant | Between) -> tuple[Fraction, Fraction | None]:
    return (number.value,) * 2 if isinstance(number, Constant) else (number.low, number.high)


def _is_decimal(number: Fraction) -> bool:
    """Whether it has an end when it is written as a decimal, as a third has not."""
    return Fraction(as_decimal(number)) == number
