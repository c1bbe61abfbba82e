"""A followed programme compared with what was last known of it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from service.storage.subscriptions import Subscription, SubscriptionKind
from service.usecases.following.answers import FollowedCatalogue
from service.usecases.following.company_comparison import Cause
from service.usecases.following.programme_comparison import ProgrammeComparison
from tests.usecases.following.world import World

DAY, AFTER_ITS_END = date(2026, 11, 22), date(2027, 1, 1)


@pytest.fixture
def comparison(world: World) -> ProgrammeComparison:
    found = ("me-young-firm", "me-lighthouse")
    return ProgrammeComparison(FollowedCatalogue(world.service.compiled), DAY, lambda _: found)


def followed(kind: SubscriptionKind, target: str) -> Subscription:
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    return Subscription("sub_1", "bank", kind, target, moment, "key:test", "sha256:0", DAY)


def test_nothing_is_new_as_long_as_nothing_changes(comparison: ProgrammeComparison) -> None:
    one = followed(SubscriptionKind.PROGRAMME, "me-young-firm")
    then = comparison.programmes(one)
    assert [*then.programmes] == ["me-young-firm"]
    assert comparison.compare(one, then) == (then, {})


def test_the_day_after_the_last_is_the_cause(comparison: ProgrammeComparison) -> None:
    """The measure ends with the year; a search follows whatever it finds."""
    search = followed(SubscriptionKind.SEARCH, "young")
    then = comparison.programmes(search)
    assert {*then.programmes} == {"me-young-firm", "me-lighthouse"}
    _, changes = replace(comparison, today=AFTER_ITS_END).compare(search, then)
    assert [*changes] == [Cause.DATE]
    assert {c["programme"] for c in changes[Cause.DATE]} == {*then.programmes}
