"""The figures that stand bare in a rule: shares of a whole, and money down to the cent.

Every reader of the language makes its numbers here, so that 30 where 30 per cent is meant, or half
a cent, is refused wherever it stands.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from service.catalogue.fault_words import NOTHING, from_to, say
from service.catalogue.faults import ConditionFault, number_fault
from service.catalogue.minor_units import CURRENCY_CODE, minor_unit
from service.catalogue.numbers import number_hint
from service.domain.rules.intervals import ends_for_anybody, within
from service.domain.rules.operators import Range
from service.domain.rules.quantities import Growth, Quantity, Ratio
from service.domain.rules.units import SHARE, Unit
from service.domain.text import Text
from service.domain.truth import Truth

# The unit of a number that multiplies and is no share: `{value: 12, unit: times}`.
TIMES = "times"
_FINEST_SHARE = 10**6
_MAX_RATIO = 10
_MAX_MULTIPLE = 100


def exact(value: object, key: str) -> Fraction:
    """An exact number. Raises ConditionFault for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ConditionFault(say("needs_a_number", key=key, hint=number_hint(value)))
    return Fraction(value)


def written(number: Fraction) -> str:
    """A number as a file writes it."""
    return f"{Decimal(number.numerator) / number.denominator:f}"


def check_share(number: Fraction, key: Text | str, *, finest: bool = True) -> None:
    """Refuse what is no share: it is above nothing, at most the whole, and as a decimal no finer
    than anybody means. Raises ConditionFault."""
    said = say("named", name=key, number=written(number))
    if number > 1:
        raise number_fault(number, say("share_above_the_whole", said=said))
    if number <= 0:
        raise number_fault(number, say("figure_must_be_above_0", said=said))
    if finest and number * _FINEST_SHARE % 1:
        raise number_fault(number, say("finer_than_a_millionth", said=said))


def check_money(value: Fraction, counted: Unit, currencies: frozenset[str], key: str) -> None:
    """Refuse money finer than its smallest coin; prices may be. Raises ConditionFault."""
    plain = len(counted.powers) == 1 and counted.powers[0][1] == 1
    name = counted.powers[0][0] if plain else ""
    if name in currencies or CURRENCY_CODE.fullmatch(name):
        least = minor_unit(name)
        if value % least:
            raise number_fault(value, say("finer_than_its_coin", key=key, least=written(least)))


def check_reachable(bounds: Range, quantity: Quantity, said: str) -> None:
    """Refuse bounds within which a quantity never lies, whatever is stated: the thirteenth month,
    fewer than no awards. Raises ConditionFault."""
    ends = ends_for_anybody(quantity)
    if within(bounds, ends) is Truth.FALSE:
        low, high = (written(end) if isinstance(end, Fraction) else None for end in ends.ends)
        raise ConditionFault(say("bound_never_reached", said=said, ends=from_to(low, high)))


def check_bound(number: Fraction, quantity: Quantity, counted: Unit, key: str) -> None:
    """Refuse a bound that was meant per cent: of growth above the whole, of a ratio of things alike
    above ten times. Raises ConditionFault."""
    if counted != SHARE or not isinstance(quantity, Growth | Ratio):
        return
    if number > (1 if isinstance(quantity, Growth) else _MAX_RATIO):
        said = written(number)
        raise ConditionFault(
            say(
                "is_per_cent_30_per_cent",
                key=key,
                said=said,
                number=written(number * 100),
                times=TIMES,
            )
        )


def is_money(counted: Unit, currencies: frozenset[str]) -> bool:
    """Whether a unit counts money, be it for each of something."""
    return not currencies.isdisjoint(counted.above)


def check_factor(part: Any) -> None:
    """Refuse a bare number above 1 in a share that money is multiplied by. Raises
    ConditionFault."""
    if _is_number(part) and not part:
        raise ConditionFault(say("a_product_with_0_is_nothing"))
    for number in _bare_numbers(part):
        if number < 0:
            raise number_fault(number, say("share_of_money_below_0", number=number))
        if number > 1:
            many = number > _MAX_MULTIPLE
            else_ = say("hint_amount_with_currency", number=number) if many else NOTHING
            said = say("multiple_above_the_whole", number=number, times=TIMES, instead=else_)
            raise number_fault(number, said)


def _bare_numbers(part: Any) -> Iterator[int | Decimal]:
    """The numbers without a unit that a factor may come to, as they are written."""
    if _is_number(part):
        yield part
    if not isinstance(part, dict):
        return
    inner: list[Any] = []
    if "unit" not in part:
        value = part.get("value")
        inner += value.values() if isinstance(value, dict) else [value]
    for key in ("sum", "mean", "least", "greatest", "product"):
        inner += part[key] if isinstance(part.get(key), list) else []
    cases, values = part.get("cases"), part.get("values")
    if isinstance(cases, list):
        inner += [case.get("then") for case in cases if isinstance(case, dict)]
    inner += values.values() if isinstance(values, dict) else ()
    inner.append(part.get("otherwise"))
    for held in inner:
        yield from _bare_numbers(held)


def _is_number(part: object) -> bool:
    return isinstance(part, int | Decimal) and not isinstance(part, bool)
