"""Ceilings to the cent: an upper bound, rounded down, never an estimate."""

from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.facts.profile import NOBODY, Subject, Value
from service.domain.rules.amounts import Benefit, ceiling
from service.domain.rules.caps import Cap, Per
from service.domain.rules.ceiling import Ceiling
from service.domain.rules.conditions import Predicate
from service.domain.rules.operators import Range
from service.domain.rules.paid_over_time import Duration, Period
from service.domain.rules.quantities import (
    AsOf,
    Branch,
    Cases,
    Constant,
    FactQuantity,
    Quantity,
    YearOf,
)
from service.domain.rules.rounding import round_down
from tests.domain.sample import CLAUSE, DAY, VOCABULARY, D, money, subject
from tests.domain.strategies import DAYS, FAST, quantities

CONTRACT = "project.contract_amount"
FIRST_SET = money(D(20_000_000), D("0.30"), D("0.30"), CONTRACT)
HALF = money(None, D("0.5"), D("0.5"), CONTRACT)
INTERVAL = money(D(20_000_000), D("0.20"), D("0.30"), CONTRACT)
OPEN_INTERVAL = money(None, D("0.20"), D("0.30"), CONTRACT)
INTEREST = money(D(1_000_000), D("0.5"), D("0.5"), CONTRACT, ("project.lpr",))
FIXED = money(D(500_000))


def exactly(amount: str, cap: str | None) -> Ceiling:
    return Ceiling(D(amount), None, None if cap is None else D(cap))


MILLIONS_20 = "20000000.00"


@pytest.mark.parametrize(
    ("benefit", "base", "expected"),
    [
        (FIRST_SET, D(60_000_000), exactly("18000000.00", MILLIONS_20)),
        (FIRST_SET, D("66666666.66"), exactly("19999999.99", MILLIONS_20)),
        (FIRST_SET, D("66666666.67"), exactly("20000000.00", MILLIONS_20)),
        (FIRST_SET, D(100_000_000), exactly("20000000.00", MILLIONS_20)),
        (FIRST_SET, 60_000_000, exactly("18000000.00", MILLIONS_20)),
        (FIRST_SET, D(0), exactly("0.00", MILLIONS_20)),
        (HALF, D(800_001), exactly("400000.50", None)),
        (HALF, D("0.01"), exactly("0.00", None)),
        (HALF, D("0.03"), exactly("0.01", None)),
        (HALF, D("1e30"), exactly("5e29", None)),
        (FIXED, D(1), exactly("500000.00", "500000.00")),
        (INTERVAL, D(60_000_000), Ceiling(None, D("12000000.00"), D("18000000.00"))),
        (INTERVAL, D(80_000_000), Ceiling(None, D("16000000.00"), D("20000000.00"))),
        (INTERVAL, D(100_000_000), exactly("20000000.00", MILLIONS_20)),
        (OPEN_INTERVAL, D(100), Ceiling(None, D("20.00"), D("30.00"))),
    ],
)
def test_the_ceiling_of_a_stated_base(benefit: Benefit, base: Value, expected: Ceiling) -> None:
    """Rate × base to the cent, and not above the cap; an open rate encloses it."""
    assert ceiling(benefit, subject({CONTRACT: base}), DAY) == expected


@pytest.mark.parametrize(
    ("benefit", "expected"),
    [
        (FIRST_SET, Ceiling(None, None, D(20_000_000))),
        (INTERVAL, Ceiling(None, None, D(20_000_000))),
        (HALF, Ceiling(None, None, None)),
        (INTEREST, Ceiling(None, None, D(1_000_000))),
        (FIXED, exactly("500000.00", "500000.00")),
        (money(), Ceiling(None, None, None)),
    ],
)
def test_an_unknown_base_is_not_zero(benefit: Benefit, expected: Ceiling) -> None:
    """Only the cap bounds it; without a cap nothing does. A fixed amount needs no base."""
    assert ceiling(benefit, subject({}), DAY) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({CONTRACT: D(10_000_000), "project.lpr": D("0.031")}, D("155000.00")),
        ({CONTRACT: D("9999999.99"), "project.lpr": D("0.0345")}, D("172499.99")),
        ({CONTRACT: D(100_000_000), "project.lpr": D("0.031")}, D("1000000.00")),
        ({CONTRACT: D(10_000_000)}, None),
        ({"project.lpr": D("0.031")}, None),
    ],
)
def test_a_base_of_several_factors(facts: dict[str, Value], expected: Decimal | None) -> None:
    """All factors are multiplied before anything is rounded; one unknown leaves it open."""
    assert ceiling(INTEREST, subject(facts), DAY).amount == expected


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.00"), ("0.009999", "0.00"), ("0.01", "0.01"), ("1.999", "1.99"), ("7", "7.00")],
)
def test_rounding_is_downward(amount: str, rounded: str) -> None:
    """Half a cent is no cent; the result always shows two places."""
    assert str(round_down(D(amount))) == rounded


