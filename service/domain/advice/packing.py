"""The greatest sum of amounts, each with a bound and some with bounds in common: exact, by the
simplex method with bounded variables.

Amounts are added one after the other, and what was found before is where the search goes on. Whole
numbers stay whole as long as the bounds let them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NewType, TypeAlias

Number: TypeAlias = int | Fraction
Name = NewType("Name", int)
# Coefficients by name; what is not there is zero.
_Row: TypeAlias = dict[Name, Number]


@dataclass
class Packing:
    """Amounts within bounds, as a dictionary of the simplex method: each of the `rows` is a number
    that stands above zero and depends on others, which are zero. `turned` are the amounts that are
    counted from their upper end down; `fixed` those that stay where they are.

    Sixty and fifty, together no more than a hundred:

    >>> both = Packing()
    >>> bound = both.bound(100)
    >>> one, other = both.add(60, [bound]), both.add(50, [bound])
    >>> both.fill(), both.prefer([one]), both.amount(one), both.amount(other)
    (100, None, 60, 40)
    """

    total: Number = 0
    count: int = 0
    rows: dict[Name, _Row] = field(default_factory=dict)
    values: _Row = field(default_factory=dict)
    upper: _Row = field(default_factory=dict)
    gain: _Row = field(default_factory=dict)
    turned: set[Name] = field(default_factory=set)
    fixed: set[Name] = field(default_factory=set)

    def copy(self) -> "Packing":
        """A copy, to which amounts can be added without changing this one."""
        rows = {name: dict(row) for name, row in self.rows.items()}
        return Packing(
            self.total, self.count, rows, dict(self.values), dict(self.upper), dict(self.gain),
            set(self.turned), set(self.fixed),
        )  # fmt: skip

    def bound(self, most: Number) -> Name:
        """A bound that amounts can have in common, by the name of what it leaves."""
        name = self._new()
        self.rows[name], self.values[name] = {}, most
        return name

    def add(self, most: Number, bounds: Iterable[Name]) -> Name:
        """Add an amount, at first zero and at most `most`, that counts towards these bounds.
        Returns its name."""
        name, bounds = self._new(), frozenset(bounds)
        self.upper[name] = most
        self.gain[name] = 1 + sum(self.gain.get(bound, 0) for bound in bounds)
        for other, row in self.rows.items():
            taken = sum(row.get(bound, 0) for bound in bounds) + (other in bounds)
            if taken:
                row[name] = taken
        return name

    def fill(self) -> Number:
        """Raise amounts until their sum is the greatest; the sum."""
        # By the least name first, a search does not come back to where it was (Bland's rule).
        while open_ := [n for n, gain in self.gain.items() if gain > 0 and n not in self.fixed]:
            self._raise(min(open_))
        return self.total

    def prefer(self, amounts: Iterable[Name]) -> None:
        """Raise these as far as the sum found before allows, and as those preferred before do."""
        self.fixed |= {name for name, gain in self.gain.items() if gain < 0}
        self.gain = {}
        for name in amounts:
            sign = -1 if name in self.turned else 1
            row = self.rows.get(name)
            for other, number in ({name: -1} if row is None else row).items():
                self.gain[other] = self.gain.get(other, 0) - sign * number
        self.fill()

    def amount(self, name: Name) -> Number:
        """What an amount stands at."""
        found = self.values.get(name, 0)
        return self.upper[name] - found if name in self.turned else found

    def _new(self) -> Name:
        self.count += 1
        return Name(self.count)

    def _raise(self, name: Name) -> None:
        """Raise one amount until it, or what depends on it, is at an end."""
        first: tuple[Number, Name, bool] | None = None
        for other, row in self.rows.items():
            slope: Number = row.get(name, 0)
            falls = slope > 0
            if not slope or (not falls and other not in self.upper):
                continue
            room: Number = self.values[other] if falls else self.upper[other] - self.values[other]
            found = _over(room, slope if falls else -slope), other, falls
            first = found if first is None or found < first else first
        if first is None or (name in self.upper and (self.upper[name], name) < first[:2]):
            self._turn_independent(name)
            return
        _, other, falls = first
        if not falls:
            self._turn_dependent(other)
        self._exchange(name, other)

    def _turn_independent(self, name: Name) -> None:
        """Raise what stands at its lower end to its upper, from where it is counted down."""
        most = self.upper[name]
        self.turned ^= {name}
        self.total += self.gain[name] * most
        self.gain[name] *= -1
        for other, row in self.rows.items():
            if name in row:
                self.values[other] -= row[name] * most
                row[name] *= -1

    def _turn_dependent(self, name: Name) -> None:
        self.turned ^= {name}
        self.values[name] = self.upper[name] - self.values[name]
        self.rows[name] = {other: -number for other, number in self.rows[name].items()}

    def _exchange(self, name: Name, other: Name) -> None:
        """The one depends on others from now on, the other no longer."""
        row, value = self.rows.pop(other), self.values.pop(other)
        slope = row.pop(name)
        row = {n: _over(number, slope) for n, number in row.items()}
        row[other], value = _over(1, slope), _over(value, slope)
        for third, its in self.rows.items():
            factor = its.pop(name, 0)
            if factor:
                self.values[third] -= factor * value
                _take_off(its, row, factor)
        gain = self.gain.pop(name)
        self.total += gain * value
        _take_off(self.gain, row, gain)
        self.rows[name], self.values[name] = row, value


def _take_off(row: _Row, other: _Row, factor: Number) -> None:
    for name, number in other.items():
        left = row.get(name, 0) - factor * number
        if left:
            row[name] = left
        else:
            row.pop(name, None)


def _over(number: Number, divisor: Number) -> Number:
    return number * divisor if divisor in (1, -1) else Fraction(number) / divisor
