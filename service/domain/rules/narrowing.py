"""The interval of a quantity in which one unknown fact stands more than once.

Interval arithmetic takes each place where a fact stands for a fact of its own: what a company spent
this year less what it spent last year, of which a part is paid, comes out wider than it can be. As
money rules are made of straight pieces (sums, shares, the least and the greatest, bands, cases),
their ends are found exactly: the quantity is a straight line between the places where it bends.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import inf
from typing import NamedTuple

from service.domain.facts.profile import Subject
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Condition, Group, Predicate, combine, leaves
from service.domain.rules.interval_arithmetic import End, Interval
from service.domain.rules.intervals import interval_of, truth_of, within
from service.domain.rules.operators import Range
from service.domain.rules.quantities import Quantity
from service.domain.rules.reduction import reduced
from service.domain.truth import Truth

# A money rule has a few straight pieces; one that has more stays as wide as it was.
_MAX_PIECES = 100


class _Line(NamedTuple):
    """`slope` times the fact and `start`, which may be infinite where the slope is zero."""

    slope: Fraction
    start: End

    def at(self, point: Fraction) -> End:
        return self.slope * point + self.start if self.slope else self.start

    def limit(self, end: End) -> End:
        """Where it leads to at an end of the unknown fact's values."""
        if isinstance(end, Fraction) or not self.slope:
            return self.at(end) if isinstance(end, Fraction) else self.start
        return inf if (self.slope > 0) == (end > 0) else -inf

    def scaled(self, factor: Fraction) -> "_Line":
        if not factor:
            return _Line(Fraction(0), Fraction(0))
        return _Line(self.slope * factor, self.start * factor)

    def crossing(self, other: "_Line") -> Fraction | None:
        """Where two lines meet; None where they never do, or are one."""
        starts = self.start, other.start
        if self.slope == other.slope or not all(isinstance(s, Fraction) for s in starts):
            return None
        return Fraction((starts[1] - starts[0]) / (self.slope - other.slope))


class _Span(NamedTuple):
    """The lines between which a quantity lies."""

    low: _Line
    high: _Line


class _Bent(Exception):
    """The quantity bends at a point, and has to be looked at on both sides of it."""

    def __init__(self, point: Fraction) -> None:
        super().__init__(point)
        self.point = point


class _NotStraight(Exception):
    """The quantity is not made of straight lines, or of too many: it is a product of the fact with
    itself, say, or a part of it may be without a value."""


def repeated_facts(quantity: Quantity) -> Mapping[str, forms.FactQuantity]:
    """The facts that stand in a quantity more than once, conditions inside it included."""
    counted: dict[str, int] = {}
    first: dict[str, forms.FactQuantity] = {}
    for fact in _mentions(quantity):
        counted[fact.fact] = counted.get(fact.fact, 0) + 1
        first.setdefault(fact.fact, fact)
    return {name: first[name] for name, times in counted.items() if times > 1}


def _mentions(quantity: Quantity) -> Iterator[forms.FactQuantity]:
    match quantity:
        case forms.FactQuantity():
            yield quantity
        case forms.Bands():
            yield from _mentions(reduced(quantity))
        case forms.Cases() | forms.ByCode():
            for branch in quantity.branches:
                yield from _mentions_in(branch.condition)
            yield from _mentions_in_parts(quantity)
        case _:
            yield from _mentions_in_parts(quantity)


def _mentions_in_parts(quantity: Quantity) -> Iterator[forms.FactQuantity]:
    for part in quantity.parts:
        yield from _mentions(part)


def _mentions_in(condition: Condition) -> Iterator[forms.FactQuantity]:
    for leaf in leaves(condition):
        if isinstance(leaf, Predicate):
            yield from _mentions(leaf.quantity)


