"""Which of the facts that a match lacks are asked for."""

import pytest

from service.domain.facts.asking import lacking_facts
from service.domain.facts.profile import Value
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
    assert lacking_facts(lacking, stated, own_catalogue().vocabulary) == named


def test_what_is_read_off_others_is_asked_for_never() -> None:
    lacking = ["company.may_found_elsewhere", "company.foundings"]
    assert lacking_facts(lacking, {}, own_catalogue().vocabulary) == ["company.foundings"]
