"""Money that is paid over time: each month, each year, and the whole."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.facts.profile import NOBODY, Subject
from service.domain.rules.amounts import Benefit, ceiling
from service.domain.rules.caps import Cap, Per, by_span
from service.domain.rules.intervals import interval_of
from service.domain.rules.paid_over_time import Duration, Period, capped_amount
from service.domain.rules.quantities import Constant, FactQuantity
from tests.domain.sample import DAY, D
from tests.domain.strategies import FAST

CONTRACT = "project.contract_amount"
YEARLY = Cap(Constant(Fraction(300_000)), Per.YEAR)
FADING = Duration(
    Period.YEAR, Constant(Fraction(3)), Period.YEAR,
    shares=(Constant(Fraction(1)), Constant(Fraction("0.8")), Constant(Fraction("0.5"))),
)  # fmt: skip
IN_ALL = Cap(Constant(Fraction(500_000)))


@pytest.mark.parametrize(
    ("caps", "contract", "whole", "years"),
    [
        ((), 100_000, "230000.00", ["100000.00", "80000.00", "50000.00"]),
        ((YEARLY,), 400_000, "800000.00", ["300000.00", "300000.00", "200000.00"]),
        ((IN_ALL,), 400_000, "500000.00", ["400000.00", "100000.00", "0.00"]),
        ((YEARLY,), None, "900000.00", ["300000.00", "300000.00", "300000.00"]),
        # What the first year takes of the cap is not left for the second.
        ((IN_ALL,), None, "500000.00", ["500000.00", "222222.22", "108695.65"]),
        ((), None, None, [None, None, None]),
    ],
    ids=["no cap", "of each year", "of the whole", "unknown, capped", "unknown, capped", "unknown"],
)
def test_years_that_differ(
    caps: tuple[Cap, ...], contract: int | None, whole: str | None, years: list[str | None]
) -> None:
    """Each year and the whole; a cap of the whole is used up by the years before."""
    benefit = Benefit(amount=FactQuantity(CONTRACT, Fraction(0)), caps=caps, over=FADING)
    stated = {} if contract is None else {CONTRACT: D(contract)}
    found = ceiling(benefit, Subject(None, stated, {}), DAY)
    told = [None if y.at_most is None else str(y.at_most) for y in found.by_year]
    assert (None if found.at_most is None else str(found.at_most), told) == (whole, years)


@pytest.mark.parametrize("period", Period)
@pytest.mark.parametrize("lasts_in", Period)
@FAST
@given(amount=st.integers(0, 10**9), years=st.integers(0, 40))
def test_the_quantities_and_the_ceiling_are_of_the_same_money(
    period: Period, lasts_in: Period, amount: int, years: int
) -> None:
    """What a cap is held against, and where money bends, are made of the quantities; what an
    applicant is told, of the ceiling: over whole years they are one."""
    lasts = Constant(Fraction(years * 12, lasts_in.months))
    over = Duration(period, lasts, lasts_in)
    paid = Constant(Fraction(amount))
    told = ceiling(Benefit(amount=paid, over=over), NOBODY, DAY)
    whole, year, quarter, month = (
        interval_of(capped_amount(paid, per, over), NOBODY, DAY).point
        for per in (Per.UNSTATED, Per.YEAR, Per.QUARTER, Per.MONTH)
    )
    assert told.amount == whole
    assert told.per_year is not None
    assert told.per_year.amount == (year if years else Decimal(0))
    assert month is not None
    assert (month * 12, month * 3) == (year, quarter)


def test_caps_of_a_month_and_of_a_quarter_bound_what_a_year_comes_to() -> None:
    """The tighter of the two counts: 6,000 a quarter, for a year and a half."""
    caps = (Cap(Constant(Fraction(10_000)), Per.MONTH), Cap(Constant(Fraction(6_000)), Per.QUARTER))
    over = Duration(Period.QUARTER, Constant(Fraction(6)), Period.QUARTER)
    found = ceiling(Benefit(amount=Constant(Fraction(50_000)), caps=caps, over=over), NOBODY, DAY)
    assert found.per_year is not None
    assert (found.amount, found.per_year.amount) == (Decimal(36_000), Decimal(24_000))


def test_caps_are_told_apart_by_the_span_that_they_bound() -> None:
    """A cap of a project or of no stated thing is one of the whole."""
    caps = by_span((per, per.value) for per in Per)
    assert (caps.monthly, caps.quarterly, caps.yearly) == (("month",), ("quarter",), ("year",))
    assert set(caps.whole) == {per.value for per in Per} - {"month", "quarter", "year"}
