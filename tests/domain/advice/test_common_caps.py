"""What amounts come to within the caps that they have in common."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from z3 import And, Optimize, Real, Sum

from service.domain.advice.common_caps import (
    CommonCap,
    PaidTogether,
    from_cents,
    in_cents,
    payments_of,
)
from tests.domain.strategies import FAST

COUNT = 4
MEMBERS = st.frozensets(st.integers(0, COUNT - 1), min_size=1)
CAPS = st.lists(st.builds(CommonCap, MEMBERS, st.integers(0, 4), st.booleans()), max_size=5)
PAYMENTS = st.lists(
    st.lists(st.integers(0, 3), min_size=1, max_size=2), min_size=COUNT, max_size=COUNT
)
ORDER = st.permutations(range(COUNT))


@FAST
@given(PAYMENTS, CAPS, ORDER)
def test_it_is_the_most_of_all_ways_to_pay(
    payments: list[list[int]], within: list[CommonCap], order: list[int]
) -> None:
    """Caps of any sets, in the whole or in each year, within each other, beside or across: an
    independent solver finds no more; whatever is added first, the whole is the same."""
    paid = PaidTogether(payments, within)
    other = paid.copy()
    added = sum(paid.add(i) for i in order)
    assert added == sum(other.add(i) for i in range(COUNT)) == most(payments, within)
    shares = paid.shares(order)
    assert sum(shares.values()) == added
    assert can_be_paid(payments, within, shares)


def most(payments: list[list[int]], within: list[CommonCap]) -> Fraction:
    """The greatest sum by z3."""
    amounts = amounts_of(payments)
    solver = Optimize()
    solver.add(*lawful(payments, within))
    found = solver.maximize(Sum(list(amounts.values())))
    assert str(solver.check()) == "sat"
    return Fraction(str(found.value()))


def can_be_paid(
    payments: list[list[int]], within: list[CommonCap], shares: dict[int, int | Fraction]
) -> bool:
    """Whether what each is paid in all can be spread over its years within every cap."""
    solver = Optimize()
    solver.add(*lawful(payments, within))
    for i, share in shares.items():
        solver.add(Sum([a for (j, _), a in amounts_of(payments).items() if j == i]) == share)
    return str(solver.check()) == "sat"


def amounts_of(payments: list[list[int]]) -> dict[tuple[int, int], Real]:
    return {(i, y): Real(f"a{i}_{y}") for i, one in enumerate(payments) for y in range(len(one))}


def lawful(payments: list[list[int]], within: list[CommonCap]) -> list[object]:
    amounts = amounts_of(payments)
    kept: list[object] = [And(a >= 0, a <= payments[i][y]) for (i, y), a in amounts.items()]
    for cap in within:
        for years in [{0}, {1}] if cap.yearly else [{0, 1}]:
            some = [a for (i, y), a in amounts.items() if i in cap.members and y in years]
            kept += [Sum(some) <= cap.amount] if some else []
    return kept


def test_what_is_paid_first_does_not_go_beyond_a_cap_that_crosses() -> None:
    """The first two share ten, and so do the first and the third: the two others are paid ten each,
    and of ten for the first nothing is left."""
    caps = [CommonCap(frozenset({0, 1}), 10), CommonCap(frozenset({0, 2}), 10)]
    paid = PaidTogether([[10], [10], [10]], caps)
    assert [paid.add(i) for i in range(3)] == [10, 0, 10]
    assert paid.shares(range(3)) == {0: 0, 1: 10, 2: 10}


def test_three_that_cap_each_other_in_pairs_are_paid_half_each() -> None:
    """No two of three together more than one: one and a half in all, rounded down at the end."""
    caps = [CommonCap(frozenset(pair), 1) for pair in ({0, 1}, {1, 2}, {0, 2})]
    paid = PaidTogether([[1], [1], [1]], caps)
    assert sum(paid.add(i) for i in range(3)) == Fraction(3, 2)
    assert from_cents(Fraction(3, 2)) == Decimal("0.01")


def test_many_that_share_many_caps_are_found_at_once() -> None:
    """Ten programmes for thirty projects, a cap for each programme, one for each project, and both
    for each year of three: what the sum of the projects' caps is."""
    items = [(programme, project) for programme in range(10) for project in range(30)]
    rows = [frozenset(i for i, (p, _) in enumerate(items) if p == n) for n in range(10)]
    columns = [frozenset(i for i, (_, p) in enumerate(items) if p == n) for n in range(30)]
    caps = [
        *(CommonCap(row, 900) for row in rows), *(CommonCap(column, 200) for column in columns),
        *(CommonCap(row, 500, yearly=True) for row in rows),
    ]  # fmt: skip
    paid = PaidTogether([[20, 20, 20]] * len(items), caps)
    assert sum(paid.add(i) for i in range(len(items))) == 30 * 200


@pytest.mark.parametrize(
    ("whole", "year", "years"),
    [(7, 3, [3, 3, 1]), (6, 3, [3, 3]), (2, 3, [2]), (7, None, [7]), (7, 0, [7])],
)
def test_a_whole_is_paid_year_by_year(whole: int, year: int | None, years: list[int]) -> None:
    """Where no year is known all is paid at once."""
    assert list(payments_of(whole, year)) == years


def test_what_would_be_paid_for_ever_ends() -> None:
    assert sum(payments_of(10**11, 1)) == 10**11


@pytest.mark.parametrize("amount", ["0.00", "0.30", "12345678901234567890123456789012.34"])
def test_money_is_whole_cents(amount: str) -> None:
    assert str(in_cents(Decimal(amount))) == amount.replace(".", "").lstrip("0").rjust(1, "0")
    assert from_cents(in_cents(Decimal(amount))) == Decimal(amount)
