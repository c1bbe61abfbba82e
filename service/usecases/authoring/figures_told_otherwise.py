"""Figures that a text may write beside those of a rule, and in the place of some: what is counted,
what is said in words, and what a share is raised to.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from service.catalogue.money_figures import numbers_in
from service.catalogue.numerals import FigureUnit, ParsedQuantity
from service.domain.dates import Span, Window
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules import conditions as tree
from service.domain.rules import quantities as forms
from service.domain.rules.amounts import Benefit
from service.domain.rules.application import ApplicationWindow, EventWindow, YearlyWindow
from service.domain.rules.operators import Range
from service.domain.rules.programmes import Programme
from service.domain.rules.quantity_contents import all_parts
from service.domain.rules.record_tests import AwardTest
from service.domain.rules.record_times import FiscalYears, Recent
from service.domain.rules.rounding import share_of
from service.domain.rules.units import SHARE
from service.usecases.authoring.rule_figures import SHARES_IN_WORDS, rule_figures, stated_bounds


def allowed_figures(programme: Programme, vocabulary: Vocabulary) -> frozenset[ParsedQuantity]:
    """The figures of a rule, and those that a text may as well write: how many of several
    conditions, projects, years or instalments, the ranks of a table, how long and on which days one
    may apply, and whatever may stand in the place of a figure."""
    others = (figures for figures in told_otherwise(programme).values())
    return rule_figures(programme, vocabulary).union(
        _counted_figures(programme, vocabulary), *others
    )


def told_otherwise(programme: Programme) -> Mapping[ParsedQuantity, frozenset[ParsedQuantity]]:
    """The figures of a rule that its text may not write, each with those that may stand in its
    place; with none where words alone may: in full, by half."""
    benefit = programme.benefit
    found: dict[ParsedQuantity, frozenset[ParsedQuantity]] = {}
    for quantity in programme.money:
        found |= _shares_in_tables(quantity)
        found |= _raised_shares(quantity)
    for share in () if benefit is None else (part.share for part in benefit.instalments):
        tenths = share * 10  # 4:3:3
        if tenths.denominator == 1:
            found[_share(share)] = frozenset({_count(int(tenths))})
    return found


def _shares_in_tables(quantity: forms.Quantity) -> dict[ParsedQuantity, frozenset[ParsedQuantity]]:
    """The shares by which some are paid in full and some by half."""
    found: dict[ParsedQuantity, frozenset[ParsedQuantity]] = {}
    for part in all_parts(quantity):
        if isinstance(part, forms.Cases | forms.ByCode):
            shares = filter(None, map(_constant_share, part.parts))
            found |= {_share(s): frozenset() for s in shares if s in SHARES_IN_WORDS}
    return found


def _raised_shares(quantity: forms.Quantity) -> dict[ParsedQuantity, frozenset[ParsedQuantity]]:
    """Points that are added to a share: the text may say what it is raised to."""
    found: dict[ParsedQuantity, frozenset[ParsedQuantity]] = {}
    for part in all_parts(quantity):
        if isinstance(part, forms.Sum) and (base := _constant_share(part.parts[0])):
            cases = (term for term in part.parts[1:] if isinstance(term, forms.Cases))
            points = filter(None, (_constant_share(p) for term in cases for p in term.parts))
            found |= {_share(more): frozenset({_share(base + more)}) for more in points}
    return found


def _constant_share(quantity: forms.Quantity) -> Fraction | None:
    if isinstance(quantity, forms.Constant) and quantity.unit == SHARE:
        return quantity.value
    return None


def _counted_figures(programme: Programme, vocabulary: Vocabulary) -> Iterator[ParsedQuantity]:
    benefit, condition = programme.benefit, programme.condition
    quantities = [*(t.quantity for t in tree.tests_in(condition)), *programme.money]
    if benefit is not None and benefit.limit is not None:
        yield _count(benefit.limit.count)
    if benefit is not None and benefit.instalments:
        yield _count(len(benefit.instalments))
    yield from _year_figures(benefit)
    if programme.selection is not None and programme.selection.quota is not None:
        yield _count(programme.selection.quota)
    yield from (_count(group.count) for group in _choices(condition))
    for test in tree.tests_in(condition):
        yield from _months_within(test)
    for quantity in quantities:
        yield from _figures_beside(quantity, vocabulary)
    for window in programme.application.windows:
        yield from _window_figures(window)


def _window_figures(window: ApplicationWindow) -> Iterator[ParsedQuantity]:
    """How long one may apply, or from when to when: 每年4月1日至5月31日."""
    match window:
        case EventWindow():
            yield from _span_figures(window.span)
        case YearlyWindow():
            yield from (_count(number) for number in (*window.first, *window.last))
        case Window():
            ends = filter(None, (window.start, window.end))
            yield from (ParsedQuantity(day, FigureUnit.DAY) for day in ends)


def _year_figures(benefit: Benefit | None) -> Iterator[ParsedQuantity]:
    """The years that are paid by shares of their own, and those shares: the second year, 50 %."""
    shares = () if benefit is None or benefit.over is None else benefit.over.shares
    for year, share in enumerate(shares, start=1):
        yield from map(_share, filter(None, numbers_in(share)))
        yield from (_count(year), ParsedQuantity(Decimal(12 * year), FigureUnit.MONTHS))


def _months_within(test: tree.Predicate) -> Iterator[ParsedQuantity]:
    """The months of a year that a test of a month leaves: a half-year is written as two quarters
    too."""
    if isinstance(test.quantity, forms.MonthOf) and isinstance(test.operator, Range):
        yield from (_count(month) for month in range(1, 13) if test.operator.holds(month))


def _choices(condition: tree.Condition) -> Iterator[tree.Group]:
    """The groups of which so many have to hold; a standard's are its own."""
    if isinstance(condition, tree.Group) and not condition.term_only:
        if condition.gate is tree.Connective.AT_LEAST:
            yield condition
        for child in condition.children:
            yield from _choices(child)


def _figures_beside(quantity: forms.Quantity, vocabulary: Vocabulary) -> Iterator[ParsedQuantity]:
    """What tells the cases, the records and the projects that a quantity is made of."""
    if isinstance(quantity, forms.Cases | forms.ByCode):
        for branch in quantity.branches:
            yield from stated_bounds(branch.condition, vocabulary)
    elif isinstance(quantity, forms.Count) and isinstance(quantity.test, AwardTest):
        within = quantity.test.within
        if isinstance(within, Recent):
            yield from _span_figures(within.span)
        elif isinstance(within, FiscalYears):
            yield ParsedQuantity(Decimal(12 * within.count), FigureUnit.MONTHS)
    elif isinstance(quantity, forms.ProjectTotal) and quantity.best is not None:
        yield _count(quantity.best)
    for part in quantity.parts:
        yield from _figures_beside(part, vocabulary)


def _span_figures(span: Span) -> Iterator[ParsedQuantity]:
    if span.months:
        yield ParsedQuantity(Decimal(span.months), FigureUnit.MONTHS)
    if span.days:
        yield _count(span.days)


def _share(share: Fraction) -> ParsedQuantity:
    return ParsedQuantity(share_of(share), FigureUnit.SHARE)


def _count(number: int) -> ParsedQuantity:
    return ParsedQuantity(Decimal(number), FigureUnit.COUNT)
