"""An answer put together from what is remembered is the one the reference evaluator gives."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import inf
from random import Random
from typing import Any

import orjson
import pytest

from service.app import load_source
from service.catalogue.loader import load_catalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.recall import boards, categories, drafts, shelves
from service.domain.advice.combination import awards_of, best_combination
from service.domain.advice.questions import next_questions
from service.domain.evaluation.assessment import (
    category_hints,
    find_conflicts,
    hint_limits,
    is_sized,
    size_class,
    with_contested_certificates,
)
from service.domain.evaluation.evaluator import Status, evaluate
from service.domain.evaluation.plausibility import find_implausible
from service.domain.facts.profile import Award, Profile, Project, Provenance, Subject
from service.domain.likeness import Likeness
from service.domain.rules.operators import Range
from service.domain.rules.quantities import Ratio
from service.intake.requests import MatchRequest
from service.rendering.advice_json import combination_json, question_json
from service.rendering.canonical_json import canonical_json
from service.rendering.category_json import (
    conflict_warnings,
    criterion_json,
    hint_json,
    implausible_json,
    size_json,
)
from service.rendering.json_parts import Json
from service.rendering.match_json import summary_json
from service.settings import read_settings
from service.usecases.matching import answer_request
from tests.bulk.companies import project_of, rows
from tests.domain.sample import ask, combined

BENCH = CompiledCatalogue(load_catalogue(load_source(read_settings())))
CATALOGUE = BENCH.catalogue
FIGURE = "company.revenue"
DAYS = (date(2025, 9, 25), date(2026, 11, 22), date(2031, 1, 1))


def written_out(profile: Profile, as_of: date, wanted: frozenset[Status]) -> Json:
    """The answer without any memory: the evaluation of every programme, rendered as it is."""
    evaluation = evaluate(CATALOGUE, with_contested_certificates(CATALOGUE, profile, as_of), as_of)
    company, vocabulary = evaluation.profile, CATALOGUE.vocabulary
    shown = [m for m in evaluation.matches if m.status in wanted]
    sizes = (
        size_json(size_class(s, company, as_of))
        for s in CATALOGUE.sizes.values()
        if is_sized(s, company, as_of)
    )
    limits = hint_limits(CATALOGUE, company, as_of)
    found = category_hints(CATALOGUE.categories.values(), company, as_of, limits)
    best = best_combination(CATALOGUE, evaluation.matches, awards_of(company))
    questions = next_questions(evaluation.matches, vocabulary, as_of)
    denied = find_conflicts(CATALOGUE.categories.values(), profile, as_of)
    return {
        "as_of": as_of.isoformat(),
        "catalogue_version": CATALOGUE.version,
        "summary": summary_json(evaluation.summary),
        "matches": sorted((BENCH.answers.match(m, as_of) for m in shown), key=in_order),
        "best_combination": combination_json(best),
        "next_questions": [question_json(q, vocabulary) for q in questions],
        "category_hints": [
            *(s for s in sizes if s is not None),
            *(hint_json(h, lambda c: criterion_json(c, vocabulary)) for h in found),
        ],
        "warnings": [
            *conflict_warnings(CATALOGUE, denied),
            *map(implausible_json, find_implausible(CATALOGUE, profile, as_of)),
        ],
    }


def in_order(match: Json) -> tuple[int, float]:
    """By status, and within the ineligible by how few changes it takes."""
    rank = [s.value for s in Status].index(match["status"])
    distance = (match["near_miss"] or {}).get("distance")
    return rank, (distance or inf) if match["status"] == Status.INELIGIBLE else 0


def profiles(count: int, seed: int) -> Iterator[tuple[Profile, date, frozenset[Status]]]:
    """Companies on the edges of the rules, some with several projects, awards and provenance."""
    random = Random(seed)
    for row in rows(CATALOGUE, count, DAYS[1], seed):
        company = {f: v for f, v in row.items() if f.startswith("company.")}
        projects = project_of(row)
        if projects and random.random() < 0.3:
            projects = (*projects, replace(projects[0], ref="second"))
        if random.random() < 0.3:
            level = random.choice(["municipal", "national"])
            award = Award("first_of_kind", level, Decimal(random.choice([1, 10**7])))
            company["company.awards_received"] = (award,)
        known = [*company, *_own(projects)]
        marked = random.sample(known, min(len(known), random.choice([0, 0, 3])))
        provenance = {fact: random.choice(list(Provenance)) for fact in marked}
        wanted = random.choice([frozenset(Status), frozenset([random.choice(list(Status))])])
        yield Profile(company, projects, provenance), random.choice(DAYS), wanted


def _own(projects: tuple[Project, ...]) -> Iterator[str]:
    for project in projects:
        for fact in project.facts:
            yield f"projects.{project.ref}.{fact.removeprefix('project.')}"


def agree(count: int, seed: int, compiled: CompiledCatalogue = BENCH) -> None:
    for profile, as_of, wanted in profiles(count, seed):
        request = MatchRequest(profile, profile, (), as_of, wanted)
        answer = answer_request(compiled, request, as_of)
        assert orjson.loads(answer) == written_out(profile, as_of, wanted), (profile, as_of)
        assert answer == canonical_json(orjson.loads(answer))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_remembered_changes_no_answer(seed: int) -> None:
    """One memory serves all companies; each gets what it gets without, and no figure of another."""
    agree(50, seed)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(100, 108))
def test_what_is_remembered_changes_no_answer_of_thousands(seed: int) -> None:
    """The same for five thousand companies and more kinds of them."""
    agree(640, seed)


def test_a_full_memory_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one of each thing the answers are the same."""
    monkeypatch.setattr(shelves, "CACHE_SIZE", 1)
    for large in (boards, categories, drafts):
        monkeypatch.setattr(large, "CACHE_SIZE", 1)
    agree(20, 9, CompiledCatalogue(CATALOGUE))


