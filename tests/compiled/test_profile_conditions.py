"""What is put to every company is looked up at once, and comes to what the evaluator finds."""

from service.compiled.profile_conditions import (
    ProfileConditions,
    check_conditions,
    standard_conditions,
)
from service.domain.facts.profile import Profile, company_subject
from service.domain.rules.intervals import truth_of
from tests.compiled.test_match_answers import CATALOGUE, DAYS, requests


def test_checks_sizes_and_criteria_come_to_what_the_evaluator_finds() -> None:
    """For companies on the edges of the rules, and for one that states nothing."""
    compiled = ProfileConditions(CATALOGUE)
    for profile in (Profile({}), *(profile for profile, _, _ in requests(20, seed=6))):
        truths, subject = compiled.truths(profile, DAYS[1]), company_subject(profile)
        for asked in (*check_conditions(CATALOGUE), *standard_conditions(CATALOGUE)):
            found = truth_of(asked.condition, subject, DAYS[1])
            assert truths(asked) is found, (asked, profile)


def test_no_two_conditions_of_a_catalogue_have_one_number() -> None:
    """So that a number names what was found of one condition."""
    asked = (*check_conditions(CATALOGUE), *standard_conditions(CATALOGUE))
    assert len({condition.number for condition in asked}) == len(asked)
