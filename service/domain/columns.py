"""Columns of the index: for one quantity, what a value leaves of all tests at once, as bit sets.

A column answers a stated value with two sets over the lanes: `can`, where the tests can be true (a
one also wherever the column has no test), and `maybe`, the part of it where they are UNKNOWN. The
columns of all stated facts are and-ed and or-ed together; no column loops over programmes.
"""

from bisect import bisect_left
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any, Protocol, TypeAlias

from service.domain.codes import CodeList
from service.domain.conditions import Combine, Quantity
from service.domain.lanes import Bits, bits
from service.domain.operators import Age, Among, Holds, Operator, Range, is_undefined, valid_on
from service.domain.profile import Certificate, Subject, Value
from service.domain.truth import Truth

Masks: TypeAlias = tuple[Bits, Bits]
# Answers for values that come back again and again are kept, up to this many a column.
MOST_KNOWN = 8192
# Numbers are looked up as floats first; nearer to a bound than this share of it, exactly.
NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Entry:
    """One test: the bit it stands at, its operator, whether it must not hold."""

    place: int
    operator: Operator
    negated: bool


class Column(Protocol):
    """All tests that one quantity's value decides in the same way. `tested` has their bits."""

    tested: Bits

    def masks(self, value: Any, as_of: date) -> Masks:
        """Where the tests can be true, and where of it they are UNKNOWN, for a stated value."""
        ...


def make_columns(quantity: Quantity, entries: list[Entry], full: Bits) -> list[Column]:
    """The columns for a quantity's tests, one for each kind of operator among them."""
    kinds: dict[type[Operator], list[Entry]] = defaultdict(list)
    for entry in entries:
        kinds[type(entry.operator)].append(entry)
    return [_make(kind, quantity, found, full) for kind, found in kinds.items()]


def _make(kind: type[Operator], quantity: Quantity, found: list[Entry], full: Bits) -> Column:
    if kind is Among:
        return Members(found, full)
    if kind is Holds:
        return Certificates(found, full)
    return Ages(found, full) if kind is Age else Points(found, full, quantity)


