"""The certificates and the support that a rule counts, in words: of which kind, and when."""

from typing import assert_never

from service.domain.dates import Window
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.rules.quantities import Count
from service.domain.rules.record_tests import AwardTest, CertificateTest
from service.domain.rules.record_times import FiscalYears, FromNow, Recent, Years
from service.domain.text import Text, listed, spaced
from service.domain.wording import quantity_phrases as phrases
from service.domain.wording.number_words import span_words
from service.domain.wording.quantity_shapes import without_capital


def held_words(count: Count, vocabulary: Vocabulary) -> Text:
    """The records that are counted: of which kind, and when."""
    match count.test:
        case CertificateTest():
            return _certificates_words(count.test)
        case AwardTest():
            return _awards_words(count.test, vocabulary.facts[count.fact], vocabulary)
        case _:
            assert_never(count.test)


def _certificates_words(test: CertificateTest) -> Text:
    names = listed([test.codes.label_of(c) for c in test.categories], "or")
    when = _when(test.years, test.issued, phrases.ISSUED_IN)
    valid = phrases.VALID if test.valid else phrases.NOTHING
    return phrases.CERTIFICATES.format(names=names, when=when, valid=valid)


def _awards_words(test: AwardTest, fact: Fact, vocabulary: Vocabulary) -> Text:
    if test.stated:
        return phrases.PAID_BY.format(names=listed([*test.names], "or"))
    levels = [without_capital(_code_label(c, "levels", vocabulary)) for c in test.levels]
    named = list(test.names)
    named += [_code_label(p, fact.list or "", vocabulary) for p in test.purposes]
    level = phrases.LEVEL.format(names=listed(levels, "or")) if levels else phrases.NOTHING
    what = without_capital(fact.label)
    if named:
        what = phrases.OF_KIND.format(what=what, names=listed(named, "or"))
    when = _when(test.years, test.within, phrases.HAD_IN)
    return phrases.AWARDS.format(when=when, level=level, what=what)


def _code_label(code: str, name: str, vocabulary: Vocabulary) -> Text:
    codes = vocabulary.lists.get(name)
    return codes.label_of(code) if codes is not None else Text(code, code)


def _when(years: Years | None, days: Window | Recent | FiscalYears | None, pattern: Text) -> Text:
    """In which years or days, as an adverb; nothing where any will do."""
    if years is not None:
        return pattern.format(years=_years_span(years.first, years.last))
    if isinstance(days, Recent):
        return pattern.format(years=phrases.LATELY.format(span=span_words(days.span)))
    if isinstance(days, FiscalYears):
        end = f"{days.month:02}-{days.day:02}"
        return pattern.format(years=phrases.FISCAL_YEARS.format(count=str(days.count), end=end))
    if days is not None:
        first_day, last_day = (None if d is None else d.isoformat() for d in (days.start, days.end))
        return pattern.format(years=_span(first_day, last_day))
    return phrases.NOTHING


def _years_span(first: int | FromNow | None, last: int | FromNow | None) -> Text:
    """Years of which each end is named, counted from the year of the evaluation, or open."""
    if isinstance(first, int | None) and isinstance(last, int | None):
        return _span(first, last)
    if isinstance(first, FromNow | None) and isinstance(last, FromNow | None):
        return _relative_span(*(None if end is None else end.years for end in (first, last)))
    words = (
        Text(f"{end} 年", f"{end}") if isinstance(end, int) else _year_words(end.years)
        for end in (first, last)
        if end is not None
    )
    return phrases.FROM_TO.format(first=next(words), last=spaced(next(words)))


def _relative_span(first: int | None, last: int | None) -> Text:
    """Years that are counted from the year of the evaluation."""
    if first is None:
        assert last is not None
        if last == -1:
            return phrases.BEFORE_THIS_YEAR
        return Text("{year}及以前", "up to {year}").format(year=_year_words(last))
    if first == last:
        return _year_words(first)
    if first == -1 and last in (0, None):
        return phrases.SINCE_LAST_YEAR
    if last is None:
        return Text("{year}以来", "since {year}").format(year=_year_words(first))
    if last in (0, -1):
        words = phrases.YEARS_BEFORE_THIS if last else phrases.WITH_THIS_YEAR
        return words.format(count=str(-first))
    return phrases.FROM_TO.format(first=_year_words(first), last=spaced(_year_words(last)))


def _year_words(offset: int) -> Text:
    """One year by how long ago it was."""
    if not offset:
        return Text("本年", "this year")
    if offset == -1:
        return Text("上一年", "last year")
    return Text(f"{-offset} 年前那一年", f"the year {-offset} years ago")


def _span(first: object, last: object) -> Text:
    if first == last:
        return Text(f"{first} 年", f"in {first}")
    if last is None:
        return Text(f"{first} 以来", f"since {first}")
    if first is None:
        return Text(f"{last} 及以前", f"up to {last}")
    return Text(f"{first} 至 {last}", f"from {first} to {last}")
