"""What stands in a quantity more than once: numbers and conditions that come out alike wherever
they stand, each of which interval arithmetic takes for one of its own.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple, TypeAlias

from service.domain.rules import quantities as forms
from service.domain.rules.conditions import (
    Condition,
    Group,
    Predicate,
    Undecided,
    all_conditions,
    leaves,
)
from service.domain.rules.operators import HoldsCertificate, InSet, Range
from service.domain.rules.quantities import Quantity
from service.domain.rules.reduction import reduced

# Each condition may be met or not, which is twice as many cases: beyond these they are left open.
_MAX_CONDITIONS = 6
_Alone: TypeAlias = forms.YearOf | forms.MonthsBetween | forms.MonthsBegun | forms.ParameterOn


class Repeats(NamedTuple):
    """The numbers that stand more than once, the conditions, and of each fact that is asked in
    several ways all tests."""

    numbers: tuple[Quantity, ...] = ()
    conditions: tuple[Condition, ...] = ()
    tests_of_facts: tuple[tuple[Predicate, ...], ...] = ()


NO_REPEATS = Repeats()
# A number, and how what it stands in moves with it: 1 with it, -1 against it, 0 either way.
Occurrence: TypeAlias = tuple[Quantity, int]
# What tests are counted by: a fact, of which each of them asks something, or the test itself.
Question: TypeAlias = str | Predicate | Undecided


def repeats_in(quantity: Quantity) -> Repeats:
    """What stands in a quantity more than once, its cases' conditions included."""
    if _is_made_of_different(quantity):
        return NO_REPEATS
    numbers = tuple(_repeated_numbers(quantity))
    places = list(_choices_in(quantity))
    conditions, tests = _Conditions(places).repeated() if places else ([], [])
    open_ones = [c for c in conditions if _may_be_open(c, numbers)]
    return Repeats(numbers, tuple(open_ones[:_MAX_CONDITIONS]), tuple(tests))


def _is_made_of_different(quantity: Quantity) -> bool:
    """Whether it is seen at once that nothing stands in a quantity twice, as in nearly all: it
    chooses nowhere, is short for nothing, and has each fact and parameter in one place."""
    found, todo = list[Quantity](), [quantity]
    while todo:
        part = todo.pop()
        if isinstance(part, forms.Cases | forms.ShortForm | _Alone):
            return False
        if part.parts:
            todo += part.parts
        elif not isinstance(part, forms.Constant):
            found.append(part)
    return len(found) == len({*found})


def _repeated_numbers(quantity: Quantity) -> Iterator[Quantity]:
    """The numbers that stand in a quantity more than once; not one with which all of these places
    rise, or all fall, for they come to their ends together."""
    directions = dict[Quantity, list[int]]()
    for number, rising in _numbers_in(quantity).elements():
        directions.setdefault(number, []).append(rising)
    for number, found in directions.items():
        if len(found) > 1 and (0 in found or len(set(found)) > 1):
            yield number


def _may_be_open(condition: Condition, numbers: tuple[Quantity, ...]) -> bool:
    """Whether a condition that stands more than once counts in more than one place at once. Bounds
    of a number that stand in cases which exclude each other do not: else it would as well."""
    if not isinstance(condition, Predicate) or not isinstance(condition.operator, Range):
        return True
    tested = [number for number, _ in _numbers_in(condition.quantity, 0)]
    return not tested or any(number in numbers for number in tested)


class _Conditions:
    """Conditions that quantities are chosen by, place by place, each with all that it is made of;
    what a fact is asked is counted as one, in however many words it is asked."""

    def __init__(self, places: Sequence[Sequence[Condition]]) -> None:
        self._branches = [condition for place in places for condition in place]
        parts_of = [
            [part for branch in place for part in all_conditions(branch)] for place in places
        ]
        self._times = Counter(part for found in parts_of for part in found)
        self._places = Counter(part for found in parts_of for part in {*found})
        leaves_of = [[leaf for branch in place for leaf in leaves(branch)] for place in places]
        self._times_asked = Counter(_question_of(leaf) for found in leaves_of for leaf in found)
        self._places_asked = Counter(q for found in leaves_of for q in {*map(_question_of, found)})

    def repeated(self) -> tuple[list[Condition], list[tuple[Predicate, ...]]]:
        """The conditions that stand more than once, and the tests of each fact that is asked in
        several ways; neither of them where both stand in a condition that does."""
        found = list(dict.fromkeys(c for branch in self._branches for c in self._hinges_of(branch)))
        tests = dict[Question, list[Predicate]]()
        for leaf in found:
            if isinstance(leaf, Predicate):
                tests.setdefault(_question_of(leaf), []).append(leaf)
        several = [tuple(of_fact) for of_fact in tests.values() if len(of_fact) > 1]
        return [c for c in found if self._places[c] > 1], several

    def _hinges_of(self, condition: Condition) -> Iterator[Condition]:
        """The largest parts of a condition that nothing outside them has to do with, where they
        stand in several places; else the tests of what is asked in several."""
        inside = Counter(map(_question_of, leaves(condition)))
        times = self._times[condition]
        if self._places[condition] > 1 and all(
            self._times_asked[q] == times * n for q, n in inside.items()
        ):
            yield condition
        elif isinstance(condition, Group):
            for child in condition.children:
                yield from self._hinges_of(child)
        elif self._places_asked[_question_of(condition)] > 1:
            yield condition


