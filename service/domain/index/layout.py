"""Lanes: the condition trees of many programmes laid over one another, so that one operation on
wide integers serves all of them.

Each tree is a `Conjunction` (see `normal_form`): tests that must hold, and further conjunctions
that must not. The roots are laid on each other, the first excluded conjunction of one programme on
the first of every other, and so on down. Each position that any tree has is a *lane*: a run of bits
with one bit a programme. Of two programmes, one that asks for A and not (B and C), one for D:

    lane 0, the roots            bit 0: programme 0, test A    bit 1: programme 1, test D
    lane 1, the first excluded   bit 2: programme 0, tests B and C

A bit tells whether the conjunction of that programme at that position can hold: a test that fails
clears it. So one look-up of a fact, whatever its value, is one mask over all lanes, which answers
its tests in every position of every programme (as the lanes of a SIMD register answer one
instruction). At the end the lanes are folded from the deepest up: where an excluded conjunction
holds, the bit above is cleared. Lane 0 then has the programmes whose conditions hold.
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


def without_nodes(lanes: list[Lane]) -> list[Lane]:
    """The same lanes, without the trees that were laid over one another."""
    bare = [Lane(lane.number, lane.offset, lane.occupied, []) for lane in lanes]
    for lane in lanes:
        bare[lane.number].excluded = [bare[inner.number] for inner in lane.excluded]
    return bare


def literals_by_bit(lanes: Iterable[Lane]) -> Iterator[tuple[int, Predicate | Undecided, bool]]:
    """Every literal with the bit it stands at."""
    for lane in lanes:
        for i, node in lane.nodes:
            for leaf, negated in node.literals:
                yield lane.offset + i, leaf, negated


def sorted_by_shape(nodes: Mapping[str, Conjunction]) -> list[str]:
    """The keys, those with the largest trees first: then each lane fills its first bits."""
    return sorted(nodes, key=lambda name: nodes[name].shape, reverse=True)
