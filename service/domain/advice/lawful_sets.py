"""The set of greatest worth of which no two members conflict: exact, by branch and bound.

Members may have caps in common: together they are worth no more than those let them. Of some no
more than so many may be taken.

Parts that do not conflict with each other are searched apart, so that what many programmes and
projects have in common costs nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import zip_longest
from typing import NamedTuple

from service.domain.advice.common_caps import CommonCap, PaidTogether, Payments
from service.domain.advice.packing import Number


class AtMost(NamedTuple):
    """Members of whom no more than so many are taken; nobody is a member of two of these."""

    members: frozenset[int]
    number: int


def best_lawful_set(
    worth: Sequence[int],
    conflicts: Sequence[AbstractSet[int]],
    caps: Sequence[CommonCap] = (),
    payments: Sequence[Payments] = (),
    limits: Sequence[AtMost] = (),
) -> tuple[Number, set[int]]:
    """The greatest total, and the members that reach it. What is worth nothing is not taken.
    `payments` are what each is paid in each year, where caps of a year are to be told from others.
    All money is in cents.

    Five, four and three, of which the first and the second exclude each other, and the second and
    the third; then all three of one another:

    >>> best_lawful_set([5, 4, 3], [{1}, {0, 2}, {1}])
    (8, {0, 2})
    >>> best_lawful_set([5, 4, 3], [{1, 2}, {0, 2}, {0, 1}])
    (5, {0})
    """
    # INVARIANT: conflicts go both ways; of a pair that names one only, both might be taken.
    spent = frozenset[int]().union(*(limit.members for limit in limits if not limit.number))
    useful = {i for i, amount in enumerate(worth) if amount > 0 and i not in spent}
    limit_of = {i: limit for limit in limits for i in limit.members}
    together = [*(cap.members for cap in caps), *(limit.members for limit in limits)]
    payments = payments or [(amount,) for amount in worth]
    total: Number = 0
    taken = set[int]()
    for part in _parts(useful, conflicts, together):
        within = [c for c in caps if not part.isdisjoint(c.members)]
        if len(part) == 1 and not within:
            total += sum(worth[i] for i in part)
            taken |= part
            continue
        search = _LawfulSetSearch(worth, conflicts, within, payments, limit_of)
        best, members = search.run(sorted(part, key=lambda i: (-worth[i], i)))
        total += best
        taken |= members
    return total, taken


def _parts(
    useful: set[int],
    conflicts: Sequence[AbstractSet[int]],
    together: Sequence[AbstractSet[int]],
) -> Iterator[set[int]]:
    """The members that hang together by conflicts, or by caps or limits in common."""
    left = set(useful)
    while left:
        part, waiting = set[int](), [min(left)]
        while waiting:
            i = waiting.pop()
            if i in left:
                left.remove(i)
                part.add(i)
                waiting += conflicts[i] & left
                waiting += [j for group in together if i in group for j in group & left]
        yield part


class _LawfulSetSearch:
    """One part, its members by falling worth."""

    def __init__(
        self,
        worth: Sequence[int],
        conflicts: Sequence[AbstractSet[int]],
        caps: Sequence[CommonCap],
        payments: Sequence[Payments],
        limit_of: Mapping[int, AtMost],
    ) -> None:
        self.worth, self.conflicts, self.caps = worth, conflicts, caps
        self.payments, self.limit_of = payments, limit_of
        self.paid = PaidTogether(payments, caps)
        self.capped = frozenset[int]().union(*(cap.members for cap in caps))
        self.best: Number = 0
        self.members = set[int]()
        self.clique: dict[int, int] = {}

    def run(self, order: list[int]) -> tuple[Number, set[int]]:
        self._cover(order)
        self._extend(order, 0, [], self.paid)
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

    def _extend(self, left: list[int], total: Number, taken: list[int], paid: PaidTogether) -> None:
        """Try everything that can be added to what is taken. What conflicts with nothing, or only
        with members that conflict with each other and is worth the most of them whatever is taken,
        is taken without a choice."""
        while left and total + self._bound(left, taken) > self.best:
            first, rest = left[0], left[1:]
            beside = [i for i in rest if i not in self.conflicts[first]]
            if not self._excludes_nothing_better(first, rest):
                self._extend(rest, total, list(taken), paid.copy())
            taken.append(first)
            full = self._full(first, taken)
            total, left = total + paid.add(first), [i for i in beside if i not in full]
        if total > self.best:
            self.best, self.members = total, set(taken)

    def _full(self, first: int, taken: list[int]) -> frozenset[int]:
        """Whom the limit of a member that was taken lets in no longer."""
        limit = self.limit_of.get(first)
        if limit is None or len(limit.members.intersection(taken)) < limit.number:
            return frozenset()
        return limit.members

    def _excludes_nothing_better(self, first: int, rest: list[int]) -> bool:
        against = [i for i in rest if i in self.conflicts[first]]
        limit = self.limit_of.get(first)
        rivals = [i for i in rest if i in limit.members] if limit else []
        if against and (rivals or first in self.capped):
            return False
        if rivals and first in self.capped:
            return all(self._takes_the_place_of(first, i) for i in rivals)
        return all(j in self.conflicts[i] for n, i in enumerate(against) for j in against[:n])

    def _takes_the_place_of(self, one: int, other: int) -> bool:
        """Whether one member is paid no less than another in each year, under the same caps."""
        years = zip_longest(self.payments[one], self.payments[other], fillvalue=0)
        same_caps = all((one in cap.members) == (other in cap.members) for cap in self.caps)
        return same_caps and all(mine >= its for mine, its in years)

    def _bound(self, left: list[int], taken: list[int]) -> int:
        """An upper bound of what the members left can add: the best of each clique, or, where
        members have a limit, as many of the best as it still lets in beside the cliques of the
        others."""
        limited = [i for i in left if i in self.limit_of]
        by_clique = self._best_of_cliques(left)
        if not limited:
            return by_clique
        places = Counter(self.limit_of[i] for i in taken if i in self.limit_of)
        let_in = 0
        for i in limited:
            limit = self.limit_of[i]
            places[limit] += 1
            if places[limit] <= limit.number:
                let_in += self.worth[i]
        others = self._best_of_cliques([i for i in left if i not in self.limit_of])
        return min(by_clique, let_in + others)

    def _best_of_cliques(self, left: list[int]) -> int:
        best: dict[int, int] = {}
        for i in left:
            best.setdefault(self.clique[i], self.worth[i])
        return sum(best.values())
