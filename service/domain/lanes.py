"""Lanes: condition trees brought into one shape and laid over one another.

Every gate of the language reduces to one: *these tests hold and none of these exceptions does*.
"A or B" is the exception "neither A nor B"; "at least two of three" is that every pair has one that
holds. Exact in Kleene logic, where De Morgan's laws hold.

A lane is a run of bits, one for each programme that has a node at that place of its tree; lanes
stand side by side in one wide integer, so that one look-up of a fact serves all of them at once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from math import comb
from typing import Any, TypeAlias

from service.domain.conditions import Condition, Gate, Group, Test, Undecided
from service.domain.operators import Among, Need

Bits: TypeAlias = int
Literal: TypeAlias = tuple[Test | Undecided, bool]


@dataclass(frozen=True)
class Node:
    """Holds where all literals do (True: negated ones) and none of the exceptions does."""

    literals: tuple[Literal, ...] = ()
    exceptions: "tuple[Node, ...]" = ()

    @cached_property
    def shape(self) -> tuple[Any, ...]:
        """The tree without its tests; the larger the more exceptions there are, and deeper."""
        return tuple(e.shape for e in self.exceptions)


def normalise(condition: Condition, negated: bool = False) -> Node:
    """The node that holds where a condition does, or where it does not."""
    if not isinstance(condition, Group):
        return _leaf(condition, negated)
    children, gate = condition.children, condition.gate
    if gate is Gate.NOT:
        return normalise(children[0], not negated)
    if gate is Gate.AT_LEAST:
        needed = len(children) - condition.count + 1 if negated else condition.count
        return _at_least(needed, children, negated)
    if (gate is Gate.ALL) != negated:
        return _all(normalise(c, negated) for c in children)
    return _none(normalise(c, not negated) for c in children)


def _leaf(leaf: Test | Undecided, negated: bool) -> Node:
    among = leaf.operator if isinstance(leaf, Test) else None
    if not isinstance(leaf, Test) or not isinstance(among, Among) or among.need is Need.ANY:
        return Node(((leaf, negated),))
    each = [Among((v,), Need.ANY, among.umbrella, among.codes) for v in among.values]
    tests = (Node(((Test(leaf.quantity, one, leaf.clause), False),)) for one in each)
    return _opposite(_all(tests)) if negated else _all(tests)


def _at_least(needed: int, children: tuple[Condition, ...], negated: bool) -> Node:
    """Either some choice of so many holds, or every choice of the rest plus one has one that does:
    whichever takes fewer choices."""
    rest = len(children) - needed + 1
    if not 1 <= needed <= len(children):
        return Node() if needed < 1 else _opposite(Node())
    if comb(len(children), rest) <= comb(len(children), needed):
        chosen = combinations(children, rest)
        return _all(_none(normalise(c, not negated) for c in some) for some in chosen)
    chosen = combinations(children, needed)
    return _none(_opposite(_all(normalise(c, negated) for c in some)) for some in chosen)


def _all(parts: Iterable[Node]) -> Node:
    literals: list[Literal] = []
    exceptions: list[Node] = []
    for part in parts:
        literals += part.literals
        exceptions += part.exceptions
    exceptions.sort(key=lambda e: e.shape, reverse=True)
    return Node(tuple(literals), tuple(exceptions))


def _none(opposites: Iterable[Node]) -> Node:
    """At least one holds, given their opposites: it is not so that all the opposites hold."""
    return _opposite(_all(opposites))


def _opposite(node: Node) -> Node:
    if len(node.literals) == 1 and not node.exceptions:
        leaf, negated = node.literals[0]
        return Node(((leaf, not negated),))
    if len(node.exceptions) == 1 and not node.literals:
        return node.exceptions[0]
    return Node((), (node,))


@dataclass
class Lane:
    """Where the programmes of a lane stand: programme i at bit `start + i` of the wide integers.

    `exceptions` are the lanes whose nodes must not hold, `number` its place among all lanes.
    """

    number: int
    start: int
    present: Bits
    members: list[tuple[int, Node]]
    exceptions: "list[Lane]" = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.start + self.present.bit_length()


def lay_out(nodes: list[tuple[int, Node]]) -> list[Lane]:
    """The lanes of the programmes' trees, parents before children, from bit 0 upward."""
    lanes: list[Lane] = []
    _lay(nodes, lanes)
    return lanes


def _lay(nodes: list[tuple[int, Node]], lanes: list[Lane]) -> Lane:
    start = lanes[-1].end if lanes else 0
    lane = Lane(len(lanes), start, bits(i for i, _ in nodes), nodes)
    lanes.append(lane)
    for place in range(max((len(node.exceptions) for _, node in nodes), default=0)):
        inner = [(i, n.exceptions[place]) for i, n in nodes if place < len(n.exceptions)]
        lane.exceptions.append(_lay(inner, lanes))
    return lane


def literals(lanes: Iterable[Lane]) -> Iterator[tuple[int, Test | Undecided, bool]]:
    """Every literal with the bit it stands at."""
    for lane in lanes:
        for i, node in lane.members:
            for leaf, negated in node.literals:
                yield lane.start + i, leaf, negated


def bits(places: Iterable[int]) -> Bits:
    """The set of these bits. Made in bytes: integers would be copied for each."""
    listed = list(places)
    held = bytearray(max(listed, default=0) // 8 + 1)
    for place in listed:
        held[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(held, "little")


def sorted_by_shape(nodes: Mapping[str, Node]) -> list[str]:
    """The keys, those with the largest trees first: then each lane fills its first bits."""
    return sorted(nodes, key=lambda name: nodes[name].shape, reverse=True)
