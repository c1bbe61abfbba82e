"""Straight lines of one unknown number, and the pieces of its values on which a quantity is one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import inf
from typing import NamedTuple

from service.domain.rules.interval_arithmetic import End, Interval
from service.domain.rules.joint_outcomes import Outcome

_ZERO = Fraction(0)


class Line(NamedTuple):
    """`slope` times the number and `start`, which may be infinite where the slope is zero."""

    slope: Fraction
    start: End

    def at(self, point: Fraction) -> End:
        return self.slope * point + self.start if self.slope else self.start

    def limit(self, end: End) -> End:
        """Where it leads to at an end of the unknown number's values."""
        if isinstance(end, Fraction) or not self.slope:
            return self.at(end) if isinstance(end, Fraction) else self.start
        return inf if (self.slope > 0) == (end > 0) else -inf

    def scaled(self, factor: Fraction) -> "Line":
        if not factor:
            return level(_ZERO)
        return Line(self.slope * factor, self.start * factor).finite()

    def finite(self) -> "Line":
        """A line that is infinite somewhere is so everywhere."""
        return level(self.start) if isinstance(self.start, float) else self

    def crossing(self, other: "Line") -> Fraction | None:
        """Where two lines meet; None where they never do, or are one."""
        starts = self.start, other.start
        if not (self.slope or other.slope) or self.slope == other.slope:
            return None
        if not all(isinstance(s, Fraction) for s in starts):
            return None
        return Fraction((starts[1] - starts[0]) / (self.slope - other.slope))


def level(start: End) -> Line:
    """The line that neither rises nor falls."""
    return Line(_ZERO, start)


class LineSpan(NamedTuple):
    """The lines between which a quantity lies: one object where they are one, which saves half of
    the reckoning."""

    low: Line
    high: Line

    @classmethod
    def of(cls, interval: Interval) -> "LineSpan":
        """What lies in the same interval wherever the number is."""
        low = level(interval.low)
        return cls(low, low if interval.low is interval.high else level(interval.high))

    @classmethod
    def sum(cls, spans: "Sequence[LineSpan]") -> "LineSpan":
        low = _sum_of([s.low for s in spans])
        one = all(s.low is s.high for s in spans)
        return cls(low, low if one else _sum_of([s.high for s in spans]))

    def turned(self) -> "LineSpan":
        """The span of what is taken off."""
        low = self.high.scaled(Fraction(-1))
        return LineSpan(low, low if self.low is self.high else self.low.scaled(Fraction(-1)))

    @property
    def interval(self) -> Interval | None:
        """In which it lies wherever the number is; None where it rises or falls."""
        if self.low.slope or self.high.slope:
            return None
        return Interval(self.low.start, self.high.start)


def _sum_of(lines: Sequence[Line]) -> Line:
    slopes = [line.slope for line in lines if line.slope]
    return Line(sum(slopes, _ZERO), sum([line.start for line in lines], _ZERO)).finite()


@dataclass(frozen=True)
class Piece:
    """Where the unknown number lies between two ends, which do not belong to the piece unless they
    are one, and where some conditions come out in one way."""

    low: End
    high: End
    assumed: Outcome = field(default_factory=dict)

    @property
    def ends(self) -> tuple[End, End]:
        """Between which numbers it lies."""
        return self.low, self.high

    @cached_property
    def inside(self) -> Fraction:
        """A point of the piece."""
        low, high = self.low, self.high
        if isinstance(low, Fraction):
            return (low + high) / 2 if isinstance(high, Fraction) else low + 1
        return high - 1 if isinstance(high, Fraction) else _ZERO

    def split_at(self, point: Fraction) -> "list[Piece]":
        """What lies before a point of it, the point, and what lies after it."""
        ends = (self.low, point), (point, point), (point, self.high)
        return [replace(self, low=low, high=high) for low, high in ends]

    def split_by(self, outcomes: Iterable[Outcome]) -> "list[Piece]":
        """The same for each way in which conditions come out."""
        return [replace(self, assumed={**self.assumed, **outcome}) for outcome in outcomes]