def _question_of(test: Predicate | Undecided) -> Question:
    """What a test asks: the fact that decides it alone, be it asked otherwise elsewhere; else the
    test itself."""
    if isinstance(test, Predicate) and isinstance(test.operator, InSet | HoldsCertificate):
        return test.quantity.facts[0]
    return test


def _numbers_in(quantity: Quantity, rising: int = 1) -> Counter[Occurrence]:
    """Every number of its own in a quantity, as often as it may count at once; of what does not
    follow in straight lines from what it is made of, it alone. `rising`: how the whole moves with
    the quantity."""
    if isinstance(quantity, _Alone):
        return Counter([(quantity, rising)])
    if isinstance(quantity, forms.Bands) and _is_one_look(quantity):
        return _numbers_in(quantity.of, rising * quantity.progressive)
    core = _core(quantity)
    found = Counter[Occurrence]([(core, rising)] if _is_one_number(core) else [])
    if isinstance(core, forms.Cases):
        tested = [_numbers_tested(branch.condition) for branch in core.branches]
        found += _at_once(tested) if isinstance(quantity, forms.ByCode) else sum(tested, Counter())
        return found + _at_once(_numbers_in(part, rising) for part in core.parts)
    for part, direction in _directions(core):
        found += _numbers_in(part, rising * direction)
    return found


def _numbers_tested(condition: Condition) -> Counter[Occurrence]:
    """The numbers that bounds are put to in a condition."""
    tests = (leaf for leaf in leaves(condition) if isinstance(leaf, Predicate))
    ranges = (test.quantity for test in tests if isinstance(test.operator, Range))
    return sum((_numbers_in(quantity, 0) for quantity in ranges), Counter())


def _at_once(found: Iterable[Counter[Occurrence]]) -> Counter[Occurrence]:
    """The numbers of parts only one of which counts."""
    return reduce(or_, found, Counter())


def _is_one_look(scale: forms.Bands) -> bool:
    """Whether a scale looks at its number once: it never falls, or each step is a fixed amount."""
    if scale.progressive:
        return all(band.rate >= 0 for band in scale.bands)
    return not any(band.rate for band in scale.bands)


def _directions(quantity: forms.Core) -> Iterator[tuple[Quantity, int]]:
    """The parts of a quantity and how it moves with each: with it (1), against it (-1), or as other
    parts decide (0)."""
    match quantity:
        case forms.Difference(first, second):
            yield from ((first, 1), (second, -1))
        case forms.Ratio(first, second):
            yield from ((first, 1), (second, 0))
        case forms.Product(terms):
            for i, term in enumerate(terms):
                yield term, int(all(map(_is_positive, (*terms[:i], *terms[i + 1 :]))))
        case _:
            yield from ((part, 1) for part in quantity.parts)


def _is_positive(quantity: Quantity) -> bool:
    """Whether a quantity is surely not below zero."""
    core = _core(quantity)
    match core:
        case forms.Constant(least) | forms.Between(least) | forms.FactQuantity(low=least):
            return least is not None and least >= 0
        case forms.ParameterQuantity(parameter):
            return parameter.minimum is not None and parameter.minimum >= 0
        case forms.Greatest(terms):
            return any(map(_is_positive, terms))
        case forms.Count() | forms.MonthsBetween() | forms.Steps():
            return True
        case forms.Sum() | forms.Product() | forms.Least() | forms.Cases():
            return all(map(_is_positive, core.parts))
    return False


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
