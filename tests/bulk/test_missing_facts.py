"""What rows lack: what an answer to one company lacks, counted and ranked, for rules of every
shape."""

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from service.bulk.batch_engine import BatchEngine, Detail
from service.bulk.missing_facts import NAMED
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.evaluation.evaluator import Status, evaluate
from service.domain.facts.asking import lacking_facts
from service.domain.rules import conditions
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Clause, Condition, Connective, Group, leaves
from service.domain.rules.operators import Range
from service.domain.rules.quantities import FactQuantity, Growth, Mean, Ratio, Sum
from service.storage.compiled_bytes import packed, unpacked
from service.usecases.portfolio.portfolio import plan_for
from tests.bulk.companies import Row, profile_of, rows, table
from tests.own import own_catalogue

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 22)
CLAUSE = Clause("any", 1)
SALES, BEFORE, STAFF = "company.revenue", "company.revenue_previous_year", "company.employees"
LOAN = "project.loan_principal"
COMBINED = (
    Growth(FactQuantity(SALES), FactQuantity(BEFORE)),
    Ratio(FactQuantity(SALES), FactQuantity(STAFF)),
    Ratio(FactQuantity(LOAN), FactQuantity(SALES)),
    Mean((FactQuantity(SALES), FactQuantity(LOAN))),
    Sum((FactQuantity(SALES), FactQuantity(BEFORE), FactQuantity(STAFF))),
)


@pytest.fixture(scope="module")
def real() -> Catalogue:
    return own_catalogue()


def shuffled(real: Catalogue, seed: int) -> Catalogue:
    """The real programmes with the real tests, and some of numbers made of several facts, put
    together anew at random."""
    random = Random(seed)
    programmes = real.programmes.values()
    tests: list[Condition] = [leaf for p in programmes for leaf in leaves(p.condition)]
    tests += [
        conditions.Predicate(quantity, Range(Fraction(low)), CLAUSE)
        for quantity in COMBINED
        for low in (0, "1/5", 1, 5_000_000)
    ] * 8
    return replace(
        real,
        programmes={p.id: replace(p, condition=whole(tree(random, tests, 3))) for p in programmes},
    )


def whole(condition: Condition) -> Group:
    return (
        condition if isinstance(condition, Group) else Group(Connective.ALL, (condition,), CLAUSE)
    )


def tree(random: Random, tests: list[Condition], depth: int) -> Condition:
    if not depth or random.random() < 0.2:
        return random.choice(tests)
    gate = random.choice(
        [Connective.ALL, Connective.ANY, Connective.ANY, Connective.NOT, Connective.AT_LEAST]
    )
    count = 1 if gate is Connective.NOT else random.randint(1, 4)
    children = tuple(tree(random, tests, depth - 1) for _ in range(count))
    return Group(gate, children, CLAUSE, count=random.randint(0, count + 1))


def check(catalogue: Catalogue, listed: list[Row], *, kept: bool = False) -> None:
    """Every row lacks what the matches of an answer lack, and has their statuses; `kept`: under
    what is compiled as a start takes it up from the disk."""
    given = table(catalogue, listed)
    compiled = CompiledCatalogue(catalogue)
    if kept:
        assert compiled.index.order
        found_again = unpacked(packed(compiled))
        assert isinstance(found_again, CompiledCatalogue)
        compiled = found_again
    engine = BatchEngine(plan_for(compiled, DAY, Detail.MISSING), given.schema)
    found = engine.answer(given.combine_chunks().to_batches()[0]).to_pydict()
    order = list(catalogue.vocabulary.facts)
    for i, row in enumerate(listed):
        missing: Counter[str] = Counter()
        for match in evaluate(catalogue, profile_of(catalogue, row, DAY), DAY).matches:
            name = match.programme.id
            lacking = lacking_facts(match.missing, match.subject.facts, catalogue.vocabulary)
            expected = len(lacking) if match.status is Status.UNDETERMINED else None
            assert found[f"status.{name}"][i] == match.status, (name, row)
            assert found[f"missing.{name}"][i] == expected, (name, lacking, row)
            missing.update(lacking)
        best = sorted(missing, key=lambda fact: (-missing[fact], order.index(fact)))
        assert found["ask"][i] == ("|".join(best[:NAMED]) or None), row


@pytest.mark.parametrize("seed", [1, 2])
def test_the_real_rules(real: Catalogue, seed: int) -> None:
    check(real, rows(real, 150, DAY, seed))


def test_the_real_rules_as_they_were_kept(real: Catalogue) -> None:
    """What settles a test is found again after a start, for columns that only some rows fill."""
    check(real, rows(real, 60, DAY, 3), kept=True)


@pytest.mark.parametrize("seed", range(3))
def test_rules_of_any_shape(real: Catalogue, seed: int) -> None:
    """Trees of every gate, numbers made of several facts, of the company's and of a project's."""
    catalogue = shuffled(real, seed)
    check(catalogue, rows(catalogue, 100, DAY, seed))
