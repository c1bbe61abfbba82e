"""The way to potential in words, where it lies in what a company has beside what it has."""

from dataclasses import replace

import pytest

from service.domain.advice.near_miss import near_miss
from service.domain.facts.profile import Value
from service.rendering.advice_json import near_miss_json
from tests.catalogue.test_quantities import VOCABULARY, compiled, projects
from tests.domain.programmes import matched
from tests.domain.sample import DAY, subject

CHANGING = replace(
    VOCABULARY,
    facts={n: replace(f, changeable=n == "company.projects") for n, f in VOCABULARY.facts.items()},
)
NONE: dict[str, Value] = {"company.projects_absent": frozenset({"product"})}
SUM = "{projects: {kind: product, sum: project.contract_amount}, at_least: 500}"
COUNT = "{projects: {kind: product}, at_least: 2}"


@pytest.mark.parametrize(
    ("rule", "stated", "words"),
    [
        (COUNT, {"company.projects": projects(300)},
         ("All projects: now First-of-its-kind product (Contract amount: CNY 300); "
         "1 more needed: First-of-its-kind product")),
        (COUNT, NONE, "All projects: 2 needed: First-of-its-kind product"),
        (SUM, {"company.projects": projects(300), **NONE},
         ("All projects: now First-of-its-kind product (Contract amount: CNY 300); "
         "1 more needed: First-of-its-kind product (Contract amount: CNY 200)")),
        (SUM, NONE,
         "All projects: 1 needed: First-of-its-kind product (Contract amount: CNY 500)"),
    ],
    ids=["one more", "two where there are none", "as large as is short", "as large as is asked"],
)  # fmt: skip
def test_a_company_is_told_of_another_project_and_how_large(
    rule: str, stated: dict[str, Value], words: str
) -> None:
    """No larger than is needed beside those it has; where it said that there is none, too."""
    condition, _ = compiled(rule)
    assert condition is not None
    found = near_miss(matched(condition, subject(stated)), CHANGING, DAY)
    told = near_miss_json(found, CHANGING, lambda *_: {})
    assert told is not None
    assert [change["text"]["en"] for change in told["changes"]] == [words]
    assert told["changes"][0]["required"].split(", ")[0] == "product"
    assert told["distance"] == 1
