"""Amounts of an answer in words: one style for pages, memo, spreadsheet and commands."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.units import unit
from service.domain.text import LIST_COMMA, Text, join, spaced
from service.domain.wording.number_words import number_words

_AT_MOST = Text("最高 {most}", "up to {most}")
_FROM_TO = Text("{least} 至 {most}", "{least} to {most}")
_PER_YEAR = Text("{total}（每年{year}）", "{total} ({year} a year)")
_BY_YEAR = Text("{total}（{years}）", "{total} ({years})")
_OF_YEAR = Text("第 {n} 年{amount}", "year {n}: {amount}")
_REPAYABLE = Text("{amount}（要归还）", "{amount} (to be repaid)")


def amount_text(amount: Decimal | str, vocabulary: Vocabulary, currency: str | None = None) -> Text:
    """An amount of money: 1,800 万元, CNY 18,000,000; never rounded."""
    return number_words(Fraction(amount), unit(currency or vocabulary.currency), vocabulary)


def range_text(
    bounds: Mapping[str, Any], vocabulary: Vocabulary, currency: str | None = None
) -> Text | None:
    """A range of the contract: its amount, or its ends; from nothing it is at most the upper one.
    None where it has no upper end."""

    def words(key: str) -> Text:
        return amount_text(bounds[key], vocabulary, currency)

    if bounds["amount"] is not None:
        return words("amount")
    if bounds["high"] is None:
        return None
    if bounds["low"] is not None and Decimal(bounds["low"]):
        return _FROM_TO.format(least=words("low"), most=words("high"))
    return _AT_MOST.format(most=words("high"))


def over_the_years(ceiling: Mapping[str, Any], vocabulary: Vocabulary) -> Text | None:
    """What a ceiling of the contract comes to, and of one that is paid over years what each of them
    does; None where it has no upper end."""
    currency = ceiling["currency"]
    most = range_text(ceiling, vocabulary, currency)
    if most is None:
        return None
    if by_year := ceiling.get("by_year"):
        years = enumerate((range_text(year, vocabulary, currency) for year in by_year), 1)
        each = [_OF_YEAR.format(n=str(n), amount=spaced(year)) for n, year in years if year]
        return _BY_YEAR.format(total=most, years=join(each, LIST_COMMA))
    year = ceiling["per_year"] and range_text(ceiling["per_year"], vocabulary, currency)
    return _PER_YEAR.format(total=most, year=spaced(year)) if year and year != most else most


def ceiling_text(ceiling: Mapping[str, Any], vocabulary: Vocabulary) -> Text:
    """A ceiling of the contract in one line; of one that has no upper end, how it is reckoned."""
    formula = ceiling["formula"]
    words = over_the_years(ceiling, vocabulary) or Text(formula["zh"], formula["en"])
    if ceiling["amount"] is not None:
        words = _AT_MOST.format(most=words)
    return _REPAYABLE.format(amount=words) if ceiling["repayable"] else words
