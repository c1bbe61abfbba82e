"""Sets of small numbers as the bits of one wide integer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, TypeAlias

from service.domain.cache import BoundedCache

BitSet: TypeAlias = int
# Members that are taken out of a set one by one.
FEW = 16
# Sets whose unions are all kept: so many that a byte says which.
TOGETHER = 8
# Unions that are kept once they were asked for.
UNIONS_KEPT = 512


def bitset_of(places: Iterable[int]) -> BitSet:
    """The set of these bits. Made in bytes: integers would be copied for each."""
    listed = list(places)
    held = bytearray(max(listed, default=0) // 8 + 1)
    for place in listed:
        held[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(held, "little")


def union_of(sets: Iterable[BitSet]) -> BitSet:
    """The bits that stand in any of some sets."""
    return reduce(or_, sets, 0)


def bits_at(sets: Mapping[Any, BitSet], keys: Iterable[Any]) -> BitSet:
    """The bits of the sets that stand at some keys; a key may have none.

    >>> bits_at({"a": 0b01, "b": 0b10}, ["b", "c"])
    2
    """
    return union_of(filter(None, map(sets.get, keys)))


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


class Unions:
    """The union of any of some sets, put together from the unions of eight, which are all kept.

    Set i is named by bit i of a number.

    >>> f"{Unions([0b0001, 0b0110, 0b1010]).of(0b101):04b}"
    '1011'
    """

    def __init__(self, sets: Sequence[BitSet]) -> None:
        self._tables: list[list[BitSet]] = []
        for start in range(0, len(sets), TOGETHER):
            table = [0]
            for one in sets[start : start + TOGETHER]:
                table += [one | others for others in table]
            self._tables.append(table)
        # Many companies state the same facts.
        self._of_members: BoundedCache[int, BitSet] = BoundedCache(UNIONS_KEPT)

    def of(self, members: BitSet) -> BitSet:
        """The union of these sets."""
        found = self._of_members.get(members)
        if found is None:
            found = 0
            digits = members.to_bytes(len(self._tables), "little")
            for table, which in zip(self._tables, digits, strict=True):
                found |= table[which]
            self._of_members.keep(members, found)
        return found
