"""The portable cases of conformance/, held by every reading of a rule."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import z3

from service.bulk.engine import CheckedBatch, Detail, Engine, answer_all
from service.bulk.sql import SqlTranslator
from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.evaluation.evaluator import Match, Status, evaluate_programme, subjects
from service.domain.facts.profile import Profile
from service.domain.index.status_index import evaluate_selected
from service.domain.rules.conditions import facts_of
from service.domain.truth import Truth
from service.proof.formula import Space, Translator
from service.proof.prover import truth_in
from service.rendering.json_parts import money_json
from service.settings import PROJECT
from service.usecases.authoring.examples import run_examples
from service.usecases.portfolio.portfolio import plan_for
from tests.bulk.companies import table

FOLDER = PROJECT / "conformance"
FILES = sorted((FOLDER / "cases").glob("*.json"))


@dataclass(frozen=True)
class Case:
    """One case of a file: a profile on a day, and what must come out for which programmes."""

    name: str
    as_of: date
    raw: dict[str, Any]
    expect: dict[str, dict[str, Any]]


def cases() -> list[Case]:
    found = []
    for file in FILES:
        held = json.loads(file.read_text(encoding="utf-8"))
        for i, case in enumerate(held["cases"]):
            day = date.fromisoformat(case["as_of"])
            name = f"{file.stem}-{i}: {case['say']}"
            found.append(Case(name, day, case["profile"], case["expect"]))
    return found


CASES = cases()
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@cache
def compiled() -> CompiledCatalogue:
    return CompiledCatalogue(load_catalogue(read_source(FOLDER / "catalogue", PROJECT / "seeds")))


@cache
def space() -> Space:
    catalogue = compiled().catalogue
    return Space(catalogue.vocabulary, [p.condition for p in catalogue.programmes.values()])


def profile_of(case: Case) -> Profile:
    profile, _ = compiled().reader.read(case.raw, "")
    return profile


def matches(case: Case) -> dict[str, Match]:
    """The first match of each programme that a case speaks of."""
    profile, programmes = profile_of(case), compiled().catalogue.programmes
    return {
        name: evaluate_programme(
            programmes[name], next(iter(subjects(programmes[name], profile))), case.as_of
        )
        for name in case.expect
    }


def test_the_cases_cover_what_the_catalogue_has() -> None:
    """No programme of the catalogue goes without a case, and every case names programmes of it."""
    named = {name for case in CASES for name in case.expect}
    assert named == set(compiled().catalogue.programmes)
    assert len(CASES) >= 80
    assert run_examples(compiled()).failures == ()


@EACH
def test_the_reference_evaluator(case: Case) -> None:
    """Status, truth, missing facts and amounts."""
    for name, match in matches(case).items():
        expect = case.expect[name]
        assert match.status.value == expect["status"], name
        if "truth" in expect:
            assert match.finding.truth.name.lower() == expect["truth"], name
        if "missing" in expect:
            assert sorted(match.missing) == sorted(expect["missing"]), name
        for part, amount in expect.get("ceiling", {}).items():
            assert match.ceiling is not None
            assert money_json(getattr(match.ceiling, part)) == amount, (name, part)


@EACH
def test_the_index(case: Case) -> None:
    """The same statuses by bit sets."""
    catalogue = compiled().catalogue
    found = evaluate_selected(
        compiled().index, catalogue, profile_of(case), case.as_of, frozenset(Status)
    )
    statuses = {m.programme.id: m.status.value for m in reversed(found.matches)}
    for name, expect in case.expect.items():
        assert statuses[name] == expect["status"], name


def row_table(case: Case) -> pa.Table:
    """The profile as the one row of a table, every fact as text; what stands in for another fact
    is filled in."""
    profile = profile_of(case)
    row = dict(profile.company)
    for project in profile.projects:
        row.update(project.facts)
    return table(compiled().catalogue, [row])


@EACH
def test_the_columnar_engine(case: Case) -> None:
    """The same statuses for the profile as a row."""
    given = row_table(case)
    engine = Engine(plan_for(compiled(), case.as_of, Detail.STATUSES), given.schema)
    (answer,) = (a for _, a in answer_all([engine], map(CheckedBatch, given.to_batches())))
    for name, expect in case.expect.items():
        assert answer.column(f"status.{name}").to_pylist() == [expect["status"]], name


@EACH
def test_sql(case: Case) -> None:
    """The same truths, where NULL is UNKNOWN."""
    given = row_table(case)
    translator = SqlTranslator(
        compiled().catalogue.vocabulary, case.as_of, frozenset(given.schema.names)
    )
    truths = {None: "unknown", True: "true", False: "false"}
    with duckdb.connect() as connection:
        connection.register("companies", given)
        for name, expect in case.expect.items():
            if "truth" in expect:
                programme = compiled().catalogue.programmes[name]
                query = f"SELECT {translator.truth(programme)} FROM companies"
                assert truths[connection.execute(query).fetchall()[0][0]] == expect["truth"], name


@EACH
def test_the_formula(case: Case) -> None:
    """The same truths, with the profile's facts pinned in the solver."""
    for name, match in matches(case).items():
        if "truth" not in case.expect[name]:
            continue
        condition = match.programme.condition
        node = Translator(space(), case.as_of).node(condition)
        solver = z3.Solver()
        solver.add(*space().pinned(match.subject, facts_of(condition), case.as_of))
        assert solver.check() == z3.sat
        truth = truth_in(solver.model(), node)
        assert truth is Truth[case.expect[name]["truth"].upper()], name