def narrowed(
    quantity: Quantity,
    fact: forms.FactQuantity,
    interval: Interval,
    subject: Subject,
    as_of: date,
) -> Interval:
    """The interval that an unknown fact leaves a quantity, no wider than the one that is known."""
    if interval.void:
        return interval
    try:
        pieces = list(StraightPieces(fact.fact, subject, as_of).of_all(quantity, fact))
    except _NotStraight:
        return interval
    low = min(min(span.low.limit(e) for e in ends) for span, ends in pieces)
    high = max(max(span.high.limit(e) for e in ends) for span, ends in pieces)
    return Interval(max(low, interval.low), min(high, interval.high))


def bends_of(
    quantity: Quantity, fact: forms.FactQuantity, subject: Subject, as_of: date
) -> frozenset[Fraction]:
    """The values of a fact at which a quantity bends; none where it is nowhere a straight line."""
    others = replace(subject, facts={k: v for k, v in subject.facts.items() if k != fact.fact})
    try:
        pieces = list(StraightPieces(fact.fact, others, as_of).of_all(quantity, fact))
    except _NotStraight:
        return frozenset()
    ends = {end for _, ends in pieces for end in ends if isinstance(end, Fraction)}
    return frozenset(ends - {fact.low, fact.high})


@dataclass
class StraightPieces:
    """Looks at a quantity as a function of one unknown fact, on one piece of its values at a time:
    `low` and `high` are the ends of the piece, which do not belong to it unless they are one."""

    fact: str
    subject: Subject
    as_of: date
    low: End = -inf
    high: End = inf

    def of_all(
        self, quantity: Quantity, fact: forms.FactQuantity
    ) -> Iterator[tuple[_Span, tuple[End, End]]]:
        """The straight pieces of a quantity over all values of the fact, with their ends."""
        low: End = -inf if fact.low is None else fact.low
        high: End = inf if fact.high is None else fact.high
        waiting = [(low, high), *((end, end) for end in (low, high) if isinstance(end, Fraction))]
        for _ in range(_MAX_PIECES):
            if not waiting:
                return
            self.low, self.high = waiting.pop()
            try:
                yield self.of(quantity), (self.low, self.high)
            except _Bent as bent:
                point = bent.point
                waiting += [(self.low, point), (point, point), (point, self.high)]
        raise _NotStraight

    @property
    def inside(self) -> Fraction:
        """A point of the piece."""
        low, high = self.low, self.high
        if isinstance(low, Fraction):
            return (low + high) / 2 if isinstance(high, Fraction) else low + 1
        return high - 1 if isinstance(high, Fraction) else Fraction(0)

    def bend(self, point: Fraction | None) -> None:
        """Split the piece where a point lies in it."""
        if point is not None and self.low < point < self.high:
            raise _Bent(point)

    def of(self, quantity: Quantity) -> _Span:
        """The lines of a quantity on this piece."""
        if self.fact not in quantity.facts:
            return self.constant(quantity)
        match quantity:
            case forms.FactQuantity():
                line = _Line(Fraction(1), Fraction(0))
                return _Span(line, line)
            case forms.Sum(terms):
                return self.sum([self.of(t) for t in terms])
            case forms.Difference(first, second):
                return self.sum([self.of(first), _turned(self.of(second))])
            case forms.Product(terms):
                return self.product(terms)
            case forms.Ratio(first, second):
                return self.ratio(first, second)
            case forms.Least(terms) | forms.Greatest(terms):
                spans, least = [self.of(t) for t in terms], isinstance(quantity, forms.Least)
                lows = self.outermost([s.low for s in spans], least)
                return _Span(lows, self.outermost([s.high for s in spans], least))
            case forms.Cases():
                return self.cases(quantity)
            case forms.ShortForm():
                return self.of(reduced(quantity))
        raise _NotStraight

    def constant(self, quantity: Quantity) -> _Span:
        interval = interval_of(quantity, self.subject, self.as_of)
        if interval.void:
            raise _NotStraight
        return _Span(_Line(Fraction(0), interval.low), _Line(Fraction(0), interval.high))

    def sum(self, spans: list[_Span]) -> _Span:
        ends = [[getattr(s, side) for s in spans] for side in ("low", "high")]
        low, high = (
            _Line(sum([e.slope for e in lines], Fraction(0)), sum([e.start for e in lines]))
            for lines in ends
        )
        return _Span(_finite_line(low), _finite_line(high))

    def product(self, terms: tuple[Quantity, ...]) -> _Span:
        moving = [t for t in terms if self.fact in t.facts]
        if len(moving) > 1:
            raise _NotStraight
        factor = interval_of(
            forms.Product(tuple(t for t in terms if t not in moving)), self.subject, self.as_of
        )
        return self.scaled(self.of(moving[0]), factor)

    def ratio(self, first: Quantity, second: Quantity) -> _Span:
        divisor = interval_of(second, self.subject, self.as_of).point
        if self.fact in second.facts or divisor is None or divisor <= 0:
            raise _NotStraight
        return self.scaled(self.of(first), Interval(1 / divisor, 1 / divisor))

    def scaled(self, span: _Span, factor: Interval) -> _Span:
        """A span times a number, or times an interval that does not reach below zero."""
        low, high = factor.low, factor.high
        if factor.void or isinstance(low, float) or isinstance(high, float):
            raise _NotStraight
        if low == high and low < 0:
            return self.scaled(_turned(span), Interval(-low, -low))
        if low < 0:
            raise _NotStraight
        zero = _Line(Fraction(0), Fraction(0))
        for line in span if low != high else ():
            self.bend(line.crossing(zero))
        below, above = (line.at(self.inside) >= 0 for line in span)
        return _Span(
            _finite_line(span.low.scaled(low if below else high)),
            _finite_line(span.high.scaled(high if above else low)),
        )

    def outermost(self, lines: list[_Line], least: bool) -> _Line:
        """The lowest, or the highest, of lines none of which cross on this piece."""
        for i, line in enumerate(lines):
            for other in lines[:i]:
                self.bend(line.crossing(other))
        return (min if least else max)(lines, key=lambda line: line.at(self.inside))

    def cases(self, cases: forms.Cases) -> _Span:
        """The lines of every quantity that may be the one that counts."""
        spans = []
        for branch in cases.branches:
            truth = self.truth(branch.condition)
            if truth is not Truth.FALSE:
                spans.append(self.of(branch.quantity))
            if truth is Truth.TRUE:
                break
        else:
            spans.append(self.of(cases.otherwise))
        return _Span(
            self.outermost([s.low for s in spans], least=True),
            self.outermost([s.high for s in spans], least=False),
        )

    def truth(self, condition: Condition) -> Truth:
        """What a condition is on all of this piece."""
        if self.fact not in condition.facts:
            return truth_of(condition, self.subject, self.as_of)
        match condition:
            case Group():
                return combine(condition, [self.truth(c) for c in condition.children])
            case Predicate(quantity, Range() as bounds):
                return self._truth_of_range(quantity, bounds)
            case _:
                raise _NotStraight

    def _truth_of_range(self, quantity: Quantity, bounds: Range) -> Truth:
        span = self.of(quantity)
        for end in (bounds.low, bounds.high):
            if isinstance(end, date):
                raise _NotStraight
            for line in span if end is not None else ():
                self.bend(line.crossing(_Line(Fraction(0), Fraction(end or 0))))
        low, high = (line.at(self.inside) for line in span)
        return within(bounds, Interval(low, high))


def _turned(span: _Span) -> _Span:
    """The span of what is taken off."""
    return _Span(span.high.scaled(Fraction(-1)), span.low.scaled(Fraction(-1)))


def _finite_line(line: _Line) -> _Line:
    """A line that is infinite somewhere is so everywhere."""
    return _Line(Fraction(0), line.start) if isinstance(line.start, float) else line
