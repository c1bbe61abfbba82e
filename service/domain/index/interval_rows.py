"""A long table of bit sets in little room: from each row to the next only a few bits change.

A table of ten thousand bounds has twice as many rows, each as wide as the catalogue: it would grow
with the square of the programmes. So rows that stand side by side are kept as one, their union, and
of each the places that it lacks.
"""

from array import array
from collections.abc import Iterator
from itertools import islice

from service.domain.index.bitset import BitSet, bitset_of, places_of, union_of

# Rows that are kept whole, or as many as these bytes hold; of a table of no more, all.
WHOLE_ROWS = 512
WHOLE_BYTES = 1 << 20


class IntervalRows:
    """A table of `count` rows, given from the first on.

    Row n is `unions[n >> shift]` without the bits `lacking[until[n] : until[n + 1]]`; where all
    rows are kept whole, `shift` is 0, and nothing is lacking.

    >>> rows = IntervalRows(iter([0b000, 0b001, 0b101, 0b100]), 4, most=2)
    >>> [f"{row:03b}" for row in rows]
    ['000', '001', '101', '100']
    >>> [f"{union:03b}" for union in rows.unions], list(rows.lacking)
    (['001', '101'], [0, 0])
    >>> [f"{end:03b}" for end in rows.between(1, 3)]
    ['101', '000']
    """

    __slots__ = ("count", "lacking", "shift", "unions", "until")

    def __init__(self, rows: Iterator[BitSet], count: int, most: int) -> None:
        """`most`: rows that are kept whole."""
        self.count = count
        self.shift = (-(-count // most) - 1).bit_length()
        self.unions: list[BitSet] = []
        self.lacking, self.until = array("I"), array("I", [0])
        while together := list(islice(rows, 1 << self.shift)):
            union = union_of(together)
            self.unions.append(union)
            for row in together:
                self.lacking.extend(places_of(union ^ row))
                self.until.append(len(self.lacking))

    def row(self, number: int) -> BitSet:
        """One row."""
        return self._shared(number, number + 1)

    def _shared(self, start: int, end: int) -> BitSet:
        """The bits that stand in each of some rows that are kept together."""
        union = self.unions[start >> self.shift]
        lacking = self.lacking[self.until[start] : self.until[end]]
        return union ^ (union & bitset_of(lacking)) if lacking else union

    def between(self, first: int, last: int) -> tuple[BitSet, BitSet]:
        """The bits that stand in some row, and in every row, from one to another."""
        some, every, start, size = 0, -1, first, 1 << self.shift
        while start <= last:
            whole = not start % size
            end = min(start - start % size + size, last + 1)
            every &= self._shared(start, end)
            if whole and end - start == size:
                some |= self.unions[start >> self.shift]
            else:
                some |= union_of(map(self.row, range(start, end)))
            start = end
        return some, every

    def __iter__(self) -> Iterator[BitSet]:
        return map(self.row, range(self.count))


def rows_kept(width: int) -> int:
    """How many rows of so many bits are kept whole.

    >>> rows_kept(8_000), rows_kept(800_000)
    (1048, 512)
    """
    return max(WHOLE_ROWS, WHOLE_BYTES * 8 // width)
