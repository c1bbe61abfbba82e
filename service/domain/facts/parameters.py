"""Parameters: public figures that change with time, such as a prime rate or an average wage."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class DatedValue:
    """What a parameter is from a day on."""

    start: date
    value: Fraction


@dataclass(frozen=True)
class Parameter:
    """A public figure with its values in order of time.

    `until` is the last day for which somebody has looked: the figure is not known beyond it.
    `verified` tells whether the values were seen at the source.
    """

    id: str
    label: Text
    unit: str | None
    values: tuple[DatedValue, ...]
    until: date
    source: str
    verified: bool
    minimum: Fraction | None = None

    def value_on(self, day: date) -> Fraction | None:
        """The value on a day; None before the first and beyond the last."""
        place = bisect_right([v.start for v in self.values], day)
        return self.values[place - 1].value if place and day <= self.until else None

    def turning_days(self) -> tuple[date, ...]:
        """The days from which it is another value, or known."""
        return tuple(v.start for v in self.values)
