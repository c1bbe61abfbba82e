"""Lanes folded: what each node of all trees comes to, and which of its tests still move the root.

A node is looked at in two ways, which a "not" turns into one another: whether it can hold, and
whether it must. So both stand side by side in one wide integer, in its *lower* and its *upper*
half, and change halves with every step down the trees: below an even number of nodes "can" is in
the lower half, below an odd number in the upper one. Then all that a lane does to the one above is
to clear bits, in both halves at once.

Lanes that hang on one other, hold the same programmes and have the same lanes below them, as a long
list of alternatives makes them, are folded together, in one step.
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


class Alternatives(NamedTuple):
    """A step that hangs on another, by its number. Where all its lanes hang on one lane, `shifts`
    bring their bits together at those of the first, which are `first`; multiplied with `repeat`,
    the bits of the first become those of all."""

    step: int
    shifts: tuple[int, ...]
    first: BitSet
    repeat: BitSet


class FoldStep(NamedTuple):
    """Lanes that are folded together: where the first begins; the bits of their nodes in both
    halves, and in the half that has whether they can hold; the programmes; where these stand in
    the lanes, None where they are too many to be left out."""

    number: int
    offset: int
    nodes: BitSet
    can: BitSet
    roots: BitSet
    guard: BitSet | None
    excluded: tuple[Alternatives, ...]


class LaneFolding:
    """Folds the lanes of some trees, from the deepest up and down again."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self._width = lanes[-1].end
        self._programmes = lanes[0].occupied
        # The bits below an odd number of nodes.
        self._turned: BitSet = 0
        self._down: list[FoldStep] = []
        self._add([lanes[0]], 0)
        self._up = self._down[::-1]

    def _add(self, alike: Sequence[Lane], depth: int) -> int:
        """Put lanes of one shape among the steps, before all below them; the number of theirs."""
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

    def _excluded(self, alike: Sequence[Lane], depth: int) -> Iterator[Alternatives]:
        if len(alike) > 1:  # each has a lane of its own in every step below
            for below in zip(*[lane.excluded for lane in alike], strict=True):
                yield Alternatives(self._add(below, depth), (), 0, 1)
            return
        for _, found in groupby(alike[0].excluded, _shape):
            lanes = list(found)
            count, stride = len(lanes), _stride(lanes)
            first = lanes[0].occupied | (lanes[0].occupied << self._width)
            shifts = tuple([stride * n for n in _doublings(count)])
            yield Alternatives(self._add(lanes, depth), shifts, first, _repeated(count, stride))

    def steps(self, possible: BitSet, roots: BitSet) -> list[FoldStep]:
        """The steps for the rules of some roots in which a test can hold, inner ones first; many
        lanes hold few rules. A node of another lane is FALSE, whatever is answered."""
        return [
            step for step in self._up if step[5] is None or (possible & step[5] and step[4] & roots)
        ]

    def fold(self, can: BitSet, must: BitSet, steps: Sequence[FoldStep]) -> NodeTruths:
        """What nodes come to: one holds where its tests do and no exception does. `can` and `must`
        say over the lanes of the tests whether they can hold, and whether they must."""
        turned = (can ^ must) & self._turned
        both = (can ^ turned) | ((must ^ turned) << self._width)
        found = [0] * len(self._up)
        for number, offset, nodes, _, _, _, excluded in steps:
            node = (both >> offset) & nodes
            for step, shifts, first, _ in excluded:
                below = found[step]
                if below:
                    if shifts:
                        for shift in shifts:
                            below |= below >> shift
                        below &= first
                    node ^= node & below
            found[number] = node
        return found

    def roots(self, nodes: NodeTruths) -> TruthMasks:
        """The programmes whose roots can hold, and whose roots must."""
        return nodes[0] & self._programmes, nodes[0] >> self._width

    def live_bits(self, nodes: NodeTruths, roots: BitSet) -> BitSet:
        """Where in the lanes of these programmes a node is UNKNOWN and so are all above it: what is
        decided below a decided node, or is decided itself, has no say any more."""
        width, live = self._width, 0
        reached = [0] * len(nodes)
        reached[0] = roots
        for number, offset, _, _, _, _, excluded in self._down:
            if here := reached[number]:
                node = nodes[number]
                if here := here & (node ^ (node >> width)):
                    live |= here << offset
                    for step, shifts, first, repeat in excluded:
                        reached[step] = (here & first) * repeat if shifts else here
        return live

    def moving(self, nodes: NodeTruths, ends: NodeTruths, roots: BitSet) -> TruthMasks:
        """Where in the lanes a test that lets its node be FALSE or not, and where one that lets it
        be TRUE or not, does the same to the root of one of these programmes. `nodes` are as they
        are; `ends` tell of each whether it can hold at the worst, and must at the best."""
        width, moving = self._width, 0
        reached = [0] * len(nodes)
        reached[0] = roots | (roots << width)
        for number, offset, _, can, _, _, excluded in self._down:
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
    """So many bits, so far apart."""
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
