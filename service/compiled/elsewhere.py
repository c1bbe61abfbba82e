"""Work that is done meanwhile by whoever else there is: while a catalogue is compiled, by forks."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

_T = TypeVar("_T")
_Item = TypeVar("_Item")


class Elsewhere(Protocol):
    """Others, who begin with some work at once."""

    def begin(self, work: Callable[[], _T]) -> Callable[[], _T]:
        """What waits for the result of some work."""

    def divide(
        self, work: Callable[[Sequence[_Item]], _T], items: Sequence[_Item]
    ) -> Callable[[], Iterable[_T]]:
        """What does those parts of some work that nobody else has done yet, and gives the results
        of all, in the order of the items."""


class _Here:
    """Nobody else: all is done here, when its result is asked for."""

    def begin(self, work: Callable[[], _T]) -> Callable[[], _T]:
        return work

    def divide(
        self, work: Callable[[Sequence[_Item]], _T], items: Sequence[_Item]
    ) -> Callable[[], Iterable[_T]]:
        return lambda: [work(items)]


HERE = _Here()
