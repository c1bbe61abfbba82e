"""The figures of a programme's rule held against the numbers its article is known to contain."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from service.catalogue.numerals import ParsedQuantity, Unit, parse_quantities
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Basis, Condition, Group, Predicate, Undecided
from service.domain.rules.measures import Article, Measure, NumberEntry, NumberKind
from service.domain.rules.operators import Age, HoldsCertificate, InSet, Range
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import (
    Bands,
    Between,
    Constant,
    Count,
    FactQuantity,
    Quantity,
    Ratio,
)
from service.domain.rules.rounding import share_of
from service.domain.rules.unit_check import unit_of
from service.domain.rules.units import MONTH, SHARE, YEAR
from service.domain.rules.units import Unit as CountedIn
from service.domain.text import Text

_ONCE = ParsedQuantity(Decimal(1), Unit.ONCE)
_COUNTED: tuple[Decimal, "Unit | str"] = (Decimal(1), Unit.COUNT)
_PARAMETER_UNITS = {
    "_months": (Decimal(1), Unit.MONTHS),
    "_years": (Decimal(12), Unit.MONTHS),
    "_percent": (Decimal("0.01"), Unit.SHARE),
}


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """Something of a measure that has no place, or a place that does not fit."""

    measure: str
    article: int | str
    message: Text


def rule_figures(programme: Programme, vocabulary: Vocabulary) -> frozenset[ParsedQuantity]:
    """Every figure a rule takes from its article: cap, rate, paid once, parameters, and the bounds
    of its stated conditions. A bound of zero ("some", "growing") is no figure of a text."""
    codes = currencies_used(vocabulary, (programme,))
    return frozenset(
        {
            *_benefit_figures(programme, codes),
            *_parameter_figures(programme, vocabulary),
            *(q for q in _stated_bounds(programme.condition, vocabulary) if q.value != 0),
        }
    )


def currencies_used(vocabulary: Vocabulary, programmes: Iterable[Programme]) -> frozenset[str]:
    """The codes of the currencies that facts and rules speak of."""
    facts = (f.unit for f in vocabulary.facts.values() if f.type is FactType.MONEY)
    benefits = (p.benefit.currency for p in programmes if p.benefit)
    return frozenset({vocabulary.currency, *filter(None, (*facts, *benefits))})


def _currency_words(vocabulary: Vocabulary, programmes: Iterable[Programme]) -> dict[str, str]:
    """The codes of currencies by the words behind their amounts."""
    return {
        word: code
        for code in currencies_used(vocabulary, programmes)
        for language in vocabulary.languages
        if (word := vocabulary.unit_words(code).label.in_language(language))
    }


def _benefit_figures(programme: Programme, codes: frozenset[str]) -> Iterator[ParsedQuantity]:
    benefit = programme.benefit
    if benefit is None:
        return
    shared = {cap.quantity for cap in benefit.caps if cap.shared}
    for quantity in benefit.quantities:
        yield from _quantity_figures(quantity, codes) if quantity not in shared else ()
    for share in (part.share for part in benefit.instalments):
        yield ParsedQuantity(share_of(share), Unit.SHARE)
    if benefit.one_off:
        yield _ONCE


def _quantity_figures(quantity: Quantity, codes: frozenset[str]) -> Iterator[ParsedQuantity]:
    """The figures that stand in a quantity, as an article writes them."""
    match quantity:
        case Constant(value, unit) if value:
            yield _as_figure(value, unit, codes)
        case Between(low, high, unit):
            yield _as_figure(low, unit, codes)
            yield _as_figure(high, unit, codes)
        case Ratio(Constant(above), Constant(below)):
            yield ParsedQuantity(share_of(above / below), Unit.SHARE)
            return
        case Bands(_, bands, _, unit):
            for band in bands:
                yield from (_as_figure(n, SHARE, codes) for n in (band.rate,) if n)
                yield from (_as_figure(n, unit, codes) for n in (band.limit, band.amount) if n)
    for part in quantity.parts:
        yield from _quantity_figures(part, codes)


def _as_figure(number: Fraction, counted: CountedIn, codes: frozenset[str]) -> ParsedQuantity:
    if counted == SHARE:
        return ParsedQuantity(share_of(number), Unit.SHARE)
    exact = Decimal(number.numerator) / number.denominator
    if counted in (MONTH, YEAR):
        return ParsedQuantity(exact * (12 if counted == YEAR else 1), Unit.MONTHS)
    return ParsedQuantity(exact, _money_currency(counted, codes) or Unit.COUNT)


def _money_currency(counted: CountedIn, codes: frozenset[str]) -> str | None:
    """The currency above the line: of 30 yuan a square metre, yuan."""
    return next((code for code in counted.above if code in codes), None)


def _parameter_figures(programme: Programme, vocabulary: Vocabulary) -> Iterator[ParsedQuantity]:
    units: dict[str, tuple[Decimal, Unit | str]]
    units = {**_PARAMETER_UNITS, "_amount": (Decimal(1), vocabulary.currency)}
    for name, value in (programme.parameters or {}).items():
        number, share = value.removesuffix("%"), value.endswith("%")
        counted = next((u for suffix, u in units.items() if name.endswith(suffix)), _COUNTED)
        factor, unit = _PARAMETER_UNITS["_percent"] if share else counted
        if number.replace(".", "", 1).isdecimal():
            yield ParsedQuantity(Decimal(number) * factor, unit)


def _stated_bounds(condition: Condition, vocabulary: Vocabulary) -> Iterator[ParsedQuantity]:
    """The bounds that the article itself states; what is implied stands in other documents."""
    if condition.basis is not Basis.STATED:
        return
    match condition:
        case Group(brief=True):
            pass  # a standard's figures stand in the standard
        case Group():
            for child in condition.children:
                yield from _stated_bounds(child, vocabulary)
        case Predicate():
            yield from _quantity_figures(condition.quantity, currencies_used(vocabulary, ()))
            # "For the first time", "again" are counts of records in words and not in figures.
            if not isinstance(condition.quantity, Count):
                yield from _end_figures(condition, vocabulary)
        case Undecided():
            pass
        case _:
            assert_never(condition)


def _end_figures(test: Predicate, vocabulary: Vocabulary) -> Iterator[ParsedQuantity]:
    operator = test.operator
    match operator:
        case Range():
            yield from _range_figures(operator, *_unit_of(test, vocabulary))
        case Age(months):
            yield from _range_figures(months, Decimal(1), Unit.MONTHS)
        case InSet() | HoldsCertificate():
            pass
        case _:
            assert_never(operator)


def _range_figures(bounds: Range, factor: Decimal, unit: Unit | str) -> Iterator[ParsedQuantity]:
    for end in (bounds.low, bounds.high):
        if end is not None:
            yield _parsed_end(end, factor, unit)


def _unit_of(test: Predicate, vocabulary: Vocabulary) -> tuple[Decimal, Unit | str]:
    if not isinstance(test.quantity, FactQuantity):
        counted = unit_of(test.quantity, vocabulary)
        if counted == SHARE:
            return Decimal(1), Unit.SHARE
        return Decimal(1), _money_currency(counted, currencies_used(vocabulary, ())) or Unit.COUNT
    fact = vocabulary.facts[test.quantity.fact]
    if fact.type is FactType.MONEY:
        return Decimal(1), fact.unit or vocabulary.currency
    known = {
        "month": (Decimal(1), Unit.MONTHS),
        "year": (Decimal(12), Unit.MONTHS),
        "%": (Decimal("0.01"), Unit.SHARE),
    }
    return known.get(fact.unit or "", (Decimal(1), Unit.COUNT))


def _parsed_end(
    end: int | Decimal | Fraction | date, factor: Decimal, unit: Unit | str
) -> ParsedQuantity:
    if isinstance(end, date):
        return ParsedQuantity(end, Unit.DAY)
    exact = Decimal(end.numerator) / end.denominator if isinstance(end, Fraction) else Decimal(end)
    return ParsedQuantity(exact * factor, unit)


def figure_gaps(catalogue: Catalogue, measure: Measure) -> Iterator[CoverageGap]:
    """Where the rules of a measure and the numbers of its articles do not agree."""
    programmes = {p.id: p for p in catalogue.by_measure[measure.id]}
    words = _currency_words(catalogue.vocabulary, programmes.values())
    stated: dict[str, set[ParsedQuantity]] = {p: set() for p in programmes}
    codes = currencies_used(catalogue.vocabulary, programmes.values())
    for article in measure.articles:
        shared = _shared_figures(measure, article, codes)
        parameters = [e for e in article.numbers if e.kind is NumberKind.PARAMETER]
        written = {q for e in parameters for q in parse_quantities(e.text, words)}
        for missing in sorted(shared - written, key=str):
            message = _MISSING_CAP.format(figure=missing.words)
            yield CoverageGap(measure.id, article.number, message)
        for entry in article.numbers:
            capped = frozenset(parse_quantities(entry.text, words)) & shared
            if entry in parameters and not entry.programme and capped:
                continue
            entry = _with_only_programme(catalogue, measure, article, entry)  # noqa: PLW2901
            fault = _misplaced_words(entry, programmes)
            if fault is not None:
                yield CoverageGap(measure.id, article.number, fault)
            elif entry.programme is not None:
                stated[entry.programme].update(parse_quantities(entry.text, words))
                yield from _unused_figures(catalogue, measure, article, entry, programmes, words)
    for programme in programmes.values():
        figures = rule_figures(programme, catalogue.vocabulary)
        for missing in sorted(figures - stated[programme.id], key=str):
            message = _MISSING.format(programme=programme.id, figure=missing.words)
            yield CoverageGap(measure.id, programme.article, message)


def _with_only_programme(
    catalogue: Catalogue, measure: Measure, article: Article, entry: NumberEntry
) -> NumberEntry:
    """A parameter that names no programme is that of the only one that rests on its article."""
    served = catalogue.by_article.get((measure.id, article.number), ())
    if entry.kind is not NumberKind.PARAMETER or entry.programme or len(served) != 1:
        return entry
    return replace(entry, programme=served[0])


def _shared_figures(
    measure: Measure, article: Article, codes: frozenset[str]
) -> frozenset[ParsedQuantity]:
    """The figures of the caps that an article sets for several programmes together."""
    caps = (c for c in measure.caps if c.shared and c.shared.clause.article == article.number)
    return frozenset(figure for cap in caps for figure in _quantity_figures(cap.quantity, codes))


_MISSING = Text(
    "{programme} 的数值 {figure} 没有列在条文的数字中",
    "{figure} of {programme} is not among the numbers of the article",
)
_MISSING_CAP = Text(
    "几项支持合计上限的数值 {figure} 没有列在条文的数字中",
    "{figure}, which caps several programmes together, is not among the numbers of the article",
)
NO_PROGRAMME = Text(
    "数字 {text} 标为 parameter，但没有用 programme: 指明是哪个支持事项的（一条只有一项时不必写）",
    "{text} is a parameter, but no `programme:` says of which programme (an article with one only "
    "needs none)",
)
_NOT_A_BENEFIT = Text(
    "数字 {text} 不是参数，不能指向支持事项",
    "{text} is no parameter, so it cannot belong to a programme",
)
_UNUSED = Text(
    "数字 {text} 标为 {programme} 的参数，但它的规则中没有这个数值",
    "{text} is a parameter of {programme}, whose rule has no such figure",
)


def _misplaced_words(entry: NumberEntry, programmes: Mapping[str, Programme]) -> Text | None:
    if entry.kind is not NumberKind.PARAMETER:
        return _NOT_A_BENEFIT.format(text=entry.text) if entry.programme else None
    return None if entry.programme in programmes else NO_PROGRAMME.format(text=entry.text)


def _unused_figures(
    catalogue: Catalogue,
    measure: Measure,
    article: Article,
    entry: NumberEntry,
    programmes: Mapping[str, Programme],
    words: Mapping[str, str],
) -> Iterator[CoverageGap]:
    assert entry.programme is not None
    programme = programmes[entry.programme]
    figures = set(parse_quantities(entry.text, words))
    if not figures or figures - rule_figures(programme, catalogue.vocabulary):
        message = _UNUSED.format(text=entry.text, programme=programme.id)
        yield CoverageGap(measure.id, article.number, message)
