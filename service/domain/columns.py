"""Columns of the index: for one quantity, which programmes a value satisfies, as bit sets.

A column holds at most one test of each programme, so that for a value it can say by a look-up, not
by a loop over programmes, where the test can still be true and where it is. Both bit sets carry a
one for every programme the column has no test of, ready to be and-ed together.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Protocol, TypeAlias

from service.domain.codes import CodeList
from service.domain.conditions import Quantity
from service.domain.dates import add_months
from service.domain.operators import Age, Among, Holds, Operator, Range, is_undefined, valid_on
from service.domain.profile import Certificate, Subject
from service.domain.truth import Truth

Bits: TypeAlias = int
Masks: TypeAlias = tuple[Bits, Bits]
Entries: TypeAlias = list[tuple[int, Operator]]
MOST_KNOWN = 8192


class Column(Protocol):
    quantity: Quantity
    unknown: Masks

    def masks(self, value: Any, as_of: date) -> Masks:
        """Where the tests can be true and where they are, for a stated value."""
        ...


@dataclass
class Look:
    """A column as a plane sees it: negated where the condition was."""

    column: Column
    tested: Bits
    full: Bits
    negated: bool

    def read(self, subject: Subject, as_of: date) -> Masks:
        """The masks of a subject's value; where it is not stated, of the unknown."""
        quantity = self.column.quantity
        value = subject.get(quantity.facts[0]) if quantity.single else quantity.read(subject)
        if value is None:
            return self.column.unknown
        can, true = self.column.masks(value, as_of)
        if not self.negated:
            return can, true
        free = self.full ^ self.tested
        return self.full ^ (true & self.tested), free | (self.full ^ can)


def make_column(quantity: Quantity, entries: Entries, full: Bits) -> Column:
    """The column for tests of one kind of operator on one quantity."""
    operator = entries[0][1]
    if isinstance(operator, Among):
        return _Members(quantity, entries, full)
    if isinstance(operator, Holds):
        return _Certificates(quantity, entries, full)
    return _Points(quantity, entries, full)


def bits_of(entries: Iterable[tuple[int, object]]) -> Bits:
    found = 0
    for bit, _ in entries:
        found |= 1 << bit
    return found


class _Members:
    """Named values: who names this one or a broader, who one below it, whose umbrella covers it."""

    def __init__(self, quantity: Quantity, entries: Entries, full: Bits) -> None:
        self.quantity = quantity
        tested = bits_of(entries)
        self.free = full ^ tested
        self.unknown = (full, self.free)
        self.codes: CodeList | None = next(op.codes for _, op in entries if isinstance(op, Among))
        self.named: dict[object, Bits] = defaultdict(int)
        self.open: dict[object, Bits] = defaultdict(int)
        self.below: dict[object, Bits] = defaultdict(int)
        self.undefined = 0
        self.known: dict[object, Masks] = {}
        for bit, operator in entries:
            assert isinstance(operator, Among)
            self._enter(1 << bit, operator)

    def _enter(self, bit: Bits, among: Among) -> None:
        for value in among.values:
            self.named[self._current(value)] |= bit
            if self.codes and is_undefined(self.codes, str(value)):
                self.undefined |= bit
        for value in among.umbrella:
            self.open[self._current(value)] |= bit
        if self.codes:
            for value in (*among.values, *among.umbrella):
                for broader in self.codes.ancestors(str(value)):
                    self.below[broader] |= bit

    def _current(self, value: object) -> object:
        return self.codes.current(str(value)) if self.codes else value

    def masks(self, value: Any, as_of: date) -> Masks:
        known = self.known.get(value)
        if known is None:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            known = self.known[value] = self._masks(value)
        return known

    def _masks(self, value: object) -> Masks:
        members = value if isinstance(value, frozenset) else (value,)
        true, maybe = 0, self.undefined
        for member in members:
            broader = self.codes.ancestors(str(member)) if self.codes else (member,)
            for code in broader:
                true |= self.named.get(code, 0)
                maybe |= self.open.get(code, 0)
            maybe |= self.below.get(self._current(member), 0)
        return true | maybe | self.free, true | self.free


