"""The set of greatest worth of which no two members conflict: exact, by branch and bound.

Members may have caps in common: together they are worth no more than those let them.

Parts that do not conflict with each other are searched apart, so that what many programmes and
projects have in common costs nothing.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal

from service.domain.advice.common_caps import CommonCap, PaidTogether, Payments

_NOTHING = Decimal(0)


def best_lawful_set(
    worth: Sequence[Decimal],
    conflicts: Sequence[AbstractSet[int]],
    caps: Sequence[CommonCap] = (),
    payments: Sequence[Payments] = (),
) -> tuple[Decimal, set[int]]:
    """The greatest total, and the members that reach it. What is worth nothing is not taken.
    `payments` are what each is paid in each year, where caps of a year are to be told from others.

    Five, four and three, of which the first and the second exclude each other, and the second and
    the third; then all three of one another:

    >>> best_lawful_set([Decimal(5), Decimal(4), Decimal(3)], [{1}, {0, 2}, {1}])
    (Decimal('8'), {0, 2})
    >>> best_lawful_set([Decimal(5), Decimal(4), Decimal(3)], [{1, 2}, {0, 2}, {0, 1}])
    (Decimal('5'), {0})
    """
    # INVARIANT: conflicts go both ways; of a pair that names one only, both might be taken.
    useful = {i for i, amount in enumerate(worth) if amount > 0}
    payments = payments or [(amount,) for amount in worth]
    total, taken = _NOTHING, set[int]()
    for part in _parts(useful, conflicts, caps):
        within = [c for c in caps if not part.isdisjoint(c.members)]
        search = _LawfulSetSearch(worth, conflicts, within, PaidTogether(payments, within))
        best, members = search.run(sorted(part, key=lambda i: (-worth[i], i)))
        total += best
        taken |= members
    return total, taken


def _parts(
    useful: set[int], conflicts: Sequence[AbstractSet[int]], caps: Sequence[CommonCap]
) -> Iterator[set[int]]:
    """The members that hang together by conflicts or caps."""
    left = set(useful)
    while left:
        part, waiting = set[int](), [min(left)]
        while waiting:
            i = waiting.pop()
            if i in left:
                left.remove(i)
                part.add(i)
                waiting += conflicts[i] & left
                waiting += [j for cap in caps if i in cap.members for j in cap.members & left]
        yield part


class _LawfulSetSearch:
    """One part, its members by falling worth."""

    def __init__(
        self,
        worth: Sequence[Decimal],
        conflicts: Sequence[AbstractSet[int]],
        caps: Sequence[CommonCap],
        paid: PaidTogether,
    ) -> None:
        self.worth, self.conflicts, self.paid = worth, conflicts, paid
        self.capped = frozenset[int]().union(*(cap.members for cap in caps))
        self.best, self.members = _NOTHING, set[int]()
        self.clique: dict[int, int] = {}

    def run(self, order: list[int]) -> tuple[Decimal, set[int]]:
        self._cover(order)
        self._extend(order, _NOTHING, [], self.paid)
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

    def _extend(
        self, left: list[int], total: Decimal, taken: list[int], paid: PaidTogether
    ) -> None:
        """Try everything that can be added to what is taken. What conflicts with nothing, or only
        with members that conflict with each other and is worth the most of them whatever is taken,
        is taken without a choice."""
        while left and total + self._bound(left) > self.best:
            first, rest = left[0], left[1:]
            beside = [i for i in rest if i not in self.conflicts[first]]
            if not self._excludes_nothing_better(first, rest):
                self._extend(rest, total, list(taken), paid.copy())
            taken.append(first)
            total, left = total + paid.add(first), beside
        if total > self.best:
            self.best, self.members = total, set(taken)

    def _excludes_nothing_better(self, first: int, rest: list[int]) -> bool:
        against = [i for i in rest if i in self.conflicts[first]]
        if against and first in self.capped:
            return False
        return all(j in self.conflicts[i] for n, i in enumerate(against) for j in against[:n])

    def _bound(self, left: list[int]) -> Decimal:
        """At most so much can be added: the best of each clique."""
        best: dict[int, Decimal] = {}
        for i in left:
            best.setdefault(self.clique[i], self.worth[i])
        return sum(best.values(), _NOTHING)
