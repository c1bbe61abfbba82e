"""A long table of bit sets in little room: from each row to the next only a few bits change.

A table of ten thousand bounds has twice as many rows, each as wide as the catalogue: it would grow
with the square of the programmes. So of a long table only so many rows are kept whole, and between
these the bits that turn, in order: any row is the nearest whole one with some of these turned.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator

from service.domain.index.bitset import BitSet, bitset_of, places_of

# Rows that are kept whole, or as many as these bytes hold; of a table of no more, all.
WHOLE_ROWS = 512
WHOLE_BYTES = 2 << 20


class IntervalRows:
    """A table of `count` rows, given from the first on.

    `whole` is the table where all its rows are kept.

    >>> rows = IntervalRows(iter([0b000, 0b001, 0b101, 0b100]), 4, most=2)
    >>> [f"{row:03b}" for row in rows]
    ['000', '001', '101', '100']
    >>> [f"{end:03b}" for end in rows.between(1, 3)]
    ['101', '000']
    """

    __slots__ = ("_marks", "_step", "_turned", "_until", "whole")

    def __init__(self, rows: Iterator[BitSet], count: int, most: int) -> None:
        """`most`: rows that are kept whole."""
        self.whole: list[BitSet] | None = list(rows) if count <= most else None
        self._marks: list[BitSet] = []
        self._turned, self._until, self._step = array("I"), array("I"), 1
        if self.whole is None:
            self._keep(rows, most)

    def _keep(self, rows: Iterator[BitSet], most: int) -> None:
        first = before = next(rows)
        self._until.append(0)
        for row in rows:
            self._turned.extend(places_of(before ^ row))
            self._until.append(len(self._turned))
            before = row
        self._step = -(-len(self._turned) // most) or 1
        self._marks.append(first)
        for start in range(0, len(self._turned), self._step):
            turned = self._turned[start : start + self._step]
            self._marks.append(_with_turned(self._marks[-1], turned))

    def row(self, number: int) -> BitSet:
        """One row."""
        return self.reader()(number) if self.whole is None else self.whole[number]

    def reader(self) -> Callable[[int], BitSet]:
        """The function that gives a row. Everything it needs is in its own variables: it runs for
        every number of every request."""
        if self.whole is not None:
            return self.whole.__getitem__
        marks, turned, until, step, half = (
            self._marks, self._turned, self._until, self._step, self._step // 2
        )  # fmt: skip

        # INVARIANT: mark i is the first row with the first i * step of all that turn turned.
        def row(number: int) -> BitSet:
            here = until[number]
            mark = (here + half) // step
            start = mark * step
            found = marks[mark]
            if start != here:
                # As in `_with_turned`, whose call would double what this costs.
                for place in turned[start:here] if start < here else turned[here:start]:
                    found ^= 1 << place
            return found

        return row

    def between(self, first: int, last: int) -> tuple[BitSet, BitSet]:
        """The bits that stand in some row, and in every row, from one to another."""
        some = every = self.row(first)
        if self.whole is None:
            turned = bitset_of(self._turned[self._until[first] : self._until[last]])
            return some | turned, every & ~turned
        for row in self.whole[first + 1 : last + 1]:
            some |= row
            every &= row
        return some, every

    def __iter__(self) -> Iterator[BitSet]:
        if self.whole is not None:
            yield from self.whole
            return
        here, done = self._marks[0], 0
        for until in self._until:
            here, done = _with_turned(here, self._turned[done:until]), until
            yield here


def rows_kept(width: int) -> int:
    """How many rows of so many bits are kept whole.

    >>> rows_kept(8_000), rows_kept(800_000)
    (2097, 512)
    """
    return max(WHOLE_ROWS, WHOLE_BYTES * 8 // width)


def _with_turned(bits: BitSet, places: Iterable[int]) -> BitSet:
    """A set with the bits at these places turned, as often as they are named."""
    for place in places:
        bits ^= 1 << place
    return bits
