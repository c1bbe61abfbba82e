"""Sets of small numbers as the bits of one wide integer."""

from collections.abc import Iterable
from typing import TypeAlias

BitSet: TypeAlias = int


def bitset_of(places: Iterable[int]) -> BitSet:
    """The set of these bits. Made in bytes: integers would be copied for each."""
    listed = list(places)
    held = bytearray(max(listed, default=0) // 8 + 1)
    for place in listed:
        held[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(held, "little")
