"""Which numbers a text holds, and what they amount to."""

from datetime import date
from decimal import Decimal

import pytest

from service.catalogue.document_writing import DocumentWriting
from service.catalogue.numerals import FigureUnit, ParsedQuantity, find_numbers, parse_quantities

FOUND = {
    "给予最高2000万元支持": ["2000万元"],
    "不超过费用50%的资金": ["50%"],
    "余额突破5.5万亿元和2.5万亿元": ["5.5万亿元", "2.5万亿元"],
    "共1,000万元": ["1,000万元"],
    "方案(2025-2027年)": ["2025-2027年"],
    "贴息20%-30%": ["20%-30%"],
    "2030年9月25日止": ["2030年9月25日"],
    "甲发〔2025〕8号文": ["〔2025〕8号"],
    "5年期以上": ["5年期"],
    "6G和2.0版": ["6", "2.0版"],
    "第四代材料": ["第四代"],
    "等八部门": ["八部门"],
    "基金二期": ["二期"],
    "超万亿元": ["万亿元"],
    "新三板、四板": ["三板", "四板"],
    "“四位一体”": ["四位"],
    "二十届三中全会": ["二十届", "三中全会"],
    "三分之一": ["三分之一"],
    "一次性补助": ["一次性"],
    "满一年": ["一年"],
    "上一年度营业收入提高5个百分点": ["5个百分点"],
    "获二等奖的，60个工作日内申请": ["二等奖", "60个工作日"],
    "第一条": ["第一条"],
    "一季度至四季度运营，载重5公斤以上，租用1,000平方米": [
        "一季度",
        "四季度",
        "5公斤",
        "1,000平方米",
    ],
    "连续8个季度": ["8个季度"],
    "一批、一定、进一步、统一、唯一、多元化、双边、首台套、若干": [],
    "十分、万众、千方百计": [],
}


@pytest.mark.parametrize("text", FOUND, ids=str)
def test_find_numbers(text: str) -> None:
    """Arabic and Chinese numbers with their units; words that merely hold a numeral are none."""
    found = find_numbers(text)
    assert [f.text for f in found] == FOUND[text]
    assert all(text[f.start : f.end] == f.text for f in found)


CURRENCIES = {"元": "CNY", "美元": "USD"}
AMOUNTS: dict[str, list[tuple[int | str, FigureUnit | str]]] = {
    "2000万元": [(20_000_000, "CNY")],
    "１，０００万元": [(10_000_000, "CNY")],
    "5.5万亿元": [(5_500_000_000_000, "CNY")],
    "超万亿元": [(1_000_000_000_000, "CNY")],
    "三千万元": [(30_000_000, "CNY")],
    "1000万美元": [(10_000_000, "USD")],
    "10至20万元": [(100_000, "CNY"), (200_000, "CNY")],
    "30％": [("0.3", FigureUnit.SHARE)],
    "20-30%": [("0.2", FigureUnit.SHARE), ("0.3", FigureUnit.SHARE)],
    "3‰": [("0.003", FigureUnit.SHARE)],
    "1.5个百分点": [("0.015", FigureUnit.SHARE)],
    "150BP": [("0.015", FigureUnit.SHARE)],
    "1.5倍": [("1.5", FigureUnit.SHARE)],
    "百分之五十": [("0.5", FigureUnit.SHARE)],
    "5年期以上": [(60, FigureUnit.MONTHS)],
    "18个月": [(18, FigureUnit.MONTHS)],
    "一次性": [(1, FigureUnit.ONCE)],
    "一次": [(1, FigureUnit.ONCE)],
    "每年两次": [(2, FigureUnit.COUNT)],
    "二季度": [(4, FigureUnit.COUNT), (6, FigureUnit.COUNT)],
    "第4季度": [(10, FigureUnit.COUNT), (12, FigureUnit.COUNT)],
    "8个季度": [(8, FigureUnit.COUNT)],
    "八部门": [(8, FigureUnit.COUNT)],
    "名称": [],
}


@pytest.mark.parametrize("text", AMOUNTS, ids=str)
def test_quantities(text: str) -> None:
    """Exact amounts in the unit that rules use."""
    assert list(parse_quantities(text, DocumentWriting(currencies=CURRENCIES))) == [
        ParsedQuantity(Decimal(v), unit) for v, unit in AMOUNTS[text]
    ]


def test_a_day_is_a_date() -> None:
    """One that does not exist is nothing."""
    assert parse_quantities("2030年9月25日", DocumentWriting()) == (
        ParsedQuantity(date(2030, 9, 25), FigureUnit.DAY),
    )
    assert parse_quantities("2030年2月30日", DocumentWriting()) == ()


GERMAN = DocumentWriting(comma=True, day_first=True, months=("januar", "februar", "märz"),
                         currencies={"Euro": "EUR", "€": "EUR"})  # fmt: skip


def test_numbers_of_a_language_that_writes_a_comma() -> None:
    """Thousands by points, decimals by a comma, and a day is one number; none has blanks here."""
    text = "bis15.000Euro,1,5%,2,50€jekWhundam1.März2026oder01.02.2026"
    found = [figure.text for figure in find_numbers(text, GERMAN)]
    assert found == ["15.000Euro", "1,5%", "2,50€", "1.März2026", "01.02.2026"]
    amounts = [parse_quantities(number, GERMAN) for number in found]
    assert amounts == [
        (ParsedQuantity(Decimal(15_000), "EUR"),),
        (ParsedQuantity(Decimal("0.015"), FigureUnit.SHARE),),
        (ParsedQuantity(Decimal("2.5"), "EUR"),),
        (ParsedQuantity(date(2026, 3, 1), FigureUnit.DAY),),
        (ParsedQuantity(date(2026, 2, 1), FigureUnit.DAY),),
    ]
