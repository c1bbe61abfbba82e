"""Amounts as visitors say them."""

import pytest

from service.intake.rough_amounts import read_rough_amount, rough_amount_names_unit
from service.intake.written_values import Unreadable
from tests.intake.test_written_amounts import EURO, YUAN


@pytest.mark.parametrize(
    ("written", "yuan"),
    [("三百来万", "3000000"), ("三百万出头", "3000000"), ("三百多万", "3000000"),
     ("300余万元", "3000000"), ("近300万", "3000000"), ("不到300万", "3000000"),
     ("300万以内", "3000000"), ("一亿多", "100000000"), ("about 3m", "3000000"),
     ("around 3 million yuan", "3000000"), ("over twenty five thousand", "25000"),
     ("under 3m", "3000000"), ("about two and a half million", "2500000")],
)  # fmt: skip
def test_about_so_much_is_taken_for_the_figure_and_that_is_said(written: str, yuan: str) -> None:
    found = read_rough_amount(written, YUAN)
    assert found.value == yuan
    assert found.remark is not None


@pytest.mark.parametrize(
    ("written", "yuan"),
    [("1千5百万", "15000000"), ("1亿2千万", "120000000"), ("叁佰万元", "3000000"),
     ("半个亿", "50000000"), ("3个亿", "300000000"), ("3m", "3000000"), ("3.5m", "3500000"),
     ("60m RMB", "60000000"), ("half a million", "500000"), ("sixty million yuan", "60000000"),
     ("one hundred and twenty million", "120000000"), ("5,200万", "52000000")],
)  # fmt: skip
def test_an_exact_amount_is_read_in_any_words(written: str, yuan: str) -> None:
    found = read_rough_amount(written, YUAN)
    assert found.value == yuan
    assert found.remark is None


@pytest.mark.parametrize(
    "written",
    ["300万-500万", "500-800万", "3~5万", "300万至500万", "3 million to 5 million", "三五百万"],
)
def test_of_a_range_one_figure_is_asked_for(written: str) -> None:
    with pytest.raises(Unreadable, match="a range"):
        read_rough_amount(written, YUAN)


@pytest.mark.parametrize("written", ["几百万", "很多", "3 mil", "m", "$3m", "百万"])
def test_what_names_no_amount_is_refused_in_the_reader_s_own_figures(written: str) -> None:
    """Mil is a thousand in one tongue and a million in another."""
    with pytest.raises(Unreadable) as error:
        read_rough_amount(written, YUAN)
    assert error.value.text.en.isascii()


def test_a_currency_without_chinese_is_read_the_same_way() -> None:
    assert read_rough_amount("about 3m euros", EURO).value == "3000000"


@pytest.mark.parametrize(
    ("written", "named"),
    [("八千", False), ("约三百五十", False), ("6,000", False), ("八千万", True), ("八千元", True)],
)
def test_a_figure_in_characters_names_no_unit_either(written: str, named: bool) -> None:
    assert rough_amount_names_unit(written) is named
