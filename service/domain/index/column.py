"""Columns: the tests of one quantity, looked up together."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeAlias

from service.domain.index.bitset import BitSet
from service.domain.rules.operators import Operator

TruthMasks: TypeAlias = tuple[BitSet, BitSet]


ColumnLookup: TypeAlias = Callable[[Any, date], TruthMasks]


@dataclass(frozen=True, slots=True)
class IndexedTest:
    """One test: the bit it stands at, its operator, whether it must not hold."""

    bit: int
    operator: Operator
    negated: bool


class Column(Protocol):
    """All tests that one quantity's value decides in the same way. `test_bits` has their bits;
    `masks` says where they can be true, and where of it they are UNKNOWN, for a stated value."""

    test_bits: BitSet

    @property
    def masks(self) -> ColumnLookup: ...


def split_by_bit(entries: Iterable[IndexedTest]) -> list[list[IndexedTest]]:
    """The entries parted so that none of a layer's stand at the same bit."""
    seen: dict[int, int] = defaultdict(int)
    layers: list[list[IndexedTest]] = []
    for entry in entries:
        depth = seen[entry.bit]
        seen[entry.bit] += 1
        if depth == len(layers):
            layers.append([])
        layers[depth].append(entry)
    return layers
