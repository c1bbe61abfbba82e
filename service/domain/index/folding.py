"""What the nodes of all condition trees come to (`fold`), and which tests still move a root
(`moving`).

Two things are asked of a node: *can* it hold (is it not FALSE), and *must* it (is it TRUE)? What it
excludes answers the other question: a node can hold where that need not, and must where that
cannot. Take the rule "A and not B", where A is TRUE and B UNKNOWN: it can hold, since B need not,
and it need not, since B can.

Lanes that hang on one lane, hold the same programmes and have the same lanes below them come of a
long list of alternatives. They are folded together, in one step.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, TypeAlias

from service.domain.index.bitset import BitSet
from service.domain.index.column import TruthMasks
from service.domain.index.layout import Lane

# Of the nodes of each step those that can hold, and those that must, from the first bit of its
# first lane on.
NodeTruths: TypeAlias = tuple[list[BitSet], list[BitSet]]


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
    """Lanes that are folded together: where the first of them begins, and the bits of their
    nodes."""

    number: int
    offset: int
    nodes: BitSet
    excluded: tuple[ExcludedStep, ...]


class LaneFolding:
    """Folds the lanes of some trees: up, from the deepest to the roots, and down again."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self._down: list[FoldStep] = []
        self._add([lanes[0]])
        self._up = self._down[::-1]

    def _add(self, alike: Sequence[Lane]) -> int:
        """Make one step of lanes of one shape, and further ones of all below them; its number."""
        number, first = len(self._down), alike[0]
        nodes = first.occupied * _repeated(len(alike), _stride(alike))
        step = FoldStep(number, first.offset, nodes, ())
        self._down.append(step)
        self._down[number] = step._replace(excluded=tuple(self._excluded(alike)))
        return number

    def _excluded(self, alike: Sequence[Lane]) -> Iterator[ExcludedStep]:
        if len(alike) > 1:  # each has a lane of its own in every step below
            for below in zip(*[lane.excluded for lane in alike], strict=True):
                yield ExcludedStep(self._add(below), (), 0, 1)
            return
        for _, found in groupby(alike[0].excluded, _shape):
            lanes = list(found)
            count, stride = len(lanes), _stride(lanes)
            shifts = tuple([stride * n for n in _doublings(count)])
            yield ExcludedStep(
                self._add(lanes), shifts, lanes[0].occupied, _repeated(count, stride)
            )

    def fold(self, can: BitSet, must: BitSet) -> NodeTruths:
        """What the nodes come to: one holds where its tests do and none of what it excludes.

        `can` and `must` have the bits at which all tests can hold, and at which they must.
        """
        cans = [0] * len(self._up)
        musts = cans.copy()
        for number, offset, nodes, excluded in self._up:
            if offset:
                here_can, here_must = (can >> offset) & nodes, (must >> offset) & nodes
            else:  # the widest: to shift it by nothing would copy it
                here_can, here_must = can & nodes, must & nodes
            for step, shifts, first, _ in excluded:
                below_can, below_must = cans[step], musts[step]
                if shifts:
                    below_can = _together(below_can, shifts) & first
                    below_must = _together(below_must, shifts) & first
                if below_must:
                    here_can ^= here_can & below_must
                here_must ^= here_must & below_can
            cans[number], musts[number] = here_can, here_must
        return cans, musts

    def live_bits(self, nodes: NodeTruths, roots: BitSet) -> BitSet:
        """The bits of these programmes at which a node is UNKNOWN and every node above it is too:
        only there can an answer still change anything."""
        live, (can, must) = 0, nodes
        reached = [0] * len(self._down)
        reached[0] = roots
        for number, offset, _, excluded in self._down:
            if here := reached[number] & (can[number] ^ must[number]):
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
        refutes, proves, (can, _), (_, must) = 0, 0, nodes, ends
        false, true = [0] * len(self._down), [0] * len(self._down)
        false[0] = true[0] = roots
        for number, offset, _, excluded in self._down:
            here_false = false[number] & can[number]
            here_true = true[number] & must[number]
            if here_false or here_true:
                refutes |= here_false << offset
                proves |= here_true << offset
                # Whether a node can hold is whether what it excludes must, and the other way round.
                for step, shifts, first, repeat in excluded:
                    true[step] = (here_false & first) * repeat if shifts else here_false
                    false[step] = (here_true & first) * repeat if shifts else here_true
        return refutes, proves


def _together(bits: BitSet, shifts: Sequence[int]) -> BitSet:
    """Where one of several lanes has a bit, in the bits of the first; above these stands more."""
    for shift in shifts:
        bits |= bits >> shift
    return bits


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
