"""What several answers say in the same way."""

import pytest

from service.domain.facts.profile import Value
from service.rendering.json_parts import missing_labels
from tests.own import own_catalogue

ROBOTS: dict[str, Value] = {"company.fields": frozenset({"embodied_intelligence"})}
NOODLES: dict[str, Value] = {"company.fields": frozenset({"conventional"})}


@pytest.mark.parametrize(
    ("stated", "lacking", "named"),
    [
        (ROBOTS, ["project.kind", "project.future_industry"], ["project.kind"]),
        (ROBOTS, ["project.future_industry"], ["project.future_industry"]),
        (NOODLES, ["project.kind", "project.future_industry"],
         ["project.kind", "project.future_industry"]),
        ({}, ["project.kind", "project.tenor_months"], ["project.kind", "project.tenor_months"]),
    ],
    ids=["follows from the project", "a project is entered", "the field speaks against it",
         "follows from nothing"],
)  # fmt: skip
def test_a_project_is_asked_for_without_what_would_follow_from_it(
    stated: dict[str, Value], lacking: list[str], named: list[str]
) -> None:
    facts = own_catalogue().vocabulary
    match = {"missing_facts": lacking, "settled_by": "facts"}
    assert missing_labels(match, stated, facts) == [facts.facts[f].label for f in named]
