"""What a batch's rows lack: the same missing facts as the evaluator's findings, by bits.

A fact is missing for an undetermined programme where a test of it is UNKNOWN, the fact or a more
exact value of it would settle the test, and every group round the test is UNKNOWN too. In lanes:
the test's node is open, and so is every node it is an exception of.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from service.bulk.cells import Cells, Ids, known
from service.bulk.tables import Layout, Words
from service.domain.conditions import Quantity
from service.domain.lanes import Lane
from service.domain.profile import Subject

# So many facts are named of each row.
NAMED = 5


@dataclass(frozen=True)
class Asked:
    """Tests that a fact would settle: for each row of a batch the row of a table over the lanes."""

    fact: str
    ids: Ids
    words: Words


@dataclass(frozen=True)
class Lacking:
    """For each row how many facts each programme lacks, programmes first; and the places of the
    facts that most programmes lack, best first, -1 where there are no more."""

    counts: NDArray[np.uint8]
    best: NDArray[np.int32]

    @staticmethod
    def room(programmes: int, rows: int) -> "Lacking":
        """Where the parts of a batch come together."""
        return Lacking(np.empty((programmes, rows), np.uint8), np.empty((NAMED, rows), np.int32))

    def put(self, part: slice, found: "Lacking") -> None:
        self.counts[:, part] = found.counts
        self.best[:, part] = found.best


@dataclass(frozen=True)
class _Sieve:
    """One word of the tests that a fact would settle: its place, where it counts, and the table."""

    word: int
    home: int
    ids: NDArray[np.intp] | None
    table: Words

    def rows(self, part: slice) -> Words:
        """The word of each row; of all rows at once where it is the same for all."""
        return self.table if self.ids is None else self.table.take(self.ids[part], mode="clip")


class Asking:
    """Which facts could still decide which of `count` programmes. `facts` are all that any of them
    asks."""

    def __init__(
        self, layout: Layout, lanes: Sequence[Lane], count: int, force: Words, facts: Sequence[str]
    ) -> None:
        self.count = count
        self.layout, self.lanes, self.force = layout, lanes, force
        self.facts = {fact: i for i, fact in enumerate(facts)}
        self.names = pa.array(facts, pa.string())
        self.further = pa.array([*(f"|{fact}" for fact in facts), ""], pa.string())
        self.home = np.concatenate([np.arange(end - start) for start, end in layout.spans])

    def sieves(self, asked: Iterable[Asked]) -> Mapping[int, Sequence[_Sieve]]:
        """A batch's tables by fact, without the words that are never set."""
        found: dict[int, list[_Sieve]] = {}
        for one in asked:
            ids = one.ids.astype(np.intp) if len(one.words) > 1 else None
            for word in np.flatnonzero(one.words.any(axis=0)).tolist():
                table = np.ascontiguousarray(one.words[:, word])
                sieve = _Sieve(word, int(self.home[word]), ids, table)
                found.setdefault(self.facts[one.fact], []).append(sieve)
        return found

    def lacking(
        self, sieves: Mapping[int, Sequence[_Sieve]], part: slice, can: Words, true: Words
    ) -> Lacking:
        """What the rows of a part of the batch lack, given the truths of all nodes."""
        open_ = self._open(can, true)
        width, rows = self.layout.spans[0][1], len(can)
        sums = [_Sum() for _ in range(width)]
        reach = np.zeros((len(self.facts), rows), np.int32)
        for fact, several in sieves.items():
            hit: dict[int, Words] = {}
            for sieve in several:
                met = sieve.rows(part) & open_[sieve.word]
                before = hit.get(sieve.home)
                hit[sieve.home] = met if before is None else before | met
            for home, met in hit.items():
                reach[fact] += np.bitwise_count(met)
                sums[home].add(met)
        return Lacking(_spread(sums, rows)[: self.count], _best(reach, self.count))

    def _open(self, can: Words, true: Words) -> Words:
        """The nodes that are UNKNOWN with all above them, words first."""
        found = np.ascontiguousarray((can & ~true).T)
        found[: len(self.force)] &= self.force[:, None]
        for lane in self.lanes:
            start, _ = self.layout.spans[lane.number]
            for exception in lane.exceptions:
                a, b = self.layout.spans[exception.number]
                found[a:b] &= found[start : start + b - a]
        return found

    def named(self, best: NDArray[np.int32], spoilt: NDArray[np.bool_]) -> pa.Array:
        """The facts at these places, parted by "|"; null where there is none."""
        nothing = len(self.names)
        first = self.names.take(pa.array(best[0], mask=(best[0] < 0) | spoilt))
        more = [self.further.take(pa.array(np.where(p < 0, nothing, p))) for p in best[1:]]
        return pc.binary_join_element_wise(first, *more, "")


