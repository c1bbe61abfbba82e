"""What a batch's rows lack: the facts that an answer to one company would name, by bits.

A fact is missing for an undetermined programme where a test of it is UNKNOWN, the fact or a more
exact value of it would settle the test, and every group round the test is UNKNOWN too. In lanes:
the test's node is open, and so is every node above it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from service.bulk.cells import Ids
from service.bulk.tables import WordLayout, Words, unique_rows
from service.domain.facts.profile import PROJECT_KIND
from service.domain.index.layout import Lane

# So many facts are named of each row.
NAMED = 5
# Rows that are looked at together: a word of each takes little enough memory to be used again.
PART = 1 << 13


@dataclass(frozen=True)
class SettleableTests:
    """Tests that a fact would settle: for each row of a batch the row of a table over the lanes."""

    fact: str
    ids: Ids
    words: Words


@dataclass(frozen=True)
class MissingCounts:
    """For each row how many facts each programme lacks, programmes first; and the places of the
    facts that most programmes lack, best first, -1 where there are no more."""

    counts: NDArray[np.uint8]
    best: NDArray[np.int32]

    def of(self, ids: NDArray[np.intp]) -> "MissingCounts":
        """The counts for rows of which each is like one of these, by its number."""
        return MissingCounts(self.counts.take(ids, axis=1), self.best.take(ids, axis=1))


@dataclass(frozen=True)
class _SettleableWord:
    """One word of the tests that a fact would settle: its place, where it counts, and the table."""

    word: int
    home: int
    ids: NDArray[np.intp] | None
    table: Words

    def of(self, rows: NDArray[np.intp]) -> Words:
        """The word of each of the rows; of all at once where it is the same for all."""
        return self.table if self.ids is None else self.table.take(self.ids[rows])


class MissingFacts:
    """Which facts could still decide which of `count` programmes. `facts` are all that any of them
    asks."""

    def __init__(
        self,
        layout: WordLayout,
        lanes: Sequence[Lane],
        count: int,
        force: Words,
        facts: Sequence[str],
    ) -> None:
        self.count = count
        self.layout, self.lanes, self.force = layout, lanes, force
        self.facts = {fact: i for i, fact in enumerate(facts)}
        self.names = pa.array([*facts, None], pa.string())
        self.further = pa.array([*(f"|{fact}" for fact in facts), ""], pa.string())
        self.home = np.concatenate([np.arange(end - start) for start, end in layout.spans])

    def settleable_tables(
        self,
        asked: Iterable[SettleableTests],
        rows: int,
        come_with_project: Mapping[str, NDArray[np.bool_]],
    ) -> "SettleableTables":
        """A batch's tables, without the words that are never set. `come_with_project`: of some
        facts the rows that lack them in no programme that lacks a project."""
        entries: dict[int, list[_SettleableWord]] = {}
        places = _Places(rows)
        given = {self.facts[f]: r for f, r in come_with_project.items() if f in self.facts}
        for having in given.values():
            places.add(having.astype(np.intp), 2)
        for one in asked:
            same, some = unique_rows(one.words)
            ids = same[one.ids] if len(some) > 1 else None
            if ids is not None:
                places.add(ids, len(some))
            for word in np.flatnonzero(one.words.any(axis=0)).tolist():
                entry = _SettleableWord(word, int(self.home[word]), ids, one.words[some, word])
                entries.setdefault(self.facts[one.fact], []).append(entry)
        return SettleableTables(self, entries, given, np.stack(places.words, axis=1))

    def open_nodes(self, can: Words, true: Words) -> Words:
        """The nodes that are UNKNOWN with all above them."""
        found = can & ~true
        found[:, : len(self.force)] &= self.force
        for lane in self.lanes:
            start, _ = self.layout.spans[lane.number]
            for exception in lane.excluded:
                a, b = self.layout.spans[exception.number]
                found[:, a:b] &= found[:, start : start + b - a]
        return found

    def fact_names(self, best: NDArray[np.int32], spoilt: NDArray[np.bool_]) -> pa.Array:
        """The facts at these places, parted by "|"; null where there is none."""
        ids, some = unique_rows(best.T)
        first, *more = np.where(best < 0, len(self.facts), best)[:, some]
        texts = [self.names.take(pa.array(first)), *(self.further.take(pa.array(p)) for p in more)]
        return pc.binary_join_element_wise(*texts, "").take(pa.array(ids, mask=spoilt))


class _Places:
    """Each row's places in several tables, as the digits of one number while a word holds it."""

    def __init__(self, rows: int) -> None:
        self.words = [np.zeros(rows, np.uint64)]
        self.most = 1

    def add(self, ids: NDArray[np.intp], count: int) -> None:
        if self.most * count > 1 << 64:
            self.words.append(np.zeros_like(self.words[0]))
            self.most = 1
        self.words[-1] = self.words[-1] * np.uint64(count) + ids.astype(np.uint64)
        self.most *= count


@dataclass(frozen=True)
class SettleableTables:
    """A batch's tables by fact, and each row's places in those that are not the same for all."""

    asking: MissingFacts
    by_fact: Mapping[int, Sequence[_SettleableWord]]
    come_with_project: Mapping[int, NDArray[np.bool_]]
    places: Words

    def signature(self, part: slice, can: Words, true: Words) -> tuple[Words, Words]:
        """All that decides what the rows of a part lack, given the truths of all nodes: first the
        open ones."""
        return self.asking.open_nodes(can, true), self.places[part]

    def missing(self, some: NDArray[np.intp], seen: Words) -> MissingCounts:
        """What some of the rows lack, of which this was seen."""
        starts = range(0, len(some) or 1, PART)
        found = [self._part(some[i : i + PART], seen[i : i + PART]) for i in starts]
        return MissingCounts(
            np.concatenate([one.counts for one in found], axis=1),
            np.concatenate([one.best for one in found], axis=1),
        )

    def _part(self, some: NDArray[np.intp], seen: Words) -> MissingCounts:
        asking, rows = self.asking, len(seen)
        open_ = np.ascontiguousarray(seen[:, : asking.layout.width].T)
        sums = [_Sum() for _ in asking.force]
        reach = np.zeros((len(asking.facts), rows), np.int32)
        kind = self._lacking(self.asking.facts.get(PROJECT_KIND, -1), some, open_)
        for fact in self.by_fact:
            having = self.come_with_project.get(fact)
            for home, met in self._lacking(fact, some, open_).items():
                lacking = met
                if having is not None and home in kind:
                    lacking = met & ~np.where(having[some], kind[home], np.uint64(0))
                reach[fact] += np.bitwise_count(lacking)
                sums[home].add(lacking)
        return MissingCounts(_spread(sums, rows)[: asking.count], _best(reach, asking.count))

    def _lacking(self, fact: int, some: NDArray[np.intp], open_: Words) -> dict[int, Words]:
        """The programmes for which some of the rows lack a fact, by the word they stand in."""
        found: dict[int, Words] = {}
        for entry in self.by_fact.get(fact, ()):
            met = entry.of(some) & open_[entry.word]
            before = found.get(entry.home)
            found[entry.home] = met if before is None else before | met
        return found


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
    spread = np.zeros((rows, 64 * len(sums)), np.uint8)
    for place in range(max(len(s.digits) for s in sums)):
        words = np.zeros((rows, len(sums)), np.uint64)
        for i, one in enumerate(sums):
            if place < len(one.digits):
                words[:, i] = one.digits[place]
        bits = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")
        np.left_shift(bits, place, out=bits)
        np.bitwise_or(spread, bits, out=spread)
    return np.ascontiguousarray(spread.T)
