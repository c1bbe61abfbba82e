"""The kernel: all statuses of all rows of a batch, a bit for each programme: rows of tables are
looked up by the cells, and combined by a bitwise AND."""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from service.bulk.cells import Cells, DistinctColumn, Ids
from service.bulk.combined_numbers import CombinedNumber
from service.bulk.missing_facts import MissingCounts, MissingFacts, SettleableTests
from service.bulk.tables import (
    GatheredRows,
    LookupTable,
    Refiner,
    SettleableMasks,
    WordLayout,
    Words,
    merge_small_tables,
    restrict_to_project_kind,
    unique_rows,
)
from service.domain.evaluation.evaluator import Status
from service.domain.facts.profile import NO_PROJECT, PROJECT_KIND, PROJECTS_ABSENT, Value
from service.domain.facts.vocabulary import Fact, Owner
from service.domain.index.status_index import StatusIndex
from service.domain.rules.conditions import Predicate
from service.domain.rules.operators import Operator

# One block of rows: small enough for a processor's own memory.
_BLOCK_BYTES = 1 << 19
# A table multiplied out from others has at most one row for so many of a batch.
_ROWS_PER_JOINT_ROW = 8


@dataclass(frozen=True)
class Truths:
    """For each row, or for each kind of rows that are alike, the programmes whose conditions can be
    true and are, by words."""

    possible: Words
    true: Words
    missing: MissingCounts | None = None

    def statuses(self, kernel: "Kernel") -> NDArray[np.int8]:
        """Each programme's status by row, programmes first: places in the list of statuses."""
        truth = np.ascontiguousarray(
            (kernel.unpack_bits(self.possible) + kernel.unpack_bits(self.true)).T
        )
        places = np.empty(truth.shape, np.int8)
        for programmes, answers in kernel.same_meaning:
            places[programmes] = answers.take(truth[programmes])
        return places

    def counts(self, kernel: "Kernel") -> dict[Status, NDArray[np.int32]]:
        """How many programmes of each status a row has."""
        force, entitled, planned = kernel.force, kernel.entitled, kernel.planned
        possible, true = _count(self.possible & force), _count(self.true & force)
        right, plan = _count(self.true & entitled & force), _count(self.true & planned & force)
        asked = int(np.bitwise_count(force).sum())
        outside = np.full(len(self.possible), len(kernel.index.programmes) - asked, np.int32)
        return {
            Status.ELIGIBLE: right,
            Status.POTENTIAL: true - right - plan,
            Status.UNDETERMINED: possible - true,
            Status.WATCH: plan,
            Status.INELIGIBLE: asked - possible,
            Status.NOT_IN_FORCE: outside,
        }


def _count(words: Words) -> NDArray[np.int32]:
    counted: NDArray[np.int32] = np.bitwise_count(words).sum(axis=1, dtype=np.int32)
    return counted


