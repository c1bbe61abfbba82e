"""What is known of a quantity: the interval that it must lie in, and what would narrow it.

This is the reference for what a quantity means; the faster readings are tested against it. A known
number is an interval of one point. An unknown fact leaves what the vocabulary's ends leave.
Whatever the unknown facts turn out to be, the value lies in the interval; and where no unknown fact
stands in a quantity twice, both ends can be reached.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import assert_never

from service.domain.dates import ANY_DAY
from service.domain.facts.profile import (
    NOBODY,
    OF_PROJECT,
    Award,
    Certificate,
    Project,
    Subject,
    Value,
    projects_in,
    records_in,
)
from service.domain.rules import interval_arithmetic as arithmetic
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import (
    Condition,
    Group,
    Predicate,
    Undecided,
    combine,
    is_dated,
)
from service.domain.rules.interval_arithmetic import ANYTHING, End, Interval
from service.domain.rules.operators import Decision, Range
from service.domain.rules.quantities import Quantity
from service.domain.rules.quantity_reading import QuantityReading
from service.domain.rules.reduction import reduced
from service.domain.truth import Truth


def interval_of(quantity: Quantity, subject: Subject, as_of: date) -> Interval:
    """What is known of a quantity for a subject on a day."""
    return _Intervals(subject, as_of).ends(quantity)


def ends_for_anybody(quantity: Quantity) -> Interval:
    """Between what a quantity lies whoever states what, on any day; anything where it may be
    without a value, or comes to something else on another day."""
    if is_dated(quantity):
        return ANYTHING
    ends = interval_of(quantity, NOBODY, ANY_DAY)
    return ANYTHING if ends.void else ends


@dataclass(frozen=True)
class _Intervals(QuantityReading[Interval]):
    subject: Subject
    as_of: date

    def of_fact(self, quantity: forms.FactQuantity) -> Interval:
        value = number(self.subject.get(quantity.fact))
        if value is not None:
            return Interval(value, value)
        low, high = quantity.low, quantity.high
        return Interval(-inf if low is None else low, inf if high is None else high)

    of_number = staticmethod(Interval)
    of_sum = staticmethod(arithmetic.sum_of)
    of_negative = staticmethod(arithmetic.negative)
    of_product = staticmethod(arithmetic.product_of)
    of_least = staticmethod(arithmetic.least_of)
    of_greatest = staticmethod(arithmetic.greatest_of)
    of_year = staticmethod(arithmetic.year_of)
    of_months = staticmethod(arithmetic.months_between)

    def of_ratio(self, first: Interval, second: Interval, _divisor: Quantity) -> Interval:
        return arithmetic.ratio(first, second)

    def of_cases(self, cases: forms.Cases) -> Interval:
        return arithmetic.hull([self.ends(q) for q in open_parts(cases, self.subject, self.as_of)])

    def of_records(self, count: forms.Count) -> Interval:
        return _of_records(count, self.subject, self.as_of)

    def of_projects(self, total: forms.ProjectTotal) -> Interval:
        return _of_projects(total, self.subject, self.as_of)

    def of_parameter(self, quantity: forms.ParameterQuantity) -> Interval:
        return _of_parameter(quantity, self.subject, self.as_of)

    def of_steps(self, whole: Interval, steps: forms.Steps) -> Interval:
        return arithmetic.steps_in(whole, steps.each.value, begun=steps.begun)


def _of_records(quantity: forms.Count, subject: Subject, as_of: date) -> Interval:
    """The interval of a count: at least the records that surely meet the test, at most those that
    may."""
    held = subject.get(quantity.fact)
    if not isinstance(held, tuple):
        return Interval(Fraction(0), Fraction(0) if quantity.test.stated else inf)
    low, high = Fraction(0), inf if quantity.test.never_absent() else Fraction(0)
    for record in records_in(held):
        truth = quantity.test.meets(record, as_of)
        least, most = _amount_of(record) if quantity.amounts else (Fraction(1), Fraction(1))
        low += least if truth is Truth.TRUE else 0
        high += most if truth is not Truth.FALSE else 0
    return Interval(low, high)


def _amount_of(record: Award | Certificate) -> tuple[Fraction, End]:
    """The least and the most that was granted; nobody knows how much where that is not stated."""
    amount = record.amount if isinstance(record, Award) else None
    return (Fraction(0), inf) if amount is None else (Fraction(amount), Fraction(amount))


def _of_projects(total: forms.ProjectTotal, subject: Subject, as_of: date) -> Interval:
    """What those that are stated come to, and any of kinds of which nothing is said."""
    listed = projects_in(subject.get(total.fact))
    worth = [
        interval_of(total.worth, Subject(p.ref, _facts_of_project(p, subject), {}), as_of)
        for p in listed
        if p.kind in total.kinds
    ]
    absent = subject.get(total.absent)
    said = {p.kind for p in listed} | (absent if isinstance(absent, frozenset) else frozenset())
    if not said.issuperset(total.kinds):
        worth += [_of_unstated_projects(total, as_of)] * (total.best or 1)
    return arithmetic.sum_of(worth) if total.best is None else arithmetic.best_of(worth, total.best)


def _of_unstated_projects(total: forms.ProjectTotal, as_of: date) -> Interval:
    """None, or any number of which nothing is known; where only the best count, one of them."""
    one = interval_of(total.worth, NOBODY, as_of)
    if total.best is not None:
        return Interval(Fraction(0), max(one.high, Fraction(0)), one.void)
    return Interval(-inf if one.low < 0 else Fraction(0), inf if one.high > 0 else Fraction(0))


def _facts_of_project(project: Project, subject: Subject) -> Mapping[str, Value]:
    """A project's own facts: of the one that is looked at, as it is looked at."""
    if subject.ref is None or project.ref != subject.ref:
        return project.facts
    return {fact: value for fact, value in subject.facts.items() if fact.startswith(OF_PROJECT)}


