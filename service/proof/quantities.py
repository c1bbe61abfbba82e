"""Quantities as formulas: the two ends between which each must lie, as for the evaluator."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import reduce

import z3

from service.domain.rules import interval_arithmetic as arithmetic
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Condition
from service.domain.rules.operators import Range
from service.domain.rules.quantities import Quantity
from service.domain.rules.quantity_reading import QuantityReading
from service.proof.calendar import year_of
from service.proof.node import Node
from service.proof.quantity_ends import (
    NO,
    ONE,
    YES,
    End,
    Ends,
    added,
    chosen,
    constant_ends,
    end_of,
    hull,
    lesser,
    months_between,
    multiplied,
    negative,
    over_one_divisor,
    rational,
    reaches,
    whole_day,
    whole_steps,
)
from service.proof.records import Records
from service.proof.variables import Formula, ScalarVariable


@dataclass(frozen=True)
class QuantityTranslator(QuantityReading[Ends]):
    """Translates the quantities of one subject. `scalar` gives a fact's variable, None for a fact
    that the subject cannot have; `truths` translates a condition."""

    as_of: date
    scalar: Callable[[str], ScalarVariable | None]
    truths: Callable[[Condition], Node]
    is_known: Callable[[str], Formula]
    records: Callable[[str], Records | None]
    projects: Callable[[forms.ProjectTotal], Ends]

    def compare(self, quantity: Quantity, bounds: Range) -> tuple[Formula, Formula, Formula]:
        """Whether it lies in a range for sure, perhaps, and whether all is stated exactly."""
        ends = self.ends(quantity)
        true, possible = [], []
        for bound, low in ((bounds.low, True), (bounds.high, False)):
            if bound is None or isinstance(bound, date):
                continue
            near, far = (ends.low, ends.high) if low else (ends.high, ends.low)
            included = bounds.low_included if low else bounds.high_included
            limit = rational(Fraction(bound)) * ends.over
            true.append(z3.And(z3.Not(near.unbounded), reaches(near.value, limit, low, included)))
            possible.append(z3.Or(far.unbounded, reaches(far.value, limit, low, included)))
        needed = quantity.facts_needed
        begun = z3.Or([self.is_known(f) for f in needed]) if needed else YES
        decided = z3.And(begun, z3.Not(ends.void))
        exact = z3.And(ends.exact, z3.Not(ends.void))
        return z3.And(decided, *true), z3.Or(z3.Not(decided), z3.And(possible)), exact

    def of_number(self, low: Fraction, high: arithmetic.End) -> Ends:
        if low == high:
            return constant_ends(low)
        last = end_of(high if isinstance(high, Fraction) else None)
        return Ends(End(rational(low)), last, positive=low >= 0)

    def of_sum(self, terms: Sequence[Ends]) -> Ends:
        return reduce(added, terms)

    def of_negative(self, part: Ends) -> Ends:
        return negative(part)

    def of_product(self, terms: Sequence[Ends]) -> Ends:
        return reduce(multiplied, terms)

    def of_least(self, terms: Sequence[Ends]) -> Ends:
        return reduce(lesser, terms)

    def of_greatest(self, terms: Sequence[Ends]) -> Ends:
        return negative(reduce(lesser, map(negative, terms)))

    def of_year(self, day: Ends) -> Ends:
        begin, end_ = (
            End(z3.ToReal(year_of(whole_day(end))), end.unbounded) for end in (day.low, day.high)
        )
        return Ends(begin, end_, ONE, day.void, day.exact, positive=True)

    def of_months(self, first: Ends, second: Ends) -> Ends:
        return months_between(first, second)

    def of_steps(self, whole: Ends, steps: forms.Steps) -> Ends:
        return whole_steps(whole, steps)

    def of_fact(self, quantity: forms.FactQuantity) -> Ends:
        variable = self.scalar(quantity.fact)
        sides = [end_of(end) for end in (quantity.low, quantity.high)]
        positive = quantity.low is not None and quantity.low >= 0
        if variable is None:
            return Ends(sides[0], sides[1], exact=NO, positive=positive)
        known, number = variable.is_known, variable.real
        low, high = (
            End(z3.If(known, number, side.value), z3.And(z3.Not(known), side.unbounded))
            for side in sides
        )
        return Ends(low, high, exact=known, positive=positive)

    def of_records(self, count: forms.Count) -> Ends:
        """Records that surely meet a test, and that may; or what they come to."""
        variable = self.records(count.fact)
        if variable is None:
            return Ends(end_of(Fraction(0)), end_of(None), exact=NO, positive=True)
        if count.amounts:
            low, high, most = variable.summed(count.test, self.as_of)
            known = variable.is_known
            stated = YES if count.test.stated else known
            return Ends(
                End(z3.If(known, low, z3.RealVal(0))),
                End(z3.If(known, high, z3.RealVal(0)), z3.Or(z3.Not(stated), z3.And(known, most))),
                exact=z3.And(stated, z3.Implies(known, z3.And(low == high, z3.Not(most)))),
                positive=True,
            )
        low, high = variable.counted(count.test, self.as_of)
        known = variable.is_known
        if count.test.stated:
            least, greatest = (End(z3.If(known, z3.ToReal(n), z3.RealVal(0))) for n in (low, high))
            return Ends(least, greatest, exact=z3.Implies(known, low == high), positive=True)
        most = z3.BoolVal(True) if count.test.never_absent() else z3.Not(known)
        return Ends(
            End(z3.If(known, z3.ToReal(low), z3.RealVal(0))),
            End(z3.ToReal(high), most),
            exact=z3.And(known, low == high),
            positive=True,
        )

    def of_projects(self, total: forms.ProjectTotal) -> Ends:
        return self.projects(total)

    def of_parameter(self, quantity: forms.ParameterQuantity) -> Ends:
        """The figure of the day, unless the subject states its own."""
        value, low = quantity.parameter.value_on(self.as_of), quantity.parameter.minimum
        if quantity.own is not None:
            ends = (low, None) if value is None else (value, value)
            found = self.of_fact(forms.FactQuantity(quantity.own, *ends))
            return found if value is None else replace(found, exact=YES)
        if value is not None:
            return constant_ends(value)
        return Ends(end_of(low), end_of(None), exact=NO, positive=low is not None and low >= 0)

    def of_ratio(self, first: Ends, second: Ends, divisor: Quantity) -> Ends:
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
        return multiplied(first, inverse)

    def of_cases(self, cases: forms.Cases) -> Ends:
        rest = self.ends(cases.otherwise)
        for branch in reversed(cases.branches):
            node, here = self.truths(branch.condition), self.ends(branch.quantity)
            a, b = over_one_divisor(here, rest)
            either = hull(a, b)
            rest = Ends(
                chosen(node, a.low, b.low, either.low),
                chosen(node, a.high, b.high, either.high),
                a.over,
                z3.If(node.true, a.void, z3.If(node.possible, z3.Or(a.void, b.void), b.void)),
                z3.And(node.exact, a.exact, b.exact),
                a.positive and b.positive,
            )
        return rest