def _best(reach: NDArray[np.int32], programmes: int) -> NDArray[np.int32]:
    """The facts with the greatest numbers above zero; of equal ones the first comes first."""
    count, rows = reach.shape
    best = np.full((NAMED, rows), -1, np.int32)
    kind = np.dtype(np.int16 if (programmes + 1) * count < 1 << 15 else np.int64)
    ranks = (reach * count + np.arange(count)[::-1, None].astype(np.int32)).astype(kind)
    ranks[reach == 0] = -1
    every = np.arange(rows)
    for turn in range(min(NAMED, count)):
        top = ranks.max(axis=0).astype(np.int32)
        place = count - 1 - top % np.int32(count)
        best[turn] = np.where(top < 0, -1, place)
        ranks[place, every] = -1
    return best


class State(IntEnum):
    """How a fact of a number made of several stands."""

    STATED = 0
    VOID = 1  # all are stated and the number has no value, because of a divisor
    UNSTATED = 2


def unstated(
    quantity: Quantity, cells: Mapping[str, Cells], rows: int
) -> dict[str, NDArray[np.int32]]:
    """For each fact of a number made of several its state in each row."""
    nowhere = np.zeros(rows, bool)
    given = {f: known(cells[f]) if f in cells else nowhere for f in quantity.facts}
    void = np.zeros(rows, bool)
    for row in np.flatnonzero(np.logical_and.reduce(list(given.values()))).tolist():
        values = {f: v for f in given if (v := cells[f].value(row)) is not None}
        void[row] = quantity.read(Subject(None, values, {})) is None
    return {f: np.where(g, np.where(void, 1, 0), 2).astype(np.int32) for f, g in given.items()}


def by_state(mine: Words, tested: Words, *, alone: bool) -> Words:
    """Which tests a fact would settle, for each kind of project and each state of the fact. `mine`
    are the programmes of a kind; for the others a project's facts are unstated. `alone`: the fact
    is the company's own."""
    others = np.zeros_like(mine) if alone else ~mine & tested
    whole = mine & tested
    last = np.broadcast_to(tested, mine.shape) if alone else whole | others
    return np.stack((others, whole | others, last), axis=1).reshape(-1, mine.shape[1])


class _Sum:
    """How many of the words added have each bit set, as binary digits."""

    def __init__(self) -> None:
        self.digits: list[Words] = []

    def add(self, words: Words) -> None:
        for digit in self.digits:
            carry = digit & words
            np.bitwise_xor(digit, words, out=digit)
            if not carry.any():
                return
            words = carry
        self.digits.append(words)


def _spread(sums: Sequence[_Sum], rows: int) -> NDArray[np.uint8]:
    """The sums as one number for each bit, bits first."""
    found = np.zeros((rows, 64 * len(sums)), np.uint8)
    for place in range(max(len(s.digits) for s in sums)):
        words = np.zeros((rows, len(sums)), np.uint64)
        for i, one in enumerate(sums):
            if place < len(one.digits):
                words[:, i] = one.digits[place]
        bits = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")
        np.left_shift(bits, place, out=bits)
        np.bitwise_or(found, bits, out=found)
    return np.ascontiguousarray(found.T)