def test_values_are_alike_where_every_rule_decides_them_alike() -> None:
    """Between two bounds all are; a bound itself is not like what lies below it; what is not stated
    is like nothing that is."""
    likeness = Likeness([ask("revenue", Range(Decimal(low))) for low in (10, 20)])

    def alike(one: Any, other: Any) -> bool:
        subjects = (
            Subject(None, {} if v is None else {"company.revenue": v}, {}) for v in (one, other)
        )
        first, second = (likeness.classes(s, DAYS[1]) for s in subjects)
        return first == second

    assert alike(Decimal(10), Decimal("19.99"))
    assert not alike(Decimal(20), Decimal("19.99"))
    assert not alike(None, Decimal(5))


def test_numbers_of_a_quotient_without_value_are_told_apart() -> None:
    """As long as one of them is not stated, or the divisor is nothing, each is a class of its own;
    with a value only the value counts."""
    likeness = Likeness([combined(Ratio, "revenue employees", Range(Decimal("0.5")))])

    def classes(revenue: int, employees: int | None = None) -> list[Any]:
        facts = {FIGURE: Decimal(revenue), "company.employees": employees}
        stated = {fact: v for fact, v in facts.items() if v is not None}
        return likeness.classes(Subject(None, stated, {}), DAYS[1])

    assert classes(1) != classes(2)
    assert classes(1, 0) != classes(2, 0)
    assert classes(1, 2) == classes(3, 4)
    assert classes(1, 2) != classes(1, 4)


def test_where_a_figure_comes_from_parts_what_is_alike() -> None:
    """The answer says it, so a declared figure is not like a verified one."""
    likeness = Likeness([ask("revenue", Range(Decimal(10)))])
    facts = {FIGURE: Decimal(11)}
    declared = likeness.classes(Subject(None, facts, {}), DAYS[1])
    verified = likeness.classes(Subject(None, facts, {FIGURE: Provenance.VERIFIED}), DAYS[1])
    said = likeness.classes(Subject(None, facts, {FIGURE: Provenance.DECLARED}), DAYS[1])
    assert declared == said != verified


def test_the_last_days_asked_for_are_remembered() -> None:
    """Two of them; an older one is remembered anew."""
    compiled = CompiledCatalogue(CATALOGUE)
    first = compiled.recall(DAYS[0])
    assert compiled.recall(DAYS[0]) is first
    second = compiled.recall(DAYS[1])
    assert compiled.recall(DAYS[0]) is first
    compiled.recall(DAYS[2])
    assert compiled.recall(DAYS[1]) is second
    assert compiled.recall(DAYS[0]) is not first
