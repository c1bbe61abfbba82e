"""Conditions that change nothing where they stand, or that nobody can be the first to meet."""

import pytest

from service.usecases.authoring.idle_conditions import idle_conditions
from tests.catalogue.test_quantities import compiled
from tests.domain.programmes import catalogue, programme
from tests.own import own_compiled

STAFF, FEWER = "{fact: company.employees, at_least: 10}", "{fact: company.employees, at_least: 5}"
FIRM = "{fact: company.kind, is: enterprise}"
EITHER = "{fact: company.kind, one_of: [enterprise, institute]}"
LISTED = "{fact: company.listed, is: true}"
GROWN = "{growth: [company.revenue, company.revenue_before], at_least: 0.1}"
TURNED = "{growth: [company.revenue_before, company.revenue], at_least: 0.1}"


def notes(condition: str) -> list[str]:
    """What is noted of a programme with a condition."""
    read, faults = compiled(f"{{all: [{condition}]}}")
    assert read is not None, faults
    rule = programme("p", condition=read)
    return [note.message.en for note in idle_conditions(catalogue(rule))]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (f"{STAFF}, {FEWER}", "“Employees: at least 5” follows from “Employees: at least 10”"),
        (f"{FEWER}, {STAFF}", "“Employees: at least 5” follows from “Employees: at least 10”"),
        (f"{STAFF}, {LISTED}, {STAFF}", "follows from “Employees: at least 10”"),
        (f"{STAFF}, {{all: [{LISTED}, {FEWER}]}}", "“Employees: at least 5” follows"),
        (f"{FIRM}, {EITHER}", "follows from “Kind of applicant: Enterprise”"),
        (f"{{any: [{STAFF}, {FEWER}]}}", "whoever meets “Employees: at least 10” meets"),
        (f"{{any: [{LISTED}, {STAFF}, {{any: [{FEWER}]}}]}}", "this alternative adds nobody"),
        (TURNED, "reckons from Revenue to Revenue of the year before"),
        ("{had: {programme: p}}", "asks for support that only it gives"),
    ],
)  # fmt: skip
def test_what_changes_nothing_is_noted_once(condition: str, said: str) -> None:
    """A weaker test beside a stronger one, the same twice, and what nobody can be the first to
    meet."""
    (note,) = notes(condition)
    assert said in note


@pytest.mark.parametrize(
    "condition",
    [
        f"{STAFF}, {LISTED}",
        f"{FEWER}, {{any: [{LISTED}, {STAFF}]}}",
        f"{{any: [{STAFF}, {{all: [{FEWER}, {LISTED}]}}]}}",
        f"{{at_least: {{count: 1, of: [{LISTED}, {STAFF}]}}}}",
        GROWN,
        "{not: {had: {programme: p}}}",
        "{had: {programme: q}}",
        "{had: {programme: [p, q]}}",
    ],
)
def test_what_may_decide_is_not(condition: str) -> None:
    """Tests of which each counts for somebody, growth as it is, and support of another."""
    assert notes(condition) == []


def test_the_project_s_own_rules_have_none() -> None:
    """Nor is the test noted that `kinds` makes of itself, though the rest may imply it."""
    assert list(idle_conditions(own_compiled().catalogue)) == []
