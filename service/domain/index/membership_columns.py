"""Columns of named values and of certificates: a value is looked up by name in its code list, for
the tests of all programmes at once."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Any, NamedTuple, TypeAlias, assert_never

from service.domain.cache import BoundedCache
from service.domain.facts.code_lists import CodeList
from service.domain.index.bitset import BitSet, bits_at, bitset_of, union_of
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
CACHE_SIZE = 2048
_MemberMatch: TypeAlias = tuple[BitSet, BitSet, tuple[object, ...]]
# For a stated value, a code list and what is named of it that a code may have to do with: the parts
# of the value that can be stated more exactly one by one, each with what may then stand in its
# place.
FinerParts: TypeAlias = Callable[
    [Any, CodeList | None, Callable[[str], Iterable[str]], date],
    Iterator[tuple[Any, Iterable[Any]]],
]


class SettledTests(NamedTuple):
    """Tests of one layer that more exact values settle; of these, those that one makes FALSE, and
    those that one makes TRUE."""

    tests: BitSet
    refutable: BitSet
    provable: BitSet


class _Layer:
    """Tests of named values, one at a bit, all from one code list: of a code by the one that is in
    use for it today, the *target*."""

    def __init__(self, entries: Sequence[IndexedTest], full: BitSet) -> None:
        codes: CodeList | None = getattr(entries[0].operator, "codes", None)
        self.codes = codes
        self.matches: BoundedCache[object, _MemberMatch] = BoundedCache(MEMBERS_CACHE_SIZE)
        self.test_bits = bitset_of(e.bit for e in entries)
        self.others = full ^ self.test_bits
        self.negated = bitset_of(e.bit for e in entries if e.negated)
        named, opened, vague = (defaultdict[object, list[int]](list) for _ in range(3))
        for entry in entries:
            values, umbrella = _named_values(entry.operator)
            unclear = [v for v in values if codes and is_undefined(codes, str(v))]
            for held, several in ((named, values), (opened, umbrella), (vague, unclear)):
                for value in several:
                    held[codes.current(str(value)) if codes else value].append(entry.bit)
        self.value_bits, self.umbrella_bits, self.vague_bits = (
            {target: bitset_of(bits) for target, bits in held.items()}
            for held in (named, opened, vague)
        )
        self.undefined = union_of(self.vague_bits.values())
        # The targets that each code leaves open.
        self.targets_near: dict[str, list[str]] = defaultdict(list)
        if codes:
            self._relate(codes)

    def _relate(self, codes: CodeList) -> None:
        """Sort in the targets: a code leaves those open that lie below it or overlap with it."""
        targets = dict.fromkeys(map(str, (*self.value_bits, *self.umbrella_bits)))
        for target in targets:
            for broader in codes.ancestors(target) - {target}:
                self.targets_near[broader].append(target)
        for code, target in sorted(codes.overlapping):
            related = target in codes.ancestors(code) or code in codes.ancestors(target)
            if target in targets and not related:
                self.targets_near[code].append(target)

    def match(self, member: object) -> _MemberMatch:
        """Which tests a single member makes true, which it leaves open, and the targets that it
        rules out."""
        known = self.matches.get(member)
        if known is None:
            known = self.matches.keep(member, (*self._match(member), self._excluded(member)))
        return known

    def _match(self, member: object) -> TruthMasks:
        if self.codes is None:
            return self.value_bits.get(member, 0), self.umbrella_bits.get(member, 0)
        broader, near = self._related(str(member))
        unknown = bits_at(self.umbrella_bits, broader)
        if near:
            unknown |= bits_at(self.value_bits, near) | bits_at(self.umbrella_bits, near)
        return bits_at(self.value_bits, broader), unknown

    def _related(self, member: str) -> tuple[Collection[str], Collection[str]]:
        """The codes that a member lies in, and the targets that it may lie in: which are narrower,
        have a narrower code in common with it, or are what its holder may be besides."""
        codes = self.codes
        assert codes is not None
        near: Collection[str] = self.targets_near.get(codes.current(member), ())
        for code in codes.also(member):
            besides = (*codes.ancestors(code), *self.targets_near.get(code, ()))
            near = [*near, *(t for t in besides if codes.relation(member, t) is Truth.UNKNOWN)]
        return codes.ancestors(member), near

    def related_targets(self, member: str) -> Iterable[str]:
        """The targets that a member lies in, or may lie in."""
        related = chain.from_iterable(self._related(member))
        return [
            t for t in dict.fromkeys(related) if t in self.value_bits or t in self.umbrella_bits
        ]

    def _excluded(self, member: object) -> tuple[object, ...]:
        codes = self.codes
        if codes is None or not codes.excluded(str(member)):
            return ()
        return tuple([t for t in self.value_bits if codes.rules_out(str(member), str(t))])

    def coarse(self, members: Iterable[object], excluded: Collection[object]) -> BitSet:
        """The tests left open by members that a more exact one could settle: it may lie in what is
        named, or under an umbrella that none lies under surely."""
        vague, near, under, near_umbrella = self.ways_open(members, excluded)
        return near | (near_umbrella & ~(under | vague))

    def ways_open(
        self, members: Iterable[object], excluded: Collection[object]
    ) -> tuple[BitSet, BitSet, BitSet, BitSet]:
        """The tests that name what nobody has defined, those of which a member may lie in what they
        name, and those under whose umbrella one lies, or may lie; but for targets ruled out."""
        vague = bits_at(self.vague_bits, self.vague_bits.keys() - excluded)
        named = under = near_umbrella = 0
        for member in map(str, members):
            broader, near = self._related(member)
            under |= bits_at(self.umbrella_bits, broader)
            near_umbrella |= bits_at(self.umbrella_bits, near)
            named |= bits_at(self.value_bits, [t for t in near if t not in excluded])
        return vague, named, under, near_umbrella

    def undo_negation(self, fails: BitSet, holds: BitSet) -> TruthMasks:
        """Where tests are FALSE and where TRUE, from where what they ask is: turned round where
        they are negated."""
        swapped = (fails ^ holds) & self.negated
        return fails ^ swapped, holds ^ swapped

    def apply_negation(self, true: BitSet, unknown: BitSet) -> TruthMasks:
        """The masks for tests true and open as given, turned round where they are negated."""
        unknown &= ~true
        possible = (self.others | true | unknown) ^ (self.negated & ~unknown)
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


class NamedColumn(ABC):
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

    def masks(self, value: Any, as_of: date) -> TruthMasks:
        """What a stated value leaves in all layers."""
        asked = self.asked_of(value, as_of)
        known = self.cache.get(asked)
        if known is None:
            possible, unknown = self.full, 0
            for layer in self.layers:
                also_possible, also_unknown = layer.apply_negation(*self.in_layer(layer, asked))
                possible, unknown = possible & also_possible, unknown | also_unknown
            known = self.cache.keep(asked, (possible, unknown & possible))
        return known

    def settled_by_more(self, value: Any, as_of: date, finer: FinerParts) -> Iterator[SettledTests]:
        """What more exact values do to the tests that a value leaves open, layer by layer. Each
        part of it is looked at by itself: a test fails where each part can be such that it does,
        and holds where one can be such that it does."""
        asked = self.asked_of(value, as_of)
        for layer in self.layers:
            coarse = can_fail = self.coarse_in_layer(layer, asked)
            can_hold = 0
            parts = finer(value, layer.codes, layer.related_targets, as_of) if coarse else ()
            for part, ways in parts:
                true, unknown = self.in_layer(layer, self.asked_of(part, as_of))
                may_fail, concerned = ~(true | unknown), coarse & unknown
                for way in ways if concerned else ():
                    true, unknown = self.in_layer(layer, self.asked_of(way, as_of))
                    can_hold |= true
                    may_fail |= ~(true | unknown)
                    if not concerned & ~(can_hold & may_fail):
                        break
                can_fail &= may_fail
            can_hold &= coarse
            if settled := can_fail | can_hold:
                yield SettledTests(settled, *layer.undo_negation(can_fail, can_hold))

    @abstractmethod
    def asked_of(self, value: Any, as_of: date) -> Any:
        """As much of a stated value as the tests look at."""

    @abstractmethod
    def in_layer(self, layer: _Layer, asked: Any) -> TruthMasks:
        """Where what the tests of one layer ask is TRUE of what is stated, and where it is UNKNOWN,
        if it is not that."""

    @abstractmethod
    def coarse_in_layer(self, layer: _Layer, asked: Any) -> BitSet:
        """The tests of one layer for which what is stated may be too coarse."""


class MembershipColumn(NamedColumn):
    """Named values, a stated one of which may lie in them, be too coarse, or fall under the
    umbrella of an open list."""

    def asked_of(self, value: Any, _as_of: date) -> Any:
        return value

    def in_layer(self, layer: _Layer, asked: Any) -> TruthMasks:
        members = asked if isinstance(asked, frozenset) else (asked,)
        true, unknown, excluded = 0, layer.undefined, set[object]()
        for member in members:
            lies_in, may_lie, ruled_out = layer.match(member)
            true |= lies_in
            unknown |= may_lie
            excluded.update(ruled_out)
        if excluded:
            unknown = union_of(layer.ways_open(members, excluded))
        return true, unknown

    def coarse_in_layer(self, layer: _Layer, asked: Any) -> BitSet:
        members = asked if isinstance(asked, frozenset) else (asked,)
        if layer.codes is None:
            return 0
        matches = [layer.match(member) for member in members]
        excluded = {target for _, _, ruled_out in matches for target in ruled_out}
        return layer.coarse(members, excluded) & ~union_of(true for true, _, _ in matches)


class CertificateColumn(NamedColumn):
    """Categories held: only those valid on the day, or perhaps valid, count."""

    def asked_of(self, value: Any, as_of: date) -> Any:
        return tuple([(c.category, t) for c in value if (t := valid_on(c, as_of))])

    def in_layer(self, layer: _Layer, asked: Any) -> TruthMasks:
        true, unknown = 0, layer.undefined
        for category, held in asked:
            lies_in, _, _ = layer.match(category)
            if held is Truth.TRUE:
                true |= lies_in
            else:
                unknown |= lies_in
        return true, unknown

    def coarse_in_layer(self, layer: _Layer, asked: Any) -> BitSet:
        true, unknown = self.in_layer(layer, asked)
        return unknown & ~true
