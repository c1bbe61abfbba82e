"""Shelves: what was made once is kept by what it hangs on."""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from service.domain.likeness import Class, Key

# Variants kept of one thing.
CACHE_SIZE = 32

T = TypeVar("T")


class Kept(Generic[T]):
    """What `make` gives, by a key; full, it starts again."""

    def __init__(self, make: Callable[..., T], most: int | None = None) -> None:
        self._make = make
        self._most = most or CACHE_SIZE
        self._known: dict[Hashable, T] = {}

    def by(self, key: Hashable, *given: object) -> T:
        """What is kept for the key; made of what is given where nothing is."""
        try:
            return self._known[key]
        except KeyError:
            if len(self._known) >= self._most:
                self._known.clear()
            made = self._known[key] = self._make(*given)
            return made


class Shelf(Kept[T]):
    """What `make` gives, by the classes it hangs on."""

    def __init__(self, key: Key, make: Callable[..., T]) -> None:
        super().__init__(make)
        self._key = key

    def get(self, classes: Sequence[Class], more: Hashable, *given: object) -> T:
        """What is kept for the classes and for `more`."""
        return self.by((self._key(classes), more), *given)
