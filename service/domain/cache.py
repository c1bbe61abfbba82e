"""What was worked out once and may be asked again: one kind of cache for the whole service."""

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedCache(dict[K, V]):
    """A dictionary that is emptied when it is full: values that come back again and again are
    found, and a flood of values that never do takes no more memory than `size` entries.

    A look-up is a plain `get`, as cheap as a dictionary's. Threads may share one: a value that two
    of them work out at once is worked out twice.

    >>> squares: BoundedCache[int, int] = BoundedCache(2)
    >>> [squares.keep(n, n * n) for n in (1, 2, 3)], dict(squares)
    ([1, 4, 9], {3: 9})
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def keep(self, key: K, value: V) -> V:
        """Keep a value, which is given back."""
        if len(self) >= self.size:
            self.clear()
        self[key] = value
        return value
