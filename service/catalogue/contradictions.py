"""Conditions of one rule that exclude each other, so far as a look at them tells.

Bounds of one quantity that leave nothing between them, codes of one fact that no value meets, a
test beside its own opposite; and so the alternatives of which too few are left. What takes
reckoning is found by `huice policies prove`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import TypeAlias, assert_never

from service.domain.dates import ANY_DAY
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules.conditions import Condition, Connective, Group, Predicate, Undecided
from service.domain.rules.operators import (
    Age,
    Bound,
    HoldsCertificate,
    InSet,
    Operator,
    Quantifier,
    Range,
)
from service.domain.rules.quantities import FactQuantity, Quantity
from service.domain.truth import Truth

# Of so many alternatives every choice is tried, and every code of lists no longer than this.
MAX_CHOICES = 8
MAX_CODES = 300
_WHOLE = (FactType.INTEGER, FactType.DATE)


@dataclass(frozen=True, slots=True)
class _Requirement:
    """A condition, or its opposite."""

    condition: Condition
    opposite: bool = False


# Some of these have to hold.
_Choice: TypeAlias = tuple[int, list[_Requirement]]
_Test: TypeAlias = tuple[Operator, bool]
_Tests: TypeAlias = Mapping[Quantity, tuple[_Test, ...]]


def exclude_each_other(conditions: Iterable[Condition], vocabulary: Vocabulary) -> bool:
    """Whether it can be seen that nobody meets all of them."""
    return not _may_be_met([_Requirement(c) for c in conditions], {}, vocabulary)


def dead_alternative(conditions: Iterable[Condition], vocabulary: Vocabulary) -> Condition | None:
    """The first alternative that can be seen not to help anybody: whoever meets the rest of the
    conditions, which do not exclude each other, does not meet it."""
    choices: list[_Choice] = []
    known, _ = _with_tests({}, [_Requirement(c) for c in conditions], choices)
    options = (option for _, options in choices for option in options)
    dead = (o for o in options if not _may_be_met([o], known, vocabulary))
    return next((o.condition for o in dead if not o.opposite), None)


def _may_be_met(asked: list[_Requirement], known: _Tests, vocabulary: Vocabulary) -> bool:
    """Whether somebody may meet all of what is asked beside the tests that are known."""
    choices: list[_Choice] = []
    tests, touched = _with_tests(known, asked, choices)
    if any(_tests_conflict(q, tests[q], vocabulary) for q in touched):
        return False
    return all(_enough_may_hold(count, options, tests, vocabulary) for count, options in choices)


def _with_tests(
    known: _Tests, asked: Iterable[_Requirement], choices: list[_Choice]
) -> tuple[_Tests, set[Quantity]]:
    """The tests known with those that all have to hold, and what these look at; what leaves a
    choice goes to `choices`."""
    tests, touched = dict(known), set[Quantity]()
    for part in _spread_requirements(asked, choices):
        assert isinstance(part.condition, Predicate)
        quantity = part.condition.quantity
        tests[quantity] = (*tests.get(quantity, ()), (part.condition.operator, part.opposite))
        touched.add(quantity)
    return tests, touched


def _enough_may_hold(
    count: int, options: list[_Requirement], known: _Tests, vocabulary: Vocabulary
) -> bool:
    """Whether so many of the options may hold, and hold together."""
    able = [option for option in options if _may_be_met([option], known, vocabulary)]
    if len(able) < count or count == 1 or len(able) > MAX_CHOICES:
        return len(able) >= count
    chosen = combinations(able, count)
    return any(_may_be_met(list(together), known, vocabulary) for together in chosen)


def _spread_requirements(
    asked: Iterable[_Requirement], choices: list[_Choice]
) -> Iterator[_Requirement]:
    """The tests that all have to hold; what leaves a choice goes to `choices`. What a standard is
    made of is taken as it is."""
    for part in asked:
        condition = part.condition
        match condition:
            case Predicate():
                yield part
            case Undecided():
                pass
            case Group():
                if not condition.term_only:
                    yield from _spread_group(condition, part.opposite, choices)
            case _:
                assert_never(condition)


def _spread_group(group: Group, opposite: bool, choices: list[_Choice]) -> Iterator[_Requirement]:
    children = [
        _Requirement(child, opposite ^ (group.gate is Connective.NOT)) for child in group.children
    ]
    count = _needed_count(group, opposite)
    if count == len(children):
        yield from _spread_requirements(children, choices)
    else:
        choices.append((count, children))


def _needed_count(group: Group, opposite: bool) -> int:
    """How many of a group's children, or of their opposites, have to hold."""
    total = len(group.children)
    count = {Connective.ANY: 1, Connective.AT_LEAST: group.count}.get(group.gate, total)
    return total - count + 1 if opposite and group.gate is not Connective.NOT else count


