"""Strong Kleene logic: what is not known is neither true nor false."""

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """Ordered FALSE < UNKNOWN < TRUE, so that "and" is the minimum and "or" the maximum."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    def __invert__(self) -> "Truth":
        return _TURNED[self]

    def __str__(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, holds: bool) -> "Truth":
        """The truth of what is certain: never UNKNOWN."""
        return cls.TRUE if holds else cls.FALSE


# An enumeration's members are slow to name.
_FALSE, _UNKNOWN, _TRUE = Truth
_TURNED = (_TRUE, _UNKNOWN, _FALSE)


def every(truths: Iterable[Truth]) -> Truth:
    """Conjunction; TRUE of nothing."""
    return min(truths, default=_TRUE)


def some(truths: Iterable[Truth]) -> Truth:
    """Disjunction; FALSE of nothing."""
    return max(truths, default=_FALSE)


def at_least(count: int, truths: Iterable[Truth]) -> Truth:
    """Whether at least `count` of the truths hold: the truth of the count-th best of them."""
    if count <= 0:
        return _TRUE
    ranked = sorted(truths, reverse=True)
    return ranked[count - 1] if count <= len(ranked) else _FALSE
