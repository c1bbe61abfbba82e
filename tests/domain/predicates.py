"""Short ways to write a test of a fact, or a sentence that nobody can test."""

from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Basis, Predicate, Undecided
from service.domain.rules.operators import HoldsCertificate, InSet, Operator, Quantifier
from service.domain.rules.quantities import Quantity
from service.domain.text import Text
from tests.domain.sample import CATEGORIES, CLAUSE, VOCABULARY, full_name


def ask(fact: str, operator: Operator, term: Text | None = None) -> Predicate:
    """A test of one fact; the owner may be left out for a company's."""
    return Predicate(forms.FactQuantity(full_name(fact)), operator, CLAUSE, term=term)


def of_facts(kind: type[Quantity], facts: str) -> Quantity:
    """A number made of several facts, named in one string."""
    parts = tuple(forms.FactQuantity(full_name(f)) for f in facts.split())
    if kind in (forms.Ratio, forms.Growth):
        return forms.Ratio(*parts) if kind is forms.Ratio else forms.Growth(*parts)
    return forms.Mean(parts) if kind is forms.Mean else forms.Sum(parts)


def combined(kind: type[Quantity], facts: str, operator: Operator) -> Predicate:
    """A test of several facts, named in one string."""
    return Predicate(of_facts(kind, facts), operator, CLAUSE)


def among(
    fact: str, *values: str | bool | int, need: Quantifier = Quantifier.ANY, umbrella: str = ""
) -> Predicate:
    """A test against named values, with the fact's own code list."""
    codes = VOCABULARY.codes_of(VOCABULARY.facts[full_name(fact)])
    return ask(fact, InSet(values, need, tuple(umbrella.split()), codes))


def holds(*categories: str) -> Predicate:
    return ask("certificates", HoldsCertificate(categories, CATEGORIES))


def undecided(basis: Basis = Basis.UNDEFINED) -> Undecided:
    return Undecided(Text("有行业影响力", "Influential in its industry"), CLAUSE, basis)
