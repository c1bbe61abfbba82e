"""Values as people write them: read to the yuan and the day, or refused in words."""

from decimal import Decimal

import pytest

from service.domain.text import Text
from service.intake.currency import Currency
from service.intake.written_values import (
    Unreadable,
    read_amount,
    read_count,
    read_day,
    read_number,
    read_yes_no,
)

WAN = Decimal(10_000)
YUAN = Currency(
    Text("元", "CNY"),
    ("人民币", "yuan", "cny", "rmb", "元整", "元", "¥"),
    ("美元", "usd", "$"),
    True,
)
EURO = Currency(Text("欧元", "EUR"), ("euros", "eur", "€"), ("cny",), False)


def test_an_amount_that_is_improbably_large_in_its_columns_unit_is_pointed_out() -> None:
    """Read as the column says; nothing is said where a cell names a unit itself, nor in yuan."""
    held = read_amount("52000000", YUAN, WAN)
    assert held.value == "520000000000"
    assert held.remark is not None
    assert "520,000,000,000" in held.remark.en
    plain = [("999999", WAN), ("52000000元", WAN), ("52000000万", WAN), ("52000000000", Decimal(1))]
    assert [read_amount(text, YUAN, unit).remark for text, unit in plain] == [None] * 4


@pytest.mark.parametrize(
    ("currency", "unit", "amounts"),
    [
        pytest.param(YUAN, 1, {
            "52000000": "52000000", "52,000,000": "52000000", "￥52,000,000.50": "52000000.5",
            "5,200万": "52000000", "5200 万元": "52000000", "0.52亿元": "52000000",
            "6000w": "60000000", "六千万": "60000000", "一亿二千万元": "120000000",
            "人民币3百万元整": "3000000", "RMB 5.2 million": "5200000", "５２００": "5200",
            "十二万三千": "123000", "一万二": "12000", "一亿二": "120000000",
            "-5": "-5", "0": "0",
        }, id="exactly"),
        pytest.param(YUAN, WAN, {
            "5,200": "52000000", "5200万元": "52000000", "52000000元": "52000000",
            "六千": "60000000", "六千万": "60000000",
        }, id="in a column of 万元, what names its own unit keeps it"),
        pytest.param(EURO, 1, {
            "52 000 €": "52000", "EUR 1,200.50": "1200.5", "5.2 million euros": "5200000",
            "12 k€": "12000", "52000": "52000",
        }, id="in the catalogue's currency, by the names that it gives it"),
    ],
)  # fmt: skip
def test_amounts_are_read(currency: Currency, unit: Decimal, amounts: dict[str, str]) -> None:
    read = {written: read_amount(written, currency, Decimal(unit)).value for written in amounts}
    assert read == amounts


@pytest.mark.parametrize("written", ["5000元", "￥5000", "CNY 5000", "$5000", "5000 crowns"])
def test_another_country_s_money_is_not_taken_for_one_s_own(written: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_amount(written, EURO)
    assert "万" not in refused.value.text.en


@pytest.mark.parametrize(
    "written",
    ["约6000万", "6000万以上", "超5000万", "$5", "500万美元", "1,23", "5-8万", "五万六千万",
     "多", "万", "1e6", "5200万万", "9" * 70],
)  # fmt: skip
def test_what_is_no_one_amount_is_refused(written: str) -> None:
    with pytest.raises(Unreadable):
        read_amount(written, YUAN)


@pytest.mark.parametrize(
    ("written", "day"),
    [("2021-03-01", "2021-03-01"), ("2021/3/1", "2021-03-01"), ("2021.3.1", "2021-03-01"),
     ("20210301", "2021-03-01"), ("2021年3月1日", "2021-03-01"),
     ("二〇二一年三月一日", "2021-03-01"), ("二零二一年十二月三十一号", "2021-12-31"),
     ("2021-03-01 00:00:00", "2021-03-01"), ("2021/3/1 0:00", "2021-03-01"),
     ("2021/3/1 10:30", "2021-03-01"), ("2021-03-01T12:00:00", "2021-03-01")],
)  # fmt: skip
def test_a_day_is_read_without_a_remark(written: str, day: str) -> None:
    found = read_day(written)
    assert (found.value, found.remark) == (day, None)


def test_a_month_is_read_as_its_first_day_and_says_so() -> None:
    found = read_day("2021年3月")
    assert found.value == "2021-03-01"
    assert found.remark is not None
    assert "2021-03-01" in found.remark.en
    with pytest.raises(Unreadable):
        read_day("2021年3月", month_allowed=False)


@pytest.mark.parametrize(
    "written", ["3/1/2021", "2021", "2021.1", "2021-02-30", "二〇二一年十三月", "45231", "去年"]
)
def test_what_may_be_several_days_is_refused(written: str) -> None:
    """2021.1 may be October in a spreadsheet, 3/1/2021 the third of January."""
    with pytest.raises(Unreadable):
        read_day(written)


def test_a_percentage_of_one_or_less_needs_its_sign() -> None:
    """A spreadsheet holds 12.5% as 0.125."""
    assert read_number("12.5%", percent=True).value == "12.5"
    assert read_number("0.5%", percent=True, ambiguous=True).value == "0.5"
    assert read_number("0.5", percent=True).value == "0.5"
    with pytest.raises(Unreadable):
        read_number("0.125", percent=True, ambiguous=True)


@pytest.mark.parametrize(
    ("written", "unit", "count"),
    [("3年", "month", "36"), ("三年", "month", "36"), ("3 years", "month", "36"),
     ("18个月", "month", "18"), ("24", "month", "24"), ("3年", "year", "3"),
     ("一年半", "month", "18"), ("半年", "month", "6"), ("两年零三个月", "month", "27"),
     ("1 year 6 months", "month", "18"), ("2年半", "month", "30"),
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


def test_counts_and_yes_and_no() -> None:
    assert [read_count(w).value for w in ("1,200", "120人", "120.0", "12个月")] == [
        "1200", "120", "120", "12"
    ]  # fmt: skip
    assert {read_yes_no(w).value for w in ("是", "√", "Yes", "有", "1")} == {"true"}
    assert {read_yes_no(w).value for w in ("否", "×", "no", "无", "0")} == {"false"}
    for wrong in ("1.5", "几", "百"):
        with pytest.raises(Unreadable):
            read_count(wrong)
    with pytest.raises(Unreadable):
        read_yes_no("可能")


@pytest.mark.parametrize("written", ["①120", "5200②", "52²", "120\n30", "120\n300", "5200 6000"])
def test_a_footnote_or_a_second_number_makes_no_larger_one(written: str) -> None:
    """Without its blanks, and its raised figures as plain ones, each would be another number."""
    with pytest.raises(Unreadable):
        read_count(written)
    with pytest.raises(Unreadable):
        read_amount(written, YUAN)
    with pytest.raises(Unreadable):
        read_number(written, percent=False)
    with pytest.raises(Unreadable):
        read_day(f"2021-3-{written}")
    assert read_amount("52 000 000", YUAN).value == "52000000"
    assert read_amount("52\u00a0000 元", YUAN).value == "52000"
