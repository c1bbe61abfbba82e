"""What is put to every company is looked up at once, and comes to what the evaluator finds."""

from scripts.bench_companies import DAY, portal, registry
from service.compiled.profile_conditions import ProfileConditions, _conditions
from service.domain.facts.profile import Profile, company_subject
from service.domain.rules.intervals import truth_of
from tests.compiled.test_match_answers import CATALOGUE


def test_checks_sizes_and_criteria_come_to_what_the_evaluator_finds() -> None:
    """For companies that state everything, half of it, or nothing."""
    compiled = ProfileConditions(CATALOGUE)
    drawn = [*registry(CATALOGUE, 10), *portal(CATALOGUE, 20), Profile({})]
    for profile in drawn:
        truths, subject = compiled.truths(profile, DAY), company_subject(profile)
        for condition in _conditions(CATALOGUE):
            assert truths(condition) is truth_of(condition, subject, DAY), (condition, profile)