def _layers(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The entries parted so that none of a layer's stand at the same bit."""
    seen: dict[int, int] = defaultdict(int)
    layers: list[list[Entry]] = []
    for entry in entries:
        depth = seen[entry.place]
        seen[entry.place] += 1
        if depth == len(layers):
            layers.append([])
        layers[depth].append(entry)
    return layers


class _Layer:
    """Tests of named values, one at a bit, all from one code list."""

    def __init__(self, entries: list[Entry], codes: CodeList | None, full: Bits) -> None:
        self.codes = codes
        self.full = full
        self.tested = bits(e.place for e in entries)
        self.negated = bits(e.place for e in entries if e.negated)
        named: dict[object, list[int]] = defaultdict(list)
        opened: dict[object, list[int]] = defaultdict(list)
        for entry in entries:
            values, umbrella = _named(entry.operator)
            for value in values:
                named[value].append(entry.place)
            for value in umbrella:
                opened[value].append(entry.place)
        self.named = {value: bits(places) for value, places in named.items()}
        self.opened = {value: bits(places) for value, places in opened.items()}
        self.undefined = 0
        for value, held in self.named.items():
            if codes and is_undefined(codes, str(value)):
                self.undefined |= held

    def one(self, member: object) -> Masks:
        """Which tests a single member makes true, and which it leaves open."""
        codes = self.codes
        if codes is None:
            return self.named.get(member, 0), self.opened.get(member, 0)
        true = maybe = 0
        for target, held in self.named.items():
            truth = codes.relation(str(member), str(target))
            if truth is Truth.TRUE:
                true |= held
            elif truth is Truth.UNKNOWN:
                maybe |= held
        for target, held in self.opened.items():
            if codes.relation(str(member), str(target)) is not Truth.FALSE:
                maybe |= held
        return true, maybe

    def signed(self, true: Bits, maybe: Bits) -> Masks:
        """The masks for tests true and open as given, turned round where they are negated."""
        maybe = (maybe | self.undefined) & ~true
        can = ((self.full ^ self.tested) | true | maybe) ^ (self.negated & ~maybe)
        return can, maybe


def _named(operator: Operator) -> tuple[Sequence[object], Sequence[object]]:
    if isinstance(operator, Among):
        return operator.values, operator.umbrella
    assert isinstance(operator, Holds)
    return operator.categories, ()


def _listed_layers(entries: Iterable[Entry], full: Bits) -> list[_Layer]:
    """Layers of tests that share a code list."""
    lists: dict[int, tuple[CodeList | None, list[Entry]]] = {}
    for entry in entries:
        codes: CodeList | None = getattr(entry.operator, "codes", None)
        lists.setdefault(id(codes), (codes, []))[1].append(entry)
    return [
        _Layer(layer, codes, full) for codes, found in lists.values() for layer in _layers(found)
    ]


def _joined(parts: Iterable[Masks], full: Bits) -> Masks:
    can, maybe = full, 0
    for may, open_ in parts:
        can &= may
        maybe |= open_
    return can, maybe & can


class Members:
    """Named values, a stated one of which may lie in them, be too coarse, or fall under the
    umbrella of an open list."""

    def __init__(self, entries: list[Entry], full: Bits) -> None:
        self.full = full
        self.tested = bits(e.place for e in entries)
        self.layers = _listed_layers(entries, full)
        self.single: dict[object, list[Masks]] = {}
        self.known: dict[object, Masks] = {}

    def masks(self, value: Any, as_of: date) -> Masks:
        known = self.known.get(value)
        if known is None:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            members = value if isinstance(value, frozenset) else (value,)
            known = self.known[value] = self._masks([self._one(m) for m in members])
        return known

    def _one(self, member: object) -> list[Masks]:
        found = self.single.get(member)
        if found is None:
            if len(self.single) >= MOST_KNOWN:
                self.single.clear()
            found = self.single[member] = [layer.one(member) for layer in self.layers]
        return found

    def _masks(self, members: list[list[Masks]]) -> Masks:
        parts = []
        for i, layer in enumerate(self.layers):
            true = maybe = 0
            for found in members:
                true |= found[i][0]
                maybe |= found[i][1]
            parts.append(layer.signed(true, maybe))
        return _joined(parts, self.full)


class Certificates:
    """Categories held: only those valid on the day, or perhaps valid, count."""

    def __init__(self, entries: list[Entry], full: Bits) -> None:
        self.full = full
        self.tested = bits(e.place for e in entries)
        self.layers = _listed_layers(entries, full)
        self.known: dict[object, Masks] = {}

    def masks(self, value: tuple[Certificate, ...], as_of: date) -> Masks:
        held = tuple([(c.category, sure) for c in value if (sure := _validity(c, as_of))])
        known = self.known.get(held)
        if known is None:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            parts = [self._layer(layer, held) for layer in self.layers]
            known = self.known[held] = _joined(parts, self.full)
        return known

    def _layer(self, layer: _Layer, held: Sequence[tuple[str, int]]) -> Masks:
        true = maybe = 0
        for category, sure in held:
            lies_in, _ = layer.one(category)
            if sure == Truth.TRUE:
                true |= lies_in
            else:
                maybe |= lies_in
        return layer.signed(true, maybe)


def _validity(certificate: Certificate, as_of: date) -> int:
    """`valid_on`, with a short cut for certificates that leave nothing open."""
    issued, expires = certificate.issued_on, certificate.expires_on
    if issued is None or expires is None or certificate.contested:
        return valid_on(certificate, as_of)
    return 2 if issued <= as_of <= expires else 0


class Points:
    """Bounds on a line: the set of every bound and of every gap between two.

    `table` holds them from below the first bound: gap, bound, gap, bound, …, gap. A stated number
    or date leaves nothing open.
    """

    def __init__(self, entries: list[Entry], full: Bits, quantity: Quantity | None = None) -> None:
        self.tested = bits(e.place for e in entries)
        self.combine = quantity.combine if quantity else Combine.VALUE
        ranges = [_range(e.operator) for e in entries]
        ends = {end for r in ranges for end in (r.low, r.high) if end is not None}
        self.bounds: list[Any] = [_plain(end) for end in sorted(ends, key=_line)]
        self.floats = [] if self.combine is Combine.VALUE else [float(b) for b in self.bounds]
        layers = [_sweep(layer, self.bounds, full) for layer in _layers(entries)]
        self.table: list[Bits] = layers[0]
        for other in layers[1:]:
            self.table = [a & b for a, b in zip(self.table, other, strict=True)]

    def masks(self, value: Any, as_of: date) -> Masks:
        bounds = self.bounds
        i = bisect_left(bounds, value)
        on = i < len(bounds) and bounds[i] == value
        return self.table[2 * i + on], 0

    def near(self, value: float, spread: float) -> Masks | None:
        """The masks of a number known to within `spread`; None where a bound lies as near."""
        i = bisect_left(self.floats, value - spread)
        if i != bisect_left(self.floats, value + spread):
            return None
        return self.table[2 * i], 0


def _line(point: Any) -> Any:
    return Fraction(point) if isinstance(point, int | Decimal) else point


def _plain(point: Any) -> Any:
    """The same point in the type that compares fastest."""
    if isinstance(point, Fraction) and point.denominator == 1:
        return point.numerator
    return point


def _sweep(entries: Sequence[Entry], bounds: Sequence[Any], full: Bits) -> list[Bits]:
    """The table of tests that stand at different bits: each bound turns some of them round."""
    place = {bound: 2 * i + 1 for i, bound in enumerate(bounds)}
    last = 2 * len(bounds) + 1
    turns: dict[int, list[int]] = defaultdict(list)
    for entry in entries:
        reach = _range(entry.operator)
        start = 0 if reach.low is None else place[reach.low] + (not reach.low_included)
        end = last if reach.high is None else place[reach.high] + reach.high_included
        if start < end:
            turns[start].append(entry.place)
            turns[end].append(entry.place)
    current = full ^ bits(e.place for e in entries if not e.negated)
    table = []
    for at in range(last):
        if at in turns:
            current ^= bits(turns[at])
        table.append(current)
    return table


class Ages:
    """How many months ago a day was: a line of half months, the odd ones between completions."""

    def __init__(self, entries: list[Entry], full: Bits) -> None:
        self.tested = bits(e.place for e in entries)
        self.before = full ^ bits(e.place for e in entries if not e.negated)
        halves = [Entry(e.place, _halves(e.operator), e.negated) for e in entries]
        self.points = Points(halves, full)

    def masks(self, value: date, as_of: date) -> Masks:
        if value > as_of:
            return self.before, 0
        months = (as_of.year - value.year) * 12 + as_of.month - value.month
        due, today = value.day, as_of.day
        if due > 28:
            due = min(due, monthrange(as_of.year, as_of.month)[1])
        age = 2 * months + (due != today) - 2 * (due > today)
        return self.points.masks(age, as_of)


def _halves(operator: Operator) -> Range:
    assert isinstance(operator, Age)
    months = operator.months
    low, high = (2 * end if isinstance(end, int) else None for end in (months.low, months.high))
    return Range(low, high, months.low_included, months.high_included)


def _range(operator: Operator) -> Range:
    assert isinstance(operator, Range)
    return operator


class Combined:
    """A number made of several facts, and its columns."""

    def __init__(self, quantity: Quantity, columns: list[Column]) -> None:
        self.quantity = quantity
        self.columns = columns
        self.tested = 0
        for column in columns:
            self.tested |= column.tested

    def masks(self, facts: Mapping[str, Value], as_of: date) -> list[Masks] | None:
        """What its columns say; None where it has no value."""
        stated = [facts.get(f) for f in self.quantity.facts]
        numbers = [v for v in stated if isinstance(v, int | Decimal)]
        if len(numbers) < len(stated):
            return None
        close = _estimate(self.quantity.combine, numbers)
        found = [self._near(column, close) for column in self.columns]
        if all(f is not None for f in found):
            return [f for f in found if f is not None]
        value = self.quantity.read(Subject(None, facts, {}))
        return None if value is None else [c.masks(value, as_of) for c in self.columns]

    def _near(self, column: Column, close: tuple[float, float] | None) -> Masks | None:
        return column.near(*close) if close and isinstance(column, Points) else None


def _estimate(combine: Combine, numbers: Sequence[int | Decimal]) -> tuple[float, float] | None:
    """A combined number and how far it may be off, in floats; None where only the exact way
    will do."""
    try:
        values = [float(n) for n in numbers]
    except OverflowError:
        return None
    scale = sum(map(abs, values))
    if combine is Combine.SUM or combine is Combine.MEAN:
        share = len(values) if combine is Combine.MEAN else 1
        value, size = sum(values) / share, scale / share
    else:
        first, second = values
        if second <= 0:
            return None
        size = abs(first / second) + 1
        value = first / second - (combine is Combine.GROWTH)
    return (value, size * NEAR) if isfinite(size) and isfinite(value) else None
