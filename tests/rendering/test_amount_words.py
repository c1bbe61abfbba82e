"""Amounts of an answer in words, as every page, memo and command writes them."""

from typing import Any

import pytest

from service.rendering.amount_words import amount_text, ceiling_text, range_text
from tests.domain.sample import VOCABULARY

FORMULA = {"zh": "不超过合同金额的 30%", "en": "up to 30% of the contract"}
NOTHING: dict[str, Any] = {"amount": None, "low": None, "high": None}
CEILING: dict[str, Any] = {
    **NOTHING, "currency": "CNY", "per_year": None, "repayable": False, "formula": FORMULA,
}  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [("18000000.00", "1,800 万元", "CNY 18,000,000"), ("200000000.00", "2 亿元", "CNY 200,000,000"),
     ("125000000.00", "1.25 亿元", "CNY 125,000,000"),
     ("123450000.00", "12,345 万元", "CNY 123,450,000"), ("10000.00", "1 万元", "CNY 10,000"),
     ("9999.99", "9,999.99 元", "CNY 9,999.99"), ("0.00", "0 元", "CNY 0"),
     ("12345.00", "12,345 元", "CNY 12,345")],  # 1.2345 万 would be harder to read
)  # fmt: skip
def test_an_amount_is_written_as_people_write_it(amount: str, zh: str, en: str) -> None:
    """Never rounded: in full where it would take more than two decimal places."""
    words = amount_text(amount, VOCABULARY)
    assert (words.zh, words.en) == (zh, en)


@pytest.mark.parametrize(
    ("ends", "zh"),
    [
        ({"amount": "500000.00"}, "50 万元"),
        ({"low": "6000.00", "high": "90000.00"}, "6,000 元 至 9 万元"),
        ({"high": "20000000.00"}, "最高 2,000 万元"),
        ({}, None),
    ],
)
def test_a_range_has_its_ends(ends: dict[str, str], zh: str | None) -> None:
    """One amount, two ends, or the upper end only."""
    words = range_text({**NOTHING, **ends}, VOCABULARY)
    assert (words.zh if words else None) == zh


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [
        ({"amount": "18000000.00"}, "最高 1,800 万元", "up to CNY 18,000,000"),
        ({"high": "20000000.00"}, "最高 2,000 万元", "up to CNY 20,000,000"),
        ({}, FORMULA["zh"], FORMULA["en"]),
        (
            {"amount": "900000.00", "per_year": {**NOTHING, "amount": "300000.00"}},
            "最高 90 万元（每年 30 万元）",
            "up to CNY 900,000 (CNY 300,000 a year)",
        ),
        (
            {
                "amount": "900000.00",
                "per_year": {**NOTHING, "amount": "600000.00"},
                "by_year": [
                    {**NOTHING, "amount": "600000.00"},
                    {**NOTHING, "high": "300000.00"},
                ],
            },
            "最高 90 万元（第 1 年 60 万元、第 2 年最高 30 万元）",
            "up to CNY 900,000 (year 1: CNY 600,000, year 2: up to CNY 300,000)",
        ),
        (
            {"amount": "5000000.00", "repayable": True},
            "最高 500 万元（要归还）",
            "up to CNY 5,000,000 (to be repaid)",
        ),
        ({"amount": "200000.00", "currency": "USD"}, "最高 20 万 USD", "up to USD 200,000"),
    ],
)
def test_a_ceiling_takes_one_line(said: dict[str, Any], zh: str, en: str) -> None:
    """With what a year comes to, and whether it is to be repaid; in the currency of its rule. One
    without an upper end says how it is reckoned."""
    words = ceiling_text({**CEILING, **said}, VOCABULARY)
    assert (words.zh, words.en) == (zh, en)
