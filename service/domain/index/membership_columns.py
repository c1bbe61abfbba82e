"""Columns of named values and of certificates: a value is looked up by name in its code list, for
the tests of all programmes at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, TypeAlias, assert_never

from service.domain.cache import BoundedCache
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Certificate
from service.domain.index.bitset import BitSet, bitset_of
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


class _CodeListColumn:
    """Tests of named values, one at a bit, all from one code list."""

    def __init__(self, entries: list[IndexedTest], codes: CodeList | None, full: BitSet) -> None:
        self.codes = codes
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

    def match_member(self, member: object) -> TruthMasks:
        """Which tests a single member makes true, and which it leaves open."""
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

    def excluded(self, member: object) -> tuple[str, ...]:
        """The targets that a member rules out."""
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


def _code_list_columns(entries: Iterable[IndexedTest], full: BitSet) -> list[_CodeListColumn]:
    """Layers of tests that share a code list."""
    lists: dict[CodeList | None, list[IndexedTest]] = {}
    for entry in entries:
        codes: CodeList | None = getattr(entry.operator, "codes", None)
        lists.setdefault(codes, []).append(entry)
    return [
        _CodeListColumn(layer, codes, full)
        for codes, found in lists.items()
        for layer in split_by_bit(found)
    ]


def _all_of(parts: Iterable[TruthMasks], full: BitSet) -> TruthMasks:
    possible, unknown = full, 0
    for also_possible, also_unknown in parts:
        possible &= also_possible
        unknown |= also_unknown
    return possible, unknown & possible


class MembershipColumn:
    """Named values, a stated one of which may lie in them, be too coarse, or fall under the
    umbrella of an open list."""

    def __init__(self, entries: list[IndexedTest], full: BitSet) -> None:
        self.full = full
        self.test_bits = bitset_of(e.bit for e in entries)
        self.layers = _code_list_columns(entries, full)
        self.matches: BoundedCache[object, list[_MemberMatch]] = BoundedCache(MEMBERS_CACHE_SIZE)
        self.cache: BoundedCache[object, TruthMasks] = BoundedCache(CACHE_SIZE)

    def masks(self, value: Any, as_of: date) -> TruthMasks:
        known = self.cache.get(value)
        if known is None:
            members = tuple(value) if isinstance(value, frozenset) else (value,)
            known = self.cache.keep(value, self._masks(members))
        return known

    def _matches_of(self, member: object) -> list[_MemberMatch]:
        """For each layer: where a member lies, where it may lie, and what it rules out."""
        matches = self.matches.get(member)
        if matches is None:
            layers = self.layers
            matches = [(*layer.match_member(member), layer.excluded(member)) for layer in layers]
            self.matches.keep(member, matches)
        return matches

    def _masks(self, members: tuple[object, ...]) -> TruthMasks:
        parts = []
        singles = [self._matches_of(m) for m in members]
        for i, layer in enumerate(self.layers):
            true, unknown = 0, layer.undefined
            excluded: set[str] = set()
            for found in singles:
                true |= found[i][0]
                unknown |= found[i][1]
                excluded.update(found[i][2])
            if excluded:
                unknown = layer.open_beside(members, excluded)
            parts.append(layer.apply_negation(true, unknown))
        return _all_of(parts, self.full)


class CertificateColumn:
    """Categories held: only those valid on the day, or perhaps valid, count."""

    def __init__(self, entries: list[IndexedTest], full: BitSet) -> None:
        self.full = full
        self.test_bits = bitset_of(e.bit for e in entries)
        self.layers = _code_list_columns(entries, full)
        self.cache: BoundedCache[object, TruthMasks] = BoundedCache(CACHE_SIZE)

    def masks(self, value: tuple[Certificate, ...], as_of: date) -> TruthMasks:
        held = tuple([(c.category, sure) for c in value if (sure := valid_on(c, as_of))])
        known = self.cache.get(held)
        if known is None:
            parts = [self._layer(layer, held) for layer in self.layers]
            known = self.cache.keep(held, _all_of(parts, self.full))
        return known

    def _layer(self, layer: _CodeListColumn, held: Sequence[tuple[str, Truth]]) -> TruthMasks:
        true, unknown = 0, layer.undefined
        for category, sure in held:
            lies_in, _ = layer.match_member(category)
            if sure is Truth.TRUE:
                true |= lies_in
            else:
                unknown |= lies_in
        return layer.apply_negation(true, unknown)
