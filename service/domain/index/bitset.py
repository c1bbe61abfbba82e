"""Sets of small numbers as the bits of one wide integer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

BitSet: TypeAlias = int
# Members that are taken out of a set one by one.
FEW = 16


def bitset_of(places: Iterable[int]) -> BitSet:
    """The set of these bits. Made in bytes: integers would be copied for each."""
    listed = list(places)
    held = bytearray(max(listed, default=0) // 8 + 1)
    for place in listed:
        held[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(held, "little")


def places_of(bits: BitSet) -> Iterator[int]:
    """The bits of a set, the lowest first.

    >>> list(places_of(0b1010))
    [1, 3]
    """
    if bits.bit_count() > FEW:  # each step below costs as much as the set is wide
        digits = bin(bits)[:1:-1]
        place = digits.find("1")
        while place >= 0:
            yield place
            place = digits.find("1", place + 1)
        return
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def bits_by_key(keys: Iterable[tuple[Any, ...]]) -> dict[Any, BitSet]:
    """The places at which each key stands; several may stand at one."""
    places: dict[Any, list[int]] = defaultdict(list)
    for place, several in enumerate(keys):
        for key in several:
            places[key].append(place)
    return {key: bitset_of(held) for key, held in places.items()}
