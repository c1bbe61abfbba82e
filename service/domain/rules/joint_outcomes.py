"""How conditions come out together: what a fact is decides all tests of it at once, so that some of
their truths go together and others never do.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeAlias, TypeVar

from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Subject, Value
from service.domain.facts.vocabulary import FactType
from service.domain.rules.conditions import Condition, Predicate
from service.domain.rules.intervals import truth_of
from service.domain.rules.member_values import (
    MAX_POINTS,
    categories_of,
    named_members,
    operators_of,
    points_of,
    sets_of,
    valid_on_day,
)
from service.domain.rules.operators import HoldsCertificate, InSet
from service.domain.rules.quantities import FactQuantity
from service.domain.rules.repeats import Repeats
from service.domain.truth import Truth

P = TypeVar("P")
# The truth of each of some conditions; UNKNOWN where no value of a fact decides.
Outcome: TypeAlias = Mapping[Condition, Truth]
# The outcomes of a condition, and of all that come out together with it.
OutcomesOf: TypeAlias = Mapping[Condition, tuple[Outcome, ...]]


def open_outcomes(repeats: Repeats, subject: Subject, as_of: date) -> OutcomesOf:
    """The outcomes of each condition that stands more than once and is open, and of the tests of
    each fact that is asked in several ways."""

    def is_open(condition: Condition) -> bool:
        return truth_of(condition, subject, as_of) is Truth.UNKNOWN

    found = {c: met_or_not(c) for c in filter(is_open, repeats.conditions)}
    for tests in repeats.tests_of_facts:
        joint = outcomes_of(tests, subject, as_of) if any(map(is_open, tests)) else None
        found.update({} if joint is None else dict.fromkeys(tests, joint))
    return found


def met_or_not(condition: Condition) -> tuple[Outcome, ...]:
    """The outcomes of a condition by itself."""
    return {condition: Truth.FALSE}, {condition: Truth.TRUE}


def outcomes_of(
    tests: Sequence[Predicate], subject: Subject, as_of: date
) -> tuple[Outcome, ...] | None:
    """The outcomes that all tests of one fact have together, whatever a subject's value of it turns
    out to be; None where that may be too many."""
    fact = tests[0].quantity
    assert isinstance(fact, FactQuantity)
    values = _values_of(fact, tests, subject.get(fact.fact), as_of)
    if values is None:
        return None
    found = (tuple(t.operator.decide(v, as_of).truth for t in tests) for v in values)
    return tuple(dict(zip(tests, truths, strict=True)) for truths in dict.fromkeys(found))


def _values_of(
    fact: FactQuantity, tests: Sequence[Predicate], stated: Value | None, as_of: date
) -> Iterable[Value] | None:
    """What a fact may be, one value for each way in which tests of it come out."""
    asked = operators_of(tests, InSet)
    codes = next((test.codes for test in asked if test.codes), None)
    named = tuple(map(str, named_members(asked)))
    match stated, fact.type:
        case str(), _ if codes is not None:
            return _exact(codes.classes.within(stated, named), codes, named)
        case None, FactType.CERTIFICATES:
            held = _sets(categories_of(operators_of(tests, HoldsCertificate)))
            return None if held is None else (valid_on_day(h, as_of) for h in held)
        case None, FactType.CODES:
            held = _sets([str(p) for p in _exact(points_of(asked), codes, named)])
            return None if held is None else map(frozenset, held)
        case None, FactType.CODE | FactType.TEXT | FactType.INTEGER:
            return _exact(points_of(asked), codes, named)
        case None, FactType.BOOLEAN:
            return True, False
    return None if stated is None else (stated,)


def _exact(points: Iterable[P], codes: CodeList | None, named: tuple[str, ...]) -> list[P]:
    """Those that nothing narrower would decide otherwise: of a province of which one city is named,
    the city and any other."""
    return [p for p in points if codes is None or codes.classes.is_exact(str(p), named)]


def _sets(points: list[P]) -> Iterable[tuple[P, ...]] | None:
    """All sets of some points; None where they are too many."""
    return sets_of(points) if len(points) <= MAX_POINTS else None
