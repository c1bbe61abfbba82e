"""Columns of the index: for one quantity, what a value leaves of all tests at once, as bit sets.

A column answers a stated value with two sets over the lanes: `can`, where the tests can be true (a
one also wherever the column has no test), and `maybe`, the part of it where they are UNKNOWN. The
columns of all stated facts are and-ed and or-ed together; no column loops over programmes.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeAlias

from service.domain.codes import CodeList
from service.domain.lanes import Bits, bits
from service.domain.operators import Among, Holds, Operator, is_undefined, valid_on
from service.domain.profile import Certificate
from service.domain.truth import Truth

Masks: TypeAlias = tuple[Bits, Bits]
Look: TypeAlias = Callable[[Any, date], Masks]
# Answers for values that come back again and again are kept, up to this many a column.
MOST_KNOWN = 8192


@dataclass(frozen=True, slots=True)
class Entry:
    """One test: the bit it stands at, its operator, whether it must not hold."""

    place: int
    operator: Operator
    negated: bool


class Column(Protocol):
    """All tests that one quantity's value decides in the same way. `tested` has their bits;
    `masks` says where they can be true, and where of it they are UNKNOWN, for a stated value."""

    tested: Bits

    @property
    def masks(self) -> Look: ...


def layers_of(entries: Iterable[Entry]) -> list[list[Entry]]:
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
        self.spelt: dict[str, list[str]] = defaultdict(list)
        self.near: dict[str, list[str]] = defaultdict(list)
        if codes:
            self._relate(codes)
        self.vague = [v for v in self.named if codes and is_undefined(codes, str(v))]
        self.undefined = self._named_bits(self.vague)

    def _named_bits(self, targets: Iterable[object]) -> Bits:
        """The tests that name one of the targets."""
        found = 0
        for target in targets:
            found |= self.named.get(target, 0)
        return found

    def _relate(self, codes: CodeList) -> None:
        """Which targets lie below each code or may overlap with it; `relation` has the last word.
        `spelt` finds the targets, which may be named by abolished codes, by their current ones."""
        for target in dict.fromkeys(str(v) for v in (*self.named, *self.opened)):
            self.spelt[codes.current(target)].append(target)
            for broader in codes.ancestors(target):
                self.near[broader].append(target)
        for code, entry in codes.codes.items():
            if len(entry.parents) > 1:
                line = codes.ancestors(code)
                for above in line:
                    self.near[above] += [t for a in line for t in self.spelt.get(a, ())]

    def one(self, member: object) -> Masks:
        """Which tests a single member makes true, and which it leaves open."""
        codes = self.codes
        if codes is None:
            return self.named.get(member, 0), self.opened.get(member, 0)
        true = maybe = 0
        for target in self._kin(str(member)):
            truth = codes.relation(str(member), target)
            if truth is Truth.TRUE:
                true |= self.named.get(target, 0)
                maybe |= self.opened.get(target, 0)
            elif truth is Truth.UNKNOWN:
                maybe |= self.named.get(target, 0) | self.opened.get(target, 0)
        return true, maybe

    def _kin(self, member: str) -> Iterable[str]:
        """The targets that a member can have to do with: all broader ones, those that are narrower
        or have a narrower code in common with it, and what its holder may be besides."""
        codes = self.codes
        assert codes is not None
        alike = (codes.current(member), *codes.also(member))
        broader = {a for code in alike for a in codes.ancestors(code)}
        found = [t for code in broader for t in self.spelt.get(code, ())]
        return dict.fromkeys([*found, *(t for code in alike for t in self.near.get(code, ()))])

    def excluded(self, member: object) -> tuple[str, ...]:
        """The targets that a member rules out."""
        codes = self.codes
        ruled_out = codes.excluded(str(member)) if codes else ()
        return tuple(t for code in ruled_out for t in self.near.get(code, ()))

    def open_beside(self, members: Iterable[object], excluded: Collection[str]) -> Bits:
        """The tests left open by members of which some rule targets out."""
        codes = self.codes
        assert codes is not None
        found = self._named_bits(t for t in self.vague if t not in excluded)
        for member in map(str, members):
            for target in self._kin(member):
                found |= self.opened.get(target, 0)
                if target not in excluded and codes.relation(member, target) is Truth.UNKNOWN:
                    found |= self.named.get(target, 0)
        return found

    def signed(self, true: Bits, maybe: Bits) -> Masks:
        """The masks for tests true and open as given, turned round where they are negated."""
        maybe &= ~true
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
        _Layer(layer, codes, full) for codes, found in lists.values() for layer in layers_of(found)
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
        self.single: dict[object, list[tuple[Bits, Bits, tuple[str, ...]]]] = {}
        self.known: dict[object, Masks] = {}

    def masks(self, value: Any, as_of: date) -> Masks:
        known = self.known.get(value)
        if known is None:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            members = tuple(value) if isinstance(value, frozenset) else (value,)
            known = self.known[value] = self._masks(members)
        return known

    def _one(self, member: object) -> list[tuple[Bits, Bits, tuple[str, ...]]]:
        found = self.single.get(member)
        if found is None:
            if len(self.single) >= MOST_KNOWN:
                self.single.clear()
            found = self.single[member] = [
                (*layer.one(member), layer.excluded(member)) for layer in self.layers
            ]
        return found

    def _masks(self, members: tuple[object, ...]) -> Masks:
        parts = []
        singles = [self._one(m) for m in members]
        for i, layer in enumerate(self.layers):
            true, maybe = 0, layer.undefined
            excluded: set[str] = set()
            for found in singles:
                true |= found[i][0]
                maybe |= found[i][1]
                excluded.update(found[i][2])
            if excluded:
                maybe = layer.open_beside(members, excluded)
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
        true, maybe = 0, layer.undefined
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
