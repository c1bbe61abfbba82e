"""The conditions of a programme as lines of a memo."""

from datetime import date
from typing import Any

import pytest

from service.domain.facts.profile import Certificate
from service.domain.rules.conditions import Basis, Clause, Condition, Connective, Group, Predicate
from service.domain.rules.operators import HoldsCertificate, Range
from service.domain.rules.quantities import FactQuantity
from service.rendering.json_parts import Json
from service.usecases.receipts.memo_conditions import condition_lines
from tests.own import own_catalogue

CATALOGUE = own_catalogue()
CLAUSE = Clause(next(iter(CATALOGUE.measures)), 1)
DAY = date(2026, 11, 22)
FACTS: dict[str, Any] = {"company.employees": 12}


def staff(least: int) -> Predicate:
    return Predicate(FactQuantity("company.employees"), Range(low=least), CLAUSE)


def finding(condition: Condition, truth: str, *children: Json) -> Json:
    return {
        "truth": truth,
        "text": {"zh": truth, "en": truth},
        "observed": 12 if isinstance(condition, Predicate) else None,
        "provenance": "declared",
        "clause": {"measure": CLAUSE.measure, "article": CLAUSE.article},
        "facts": ["company.employees"],
        "children": list(children),
    }


def test_of_alternatives_that_hold_only_those_are_told_which_do() -> None:
    """One deeper than their group; where none holds, all of them are."""
    met, unmet = staff(10), staff(50)
    either = Group(Connective.ANY, (met, unmet), CLAUSE)
    told = {
        truth: condition_lines(
            [finding(either, truth, finding(met, first), finding(unmet, "false"))],
            (either,), FACTS, CATALOGUE, DAY,
        )
        for truth, first in (("true", "true"), ("false", "false"))
    }  # fmt: skip
    assert [(line["depth"], line["group"], line["met"]) for line in told["true"]] == [
        (0, True, True), (1, False, True)
    ]  # fmt: skip
    assert [line["depth"] for line in told["false"]] == [0, 1, 1]
    assert told["true"][1]["observed"]["en"].startswith("12")


def test_a_line_names_the_bases_of_the_groups_around_it() -> None:
    """The groups are not shown: what only our reading lets in bears its mark at the line."""
    undefined = Predicate(staff(10).quantity, Range(low=10), CLAUSE, Basis.UNDEFINED)
    implied = Group(Connective.ANY, (undefined,), CLAUSE, Basis.IMPLIED)
    findings = [finding(implied, "true", finding(undefined, "true"))]
    _, line = condition_lines(findings, (implied,), FACTS, CATALOGUE, DAY)
    assert line["bases"] == ["implied", "undefined"]


def test_what_two_conditions_ask_is_told_once_where_it_is_met() -> None:
    """What is not met is told each time, as each stands in the way by itself."""
    rule = (staff(10), staff(10))
    for truth, lines in (("true", 1), ("false", 2)):
        findings = [finding(condition, truth) for condition in rule]
        assert len(condition_lines(findings, rule, FACTS, CATALOGUE, DAY)) == lines


def test_that_none_is_the_case_is_one_line() -> None:
    """Its parts, taken singly, would mislead."""
    denied = Group(Connective.NOT, (staff(50),), CLAUSE)
    findings = [finding(denied, "true", finding(denied.children[0], "false"))]
    (line,) = condition_lines(findings, (denied,), FACTS, CATALOGUE, DAY)
    assert (line["group"], line["observable"]) == (False, False)


@pytest.mark.parametrize(
    "other",
    [Certificate("specialised_sme", date(2023, 7, 1), date(2026, 6, 30)),
     Certificate("specialised_sme", date(2023, 7, 1), None)],
    ids=["one that has ended", "one of which nobody says until when"],
)  # fmt: skip
def test_a_certificate_that_is_not_known_to_be_valid_is_not_told_as_if(other: Certificate) -> None:
    """Of two that a rule asks for only the valid one stands in the condition that is met; where it
    fails, the other is why."""
    codes = CATALOGUE.vocabulary.codes_of(CATALOGUE.vocabulary.facts["company.certificates"])
    assert codes
    asked = HoldsCertificate(("high_tech_enterprise", "specialised_sme"), codes)
    rule = Predicate(FactQuantity("company.certificates"), asked, CLAUSE)
    valid = Certificate("high_tech_enterprise", date(2024, 12, 2), date(2027, 12, 1))
    facts = {"company.certificates": (other, valid)}
    told = {
        truth: condition_lines([finding(rule, truth)], (rule,), facts, CATALOGUE, DAY)[0]
        for truth in ("true", "false")
    }
    assert "High-tech" in told["true"]["text"]["en"]
    assert "2023-07-01" not in told["true"]["observed"]["en"]
    assert "Specialised" not in told["true"]["text"]["en"]
    assert "2023-07-01" in told["false"]["observed"]["en"]
