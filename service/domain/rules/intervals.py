"""What is known of a quantity: the interval that it must lie in, and what would narrow it.

This is the authority on what a quantity means; the faster readings are tested against it. A known
number is an interval of one point. An unknown fact leaves what the vocabulary's ends leave.
Whatever the unknown facts turn out to be, the value lies in the interval; and where no unknown fact
stands in a quantity twice, both ends can be reached.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import copysign, inf
from typing import NamedTuple, TypeAlias, assert_never

from service.domain.dates import add_months
from service.domain.facts.profile import Award, Subject, Value
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Condition, Group, Predicate, Undecided, combine
from service.domain.rules.operators import Decision, Range, decide
from service.domain.rules.quantities import Quantity, facts_needed
from service.domain.rules.reduction import reduced
from service.domain.truth import Truth

# A float only where a side is open: minus or plus infinity.
End: TypeAlias = Fraction | float


class Interval(NamedTuple):
    """Both ends are included. `void`: it may be without a value, as where a divisor is zero."""

    low: End = -inf
    high: End = inf
    void: bool = False

    @property
    def point(self) -> Fraction | None:
        """The number, where it is known."""
        known = not self.void and self.low == self.high and isinstance(self.low, Fraction)
        return self.low if known and isinstance(self.low, Fraction) else None


ANYTHING = Interval()
NOTHING = Interval(void=True)


def interval_of(  # noqa: C901  # a case for each class
    quantity: Quantity, subject: Subject, as_of: date
) -> Interval:
    """What is known of a quantity for a subject on a day."""

    def of(part: Quantity) -> Interval:
        return interval_of(part, subject, as_of)

    match quantity:
        case forms.FactQuantity():
            return _of_fact(quantity, subject)
        case forms.Constant(value):
            return Interval(value, value)
        case forms.Between(low, high):
            return Interval(low, high)
        case forms.Sum(terms):
            return _sum([of(t) for t in terms])
        case forms.Difference(first, second):
            return _sum([of(first), _negative(of(second))])
        case forms.Product(terms):
            return _product([of(t) for t in terms])
        case forms.Ratio(first, second):
            return _ratio(of(first), of(second))
        case forms.Least(terms):
            parts = [of(t) for t in terms]
            return Interval(min(p.low for p in parts), min(p.high for p in parts), _void(parts))
        case forms.Greatest(terms):
            parts = [of(t) for t in terms]
            return Interval(max(p.low for p in parts), max(p.high for p in parts), _void(parts))
        case forms.Cases():
            return _hull([of(q) for q in open_parts(quantity, subject, as_of)])
        case forms.Count():
            return _of_records(quantity, subject, as_of)
        case forms.ParameterQuantity():
            return _of_parameter(quantity, subject, as_of)
        case forms.AsOf():
            today = Fraction(as_of.toordinal())
            return Interval(today, today)
        case forms.YearOf(day):
            found = of(day)
            return Interval(_year(found.low), _year(found.high), found.void)
        case forms.MonthsBetween(first, second):
            return _months_between(of(first), of(second))
        case forms.Steps(whole):
            found = of(whole)
            return Interval(_steps(found.low, quantity), _steps(found.high, quantity), found.void)
        case forms.Excess() | forms.Growth() | forms.Mean() | forms.Bands() | forms.ByCode():
            return of(reduced(quantity))
        case _:
            assert_never(quantity)


def _of_fact(quantity: forms.FactQuantity, subject: Subject) -> Interval:
    value = number(subject.get(quantity.fact))
    if value is not None:
        return Interval(value, value)
    low, high = quantity.low, quantity.high
    return Interval(-inf if low is None else low, inf if high is None else high)


def _of_records(quantity: forms.Count, subject: Subject, as_of: date) -> Interval:
    """At least the records that surely meet the test, at most those that may."""
    held = subject.get(quantity.fact)
    if not isinstance(held, tuple):
        return Interval(Fraction(0), inf)
    low, high = Fraction(0), inf if quantity.test.never_absent() else Fraction(0)
    for record in held:
        truth = quantity.test.meets(record, as_of)
        worth = Fraction(1)
        if quantity.amounts:
            amount = record.amount if isinstance(record, Award) else None
            low += Fraction(amount or 0) if truth is Truth.TRUE else 0
            high += (inf if amount is None else Fraction(amount)) if truth is not Truth.FALSE else 0
            continue
        low += worth if truth is Truth.TRUE else 0
        high += worth if truth is not Truth.FALSE else 0
    return Interval(low, high)


def _of_parameter(quantity: forms.ParameterQuantity, subject: Subject, as_of: date) -> Interval:
    value = number(subject.get(quantity.own)) if quantity.own else None
    if value is None:
        value = quantity.parameter.value_on(as_of)
    if value is not None:
        return Interval(value, value)
    low = quantity.parameter.minimum
    return Interval(-inf if low is None else low, inf)


def number(value: Value | None) -> Fraction | None:
    """A stated value as a number: a day as its number among days."""
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return Fraction(value) if isinstance(value, int | Decimal) else None


def _void(parts: list[Interval]) -> bool:
    return any(p.void for p in parts)


def _sum(parts: list[Interval]) -> Interval:
    low = sum([p.low for p in parts], Fraction(0))
    known = all(p.low is p.high for p in parts)
    return Interval(low, low if known else sum([p.high for p in parts], Fraction(0)), _void(parts))


def _negative(part: Interval) -> Interval:
    return Interval(-part.high, -part.low, part.void)


def _product(parts: list[Interval]) -> Interval:
    low: End = Fraction(1)
    high = low
    for part in parts:
        # A known number has one object for both ends: no need to try four products.
        if low is high and part.low is part.high:
            low = high = _times(low, part.low)
            continue
        ends = [_times(a, b) for a, b in product((low, high), (part.low, part.high))]
        low, high = min(ends), max(ends)
    return Interval(low, high, _void(parts))


def _times(a: End, b: End) -> End:
    """A product in which zero times anything is zero: an open side is never reached."""
    if not a or not b:
        return Fraction(0)
    if isinstance(a, float) or isinstance(b, float):
        return copysign(inf, 1 if (a > 0) == (b > 0) else -1)
    return a * b


def _ratio(first: Interval, second: Interval) -> Interval:
    if second.high <= 0:
        return NOTHING
    whole, part = second.point, first.point
    if whole is not None and part is not None:
        share = part / whole
        return Interval(share, share)
    least = _inverse(second.high)
    if second.low is second.high:
        most: End = least
    else:
        most = inf if second.low <= 0 else _inverse(second.low)
    low, high, _ = _product([first, Interval(least, most)])
    return Interval(low, high, second.low <= 0 or first.void or second.void)


def _inverse(end: End) -> Fraction:
    return 1 / end if isinstance(end, Fraction) else Fraction(0)


def _hull(parts: list[Interval]) -> Interval:
    return Interval(min(p.low for p in parts), max(p.high for p in parts), _void(parts))


def open_parts(cases: forms.Cases, subject: Subject, as_of: date) -> Iterator[Quantity]:
    """The quantities of a case distinction that may be the one that counts."""
    for branch in cases.branches:
        truth = truth_of(branch.condition, subject, as_of)
        if truth is not Truth.FALSE:
            yield branch.quantity
        if truth is Truth.TRUE:
            return
    yield cases.otherwise


def _year(end: End) -> End:
    return end if isinstance(end, float) else Fraction(_day(end).year)


def _day(number: Fraction) -> date:
    whole = number.numerator // number.denominator
    return date.fromordinal(min(max(whole, 1), date.max.toordinal()))


def _steps(end: End, steps: forms.Steps) -> End:
    if isinstance(end, float):
        return inf if end > 0 else Fraction(0)
    times = max(end, Fraction(0)) / steps.each.value
    return Fraction(-(-times // 1) if steps.begun else times // 1)


def _months_between(first: Interval, second: Interval) -> Interval:
    """The later the first day and the earlier the second, the fewer months."""
    low, high = _months(first.high, second.low), _months(first.low, second.high)
    return Interval(low, high, first.void or second.void)


def _months(start: End, end: End) -> End:
    if isinstance(start, float) or isinstance(end, float):
        return Fraction(0) if start > 0 or end < 0 else inf
    first, last = _day(start), _day(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    return Fraction(max(0, months - (add_months(first, months) > last)))


def truth_of(condition: Condition, subject: Subject, as_of: date) -> Truth:
    """The truth of a condition, without the evidence."""
    match condition:
        case Undecided():
            return Truth.UNKNOWN
        case Group():
            return combine(condition, [truth_of(c, subject, as_of) for c in condition.children])
        case Predicate():
            return decision_of(condition, subject, as_of).truth
        case _:
            assert_never(condition)


def decision_of(test: Predicate, subject: Subject, as_of: date) -> Decision:
    """What a test decides; a plain fact that is not stated leaves it open."""
    quantity = test.quantity
    if isinstance(quantity, forms.FactQuantity):
        value = subject.get(quantity.fact)
        return Decision.COARSE if value is None else test.operator.decide(value, as_of)
    bounds = test.operator
    assert isinstance(bounds, Range)
    if not has_begun(quantity, subject):
        return Decision.COARSE
    return decide(within(bounds, interval_of(quantity, subject, as_of)), refinable=True)


def has_begun(quantity: Quantity, subject: Subject) -> bool:
    """Whether anything of a quantity is stated. Of whom nothing is known nothing is concluded."""
    facts = facts_needed(quantity)
    return not facts or not subject.facts.keys().isdisjoint(facts)


def within(bounds: Range, found: Interval) -> Truth:
    """Whether all of an interval lies in a range, none of it, or some."""
    if found.void:
        return Truth.UNKNOWN
    if bounds.holds(found.low) and bounds.holds(found.high):
        return Truth.TRUE
    reaches_up = Range(low=bounds.low, low_included=bounds.low_included).holds(found.high)
    reaches_down = Range(high=bounds.high, high_included=bounds.high_included).holds(found.low)
    return Truth.UNKNOWN if reaches_up and reaches_down else Truth.FALSE


def observed_value(quantity: Quantity, subject: Subject, as_of: date) -> Value | Fraction | None:
    """What is seen of a quantity: the value where it is known; of a comparison its left side."""
    if isinstance(quantity, forms.FactQuantity):
        return subject.get(quantity.fact)
    if isinstance(quantity, forms.Excess):
        return observed_value(quantity.first, subject, as_of)
    return interval_of(quantity, subject, as_of).point


def seen_by(
    test: Predicate, subject: Subject, as_of: date
) -> tuple[Truth, Value | Fraction | None]:
    """The truth of a test of a number made of several, and what is seen of it."""
    quantity, bounds = test.quantity, test.operator
    assert isinstance(bounds, Range)
    interval = interval_of(quantity, subject, as_of)
    truth = within(bounds, interval) if has_begun(quantity, subject) else Truth.UNKNOWN
    if isinstance(quantity, forms.Excess):
        return truth, observed_value(quantity, subject, as_of)
    return truth, interval.point


def missing_of(test: Predicate, subject: Subject, as_of: date) -> tuple[str, ...]:
    """The facts that could settle a test that is open, each once, left to right. Where all are
    stated and a divisor leaves it without a value, any of them could."""
    if isinstance(test.quantity, forms.FactQuantity):
        refinable = decision_of(test, subject, as_of).refinable
        return test.quantity.facts if refinable else ()
    return missing_in(test.quantity, subject, as_of)


def missing_in(quantity: Quantity, subject: Subject, as_of: date) -> tuple[str, ...]:
    """The facts that could narrow a quantity, as of a test of it."""
    found = tuple(dict.fromkeys(_narrowing(quantity, subject, as_of)))
    if found or not interval_of(quantity, subject, as_of).void:
        return found
    return quantity.facts


def _narrowing(quantity: Quantity, subject: Subject, as_of: date) -> Iterator[str]:
    """The facts that could narrow a quantity; some may come twice."""
    match quantity:
        case forms.FactQuantity(fact):
            if subject.get(fact) is None:
                yield fact
        case forms.ParameterQuantity():
            if quantity.own and _of_parameter(quantity, subject, as_of).point is None:
                yield quantity.own
        case forms.Bands() | forms.ByCode() | forms.Excess():
            yield from _narrowing(reduced(quantity), subject, as_of)
        case forms.Count():
            if _of_records(quantity, subject, as_of).point is None:
                yield quantity.fact
        case forms.Cases():
            yield from _narrowing_cases(quantity, subject, as_of)
        case _:
            for part in quantity.parts:
                yield from _narrowing(part, subject, as_of)


def _narrowing_cases(cases: forms.Cases, subject: Subject, as_of: date) -> Iterator[str]:
    for branch in cases.branches:
        truth = truth_of(branch.condition, subject, as_of)
        if truth is Truth.UNKNOWN:
            yield from _settling(branch.condition, subject, as_of)
        if truth is not Truth.FALSE:
            yield from _narrowing(branch.quantity, subject, as_of)
        if truth is Truth.TRUE:
            return
    yield from _narrowing(cases.otherwise, subject, as_of)


def _settling(condition: Condition, subject: Subject, as_of: date) -> Iterator[str]:
    """The facts that could settle a condition that is open."""
    match condition:
        case Predicate():
            yield from missing_of(condition, subject, as_of)
        case Group():
            for child in condition.children:
                if truth_of(child, subject, as_of) is Truth.UNKNOWN:
                    yield from _settling(child, subject, as_of)
        case Undecided():
            pass
        case _:
            assert_never(condition)
