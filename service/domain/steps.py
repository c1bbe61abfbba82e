"""Work that can be done in steps, so that several pieces of the same kind take each step together:
from the second piece on its code, and what it looks at, are in the processor's caches."""

from collections.abc import Generator, Iterator
from typing import TypeAlias, TypeVar

T = TypeVar("T")
# It yields between two steps, and returns what the work comes to.
Steps: TypeAlias = Generator[None, None, T]


def all_steps(work: Steps[T]) -> T:
    """What work comes to, done in one go. Raises as the work does.

    >>> def add(one: int, other: int) -> Steps[int]:
    ...     yield
    ...     return one + other
    >>> all_steps(add(2, 3))
    5
    """
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result


def take_left(work: Iterator[None]) -> None:
    """Take all steps that are left. Work that raises has ended; whoever wants what it comes to
    finds that there is nothing."""
    while took_step(work):
        pass


def took_step(work: Iterator[None]) -> bool:
    """Take a step; whether there was one left.

    >>> done = []
    >>> def work(name: str) -> Iterator[None]:
    ...     done.append(f"{name}1")
    ...     yield
    ...     done.append(f"{name}2")
    >>> pieces = [work("a"), work("b")]
    >>> while any([took_step(piece) for piece in pieces]):
    ...     pass
    >>> done
    ['a1', 'b1', 'a2', 'b2']
    """
    try:
        next(work)
    except StopIteration:
        return False
    except Exception:  # noqa: BLE001  the others go on, whatever it was
        return False
    return True
