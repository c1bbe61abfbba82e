"""The kernel: all statuses of all rows of a batch, by gathering and and-ing words."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from service.bulk.asking import Asked, Asking, Lacking, State, by_state, unstated
from service.bulk.cells import Cells, Distinct, Ids
from service.bulk.tables import (
    Layout,
    Marks,
    Picked,
    Refiner,
    Table,
    Words,
    alike,
    by_kind,
    grouped,
)
from service.domain.conditions import Test
from service.domain.evaluation import Status
from service.domain.index import Index
from service.domain.lanes import literals
from service.domain.operators import Operator
from service.domain.profile import NO_PROJECT, PROJECT_KIND, PROJECTS_ABSENT, Value
from service.domain.vocabulary import Fact, Owner

# Bytes of one block of rows: small enough for a processor's own memory.
BLOCK = 1 << 19
# A table multiplied out from others has at most this share of a batch's rows.
SHARE = 8


@dataclass(frozen=True)
class Truths:
    """For each row, or for each kind of rows that are alike, the programmes whose conditions can be
    true and are, by words."""

    can: Words
    true: Words
    lacking: Lacking | None = None

    def statuses(self, kernel: "Kernel") -> NDArray[np.int8]:
        """Each programme's status by row, programmes first: places in the list of statuses."""
        truth = np.ascontiguousarray((kernel.spread(self.can) + kernel.spread(self.true)).T)
        places = np.empty(truth.shape, np.int8)
        for programmes, answers in kernel.alike:
            places[programmes] = answers.take(truth[programmes])
        return places

    def counts(self, kernel: "Kernel") -> dict[Status, NDArray[np.int32]]:
        """How many programmes of each status a row has."""
        force, entitled, planned = kernel.force, kernel.entitled, kernel.planned
        can, true = _count(self.can & force), _count(self.true & force)
        right, plan = _count(self.true & entitled & force), _count(self.true & planned & force)
        asked = int(np.bitwise_count(force).sum())
        outside = np.full(len(self.can), len(kernel.index.programmes) - asked, np.int32)
        return {
            Status.ELIGIBLE: right,
            Status.POTENTIAL: true - right - plan,
            Status.UNDETERMINED: can - true,
            Status.WATCH: plan,
            Status.INELIGIBLE: asked - can,
            Status.NOT_IN_FORCE: outside,
        }


def _count(words: Words) -> NDArray[np.int32]:
    counted: NDArray[np.int32] = np.bitwise_count(words).sum(axis=1, dtype=np.int32)
    return counted


