"""What the nodes of all condition trees come to (`fold`), and which tests still move a root
(`moving`).

Two things are asked of a node: *can* it hold (is it not FALSE), and *must* it (is it TRUE)? A node
that excludes another can hold where the other need not, and must where the other cannot: a "not"
makes one question of the other. Therefore both answers stand in one wide integer, in its lower and
its upper half, and the halves change places with every step down the trees: "can" is the lower half
at the root and at each even depth, the upper half at each odd one. Then a lane does nothing to the
lane above but clear bits, and one operation does it in both halves.

Take the rule "A and not B", where A is TRUE and B UNKNOWN. The root has A at depth 0: both its
halves are set. B stands at depth 1: it can hold (upper half set), and need not (lower half clear).
Clearing the root's bits by B's leaves the lower half, "can", and takes the upper one, "must": the
rule is UNKNOWN.

Lanes that hang on one lane, hold the same programmes and have the same lanes below them come of a
long list of alternatives. They are folded together, in one step.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, TypeAlias

from service.domain.index.bitset import BitSet
from service.domain.index.column import TruthMasks
from service.domain.index.layout import Lane

# Lanes of no more nodes are looked at only where they have something to say.
FEW = 64
# What the nodes of each step come to: both halves, from the first bit of its first lane on.
NodeTruths: TypeAlias = list[BitSet]


class ExcludedStep(NamedTuple):
    """The number of a step whose lanes are excluded by another step's.

    Where one lane excludes several lanes of one shape, `shifts` bring the bits of them all together
    in those of the first, which are `first`; and `repeat`, by which the bits of the first are
    multiplied, spreads them over all again.
    """

    step: int
    shifts: tuple[int, ...]
    first: BitSet
    repeat: BitSet


class FoldStep(NamedTuple):
    """Lanes that are folded together."""

    number: int
    offset: int  # where the first of them begins
    nodes: BitSet  # the bits of their nodes, in both halves
    can: BitSet  # the same, in the half that says whether they can hold
    roots: BitSet  # their programmes
    guard: BitSet | None  # the bits of the first; None where so many are always looked at
    excluded: tuple[ExcludedStep, ...]


class LaneFolding:
    """Folds the lanes of some trees: up, from the deepest to the roots, and down again."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self._width = lanes[-1].end
        self._programmes = lanes[0].occupied
        # The bits below an odd number of nodes.
        self._turned: BitSet = 0
        self._down: list[FoldStep] = []
        self._add([lanes[0]], 0)
        self._up = self._down[::-1]

    def _add(self, alike: Sequence[Lane], depth: int) -> int:
        """Make one step of lanes of one shape, and further ones of all below them; its number."""
        number, first = len(self._down), alike[0]
        lower = first.occupied * _repeated(len(alike), _stride(alike))
        upper, there = lower << self._width, lower << first.offset
        if depth % 2:
            self._turned |= there
        step = FoldStep(
            number=number,
            offset=first.offset,
            nodes=lower | upper,
            can=upper if depth % 2 else lower,
            roots=first.occupied,
            guard=there if first.occupied.bit_count() <= FEW else None,
            excluded=(),
        )
        self._down.append(step)
        excluded = tuple(self._excluded(alike, depth + 1))
        self._down[number] = step._replace(excluded=excluded)
        return number

    def _excluded(self, alike: Sequence[Lane], depth: int) -> Iterator[ExcludedStep]:
        if len(alike) > 1:  # each has a lane of its own in every step below
            for below in zip(*[lane.excluded for lane in alike], strict=True):
                yield ExcludedStep(self._add(below, depth), (), 0, 1)
            return
        for _, found in groupby(alike[0].excluded, _shape):
            lanes = list(found)
            count, stride = len(lanes), _stride(lanes)
            first = lanes[0].occupied | (lanes[0].occupied << self._width)
            shifts = tuple([stride * n for n in _doublings(count)])
            yield ExcludedStep(self._add(lanes, depth), shifts, first, _repeated(count, stride))

    def steps(self, possible: BitSet, roots: BitSet) -> list[FoldStep]:
        """The steps for the rules of some roots in which a test can hold, inner ones first; many
        lanes hold few rules. A node of another lane is FALSE, whatever is answered."""
        return [
            step
            for step in self._up
            if step.guard is None or (possible & step.guard and step.roots & roots)
        ]

    def fold(self, can: BitSet, must: BitSet, steps: Sequence[FoldStep]) -> NodeTruths:
        """What the nodes come to: one holds where its tests do and none of what it excludes.

        `can` and `must` have the bits at which all tests can hold, and at which they must. Steps
        that are left out are FALSE.
        """
        turned = (can ^ must) & self._turned
        both = (can ^ turned) | ((must ^ turned) << self._width)
        folded = [0] * len(self._up)
        for number, offset, nodes, _can, _roots, _guard, excluded in steps:
            node = (both >> offset) & nodes
            for step, shifts, first, _ in excluded:
                below = folded[step]
                if below:
                    if shifts:
                        for shift in shifts:
                            below |= below >> shift
                        below &= first
                    node ^= node & below
            folded[number] = node
        return folded

    def roots(self, nodes: NodeTruths) -> TruthMasks:
        """The programmes whose roots can hold, and whose roots must."""
        return nodes[0] & self._programmes, nodes[0] >> self._width

    def live_bits(self, nodes: NodeTruths, roots: BitSet) -> BitSet:
        """The bits of these programmes at which a node is UNKNOWN and every node above it is too:
        only there can an answer still change anything."""
        width, live = self._width, 0
        reached = [0] * len(nodes)
        reached[0] = roots
        for number, offset, _nodes, _can, _roots, _guard, excluded in self._down:
            if here := reached[number]:
                node = nodes[number]
                if here := here & (node ^ (node >> width)):
                    live |= here << offset
                    for step, shifts, first, repeat in excluded:
                        reached[step] = (here & first) * repeat if shifts else here
        return live

    def moving(self, nodes: NodeTruths, ends: NodeTruths, roots: BitSet) -> TruthMasks:
        """Two sets of bits of these programmes: where it decides about the root whether the node
        there is FALSE, and where it decides about the root whether the node is TRUE.

        `nodes` are the nodes as they are; `ends` say whether each can still hold when every answer
        goes against it, and whether it must when every answer goes its way. So of "A and B", both
        unanswered, A decides whether the rule is FALSE, as B may hold.
        """
        width, moving = self._width, 0
        reached = [0] * len(nodes)
        reached[0] = roots | (roots << width)
        for number, offset, _nodes, can, _roots, _guard, excluded in self._down:
            if here := reached[number]:
                end = ends[number]
                if here := here & (end ^ ((end ^ nodes[number]) & can)):
                    moving |= here << offset
                    for step, shifts, first, repeat in excluded:
                        reached[step] = (here & first) * repeat if shifts else here
        refutes, proves = moving & ((1 << width) - 1), moving >> width
        turned = (refutes ^ proves) & self._turned
        return refutes ^ turned, proves ^ turned


def _shape(lane: Lane) -> object:
    """What makes lanes alike: the programmes they hold, and the lanes below them."""
    return lane.occupied, tuple([_shape(below) for below in lane.excluded])


def _stride(alike: Sequence[Lane]) -> int:
    """How far lanes that are alike stand apart: as they have as many bits, all as far."""
    return alike[1].offset - alike[0].offset if len(alike) > 1 else 0


def _repeated(count: int, stride: int) -> BitSet:
    """A bit set of `count` bits that stand `stride` apart."""
    return sum(1 << (stride * i) for i in range(count))


def _doublings(count: int) -> Iterator[int]:
    """By how many lanes to shift, one after the other, to bring so many together.

    >>> list(_doublings(1)), list(_doublings(4)), list(_doublings(7))
    ([], [1, 2], [1, 2, 3])
    """
    together = 1
    while together < count:
        shift = min(together, count - together)
        yield shift
        together += shift
