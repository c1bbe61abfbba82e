"""Numbers made of facts, reckoned by the machine's own arithmetic: whole numbers exactly, others in
floats, together with the size of what was reckoned with, which bounds how far they may be off.

A quantity is taken apart once, into a function of the facts and the day. What it gives agrees with
`interval_of`, the reference; where it cannot, it says so.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import inf, isfinite
from typing import TypeAlias

from service.domain.facts.profile import Value
from service.domain.rules import interval_arithmetic as arithmetic
from service.domain.rules import quantities as forms
from service.domain.rules.quantities import Quantity
from service.domain.rules.quantity_reading import EstimatedReading, NoEstimateError

# An int is exact, and so is an infinite float: an open side. Any other float may be off.
End: TypeAlias = int | float
# The least and the most that a number may be, and at least how large what it was made of is.
Estimate: TypeAlias = tuple[End, End, float]
_NOTHING: Estimate = (0, 0, 0)
_ONE: Estimate = (1, 1, 1)
Estimator: TypeAlias = Callable[[Mapping[str, Value], date], Estimate]


def estimator_of(quantity: Quantity) -> Estimator | None:
    """The function that estimates a quantity; None where only the exact way will do. It raises
    NoEstimateError, or OverflowError, for facts of which that is so."""
    try:
        return _Estimators().ends(quantity)
    except NoEstimateError:
        return None


class _Estimators(EstimatedReading[Estimator]):
    def ends(self, quantity: Quantity) -> Estimator:
        return _today if isinstance(quantity, forms.AsOf) else super().ends(quantity)

    def of_fact(self, quantity: forms.FactQuantity) -> Estimator:
        fact = quantity.fact
        low = -inf if quantity.low is None else _end_of(quantity.low)
        high = inf if quantity.high is None else _end_of(quantity.high)
        unstated = low, high, sum(abs(end) for end in (low, high) if isfinite(end))

        def estimate(facts: Mapping[str, Value], _as_of: date) -> Estimate:
            value: object = facts.get(fact)
            if isinstance(value, Decimal):
                value = float(value)
            elif isinstance(value, date):
                value = value.toordinal()
            elif not isinstance(value, int):
                return unstated
            return value, value, abs(value)

        return estimate

    def of_number(self, low: Fraction, high: arithmetic.End) -> Estimator:
        first, last = _end_of(low), _end_of(high)
        found = first, last, max(abs(end) for end in (first, last) if isfinite(end))
        return lambda _facts, _as_of: found

    def of_sum(self, terms: Sequence[Estimator]) -> Estimator:
        def estimate(facts: Mapping[str, Value], as_of: date) -> Estimate:
            low, high, size = _NOTHING
            for term in terms:
                least, most, magnitude = term(facts, as_of)
                low += least
                high += most
                size += magnitude
            return low, high, size

        return estimate

    def of_negative(self, part: Estimator) -> Estimator:
        def estimate(facts: Mapping[str, Value], as_of: date) -> Estimate:
            low, high, size = part(facts, as_of)
            return -high, -low, size

        return estimate

    def of_product(self, terms: Sequence[Estimator]) -> Estimator:
        def estimate(facts: Mapping[str, Value], as_of: date) -> Estimate:
            low, high, size = _ONE
            for term in terms:
                least, most, magnitude = term(facts, as_of)
                ends = [_times(a, b) for a in (low, high) for b in (least, most)]
                low, high, size = min(ends), max(ends), size * magnitude
            return low, high, size

        return estimate

    def of_ratio(self, first: Estimator, second: Estimator, _divisor: Quantity) -> Estimator:
        def estimate(facts: Mapping[str, Value], as_of: date) -> Estimate:
            whole, most, magnitude = second(facts, as_of)
            if whole != most or whole <= 0:
                raise NoEstimateError
            low, high, size = first(facts, as_of)
            size /= whole
            # Nothing of anything is nothing, exactly.
            return low and low / whole, high and high / whole, size + size * (magnitude / whole)

        return estimate

    def of_least(self, terms: Sequence[Estimator]) -> Estimator:
        return _outermost(terms, min)

    def of_greatest(self, terms: Sequence[Estimator]) -> Estimator:
        return _outermost(terms, max)

    def of_year(self, day: Estimator) -> Estimator:
        def estimate(facts: Mapping[str, Value], as_of: date) -> Estimate:
            low, high, _ = day(facts, as_of)
            first = _year_of(low)
            last = first if low == high else _year_of(high)
            return first, last, date.max.year

        return estimate


def _outermost(terms: Sequence[Estimator], choose: Callable[[list[End]], End]) -> Estimator:
    def estimate(facts: Mapping[str, Value], as_of: date) -> Estimate:
        lows, highs, sizes = zip(*[term(facts, as_of) for term in terms], strict=True)
        return choose(list(lows)), choose(list(highs)), sum(sizes)

    return estimate


def _today(_facts: Mapping[str, Value], as_of: date) -> Estimate:
    today = as_of.toordinal()
    return today, today, today


def _end_of(number: arithmetic.End) -> End:
    whole = isinstance(number, Fraction) and number.denominator == 1
    return int(number) if whole else float(number)


def _times(a: End, b: End) -> End:
    """A product in which zero times anything is zero: an open side is never reached."""
    return a * b if a and b else 0


def _year_of(day: End) -> End:
    if isinstance(day, int):
        return date.fromordinal(min(max(day, 1), date.max.toordinal())).year
    if isfinite(day):
        raise NoEstimateError
    return day
