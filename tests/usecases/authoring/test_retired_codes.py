"""Codes in whose place others stand today."""

from service.domain.facts.code_lists import Code, CodeList
from service.domain.rules.conditions import Predicate
from service.domain.rules.operators import InSet
from service.domain.rules.quantities import FactQuantity
from service.domain.text import Text
from service.usecases.authoring.retired_codes import retired_codes
from tests.domain.programmes import programme
from tests.domain.sample import CLAUSE

PLACES = CodeList(
    "places",
    Text("", ""),
    {
        "old": Code("old", Text("旧区", "Old"), successor="new"),
        "new": Code("new", Text("新区", "New")),
    },
)


def test_a_rule_for_a_code_that_nobody_has_any_more_is_named() -> None:
    """Once; not where the rule names beside it what took its place."""

    def faults_for(*places: str) -> list[str]:
        among = InSet(places, codes=PLACES)
        test = Predicate(FactQuantity("company.registered_region"), among, CLAUSE)
        return [fault.message.en for fault in retired_codes([programme("p", test, test)])]

    assert faults_for("old") == [
        "p: 'old' is no longer given out, its place took 'new': no applicant of today has it"
    ]
    assert faults_for("new") == faults_for("old", "new") == []
