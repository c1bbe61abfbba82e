"""Lanes: condition trees of one shape, laid over one another.

All trees are aligned at their roots: first excluded child over first excluded child, and so on
down. Every position that any tree has becomes a lane: a run of bits, one for each programme, set
apart for the programmes whose tree has a node there. The lanes stand side by side in one wide
integer, so that one look-up of a fact answers its tests in all positions of all programmes at once,
as the lanes of a SIMD register answer one instruction.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from service.domain.index.bitset import BitSet, bitset_of
from service.domain.index.normal_form import Conjunction
from service.domain.rules.conditions import Predicate, Undecided


@dataclass
class Lane:
    """One position of the aligned trees: programme i stands at bit `offset + i`.

    `occupied` has the programmes whose trees have a node here, as bits from 0; `nodes` are these
    nodes by programme. `excluded` are the lanes of the nodes that must not hold, `number` is the
    lane's place among all.
    """

    number: int
    offset: int
    occupied: BitSet
    nodes: list[tuple[int, Conjunction]]
    excluded: "list[Lane]" = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.offset + self.occupied.bit_length()


def assign_lanes(nodes: list[tuple[int, Conjunction]]) -> list[Lane]:
    """The lanes of the programmes' trees, parents before children, from bit 0 upward."""
    # INVARIANT: a lane stands before the lanes it excludes, so that folding backwards meets every
    # excluded lane before the one that needs it.
    lanes: list[Lane] = []
    _assign(nodes, lanes)
    return lanes


def _assign(nodes: list[tuple[int, Conjunction]], lanes: list[Lane]) -> Lane:
    start = lanes[-1].end if lanes else 0
    lane = Lane(len(lanes), start, bitset_of(i for i, _ in nodes), nodes)
    lanes.append(lane)
    for place in range(max((len(node.excluded) for _, node in nodes), default=0)):
        inner = [(i, n.excluded[place]) for i, n in nodes if place < len(n.excluded)]
        lane.excluded.append(_assign(inner, lanes))
    return lane


def literals_by_bit(lanes: Iterable[Lane]) -> Iterator[tuple[int, Predicate | Undecided, bool]]:
    """Every literal with the bit it stands at."""
    for lane in lanes:
        for i, node in lane.nodes:
            for leaf, negated in node.literals:
                yield lane.offset + i, leaf, negated


def sorted_by_shape(nodes: Mapping[str, Conjunction]) -> list[str]:
    """The keys, those with the largest trees first: then each lane fills its first bits."""
    return sorted(nodes, key=lambda name: nodes[name].shape, reverse=True)
