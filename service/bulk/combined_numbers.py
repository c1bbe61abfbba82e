"""Numbers made of several facts, for a batch: each set of values that differs is looked up once,
as the index does it for one company.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from service.bulk.cells import Cells, Ids, Numbers
from service.bulk.estimates import NO_NUMBER, UNCLEAR, as_numbers, estimated_ends
from service.bulk.tables import GatheredRows, WordLayout, Words, unique_rows
from service.domain.facts.profile import Subject, Value
from service.domain.index.bitset import BitSet
from service.domain.index.combined_quantities import CombinedQuantity
from service.domain.rules.intervals import missing_in


@dataclass(frozen=True)
class _RemainingTests:
    """What some values leave of a number's tests, and which facts would settle the open ones."""

    possible: BitSet
    unknown: BitSet
    missing: tuple[str, ...]


# A row's kind of project, and what its values leave for programmes of that kind and for others.
_Outcome: TypeAlias = tuple[int, tuple[_RemainingTests, _RemainingTests]]


class CombinedNumber:
    """One number of the index. `chosen` are for each kind of project the bits of the
    programmes that support it: for all others the facts of such a project are unknown."""

    def __init__(
        self,
        combined: CombinedQuantity,
        layout: WordLayout,
        full: BitSet,
        chosen: Words,
        projects: set[str],
    ) -> None:
        self.combined, self.layout, self.full, self.chosen = combined, layout, full, chosen
        self.facts = combined.quantity.facts
        self.projects = projects.intersection(self.facts)

    def gather(
        self, cells: Mapping[str, Cells], kinds: Ids, rows: int, as_of: date, asking: bool
    ) -> GatheredRows:
        """The rows for a batch's cells."""
        held = {fact: cells[fact] for fact in self.facts if fact in cells}
        own_kinds = kinds if self.projects else np.zeros(rows, np.int32)
        ids, examples = unique_rows(
            np.stack([own_kinds.astype(np.int64), *self._telling_columns(held, as_of)], axis=1)
        )
        # Many values leave the same: of a batch a few outcomes remain.
        places: dict[_Outcome, int] = {}
        outcomes = [
            places.setdefault(
                (int(own_kinds[row]), self._remaining_of_row(held, row, as_of, asking)), len(places)
            )
            for row in examples.tolist()
        ]
        remaining = [left for _, left in places]
        counting = self._counting_programmes(np.array([kind for kind, _ in places], np.int32))
        settles = self._settles(remaining, counting) if asking else None
        possible = self._joined(
            [(own.possible, others.possible) for own, others in remaining], counting
        )
        unknown = self._joined(
            [(own.unknown, others.unknown) for own, others in remaining], counting
        )
        of_rows = np.array(outcomes, np.int32)[ids]
        return GatheredRows(of_rows, possible, unknown, settles=settles)

    def _telling_columns(self, held: Mapping[str, Cells], as_of: date) -> list[NDArray[np.int64]]:
        """What tells one row from another, as columns of whole numbers: between which bounds the
        number lies, and only where that is not plain the values that it is made of."""
        numbers = {f: n for f, c in held.items() if (n := as_numbers(c)) is not None}
        places = [number_values(one) for one in held.values()]
        if self.projects or len(numbers) < len(held):
            return places
        ends = estimated_ends(self.combined.quantity, numbers, as_of)
        if ends is None:
            return places
        between = np.where(ends.void, NO_NUMBER, ends.gaps(self.combined.column.floats))
        known = [one.stated.astype(np.int64) for one in numbers.values()]
        return [*known, between, *(np.where(between == UNCLEAR, one, 0) for one in places)]

    def _remaining_of_row(
        self, held: Mapping[str, Cells], row: int, as_of: date, asking: bool
    ) -> tuple[_RemainingTests, _RemainingTests]:
        """What a row's values leave for programmes of its own kind of project, and for others."""
        values = {f: v for f, c in held.items() if (v := c.value(row)) is not None}
        own = self._remaining_tests(values, as_of, asking)
        if not self.projects:
            return own, own
        company = {f: v for f, v in values.items() if f not in self.projects}
        return own, self._remaining_tests(company, as_of, asking)

    def _remaining_tests(
        self, values: Mapping[str, Value], as_of: date, asking: bool
    ) -> _RemainingTests:
        found = self.combined.masks(values, as_of)
        possible, unknown = found or (self.full, self.combined.test_bits)
        missing: tuple[str, ...] = ()
        if asking and unknown:
            missing = missing_in(self.combined.quantity, Subject(None, values, {}), as_of)
        return _RemainingTests(possible, unknown, missing)

    def _counting_programmes(self, kinds: NDArray[np.int32]) -> Words:
        """The programmes that a row's own project counts for."""
        if not self.projects:
            return np.broadcast_to(self.layout.words(self.full), (len(kinds), self.layout.width))
        return np.concatenate((np.zeros_like(self.chosen[:1]), self.chosen))[kinds + 1]

    def _joined(self, pairs: Sequence[tuple[BitSet, BitSet]], counting: Words) -> Words:
        own = self.layout.rows(one for one, _ in pairs)
        others = self.layout.rows(other for _, other in pairs)
        joined: Words = (own & counting) | (others & ~counting)
        return joined

    def _settles(
        self, remaining: Sequence[tuple[_RemainingTests, _RemainingTests]], counting: Words
    ) -> Mapping[str, Words]:
        """For each fact the open tests that it would settle."""
        found = {}
        for fact in self.facts:
            pairs = [
                (_asking_bits(own, fact), _asking_bits(others, fact)) for own, others in remaining
            ]
            found[fact] = self._joined(pairs, counting)
        return found


def _asking_bits(known: _RemainingTests, fact: str) -> BitSet:
    return known.unknown if fact in known.missing else 0


def number_values(cells: Cells) -> NDArray[np.int64]:
    """A whole number for each value; the same only where the value is."""
    if isinstance(cells, Numbers):
        return np.where(cells.stated, cells.whole, np.iinfo(np.int64).min)
    return cells.ids.astype(np.int64)
