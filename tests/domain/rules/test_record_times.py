"""The years and days in which a rule wants a certificate issued, or support received."""

from datetime import date

import pytest

from service.domain.dates import Span, Window
from service.domain.rules.record_times import FiscalYears, FromNow, Recent, Years
from service.domain.truth import Truth

TODAY = date(2026, 11, 22)
THIS_YEAR = FromNow(0)


@pytest.mark.parametrize(
    ("years", "year", "truth"),
    [
        (Years(2024, 2025), 2023, Truth.FALSE),
        (Years(2024, 2025), 2024, Truth.TRUE),
        (Years(2024, 2025), 2025, Truth.TRUE),
        (Years(2024, 2025), 2026, Truth.FALSE),
        (Years(2024, None), 2199, Truth.TRUE),
        (Years(None, 2025), 1900, Truth.TRUE),
        (Years(2024, 2025), None, Truth.UNKNOWN),
        (Years(FromNow(-2), THIS_YEAR), 2024, Truth.TRUE),
        (Years(FromNow(-2), THIS_YEAR), 2023, Truth.FALSE),
        (Years(THIS_YEAR, None), 2025, Truth.FALSE),
    ],
)
def test_both_ends_of_years_count_and_a_year_not_stated_is_unknown(
    years: Years, year: int | None, truth: Truth
) -> None:
    assert years.hold(year, TODAY) is truth


def test_years_counted_from_the_day_are_others_in_the_next_year() -> None:
    lately = Years(FromNow(-1), THIS_YEAR)
    assert lately.turn_with_the_year
    assert lately.on(TODAY) == (2025, 2026)
    assert lately.on(date(2027, 1, 1)) == (2026, 2027)
    assert not Years(2025, 2026).turn_with_the_year


def test_the_corresponding_day_of_some_months_ago_still_counts() -> None:
    """The last twelve months end on the day itself and begin on the same day of the year before."""
    window = Recent(Span(months=12)).on(TODAY)
    assert window == Window(date(2025, 11, 22), TODAY)


@pytest.mark.parametrize(
    ("years", "as_of", "first"),
    [
        (FiscalYears(1), TODAY, date(2026, 1, 1)),
        (FiscalYears(3), TODAY, date(2024, 1, 1)),
        (FiscalYears(3), date(2026, 12, 31), date(2024, 1, 1)),
        (FiscalYears(1, 3, 31), date(2026, 3, 31), date(2025, 4, 1)),
        (FiscalYears(1, 3, 31), date(2026, 4, 1), date(2026, 4, 1)),
        (FiscalYears(2, 2, 29), date(2024, 2, 29), date(2022, 3, 1)),
    ],
)
def test_the_fiscal_year_in_progress_is_one_of_them(
    years: FiscalYears, as_of: date, first: date
) -> None:
    """A year that ends on a day still runs on that day; the next begins on the day after."""
    assert years.on(as_of) == Window(first, as_of)
