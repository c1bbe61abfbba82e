"""Two versions of a money rule: who gets more, who less, and that nobody else does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from service.domain.evaluation.evaluator import evaluate_condition
from service.domain.facts.profile import Subject
from service.domain.rules.amounts import Benefit, ceiling
from service.domain.rules.conditions import Clause, Connective, Group
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import Quantity
from service.domain.truth import Truth
from service.proof.money import MoneyProof, prove_money
from tests.domain.sample import VOCABULARY
from tests.domain.strategies import FAST, conditions, quantities, subjects
from tests.proof.test_widening import DAY, isles

MONEY = "rate: 0.50, of: project.cost, cap: 9_000"
SOLAR = "isles-solar"


def proof(new: str) -> tuple[MoneyProof | None, Programme]:
    """What is proven of another money rule, and the programme that has it."""
    catalogue, changed = isles(MONEY, MONEY), isles(MONEY, new)
    before, after = (c.programmes[SOLAR] for c in (catalogue, changed))
    return prove_money(changed.vocabulary, before, after, DAY), after


def paid(benefit: Benefit | None, subject: Subject, day: date = DAY) -> Decimal:
    assert benefit is not None
    amount = ceiling(benefit, subject, day).amount
    assert amount is not None
    return amount


@pytest.mark.parametrize(
    ("new", "gains", "loses"),
    [
        ("rate: 0.50, of: project.cost, cap: 9_500", True, False),
        ("rate: 0.40, of: project.cost, cap: 12_000", True, True),
        ("rate: 0.50, of: project.cost, caps: [{amount: 9_000}, {share: 0.60, of: project.cost}]",
         False, False),
        (("rate: {cases: [{when: {fact: company.size, is: large}, then: 0.70}], otherwise: 0.50}, "
         "of: project.cost, cap: 9_000"), False, False),
        (("rate: {cases: [{when: {fact: company.size, is: micro}, then: 0.70}], otherwise: 0.50}, "
         "of: project.cost, cap: 9_000"), True, False),
        ("rate: 0.50, of: project.cost, cap: 9_000, minimum: 10", False, True),
        ("amount: 3_000, over: {years: 3}", True, False),
        ("rate: 0.25, of: project.cost, over: {years: 2}, caps: [{amount: 4_500, per: year}]",
         False, False),
        (("rate: 0.50, of: project.cost, over: {years: 2, shares: [0.6, 0.4]}, "
         "caps: [{amount: 5_000, per: year}, {amount: 8_000}]"), False, True),
    ],
    ids=["a higher cap", "a lower rate, a higher cap", "a cap that never binds",
         "more for who is turned away", "more for some", "a minimum",
         "over years", "the same over years", "less over years that differ"],
)  # fmt: skip
def test_somebody_gains_or_it_is_proven_that_nobody_does(
    new: str, gains: bool, loses: bool
) -> None:
    """Whoever is found meets the rule and is paid otherwise, as the reference reckons it."""
    found, after = proof(new)
    assert found is not None
    assert (found.gains is not None, found.loses is not None) == (gains, loses)
    before = isles(MONEY, MONEY).programmes[SOLAR]
    for subject, sign in ((found.gains, 1), (found.loses, -1)):
        if subject is not None:
            assert evaluate_condition(after.condition, subject, DAY).truth is not Truth.FALSE
            assert (paid(after.benefit, subject) - paid(before.benefit, subject)) * sign > 0


def test_what_cannot_be_compared_as_one_amount_is_not_said_to_be_proven() -> None:
    """Money that is rounded otherwise."""
    assert proof("rate: 0.50, of: project.cost, cap: 9_000, round: nearest")[0] is None


# Of what a programme without a project is judged by.
COMPANIES = replace(VOCABULARY, facts={f.id: f for f in VOCABULARY.company})
ALWAYS = conditions(COMPANIES).map(lambda c: Group(Connective.ALL, (c,), Clause("doc", 1)))
QUANTITIES = quantities(COMPANIES)


def _differences(rules: list[Programme], subject: Subject) -> Iterator[Decimal]:
    """How much more the second pays to whom neither turns away."""
    if all(evaluate_condition(r.condition, subject, DAY).truth is Truth.TRUE for r in rules):
        before, after = (ceiling(r.benefit, subject, DAY) for r in rules if r.benefit)
        if before.amount is not None and after.amount is not None:
            yield after.amount - before.amount


@pytest.mark.deep
@settings(FAST, max_examples=25)
@given(QUANTITIES, QUANTITIES, ALWAYS, subjects(COMPANIES))
def test_who_is_found_differs_and_whoever_is_not_found_does_not(
    one: Quantity, other: Quantity, condition: Group, somebody: Subject
) -> None:
    """For random amounts and conditions."""
    base = replace(isles(MONEY, MONEY).programmes[SOLAR], condition=condition, supports=())
    rules = [replace(base, benefit=Benefit(amount)) for amount in (one, other)]
    found = prove_money(COMPANIES, rules[0], rules[1], DAY)
    if found is None:
        return
    for difference in _differences(rules, somebody):
        assert found.gains is not None or difference <= 0
        assert found.loses is not None or difference >= 0
    for subject, sign in ((found.gains, 1), (found.loses, -1)):
        if subject is not None:
            before, after = (paid(rule.benefit, subject) for rule in rules)
            assert (after - before) * sign > 0
