"""Condition trees compiled together: what each comes to for given facts, in a few look-ups.

All trees are laid over one another in lanes (see `layout`), so that each stated fact is looked up
once for all of them, whatever their number, and what is not stated costs one look-up in all.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from service.domain.facts.profile import OF_PROJECT, Value
from service.domain.index.bitset import BitSet, Unions, bitset_of
from service.domain.index.column import Column, ColumnLookup, IndexedTest, TruthMasks
from service.domain.index.column_factory import build_columns, merge_columns
from service.domain.index.combined_quantities import CombinedQuantity, together
from service.domain.index.folding import LaneFolding, NodeTruths
from service.domain.index.interval_columns import NO_NUMBERS, IntervalColumn
from service.domain.index.layout import (
    Lane,
    assign_lanes,
    literals_by_bit,
    sorted_by_shape,
    without_nodes,
)
from service.domain.index.membership_columns import (
    FinerParts,
    MembershipColumn,
    NamedColumn,
    SettledTests,
)
from service.domain.index.normal_form import normalise
from service.domain.rules.conditions import Condition, Undecided
from service.domain.rules.quantities import Quantity

Facts: TypeAlias = Mapping[str, Value]

# How a fact is looked up: by its column; by what that keeps of values, whatever the day; and what a
# number takes (`IntervalLookup`).
_FactLookup: TypeAlias = tuple[
    ColumnLookup,
    Mapping[object, TruthMasks],
    list[float],
    list[BitSet],
    list[tuple[int, ...]],
]
_LOOKUPS = ("_looks", "_tests", "_unions", "_of_company", "_of_projects")


class LaneTruths(NamedTuple):
    """What the tests come to over the lanes: where they can be TRUE, and where a value that is
    stated, or a criterion nobody can decide, leaves them UNKNOWN. `unstated`: where facts that are
    not stated do. `nodes`: what the nodes come to."""

    possible: BitSet
    open: BitSet
    unstated: BitSet
    nodes: NodeTruths


class TruthIndex:
    """Condition trees compiled together. Built once, read by any number of threads.

    Bit i of a set is the condition named `order[i]`.
    """

    def __init__(
        self,
        conditions: "Mapping[Any, Condition]",
        earlier: "TruthIndex | None" = None,
        touched: frozenset[str] = frozenset(),
    ) -> None:
        """`earlier`: an index of conditions that asked the same of all facts but those `touched`;
        what it looks the others up in is taken over where it is laid out alike."""
        nodes = {name: normalise(condition) for name, condition in conditions.items()}
        self.order: list[Any] = sorted_by_shape(nodes)
        self.lanes: list[Lane] = assign_lanes([(i, nodes[n]) for i, n in enumerate(self.order)])
        self._width = self.lanes[-1].end
        self.all_bits: BitSet = (1 << self._width) - 1
        # Above them a bit for each fact, which its columns clear: what is left was not stated.
        self._nothing_stated = self.all_bits
        self._folding = LaneFolding(self.lanes)
        self.columns: dict[str, list[Column]] = {}
        self.combined: list[CombinedQuantity] = []
        self.undecided: BitSet = 0
        alike = earlier is not None and self.is_laid_out_as(earlier)
        self._make_columns(earlier if alike else None, touched)
        self._make_lookups()

    def is_laid_out_as(self, other: "TruthIndex") -> bool:
        """Whether each condition stands at the same bits there."""
        mine, theirs = ([(x.offset, x.occupied) for x in i.lanes] for i in (self, other))
        return self.order == other.order and mine == theirs

    def __getstate__(self) -> dict[str, Any]:
        """What is kept of an index: all but its functions, and what it was built from."""
        kept = {name: part for name, part in vars(self).items() if name not in _LOOKUPS}
        return kept | {"lanes": without_nodes(self.lanes)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._make_lookups()

    def _make_lookups(self) -> None:
        merged = {fact: merge_columns(columns) for fact, columns in self.columns.items()}
        self._tests: dict[str, BitSet] = {fact: c.test_bits for fact, c in merged.items()}
        self._unions = Unions(list(self._tests.values()))
        self._looks: dict[str, _FactLookup] = {}
        for fact, column in merged.items():
            line = column.lookup if isinstance(column, IntervalColumn) else NO_NUMBERS
            known = column.cache if isinstance(column, MembershipColumn) else {}
            self._looks[fact] = column.masks, known, *line
        of_projects = [c for c in self.combined if _is_of_project(c)]
        of_company = [c for c in self.combined if not _is_of_project(c)]
        self._of_projects = together(of_projects, self._nothing_stated)
        self._of_company = together(of_company, self._nothing_stated)

    def masks(self, facts: Facts, as_of: date) -> TruthMasks:
        """Which conditions are not FALSE, and which are TRUE, for these facts on a day."""
        lanes = self._resolve_truths(facts, None, self._look_up_company(facts, as_of), as_of)
        can, must = lanes.nodes
        return can[0], must[0]

    def _make_columns(self, earlier: "TruthIndex | None", touched: frozenset[str]) -> None:
        entries: dict[Quantity, list[IndexedTest]] = defaultdict(list)
        undecided = []
        for place, leaf, negated in literals_by_bit(self.lanes):
            if isinstance(leaf, Undecided):
                undecided.append(place)
            else:
                entries[leaf.quantity].append(IndexedTest(place, leaf.operator, negated))
        self.undecided = bitset_of(undecided)
        single = [quantity for quantity in entries if quantity.single]
        if earlier is not None and [q.facts[0] for q in single] != list(earlier.columns):
            earlier = None  # what is stated of a fact has another bit there
        self._nothing_stated |= ((1 << len(single)) - 1) << self._width
        for bit, quantity in enumerate(single, self._width):
            fact, found = quantity.facts[0], entries.pop(quantity)
            known = earlier if fact not in touched else None
            self.columns[fact] = (
                known.columns[fact]
                if known
                else build_columns(quantity, found, self._nothing_stated ^ (1 << bit))
            )
        for quantity, found in entries.items():
            known = earlier if quantity.facts and touched.isdisjoint(quantity.facts) else None
            self.combined.append(
                known.combined_for(quantity)
                if known
                else CombinedQuantity(quantity, found, self._nothing_stated)
            )

    def combined_for(self, quantity: Quantity) -> CombinedQuantity:
        """The column of a number made of several facts."""
        return next(number for number in self.combined if number.quantity == quantity)

    def _look_up_stated(self, facts: Facts, as_of: date) -> TruthMasks:
        """What single facts leave, over the lanes: can be true, and UNKNOWN."""
        possible, unknown = self._nothing_stated, self.undecided
        failing: list[int] = []
        look_of = self._looks.get
        for fact, value in facts.items():
            look = look_of(fact)
            if look is None:
                continue
            masks, known, floats, gaps, lacking = look
            # Most facts are numbers, and few of these a bound itself: their look-up stands here,
            # since a call would double its cost.
            if floats:
                number = float(value)  # type: ignore[arg-type]
                gap = bisect_left(floats, number)
                if floats[gap] != number:
                    possible &= gaps[gap]
                    if lacking:
                        failing += lacking[gap]
                    continue
            found = (known.get(value) if known else None) or masks(value, as_of)
            also_possible, also_unknown = found
            possible &= also_possible
            if also_unknown:
                unknown |= also_unknown
        if failing:
            possible ^= possible & bitset_of(failing)
        return possible, unknown

    def _look_up_company(self, company: Facts, as_of: date) -> TruthMasks:
        """`_look_up_stated` for a company, with the numbers made of its facts alone."""
        possible, unknown = self._look_up_stated(company, as_of)
        if self._of_company:
            also_possible, also_unknown = self._of_company.masks(company, as_of)
            possible, unknown = possible & also_possible, unknown | also_unknown
        return possible, unknown

    def _resolve_truths(
        self,
        company: Facts,
        project: Facts | None,
        stated: TruthMasks,
        as_of: date,
    ) -> LaneTruths:
        """What all tests and nodes come to, once the company is looked up (`stated`)."""
        possible, unknown = stated
        if project:
            also_possible, also_unknown = self._look_up_stated(project, as_of)
            possible, unknown = possible & also_possible, unknown | also_unknown
        if self._of_projects:
            facts = {**company, **project} if project else company
            also_possible, also_unknown = self._of_projects.masks(facts, as_of)
            possible, unknown = possible & also_possible, unknown | also_unknown
        unstated = self._unions.of(possible >> self._width)
        possible &= self.all_bits
        true = possible ^ (possible & (unknown | unstated))
        return LaneTruths(possible, unknown, unstated, self._folding.fold(possible, true))

    def sole_obstacles(
        self, facts: Facts, lanes: LaneTruths, as_of: date, roots: BitSet
    ) -> Iterator[tuple[tuple[str, ...], BitSet]]:
        """Facts, and which of some conditions, all FALSE, would not be so but for what these
        say."""
        known = list(self._said(facts, as_of))
        behind = [self.all_bits]  # what those leave that come after each
        for _, _, mask in reversed(known):
            behind.append(behind[-1] & mask)
        before, unknown, folding = self.all_bits, lanes.open | lanes.unstated, self._folding
        for about, tests, mask in known:
            behind.pop()
            possible = before & behind[-1]
            true = possible ^ (possible & (unknown | tests))
            if about:
                can, _ = folding.fold(possible, true)
                yield about, can[0] & roots
            before &= mask

    def _said(self, facts: Facts, as_of: date) -> Iterator[tuple[tuple[str, ...], BitSet, BitSet]]:
        """What is stated: the facts, their tests, and where they leave these not FALSE."""
        for fact, tests in self._tests.items():
            if fact in facts:
                yield (fact,), tests, self._looks[fact][0](facts[fact], as_of)[0]
        for combined in self.combined:
            possible, _ = combined.masks(facts, as_of) or (self.all_bits, 0)
            yield combined.quantity.facts, combined.test_bits, possible

    def open_tests(self, fact: str, value: Value, as_of: date) -> BitSet:
        """Where a stated fact leaves tests UNKNOWN."""
        look = self._looks.get(fact)
        return look[0](value, as_of)[1] if look else 0

    def settled_by_more(
        self, fact: str, value: Value, as_of: date, finer: FinerParts
    ) -> Iterator[SettledTests]:
        """What more exact values do to the tests that a stated fact leaves UNKNOWN."""
        for column in self.columns[fact]:
            if isinstance(column, NamedColumn):
                yield from column.settled_by_more(value, as_of, finer)

    def live_bits(self, lanes: LaneTruths, roots: BitSet) -> BitSet:
        """Where tests of these programmes are live still, over the lanes (see `LaneFolding`)."""
        return self._folding.live_bits(lanes.nodes, roots)

    def moving(self, lanes: LaneTruths, low: BitSet, best: BitSet, roots: BitSet) -> TruthMasks:
        """Where a test that can be FALSE, and where one that can be TRUE, moves the root of one of
        these programmes, over the lanes (see `LaneFolding`). Answers leave tests at the worst not
        FALSE in `low`, and make them at the best TRUE in `best`."""
        return self._folding.moving(lanes.nodes, self._folding.fold(low, best), roots)


def _is_of_project(combined: CombinedQuantity) -> bool:
    return any(fact.startswith(OF_PROJECT) for fact in combined.quantity.facts)
