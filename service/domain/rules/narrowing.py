"""The interval of a quantity in which something unknown stands more than once.

Interval arithmetic takes each place where a number stands for a number of its own: what a company
spent this year less what it spent last year, of which a part is paid, comes out wider than it can
be. As money rules are made of straight pieces (sums, shares, the least and the greatest, bands,
cases), their ends are found exactly: the quantity is a straight line between the places where it
bends. A condition that several parts of it hang on is looked at twice: where it is met, and where
it is not; a fact that is asked in several ways once for each way in which they come out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import ceil, floor, inf

from service.domain.facts.profile import Subject
from service.domain.rules import interval_arithmetic as arithmetic
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Condition, Group, Predicate, combine
from service.domain.rules.interval_arithmetic import End, Interval
from service.domain.rules.intervals import interval_of, number, truth_of, within
from service.domain.rules.joint_outcomes import OutcomesOf, met_or_not, open_outcomes
from service.domain.rules.operators import Range
from service.domain.rules.quantities import Quantity
from service.domain.rules.quantity_contents import is_whole
from service.domain.rules.reduction import reduced
from service.domain.rules.repeats import NO_REPEATS, Repeats
from service.domain.rules.straight_lines import Line, LineSpan, Piece, level
from service.domain.truth import Truth

# A money rule has a few straight pieces; one that has more stays as wide as it was.
_MAX_PIECES = 200
# So many whole steps are looked at one by one.
_MAX_STEPS = 40
_ZERO = Fraction(0)


class _Split(Exception):
    """What is looked at is not one straight piece, and has to be looked at in several."""

    def __init__(self, pieces: list[Piece]) -> None:
        super().__init__(pieces)
        self.pieces = pieces


class _NotStraight(Exception):
    """The quantity is made of too many straight pieces, or a part of it may be without a value."""


def narrowed(
    quantity: Quantity | None, repeats: Repeats, interval: Interval, subject: Subject, as_of: date
) -> Interval:
    """The interval of a quantity in which something `repeats`, no wider than the one known; where
    there is no quantity, that one."""
    if repeats == NO_REPEATS or quantity is None or interval.void or interval.point is not None:
        return interval
    unknown: list[Quantity | None] = [
        moving for moving in repeats.numbers if interval_of(moving, subject, as_of).point is None
    ]
    outcomes = open_outcomes(repeats, subject, as_of)
    for moving in unknown or [None] * bool(outcomes):
        try:
            low, high = StraightPieces(moving, outcomes, subject, as_of).ends(quantity)
        except _NotStraight:
            continue
        interval = Interval(max(low, interval.low), min(high, interval.high))
    return interval


def bends_of(
    quantity: Quantity, fact: forms.FactQuantity, subject: Subject, as_of: date
) -> frozenset[Fraction]:
    """The values of a fact at which a quantity bends; none where it is nowhere a straight line."""
    others = replace(subject, facts={k: v for k, v in subject.facts.items() if k != fact.fact})
    try:
        pieces = list(StraightPieces(fact, {}, others, as_of).of_all(quantity))
    except _NotStraight:
        return frozenset()
    ends = {end for piece, _ in pieces for end in piece.ends if isinstance(end, Fraction)}
    return frozenset(ends - {fact.low, fact.high})


@dataclass
class StraightPieces:
    """Looks at a quantity as a function of one unknown number, `moving`, a piece of its values at a
    time, in each of the `outcomes` of some conditions. None: in these alone."""

    moving: Quantity | None
    outcomes: OutcomesOf
    subject: Subject
    as_of: date

    def __post_init__(self) -> None:
        parts = [*self.outcomes, *([] if self.moving is None else [self.moving])]
        self.facts = frozenset(fact for part in parts for fact in part.facts)
        # What nobody can decide asks for no fact: where it stands is not seen by the facts.
        self.everywhere = not all(part.facts for part in parts)
        self.piece = Piece(_ZERO, _ZERO)

    def ends(self, quantity: Quantity) -> tuple[End, End]:
        """The least and the most of a quantity. Raises _NotStraight."""
        low: End = inf
        high: End = -inf
        for piece, span in self.of_all(quantity):
            for end in self._reached(piece):
                low, high = min(low, span.low.limit(end)), max(high, span.high.limit(end))
        return low, high

    def _reached(self, piece: Piece) -> tuple[End, ...]:
        """Between what the number lies on a piece: its ends, or the whole numbers next to them."""
        low, high = piece.ends
        if self.moving is None or not is_whole(self.moving):
            return piece.ends
        if low == high:
            return (low,) if isinstance(low, Fraction) and low.denominator == 1 else ()
        first: End = Fraction(floor(low) + 1) if isinstance(low, Fraction) else low
        last: End = Fraction(ceil(high) - 1) if isinstance(high, Fraction) else high
        return (first, last) if first <= last else ()

    def of_all(self, quantity: Quantity) -> Iterator[tuple[Piece, LineSpan]]:
        """The straight pieces of a quantity over all values of the number. Raises _NotStraight."""
        low, high = self._limits()
        waiting = [Piece(end, end) for end in {low, high} if isinstance(end, Fraction)]
        waiting += [Piece(low, high)] if low != high else []
        for _ in range(_MAX_PIECES):
            if not waiting:
                return
            self.piece = waiting.pop()
            try:
                yield self.piece, self.of(quantity)
            except _Split as split:
                waiting += split.pieces
        raise _NotStraight

    def _limits(self) -> tuple[End, End]:
        if self.moving is None:
            return _ZERO, _ZERO
        return interval_of(self.moving, self.subject, self.as_of).ends

    def bend(self, point: Fraction | None) -> None:
        """Split the piece where a point lies in it."""
        if point is not None and self.piece.low < point < self.piece.high:
            raise _Split(self.piece.split_at(point))

    def of(self, quantity: Quantity) -> LineSpan:
        """The lines of a quantity on this piece."""
        if quantity == self.moving:
            line = Line(Fraction(1), _ZERO)
            return LineSpan(line, line)
        if self.is_apart(quantity):
            return self.constant(quantity)
        return self.made_of_others(quantity) or self.constant(quantity)

    def is_apart(self, part: Quantity | Condition) -> bool:
        """Whether neither the number nor a condition can stand in a part."""
        return not self.everywhere and self.facts.isdisjoint(part.facts)

    def constant(self, quantity: Quantity) -> LineSpan:
        """The interval that is known wherever the number is."""
        interval = interval_of(quantity, self.subject, self.as_of)
        if interval.void:
            raise _NotStraight
        return LineSpan.of(interval)

    def made_of_others(self, quantity: Quantity) -> LineSpan | None:
        """The lines of what is made of other quantities; None where it has none."""
        match quantity:
            case forms.Sum(terms):
                return LineSpan.sum([self.of(t) for t in terms])
            case forms.Difference(first, second):
                return LineSpan.sum([self.of(first), self.of(second).turned()])
            case forms.Product(terms):
                return self.product([self.of(t) for t in terms])
            case forms.Ratio(first, second):
                return self.ratio(self.of(first), self.of(second))
            case forms.Least(terms) | forms.Greatest(terms):
                least = isinstance(quantity, forms.Least)
                return self.outermost_span([self.of(t) for t in terms], least, least)
            case forms.Steps(whole):
                low, high = (self.steps(line, quantity) for line in self.of(whole))
                return None if low is None or high is None else LineSpan(low, high)
            case forms.Cases():
                return self.cases(quantity)
            case forms.ShortForm():
                return self.of(reduced(quantity))
        return None

    def product(self, spans: list[LineSpan]) -> LineSpan | None:
        """At most one of the factors may rise or fall."""
        rising = [span for span in spans if span.interval is None]
        factor = arithmetic.product_of([s.interval for s in spans if s.interval is not None])
        if not rising:
            return LineSpan.of(factor)
        return self.scaled(rising[0], factor) if len(rising) == 1 else None

    def ratio(self, first: LineSpan, second: LineSpan) -> LineSpan | None:
        divisor = second.interval
        if divisor is None or divisor.low <= 0:
            return None
        return self.product([first, LineSpan.of(arithmetic.ratio(arithmetic.ONE, divisor))])

    def scaled(self, span: LineSpan, factor: Interval) -> LineSpan | None:
        """A span times a number, or times an interval on one side of zero."""
        low, high = factor.ends
        if isinstance(low, float) or isinstance(high, float) or low < 0 < high:
            return None
        if low < 0:
            return self.scaled(span.turned(), arithmetic.negative(factor))
        for line in span if low != high else ():
            self.bend(line.crossing(level(_ZERO)))
        if low is high and span.low is span.high:
            line = span.low.scaled(low)
            return LineSpan(line, line)
        below, above = (line.at(self.piece.inside) >= 0 for line in span)
        return LineSpan(
            span.low.scaled(low if below else high), span.high.scaled(high if above else low)
        )

    def steps(self, line: Line, steps: forms.Steps) -> Line | None:
        """How many whole steps a line holds, which is one number from each to the next; None where
        it passes too many."""
        value, each = line.at(self.piece.inside), steps.each.value
        held = arithmetic.steps_in(Interval(value, value), each, begun=steps.begun).low
        if line.slope and isinstance(held, Fraction):
            first, last = sorted(line.limit(end) for end in self.piece.ends)
            if last - first > _MAX_STEPS * each:
                return None
            for times in (held - 1, held, held + 1):
                self.bend(line.crossing(level(times * each)))
        return level(held)

    def outermost_span(self, spans: list[LineSpan], least: bool, least_of_high: bool) -> LineSpan:
        """The lowest or highest of the low lines of spans, and of the high ones."""
        low = self.outermost([s.low for s in spans], least)
        if least is least_of_high and all(s.low is s.high for s in spans):
            return LineSpan(low, low)
        return LineSpan(low, self.outermost([s.high for s in spans], least_of_high))

    def outermost(self, lines: list[Line], least: bool) -> Line:
        """The lowest, or the highest, of lines none of which cross on this piece."""
        if len(lines) == 1:
            return lines[0]
        for i, line in enumerate(lines):
            for other in lines[:i]:
                self.bend(line.crossing(other))
        return (min if least else max)(lines, key=lambda line: line.at(self.piece.inside))

    def cases(self, cases: forms.Cases) -> LineSpan:
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
        return self.outermost_span(spans, least=True, least_of_high=False)

    def truth(self, condition: Condition) -> Truth:
        """What a condition is on all of this piece."""
        # Conditions are slow to look up.
        assumed = self.piece.assumed.get(condition) if self.piece.assumed else None
        if assumed is Truth.UNKNOWN:  # whatever the fact is, somebody has yet to decide
            raise _Split(self.piece.split_by(met_or_not(condition)))
        found = self.truth_by_parts(condition) if assumed is None else assumed
        if found is Truth.UNKNOWN and condition in self.outcomes:
            raise _Split(self.piece.split_by(self.outcomes[condition]))
        return found

    def truth_by_parts(self, condition: Condition) -> Truth:
        """What it is by the number, and by what is assumed of its parts."""
        if not self.is_apart(condition):
            match condition:
                case Group():
                    return combine(condition, [self.truth(c) for c in condition.children])
                case Predicate(quantity, Range() as bounds):
                    return self.truth_of_range(quantity, bounds)
        return truth_of(condition, self.subject, self.as_of)

    def truth_of_range(self, quantity: Quantity, bounds: Range) -> Truth:
        """Whether a quantity lies within bounds, which it does not cross on this piece."""
        span = self.of(quantity)
        least, most = number(bounds.low), number(bounds.high)
        for end in (least, most):
            for line in span if end is not None else ():
                self.bend(line.crossing(level(Fraction(end or 0))))
        low, high = (line.at(self.piece.inside) for line in span)
        return within(replace(bounds, low=least, high=most), Interval(low, high))
