"""What amounts come to within the caps that they have in common."""

from decimal import Decimal
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from service.domain.advice.common_caps import CommonCap, PaidTogether, payments_of
from tests.domain.strategies import FAST

# Sets of three members that lie within or beside each other.
NESTED = (({0, 1, 2}, {0, 1}), ({0, 1, 2}, {2}), ({0, 1}, {0}), ({1, 2},), ({0, 1}, {2}))


@st.composite
def caps(draw: st.DrawFn) -> list[CommonCap]:
    """Caps of the whole and caps of a year, each family nested."""
    return [
        CommonCap(frozenset(members), Decimal(draw(st.integers(0, 4))), yearly)
        for yearly in (False, True)
        for members in draw(st.sampled_from([(), *NESTED]))
    ]


PAYMENTS = st.lists(
    st.lists(st.integers(0, 2).map(Decimal), min_size=1, max_size=2), min_size=3, max_size=3
)


@FAST
@given(PAYMENTS, caps())
def test_it_is_the_most_of_all_ways_to_pay(
    payments: list[list[Decimal]], within: list[CommonCap]
) -> None:
    """Every way to pay whole amounts, up to what each is due, is tried: the best that no cap
    forbids is what comes out."""
    places = [(i, year) for i, one in enumerate(payments) for year in range(len(one))]
    best = Decimal(0)
    for paid in product(*(range(int(payments[i][year]) + 1) for i, year in places)):
        amounts = dict(zip(places, map(Decimal, paid), strict=True))
        if all(_keeps(cap, amounts) for cap in within):
            best = max(best, sum(amounts.values(), Decimal(0)))
    one = PaidTogether(payments, within)
    first = one.add(0)
    other = one.copy()
    assert first + one.add(1) + one.add(2) == best
    assert first + other.add(2) + other.add(1) == best


def _keeps(cap: CommonCap, amounts: dict[tuple[int, int], Decimal]) -> bool:
    years = [{0}, {1}] if cap.yearly else [{0, 1}]
    return all(
        sum(a for (i, year), a in amounts.items() if i in cap.members and year in span)
        <= cap.amount
        for span in years
    )


def test_a_whole_is_paid_year_by_year() -> None:
    """Seven at three a year is three, three and one; where no year is known all is paid at once."""
    assert list(payments_of(Decimal(7), Decimal(3))) == [3, 3, 1]
    assert list(payments_of(Decimal(6), Decimal(3))) == [3, 3]
    assert list(payments_of(Decimal(2), Decimal(3))) == [2]
    assert list(payments_of(Decimal(7), None)) == [7]
    assert sum(payments_of(Decimal(10**9), Decimal("0.01"))) == 10**9
