"""Values that somebody stated, in words: what a memo, a page and a command say of them."""

from collections.abc import Iterator
from fractions import Fraction

from service.domain.facts.profile import Award, Certificate, Value
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.rules.units import unit
from service.domain.text import Text, join
from service.domain.wording.labels import NONE
from service.domain.wording.quantity_words import number_words
from service.domain.wording.sentences import value_text

_BRACKETED = Text("{name}（{parts}）", "{name} ({parts})")
_TERM = Text("{start} 至 {end}", "{start} to {end}")
_UNSURE = Text("是否持有未填写", "not stated whether it is held")
_ISSUED = Text("{start} 发证", "issued {start}")
_EXPIRES = Text("有效期至 {end}", "valid to {end}")
_NO_TERM = Text("发证日期和有效期未填", "dates not stated")


def stated_text(value: Value, fact: Fact, vocabulary: Vocabulary) -> Text:
    """A value in words; certificates with their terms, awards with level, amount and year."""
    if isinstance(value, tuple):
        records = [_record_words(v, fact, vocabulary) for v in value]
        return join(records, "；", "; ") if records else NONE
    words = value_text(value, fact, vocabulary)
    return words if words.zh else NONE


def _record_words(record: Certificate | Award, fact: Fact, vocabulary: Vocabulary) -> Text:
    codes = vocabulary.codes_of(fact)
    assert codes
    if isinstance(record, Certificate):
        name = codes.label_of(record.category)
        term = _UNSURE if record.unsure else _term_words(record)
        return _BRACKETED.format(name=name, parts=term)
    parts = list(_award_words(record, vocabulary))
    name = codes.label_of(record.purpose)
    return _BRACKETED.format(name=name, parts=join(parts, "，", ", ")) if parts else name


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
    if award.year:
        yield Text(f"{award.year} 年", str(award.year))
