"""The set of greatest worth of which no two members conflict: exact, by branch and bound.

Parts that do not conflict with each other are searched apart, so that what many programmes and
projects have in common costs nothing.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal

_NOTHING = Decimal(0)


def best_lawful_set(
    worth: Sequence[Decimal], conflicts: Sequence[AbstractSet[int]]
) -> tuple[Decimal, set[int]]:
    """The greatest total, and the members that reach it. What is worth nothing is not taken."""
    useful = {i for i, amount in enumerate(worth) if amount > 0}
    total, taken = _NOTHING, set[int]()
    for part in _parts(useful, conflicts):
        best, members = _LawfulSetSearch(worth, conflicts).run(
            sorted(part, key=lambda i: (-worth[i], i))
        )
        total += best
        taken |= members
    return total, taken


def _parts(useful: set[int], conflicts: Sequence[AbstractSet[int]]) -> Iterator[set[int]]:
    """The members that hang together by conflicts."""
    left = set(useful)
    while left:
        part, waiting = set[int](), [min(left)]
        while waiting:
            i = waiting.pop()
            if i in left:
                left.remove(i)
                part.add(i)
                waiting += conflicts[i] & left
        yield part


class _LawfulSetSearch:
    """One part, its members by falling worth."""

    def __init__(self, worth: Sequence[Decimal], conflicts: Sequence[AbstractSet[int]]) -> None:
        self.worth, self.conflicts = worth, conflicts
        self.best, self.members = _NOTHING, set[int]()
        self.clique: dict[int, int] = {}

    def run(self, order: list[int]) -> tuple[Decimal, set[int]]:
        self._cover(order)
        self._extend(order, _NOTHING, [])
        return self.best, self.members

    def _cover(self, order: list[int]) -> None:
        """Part the members into cliques: of each at most one is taken."""
        cliques: list[list[int]] = []
        for i in order:
            place = next((n for n, c in enumerate(cliques) if self.conflicts[i] >= set(c)), -1)
            if place < 0:
                cliques.append([])
            cliques[place].append(i)
            self.clique[i] = place % len(cliques)

    def _extend(self, left: list[int], total: Decimal, taken: list[int]) -> None:
        """Try everything that can be added to what is taken. What conflicts only with members that
        conflict with each other, and is worth the most of them, is taken without a choice."""
        while left and total + self._bound(left) > self.best:
            first, rest = left[0], left[1:]
            beside = [i for i in rest if i not in self.conflicts[first]]
            if not self._excludes_nothing_better(first, rest):
                self._extend(rest, total, list(taken))
            total, left = total + self.worth[first], beside
            taken.append(first)
        if total > self.best:
            self.best, self.members = total, set(taken)

    def _excludes_nothing_better(self, first: int, rest: list[int]) -> bool:
        against = [i for i in rest if i in self.conflicts[first]]
        return all(j in self.conflicts[i] for n, i in enumerate(against) for j in against[:n])

    def _bound(self, left: list[int]) -> Decimal:
        """At most so much can be added: the best of each clique."""
        best: dict[int, Decimal] = {}
        for i in left:
            best.setdefault(self.clique[i], self.worth[i])
        return sum(best.values(), _NOTHING)
