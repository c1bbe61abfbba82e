"""How many requests each address has at work at a time, in all workers together.

A worker's own count says little: one may have taken most of the connections of a client, another
hardly any. So each worker counts in a row of its own of a table that all see, and reads all rows.
"""

from mmap import mmap
from zlib import crc32

# So many addresses are told apart; those that fall on one place share its bound.
_PLACES = 4096
# Workers of before a reload are still there while those after it begin.
_ROWS_A_WORKER = 4
_ROW_BYTES = 4 * _PLACES
_NONE_AT_WORK = memoryview(bytes(_ROW_BYTES)).cast("i")


class AtOnce:
    """Made before the workers are forked. Rows are claimed and given back by gunicorn's first
    process, and written by one worker each."""

    def __init__(self, workers: int, limit: int) -> None:
        """`limit`: how many requests one address may have at work."""
        self._limit = limit
        rows = _ROWS_A_WORKER * workers
        # In memory that has no name: /dev/shm may be full, or only be read.
        self._counts = memoryview(mmap(-1, rows * _ROW_BYTES)).cast("i")
        self._owners: list[int | None] = [None] * rows

    def claim(self, worker: int) -> int | None:
        """A row for a worker, by its number, that is about to be forked. Where none is free, since
        so many are there, it does not count."""
        if None not in self._owners:
            return None
        row = self._owners.index(None)
        self._owners[row] = worker
        return row

    def give_back(self, worker: int) -> None:
        """A worker has ended, in whatever way: what it had at work is at work no more."""
        if worker in self._owners:
            row = self._owners.index(worker)
            self._owners[row] = None
            self._counts[row * _PLACES : (row + 1) * _PLACES] = _NONE_AT_WORK

    def begin(self, row: int | None, address: str) -> None:
        """A worker takes a request up."""
        if row is not None:
            self._counts[row * _PLACES + _place(address)] += 1

    def end(self, row: int | None, address: str) -> None:
        """It is answered."""
        if row is not None:
            self._counts[row * _PLACES + _place(address)] -= 1

    def has_enough(self, address: str) -> bool:
        """Whether all workers together have as many of an address as it may have."""
        at_work: int = sum(self._counts[_place(address) :: _PLACES])
        return at_work >= self._limit


def _place(address: str) -> int:
    return crc32(address.encode()) % _PLACES
