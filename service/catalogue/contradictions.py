"""Conditions of one rule that exclude each other, so far as a look at them tells.

Bounds of one quantity that leave nothing between them, codes of one fact that no value meets, a
test beside its own opposite; and so the alternatives of which too few are left. What takes
reckoning is found by `huice policies prove`.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import ceil, floor
from typing import TypeAlias, assert_never

from service.domain.dates import ANY_DAY
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules.conditions import Condition, Connective, Group, Predicate
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
_Number: TypeAlias = int | Decimal | Fraction
# An enumeration's members are slow to name.
_ALL, _ANY, _NOT, _ = Connective
_WHOLE = (FactType.INTEGER, FactType.DATE)


# A condition, and whether its opposite is meant.
_Requirement: TypeAlias = tuple[Condition, bool]
# So many of these have to hold.
_Choice: TypeAlias = tuple[int, list[_Requirement]]
_Test: TypeAlias = tuple[Operator, bool]
_Tests: TypeAlias = dict[Quantity, tuple[_Test, ...]]


def exclude_each_other(conditions: Iterable[Condition], vocabulary: Vocabulary) -> bool:
    """Whether it can be seen that nobody meets all of them."""
    return not _may_be_met([(c, False) for c in conditions], {}, vocabulary)


def dead_alternative(conditions: Iterable[Condition], vocabulary: Vocabulary) -> Condition | None:
    """The first alternative that can be seen not to help anybody: whoever meets the rest of the
    conditions, which do not exclude each other, does not meet it."""
    known: _Tests = {}
    choices: list[_Choice] = []
    for condition in conditions:
        _add_tests(condition, False, known, choices)
    options = (option for _, options in choices for option in options)
    dead = (o for o in options if not _may_be_met([o], known, vocabulary))
    return next((condition for condition, opposite in dead if not opposite), None)


def _may_be_met(asked: list[_Requirement], known: _Tests, vocabulary: Vocabulary) -> bool:
    """Whether somebody may meet all of what is asked beside the tests that are known."""
    tests: _Tests = dict(known)
    choices: list[_Choice] = []
    for condition, opposite in asked:
        _add_tests(condition, opposite, tests, choices)
    for quantity, found in tests.items():
        if known.get(quantity) is not found and _tests_conflict(quantity, found, vocabulary):
            return False
    return all(_enough_may_hold(count, options, tests, vocabulary) for count, options in choices)


def _enough_may_hold(
    count: int, options: list[_Requirement], known: _Tests, vocabulary: Vocabulary
) -> bool:
    """Whether so many of the options may hold, and hold together."""
    able = [option for option in options if _may_be_met([option], known, vocabulary)]
    if len(able) < count or count == 1 or len(able) > MAX_CHOICES:
        return len(able) >= count
    chosen = combinations(able, count)
    return any(_may_be_met(list(together), known, vocabulary) for together in chosen)


def _add_tests(condition: Condition, opposite: bool, tests: _Tests, choices: list[_Choice]) -> None:
    """Add the tests that have to hold for a condition, or for its opposite; what leaves a choice
    goes to `choices`. What a standard is made of is taken as it is."""
    if isinstance(condition, Predicate):
        quantity = condition.quantity
        tests[quantity] = (*tests.get(quantity, ()), (condition.operator, opposite))
    elif isinstance(condition, Group) and not condition.term_only:
        count = _needed_count(condition, opposite)
        turned = opposite ^ (condition.gate is _NOT)
        if count < len(condition.children):
            choices.append((count, [(child, turned) for child in condition.children]))
            return
        for child in condition.children:
            _add_tests(child, turned, tests, choices)


def _needed_count(group: Group, opposite: bool) -> int:
    """How many of a group's children, or of their opposites, have to hold."""
    gate, total = group.gate, len(group.children)
    if gate is _NOT:
        return total
    count = total if gate is _ALL else 1 if gate is _ANY else group.count
    return total - count + 1 if opposite else count


def _tests_conflict(quantity: Quantity, tests: tuple[_Test, ...], vocabulary: Vocabulary) -> bool:
    """Whether no value of a quantity meets all its tests."""
    if len(tests) == 1 and not isinstance(tests[0][0], Range | Age) and not tests[0][1]:
        return False  # what it names meets it
    fact = vocabulary.facts[quantity.fact] if isinstance(quantity, FactQuantity) else None
    whole = fact is not None and fact.type in _WHOLE
    numbers = [(op, opposite) for op, opposite in tests if isinstance(op, Range)]
    ages = [(op.months, opposite) for op, opposite in tests if isinstance(op, Age)]
    if numbers and _nothing_between(numbers, whole, quantity):
        return True
    if ages and _nothing_between(ages, False):
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
    # Of lower ends the higher is narrower and, where two are one number, the one without it; of
    # upper ends the lower, and the one without it.
    lows, highs = list[tuple[_Number, bool]](), list[tuple[_Number, bool]]()
    if isinstance(quantity, FactQuantity):
        lows += [] if quantity.low is None else [(quantity.low, False)]
        highs += [] if quantity.high is None else [(quantity.high, True)]
    for bounds, opposite in ranges:
        low, high = bounds.low, bounds.high
        if opposite and (low is None) == (high is None):
            continue  # leaves two ranges, or none
        if low is not None:
            number, included = _number_of(low), bounds.low_included
            if opposite:
                highs.append((number, not included))
            else:
                lows.append((number, not included))
        if high is not None:
            number, included = _number_of(high), bounds.high_included
            if opposite:
                lows.append((number, included))
            else:
                highs.append((number, included))
    if not lows or not highs:
        return False
    (start, without_start), (end, with_end) = max(lows), min(highs)
    if whole:
        first, last = ceil(start), floor(end)
        first += without_start and first == start
        last -= not with_end and last == end
        return first > last or _leave_none(ranges, first, last)
    return start > end or (start == end and (without_start or not with_end))


def _leave_none(ranges: list[tuple[Range, bool]], first: int, last: int) -> bool:
    """Whether all whole numbers from the first to the last are refused, where these are few."""
    refused = [bounds for bounds, opposite in ranges if opposite]
    if len(refused) < 2 or last - first >= MAX_CODES:
        return False
    return all(
        any(bounds.decide(number, ANY_DAY).truth is Truth.TRUE for bounds in refused)
        for number in range(first, last + 1)
    )


def _number_of(bound: Bound) -> _Number:
    return bound.toordinal() if isinstance(bound, date) else bound


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
