"""Amounts as people write them: read to the yuan, or refused in words."""

from decimal import Decimal

import pytest

from service.domain.facts.vocabulary import UnitWords, Vocabulary
from service.domain.text import Text, text_of
from service.intake.currency import Currency, currency_of
from service.intake.writing_habits import habits_of
from service.intake.written_amounts import read_amount
from service.intake.written_values import Unreadable

WAN = Decimal(10_000)
YUAN = Currency(
    Text("元", "CNY"),
    ("人民币", "yuan", "cny", "rmb", "元整", "元", "¥"),
    ("美元", "usd", "$"),
    True,
)
EURO = Currency(Text("欧元", "EUR"), ("euros", "eur", "€"), ("cny",), False)


def test_an_amount_that_is_improbably_large_in_its_unit_is_pointed_out() -> None:
    """Read as the column says, or the cell itself; nothing is said of one in yuan."""
    held = read_amount("52000000", YUAN, WAN)
    assert held.value == "520000000000"
    assert held.remark is not None
    assert "520,000,000,000" in held.remark.en
    assert read_amount("52000000万", YUAN).remark == held.remark
    plain = [("999999", WAN), ("52000000元", WAN), ("5200亿", WAN), ("52000000000", Decimal(1))]
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
            "1亿5千万元": "150000000", "1亿2,000万": "120000000", "1万5000元": "15000",
            "12万5千": "125000", "12万5千元": "125000",
            "-5": "-5", "0": "0", "(300.00)": "-300", "（5,200万元）": "-52000000",
        }, id="exactly"),
        pytest.param(YUAN, WAN, {
            "5,200": "52000000", "5200万元": "52000000", "52000000元": "52000000",
            "六千": "60000000", "六千万": "60000000", "￥5,200": "52000000",
            "人民币5200": "52000000", "RMB 5200元": "5200",
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
     "多", "万", "1e6", "5200万万", "3万5", "12万34", "1亿3千", "6千", "一亿三千",
     "5千万1亿", "1亿元2亿元", "(预计)5200", "5200(300)", "9" * 70],
)  # fmt: skip
def test_what_is_no_one_amount_is_refused(written: str) -> None:
    with pytest.raises(Unreadable):
        read_amount(written, YUAN)


def test_a_code_behind_a_number_may_or_may_not_take_the_columns_unit() -> None:
    """5200元 below 万元 is 5200 yuan; 5200 RMB may be that many or 万元."""
    with pytest.raises(Unreadable):
        read_amount("5200 RMB", YUAN, WAN)
    assert read_amount("5200 RMB", YUAN).value == "5200"


def foreign(language: str, own: str, **units: tuple[str, ...]) -> Currency:
    """The currency `own` of a catalogue in a language, whose units go by these names."""
    words = {
        code: UnitWords(label := text_of({language: names[0]}, [language]), label, names)
        for code, names in units.items()
    }
    return currency_of(Vocabulary({}, {}, (), words, own, languages=(language,)))


@pytest.mark.parametrize(
    ("language", "own", "units", "amounts"),
    [
        ("ko", "KRW", {"KRW": ("원",), "USD": ("달러",)},
         {"1억 5천만원": "150000000", "1억 2,000만 원": "120000000", "2조 3천억원": "2300000000000",
          "100만원": "1000000"}),
        ("ko", "USD", {"KRW": ("원",), "USD": ("달러",)},
         {"100만달러": "1000000", "100만 달러": "1000000", "1억 5천만 달러": "150000000"}),
        ("de", "EUR", {"EUR": ("€", "Euro"), "USD": ("US-Dollar", "$")},
         {"1,5 Mio. €": "1500000", "500 TEUR": "500000", "500 T€": "500000"}),
        ("de", "USD", {"EUR": ("€", "Euro"), "USD": ("US-Dollar", "$")},
         {"1,5 Mio. US-Dollar": "1500000", "US-Dollar 1,5 Mio.": "1500000",
          "1,5 Mio. $": "1500000"}),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_of_a_language_write_them(
    language: str, own: str, units: dict[str, tuple[str, ...]], amounts: dict[str, str]
) -> None:
    """In parts, with its short words, in the catalogue's currency and in another one of a fact."""
    currency, habits = foreign(language, own, **units), habits_of([language])
    read = {text: read_amount(habits.figure(text), currency).value for text in amounts}
    assert read == amounts


@pytest.mark.parametrize(
    ("language", "own", "written"),
    [("ko", "KRW", "100만달러"), ("de", "EUR", "1,5 Mio. US-Dollar"), ("de", "USD", "500 TEUR")],
)
def test_an_amount_in_another_currency_is_to_be_converted(
    language: str, own: str, written: str
) -> None:
    """Never read as the fact's own."""
    currency = foreign(language, own, KRW=("원",), USD=("달러", "US-Dollar", "$"), EUR=("€",))
    with pytest.raises(Unreadable, match="please convert it"):
        read_amount(habits_of([language]).figure(written), currency)


def test_thousands_are_counted_in_t_beside_a_currency_alone() -> None:
    """500 T may be tons."""
    with pytest.raises(Unreadable):
        read_amount("500 T", foreign("de", "EUR", EUR=("€",)))
