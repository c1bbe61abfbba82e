"""What stands in a quantity more than once: numbers and conditions that come out alike wherever
they stand, each of which interval arithmetic takes for one of its own.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from service.domain.rules import quantities as forms
from service.domain.rules.conditions import (
    Condition,
    Group,
    Predicate,
    Undecided,
    children_of,
    leaves,
)
from service.domain.rules.operators import HoldsCertificate, InSet, Range
from service.domain.rules.quantities import Quantity
from service.domain.rules.reduction import reduced

# Each condition may be met or not, which is twice as many cases: beyond these they are left open.
_MAX_CONDITIONS = 6
_ALONE = (forms.YearOf, forms.MonthsBetween, forms.MonthsBegun, forms.ParameterOn)


class Repeats(NamedTuple):
    """The numbers that stand more than once, the conditions, and of each fact that is asked in
    several ways all tests."""

    numbers: tuple[Quantity, ...] = ()
    conditions: tuple[Condition, ...] = ()
    tests_of_facts: tuple[tuple[Predicate, ...], ...] = ()


NO_REPEATS = Repeats()
# What tests are counted by: a fact, of which each of them asks something, or the test itself.
Question: TypeAlias = str | Predicate | Undecided


def repeats_in(quantity: Quantity) -> Repeats:
    """What stands in a quantity more than once, its cases' conditions included."""
    numbers = Counter(_numbers_in(quantity))
    conditions, tests = _Conditions(list(_choices_in(quantity))).repeated()
    return Repeats(
        tuple(number for number, times in numbers.items() if times > 1),
        tuple(conditions[:_MAX_CONDITIONS]),
        tuple(tests),
    )


class _Conditions:
    """Conditions that quantities are chosen by, place by place, each with all that it is made of;
    what a fact is asked is counted as one, in however many words it is asked."""

    def __init__(self, places: Sequence[Sequence[Condition]]) -> None:
        self._branches = [condition for place in places for condition in place]
        self._times = Counter(part for branch in self._branches for part in _parts_of(branch))
        leaves_of = [[leaf for branch in place for leaf in leaves(branch)] for place in places]
        self._times_asked = Counter(_question_of(leaf) for found in leaves_of for leaf in found)
        self._places = Counter(q for found in leaves_of for q in {*map(_question_of, found)})

    def repeated(self) -> tuple[list[Condition], list[tuple[Predicate, ...]]]:
        """The conditions that stand more than once, and the tests of each fact that is asked in
        several ways; neither of them where both stand in a condition that does."""
        found = list(dict.fromkeys(c for branch in self._branches for c in self._hinges_of(branch)))
        tests = dict[Question, list[Predicate]]()
        for leaf in found:
            if isinstance(leaf, Predicate):
                tests.setdefault(_question_of(leaf), []).append(leaf)
        several = [tuple(of_fact) for of_fact in tests.values() if len(of_fact) > 1]
        return [c for c in found if self._times[c] > 1], several

    def _hinges_of(self, condition: Condition) -> Iterator[Condition]:
        """The largest parts of a condition that nothing outside them has to do with, where they
        stand more than once; else the tests of what is asked more than once."""
        inside = Counter(map(_question_of, leaves(condition)))
        times = self._times[condition]
        if times > 1 and all(self._times_asked[q] == times * n for q, n in inside.items()):
            yield condition
        elif isinstance(condition, Group):
            for child in condition.children:
                yield from self._hinges_of(child)
        elif self._places[_question_of(condition)] > 1:
            yield condition


def _question_of(test: Predicate | Undecided) -> Question:
    """What a test asks: the fact that decides it alone, be it asked otherwise elsewhere; else the
    test itself."""
    if isinstance(test, Predicate) and isinstance(test.operator, InSet | HoldsCertificate):
        return test.quantity.facts[0]
    return test


def _parts_of(condition: Condition) -> Iterator[Condition]:
    """A condition and what it is made of."""
    yield condition
    for child in children_of(condition):
        yield from _parts_of(child)


def _numbers_in(quantity: Quantity) -> Iterator[Quantity]:
    """Every number of its own in a quantity, as often as it stands there; of what does not follow
    in straight lines from what it is made of, it alone."""
    if isinstance(quantity, _ALONE):
        yield quantity
        return
    core = _core(quantity)
    if _is_one_number(core):
        yield core
    for part in core.parts:
        yield from _numbers_in(part)
    for branch in _branches_of(core):
        for leaf in leaves(branch.condition):
            if isinstance(leaf, Predicate) and isinstance(leaf.operator, Range):
                yield from _numbers_in(leaf.quantity)


def _is_one_number(quantity: forms.Core) -> bool:
    """Whether a quantity comes out alike wherever it stands, and anywhere between its ends: it does
    not jump from case to case, nobody chooses it, and it does not follow in straight lines from one
    number alone, which is looked at instead."""
    if isinstance(quantity, forms.Constant | forms.AsOf) or not _is_fixed(quantity):
        return False
    inside = [part for part in map(_core, quantity.parts) if not isinstance(part, forms.Constant)]
    return not quantity.parts or len(inside) > 1


def _is_fixed(quantity: Quantity) -> bool:
    """Whether nothing in a quantity jumps or is chosen."""
    core = _core(quantity)
    open_or_jumping = isinstance(core, forms.Between | forms.Cases)
    return not open_or_jumping and all(map(_is_fixed, core.parts))


def _choices_in(quantity: Quantity) -> Iterator[tuple[Condition, ...]]:
    """The conditions that quantities in a quantity are chosen by, those inside such conditions
    included; a table of codes, of which one is chosen, in one place."""
    own = [branch.condition for branch in _branches_of(_core(quantity))]
    yield from [tuple(own)] if isinstance(quantity, forms.ByCode) else ((c,) for c in own)
    for leaf in (leaf for condition in own for leaf in leaves(condition)):
        if isinstance(leaf, Predicate):
            yield from _choices_in(leaf.quantity)
    for part in _core(quantity).parts:
        yield from _choices_in(part)


def _branches_of(quantity: forms.Core) -> tuple[forms.Branch, ...]:
    return quantity.branches if isinstance(quantity, forms.Cases) else ()


def _core(quantity: Quantity) -> forms.Core:
    return reduced(quantity) if isinstance(quantity, forms.ShortForm) else quantity
