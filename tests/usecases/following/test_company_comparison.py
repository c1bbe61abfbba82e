"""A company compared with what was last told of it: every change has one cause."""

from datetime import date

import pytest

from service.domain.errors import InvalidInput
from service.domain.facts.profile import Profile
from service.storage.compared_answers import ComparedAnswers
from service.usecases.following.answers import FollowedCatalogue
from service.usecases.following.company_comparison import Cause, CompanyComparison
from tests.usecases.following.world import World

DAY = date(2026, 11, 22)
YOUNG = Profile(
    {
        "company.kind": "enterprise",
        "company.registered_region": "900101",
        "company.employees": 50,
        "company.founded_on": date(2020, 1, 1),
    }
)
GROWN = Profile({**YOUNG.company, "company.employees": 51})


@pytest.fixture
def comparison(world: World) -> CompanyComparison:
    followed = FollowedCatalogue(world.service.compiled)
    return CompanyComparison(followed, DAY, lambda _: followed.digests)


def answers_of(comparison: CompanyComparison, profile: Profile) -> ComparedAnswers:
    rows = comparison.catalogue.rows(profile, DAY)
    return ComparedAnswers(1, comparison.version, DAY, rows)


def test_the_same_company_on_the_same_day_is_no_news(comparison: CompanyComparison) -> None:
    then = answers_of(comparison, YOUNG)
    compared = comparison.compare(1, then, lambda _: YOUNG)
    assert (compared.changes, compared.answers) == ({}, then)


def test_another_company_is_the_cause_of_what_it_changes(comparison: CompanyComparison) -> None:
    versions = {1: YOUNG, 2: GROWN}
    compared = comparison.compare(2, answers_of(comparison, YOUNG), versions.__getitem__)
    assert [*compared.changes] == [Cause.COMPANY]
    assert compared.answers.company_version == 2


def test_what_can_no_longer_be_read_is_told_once(comparison: CompanyComparison) -> None:
    """The words of its profile have gone with an earlier catalogue."""

    def unreadable(version: int) -> Profile:
        raise InvalidInput(())

    first = comparison.compare(1, answers_of(comparison, YOUNG), unreadable)
    assert [*first.changes] == [Cause.CATALOGUE]
    assert first.answers.rows is None
    assert comparison.compare(1, first.answers, unreadable).changes == {}
