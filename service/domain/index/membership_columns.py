"""Columns of named values and of certificates: a value is looked up by name in its code list, for
the tests of all programmes at once."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, TypeAlias, assert_never

from service.domain.cache import BoundedCache
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Certificate
from service.domain.index.bitset import BitSet, bitset_of, union_of
from service.domain.index.column import IndexedTest, TruthMasks, split_by_bit
from service.domain.rules.operators import (
    Age,
    HoldsCertificate,
    InSet,
    Operator,
    Range,
    is_undefined,
    valid_on,
)
from service.domain.truth import Truth

# Answers for values that come back again and again are kept, up to this many a column: for single
# codes, which a list has no end of, and for sets of them, which seldom come again.
MEMBERS_CACHE_SIZE = 4096
CACHE_SIZE = 512
_MemberMatch: TypeAlias = tuple[BitSet, BitSet, tuple[str, ...]]


class _Layer:
    """Tests of named values, one at a bit, all from one code list."""

    def __init__(self, entries: Sequence[IndexedTest], full: BitSet) -> None:
        codes: CodeList | None = getattr(entries[0].operator, "codes", None)
        self.codes = codes
        self.matches: BoundedCache[object, _MemberMatch] = BoundedCache(MEMBERS_CACHE_SIZE)
        self.full = full
        self.test_bits = bitset_of(e.bit for e in entries)
        self.negated = bitset_of(e.bit for e in entries if e.negated)
        named: dict[object, list[int]] = defaultdict(list)
        opened: dict[object, list[int]] = defaultdict(list)
        for entry in entries:
            values, umbrella = _named_values(entry.operator)
            for value in values:
                named[value].append(entry.bit)
            for value in umbrella:
                opened[value].append(entry.bit)
        self.value_bits = {value: bitset_of(places) for value, places in named.items()}
        self.umbrella_bits = {value: bitset_of(places) for value, places in opened.items()}
        self.targets_by_current_code: dict[str, list[str]] = defaultdict(list)
        self.related_by_code: dict[str, list[str]] = defaultdict(list)
        if codes:
            self._relate(codes)
        self.vague = [v for v in self.value_bits if codes and is_undefined(codes, str(v))]
        self.undefined = self._named_bits(self.vague)

    def _named_bits(self, targets: Iterable[object]) -> BitSet:
        """The tests that name one of the targets."""
        found = 0
        for target in targets:
            found |= self.value_bits.get(target, 0)
        return found

    def _relate(self, codes: CodeList) -> None:
        """Which targets lie below each code or may overlap with it; `relation` has the last word.
        `targets_by_current_code` finds the targets, which may be named by abolished codes, by their
        current ones."""
        for target in dict.fromkeys(str(v) for v in (*self.value_bits, *self.umbrella_bits)):
            self.targets_by_current_code[codes.current(target)].append(target)
            for broader in codes.ancestors(target):
                self.related_by_code[broader].append(target)
        for code, entry in codes.codes.items():
            if len(entry.parents) > 1:
                line = codes.ancestors(code)
                for above in line:
                    self.related_by_code[above] += [
                        t for a in line for t in self.targets_by_current_code.get(a, ())
                    ]

    def match(self, member: object) -> _MemberMatch:
        """Which tests a single member makes true, which it leaves open, and the targets that it
        rules out."""
        known = self.matches.get(member)
        if known is None:
            known = self.matches.keep(member, (*self._match(member), self._excluded(member)))
        return known

    def _match(self, member: object) -> TruthMasks:
        codes = self.codes
        if codes is None:
            return self.value_bits.get(member, 0), self.umbrella_bits.get(member, 0)
        true = unknown = 0
        for target in self._related_targets(str(member)):
            truth = codes.relation(str(member), target)
            if truth is Truth.TRUE:
                true |= self.value_bits.get(target, 0)
                unknown |= self.umbrella_bits.get(target, 0)
            elif truth is Truth.UNKNOWN:
                unknown |= self.value_bits.get(target, 0) | self.umbrella_bits.get(target, 0)
        return true, unknown

    def _related_targets(self, member: str) -> Iterable[str]:
        """The targets that a member can have to do with: all broader ones, those that are narrower
        or have a narrower code in common with it, and what its holder may be besides."""
        codes = self.codes
        assert codes is not None
        alike = (codes.current(member), *codes.also(member))
        broader = {a for code in alike for a in codes.ancestors(code)}
        found = [t for code in broader for t in self.targets_by_current_code.get(code, ())]
        return dict.fromkeys(
            [*found, *(t for code in alike for t in self.related_by_code.get(code, ()))]
        )

    def _excluded(self, member: object) -> tuple[str, ...]:
        codes = self.codes
        ruled_out = codes.excluded(str(member)) if codes else ()
        return tuple(t for code in ruled_out for t in self.related_by_code.get(code, ()))

    def open_beside(self, members: Iterable[object], excluded: Collection[str]) -> BitSet:
        """The tests left open by members of which some rule targets out."""
        codes = self.codes
        assert codes is not None
        found = self._named_bits(t for t in self.vague if t not in excluded)
        for member in map(str, members):
            for target in self._related_targets(member):
                truth = codes.relation(member, target)
                if truth is not Truth.FALSE:
                    found |= self.umbrella_bits.get(target, 0)
                if truth is Truth.UNKNOWN and target not in excluded:
                    found |= self.value_bits.get(target, 0)
        return found

    def apply_negation(self, true: BitSet, unknown: BitSet) -> TruthMasks:
        """The masks for tests true and open as given, turned round where they are negated."""
        unknown &= ~true
        possible = ((self.full ^ self.test_bits) | true | unknown) ^ (self.negated & ~unknown)
        return possible, unknown


def _named_values(operator: Operator) -> tuple[Sequence[object], Sequence[object]]:
    match operator:
        case InSet():
            return operator.values, operator.umbrella
        case HoldsCertificate():
            return operator.categories, ()
        case Range() | Age():
            raise TypeError(operator)
        case _:
            assert_never(operator)


class _NamedColumn(ABC):
    """Tests of named values in layers, in each of which no two stand at one bit. What answers come
    to that come back again is kept."""

    def __init__(self, entries: Iterable[IndexedTest], full: BitSet) -> None:
        by_list: dict[object, list[IndexedTest]] = defaultdict(list)
        for entry in entries:
            by_list[getattr(entry.operator, "codes", None)].append(entry)
        layers = (layer for alike in by_list.values() for layer in split_by_bit(alike))
        self.full, self.layers = full, [_Layer(layer, full) for layer in layers]
        self.test_bits = union_of(layer.test_bits for layer in self.layers)
        self.cache: BoundedCache[object, TruthMasks] = BoundedCache(CACHE_SIZE)

    def look_up(self, asked: Any) -> TruthMasks:
        """What a stated value leaves in all layers; `asked` is as much of it as they look at."""
        known = self.cache.get(asked)
        if known is None:
            possible, unknown = self.full, 0
            for layer in self.layers:
                also_possible, also_unknown = self.in_layer(layer, asked)
                possible, unknown = possible & also_possible, unknown | also_unknown
            known = self.cache.keep(asked, (possible, unknown & possible))
        return known

    @abstractmethod
    def in_layer(self, layer: _Layer, asked: Any) -> TruthMasks:
        """What is stated makes of the tests of one layer."""


class MembershipColumn(_NamedColumn):
    """Named values, a stated one of which may lie in them, be too coarse, or fall under the
    umbrella of an open list."""

    def masks(self, value: Any, _as_of: date) -> TruthMasks:
        return self.look_up(value)

    def in_layer(self, layer: _Layer, asked: Any) -> TruthMasks:
        members = asked if isinstance(asked, frozenset) else (asked,)
        true, unknown, excluded = 0, layer.undefined, set[str]()
        for member in members:
            lies_in, may_lie, ruled_out = layer.match(member)
            true |= lies_in
            unknown |= may_lie
            excluded.update(ruled_out)
        if excluded:
            unknown = layer.open_beside(members, excluded)
        return layer.apply_negation(true, unknown)


class CertificateColumn(_NamedColumn):
    """Categories held: only those valid on the day, or perhaps valid, count."""

    def masks(self, value: tuple[Certificate, ...], as_of: date) -> TruthMasks:
        return self.look_up(tuple([(c.category, t) for c in value if (t := valid_on(c, as_of))]))

    def in_layer(self, layer: _Layer, asked: Any) -> TruthMasks:
        true, unknown = 0, layer.undefined
        for category, held in asked:
            lies_in, _, _ = layer.match(category)
            if held is Truth.TRUE:
                true |= lies_in
            else:
                unknown |= lies_in
        return layer.apply_negation(true, unknown)
