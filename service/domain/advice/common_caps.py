"""What amounts come to within the caps that they have in common: all of one programme's, or of
several programmes together, in the whole or in each year.

The caps of the whole lie within or beside each other, and so do those of a year. The most that can
be paid is then the greatest flow: from the widest cap of the whole through the narrower ones to
each amount, from there to its years, and on through the yearly caps, the widest last.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from service.domain.rules.amounts import EXACT

_NOTHING = Decimal(0)
# What is paid in the first year, in the second …
Payments: TypeAlias = Sequence[Decimal]
_Edges: TypeAlias = "defaultdict[object, dict[object, Decimal]]"
_SOURCE, _SINK = "source", "sink"
# No measure runs longer: what is paid later counts for the last of these years.
_MAX_YEARS = 100


class CommonCap(NamedTuple):
    """Members that are together paid no more than an amount, in the whole or in each year."""

    members: frozenset[int]
    amount: Decimal
    yearly: bool = False


def payments_of(whole: Decimal, year: Decimal | None) -> Payments:
    """What is paid in each year, where one year's payment is known; all at once where none is."""
    if not year or year >= whole:
        return (whole,)
    full = EXACT.divide_int(whole, year)
    years = min(int(full), _MAX_YEARS - 1)
    last = EXACT.subtract(whole, year * years)
    return (*[year] * years, *((last,) if last else ()))


class PaidTogether:
    """The most that members are paid within their caps, one added after the other.

    Sixty and fifty, together no more than a hundred; then twice thirty a year beside forty once, in
    each year no more than fifty:

    >>> within = CommonCap(frozenset({0, 1}), Decimal(100))
    >>> paid = PaidTogether([[Decimal(60)], [Decimal(50)]], [within])
    >>> paid.add(0), paid.add(1)
    (Decimal('60'), Decimal('40'))
    >>> yearly = CommonCap(frozenset({0, 1}), Decimal(50), yearly=True)
    >>> paid = PaidTogether([[Decimal(30), Decimal(30)], [Decimal(40)]], [yearly])
    >>> paid.add(0), paid.add(1)
    (Decimal('60'), Decimal('20'))
    """

    def __init__(
        self,
        payments: Sequence[Payments],
        caps: Sequence[CommonCap],
        left: Mapping[object, Mapping[object, Decimal]] | None = None,
    ) -> None:
        self._payments, self._caps = payments, caps
        widest_first = sorted(caps, key=lambda cap: -len(cap.members))
        self._whole = [cap for cap in widest_first if not cap.yearly]
        self._yearly = [cap for cap in reversed(widest_first) if cap.yearly]
        self._bound = {i for cap in caps for i in cap.members}
        # How much more can pass between each two places.
        self._left: _Edges = defaultdict(dict)
        for place, others in (left or {}).items():
            self._left[place] = dict(others)

    def add(self, member: int) -> Decimal:
        """What one more member adds to what those before it are paid."""
        payments = self._payments[member]
        amount = sum(payments, _NOTHING)
        if member not in self._bound:
            return amount
        left, item = self._left, ("item", member)
        _join(left, [_SOURCE, *_gates(self._whole, member, None), item], amount)
        for year, paid in enumerate(payments):
            _join(left, [item, *_gates(self._yearly, member, year), _SINK], paid)
        return _greatest_flow(left)

    def copy(self) -> "PaidTogether":
        """The same members, to which others can be added."""
        return PaidTogether(self._payments, self._caps, self._left)


def _gates(caps: list[CommonCap], member: int, year: int | None) -> Iterator[object]:
    """A cap is passed from one side to the other, which lets no more than its amount through."""
    for n, cap in enumerate(caps):
        if member in cap.members:
            yield ("into", n, year, cap.amount)
            yield ("out of", n, year)


def _join(edges: _Edges, path: list[object], amount: Decimal) -> None:
    for one, other in pairwise(path):
        if isinstance(one, tuple) and one[0] == "into":
            edges[one].setdefault(other, one[-1])  # the same for all members
        else:
            edges[one][other] = edges[one].get(other, _NOTHING) + amount


def _greatest_flow(edges: _Edges) -> Decimal:
    """How much more passes; `edges` become what is left of them."""
    total = _NOTHING
    while path := _open_path(edges):
        steps = list(pairwise(path))
        through = min(edges[one][other] for one, other in steps)
        for one, other in steps:
            edges[one][other] -= through
            edges[other][one] = edges[other].get(one, _NOTHING) + through
        total += through
    return total


def _open_path(edges: _Edges) -> list[object]:
    """A shortest path on which something can still pass; empty where there is none."""
    before: dict[object, object] = {_SOURCE: None}
    waiting: list[object] = [_SOURCE]
    for place in waiting:
        for other, left in edges[place].items():
            if left > 0 and other not in before:
                before[other] = place
                waiting.append(other)
    if _SINK not in before:
        return []
    path: list[object] = [_SINK]
    while (place := before[path[-1]]) is not None:
        path.append(place)
    return path[::-1]