def _of_parameter(quantity: forms.ParameterQuantity, subject: Subject, as_of: date) -> Interval:
    value = number(subject.get(quantity.own)) if quantity.own else None
    if value is None:
        value = quantity.parameter.value_on(as_of)
    if value is not None:
        return Interval(value, value)
    low = quantity.parameter.minimum
    return Interval(-inf if low is None else low, inf)


def number(value: Value | Fraction | None) -> Fraction | None:
    """A stated value as a number: a day as its number among days."""
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return Fraction(value) if isinstance(value, int | Decimal | Fraction) else None


def open_parts(cases: forms.Cases, subject: Subject, as_of: date) -> Iterator[Quantity]:
    """The quantities of a case distinction that may be the one that counts."""
    for branch in cases.branches:
        truth = truth_of(branch.condition, subject, as_of)
        if truth is not Truth.FALSE:
            yield branch.quantity
        if truth is Truth.TRUE:
            return
    yield cases.otherwise


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
    """How a test comes out for a subject; UNKNOWN where it asks a plain fact that is not stated."""
    quantity = test.quantity
    if isinstance(quantity, forms.FactQuantity):
        value = subject.get(quantity.fact)
        return Decision.COARSE if value is None else test.operator.decide(value, as_of)
    bounds = test.operator
    assert isinstance(bounds, Range)
    if not has_begun(quantity, subject):
        return Decision.COARSE
    return Decision.of(within(bounds, interval_of(quantity, subject, as_of)), refinable=True)


def has_begun(quantity: Quantity, subject: Subject) -> bool:
    """Whether anything of a quantity is stated. Of whom nothing is known nothing is concluded."""
    facts = quantity.facts_needed
    return not facts or not subject.facts.keys().isdisjoint(facts)


def within(bounds: Range, interval: Interval) -> Truth:
    """Whether all of an interval lies in a range, none of it, or some."""
    low, high, void = interval
    if void:
        return Truth.UNKNOWN
    if low is high:
        return Truth.of(bounds.holds(low))
    if bounds.holds(low) and bounds.holds(high):
        return Truth.TRUE
    reaches_up = Range(low=bounds.low, low_included=bounds.low_included).holds(high)
    reaches_down = Range(high=bounds.high, high_included=bounds.high_included).holds(low)
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
    facts = tuple(dict.fromkeys(_narrowing(quantity, subject, as_of)))
    if facts or not interval_of(quantity, subject, as_of).void:
        return facts
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
        case forms.Bands() | forms.ByCode() | forms.Excess() | forms.ParameterOn():
            yield from _narrowing(reduced(quantity), subject, as_of)
        case forms.Count() | forms.ProjectTotal():
            if interval_of(quantity, subject, as_of).point is None:
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
