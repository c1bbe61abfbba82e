"""What holds for any company under the project's own catalogue."""

from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from service.app import Services
from service.domain.advice.combination import awards_of, best_combination
from service.domain.advice.combination_result import OpenPoint
from service.domain.advice.questions import next_questions
from service.domain.evaluation.claimed_certificates import find_conflicts
from service.domain.evaluation.evaluator import Evaluation, Match, Status
from service.domain.principal import ANONYMOUS
from service.domain.truth import Truth
from tests.cases.answers import AS_OF
from tests.own import own_compiled
from tests.usecases.evaluated import evaluate_whole
from tests.usecases.strategies import companies

BENCH = own_compiled()
CATALOGUE = BENCH.catalogue
COMPANIES = companies(
    CATALOGUE.vocabulary,
    kind=["enterprise"],
    registered_region=["310115", "110108", "420111", "360881"],
    presence_regions=[["310115", "110108"], []],
    fields=[["embodied_intelligence"], ["quantum_technology"]],
)
few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def evaluated(company: dict[str, Any], projects: list[dict[str, Any]] | None = None) -> Evaluation:
    profile = {"company": company, "projects": projects or []}
    request = BENCH.requests.read({"as_of": AS_OF, "profile": profile})
    assert request.as_of
    return evaluate_whole(BENCH, request.profile, request.as_of)


def conflicting(evaluation: Evaluation) -> bool:
    return bool(find_conflicts(CATALOGUE.categories.values(), evaluation.profile, evaluation.as_of))


def statuses(evaluation: Evaluation) -> dict[tuple[str, str | None], Status]:
    return {(m.programme.id, m.subject.ref): m.status for m in evaluation.matches}


def may_found_elsewhere(evaluation: Evaluation) -> object:
    """What follows from the kind, or stands in for it."""
    return evaluation.matches[0].subject.get("company.may_found_elsewhere")


@few
@given(COMPANIES, st.data())
def test_a_further_fact_never_opens_what_was_decided(company: dict[str, Any], data: Any) -> None:
    """Facts are left out, then one is added: decided stays decided, and decided the same way.

    Three exceptions are the design: a stated place replaces a derived one (ADR 3), so both are kept
    here; who says nothing of its kind is taken to found nothing elsewhere, so that a place alone
    closes the other city, and a kind that may do so opens it again; and figures that contradict a
    certificate take its weight away, with a warning.
    """
    fixed = {"registered_region", "presence_regions"}
    names = sorted(company.keys() - fixed)
    kept = data.draw(st.sets(st.sampled_from(names)))
    added = data.draw(st.sampled_from(names))
    more = {k: v for k, v in company.items() if k in kept | fixed | {added}}
    less = {k: v for k, v in more.items() if k != added}
    before, after = evaluated(less), evaluated(more)
    assume(not conflicting(after))
    assume(may_found_elsewhere(before) == may_found_elsewhere(after))
    was, now = statuses(before), statuses(after)
    changed = {k: (was[k], now[k]) for k in was if was[k] is not now[k]}
    assert {earlier for earlier, _ in changed.values()} <= {Status.UNDETERMINED}


@few
@given(COMPANIES)
def test_once_everything_is_answered_only_what_the_text_leaves_open_is_open(
    company: dict[str, Any],
) -> None:
    """Every fact stated, no project of any kind: nothing is asked any more, and each condition that
    is still unknown has no fact that could settle it."""
    evaluation = evaluated(company)
    assume(not conflicting(evaluation))
    questions = next_questions(evaluation.matches, CATALOGUE.vocabulary, evaluation.as_of)
    assert [q.fact for q in questions] == []
    for match in evaluation.matches:
        if match.status is Status.UNDETERMINED:
            assert match.finding.truth is Truth.UNKNOWN


def amounts(match: Match) -> Decimal:
    assert match.ceiling
    assert match.ceiling.amount is not None
    return match.ceiling.amount


@few
@given(
    st.lists(st.sampled_from(["1.00", "10000000.00", "80000000.00"]), max_size=3),
    st.lists(st.sampled_from([True, False]), max_size=2),
    st.none() | st.sampled_from(["2000000.00", "20000000.00"]),
    st.booleans(),
)
def test_the_best_combination_never_loses_to_another_lawful_set(
    contracts: list[str], standards: list[bool], award: str | None, grown: bool
) -> None:
    """Compared with every set of matches of which no two are for one thing. The city has paid for
    some product before: where it was one of these, so much less is added."""
    company: dict[str, Any] = {"kind": "enterprise", "registered_region": "310112"}
    if award:
        received = {"purpose": "first_of_kind", "level": "municipal", "amount": award}
        company["awards_received"] = [received]
    if grown:
        company |= {
            "in_statistics_register": True,
            "first_above_scale_year": 2026,
            "industry": "C35",
            "revenue": "23000000.00",
        }
    projects: list[dict[str, Any]] = [
        {"ref": f"c{i}", "kind": "first_of_kind_product", "contract_amount": amount}
        for i, amount in enumerate(contracts)
    ]
    projects += [
        {"ref": f"s{i}", "kind": "standard_or_ip", "output": "international_standard",
         "influential": known}
        for i, known in enumerate(standards)
    ]  # fmt: skip
    evaluation = evaluated(company, projects)
    counted = [
        m
        for m in evaluation.matches
        if m.status is Status.POTENTIAL
        and m.ceiling
        and m.ceiling.amount is not None
        and m.programme.benefit
        and not m.programme.benefit.personal
    ]
    best = Decimal(0)
    for size in range(len(counted) + 1):
        for chosen in combinations(counted, size):
            things = [(CATALOGUE.overlap_groups[m.programme.id], m.subject.ref) for m in chosen]
            if len(set(things)) == len(things):
                best = max(best, sum((amounts(m) for m in chosen), Decimal(0)))
    awards = awards_of(evaluation.profile)
    found = best_combination(CATALOGUE, evaluation.matches, awards, evaluation.as_of)
    assert found.total.high == best
    paid = Decimal(award or 0)
    assert best - paid <= found.total.low <= best or OpenPoint.ADDING_UP in found.open_points


@pytest.fixture(scope="module")
def keeper(own_huice: Services) -> Services:
    return own_huice


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(COMPANIES)
def test_a_receipt_of_any_company_replays_to_the_byte(
    keeper: Services, company: dict[str, Any]
) -> None:
    """Whatever was stated."""
    request = {"as_of": AS_OF, "profile": {"company": company}}
    receipt = keeper.matching.match_json(request)["receipt_id"]
    assert keeper.receipt_service.replay(receipt, ANONYMOUS)["identical"] is True
