"""Numbers in words: separators, the unit behind them, amounts of money, prices, shares."""

from fractions import Fraction

from service.domain.dates import Span
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.rounding import as_decimal
from service.domain.rules.units import ITEM, SHARE, YEAR, Unit, unit
from service.domain.text import Text, each_wording, grouped, join

# So many years are no span but a year of the calendar, which has no thousands separator.
FIRST_YEAR = 1000
_CURRENCY_LENGTH = 3
# Places of a number that six would round to a plainer one: 14.9999999 % is no 15 %.
_FINER = (9, 12, 18, 30)
# Nobody reads a fraction of larger parts: 20000000/100000001.
_PLAINEST = 1000


def number_words(number: Fraction, counted: Unit, vocabulary: Vocabulary) -> Text:
    """A number with its unit: shares in per cent, prices for each of what they are for."""
    if counted == SHARE:
        return Text(share_text(number), share_text(number))
    digits = decimal_text(number)
    if counted == YEAR and number >= FIRST_YEAR:
        year = vocabulary.unit_words(YEAR.above[0]).label
        return Text("{year} {unit}", "{year}").format(year=str(number), unit=year)
    if counted == unit("%"):
        return Text(f"{digits}%", f"{digits}%")
    if _is_money(counted):
        money = vocabulary.unit_words(counted.above[0]).label
        whole, digits = _in_ten_thousands(number, money.zh), money_digits(number)
        amount = "{digits} {money}" if _is_word(money.en) else "{money} {digits}"
        return Text("{whole}{below}", f"{amount}{{below}}").format(
            whole=whole, money=money, digits=digits, below=_below(counted, vocabulary)
        )
    if counted == ITEM:
        return Text(digits, digits)
    words = _unit_words(counted, number == 1, vocabulary)
    return join([Text(digits, digits), words, _below(counted, vocabulary)], Text("", ""))


def span_words(span: Span) -> Text:
    """A span of time: "6 months", "90 days"."""
    count, zh, en = (span.days, "天", "day") if span.days else (span.months, "个月", "month")
    return Text(f"{count} {zh}", f"{count} {en}{'s'[: count > 1]}")


def _is_money(counted: Unit) -> bool:
    return len(counted.above) == 1 and _is_currency(counted.above[0])


def _unit_words(counted: Unit, single: bool, vocabulary: Vocabulary) -> Text:
    """What is counted, as it stands behind a number: with a blank before it, unless its words are
    empty; of a single one by the word that prices use."""
    words = [vocabulary.unit_words(symbol) for symbol in counted.above]

    def wording(names: list[str], language: str) -> str:
        several, each = names[: len(words)], names[len(words) :]
        one = single and language != "zh" and all(several)
        name = "·".join(each if one else several)
        return f" {name}" if name else ""

    return each_wording([*(w.label for w in words), *(w.each for w in words)], wording)


def _in_ten_thousands(number: Fraction, currency: str) -> str:
    """An amount as Chinese documents write it: "1,800 万元", "2 亿元", "5,000 元"; in full where it
    would take more than two decimal places."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        scaled = number / size
        if abs(scaled) >= 1 and (scaled * 100).denominator == 1:
            return f"{decimal_text(scaled)} {name}{' ' * currency[:1].isascii()}{currency}"
    return f"{money_digits(number)} {currency}"


def money_digits(number: Fraction) -> str:
    """An amount of money: with two places or none, or those of a price that is finer.

    >>> [money_digits(Fraction(number)) for number in ("49999.5", "5", "0.125")]
    ['49,999.50', '5', '0.125']
    """
    digits = decimal_text(number)
    return f"{digits}0" if digits[-2:-1] == "." else digits


def _is_currency(symbol: str) -> bool:
    """Whether a unit is written as currencies are by ISO 4217."""
    return len(symbol) == _CURRENCY_LENGTH and symbol.isupper()


def _is_word(name: str) -> bool:
    """Whether a currency goes by a word, which stands behind its amounts (100 円, 100 kr), and not
    by a sign or a code (€ 100, CNY 100)."""
    return name.isalpha() and not (name.isascii() and name.isupper())


def _below(counted: Unit, vocabulary: Vocabulary) -> Text:
    """What a price is for: "/㎡·月", " per m² and month"."""
    names = [vocabulary.unit_words(s).each for s in counted.below]
    if not names:
        return Text("", "")
    return Text("/{names}", " per {names}").format(names=join(names, Text("·", " and ")))


def share_text(number: Fraction) -> str:
    """A share per cent; a third and the like, which has no end as a decimal, as such.

    >>> [share_text(share) for share in (Fraction(2, 3), Fraction(20_000_000, 100_000_001))]
    ['2/3', '19.9999998%']
    """
    if (10**9) % number.denominator and number.denominator <= _PLAINEST:
        return f"{number.numerator}/{number.denominator}"
    return f"{decimal_text(number * 100)}%"


def decimal_text(number: Fraction) -> str:
    """A number with thousands separators, exact up to six places and no more digits than needed; of
    one that would round to a plainer number as many as tell it from that."""
    if number.denominator == 1:
        return grouped(number.numerator)
    exact = as_decimal(number)
    rounded = f"{exact:,.6f}"
    if 10**6 % number.denominator and rounded.endswith("00"):
        plainer = rounded.rstrip("0")
        for places in _FINER:
            rounded = f"{exact:,.{places}f}"
            if rounded.rstrip("0") != plainer:
                break
    return rounded.rstrip("0").rstrip(".")
