"""The portable cases of conformance/, held by every reading of a rule."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import yaml
import z3

from service.bulk.batch_engine import BatchEngine, CheckedBatch, Detail, answer_all
from service.bulk.sql import SqlTranslator
from service.catalogue.loader import load_catalogue
from service.catalogue.measure_schemas import CapSchema, SharedCapSchema
from service.catalogue.programme_schemas import (
    BenefitSchema,
    DurationSchema,
    SelectionSchema,
    UpliftSchema,
)
from service.catalogue.quantities import HEADS
from service.catalogue.source import read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.advice.combination import awards_of, best_combination
from service.domain.evaluation.evaluator import (
    AnswerOptions,
    Match,
    Status,
    evaluate,
    evaluate_programme,
    subjects,
)
from service.domain.facts.profile import Profile
from service.domain.rules.conditions import facts_of
from service.domain.truth import Truth
from service.intake.requests import MatchRequest
from service.proof.formula import Translator
from service.proof.prover import truth_in
from service.proof.space import Space
from service.rendering.json_parts import money_json, subject_name
from service.settings import PROJECT
from service.usecases.authoring.examples import run_examples
from service.usecases.matching import answer_request
from service.usecases.portfolio.portfolio import plan_for
from tests.bulk.companies import Row, table

FOLDER = PROJECT / "conformance"
FILES = sorted((FOLDER / "cases").glob("*.json"))


@dataclass(frozen=True)
class Case:
    """One case of a file: a profile on a day, and what must come out for which programmes."""

    name: str
    as_of: date
    raw: dict[str, Any]
    expect: dict[str, dict[str, Any]]
    among: frozenset[str] = frozenset()
    total: dict[str, str] | None = None


def cases() -> list[Case]:
    found = []
    for file in FILES:
        held = json.loads(file.read_text(encoding="utf-8"))
        for i, case in enumerate(held["cases"]):
            day = date.fromisoformat(case["as_of"])
            name = f"{file.stem}-{i}: {case['say']}"
            among = frozenset(case.get("among", ()))
            found.append(Case(name, day, case["profile"], case["expect"], among, case.get("total")))
    return found


CASES = cases()
TOTALS = [case for case in CASES if case.total is not None]
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
    named = {name for case in CASES for name in (*case.expect, *case.among)}
    assert named == set(compiled().catalogue.programmes)
    assert len(CASES) >= 200
    assert run_examples(compiled()).failures == ()


def test_every_construct_of_the_language_has_a_case() -> None:
    """Each word of quantities, conditions, money and programmes that means something to an answer
    stands in a programme of the catalogue."""
    used: set[str] = set()
    for file in (FOLDER / "catalogue").rglob("*.yaml"):
        used |= set(_words_in(yaml.safe_load(file.read_text(encoding="utf-8"))))
    schemas = (
        BenefitSchema,
        CapSchema,
        SharedCapSchema,
        UpliftSchema,
        DurationSchema,
        SelectionSchema,
    )
    wanted = {field.data_key or name for s in schemas for name, field in s().fields.items()}
    assert sorted((wanted | HEADS | TESTS | PARTS) - used - {"programme"}) == []


# The tests and groups of conditions, and the keys of a programme that an answer hangs on.
TESTS = {
    "all", "any", "not", "is", "one_of", "has_any", "has_all", "within", "umbrella", "elsewhere",
    "at_least", "more_than", "at_most", "less_than", "before", "after", "on_or_before",
    "on_or_after", "between", "holds", "issued", "valid", "had", "recognised", "size", "meets",
    "undecided", "age_at_least", "age_more_than", "age_at_most", "age_less_than", "own", "unit",
    "progressive", "otherwise", "values", "up_to", "below", "low", "high", "each", "begun",
    "as_of", "day", "this_year", "last_year", "2_years_ago",
}  # fmt: skip
PARTS = {"kinds", "kinds_open", "supports", "window", "excludes", "selection", "commitment"}


def _words_in(raw: Any) -> Iterator[str]:
    """Every key, and every word that stands for a quantity."""
    if isinstance(raw, dict):
        for key, value in raw.items():
            yield str(key)
            yield from _words_in(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _words_in(value)
    elif isinstance(raw, str):
        yield raw


@pytest.mark.parametrize("case", TOTALS, ids=lambda case: case.name)
def test_what_adds_up(case: Case) -> None:
    """The best lawful set of the programmes that a case names."""
    catalogue, profile = compiled().catalogue, profile_of(case)
    found = best_combination(
        catalogue,
        [
            m
            for m in evaluate(catalogue, profile, case.as_of).matches
            if m.programme.id in case.among
        ],
        awards_of(profile),
        case.as_of,
    )
    low, high = money_json(found.total.low), money_json(found.total.high)
    assert {"low": low, "high": high} == case.total


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
    index = compiled().index
    statuses: dict[str, str] = {}
    for reading in index.truths_of(profile_of(case), case.as_of):
        for status, chosen in index.by_status(reading, case.as_of).items():
            for programme in index.programmes_in(chosen):
                statuses.setdefault(programme.id, status.value)
    for name, expect in case.expect.items():
        assert statuses[name] == expect["status"], name


@EACH
def test_the_answer_of_a_request(case: Case) -> None:
    """The same statuses and amounts in what a compiled catalogue answers who asks for them."""
    profile = profile_of(case)
    options = AnswerOptions(frozenset(Status(e["status"]) for e in case.expect.values()))
    request = MatchRequest(profile, profile, (), case.as_of, None, options)
    answer = json.loads(answer_request(compiled(), request, case.as_of))
    told = {(m["programme"]["id"], m["subject"]): m for m in answer["matches"]}
    for name, match in matches(case).items():
        found = told[name, subject_name(match)]
        assert found["status"] == case.expect[name]["status"], name
        for part, amount in case.expect[name].get("ceiling", {}).items():
            assert found["ceiling"][part] == amount, (name, part)


def row_of(case: Case) -> Row:
    """The profile as one row, what stands in for another fact filled in."""
    profile = profile_of(case)
    row = dict(profile.company)
    for project in profile.projects:
        row.update(project.facts)
    return row


def is_of_one_row(case: Case, name: str) -> bool:
    """Whether a row, which has one project, says all that a programme asks."""
    if len(case.raw.get("projects", ())) < 2:
        return True
    programme, lists = (
        compiled().catalogue.programmes[name],
        compiled().catalogue.vocabulary.project_lists,
    )
    asked = (*programme.condition.facts, *(programme.benefit.facts if programme.benefit else ()))
    return not set(lists) & set(asked)


@cache
def cases_on(as_of: date) -> tuple[list[str], pa.Table]:
    """The names of the cases of a day, and their rows as one table, every fact as text."""
    held = [case for case in CASES if case.as_of == as_of]
    return [c.name for c in held], table(compiled().catalogue, [row_of(c) for c in held])


@cache
def columnar_answers(as_of: date) -> list[dict[str, Any]]:
    """What the columnar engine says of each row of a day."""
    _, given = cases_on(as_of)
    engine = BatchEngine(plan_for(compiled(), as_of, Detail.CEILINGS), given.schema)
    answers = (a for _, a in answer_all([engine], map(CheckedBatch, given.to_batches())))
    rows: list[dict[str, Any]] = pa.Table.from_batches(list(answers), engine.schema).to_pylist()
    return rows


@cache
def sql_truths(as_of: date, programme: str) -> list[bool | None]:
    """What DuckDB says of each row of a day."""
    _, given = cases_on(as_of)
    catalogue = compiled().catalogue
    translator = SqlTranslator(catalogue.vocabulary, as_of, frozenset(given.schema.names))
    with duckdb.connect() as connection:
        connection.register("companies", given)
        query = f"SELECT {translator.truth(catalogue.programmes[programme])} FROM companies"
        return [truth for (truth,) in connection.execute(query).fetchall()]


def place_of(case: Case) -> int:
    return cases_on(case.as_of)[0].index(case.name)


@EACH
def test_the_columnar_engine(case: Case) -> None:
    """The same statuses, and the most that each comes to, for the profile as a row."""
    answer = columnar_answers(case.as_of)[place_of(case)]
    assert answer["error"] is None
    for name, expect in case.expect.items():
        if not is_of_one_row(case, name):
            continue
        assert answer[f"status.{name}"] == expect["status"], name
        bound = expect.get("ceiling", {})
        if bound.keys() & {"amount", "high"}:
            found = money_json(answer[f"at_most.{name}"])
            assert found == (bound.get("amount") or bound.get("high")), name


@EACH
def test_sql(case: Case) -> None:
    """The same truths, where NULL is UNKNOWN."""
    truths = {None: "unknown", True: "true", False: "false"}
    for name, expect in case.expect.items():
        if "truth" in expect and is_of_one_row(case, name):
            found = sql_truths(case.as_of, name)[place_of(case)]
            assert truths[found] == expect["truth"], name


@EACH
def test_the_formula(case: Case) -> None:
    """The same truths, with the profile's facts pinned in the solver."""
    for name, match in matches(case).items():
        if "truth" not in case.expect[name]:
            continue
        condition = match.programme.condition
        node = Translator(space(), case.as_of).node(condition)
        solver = z3.Solver()
        solver.add(*space().as_stated(match.subject, facts_of(condition), case.as_of))
        assert solver.check() == z3.sat
        truth = truth_in(solver.model(), node)
        assert truth is Truth[case.expect[name]["truth"].upper()], name