class _Certificates:
    """Categories held; a certificate without its dates leaves open what it might settle."""

    def __init__(self, quantity: Quantity, entries: Entries, full: Bits) -> None:
        self.quantity = quantity
        self.free = full ^ bits_of(entries)
        self.unknown = (full, self.free)
        self.codes = next(op.codes for _, op in entries if isinstance(op, Holds))
        self.named: dict[str, Bits] = defaultdict(int)
        self.undefined = 0
        for bit, operator in entries:
            assert isinstance(operator, Holds)
            for category in operator.categories:
                self.named[self.codes.current(category)] |= 1 << bit
                if is_undefined(self.codes, category):
                    self.undefined |= 1 << bit

    def masks(self, value: tuple[Certificate, ...], as_of: date) -> Masks:
        can, true = self.free | self.undefined, self.free
        for certificate in value:
            valid = valid_on(certificate, as_of)
            if valid is Truth.FALSE:
                continue
            held = 0
            for category in self.codes.ancestors(certificate.category):
                held |= self.named.get(category, 0)
            can |= held
            true |= held if valid is Truth.TRUE else 0
        return can, true


@dataclass
class _Points:
    """Bounds on a line: the masks of every point that is a bound and of every gap between."""

    quantity: Quantity
    entries: Entries
    full: Bits
    bounds: list[Any] = field(init=False)
    table: list[Bits] = field(init=False)
    free: Bits = field(init=False)
    unknown: Masks = field(init=False)
    aged: bool = field(init=False)

    def __post_init__(self) -> None:
        self.free = self.full ^ bits_of(self.entries)
        self.unknown = (self.full, self.free)
        self.aged = isinstance(self.entries[0][1], Age)
        ranges = [(bit, _range(operator)) for bit, operator in self.entries]
        ends = {end for _, r in ranges for end in (r.low, r.high) if end is not None}
        self.bounds = sorted(ends)
        self.table = self._sweep(ranges)

    def _sweep(self, ranges: list[tuple[int, Range]]) -> list[Bits]:
        """Masks at 0: below all bounds, 1: on the first bound, 2: between first and second, …"""
        place = {bound: 2 * i + 1 for i, bound in enumerate(self.bounds)}
        turns: dict[int, Bits] = defaultdict(int)
        for bit, bounds in ranges:
            start = 0 if bounds.low is None else place[bounds.low] + (not bounds.low_included)
            end = (
                2 * len(self.bounds) + 1
                if bounds.high is None
                else place[bounds.high] + bounds.high_included
            )
            if start < end:
                turns[start] ^= 1 << bit
                turns[end] ^= 1 << bit
        current, table = self.free, []
        for i in range(2 * len(self.bounds) + 1):
            current ^= turns.get(i, 0)
            table.append(current)
        return table

    def masks(self, value: Any, as_of: date) -> Masks:
        if self.aged:
            if value > as_of:
                return self.free, self.free
            value = _age(value, as_of)
        at = self.place(value)
        return self.table[at], self.table[at]

    def place(self, value: int | date | Fraction) -> int:
        """The index of a value's masks in the table."""
        i = bisect_left(self.bounds, value)
        return 2 * i + (i < len(self.bounds) and self.bounds[i] == value)


def _age(start: date, as_of: date) -> Fraction:
    """Months completed, and a half more on any day but the one that completes them."""
    months = (as_of.year - start.year) * 12 + as_of.month - start.month
    if add_months(start, months) > as_of:
        months -= 1
    exact = add_months(start, months) == as_of
    return Fraction(2 * months + (not exact), 2)


def _range(operator: Operator) -> Range:
    if isinstance(operator, Age):
        return operator.months
    assert isinstance(operator, Range)
    return operator
