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
        best, members = _Search(worth, conflicts).run(sorted(part, key=lambda i: (-worth[i], i)))
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


class _Search:
    def __init__(self, worth: Sequence[Decimal], conflicts: Sequence[AbstractSet[int]]) -> None:
        self.worth, self.conflicts = worth, conflicts
        self.best, self.members = _NOTHING, set[int]()

    def run(self, order: list[int]) -> tuple[Decimal, set[int]]:
        self._extend(order, _NOTHING, ())
        return self.best, self.members

    def _extend(self, left: list[int], total: Decimal, taken: tuple[int, ...]) -> None:
        if total > self.best or not self.members:
            self.best, self.members = total, set(taken)
        if not left or total + self._bound(left) <= self.best:
            return
        first, rest = left[0], left[1:]
        beside = [i for i in rest if i not in self.conflicts[first]]
        self._extend(beside, total + self.worth[first], (*taken, first))
        if len(beside) < len(rest):  # what conflicts with nothing is always taken
            self._extend(rest, total, taken)

    def _bound(self, left: list[int]) -> Decimal:
        """At most so much can be added: of members that all conflict with each other, the best."""
        total, cliques = _NOTHING, list[list[int]]()
        for i in left:
            for clique in cliques:
                if all(j in self.conflicts[i] for j in clique):
                    clique.append(i)
                    break
            else:
                cliques.append([i])
                total += self.worth[i]
        return total
