"""The condition tree of a programme: what a company must be, have or plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from service.domain.rules.operators import Operator
from service.domain.rules.quantities import ByCode, Cases, FactQuantity, Quantity
from service.domain.rules.quantity_contents import names_day, totals_in
from service.domain.text import Text
from service.domain.truth import Truth, at_least, every, some


class Basis(StrEnum):
    """Where a condition comes from: the article says it; it follows from issuer or context; or the
    article uses a term that nobody has defined."""

    STATED = "stated"
    IMPLIED = "implied"
    UNDEFINED = "undefined"


class Connective(StrEnum):
    ALL = "all"
    ANY = "any"
    NOT = "not"
    AT_LEAST = "at_least"


# An enumeration's members are slow to name.
_ALL, _ANY, _NOT, _ = Connective


@dataclass(frozen=True, slots=True, order=True)
class Clause:
    """A place in a measure: a numbered article, or a named part such as "closing"."""

    measure: str
    article: int | str


@dataclass(frozen=True, slots=True)
class Predicate:
    """One question put to one quantity. `term`: what the article calls it, where it has a name."""

    quantity: Quantity
    operator: Operator
    clause: Clause
    basis: Basis = Basis.STATED
    term: Text | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact it may look at."""
        return self.quantity.facts


@dataclass(frozen=True, slots=True)
class Undecided:
    """A criterion that no machine can decide: always UNKNOWN, and nobody is asked about it."""

    term: Text
    clause: Clause
    basis: Basis = Basis.UNDEFINED

    @property
    def facts(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions taken together. `gate` is how their truths are joined, as an answer names it too;
    `count` is used by AT_LEAST only; NOT has exactly one child. `term`: what the article calls all
    of them; with `term_only` a sentence says that name and not what stands below it."""

    gate: Connective
    children: "tuple[Condition, ...]"
    clause: Clause
    basis: Basis = Basis.STATED
    term: Text | None = None
    count: int = 0
    term_only: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact its tests may look at, each once, left to right."""
        return tuple(dict.fromkeys(fact for child in self.children for fact in child.facts))


Condition: TypeAlias = Group | Predicate | Undecided
# The least that something is sure to come to, and the most that it may.
TruthRange: TypeAlias = tuple[Truth, Truth]


@dataclass(frozen=True, slots=True)
class NumberedCondition:
    """A condition that is put to every company, whatever the programme, and its number: no other
    one of its catalogue has it. It is numbered as it is loaded, so that what was found of all of
    them at once can be looked up for each."""

    number: int
    condition: Condition


def numbered(condition: Condition, numbers: Iterator[int]) -> NumberedCondition:
    """A condition with the next of the numbers that its catalogue gives."""
    return NumberedCondition(next(numbers), condition)


def children_of(condition: Condition) -> "tuple[Condition, ...]":
    """The conditions that a group takes together; none of any other."""
    return condition.children if isinstance(condition, Group) else ()


def all_conditions(condition: Condition) -> Iterator[Condition]:
    """A condition and all that it is made of."""
    yield condition
    for child in children_of(condition):
        yield from all_conditions(child)


def leaves(condition: Condition) -> "Sequence[Predicate | Undecided]":
    """The tests of a tree, left to right."""
    if not isinstance(condition, Group):
        return (condition,)
    found: list[Predicate | Undecided] = []
    # Asked of every programme by all that is compiled: generators within one another take longer.
    for child in condition.children:
        if isinstance(child, Group):
            found += leaves(child)
        else:
            found.append(child)
    return found


def tests_in(condition: Condition) -> Iterator[Predicate]:
    """The tests of a tree with those that stand inside their quantities."""
    for leaf in leaves(condition):
        if isinstance(leaf, Predicate):
            yield leaf
            if not isinstance(leaf.quantity, FactQuantity):
                yield from tests_below(leaf.quantity)


def tests_below(quantity: Quantity) -> Iterator[Predicate]:
    """The tests that stand inside a quantity."""
    if isinstance(quantity, Cases | ByCode):
        for branch in quantity.branches:
            yield from tests_in(branch.condition)
    for part in quantity.parts:
        yield from tests_below(part)


def is_dated(quantity: Quantity) -> bool:
    """Whether a quantity comes to something else on another day, whatever the facts."""
    tests = tests_below(quantity)
    return (
        names_day(quantity)
        or any(names_day(test.quantity) for test in tests)
        or any(is_dated(total.worth) for total in totals_in(quantity))
    )


def facts_of(condition: Condition) -> frozenset[str]:
    """Every fact a tree may look at."""
    return frozenset(condition.facts)


def combine(group: Group, truths: list[Truth]) -> Truth:
    """The truth of a group from the truths of its children."""
    gate = group.gate
    if gate is _ALL:
        return every(truths)
    if gate is _ANY:
        return some(truths)
    return ~truths[0] if gate is _NOT else at_least(group.count, truths)


def combine_ranges(group: Group, ranges: Sequence[TruthRange]) -> TruthRange:
    """Between which truths a group lies, from those between which its children do."""
    low, high = (combine(group, [each[end] for each in ranges]) for end in (0, 1))
    return (high, low) if group.gate is _NOT else (low, high)
