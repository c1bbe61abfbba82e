"""Which figures a rule takes from its article."""

from dataclasses import replace
from fractions import Fraction

from service.domain.dates import Span
from service.domain.rules.caps import CountLimit, Per
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Clause, Condition, Connective, Group, Predicate
from service.domain.rules.operators import Range
from service.domain.rules.quantities import (
    ONE,
    ZERO,
    Branch,
    ByCode,
    Constant,
    Count,
    FactQuantity,
    Product,
    Sum,
)
from service.domain.rules.record_tests import AwardTest
from service.domain.rules.record_times import Recent
from service.domain.rules.units import unit
from service.usecases.authoring.figures_told_otherwise import allowed_figures
from service.usecases.authoring.rule_figures import rule_figures
from tests.catalogue.island import island

BOAT, LOAN = "isle-new-boat", "isle-yard-loan"


def figures_of(programme: str, catalogue: Catalogue, *also: Condition) -> list[str]:
    """The figures of a rule of the island, with more conditions, as they are told."""
    rule = catalogue.programmes[programme]
    condition = replace(rule.condition, children=(*rule.condition.children, *also))
    found = rule_figures(replace(rule, condition=condition), catalogue.vocabulary)
    return sorted(figure.words.en for figure in found)


def test_rates_caps_and_thresholds_are_figures() -> None:
    """And so is that something is paid once; more than none is no figure."""
    assert figures_of(BOAT, island()) == ["30%", "400,000 CNY", "once only"]
    assert figures_of(LOAN, island()) == ["20%", "30%", "60 months"]


def test_a_bound_that_is_reckoned_is_a_figure_of_the_article() -> None:
    """Three per cent of a figure is three per cent, wherever it stands in the comparison."""
    rule = (
        "more_than: 0",
        "more_than: 0}, {fact: company.boats, at_least: {product: [0.03, company.boats]}",
    )
    assert "3%" in figures_of(LOAN, island(yard_loan=rule))


def test_figures_of_a_standard_are_not_asked_of_the_article() -> None:
    """An article that says "small firms" has not the head counts of the size standard."""
    article = Clause("isle-1", 2)
    counted = Predicate(FactQuantity("company.boats"), Range(low=Fraction(8)), article)
    for term_only in (True, False):
        standard = Group(Connective.ALL, (counted,), article, term_only=term_only)
        assert ("8" in figures_of(LOAN, island(), standard)) is not term_only


def test_counts_that_a_text_may_write_in_words_are_allowed_and_not_asked_for() -> None:
    """At least two of three, so many projects a year, in the last three years, the third rank."""
    catalogue, article = island(), Clause("isle-1", 1)
    rule = catalogue.programmes[BOAT]
    boats = FactQuantity("company.boats")
    few, many = (Predicate(boats, Range(n, n), article) for n in (Fraction(3), Fraction(40)))
    two_of = Group(Connective.AT_LEAST, (few, many, many), article, count=2)
    lately = Count("company.awards", AwardTest(within=Recent(Span(36))), amounts=True)
    ranks = ByCode("company.boats", (Branch(few, Constant(Fraction(5))),), ZERO)
    assert rule.benefit is not None
    benefit = replace(
        rule.benefit,
        amount=Sum((ranks, lately)),
        limit=CountLimit(7, Per.YEAR),
        minimum=Constant(Fraction(900), unit("CNY")),
    )
    condition = replace(rule.condition, children=(*rule.condition.children, two_of))
    changed = replace(rule, benefit=benefit, condition=condition)
    required, allowed = (
        {f.words.en for f in figures(changed, catalogue.vocabulary)}
        for figures in (rule_figures, allowed_figures)
    )
    assert "900 CNY" in required
    assert allowed - required == {"2", "7", "36 months"}
    assert {"3", "40"} <= required  # they are bounds of conditions too
    uplift = Product((Constant(Fraction(1, 10)), Sum((ONE, Constant(Fraction(1, 5))))))
    told = rule_figures(
        replace(rule, benefit=replace(benefit, amount=uplift)), catalogue.vocabulary
    )
    assert "100%" not in {f.words.en for f in told}


def test_the_shares_of_several_years_are_figures() -> None:
    """All in the first year, four fifths in the second, half in the third: that something is paid
    in full or by half may be said in words, and the years are counted."""
    paid = (
        "per: unstated, one_off: true",
        "over: {years: 3, shares: [1, 0.80, 0.50]}, per: unstated",
    )
    catalogue = island(new_boat=paid)
    assert figures_of(BOAT, catalogue) == ["30%", "36 months", "400,000 CNY", "80%"]
    rule = catalogue.programmes[BOAT]
    allowed = {figure.words.en for figure in allowed_figures(rule, catalogue.vocabulary)}
    assert {"100%", "50%", "12 months", "24 months"} <= allowed
