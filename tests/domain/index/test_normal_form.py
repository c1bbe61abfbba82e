"""Condition trees in one shape: the same truth as the tree, and the size that is foretold."""

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.evaluation.evaluator import evaluate_condition
from service.domain.facts.profile import Subject
from service.domain.index.normal_form import Conjunction, laid_out_size, normalise
from service.domain.rules.conditions import Condition, Connective, Group, Undecided
from service.domain.text import Text
from service.domain.truth import Truth, every
from tests.domain.sample import CLAUSE, DAY, VOCABULARY
from tests.domain.strategies import FAST, conditions, subjects


def truth(node: Conjunction, subject: Subject) -> Truth:
    """What a conjunction comes to: its literals hold, and nothing that it excludes."""
    tests = [
        ~found if negated else found
        for test, negated in node.literals
        for found in [evaluate_condition(test, subject, DAY).truth]
    ]
    return every([*tests, *(~truth(inner, subject) for inner in node.excluded)])


@settings(FAST, max_examples=12)
@given(conditions(VOCABULARY, counted=True), subjects(VOCABULARY), st.booleans())
def test_it_has_the_truth_of_the_tree(asked: Condition, subject: Subject, negated: bool) -> None:
    """UNKNOWN included, and also of the opposite."""
    found = evaluate_condition(asked, subject, DAY).truth
    assert truth(normalise(asked, negated), subject) is (~found if negated else found)


def test_the_foretold_size_is_that_of_what_is_laid_out() -> None:
    """Of "at least" by whichever of the two ways takes fewer choices."""
    terms = tuple(Undecided(Text(name, name), CLAUSE) for name in "abcdef")
    for count in range(1, len(terms) + 1):
        asked = Group(Connective.AT_LEAST, terms, CLAUSE, count=count)
        assert literal_count(normalise(asked)) == laid_out_size(asked)


def literal_count(node: Conjunction) -> int:
    return len(node.literals) + sum(map(literal_count, node.excluded))
