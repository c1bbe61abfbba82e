"""Conditions that change nothing where they stand, or that nobody can be the first to meet."""

from dataclasses import replace

import pytest

from service.catalogue.standard_conditions import Standards, size_condition
from service.domain.rules.conditions import Basis, Clause
from service.usecases.authoring.idle_conditions import idle_conditions
from tests.catalogue.test_quantities import compiled
from tests.domain.programmes import catalogue, programme
from tests.own import own_catalogue, own_compiled
from tests.usecases.authoring.test_doubtful_files import isles

STAFF, FEWER = "{fact: company.employees, at_least: 10}", "{fact: company.employees, at_least: 5}"
FIRM = "{fact: company.kind, is: enterprise}"
EITHER = "{fact: company.kind, one_of: [enterprise, institute]}"
LISTED = "{fact: company.listed, is: true}"
EACH_PURPOSE = "{fact: company.purpose, one_of: [first_set, trial, rest]}"
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
        (f"{{any: [{LISTED}, {{fact: company.listed, is: false}}]}}", "holds whatever is stated"),
        (f"{STAFF}, {EACH_PURPOSE}", "one of First-set award, First trial or Other” holds"),
        ("{awards: {purpose: trial}, at_least: 0}", "at least 0” holds whatever is stated"),
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
        "{fact: company.purpose, one_of: [first_set, trial]}",
        "{fact: company.kind, one_of: [enterprise, institute, individual]}",
        "{not: {had: {programme: p}}}",
        "{had: {programme: q}}",
        "{had: {programme: [p, q]}}",
    ],
)
def test_what_may_decide_is_not(condition: str) -> None:
    """Tests of which each counts for somebody, growth as it is, and support of another."""
    assert notes(condition) == []


@pytest.mark.parametrize(
    ("codes", "noted"), [("[micro, small, large]", True), ("[micro, small]", False)]
)
def test_more_for_whatever_is_stated_is_the_amount_itself(codes: str, *, noted: bool) -> None:
    """An uplift for each code of a list."""
    uplift = f"plus: [{{when: {{fact: company.size, one_of: {codes}}}, points: 0.05}}]"
    known = isles(old="rate: 0.50,", new=f"rate: 0.50, {uplift},")
    found = [note.message.en for note in idle_conditions(known) if "Size" in note.message.en]
    assert [("one of Micro, Small or Large" in said) for said in found] == [True] * noted


@pytest.mark.parametrize(
    ("classes", "noted"), [("[large, medium, small, micro]", True), ("[micro, small]", False)]
)
def test_every_size_class_is_no_condition(classes: str, *, noted: bool) -> None:
    """It tells nobody from anybody, but who is in an industry without a standard."""
    own = own_catalogue()
    clause = Clause("doc", 1)
    size = size_condition(
        classes.strip("[]").split(", "), Standards(sizes=own.sizes), clause, Basis.STATED
    )
    known = replace(own, programmes={"p": programme("p", size)})
    found = [note.message.en for note in idle_conditions(known)]
    assert [said.startswith("p: “Size class: ") for said in found] == [True] * noted


def test_the_project_s_own_rules_have_none() -> None:
    """Nor is the test noted that `kinds` makes of itself, though the rest may imply it."""
    assert list(idle_conditions(own_compiled().catalogue)) == []
