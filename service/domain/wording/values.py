"""Values in words: a number in its unit, a code by its label, a certificate with its term."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, assert_never

from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import (
    PROJECT_KIND,
    Award,
    Certificate,
    Project,
    Record,
    Value,
    projects_in,
    records_in,
)
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules.operators import Bound
from service.domain.rules.quantities import FactQuantity, Quantity
from service.domain.rules.unit_check import unit_of, unit_of_fact
from service.domain.rules.units import SHARE, unit
from service.domain.text import LIST_COMMA, SEMICOLON, Text, join
from service.domain.wording import phrases
from service.domain.wording.labels import NONE
from service.domain.wording.number_words import FIRST_YEAR, decimal_text, number_words

_NAMED_VALUE = Text("{label}：{value}", "{label}: {value}")
_BRACKETED = Text("{name}（{parts}）", "{name} ({parts})")
_COMMA = Text("，", ", ")
_TERM = Text("{start} 至 {end}", "{start} to {end}")
_PAID_BY = Text("由“{payer}”发放", "paid by “{payer}”")
_UNSURE = Text("是否持有未填写", "not stated whether it is held")
_ISSUED = Text("{start} 发证", "issued {start}")
_EXPIRES = Text("有效期至 {end}", "valid to {end}")
_NONE_LISTED = Text("未列举", "none listed")
_NO_TERM = Text("发证日期和有效期未填", "dates not stated")


def point_text(point: Bound, quantity: Quantity, vocabulary: Vocabulary) -> Text:
    """A bound or value in the unit of what is tested: days as ISO dates, shares in per cent."""
    if isinstance(point, date):
        return Text(point.isoformat(), point.isoformat())
    if isinstance(quantity, FactQuantity):
        return number_text(point, vocabulary.facts[quantity.fact], vocabulary)
    return number_words(Fraction(point), unit_of(quantity, vocabulary), vocabulary)


def number_text(number: int | Decimal | Fraction, fact: Fact, vocabulary: Vocabulary) -> Text:
    """A fact's number in its unit; a calendar year as it is written, a rate in per cent."""
    if fact.unit == "year" and is_calendar_year(number):
        return Text(str(number), str(number))
    if fact.parameter and unit_of_fact(fact, vocabulary.currency) == SHARE:
        percent = f"{decimal_text(Fraction(number) * 100)}%"
        return Text(percent, percent)
    if fact.type is not FactType.MONEY and fact.unit is None:
        digits = decimal_text(Fraction(number))
        return Text(digits, digits)
    return number_words(Fraction(number), unit_of_fact(fact, vocabulary.currency), vocabulary)


def value_text(value: object, fact: Fact, vocabulary: Vocabulary) -> Text:
    """A stated value in words: codes by their labels, booleans as yes and no."""
    codes = vocabulary.codes_of(fact)
    if isinstance(value, bool):
        return phrases.YES if value else phrases.NO
    if isinstance(value, frozenset):
        return join((value_text(v, fact, vocabulary) for v in sorted(value)), LIST_COMMA)
    if isinstance(value, tuple):
        return join((_record_text(v, fact, vocabulary) for v in value), LIST_COMMA)
    if isinstance(value, str):
        return codes.label_of(value) if codes else Text(value, value)
    if isinstance(value, int | Decimal | Fraction):
        return number_text(value, fact, vocabulary)
    return Text(str(value), str(value))


def _record_text(record: Record | Project, fact: Fact, vocabulary: Vocabulary) -> Text:
    if isinstance(record, Project):
        return _project_text(record, vocabulary)
    name = value_text(record.code, fact, vocabulary)
    if isinstance(record, Award) and record.payer:
        return _BRACKETED.format(name=name, parts=_PAID_BY.format(payer=record.payer))
    return name


