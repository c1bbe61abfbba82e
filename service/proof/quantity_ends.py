"""Ends of quantities as formulas, and what arithmetic makes of them: sums, products, the least.

Both ends stand over one divisor. That keeps what is compared linear wherever a ratio of two facts
is held against a figure, which is what solvers are fast at.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

import z3

from service.domain.rules import quantities as forms
from service.proof.calendar import full_months
from service.proof.node import Node
from service.proof.variables import Formula

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


def chosen(node: Node, here: End, rest: End, either: End) -> End:
    """The end of the branch that counts, of either where that is not known."""

    def of(a: Formula, b: Formula, c: Formula) -> Formula:
        return z3.If(node.true, a, z3.If(node.possible, c, b))

    value = of(here.value, rest.value, either.value)
    return End(value, of(here.unbounded, rest.unbounded, either.unbounded))


def rational(number: Fraction) -> Formula:
    """A number exactly."""
    return z3.Q(number.numerator, number.denominator)


def reaches(value: Formula, limit: Formula, low: bool, included: bool) -> Formula:
    """Whether a value lies on the inner side of a limit, a lower one or not."""
    if low:
        return value >= limit if included else value > limit
    return value <= limit if included else value < limit


def constant_ends(value: Fraction) -> Ends:
    """The ends of a number that is the same for everybody."""
    end = End(rational(value))
    return Ends(end, end, positive=value >= 0, constant=value)


def end_of(end: Fraction | None) -> End:
    """An end that the vocabulary gives; None: there is none."""
    return End(z3.RealVal(0), YES) if end is None else End(rational(end))


def over_one_divisor(a: Ends, b: Ends) -> tuple[Ends, Ends]:
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


def added(first: Ends, second: Ends) -> Ends:
    a, b = over_one_divisor(first, second)
    low = End(a.low.value + b.low.value, z3.Or(a.low.unbounded, b.low.unbounded))
    high = End(a.high.value + b.high.value, z3.Or(a.high.unbounded, b.high.unbounded))
    return Ends(low, high, a.over, *_void_and_exact(a, b), a.positive and b.positive)


def negative(part: Ends) -> Ends:
    low, high = (End(-e.value, e.unbounded) for e in (part.high, part.low))
    constant = None if part.constant is None else -part.constant
    positive = constant is not None and constant >= 0
    return Ends(low, high, part.over, part.void, part.exact, positive, constant)


def multiplied(first: Ends, second: Ends) -> Ends:
    a, b = (second, first) if first.constant is None else (first, second)
    over, (void, exact) = a.over * b.over, _void_and_exact(a, b)
    if a.constant is not None:
        factor = rational(a.constant)
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


def lesser(first: Ends, second: Ends) -> Ends:
    a, b = over_one_divisor(first, second)
    low = End(_least(a.low.value, b.low.value), z3.Or(a.low.unbounded, b.low.unbounded))
    either = z3.If(
        a.high.unbounded, b.high.value,
        z3.If(b.high.unbounded, a.high.value, _least(a.high.value, b.high.value)),
    )  # fmt: skip
    high = End(either, z3.And(a.high.unbounded, b.high.unbounded))
    return Ends(low, high, a.over, *_void_and_exact(a, b), a.positive and b.positive)


def hull(a: Ends, b: Ends) -> Ends:
    """The interval that spans two, over one divisor already."""
    low = End(_least(a.low.value, b.low.value), z3.Or(a.low.unbounded, b.low.unbounded))
    most = z3.If(a.high.value >= b.high.value, a.high.value, b.high.value)
    return Ends(low, End(most, z3.Or(a.high.unbounded, b.high.unbounded)), a.over)


def _least(a: Formula, b: Formula) -> Formula:
    return z3.If(a <= b, a, b)


def whole_day(end: End) -> Formula:
    """A day as a whole number; some day where the side is unbounded."""
    return z3.If(end.unbounded, 1, z3.ToInt(end.value))


def whole_steps(whole: Ends, steps: forms.Steps) -> Ends:
    """How often each end holds what is counted; an open lower end holds it at least no time."""
    over = whole.over * rational(steps.each.value)

    def times_in(end: End) -> Formula:
        times = end.value / over
        full = -z3.ToInt(-times) if steps.begun else z3.ToInt(times)
        return z3.If(end.value <= 0, z3.RealVal(0), z3.ToReal(full))

    low = End(z3.If(whole.low.unbounded, z3.RealVal(0), times_in(whole.low)))
    high = End(times_in(whole.high), whole.high.unbounded)
    return Ends(low, high, ONE, whole.void, whole.exact, positive=True)


def months_between(first: Ends, second: Ends) -> Ends:
    def whole_months(start: End, end: End) -> Formula:
        return z3.ToReal(full_months(whole_day(start), whole_day(end)))

    low_unbounded = z3.Or(first.high.unbounded, second.low.unbounded)
    low = End(z3.If(low_unbounded, 0, whole_months(first.high, second.low)))
    high = End(
        whole_months(first.low, second.high), z3.Or(first.low.unbounded, second.high.unbounded)
    )
    return Ends(low, high, ONE, *_void_and_exact(first, second), positive=True)