class Kernel:
    """The index of a catalogue on one day. Not for several threads at once: its tables keep the
    values that were looked up.

    `with_missing`: whether what the rows lack is wanted too; `missing_facts` then finds it."""

    def __init__(
        self,
        index: StatusIndex,
        facts: Mapping[str, Fact],
        as_of: date,
        *,
        with_missing: bool = False,
    ) -> None:
        self.index, self.as_of = index, as_of
        self.layout = WordLayout(index.lanes)
        self.tables = self._tables(with_missing)
        self.projects = {f.id for f in facts.values() if f.owner is Owner.PROJECT}
        self.kinds = list(index.of_kind)
        spread = [self._over_lanes(index.of_kind[k]) for k in self.kinds]
        self.chosen = self.layout.rows(spread)
        self.combined = [
            CombinedNumber(c, self.layout, index.all_bits, self.chosen, self.projects)
            for c in index.combined
        ]
        self.undecided = self.layout.words(index.undecided)
        self.full = self.layout.words(index.all_bits)
        end = self.layout.spans[0][1]
        self.force = self.layout.words(index.in_force(as_of))[:end]
        self.entitled = self.layout.words(index.entitled)[:end]
        self.planned = self.layout.words(index.planned)[:end]
        self.same_meaning = self._same_meaning()
        asked = {*self.tables, *(f for c in index.combined for f in c.quantity.facts)}
        named = [f.id for f in facts.values() if f.id in asked and not f.never_asked]
        self.missing_facts = None
        if with_missing:
            count = len(index.programmes)
            self.missing_facts = MissingFacts(self.layout, index.lanes, count, self.force, named)

    def _tables(self, with_missing: bool) -> dict[str, list[LookupTable]]:
        index = self.index
        tests: dict[str, list[tuple[int, Operator]]] = defaultdict(list)
        for place, leaf, _ in index.tests() if with_missing else ():
            if isinstance(leaf, Predicate) and leaf.quantity.single:
                tests[leaf.quantity.facts[0]].append((place, leaf.operator))
        refiners = {fact: Refiner(found, self.as_of) for fact, found in tests.items()}
        return {
            fact: [
                LookupTable(c, self.layout, index.all_bits, self.as_of, refiners.get(fact))
                for c in columns
            ]
            for fact, columns in index.columns.items()
        }

    def _over_lanes(self, programmes: int) -> int:
        """A set of programmes, at each of their bits in all lanes."""
        return sum((programmes & lane.occupied) << lane.offset for lane in self.index.lanes)

    def _same_meaning(self) -> list[tuple[NDArray[np.intp], NDArray[np.int8]]]:
        """Programmes whose truth (0 false, 1 unknown, 2 true) means the same, and what: places in
        the list of statuses."""
        order, index = list(Status), self.index
        force = index.in_force(self.as_of)
        by_answers: dict[tuple[Status, ...], list[int]] = {}
        for i in range(len(index.programmes)):
            met = Status.POTENTIAL
            if index.entitled >> i & 1:
                met = Status.ELIGIBLE
            elif index.planned >> i & 1:
                met = Status.WATCH
            answers = (Status.INELIGIBLE, Status.UNDETERMINED, met)
            if not force >> i & 1:
                answers = (Status.NOT_IN_FORCE,) * 3
            by_answers.setdefault(answers, []).append(i)
        return [
            (np.array(places), np.array([order.index(a) for a in answers], np.int8))
            for answers, places in by_answers.items()
        ]

    def unpack_bits(self, words: Words) -> NDArray[np.uint8]:
        """A byte for each programme: 1 where its bit is set."""
        count = len(self.index.programmes)
        return np.unpackbits(words.view(np.uint8), axis=1, count=count, bitorder="little")

    def blocks(self, cells: Mapping[str, Cells], rows: int) -> Iterator[tuple[slice, Truths]]:
        """The truths of a batch, a block of rows at a time."""
        end = self.layout.spans[0][1]
        for part, possible, true in self._nodes(self._gathered(cells, rows), rows):
            yield part, Truths(possible[:, :end], true[:, :end])

    def patterns(
        self,
        cells: Mapping[str, Cells],
        rows: int,
        come_with_project: Mapping[str, NDArray[np.bool_]] = MappingProxyType({}),
    ) -> tuple[NDArray[np.intp], Truths]:
        """The distinct outcomes of a batch, and for each row its place among them.
        `come_with_project`: of some facts the rows in which a lacking project would give them.

        Most companies of a portfolio come out like others: the truths of all programmes (and, where
        asked for, the open tests that decide which facts are missing) are the same to the last bit.
        Each distinct row of these words is a pattern; whatever follows from it is found once.
        """
        gathered, missing = self._gathered(cells, rows), self.missing_facts
        tables = None
        if missing:
            tests = _settleable_tests(gathered, missing.facts)
            tables = missing.settleable_tables(tests, rows, come_with_project)
        end = self.layout.spans[0][1]
        blocks = []
        for part, possible, true in self._nodes(gathered, rows):
            signature = tables.signature(part, possible, true) if tables else ()
            blocks.append(np.concatenate((possible[:, :end], true[:, :end], *signature), axis=1))
        seen = np.concatenate(blocks)
        ids, samples = unique_rows(seen)
        possible, true, rest = np.split(seen[samples], (end, 2 * end), axis=1)
        return ids, Truths(possible, true, tables.missing(samples, rest) if tables else None)

    def _nodes(
        self, gathered: Sequence[tuple[str, GatheredRows]], rows: int
    ) -> Iterator[tuple[slice, Words, Words]]:
        """For some rows at a time the bits of all lanes at which a conjunction can be true, and is
        true, once its excluded ones are taken off. Lane 0 comes first: the conditions of the
        programmes themselves."""
        joint = merge_small_tables(
            [one for _, one in gathered], max(64, rows // _ROWS_PER_JOINT_ROW)
        )
        step = max(16, _BLOCK_BYTES // (8 * self.layout.width))
        for start in range(0, rows or 1, step):
            part = slice(start, min(start + step, rows))
            possible, true = self._conjoined(joint, part)
            self._fold(possible, true)
            yield part, possible, true

    def _conjoined(self, joint: Sequence[GatheredRows], part: slice) -> tuple[Words, Words]:
        """What all tables together leave of some rows: where it can be true, and where it is."""
        shape = (part.stop - part.start, self.layout.width)
        possible = np.broadcast_to(self.full, shape).copy()
        unknown = np.broadcast_to(self.undecided, shape).copy()
        looked_up = np.empty(shape, np.uint64)
        for one in joint:
            ids = one.ids[part]
            np.take(one.possible, ids, axis=0, out=looked_up, mode="clip")
            np.bitwise_and(possible, looked_up, out=possible)
            if one.unknown is not None:
                np.take(one.unknown, ids, axis=0, out=looked_up, mode="clip")
                np.bitwise_or(unknown, looked_up, out=unknown)
        true = np.bitwise_not(unknown, out=unknown)
        np.bitwise_and(true, possible, out=true)
        return possible, true

    def _fold(self, possible: Words, true: Words) -> None:
        """The lanes brought together, deepest first: where an excluded conjunction holds, the one
        above it does not."""
        for lane in reversed(self.index.lanes):
            start, _ = self.layout.spans[lane.number]
            for inner in lane.excluded:
                a, b = self.layout.spans[inner.number]
                present = self.layout.present[inner.number]
                outer = slice(start, start + b - a)
                node_possible, node_true = possible[:, a:b] & present, true[:, a:b] & present
                possible[:, outer] &= ~node_true
                true[:, outer] &= ~node_possible

    def _gathered(self, cells: Mapping[str, Cells], rows: int) -> list[tuple[str, GatheredRows]]:
        """What each fact leaves; numbers made of several facts come last, with no fact's name."""
        kinds = self._kinds(cells.get(PROJECT_KIND), rows)
        gathered = []
        for fact, tables in self.tables.items():
            for table in tables:
                column = cells.get(fact)
                if fact == PROJECT_KIND:
                    one = self._project_kind(table, kinds, cells, rows)
                elif column is None:
                    one = self._unknown(table, rows)
                elif fact in self.projects:
                    one = restrict_to_project_kind(
                        table.gather(column), kinds, self.chosen, table.test_bits
                    )
                else:
                    one = table.gather(column)
                gathered.append((fact, one))
        wanted = self.missing_facts is not None
        gathered += [("", c.gather(cells, kinds, rows, self.as_of, wanted)) for c in self.combined]
        return gathered

    def _unknown(self, table: LookupTable, rows: int) -> GatheredRows:
        settleable = table.test_bits if self.missing_facts else None
        ids = np.zeros(rows, np.int32)
        return GatheredRows(ids, self.full[None, :], table.test_bits, settleable)

    def _kinds(self, cells: Cells | None, rows: int) -> Ids:
        """Each row's kind of project as a place in `kinds`; -1 for none that a programme asks."""
        if not isinstance(cells, DistinctColumn):
            return np.full(rows, -1, np.int32)
        place = {kind: i for i, kind in enumerate(self.kinds)}
        known = [place.get(str(v), -1) for v in cells.values]
        return np.array([*known, -1], np.int32)[cells.ids]

    def _project_kind(
        self, table: LookupTable, kinds: Ids, cells: Mapping[str, Cells], rows: int
    ) -> GatheredRows:
        """What the kind of project says, and that there is none of a kind the company denies."""
        absent = cells.get(PROJECTS_ABSENT)
        denied = (
            absent if isinstance(absent, DistinctColumn) else DistinctColumn(np.full(rows, -1), [])
        )
        width = len(denied.values) + 1
        pairs, ids = np.unique(
            (kinds.astype(np.int64) + 1) * width + denied.ids + 1, return_inverse=True
        )
        marks = []
        for pair in pairs.tolist():
            kind, without = divmod(pair, width)
            marks.append(self._kind_marks(table, kind - 1, without - 1, denied.values))
        possible = self.layout.rows(p for p, _, _ in marks)
        unknown = self.layout.rows(u for _, u, _ in marks)
        settleable = self.layout.rows(s for _, _, s in marks) if self.missing_facts else None
        return GatheredRows(ids.astype(np.int32), possible, unknown, settleable)

    def _kind_marks(
        self, table: LookupTable, kind: int, without: int, absent: Sequence[Value]
    ) -> SettleableMasks:
        index = self.index
        of_kind = self._over_lanes(index.of_kind[self.kinds[kind]]) if kind >= 0 else 0
        said = absent[without] if without >= 0 else frozenset()
        denied = index.only_for(said) if isinstance(said, frozenset) else 0
        none = self._over_lanes(denied) & ~of_kind
        possible, unknown = index.all_bits, table.column.test_bits & ~of_kind & ~none
        settleable = unknown
        for programmes, value in ((of_kind, self.kinds[kind]), (none, NO_PROJECT)):
            if programmes:
                also_possible, also_unknown, more = table.marks(value)
                possible &= also_possible | ~programmes
                unknown |= also_unknown & programmes
                settleable |= more & programmes
        return possible, unknown, settleable


def _settleable_tests(
    gathered: Sequence[tuple[str, GatheredRows]], asked: Container[str]
) -> Iterator[SettleableTests]:
    """The tests that each fact which is asked would settle."""
    for fact, one in gathered:
        if fact in asked and one.settleable is not None:
            yield SettleableTests(fact, one.ids, one.settleable)
        for part, words in (one.settles or {}).items():
            if part in asked:
                yield SettleableTests(part, one.ids, words)
