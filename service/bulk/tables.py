"""Tables: the index's columns as rows of machine words, so that a batch is looked up by gathering.

A table's rows are pairs of bit sets (`possible`, `unknown`) over the lanes, each lane from a word
of its own. Row 0 is always what an unknown value leaves.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from service.bulk.cells import Cells, DistinctColumn, Ids, Numbers
from service.domain.facts.profile import Value
from service.domain.index.bitset import BitSet, places_of
from service.domain.index.column import Column, TruthMasks
from service.domain.index.interval_columns import IntervalColumn
from service.domain.index.layout import Lane
from service.domain.rules.operators import Operator

Words: TypeAlias = NDArray[np.uint64]
# Where tests can be true, where they are UNKNOWN, and where of it the fact would settle them.
SettleableMasks: TypeAlias = tuple[BitSet, BitSet, BitSet]
MAX_TABLE_ROWS = 50_000


class WordLayout:
    """Where each lane's words stand."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self.spans: list[tuple[int, int]] = []
        self.lanes = lanes
        start = 0
        for lane in lanes:
            words = max(1, -(-lane.occupied.bit_length() // 64))
            self.spans.append((start, start + words))
            start += words
        self.width = start
        # The programmes of each lane, in its own words.
        self.present = [
            np.frombuffer(lane.occupied.to_bytes((b - a) * 8, "little"), np.uint64)
            for lane, (a, b) in zip(lanes, self.spans, strict=True)
        ]

    def words(self, wide: BitSet) -> Words:
        """A bit set over the lanes as one row."""
        parts = []
        for lane, (start, end) in zip(self.lanes, self.spans, strict=True):
            held = (wide >> lane.offset) & ((1 << lane.occupied.bit_length()) - 1)
            parts.append(held.to_bytes((end - start) * 8, "little"))
        return np.frombuffer(b"".join(parts), np.uint64)

    def rows(self, sets: Iterable[BitSet]) -> Words:
        found = [self.words(s) for s in sets]
        return np.stack(found) if found else np.zeros((0, self.width), np.uint64)


@dataclass(frozen=True)
class GatheredRows:
    """For each row of a batch the row of a table; `unknown` is None where nothing is UNKNOWN.
    `settleable` is the part of it that the fact, or a more exact value, would settle; None where
    nobody asks. Of a number made of several facts `settles` has that part for each of them."""

    ids: Ids
    possible: Words
    unknown: Words | None
    settleable: Words | None = None
    settles: Mapping[str, Words] | None = None


class Refiner:
    """Which open tests of one column a more exact value would settle."""

    def __init__(self, tests: Iterable[tuple[int, Operator]], as_of: date) -> None:
        self.as_of = as_of
        self.tests: dict[int, list[Operator]] = defaultdict(list)
        for place, operator in tests:
            self.tests[place].append(operator)

    def settleable(self, value: Value, open_tests: BitSet) -> BitSet:
        """The bits of `unknown`, where a test of the value is UNKNOWN, that it could settle."""
        found = 0
        for place in places_of(open_tests):
            tests = self.tests.get(place, ())
            if any(test.decide(value, self.as_of).refinable for test in tests):
                found |= 1 << place
        return found


class LookupTable:
    """One column of the index: grows by the values it meets. With a refiner it also says which
    tests could be settled."""

    def __init__(
        self, column: Column, layout: WordLayout, full: BitSet, as_of: date, refiner: Refiner | None
    ) -> None:
        self.column, self.layout, self.full, self.as_of = column, layout, full, as_of
        self.refiner = refiner
        self.unknown: SettleableMasks = (full, column.test_bits, column.test_bits)
        self.test_bits = layout.rows([column.test_bits])
        self.points = _interval_table(column, layout)
        self._start()

    def _start(self) -> None:
        self.place: dict[Value, int] = {}
        self.same: dict[SettleableMasks, int] = {self.unknown: 0}
        self.masks: list[SettleableMasks] = [self.unknown]
        self._words: tuple[Words, Words, Words] | None = None
        self._last: tuple[list[Value], Ids, bool] | None = None

    def gather(self, cells: Cells) -> GatheredRows:
        """The rows for a batch's cells."""
        if isinstance(cells, Numbers):
            if self.points is not None:
                found = self.points.gather(cells, self.unknown[:2], self.layout)
                return found if self.refiner is None else replace(found, settleable=found.unknown)
            cells = cells.distinct()
        return self._gather(cells)

    def _gather(self, cells: DistinctColumn) -> GatheredRows:
        # One batch's values are often the next one's too: the same list.
        if self._last is None or self._last[0] is not cells.values:
            self._last = self._rows(cells.values)
        _, rows, some_open = self._last
        possible, open_tests, asks = self._as_words()
        ids = rows[cells.ids]
        has_open = some_open or bool((cells.ids < 0).any())
        asked = has_open and self.refiner is not None
        return GatheredRows(
            ids, possible, open_tests if has_open else None, asks if asked else None
        )

    def _rows(self, values: list[Value]) -> tuple[list[Value], Ids, bool]:
        """The table's row of each value, and whether any leaves a test open."""
        if len(self.masks) > MAX_TABLE_ROWS:
            self._start()
        rows = np.zeros(len(values) + 1, np.int32)
        for i, value in enumerate(values):
            row = self.place.get(value)
            rows[i] = self._add(value) if row is None else row
        return values, rows, any(self.masks[r][1] for r in rows[:-1].tolist())

    def _add(self, value: Value) -> int:
        if len(self.place) > 4 * MAX_TABLE_ROWS:
            self.place.clear()
        masks = self.marks(value)
        row = self.same.get(masks)
        if row is None:
            row = self.same[masks] = len(self.masks)
            self.masks.append(masks)
        self.place[value] = row
        return row

    def marks(self, value: Value) -> SettleableMasks:
        """What a value leaves, and what of it a more exact one would settle."""
        possible, open_tests = self.column.masks(value, self.as_of)
        return (
            possible,
            open_tests,
            self.refiner.settleable(value, open_tests) if self.refiner and open_tests else 0,
        )

    def _as_words(self) -> tuple[Words, Words, Words]:
        known = self._words
        had = 0 if known is None else len(known[0])
        if known is None or had < len(self.masks):
            added = self.masks[had:]
            possible = self.layout.rows(c for c, _, _ in added)
            open_tests = self.layout.rows(m for _, m, _ in added)
            asks = self.layout.rows(a for _, _, a in added) if self.refiner else open_tests[:0]
            if known is not None:
                possible, open_tests = (
                    np.concatenate((known[0], possible)),
                    np.concatenate((known[1], open_tests)),
                )
                asks = np.concatenate((known[2], asks))
            self._words = known = possible, open_tests, asks
        return known


class _IntervalTable:
    """Bounds looked up by bisection for a whole batch."""

    def __init__(self, points: IntervalColumn, layout: WordLayout) -> None:
        self.points = points
        self.possible = layout.rows(points.rows)
        self._by_scale: dict[int, tuple[NDArray[np.int64], NDArray[np.bool_]]] = {}
        self._padded: tuple[Words, Words] | None = None

    def gather(self, cells: Numbers, unknown: TruthMasks, layout: WordLayout) -> GatheredRows:
        if self._padded is None:
            first = layout.rows([unknown[0]])
            open_tests = np.zeros((len(self.possible) + 1, layout.width), np.uint64)
            open_tests[0] = layout.words(unknown[1])
            self._padded = np.concatenate((first, self.possible)), open_tests
        bounds, exact = self._bounds(cells.places)
        at = np.searchsorted(bounds, cells.whole)
        inside = np.minimum(at, len(bounds) - 1)
        on = (at < len(bounds)) & (bounds[inside] == cells.whole) & exact[inside]
        ids = np.where(cells.stated, 1 + 2 * at + on, 0).astype(np.int32)
        possible, open_tests = self._padded
        return GatheredRows(ids, possible, None if cells.stated.all() else open_tests)

    def _bounds(self, places: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The bounds as integers of a scale, rounded down, and whether that is exact."""
        known = self._by_scale.get(places)
        if known is None:
            scaled = [b * 10**places for b in self.points.bounds]
            floors = [b.__floor__() for b in scaled]
            clipped = np.array([min(max(f, -(2**63)), 2**63 - 1) for f in floors], np.int64)
            exact = np.array([f == b for f, b in zip(floors, scaled, strict=True)])
            known = self._by_scale[places] = clipped, exact
        return known


def unique_rows(rows: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows that are the same to the last byte: for each row its place among the different ones,
    and for each of these one row that has it."""
    held = np.ascontiguousarray(rows)
    kind = pa.binary(held.strides[0])
    found = pa.Array.from_buffers(kind, len(held), [None, pa.py_buffer(held)]).dictionary_encode()
    ids = found.indices.to_numpy().astype(np.intp)
    some = np.empty(len(found.dictionary), np.intp)
    some[ids] = np.arange(len(ids))
    return ids, some


def _interval_table(column: Column, layout: WordLayout) -> _IntervalTable | None:
    if isinstance(column, IntervalColumn) and all(not isinstance(b, date) for b in column.bounds):
        return _IntervalTable(column, layout)
    return None


def restrict_to_project_kind(
    table: GatheredRows, kinds: Ids, chosen: Words, tested: Words
) -> GatheredRows:
    """A project fact's rows, which count for the programmes of the row's kind of project only.

    `kinds` is each row's place in `chosen`, the programmes of each kind over the lanes; -1 is no
    project. For other programmes the fact is unknown.
    """
    pairs = (kinds.astype(np.int64) + 1) * len(table.possible) + table.ids
    met, ids = np.unique(pairs, return_inverse=True)
    kind, row = np.divmod(met, len(table.possible))
    mine = np.concatenate((np.zeros_like(chosen[:1]), chosen))[kind]
    possible = table.possible[row] | ~mine

    def with_others(words: Words | None) -> Words:
        others: Words = ~mine & tested
        return others if words is None else (mine & words[row]) | others

    return GatheredRows(
        ids.astype(np.int32), possible, with_others(table.unknown), with_others(table.settleable)
    )


def merge_small_tables(gathered: Sequence[GatheredRows], most: int) -> list[GatheredRows]:
    """The same rows from fewer tables: small ones are multiplied out, as far as they stay small."""
    found: list[GatheredRows] = []
    for one in sorted(gathered, key=lambda p: len(p.possible)):
        last = found[-1] if found else None
        if last is not None and len(last.possible) * len(one.possible) <= most:
            found[-1] = _product(last, one)
        else:
            found.append(one)
    return found


def _product(a: GatheredRows, b: GatheredRows) -> GatheredRows:
    ids = a.ids * np.int32(len(b.possible)) + b.ids
    possible = (a.possible[:, None, :] & b.possible[None, :, :]).reshape(-1, a.possible.shape[1])
    open_tests: Any = None
    if a.unknown is not None or b.unknown is not None:
        left = np.zeros_like(a.possible) if a.unknown is None else a.unknown
        right = np.zeros_like(b.possible) if b.unknown is None else b.unknown
        open_tests = (left[:, None, :] | right[None, :, :]).reshape(possible.shape)
    return GatheredRows(ids, possible, open_tests)
