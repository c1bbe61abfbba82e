"""Quantities as formulas: both ends of what is known of them, over one divisor.

The same intervals as the reference evaluator's. A divisor keeps what is compared linear wherever a
ratio of two facts is held against a figure, which is what solvers are fast at.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import assert_never

import z3

from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Condition
from service.domain.rules.operators import Range
from service.domain.rules.quantities import Quantity, facts_needed
from service.domain.rules.reduction import reduced
from service.proof.calendar import full_months, year_of
from service.proof.node import Node
from service.proof.records import Records
from service.proof.variables import Formula, ScalarVariable

YES, NO = z3.BoolVal(True), z3.BoolVal(False)
ONE = z3.RealVal(1)


@dataclass(frozen=True)
class End:
    """One end of a quantity. `unbounded`: that side has none, and `value` then means nothing."""

    value: Formula
    unbounded: Formula = NO


@dataclass(frozen=True)
class Ends:
    """Both ends over a divisor above zero; `void` where it may be without a value; `exact` where
    all that it looks at is stated."""

    low: End
    high: End
    over: Formula = ONE
    void: Formula = NO
    exact: Formula = YES
    # Whether it is never below zero, whatever the facts.
    positive: bool = False
    # The number where it is the same for everybody.
    constant: Fraction | None = None


@dataclass(frozen=True)
class QuantityTranslator:
    """Translates the quantities of one subject. `scalar` gives a fact's variable, None for a fact
    that the subject cannot have; `truths` translates a condition."""

    as_of: date
    scalar: Callable[[str], ScalarVariable | None]
    truths: Callable[[Condition], Node]
    is_known: Callable[[str], Formula]
    records: Callable[[str], Records | None]

    def compare(self, quantity: Quantity, bounds: Range) -> tuple[Formula, Formula, Formula]:
        """Whether it lies in a range for sure, perhaps, and whether all is stated exactly."""
        ends = self.ends(quantity)
        true, possible = [], []
        for bound, low in ((bounds.low, True), (bounds.high, False)):
            if bound is None or isinstance(bound, date):
                continue
            near, far = (ends.low, ends.high) if low else (ends.high, ends.low)
            included = bounds.low_included if low else bounds.high_included
            limit = _rational(Fraction(bound)) * ends.over
            true.append(z3.And(z3.Not(near.unbounded), _reaches(near.value, limit, low, included)))
            possible.append(z3.Or(far.unbounded, _reaches(far.value, limit, low, included)))
        needed = facts_needed(quantity)
        begun = z3.Or([self.is_known(f) for f in needed]) if needed else YES
        decided = z3.And(begun, z3.Not(ends.void))
        exact = z3.And(ends.exact, z3.Not(ends.void))
        return z3.And(decided, *true), z3.Or(z3.Not(decided), z3.And(possible)), exact

    def ends(self, quantity: Quantity) -> Ends:  # noqa: C901  # a case for each class
        match quantity:
            case forms.FactQuantity():
                return self._fact(quantity)
            case forms.Constant(value):
                return _constant(value)
            case forms.Between(low, high):
                ends = (End(_rational(low)), End(_rational(high)))
                return Ends(*ends, positive=low >= 0)
            case forms.Sum(terms):
                return reduce(_added, [self.ends(t) for t in terms])
            case forms.Difference(first, second):
                return _added(self.ends(first), _negative(self.ends(second)))
            case forms.Product(terms):
                return reduce(_multiplied, [self.ends(t) for t in terms])
            case forms.Ratio(first, second):
                return self._ratio(self.ends(first), self.ends(second), second)
            case forms.Least(terms):
                return reduce(_lesser, [self.ends(t) for t in terms])
            case forms.Greatest(terms):
                negated = [_negative(self.ends(t)) for t in terms]
                return _negative(reduce(_lesser, negated))
            case forms.Cases():
                return self._cases(quantity)
            case forms.Count():
                return self._records(quantity)
            case forms.ParameterQuantity():
                return self._parameter(quantity)
            case forms.AsOf():
                return _constant(Fraction(self.as_of.toordinal()))
            case forms.YearOf(day):
                found = self.ends(day)
                begin, end_ = (
                    End(z3.ToReal(year_of(_whole_day(end))), end.unbounded)
                    for end in (found.low, found.high)
                )
                return Ends(begin, end_, ONE, found.void, found.exact, positive=True)
            case forms.Steps():
                return _whole_steps(self.ends(quantity.of), quantity)
            case forms.MonthsBetween(first, second):
                return _months_between(self.ends(first), self.ends(second))
            case forms.Excess() | forms.Growth() | forms.Mean() | forms.Bands() | forms.ByCode():
                return self.ends(reduced(quantity))
            case _:
                assert_never(quantity)

    def _fact(self, quantity: forms.FactQuantity) -> Ends:
        variable = self.scalar(quantity.fact)
        sides = [_end_of(end) for end in (quantity.low, quantity.high)]
        positive = quantity.low is not None and quantity.low >= 0
        if variable is None:
            return Ends(sides[0], sides[1], exact=NO, positive=positive)
        known, number = variable.is_known, variable.real
        low, high = (
            End(z3.If(known, number, side.value), z3.And(z3.Not(known), side.unbounded))
            for side in sides
        )
        return Ends(low, high, exact=known, positive=positive)

    def _records(self, count: forms.Count) -> Ends:
        """Records that surely meet a test, and that may; or what they come to."""
        variable = self.records(count.fact)
        if variable is None:
            return Ends(_end_of(Fraction(0)), _end_of(None), exact=NO, positive=True)
        if count.amounts:
            low, high, most = variable.summed(count.test, self.as_of)
            known = variable.is_known
            return Ends(
                End(z3.If(known, low, z3.RealVal(0))),
                End(high, z3.Or(z3.Not(known), most)),
                exact=z3.And(known, low == high, z3.Not(most)),
                positive=True,
            )
        low, high = variable.counted(count.test, self.as_of)
        known = variable.is_known
        most = z3.BoolVal(True) if count.test.never_absent() else z3.Not(known)
        return Ends(
            End(z3.If(known, z3.ToReal(low), z3.RealVal(0))),
            End(z3.ToReal(high), most),
            exact=z3.And(known, low == high),
            positive=True,
        )

    def _parameter(self, quantity: forms.ParameterQuantity) -> Ends:
        """The figure of the day, unless the subject states its own."""
        value, low = quantity.parameter.value_on(self.as_of), quantity.parameter.minimum
        if quantity.own is not None:
            ends = (low, None) if value is None else (value, value)
            found = self._fact(forms.FactQuantity(quantity.own, *ends))
            return found if value is None else replace(found, exact=YES)
        if value is not None:
            return _constant(value)
        return Ends(_end_of(low), _end_of(None), exact=NO, positive=low is not None and low >= 0)

    def _ratio(self, first: Ends, second: Ends, divisor: Quantity) -> Ends:
        void = z3.Or(second.low.unbounded, second.low.value <= 0)
        over, low, high = second.over, second.low.value, second.high.value
        if isinstance(divisor, forms.FactQuantity) and (divisor.low is None or divisor.low <= 0):
            # An unknown divisor may be zero, so there is a value only where it is stated.
            inverse = Ends(End(over), End(over), low, void, second.exact, positive=True)
        else:
            point = z3.And(z3.Not(second.high.unbounded), low == high)
            end = z3.Or(second.high.unbounded, point)
            inverse = Ends(
                End(z3.If(second.high.unbounded, 0, z3.If(point, over, over * low))),
                End(z3.If(end, over, over * high)),
                z3.If(end, low, low * high), void, second.exact, positive=True,
            )  # fmt: skip
        return _multiplied(first, inverse)

    def _cases(self, cases: forms.Cases) -> Ends:
        rest = self.ends(cases.otherwise)
        for branch in reversed(cases.branches):
            node, here = self.truths(branch.condition), self.ends(branch.quantity)
            a, b = _over_one_divisor(here, rest)
            hull = _hull(a, b)
            rest = Ends(
                _chosen(node, a.low, b.low, hull.low),
                _chosen(node, a.high, b.high, hull.high),
                a.over,
                z3.If(node.true, a.void, z3.If(node.possible, z3.Or(a.void, b.void), b.void)),
                z3.And(node.exact, a.exact, b.exact),
                a.positive and b.positive,
            )
        return rest


def _chosen(node: Node, here: End, rest: End, either: End) -> End:
    def of(a: Formula, b: Formula, c: Formula) -> Formula:
        return z3.If(node.true, a, z3.If(node.possible, c, b))

    value = of(here.value, rest.value, either.value)
    return End(value, of(here.unbounded, rest.unbounded, either.unbounded))


def _rational(number: Fraction) -> Formula:
    return z3.Q(number.numerator, number.denominator)


def _reaches(value: Formula, limit: Formula, low: bool, included: bool) -> Formula:
    if low:
        return value >= limit if included else value > limit
    return value <= limit if included else value < limit


def _constant(value: Fraction) -> Ends:
    end = End(_rational(value))
    return Ends(end, end, positive=value >= 0, constant=value)


def _end_of(end: Fraction | None) -> End:
    return End(z3.RealVal(0), YES) if end is None else End(_rational(end))


def _over_one_divisor(a: Ends, b: Ends) -> tuple[Ends, Ends]:
    """Both over one divisor."""
    if a.over.eq(b.over):
        return a, b
    over = a.over * b.over

    def scaled(part: Ends, by: Formula) -> Ends:
        low, high = (End(e.value * by, e.unbounded) for e in (part.low, part.high))
        return Ends(low, high, over, part.void, part.exact, part.positive)

    return scaled(a, b.over), scaled(b, a.over)


def _void_and_exact(a: Ends, b: Ends) -> tuple[Formula, Formula]:
    return z3.Or(a.void, b.void), z3.And(a.exact, b.exact)


def _added(first: Ends, second: Ends) -> Ends:
    a, b = _over_one_divisor(first, second)
    low = End(a.low.value + b.low.value, z3.Or(a.low.unbounded, b.low.unbounded))
    high = End(a.high.value + b.high.value, z3.Or(a.high.unbounded, b.high.unbounded))
    return Ends(low, high, a.over, *_void_and_exact(a, b), a.positive and b.positive)


def _negative(part: Ends) -> Ends:
    low, high = (End(-e.value, e.unbounded) for e in (part.high, part.low))
    constant = None if part.constant is None else -part.constant
    positive = constant is not None and constant >= 0
    return Ends(low, high, part.over, part.void, part.exact, positive, constant)


def _multiplied(first: Ends, second: Ends) -> Ends:
    a, b = (second, first) if first.constant is None else (first, second)
    over, (void, exact) = a.over * b.over, _void_and_exact(a, b)
    if a.constant is not None:
        factor = _rational(a.constant)
        ends = (b.low, b.high) if a.constant >= 0 else (b.high, b.low)
        low, high = (End(e.value * factor, NO if not a.constant else e.unbounded) for e in ends)
        positive = a.constant >= 0 and b.positive
        return Ends(low, high, b.over, void, exact, positive)
    sides = [
        (x, y) for x in ((a.low, False), (a.high, True)) for y in ((b.low, False), (b.high, True))
    ]
    corners = [_corner_of(*x, *y) for x, y in sides]
    if a.positive and b.positive:
        lowest, highest = corners[0], corners[3]
        return Ends(
            End(lowest.value), End(highest.value, highest.above), over, void, exact, positive=True
        )
    least = reduce(_smaller_corner, corners)
    most = reduce(_smaller_corner, [_Corner(-c.value, c.above, c.below) for c in corners])
    return Ends(
        End(least.value, z3.Or([c.below for c in corners])),
        End(-most.value, z3.Or([c.above for c in corners])),
        over, void, exact,
    )  # fmt: skip


@dataclass(frozen=True)
class _Corner:
    """A product of two ends: a number, or beyond all numbers on one side."""

    value: Formula
    below: Formula
    above: Formula


def _corner_of(x: End, x_high: bool, y: End, y_high: bool) -> _Corner:
    """The product of two ends, of which we know on which side they are. Zero times an unbounded
    side is zero."""
    nothing = z3.Or(
        z3.And(z3.Not(x.unbounded), x.value == 0), z3.And(z3.Not(y.unbounded), y.value == 0)
    )
    infinite = z3.And(z3.Or(x.unbounded, y.unbounded), z3.Not(nothing))
    x_below = z3.If(x.unbounded, z3.BoolVal(not x_high), x.value < 0)
    y_below = z3.If(y.unbounded, z3.BoolVal(not y_high), y.value < 0)
    value = z3.If(z3.Or(x.unbounded, y.unbounded), 0, x.value * y.value)
    return _Corner(
        value, z3.And(infinite, x_below != y_below), z3.And(infinite, x_below == y_below)
    )


def _smaller_corner(a: _Corner, b: _Corner) -> _Corner:
    value = z3.If(
        a.above, b.value, z3.If(b.above, a.value, z3.If(a.value <= b.value, a.value, b.value))
    )
    return _Corner(value, z3.Or(a.below, b.below), z3.And(a.above, b.above))


def _lesser(first: Ends, second: Ends) -> Ends:
    a, b = _over_one_divisor(first, second)
    low = End(_least(a.low.value, b.low.value), z3.Or(a.low.unbounded, b.low.unbounded))
    either = z3.If(
        a.high.unbounded, b.high.value,
        z3.If(b.high.unbounded, a.high.value, _least(a.high.value, b.high.value)),
    )  # fmt: skip
    high = End(either, z3.And(a.high.unbounded, b.high.unbounded))
    return Ends(low, high, a.over, *_void_and_exact(a, b), a.positive and b.positive)


def _hull(a: Ends, b: Ends) -> Ends:
    """The interval that spans two, over one divisor already."""
    low = End(_least(a.low.value, b.low.value), z3.Or(a.low.unbounded, b.low.unbounded))
    most = z3.If(a.high.value >= b.high.value, a.high.value, b.high.value)
    return Ends(low, End(most, z3.Or(a.high.unbounded, b.high.unbounded)), a.over)


def _least(a: Formula, b: Formula) -> Formula:
    return z3.If(a <= b, a, b)


def _whole_day(end: End) -> Formula:
    """A day as a whole number; some day where the side is unbounded."""
    return z3.If(end.unbounded, 1, z3.ToInt(end.value))


def _whole_steps(whole: Ends, steps: forms.Steps) -> Ends:
    """How often each end holds what is counted; an open lower end holds it at least no time."""
    over = whole.over * _rational(steps.each.value)

    def times_in(end: End) -> Formula:
        times = end.value / over
        full = -z3.ToInt(-times) if steps.begun else z3.ToInt(times)
        return z3.If(end.value <= 0, z3.RealVal(0), z3.ToReal(full))

    low = End(z3.If(whole.low.unbounded, z3.RealVal(0), times_in(whole.low)))
    high = End(times_in(whole.high), whole.high.unbounded)
    return Ends(low, high, ONE, whole.void, whole.exact, positive=True)


def _months_between(first: Ends, second: Ends) -> Ends:
    def whole_months(start: End, end: End) -> Formula:
        return z3.ToReal(full_months(_whole_day(start), _whole_day(end)))

    low_unbounded = z3.Or(first.high.unbounded, second.low.unbounded)
    low = End(z3.If(low_unbounded, 0, whole_months(first.high, second.low)))
    high = End(
        whole_months(first.low, second.high), z3.Or(first.low.unbounded, second.high.unbounded)
    )
    return Ends(low, high, ONE, *_void_and_exact(first, second), positive=True)
