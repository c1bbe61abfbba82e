"""Which figures a rule takes from its article."""

from dataclasses import replace
from fractions import Fraction

from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Clause, Condition, Connective, Group, Predicate
from service.domain.rules.operators import Range
from service.domain.rules.quantities import FactQuantity
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
    for brief in (True, False):
        standard = Group(Connective.ALL, (counted,), article, brief=brief)
        assert ("8" in figures_of(LOAN, island(), standard)) is not brief
