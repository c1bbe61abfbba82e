"""Condition trees compiled together: what each comes to for given facts, in a few look-ups.

All trees are laid over one another in lanes (see `layout`), so that each stated fact is looked up
once for all of them, whatever their number, and what is not stated costs one look-up in all.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from service.domain.cache import BoundedCache
from service.domain.facts.profile import Value
from service.domain.index.bitset import BitSet, bitset_of
from service.domain.index.column import Column, ColumnLookup, IndexedTest, TruthMasks
from service.domain.index.column_factory import build_columns, merge_columns
from service.domain.index.interval_columns import DerivedQuantity, IntervalTable, interval_table_of
from service.domain.index.layout import (
    Lane,
    assign_lanes,
    literals_by_bit,
    sorted_by_shape,
    without_nodes,
)
from service.domain.index.normal_form import normalise
from service.domain.rules.conditions import Condition, Undecided
from service.domain.rules.quantities import Quantity

Facts: TypeAlias = Mapping[str, Value]

# Sets of stated facts whose masks are kept.
CACHE_SIZE = 2048
# Lanes of no more rules are looked at only where they have something to say.
FEW = 64
_LOOKUPS = ("_looks", "_lines", "_tests", "_unstated")


class LaneTruths(NamedTuple):
    """What the tests come to over the lanes: where they can be TRUE, and where a value that is
    stated, or a criterion nobody can decide, leaves them UNKNOWN. `unstated`: where facts that are
    not stated do."""

    possible: BitSet
    open: BitSet
    unstated: BitSet


class Ends(NamedTuple):
    """What answers can make of the tests, over the lanes: where they are at the worst not FALSE
    (`low`) or TRUE (`least`), and where at the best (`high`, `best`)."""

    low: BitSet
    least: BitSet
    high: BitSet
    best: BitSet


class TruthIndex:
    """Condition trees compiled together. Built once, read by any number of threads.

    Bit i of a set is the condition named `order[i]`.
    """

    def __init__(self, conditions: "Mapping[Any, Condition]") -> None:
        nodes = {name: normalise(condition) for name, condition in conditions.items()}
        self.order: list[Any] = sorted_by_shape(nodes)
        self.lanes: list[Lane] = assign_lanes([(i, nodes[n]) for i, n in enumerate(self.order)])
        self.all_bits: BitSet = (1 << self.lanes[-1].end) - 1
        self._steps = [
            (
                lane.number,
                lane.offset,
                lane.occupied,
                lane.occupied << lane.offset if len(lane.nodes) <= FEW else None,
                [e.number for e in lane.excluded],
            )
            for lane in reversed(self.lanes)
        ]
        self.columns: dict[str, list[Column]] = {}
        self.combined: list[DerivedQuantity] = []
        self.undecided: BitSet = 0
        self._make_columns()
        self._make_lookups()

    def __getstate__(self) -> dict[str, Any]:
        """What is kept of an index: all but its functions, and what it was built from."""
        kept = {name: part for name, part in vars(self).items() if name not in _LOOKUPS}
        return kept | {"lanes": without_nodes(self.lanes)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._make_lookups()

    def _make_lookups(self) -> None:
        self._looks: dict[str, ColumnLookup] = {}
        self._lines: dict[str, IntervalTable] = {}
        self._tests: list[tuple[str, BitSet]] = []
        for fact, columns in self.columns.items():
            column = merge_columns(columns)
            self._looks[fact] = column.masks
            self._tests.append((fact, column.test_bits))
            if line := interval_table_of(column):
                self._lines[fact] = line
        self._unstated: BoundedCache[object, BitSet] = BoundedCache(CACHE_SIZE)

    def masks(self, facts: Facts, as_of: date) -> TruthMasks:
        """Which conditions are not FALSE, and which are TRUE, for these facts on a day."""
        lanes = self._resolve_truths(facts, None, self._look_up_stated(facts, as_of), as_of)
        return self._fold_lanes(lanes)

    def _make_columns(self) -> None:
        entries: dict[Quantity, list[IndexedTest]] = defaultdict(list)
        undecided = []
        for place, leaf, negated in literals_by_bit(self.lanes):
            if isinstance(leaf, Undecided):
                undecided.append(place)
            else:
                entries[leaf.quantity].append(IndexedTest(place, leaf.operator, negated))
        self.undecided = bitset_of(undecided)
        for quantity, found in entries.items():
            columns = build_columns(quantity, found, self.all_bits)
            if quantity.single:
                self.columns[quantity.facts[0]] = columns
            else:
                self.combined.append(DerivedQuantity(quantity, columns))

    def _look_up_stated(self, facts: Facts, as_of: date) -> TruthMasks:
        """What single facts leave, over the lanes: can be true, and UNKNOWN."""
        possible, unknown = self.all_bits, self.undecided
        looks, lines = self._looks, self._lines
        for fact, value in facts.items():
            # Most facts are numbers: their look-up stands here, since a call would double its cost.
            line = lines.get(fact)
            if line is not None:
                bounds, table, last = line
                i = bisect_left(bounds, value)
                possible &= table[2 * i + (i < last and bounds[i] == value)]
            elif fact in looks:
                also_possible, also_unknown = looks[fact](value, as_of)
                possible &= also_possible
                if also_unknown:
                    unknown |= also_unknown
        return possible, unknown

    def _resolve_truths(
        self, company: Facts, project: Facts | None, stated: TruthMasks, as_of: date
    ) -> LaneTruths:
        """What all tests come to, once all is looked up."""
        possible, unknown = stated
        keys: object = tuple(company)
        if project:
            also_possible, also_unknown = self._look_up_stated(project, as_of)
            possible, unknown = possible & also_possible, unknown | also_unknown
            keys = (keys, tuple(project))
        unstated = self._unstated.get(keys)
        if unstated is None:
            unstated = self._unstated_tests(keys, {**company, **project} if project else company)
        if self.combined:
            facts = {**company, **project} if project else company
            for combined in self.combined:
                divisor = combined.divisor
                known = divisor is None or divisor in facts
                found = combined.masks(facts, as_of) if known else None
                if found is None:
                    unknown |= combined.test_bits
                else:
                    for also_possible, also_unknown in found:
                        possible, unknown = possible & also_possible, unknown | also_unknown
        return LaneTruths(possible, unknown, unstated)

    def _unstated_tests(self, keys: object, stated: Facts) -> BitSet:
        """The tests of the single facts that are not stated."""
        found = 0
        for fact, tests in self._tests:
            if fact not in stated:
                found |= tests
        return self._unstated.keep(keys, found)

    def _fold_lanes(self, lanes: LaneTruths, roots: BitSet = -1) -> TruthMasks:
        """The lanes brought together: a node holds where its tests do and no exception does. Only
        lanes of these roots are looked at, and of them those in which something can hold."""
        possible = lanes.possible
        true = possible ^ (possible & (lanes.open | lanes.unstated))
        if len(self.lanes) == 1:
            return possible, true
        # Lane 0 has the roots, from bit 0 on.
        roots &= possible
        possible_of = [0] * len(self.lanes)
        true_of = possible_of.copy()
        node_possible = node_true = 0
        for number, start, occupied, _, exceptions in self._steps_of(possible, roots):
            node_possible = (possible >> start) & occupied
            node_true = (true >> start) & occupied
            for e in exceptions:
                node_possible ^= node_possible & true_of[e]
                node_true ^= node_true & possible_of[e]
            possible_of[number], true_of[number] = node_possible, node_true
        return node_possible, node_true

    def _steps_of(
        self, possible: BitSet, roots: BitSet
    ) -> "list[tuple[int, int, BitSet, BitSet | None, list[int]]]":
        """The lanes of the rules of some roots in which a test can hold, inner ones first; many
        lanes hold few rules. A node of another lane is FALSE, whatever is answered."""
        return [
            step
            for step in self._steps
            if step[3] is None or (possible & step[3] and step[2] & roots)
        ]

    def open_tests(self, fact: str, value: Value, as_of: date) -> BitSet:
        """Where a stated fact leaves tests UNKNOWN."""
        look = self._looks.get(fact)
        return look(value, as_of)[1] if look else 0

    def live_bits(self, lanes: LaneTruths, roots: BitSet) -> BitSet:
        """Where in the lanes of these programmes a node is UNKNOWN and so are all above it: what is
        decided below a decided node, or is decided itself, has no say any more."""
        possible = lanes.possible
        true = possible ^ (possible & (lanes.open | lanes.unstated))
        folded = [(0, 0)] * len(self.lanes)
        steps = self._steps_of(possible, roots)
        for number, start, occupied, _, exceptions in steps:
            a, b = (possible >> start) & occupied, (true >> start) & occupied
            for e in exceptions:
                possible_e, true_e = folded[e]
                a, b = a & ~true_e, b & ~possible_e
            folded[number] = a, b
        reached = [0] * len(self.lanes)
        reached[0] = roots
        live = 0
        for number, start, _, _, exceptions in reversed(steps):
            here = reached[number]
            if here:
                here &= folded[number][0] ^ folded[number][1]
                live |= here << start
                for e in exceptions:
                    reached[e] = here
        return live

    def masks_of(self, fact: str, value: Value, as_of: date) -> TruthMasks:
        """Where a value of a fact leaves its tests not FALSE, and where UNKNOWN."""
        return self._looks[fact](value, as_of)

    def moving(self, ends: Ends, roots: BitSet) -> TruthMasks:
        """Where in the lanes a test that lets its node be FALSE or not, and where one that lets it
        be TRUE or not, does the same to the root of one of these programmes."""
        low, least, high, best = ends
        reached = [(0, 0, 0, 0)] * len(self.lanes)
        steps = self._steps_of(high, roots)
        for number, start, occupied, _, exceptions in steps:
            a, b = (low >> start) & occupied, (least >> start) & occupied
            c, d = (high >> start) & occupied, (best >> start) & occupied
            for e in exceptions:
                low_e, least_e, high_e, best_e = reached[e]
                a, b, c, d = a & ~best_e, b & ~high_e, c & ~least_e, d & ~low_e
            reached[number] = a, b, c, d
        passes = [(0, 0)] * len(self.lanes)
        passes[0] = roots, roots
        up = on = 0
        for number, start, _, _, exceptions in reversed(steps):
            _, _, c, d = reached[number]
            first, second = passes[number]
            first &= c
            second &= d
            up |= first << start
            on |= second << start
            for e in exceptions:
                passes[e] = second, first
        return up, on