def _project_text(project: Project, vocabulary: Vocabulary) -> Text:
    """A project by its kind, with what is stated of it."""
    kind, facts = vocabulary.facts[PROJECT_KIND], vocabulary.facts
    name = value_text(project.kind, kind, vocabulary)
    parts = [
        _NAMED_VALUE.format(label=facts[f].label, value=value_text(value, facts[f], vocabulary))
        for f, value in project.facts.items()
        if f != PROJECT_KIND
    ]
    return _BRACKETED.format(name=name, parts=join(parts, _COMMA)) if parts else name


def observed_text(value: Value | Fraction | None) -> str | None:
    """What was seen, language-neutral: codes, ISO dates, exact numbers; ratios as decimals."""
    return None if value is None else _OBSERVED[type(value)](value)


def record_observed(record: Record | Project) -> str:
    """The same of one record: its code, and of a certificate its term."""
    match record:
        case Project():
            return record.kind
        case Award():
            return record.purpose
        case Certificate():
            term = f"{record.issued_on or '?'}..{record.expires_on or '?'}"
            marks = f"{' contested' * record.contested}{' unsure' * record.unsure}"
            return f"{record.category} {term}{marks}"
        case _:
            assert_never(record)


# By type: this runs for every value that an answer shows.
_OBSERVED: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: str(value).lower(),
    int: str,
    Decimal: "{:f}".format,
    Fraction: lambda value: decimal_text(value).replace(",", ""),
    date: date.isoformat,
    frozenset: lambda codes: ", ".join(sorted(codes)),
    tuple: lambda records: ", ".join(map(record_observed, records)),
}


def stated_text(value: Value, fact: Fact, vocabulary: Vocabulary) -> Text:
    """A value in words; certificates with their terms, awards with level, amount and year."""
    if isinstance(value, tuple):
        records = [_project_text(project, vocabulary) for project in projects_in(value)]
        records += [_record_words(v, fact, vocabulary) for v in records_in(value)]
        return join(records, SEMICOLON) if records else NONE
    words = value_text(value, fact, vocabulary)
    return words if words.zh else _none_of(vocabulary.codes_of(fact))


def _none_of(codes: CodeList | None) -> Text:
    """The words for an empty list of codes. Where the list of codes has one for "none" and that was
    not chosen, they say only that none is listed: terms that nobody has defined stay open."""
    return NONE if codes is None or codes.none_code is None else _NONE_LISTED


def _record_words(record: Record, fact: Fact, vocabulary: Vocabulary) -> Text:
    codes = vocabulary.codes_of(fact)
    assert codes
    name = codes.label_of(record.code)
    match record:
        case Certificate():
            term = _UNSURE if record.unsure else _term_words(record)
            return _BRACKETED.format(name=name, parts=term)
        case Award():
            parts = list(_award_words(record, vocabulary))
            return _BRACKETED.format(name=name, parts=join(parts, _COMMA)) if parts else name
        case _:
            assert_never(record)


def _term_words(certificate: Certificate) -> Text:
    start, end = certificate.issued_on, certificate.expires_on
    if start and end:
        return _TERM.format(start=str(start), end=str(end))
    if start:
        return _ISSUED.format(start=str(start))
    return _EXPIRES.format(end=str(end)) if end else _NO_TERM


def _award_words(award: Award, vocabulary: Vocabulary) -> Iterator[Text]:
    if award.level:
        yield vocabulary.lists["levels"].label_of(award.level)
    if award.amount is not None:
        yield number_words(Fraction(award.amount), unit(vocabulary.currency), vocabulary)
    if award.granted_on:
        yield Text(str(award.granted_on), str(award.granted_on))
    elif award.year:
        yield Text(f"{award.year} 年", str(award.year))
    if award.payer:
        yield _PAID_BY.format(payer=award.payer)


def is_calendar_year(number: Bound) -> bool:
    """Whether a number of years is a year of the calendar and not how many there were."""
    return not isinstance(number, date) and number >= FIRST_YEAR