class Kernel:
    """The index of a catalogue on one day. Not for several threads at once: it remembers.

    `asking`: whether what the rows lack is wanted too."""

    def __init__(
        self, index: Index, facts: Mapping[str, Fact], as_of: date, *, asking: bool = False
    ) -> None:
        self.index, self.as_of = index, as_of
        self.layout = Layout(index.lanes)
        self.tables = self._tables(asking)
        self.projects = {f.id for f in facts.values() if f.owner is Owner.PROJECT}
        self.kinds = [k for k in index.of_kind if k is not None]
        spread = [self._over_lanes(index.of_kind[k]) for k in self.kinds]
        self.chosen = self.layout.rows(spread)
        self.undecided = self.layout.words(index.undecided)
        self.full = self.layout.words(index.wide)
        end = self.layout.spans[0][1]
        self.force = self.layout.words(index.in_force(as_of))[:end]
        self.entitled = self.layout.words(index.entitled)[:end]
        self.planned = self.layout.words(index.planned)[:end]
        self.alike = self._alike()
        asked = {*self.tables, *(f for c in index.combined for f in c.quantity.facts)}
        named = [fact for fact in facts if fact in asked]
        self.asking = None
        if asking:
            count = len(index.programmes)
            self.asking = Asking(self.layout, index.lanes, count, self.force, named)

    def _tables(self, asking: bool) -> dict[str, list[Table]]:
        index = self.index
        tests: dict[str, list[tuple[int, Operator]]] = defaultdict(list)
        for place, leaf, _ in literals(index.lanes) if asking else ():
            if isinstance(leaf, Test) and leaf.quantity.single:
                tests[leaf.quantity.facts[0]].append((place, leaf.operator))
        refiners = {fact: Refiner(found, self.as_of) for fact, found in tests.items()}
        return {
            fact: [
                Table(c, self.layout, index.wide, self.as_of, refiners.get(fact)) for c in columns
            ]
            for fact, columns in index.columns.items()
        }

    def _over_lanes(self, programmes: int) -> int:
        """A set of programmes, at each of their bits in all lanes."""
        return sum((programmes & lane.present) << lane.start for lane in self.index.lanes)

    def _alike(self) -> list[tuple[NDArray[np.intp], NDArray[np.int8]]]:
        """Programmes whose truth (0 false, 1 unknown, 2 true) means the same, and what: places in
        the list of statuses."""
        order, index = list(Status), self.index
        force = index.in_force(self.as_of)
        found: dict[tuple[Status, ...], list[int]] = {}
        for i in range(len(index.programmes)):
            met = Status.POTENTIAL
            if index.entitled >> i & 1:
                met = Status.ELIGIBLE
            elif index.planned >> i & 1:
                met = Status.WATCH
            answers = (Status.INELIGIBLE, Status.UNDETERMINED, met)
            if not force >> i & 1:
                answers = (Status.NOT_IN_FORCE,) * 3
            found.setdefault(answers, []).append(i)
        return [
            (np.array(places), np.array([order.index(a) for a in answers], np.int8))
            for answers, places in found.items()
        ]

    def spread(self, words: Words) -> NDArray[np.uint8]:
        """A byte for each programme: 1 where its bit is set."""
        count = len(self.index.programmes)
        return np.unpackbits(words.view(np.uint8), axis=1, count=count, bitorder="little")

    def blocks(self, cells: Mapping[str, Cells], rows: int) -> Iterator[tuple[slice, Truths]]:
        """The truths of a batch, a block of rows at a time."""
        end = self.layout.spans[0][1]
        for part, can, true in self._nodes(self._picked(cells, rows), rows):
            yield part, Truths(can[:, :end], true[:, :end])

    def patterns(self, cells: Mapping[str, Cells], rows: int) -> tuple[NDArray[np.intp], Truths]:
        """The same and what is lacking, once of all rows of a batch that come out alike; and for
        each row its place among them."""
        picked, asking = self._picked(cells, rows), self.asking
        sieves = asking.sieves(self._asked(picked, cells, rows), rows) if asking else None
        end = self.layout.spans[0][1]
        blocks = []
        for part, can, true in self._nodes(picked, rows):
            told = sieves.seen(part, can, true) if sieves else ()
            blocks.append(np.concatenate((can[:, :end], true[:, :end], *told), axis=1))
        seen = np.concatenate(blocks)
        ids, some = alike(seen)
        can, true, rest = np.split(seen[some], (end, 2 * end), axis=1)
        return ids, Truths(can, true, sieves.lacking(some, rest) if sieves else None)

    def _nodes(
        self, picked: Sequence[tuple[str, Picked]], rows: int
    ) -> Iterator[tuple[slice, Words, Words]]:
        """Where the nodes of all lanes can be true and are, exceptions taken off, block by block:
        those of the programmes themselves come first."""
        joint = grouped([one for _, one in picked], max(64, rows // SHARE))
        step = max(16, BLOCK // (8 * self.layout.width))
        for start in range(0, rows or 1, step):
            part = slice(start, min(start + step, rows))
            can, true = self._gather(joint, part)
            self._fold(can, true)
            yield part, can, true

    def _gather(self, joint: Sequence[Picked], part: slice) -> tuple[Words, Words]:
        shape = (part.stop - part.start, self.layout.width)
        can = np.broadcast_to(self.full, shape).copy()
        unsure = np.broadcast_to(self.undecided, shape).copy()
        held = np.empty(shape, np.uint64)
        for one in joint:
            ids = one.ids[part]
            np.take(one.can, ids, axis=0, out=held, mode="clip")
            np.bitwise_and(can, held, out=can)
            if one.maybe is not None:
                np.take(one.maybe, ids, axis=0, out=held, mode="clip")
                np.bitwise_or(unsure, held, out=unsure)
        np.bitwise_not(unsure, out=unsure)
        np.bitwise_and(unsure, can, out=unsure)
        return can, unsure

    def _fold(self, can: Words, true: Words) -> None:
        """The lanes brought together, deepest first: what an exception holds, its node does not."""
        for lane in reversed(self.index.lanes):
            start, _ = self.layout.spans[lane.number]
            for exception in lane.exceptions:
                a, b = self.layout.spans[exception.number]
                present = self.layout.present[exception.number]
                mine = slice(start, start + b - a)
                may, does = can[:, a:b] & present, true[:, a:b] & present
                can[:, mine] &= ~does
                true[:, mine] &= ~may

    def _picked(self, cells: Mapping[str, Cells], rows: int) -> list[tuple[str, Picked]]:
        """What each fact leaves; numbers made of several facts come last, with no fact's name."""
        kinds = self._kinds(cells.get(PROJECT_KIND), rows)
        found = []
        for fact, tables in self.tables.items():
            for table in tables:
                held = cells.get(fact)
                if fact == PROJECT_KIND:
                    one = self._project_kind(table, kinds, cells, rows)
                elif held is None:
                    one = self._unknown(table, rows)
                elif fact in self.projects:
                    one = by_kind(table.pick(held), kinds, self.chosen, table.tested)
                else:
                    one = table.pick(held)
                found.append((fact, one))
        found += [("", one) for one in self._combined(cells, kinds, rows)]
        return found

    def _asked(
        self, picked: Sequence[tuple[str, Picked]], cells: Mapping[str, Cells], rows: int
    ) -> Iterator[Asked]:
        for fact, one in picked:
            if fact and one.asks is not None:
                yield Asked(fact, one.ids, one.asks)
        kinds = self._kinds(cells.get(PROJECT_KIND), rows)
        for combined in self.index.combined:
            tested, quantity = self.layout.words(combined.tested), combined.quantity
            projects = self.projects.intersection(quantity.facts)
            mine = [np.zeros_like(tested), *self.chosen] if projects else [self.full]
            places = kinds + 1 if projects else np.zeros(rows, np.int32)
            for fact, states in unstated(quantity, cells, rows).items():
                words = by_state(np.stack(mine), tested, alone=fact not in projects)
                yield Asked(fact, places * np.int32(len(State)) + states, words)

    def _unknown(self, table: Table, rows: int) -> Picked:
        asks = table.tested if self.asking else None
        return Picked(np.zeros(rows, np.int32), self.full[None, :], table.tested, asks)

    def _kinds(self, cells: Cells | None, rows: int) -> Ids:
        """Each row's kind of project as a place in `kinds`; -1 for none that a programme asks."""
        if not isinstance(cells, Distinct):
            return np.full(rows, -1, np.int32)
        place = {kind: i for i, kind in enumerate(self.kinds)}
        known = [place.get(str(v), -1) for v in cells.values]
        return np.array([*known, -1], np.int32)[cells.ids]

    def _project_kind(
        self, table: Table, kinds: Ids, cells: Mapping[str, Cells], rows: int
    ) -> Picked:
        """What the kind of project says, and that there is none of a kind the company denies."""
        absent = cells.get(PROJECTS_ABSENT)
        denied = absent if isinstance(absent, Distinct) else Distinct(np.full(rows, -1), [])
        width = len(denied.values) + 1
        met, ids = np.unique(
            (kinds.astype(np.int64) + 1) * width + denied.ids + 1, return_inverse=True
        )
        marks = []
        for pair in met.tolist():
            kind, without = divmod(pair, width)
            marks.append(self._kind_marks(table, kind - 1, without - 1, denied.values))
        can = self.layout.rows(c for c, _, _ in marks)
        maybe = self.layout.rows(m for _, m, _ in marks)
        asks = self.layout.rows(a for _, _, a in marks) if self.asking else None
        return Picked(ids.astype(np.int32), can, maybe, asks)

    def _kind_marks(self, table: Table, kind: int, without: int, absent: Sequence[Value]) -> Marks:
        index, wide = self.index, self.index.wide
        mine = self._over_lanes(index.of_kind[self.kinds[kind]]) if kind >= 0 else 0
        said = absent[without] if without >= 0 else frozenset()
        none = 0
        for denied in said if isinstance(said, frozenset) else ():
            none |= self._over_lanes(index.of_kind.get(denied, 0))
        none &= ~mine
        can, maybe = wide, table.column.tested & ~mine & ~none
        asks = maybe
        for programmes, value in ((mine, self.kinds[kind]), (none, NO_PROJECT)):
            if programmes:
                may, open_, more = table.marks(value)
                can &= may | ~programmes
                maybe |= open_ & programmes
                asks |= more & programmes
        return can, maybe, asks

    def _combined(self, cells: Mapping[str, Cells], kinds: Ids, rows: int) -> list[Picked]:
        """Numbers made of several facts, row by row: exact, and seldom asked."""
        found = []
        for combined in self.index.combined:
            held = {f: cells[f] for f in combined.quantity.facts if f in cells}
            place: dict[tuple[tuple[int, int], ...], int] = {}
            ids = np.empty(rows, np.int32)
            for row in range(rows):
                stated = {f: v for f, c in held.items() if (v := c.value(row)) is not None}
                masks = combined.masks(stated, self.as_of) or [(self.index.wide, combined.tested)]
                ids[row] = place.setdefault(tuple(masks), len(place))
            cans, maybes = [], []
            for several in place:
                can, maybe = self.index.wide, 0
                for may, open_ in several:
                    can, maybe = can & may, maybe | open_
                cans.append(can)
                maybes.append(maybe)
            one = Picked(ids, self.layout.rows(cans), self.layout.rows(maybes))
            if self.projects.intersection(combined.quantity.facts):
                one = by_kind(one, kinds, self.chosen, self.layout.words(combined.tested))
            found.append(one)
        return found
