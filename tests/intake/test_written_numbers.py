"""Numbers, percentages and periods as people write them."""

from decimal import Decimal

import pytest

from service.intake.written_numbers import read_count, read_number, read_share
from service.intake.written_values import Unreadable


def test_a_percentage_of_one_or_less_needs_its_sign() -> None:
    """A spreadsheet holds 12.5% as 0.125."""
    assert read_number("12.5%", percent=True).value == "12.5"
    assert read_number("0.5%", percent=True, ambiguous=True).value == "0.5"
    assert read_number("0.5", percent=True).value == "0.5"
    with pytest.raises(Unreadable) as asked:
        read_number("0.125", percent=True, ambiguous=True)
    assert "0.125% or 12.5%;" in asked.value.text.en


@pytest.mark.parametrize(
    ("written", "unit", "count"),
    [("3年", "month", "36"), ("三年", "month", "36"), ("3 years", "month", "36"),
     ("18个月", "month", "18"), ("24", "month", "24"), ("3年", "year", "3"),
     ("一年半", "month", "18"), ("半年", "month", "6"), ("两年零三个月", "month", "27"),
     ("1 year 6 months", "month", "18"), ("2年半", "month", "30"),
     ("1.5年", "month", "18"), ("三年期", "month", "36"), ("one year", "month", "12"),
     ("a year and a half", "month", "18"), ("two and a half years", "month", "30"),
     ("twenty", "person", "20"),
     ("八十", "person", "80"), ("80人", "person", "80")],
)  # fmt: skip
def test_a_count_is_of_what_its_fact_counts(written: str, unit: str, count: str) -> None:
    """Three years of a fact in months are thirty-six."""
    assert read_count(written, unit).value == count


@pytest.mark.parametrize(
    ("written", "unit"),
    [("18个月", "year"), ("3人", "month"), ("百", "person"), ("5年", "person")],
)
def test_a_count_of_something_else_is_refused(written: str, unit: str) -> None:
    with pytest.raises(Unreadable):
        read_count(written, unit)


@pytest.mark.parametrize(
    ("written", "in_per_cent", "value"),
    [("3%", False, "0.03"), ("3.0％", False, "0.03"), ("0.031", False, "0.031"),
     ("3.1", True, "0.031"), ("3.1%", True, "0.031"), ("0", True, "0")],
)  # fmt: skip
def test_a_share_is_written_with_the_percent_sign_or_below_a_header_that_has_it(
    written: str, in_per_cent: bool, value: str
) -> None:
    read = read_share(written, in_per_cent=in_per_cent, most=Decimal("0.2"), example="3%")
    assert read.value == value


@pytest.mark.parametrize(
    ("written", "in_per_cent"), [("3", False), ("0.03", True), ("三", False), ("12.5x", False)]
)
def test_a_share_that_may_be_another_is_not_read(written: str, in_per_cent: bool) -> None:
    with pytest.raises(Unreadable, match=r"3%|percent"):
        read_share(written, in_per_cent=in_per_cent, most=Decimal("0.2"), example="3%")


def test_few_months_may_be_years_where_nobody_says_which() -> None:
    assert read_count("3年", "month", ambiguous_below=12).value == "36"
    assert read_count("12", "month", ambiguous_below=12).value == "12"
    with pytest.raises(Unreadable, match="3 years"):
        read_count("3", "month", ambiguous_below=12)
