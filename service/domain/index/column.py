"""Columns: the tests of one quantity, looked up together.

Each test of each programme stands at one bit (`layout` says at which). A column answers a stated
value with two sets of such bits, the truth masks: *possible*, the
tests that are not FALSE (and every bit at which the column has no test, so that columns can be
and-ed), and *unknown*, those of them that are UNKNOWN. The masks of all stated facts are and-ed and
or-ed together; nothing loops over programmes.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeAlias

from service.domain.index.bitset import BitSet
from service.domain.rules.operators import Operator

# INVARIANT: a bit at which a column has no test is set in the first and not in the second, so that
# and-ing and or-ing the masks of columns leaves the others' answers alone.
TruthMasks: TypeAlias = tuple[BitSet, BitSet]


ColumnLookup: TypeAlias = Callable[[Any, date], TruthMasks]


@dataclass(frozen=True, slots=True)
class IndexedTest:
    """One test: the bit it stands at, its operator, whether it must not hold."""

    bit: int
    operator: Operator
    negated: bool


class Column(Protocol):
    """All tests of a quantity with one kind of operator. `test_bits` has their bits; `masks` gives
    the truth masks, (possible, unknown), for a stated value on a day."""

    test_bits: BitSet

    @property
    def masks(self) -> ColumnLookup: ...


def split_by_bit(entries: Iterable[IndexedTest]) -> list[list[IndexedTest]]:
    """The tests in layers, no two of a layer at the same bit: a programme may test a quantity more
    than once at one position, and a bit holds one answer."""
    seen: dict[int, int] = defaultdict(int)
    layers: list[list[IndexedTest]] = []
    for entry in entries:
        depth = seen[entry.bit]
        seen[entry.bit] += 1
        if depth == len(layers):
            layers.append([])
        layers[depth].append(entry)
    return layers
