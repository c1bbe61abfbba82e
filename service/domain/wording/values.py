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

NOT_STATED = Text("未填", "not stated")
_BRACKETED = Text("{name}（{parts}）", "{name} ({parts})")
_TERM = Text("{start} 至 {end}", "{start} to {end}")
_UNSURE = Text("是否持有未填写", "not stated whether it is held")


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
        if record.unsure:
            return _BRACKETED.format(name=codes.label_of(record.category), parts=_UNSURE)
        term = _TERM.format(
            start=str(record.issued_on or "") or NOT_STATED,
            end=str(record.expires_on or "") or NOT_STATED,
        )
        return _BRACKETED.format(name=codes.label_of(record.category), parts=term)
    parts = list(_award_words(record, vocabulary))
    name = codes.label_of(record.purpose)
    return _BRACKETED.format(name=name, parts=join(parts, "，", ", ")) if parts else name


def _award_words(award: Award, vocabulary: Vocabulary) -> Iterator[Text]:
    if award.level:
        yield vocabulary.lists["levels"].label_of(award.level)
    if award.amount is not None:
        yield number_words(Fraction(award.amount), unit(vocabulary.currency), vocabulary)
    if award.year:
        yield Text(f"{award.year} 年", str(award.year))
