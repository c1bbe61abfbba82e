"""What is found of one subject, and how often."""

from datetime import date

import pytest

from service.compiled.evaluated_subject import ConditionNumbers
from service.domain.evaluation.category_hints import barred_certificates
from service.domain.evaluation.evaluator import AnswerOptions, Status
from service.domain.facts.profile import Subject
from service.domain.rules.catalogue import Catalogue
from service.intake.requests import MatchRequest
from service.rendering import match_json
from service.usecases.matching import answer_request
from tests.compiled.test_match_answers import BENCH, requests
from tests.domain.bounds import at_least
from tests.domain.groups import any_of, every_of, some_of
from tests.domain.predicates import ask


def test_titles_that_a_company_cannot_come_by_are_found_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many programmes are out of its reach."""
    asked: list[Subject] = []

    def barred(catalogue: Catalogue, subject: Subject, as_of: date) -> frozenset[str]:
        asked.append(subject)
        return barred_certificates(catalogue, subject, as_of)

    monkeypatch.setattr(match_json, "barred_certificates", barred)
    options = AnswerOptions(statuses=frozenset({Status.INELIGIBLE}))
    for profile, as_of, _ in requests(20, seed=7):
        answer_request(BENCH, MatchRequest(profile, profile, (), as_of, None, options), as_of)
    assert asked
    assert len({id(subject.facts) for subject in asked}) == len(asked)


def test_groups_that_take_the_same_together_have_one_number() -> None:
    """Wherever they stand; with another connective or count they have another."""
    staff, sales, age = (ask(fact, at_least(10)) for fact in ("staff", "sales", "age"))
    numbers = ConditionNumbers()
    number = numbers.number_of(any_of(sales, age))
    whole = numbers.number_of(every_of(staff, any_of(sales, age)))
    assert number in numbers.below(whole)
    assert len(list(numbers.below(whole))) == 4
    others = (every_of(sales, age), some_of(1, sales, age), some_of(2, sales, age))
    assert len({number, *map(numbers.number_of, others)}) == 4
