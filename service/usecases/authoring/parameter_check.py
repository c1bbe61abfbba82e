"""The figures of a programme's rule held against the numbers its article is known to contain."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from service.catalogue.numerals import ParsedQuantity, Unit, quantities
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules.amounts import share_of
from service.domain.rules.catalogue import (
    Article,
    Catalogue,
    Measure,
    NumberEntry,
    NumberKind,
    Programme,
)
from service.domain.rules.conditions import Basis, Condition, Group, Predicate
from service.domain.rules.operators import Age, Range
from service.domain.rules.quantities import Bands, Between, Constant, FactQuantity, Quantity
from service.domain.rules.unit_check import unit_of
from service.domain.rules.units import MONTH, SHARE, YEAR
from service.domain.rules.units import Unit as CountedIn
from service.domain.text import Text

_ONCE = ParsedQuantity(Decimal(1), Unit.ONCE)
_PARAMETER_UNITS = {
    "_months": (Decimal(1), Unit.MONTHS),
    "_years": (Decimal(12), Unit.MONTHS),
    "_yuan": (Decimal(1), Unit.YUAN),
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
    return frozenset(
        {
            *_benefit(programme),
            *_parameters(programme),
            *(q for q in _bounds(programme.condition, vocabulary) if q.value != 0),
        }
    )


def _benefit(programme: Programme) -> Iterator[ParsedQuantity]:
    benefit = programme.benefit
    if benefit is None:
        return
    for quantity in benefit.quantities:
        yield from _figures(quantity)
    for share in benefit.instalments:
        yield ParsedQuantity(share, Unit.SHARE)
    if benefit.one_off:
        yield _ONCE


def _figures(quantity: Quantity) -> Iterator[ParsedQuantity]:
    """The figures that stand in a quantity, as an article writes them."""
    if isinstance(quantity, Constant) and quantity.value:
        yield _figure(quantity.value, quantity.unit)
    elif isinstance(quantity, Between):
        yield _figure(quantity.low, quantity.unit)
        yield _figure(quantity.high, quantity.unit)
    elif isinstance(quantity, Bands):
        for band in quantity.bands:
            yield from (_figure(n, SHARE) for n in (band.rate,) if n)
            yield from (_figure(n, quantity.unit) for n in (band.limit, band.amount) if n)
    for part in quantity.parts:
        yield from _figures(part)


def _figure(number: Fraction, counted: CountedIn) -> ParsedQuantity:
    if counted == SHARE:
        return ParsedQuantity(share_of(number), Unit.SHARE)
    exact = Decimal(number.numerator) / number.denominator
    if counted in (MONTH, YEAR):
        return ParsedQuantity(exact * (12 if counted == YEAR else 1), Unit.MONTHS)
    return ParsedQuantity(exact, Unit.YUAN)


def _parameters(programme: Programme) -> Iterator[ParsedQuantity]:
    for name, value in (programme.parameters or {}).items():
        suffix = next((s for s in _PARAMETER_UNITS if name.endswith(s)), None)
        factor, unit = _PARAMETER_UNITS[suffix] if suffix else (Decimal(1), Unit.COUNT)
        if value.replace(".", "", 1).isdecimal():
            yield ParsedQuantity(Decimal(value) * factor, unit)


def _bounds(condition: Condition, vocabulary: Vocabulary) -> Iterator[ParsedQuantity]:
    """The bounds that the article itself states; what is implied stands in other documents."""
    if condition.basis is not Basis.STATED:
        return
    if isinstance(condition, Group):
        for child in condition.children:
            yield from _bounds(child, vocabulary)
    elif isinstance(condition, Predicate):
        operator, factor, unit = condition.operator, Decimal(1), Unit.COUNT
        if isinstance(operator, Range):
            factor, unit = _unit(condition, vocabulary)
        elif isinstance(operator, Age):
            operator, unit = operator.months, Unit.MONTHS
        if isinstance(operator, Range):
            for end in (operator.low, operator.high):
                if end is not None:
                    yield _quantity(end, factor, unit)


def _unit(test: Predicate, vocabulary: Vocabulary) -> tuple[Decimal, Unit]:
    if not isinstance(test.quantity, FactQuantity):
        counted = unit_of(test.quantity, vocabulary)
        if counted == SHARE:
            return Decimal(1), Unit.SHARE
        return Decimal(1), Unit.YUAN if vocabulary.currency in counted.above else Unit.COUNT
    fact = vocabulary.facts[test.quantity.fact]
    if fact.type is FactType.MONEY:
        return Decimal(1), Unit.YUAN
    known = {
        "month": (Decimal(1), Unit.MONTHS),
        "year": (Decimal(12), Unit.MONTHS),
        "%": (Decimal("0.01"), Unit.SHARE),
    }
    return known.get(fact.unit or "", (Decimal(1), Unit.COUNT))


def _quantity(end: int | Decimal | Fraction | date, factor: Decimal, unit: Unit) -> ParsedQuantity:
    if isinstance(end, date):
        return ParsedQuantity(end, Unit.DAY)
    exact = Decimal(end.numerator) / end.denominator if isinstance(end, Fraction) else Decimal(end)
    return ParsedQuantity(exact * factor, unit)


def figure_gaps(catalogue: Catalogue, measure: Measure) -> Iterator[CoverageGap]:
    """Where the rules of a measure and the numbers of its articles do not agree."""
    programmes = {p.id: p for p in catalogue.by_measure[measure.id]}
    stated: dict[str, set[ParsedQuantity]] = {p: set() for p in programmes}
    for article in measure.articles:
        for entry in article.numbers:
            fault = _misplaced(entry, programmes)
            if fault is not None:
                yield CoverageGap(measure.id, article.number, fault)
            elif entry.programme is not None:
                stated[entry.programme].update(quantities(entry.text))
                yield from _unused(catalogue, measure, article, entry, programmes)
    for programme in programmes.values():
        figures = rule_figures(programme, catalogue.vocabulary)
        for missing in sorted(figures - stated[programme.id], key=str):
            message = _MISSING.format(programme=programme.id, figure=str(missing))
            yield CoverageGap(measure.id, programme.article, message)


_MISSING = Text(
    "{programme} 的数值 {figure} 没有列在条文的数字中",
    "{figure} of {programme} is not among the numbers of the article",
)
_NO_PROGRAMME = Text(
    "数字 {text} 标为参数，但没有指明本文件的支持事项",
    "{text} is a parameter, but names no programme of this measure",
)
_NOT_A_BENEFIT = Text(
    "数字 {text} 不是参数，不能指向支持事项",
    "{text} is no parameter, so it cannot belong to a programme",
)
_UNUSED = Text(
    "数字 {text} 标为 {programme} 的参数，但它的规则中没有这个数值",
    "{text} is a parameter of {programme}, whose rule has no such figure",
)


def _misplaced(entry: NumberEntry, programmes: Mapping[str, Programme]) -> Text | None:
    if entry.kind is not NumberKind.PARAMETER:
        return _NOT_A_BENEFIT.format(text=entry.text) if entry.programme else None
    return None if entry.programme in programmes else _NO_PROGRAMME.format(text=entry.text)


def _unused(
    catalogue: Catalogue,
    measure: Measure,
    article: Article,
    entry: NumberEntry,
    programmes: Mapping[str, Programme],
) -> Iterator[CoverageGap]:
    assert entry.programme is not None
    programme = programmes[entry.programme]
    figures = set(quantities(entry.text))
    if not figures or figures - rule_figures(programme, catalogue.vocabulary):
        words = _UNUSED.format(text=entry.text, programme=programme.id)
        yield CoverageGap(measure.id, article.number, words)
