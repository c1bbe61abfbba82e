"""What stands in a quantity more than once: numbers and conditions that come out alike wherever
they stand, each of which interval arithmetic takes for one of its own.
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Condition, Predicate, children_of, leaves
from service.domain.rules.operators import Range
from service.domain.rules.quantities import Quantity
from service.domain.rules.reduction import reduced

# Each condition may be met or not, which is twice as many cases: beyond these they are left open.
_MAX_CONDITIONS = 6
_ALONE = (forms.YearOf, forms.MonthsBetween, forms.ParameterOn)


class Repeats(NamedTuple):
    """The numbers that stand more than once, and the conditions."""

    numbers: tuple[Quantity, ...] = ()
    conditions: tuple[Condition, ...] = ()


NO_REPEATS = Repeats()


def repeats_in(quantity: Quantity) -> Repeats:
    """What stands in a quantity more than once, its cases' conditions included."""
    numbers = Counter(_numbers_in(quantity))
    branches = list(_branches_in(quantity))
    # What stands twice in one branch comes out with it.
    conditions = Counter(c for branch in branches for c in dict.fromkeys(_parts_of(branch)))
    # Whole branches before what they are made of.
    found = [c for c in dict.fromkeys((*branches, *conditions)) if conditions[c] > 1]
    return Repeats(
        tuple(number for number, times in numbers.items() if times > 1),
        tuple(found[:_MAX_CONDITIONS]),
    )


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
    for condition in _own_conditions(core):
        for leaf in leaves(condition):
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


def _branches_in(quantity: Quantity) -> Iterator[Condition]:
    """The conditions of the cases in a quantity, those inside such conditions included."""
    core = _core(quantity)
    for condition in _own_conditions(core):
        yield condition
        for leaf in leaves(condition):
            if isinstance(leaf, Predicate):
                yield from _branches_in(leaf.quantity)
    for part in core.parts:
        yield from _branches_in(part)


def _own_conditions(quantity: forms.Core) -> Iterator[Condition]:
    if isinstance(quantity, forms.Cases):
        for branch in quantity.branches:
            yield branch.condition


def _core(quantity: Quantity) -> forms.Core:
    return reduced(quantity) if isinstance(quantity, forms.ShortForm) else quantity
