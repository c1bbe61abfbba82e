"""Which figures a programme's rule takes from its article: amounts, shares, terms and bounds."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias, TypeVar, assert_never

from service.catalogue.document_writing import DocumentWriting
from service.catalogue.money_figures import numbers_in
from service.catalogue.normal_wording import normalise_wording
from service.catalogue.numerals import FigureUnit, ParsedQuantity
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules import conditions as tree
from service.domain.rules import quantities as forms
from service.domain.rules.operators import Age, HoldsCertificate, InSet, Range
from service.domain.rules.programmes import Programme
from service.domain.rules.rounding import share_of
from service.domain.rules.unit_check import unit_of
from service.domain.rules.units import MONTH, SHARE, YEAR, Unit
from service.intake.writing_habits import habits_of

_T = TypeVar("_T")
# What a bare number is multiplied by, and what it is then counted in: a currency by its code.
_Counted: TypeAlias = "tuple[Decimal, FigureUnit | str]"
_ONCE = ParsedQuantity(Decimal(1), FigureUnit.ONCE)
_ONE_AT_ALL = ParsedQuantity(Decimal(1), FigureUnit.COUNT)
_COUNT: _Counted = (Decimal(1), FigureUnit.COUNT)
# A year that is paid in full, or by half, is told in words: 全额, 减半.
SHARES_IN_WORDS = (Fraction(1), Fraction(1, 2))
_PARAMETER_UNITS: dict[str, _Counted] = {
    "_months": (Decimal(1), FigureUnit.MONTHS),
    "_years": (Decimal(12), FigureUnit.MONTHS),
    "_percent": (Decimal("0.01"), FigureUnit.SHARE),
}


def rule_figures(programme: Programme, vocabulary: Vocabulary) -> frozenset[ParsedQuantity]:
    """Every figure a rule takes from its article: cap, rate, paid once, parameters, and the bounds
    of its stated conditions. A bound of zero ("some", "growing") is no figure of a text."""
    codes = currencies_used(vocabulary, (programme,))
    return frozenset(
        {
            *_benefit_figures(programme, codes, vocabulary),
            *_parameter_figures(programme, vocabulary),
            *_told_bounds(programme.condition, vocabulary),
        }
    )


def _told_bounds(condition: tree.Condition, vocabulary: Vocabulary) -> Iterator[ParsedQuantity]:
    """The stated bounds but "some", "growing", "one at all", which are words."""
    for figure in stated_bounds(condition, vocabulary):
        if figure.value != 0 and figure != _ONE_AT_ALL:
            yield figure


def currencies_used(vocabulary: Vocabulary, programmes: Iterable[Programme]) -> frozenset[str]:
    """The codes of the currencies that facts and rules speak of."""
    facts = (f.unit for f in vocabulary.facts.values() if f.type is FactType.MONEY)
    benefits = (p.benefit.currency for p in programmes if p.benefit)
    return frozenset({vocabulary.currency, *filter(None, (*facts, *benefits))})


# English is read in documents of every language, as its days are.
_ENGLISH_SCALES = {
    "thousand": Decimal(10) ** 3, "million": Decimal(10) ** 6, "billion": Decimal(10) ** 9,
}  # fmt: skip
_ENGLISH_SPANS = {"years": 12, "months": 1}


def _longest_first(words: Mapping[str, _T]) -> dict[str, _T]:
    """So that the first word that fits is the whole of it."""
    return {word: words[word] for word in sorted(words, key=len, reverse=True)}


def document_writing(
    vocabulary: Vocabulary, programmes: Iterable[Programme] = ()
) -> DocumentWriting:
    """How documents of a catalogue are written: by the habits of the first of its languages, and
    with its words for the currencies that facts and rules speak of."""
    habits = habits_of(vocabulary.languages)
    words = {code: vocabulary.unit_words(code) for code in currencies_used(vocabulary, programmes)}
    names = {
        normalise_wording(name): code
        for code, unit in words.items()
        for name in (*map(unit.label.in_language, vocabulary.languages), *unit.aliases)
    }
    longest_first = _longest_first({name: code for name, code in names.items() if name})
    return DocumentWriting(
        habits.comma,
        habits.day_first,
        habits.months,
        longest_first,
        _longest_first({**_ENGLISH_SCALES, **habits.scales}),
        _longest_first({**_ENGLISH_SPANS, **habits.spans}),
        habits.parts,
        habits.eras,
    )


def _benefit_figures(
    programme: Programme, codes: frozenset[str], vocabulary: Vocabulary
) -> Iterator[ParsedQuantity]:
    benefit = programme.benefit
    if benefit is None:
        return
    shares = () if benefit.over is None else benefit.over.shares
    aside = {*(cap.quantity for cap in benefit.caps if cap.shared), *shares}
    for quantity in benefit.quantities:
        yield from quantity_figures(quantity, codes, vocabulary) if quantity not in aside else ()
    if benefit.minimum is not None:
        yield from quantity_figures(benefit.minimum, codes, vocabulary)
    for share in (part.share for part in benefit.instalments):
        yield ParsedQuantity(share_of(share), FigureUnit.SHARE)
    for share in (number for quantity in shares for number in numbers_in(quantity)):
        if share and share not in SHARES_IN_WORDS:
            yield ParsedQuantity(share_of(share), FigureUnit.SHARE)
    if benefit.one_off:
        yield _ONCE


def quantity_figures(
    quantity: forms.Quantity, codes: frozenset[str], vocabulary: Vocabulary
) -> Iterator[ParsedQuantity]:
    """The figures that stand in a quantity, as an article writes them."""
    match quantity:
        case forms.Constant(value, unit) if value:
            yield _as_figure(value, unit, codes)
        case forms.Between(low, high, unit):
            yield _as_figure(low, unit, codes)
            if high is not None:
                yield _as_figure(high, unit, codes)
        case forms.Ratio(forms.Constant(above), forms.Constant(below)):
            yield ParsedQuantity(share_of(above / below), FigureUnit.SHARE)
            return
        case forms.Bands(of, bands, _, unit):
            # An end is counted as what the scale is over, a rate of something else is a price.
            base = unit_of(of, vocabulary)
            units = base, SHARE if unit == base else unit, unit
            for band in bands:
                figures = zip((band.limit, band.rate, band.amount), units, strict=True)
                yield from (_as_figure(n, counted, codes) for n, counted in figures if n)
        case forms.Sum(terms) if (
            forms.ONE in terms
        ):  # the whole, and a share more where a condition holds
            for term in terms:
                yield from quantity_figures(term, codes, vocabulary) if term != forms.ONE else ()
            return
    for part in quantity.parts:
        yield from quantity_figures(part, codes, vocabulary)


def _as_figure(number: Fraction, counted: Unit, codes: frozenset[str]) -> ParsedQuantity:
    if counted == SHARE:
        return ParsedQuantity(share_of(number), FigureUnit.SHARE)
    exact = Decimal(number.numerator) / number.denominator
    if counted in (MONTH, YEAR):
        return ParsedQuantity(exact * (12 if counted == YEAR else 1), FigureUnit.MONTHS)
    return ParsedQuantity(exact, _money_currency(counted, codes) or FigureUnit.COUNT)


def _money_currency(counted: Unit, codes: frozenset[str]) -> str | None:
    """The currency above the line: of 30 yuan a square metre, yuan."""
    return next((code for code in counted.above if code in codes), None)


def _parameter_figures(programme: Programme, vocabulary: Vocabulary) -> Iterator[ParsedQuantity]:
    units = {**_PARAMETER_UNITS, "_amount": (Decimal(1), vocabulary.currency)}
    for name, value in (programme.parameters or {}).items():
        number, share = value.removesuffix("%"), value.endswith("%")
        counted = next((u for suffix, u in units.items() if name.endswith(suffix)), _COUNT)
        factor, unit = _PARAMETER_UNITS["_percent"] if share else counted
        if number.replace(".", "", 1).isdecimal():
            yield ParsedQuantity(Decimal(number) * factor, unit)


def stated_bounds(condition: tree.Condition, vocabulary: Vocabulary) -> Iterator[ParsedQuantity]:
    """The bounds that the article itself states; what is implied stands in other documents."""
    if condition.basis is not tree.Basis.STATED:
        return
    match condition:
        case tree.Group(term_only=True):
            pass  # a standard's figures stand in the standard
        case tree.Group():
            for child in condition.children:
                yield from stated_bounds(child, vocabulary)
        case tree.Predicate():
            codes = currencies_used(vocabulary, ())
            yield from quantity_figures(condition.quantity, codes, vocabulary)
            # "For the first time", "again" are counts of records in words and not in figures.
            if not isinstance(condition.quantity, forms.Count):
                yield from _end_figures(condition, vocabulary)
        case tree.Undecided():
            pass
        case _:
            assert_never(condition)


def _end_figures(test: tree.Predicate, vocabulary: Vocabulary) -> Iterator[ParsedQuantity]:
    operator = test.operator
    match operator:
        case Range():
            yield from _range_figures(operator, _unit_of(test, vocabulary))
        case Age(months):
            yield from _range_figures(months, (Decimal(1), FigureUnit.MONTHS))
        case InSet() | HoldsCertificate():
            pass
        case _:
            assert_never(operator)


def _range_figures(bounds: Range, counted: _Counted) -> Iterator[ParsedQuantity]:
    for end in (bounds.low, bounds.high):
        if end is not None:
            yield _parsed_end(end, counted)


def _unit_of(test: tree.Predicate, vocabulary: Vocabulary) -> _Counted:
    if not isinstance(test.quantity, forms.FactQuantity):
        counted = unit_of(test.quantity, vocabulary)
        if counted == SHARE:
            return Decimal(1), FigureUnit.SHARE
        return Decimal(1), _money_currency(
            counted, currencies_used(vocabulary, ())
        ) or FigureUnit.COUNT
    fact = vocabulary.facts[test.quantity.fact]
    if fact.type is FactType.MONEY:
        return Decimal(1), fact.unit or vocabulary.currency
    known: dict[str, _Counted] = {
        "month": (Decimal(1), FigureUnit.MONTHS),
        "year": (Decimal(12), FigureUnit.MONTHS),
        "%": (Decimal("0.01"), FigureUnit.SHARE),
    }
    return known.get(fact.unit or "", _COUNT)


def _parsed_end(end: int | Decimal | Fraction | date, counted: _Counted) -> ParsedQuantity:
    factor, unit = counted
    if isinstance(end, date):
        return ParsedQuantity(end, FigureUnit.DAY)
    exact = Decimal(end.numerator) / end.denominator if isinstance(end, Fraction) else Decimal(end)
    return ParsedQuantity(exact * factor, unit)
