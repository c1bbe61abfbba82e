"""Answers as they are remembered: a letter a programme and subject, in an order of their own."""

from service.domain.evaluation.evaluator import Status
from service.domain.facts.profile import Profile
from service.usecases.following import answers
from tests.usecases.following.world import World

BEFORE = {"a": "digest a", "b": "digest b"}
AFTER = {"b": "digest b", "c": "digest c"}


def test_every_status_has_a_letter_of_its_own() -> None:
    assert {answers.STATUSES[letter] for letter in answers.LETTERS.values()} == set(Status)


def test_rows_follow_the_order_of_another_catalogue() -> None:
    """What is new in it was not asked; what is gone from it and was in reach is told."""
    rows = {answers.COMPANY_ROW: "pu"}
    assert answers.reordered(rows, BEFORE, AFTER) == {answers.COMPANY_ROW: "u-"}
    assert [*answers.removed(rows, BEFORE, AFTER)] == [
        answers.AnswerChange("a", answers.COMPANY_ROW, Status.POTENTIAL, None)
    ]


def test_only_what_is_listed_or_was_is_told() -> None:
    """From ineligible to not in force nothing changes for anybody."""
    told = [*answers.changes({answers.COMPANY_ROW: "pi"}, {answers.COMPANY_ROW: "in"}, ("a", "b"))]
    assert told == [
        answers.AnswerChange("a", answers.COMPANY_ROW, Status.POTENTIAL, Status.INELIGIBLE)
    ]


def test_a_row_has_a_letter_for_each_programme(world: World) -> None:
    followed = answers.FollowedCatalogue(world.service.compiled)
    rows = followed.rows(Profile({}), world.clock.today())
    assert {len(row) for row in rows.values()} == {len(followed.digests)}
