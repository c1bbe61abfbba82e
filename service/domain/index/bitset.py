"""Sets of small numbers as the bits of one wide integer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

BitSet: TypeAlias = int
# Members that are taken out of a set one by one.
FEW = 16
# Sets whose unions are all kept: 64 of them.
TOGETHER = 6


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


class Unions:
    """The union of any of some sets, put together from the unions of six, which are all kept.

    `member[i]` stands for set i; added up, they say which sets a union is of.

    >>> unions = Unions([0b0001, 0b0110, 0b1010])
    >>> f"{unions.of(unions.member[0] | unions.member[2]):04b}"
    '1011'
    """

    def __init__(self, sets: Sequence[BitSet]) -> None:
        groups = [sets[i : i + TOGETHER] for i in range(0, len(sets), TOGETHER)]
        # Six of the bits of a byte: so the bytes of a sum are the places in the tables.
        self.member = [1 << (8 * (i // TOGETHER) + i % TOGETHER) for i in range(len(sets))]
        self._tables: list[list[BitSet]] = []
        for group in groups:
            table = [0]
            for one in group:
                table += [one | others for others in table]
            self._tables.append(table)
        # Companies of a table state the same facts, one after the other.
        self._last: tuple[int, BitSet] = (0, 0)

    def of(self, members: int) -> BitSet:
        """The union of these sets."""
        asked, found = self._last
        if asked == members:
            return found
        found = 0
        digits = members.to_bytes(len(self._tables), "little")
        for table, which in zip(self._tables, digits, strict=True):
            found |= table[which]
        self._last = members, found
        return found