@pytest.mark.parametrize(
    ("bounds", "most"),
    [
        (Ceiling(D(5), None, D(9)), D(5)),
        (Ceiling(D(0), None, D(9)), D(0)),
        (Ceiling(None, D(5), D(9)), D(9)),
        (Ceiling(None, None, D(9)), D(9)),
        (Ceiling(None, None, None), None),
    ],
)
def test_the_most_it_can_be(bounds: Ceiling, most: Decimal | None) -> None:
    """The amount where it is known, even zero; otherwise the upper end; None without any bound."""
    assert bounds.at_most == most


def test_a_benefit_names_the_facts_it_is_computed_from() -> None:
    assert INTEREST.facts == (CONTRACT, "project.lpr")
    assert FIXED.facts == ()
    assert money().per is Per.UNSTATED


MONEY = st.decimals(0, 10**14, places=2)
RATES = st.decimals(0, 1, places=4)


YEARLY = Cap(Constant(Fraction(300_000)), Per.YEAR)
MONTHLY = Cap(Constant(Fraction(10_000)), Per.MONTH)
TWO_YEARS = Duration(Period.YEAR, Constant(Fraction(2)), Period.YEAR)
IN_2026 = Cases(
    (Branch(Predicate(YearOf(AsOf()), Range(2026, 2026), CLAUSE), Constant(Fraction(3))),),
    Constant(Fraction(2)),
)


@pytest.mark.parametrize(
    ("benefit", "most"),
    [
        (FIRST_SET, "20000000.00"),
        (HALF, None),
        (Benefit(amount=Constant(Fraction(100_000))), "100000.00"),
        (Benefit(amount=FactQuantity(CONTRACT), caps=(YEARLY,), over=TWO_YEARS), "600000.00"),
        (Benefit(amount=FactQuantity(CONTRACT), caps=(MONTHLY,), over=TWO_YEARS), "240000.00"),
        (
            Benefit(amount=FactQuantity(CONTRACT), caps=(MONTHLY, YEARLY), over=TWO_YEARS),
            "240000.00",
        ),
        (Benefit(amount=Constant(Fraction(5)), floor=Constant(Fraction(9))), "9.00"),
        (Benefit(amount=IN_2026, caps=(Cap(Constant(Fraction(50))),)), "50.00"),
        (Benefit(amount=IN_2026), None),
    ],
    ids=[
        "cap",
        "no cap",
        "an amount",
        "years",
        "months of years",
        "months and years",
        "floor",
        "by the day, capped",
        "by the day",
    ],
)  # fmt: skip
def test_the_most_that_anybody_gets_on_any_day(benefit: Benefit, most: str | None) -> None:
    """Never less than some year's cap makes of all years; what hangs on the day bounds nothing."""
    assert benefit.most == (None if most is None else D(most))


@FAST
@given(base=MONEY, rate=RATES, cap=st.none() | MONEY)
def test_exact_to_the_cent(base: Decimal, rate: Decimal, cap: Decimal | None) -> None:
    """In whole numbers: cents of the base × ten-thousandths of the rate, cut off, then capped."""
    cents = int(base * 100) * int(rate * 10_000) // 10_000
    if cap is not None:
        cents = min(cents, int(cap * 100))
    found = ceiling(money(cap, rate, rate, CONTRACT), subject({CONTRACT: base}), DAY)
    assert found.amount is not None
    assert found.amount * 100 == cents


@FAST
@given(base=MONEY, rate=RATES)
def test_the_precision_of_the_caller_does_not_matter(base: Decimal, rate: Decimal) -> None:
    """Nobody's decimal context can change an amount."""
    benefit = money(None, rate, rate, CONTRACT)
    expected = ceiling(benefit, subject({CONTRACT: base}), DAY)
    with localcontext() as context:
        context.prec = 3
        assert ceiling(benefit, subject({CONTRACT: base}), DAY) == expected


@FAST
@given(base=MONEY, rates=st.lists(RATES, min_size=2, max_size=2).map(sorted), cap=MONEY)
def test_an_interval_encloses_every_rate_in_it(
    base: Decimal, rates: list[Decimal], cap: Decimal
) -> None:
    """Its ends are the ceilings of its lowest and highest rate."""
    facts = subject({CONTRACT: base})
    low, high = (ceiling(money(cap, r, r, CONTRACT), facts, DAY).amount for r in rates)
    found = ceiling(money(cap, rates[0], rates[1], CONTRACT), facts, DAY)
    assert found.at_most == high
    assert (found.low if found.amount is None else found.amount) == low


@FAST
@given(quantities(VOCABULARY), st.none() | quantities(VOCABULARY), DAYS)
def test_where_nothing_is_stated_the_day_alone_decides(
    amount: Quantity, cap: Quantity | None, day: date
) -> None:
    """It comes to what it would if every fact were said to be unknown, one by one."""
    benefit = Benefit(amount, () if cap is None else (Cap(cap),))
    unknown = Subject(None, cast(dict[str, Value], dict.fromkeys(benefit.facts)), {})
    assert ceiling(benefit, NOBODY, day) == ceiling(benefit, unknown, day)
