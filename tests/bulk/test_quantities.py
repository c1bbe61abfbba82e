"""Quantities of every class read alike: evaluator, index, columns and SQL."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import duckdb
import pytest

from service.bulk.sql import SqlTranslator
from service.catalogue.conditions import Compiler
from service.domain.evaluation.evaluator import Status, evaluate, evaluate_condition, subjects
from service.domain.index.status_index import StatusIndex, evaluate_readings
from service.domain.rules import conditions
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Clause, Condition, Connective, Group
from service.domain.rules.operators import Range
from tests.bulk.companies import SQL_TRUTHS, profile_of, rows, table
from tests.bulk.test_missing_facts import check
from tests.own import own_catalogue

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 22)
CLAUSE = Clause("any", 1)
HALF = Decimal("0.5")
SALES, BEFORE, RND = "company.revenue", "company.revenue_previous_year", "company.rnd_expense"
STAFF, TECH = "company.employees", "company.technical_staff"
LOAN, RATE = "project.loan_principal", "project.lpr"

# As a policy file has them, with bounds that some rows of the test reach.
WRITTEN: list[tuple[object, list[str]]] = [
    ({"sum": [SALES, RND, 1_000_000]}, ["6000000", "50000000"]),
    ({"difference": [SALES, BEFORE]}, ["0", "1000000"]),
    ({"product": [LOAN, RATE]}, ["100000"]),
    ({"product": [2, SALES]}, ["10000000"]),
    ({"mean": [{"growth": [SALES, BEFORE]}, {"growth": [BEFORE, "company.total_income"]}]}, ["0"]),
    ({"ratio": [{"sum": [RND, "company.costs"]}, {"sum": [SALES, BEFORE]}]}, ["1/2", "1"]),
    ({"ratio": [SALES, STAFF]}, ["500000"]),
    ({"least": [SALES, {"product": [3, RND]}]}, ["3000000"]),
    ({"greatest": [TECH, STAFF, 20]}, ["50", "300"]),
    (
        {"cases": [{"when": {"fact": "company.registered_region", "within": "310000"},
                    "then": SALES}],
         "otherwise": BEFORE},
        ["5000000"],
    ),
    ({"by": "company.kind", "values": {"enterprise": SALES, "bank": BEFORE}}, ["20000000"]),
    (
        {"bands": [{"up_to": 10_000_000, "rate": HALF}, {"rate": 1}], "of": SALES},
        ["5000000", "15000000"],
    ),
    (
        {"bands": [{"below": 1_000_000, "rate": HALF}, {"rate": 1}],
         "of": RND, "progressive": True},
        ["1500000"],
    ),
    ({"months_between": ["company.founded_on", "as_of"]}, ["12", "36"]),
    ({"months_between": ["company.founded_on", "as_of"], "begun": True}, ["12", "36"]),
    ({"year_of": "company.founded_on"}, ["2020", "2024"]),
    ({"certificates": {"category": "specialised_sme", "valid": False}}, ["1"]),
    ({"certificates": {"category": ["high_tech_enterprise", "specialised_sme"],
                       "issued": {"from": "last_year"}}}, ["1"]),
    ({"awards": {"purpose": "first_of_kind"}}, ["1"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def real() -> Catalogue:
    return own_catalogue()


def rules(real: Catalogue, seed: int) -> Catalogue:
    """The real programmes, each with two tests of such quantities in place of its conditions."""
    random, reader = Random(seed), Compiler(real.vocabulary, "any", {}).quantities
    tests: list[Condition] = [
        conditions.Predicate(
            reader.read(raw, CLAUSE), random.choice([Range(low), Range(high=low)]), CLAUSE
        )
        for raw, bounds in WRITTEN
        for low in map(Fraction, bounds)
    ]
    programmes = {}
    for i, programme in enumerate(real.programmes.values()):
        gate = random.choice([Connective.ALL, Connective.ANY])
        chosen = (tests[i % len(tests)], random.choice(tests))
        programmes[programme.id] = replace(programme, condition=Group(gate, chosen, CLAUSE))
    return replace(real, programmes=programmes)


@pytest.mark.parametrize("seed", [1])
def test_columns_and_evaluator_agree(real: Catalogue, seed: int) -> None:
    """Statuses and missing facts of every row, with and without a project."""
    catalogue = rules(real, seed)
    check(catalogue, rows(catalogue, 60, DAY, seed))


@pytest.mark.parametrize("seed", [1])
def test_index_and_evaluator_agree(real: Catalogue, seed: int) -> None:
    catalogue = rules(real, seed)
    index = StatusIndex(catalogue)
    for row in rows(catalogue, 60, DAY, seed):
        profile = profile_of(catalogue, row, DAY)
        every = evaluate_readings(
            index, catalogue, profile, index.truths_of(profile, DAY), DAY, set(Status)
        )
        assert every.summary == evaluate(catalogue, profile, DAY).summary


@pytest.mark.parametrize("seed", [1])
def test_sql_and_evaluator_agree(real: Catalogue, seed: int) -> None:
    """Whole numbers of 128 bits do it exactly; nothing of these rows takes more."""
    catalogue = rules(real, seed)
    listed = rows(catalogue, 60, DAY, seed)
    given = table(catalogue, listed)
    oracle = SqlTranslator(catalogue.vocabulary, DAY, frozenset(given.schema.names))
    profiles = [profile_of(catalogue, row, DAY) for row in listed]
    connection = duckdb.connect()
    connection.register("companies", given)
    for programme in catalogue.programmes.values():
        told = connection.execute(f"SELECT {oracle.truth(programme)} FROM companies").fetchall()
        for row, profile, (answer,) in zip(listed, profiles, told, strict=True):
            if any(profile.company.get(f, row.get(f)) != row.get(f) for f in programme.facts):
                continue  # facts that follow from others are in no column here
            subject = next(subjects(programme, profile))
            truth = evaluate_condition(programme.condition, subject, DAY).truth
            assert SQL_TRUTHS[answer] is truth, (programme.condition, row)