def _tests_conflict(quantity: Quantity, tests: tuple[_Test, ...], vocabulary: Vocabulary) -> bool:
    """Whether no value of a quantity meets all its tests."""
    if len(tests) == 1 and not isinstance(tests[0][0], Range | Age) and not tests[0][1]:
        return False  # what it names meets it
    fact = vocabulary.facts[quantity.fact] if isinstance(quantity, FactQuantity) else None
    whole = fact is not None and fact.type in _WHOLE
    numbers = [(op, opposite) for op, opposite in tests if isinstance(op, Range)]
    ages = [(op.months, opposite) for op, opposite in tests if isinstance(op, Age)]
    if _nothing_between(numbers, whole, quantity) or _nothing_between(ages, False):
        return True
    sets = [(op, opposite) for op, opposite in tests if isinstance(op, InSet)]
    if sets and fact is not None and fact.type is not FactType.CODES:
        return _no_value(tests, fact.type)
    return any(
        _covers_test(no, yes)
        for no, opposite in tests
        if opposite
        for yes, other in tests
        if not other
    )


def _nothing_between(
    ranges: list[tuple[Range, bool]], whole: bool, quantity: Quantity | None = None
) -> bool:
    """Whether ranges of one number have nothing in common."""
    if not ranges:
        return False
    lows, highs = list[tuple[Fraction, bool]](), list[tuple[Fraction, bool]]()
    if isinstance(quantity, FactQuantity):
        lows += [] if quantity.low is None else [(quantity.low, True)]
        highs += [] if quantity.high is None else [(quantity.high, True)]
    for bounds, opposite in ranges:
        low, high = bounds.low, bounds.high
        if opposite and (low is None) == (high is None):
            continue  # leaves two ranges, or none
        below = [] if low is None else [(_bound_number(low), bounds.low_included)]
        above = [] if high is None else [(_bound_number(high), bounds.high_included)]
        lows += [(n, not included) for n, included in above] if opposite else below
        highs += [(n, not included) for n, included in below] if opposite else above
    if not lows or not highs:
        return False
    low_end = max(lows, key=lambda end: (end[0], not end[1]))
    high_end = min(highs, key=lambda end: (end[0], end[1]))
    start, end = low_end[0], high_end[0]
    if whole:
        first = start.__ceil__() + (not low_end[1] and start.denominator == 1)
        last = end.__floor__() - (not high_end[1] and end.denominator == 1)
        return first > last or _leave_none(ranges, first, last)
    return start > end or (start == end and not (low_end[1] and high_end[1]))


def _leave_none(ranges: list[tuple[Range, bool]], first: int, last: int) -> bool:
    """Whether all whole numbers from the first to the last are refused, where these are few."""
    refused = [bounds for bounds, opposite in ranges if opposite]
    if len(refused) < 2 or last - first >= MAX_CODES:
        return False
    return all(
        any(bounds.decide(number, ANY_DAY).truth is Truth.TRUE for bounds in refused)
        for number in range(first, last + 1)
    )


def _bound_number(bound: Bound) -> Fraction:
    return Fraction(bound.toordinal() if isinstance(bound, date) else bound)


def _no_value(tests: tuple[_Test, ...], kind: FactType) -> bool:
    """Whether no value of a fact that has one value meets all tests of it."""
    named = [op for op, opposite in tests if isinstance(op, InSet) and not opposite]
    values: list[str | bool | int]
    if kind is FactType.BOOLEAN:
        values = [True, False]
    elif named:
        values = [v for op in named for v in (*op.values, *op.umbrella)]
        codes = named[0].codes
        values += list(codes.codes) if codes and len(codes.codes) <= MAX_CODES else []
    else:
        return False
    return not any(all(_may_meet(value, test) for test in tests) for value in dict.fromkeys(values))


def _may_meet(value: str | bool | int, test: _Test) -> bool:
    """Whether a value may meet a test, or its opposite."""
    operator, opposite = test
    truth = operator.decide(value, ANY_DAY).truth
    return truth is not (Truth.TRUE if opposite else Truth.FALSE)


def _covers_test(no: Operator, yes: Operator) -> bool:
    """Whether whoever meets the one test meets the other, whose opposite is asked."""
    match no:
        case InSet():
            if not isinstance(yes, InSet) or no.need is not Quantifier.ANY:
                return no == yes
            within = [value in no.values for value in yes.values]
            return any(within) if yes.need is Quantifier.ALL else all(within) and not yes.umbrella
        case HoldsCertificate():
            return isinstance(yes, HoldsCertificate) and {*yes.categories} <= {*no.categories}
        case Range() | Age():
            return no == yes
        case _:
            assert_never(no)
