"""What amounts come to within the caps that they have in common: all of one programme's, or of
several programmes together, in the whole or in each year.

Caps may lie within each other, beside each other or across: all of them bind at once, and the most
that can be paid within all is what counts. Money is whole cents here.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from service.domain.advice.packing import Name, Number, Packing
from service.domain.rules.rounding import EXACT

# What is paid in the first year, in the second …
Payments: TypeAlias = Sequence[int]
# No measure runs longer: what is paid later counts for the last of these years.
_MAX_YEARS = 100


class CommonCap(NamedTuple):
    """Members that are together paid no more than an amount, in the whole or in each year."""

    members: frozenset[int]
    amount: int
    yearly: bool = False


def in_cents(amount: Decimal) -> int:
    """Money, which has no more than two places, in its smallest coins."""
    return int(amount.scaleb(2, EXACT))


def from_cents(amount: Number) -> Decimal:
    """Money as it is paid, rounded down."""
    return Decimal(amount // 1).scaleb(-2, EXACT)


def payments_of(whole: int, year: int | None, by_year: Sequence[int] = ()) -> Payments:
    """What is paid in each year, where one year's payment is known, or each year's; all at once
    where none is.

    >>> payments_of(7, 3), payments_of(7, None), payments_of(7, 4, [4, 2, 2])
    ((3, 3, 1), (7,), (4, 2, 1))
    """
    if by_year:
        ends = [min(end, whole) for end in accumulate(by_year)]
        paid = [end - before for before, end in zip((0, *ends), ends, strict=False)]
        return tuple(filter(None, (*paid, whole - ends[-1]))) or (whole,)
    if not year or year >= whole:
        return (whole,)
    years = min(whole // year, _MAX_YEARS - 1)
    last = whole - year * years
    return (*[year] * years, *((last,) if last else ()))


class PaidTogether:
    """The most that members are paid within their caps, one added after the other.

    Sixty and fifty, together no more than a hundred; then twice thirty a year beside forty once, in
    each year no more than fifty:

    >>> within = CommonCap(frozenset({0, 1}), 100)
    >>> paid = PaidTogether([[60], [50]], [within])
    >>> paid.add(0), paid.add(1)
    (60, 40)
    >>> yearly = CommonCap(frozenset({0, 1}), 50, yearly=True)
    >>> paid = PaidTogether([[30, 30], [40]], [yearly])
    >>> paid.add(0), paid.add(1)
    (60, 20)
    """

    def __init__(self, payments: Sequence[Payments], caps: Sequence[CommonCap]) -> None:
        self._payments, self._caps = payments, caps
        self._packing = Packing()
        # The bounds of the caps, by cap and year, and each member's amounts.
        self._bounds: dict[tuple[int, int | None], Name] = {}
        self._amounts: dict[int, list[Name]] = {}

    def add(self, member: int) -> Number:
        """What one more member adds to what those before it are paid."""
        payments = self._payments[member]
        caps = [(n, cap.yearly) for n, cap in enumerate(self._caps) if member in cap.members]
        if not caps:
            return sum(payments)
        if not any(yearly for _, yearly in caps):
            payments = (sum(payments),)
        before = self._packing.total
        self._amounts[member] = [
            self._packing.add(paid, list(self._bounds_of(caps, year)))
            for year, paid in enumerate(payments)
        ]
        return self._packing.fill() - before

    def shares(self, members: Iterable[int]) -> dict[int, Number]:
        """What each is paid where all together are paid the most; those that are named first as
        much as can be."""
        packing = self._packing.copy()
        found: dict[int, Number] = {}
        for member in members:
            amounts = self._amounts.get(member)
            if amounts is not None:
                packing.prefer(amounts)
                found[member] = sum(map(packing.amount, amounts))
            else:
                found[member] = sum(self._payments[member])
        return found

    def copy(self) -> "PaidTogether":
        """A copy, to which members can be added without changing this one."""
        if not self._caps:
            return self  # nothing is kept of anybody
        other = PaidTogether(self._payments, self._caps)
        other._packing = self._packing.copy()
        other._bounds, other._amounts = dict(self._bounds), dict(self._amounts)
        return other

    def _bounds_of(self, caps: list[tuple[int, bool]], year: int) -> Iterator[Name]:
        for n, yearly in caps:
            key = n, year if yearly else None
            if key not in self._bounds:
                self._bounds[key] = self._packing.bound(self._caps[n].amount)
            yield self._bounds[key]
