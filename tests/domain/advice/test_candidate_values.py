"""Values worth trying for a fact."""

from datetime import date
from random import Random

import pytest

from service.domain.advice.candidate_values import refining_samples, refining_values, relevant_part
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Subject
from service.domain.facts.vocabulary import FactType
from service.domain.rules.conditions import Clause, Predicate
from service.domain.rules.operators import InSet, Quantifier
from service.domain.rules.quantities import FactQuantity
from service.domain.truth import Truth
from tests.own import own_catalogue

DAY = date(2026, 11, 22)
WORDS = own_catalogue().vocabulary
FACTS = [f.id for f in WORDS.company if f.type is FactType.CODES]


def _outcomes(test: Predicate, value: frozenset[str]) -> set[Truth]:
    """What a test makes of a set, and of all that the set may be more exactly."""
    fact = WORDS.facts[test.quantity.facts[0]]
    refined = refining_values(fact, test, Subject(None, {fact.id: value}, {}), DAY)
    return {test.operator.decide(v, DAY).truth for v in (value, *refined)}


def _some(random: Random, codes: CodeList, most: int) -> list[str]:
    listed = sorted(codes.codes)
    return random.sample(listed, random.randint(1, min(most, len(listed))))


@pytest.mark.parametrize("fact", FACTS)
def test_what_has_nothing_to_do_with_a_test_decides_nothing(fact: str) -> None:
    """Of a set the codes that a test does not concern can be left out: what is stated comes out
    alike, and so does whatever more exact sets there are, also in lists where one code may go with
    others or rules them out."""
    codes = WORDS.codes_of(WORDS.facts[fact])
    assert codes is not None
    random = Random(3)
    dropped = 0
    for _ in range(40):
        umbrella = tuple(_some(random, codes, 1)) if random.random() < 0.3 else ()
        need = random.choice(list(Quantifier))
        operator = InSet(tuple(_some(random, codes, 2)), need, umbrella, codes)
        test = Predicate(FactQuantity(fact), operator, Clause("m", 1))
        value = frozenset(_some(random, codes, 3))
        relevant = relevant_part(operator, value)
        assert isinstance(relevant, frozenset)
        assert relevant <= value
        dropped += relevant != value
        assert operator.decide(relevant, DAY) is operator.decide(value, DAY)
        assert _outcomes(test, relevant) == _outcomes(test, value)
        samples = refining_samples(operator, value)
        assert {operator.decide(v, DAY).truth for v in samples} <= _outcomes(test, value)
    assert dropped or len(codes.codes) < 4
