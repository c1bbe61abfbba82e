"""The condition tree of a programme: what a company must be, have or plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from service.domain.facts.profile import Subject, Value
from service.domain.rules.operators import Operator
from service.domain.text import Text


class Basis(StrEnum):
    """Where a condition comes from: the article says it; it follows from issuer or context; or the
    article uses a term that nobody has defined."""

    STATED = "stated"
    IMPLIED = "implied"
    UNDEFINED = "undefined"


@dataclass(frozen=True, slots=True, order=True)
class Clause:
    """A place in a measure: a numbered article, or a named part such as "closing"."""

    measure: str
    article: int | str


class QuantityForm(StrEnum):
    """How several facts become one number."""

    VALUE = "value"  # the fact itself
    RATIO = "ratio"  # first / second
    GROWTH = "growth"  # (first - second) / second
    SUM = "sum"  # all together
    MEAN = "mean"  # their average


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a test looks at: one fact, or a number made of several. Exact: ratios are fractions."""

    facts: tuple[str, ...]
    combine: QuantityForm = QuantityForm.VALUE

    @property
    def single(self) -> bool:
        """Whether it is one fact as it stands."""
        return self.combine is QuantityForm.VALUE

    def read(self, subject: Subject) -> Value | Fraction | None:
        """The value; None where a fact is unknown or a divisor is not above zero."""
        if self.combine is QuantityForm.VALUE:
            return subject.facts.get(self.facts[0])
        values = [subject.get(f) for f in self.facts]
        if any(v is None for v in values):
            return None
        return self._combined([Fraction(v) for v in values if isinstance(v, int | Decimal)])

    def _combined(self, numbers: list[Fraction]) -> Fraction | None:
        if self.combine is QuantityForm.SUM:
            return sum(numbers, Fraction(0))
        if self.combine is QuantityForm.MEAN:
            return sum(numbers, Fraction(0)) / len(numbers)
        first, second = numbers
        if second <= 0:
            return None
        ratio = first / second
        return ratio if self.combine is QuantityForm.RATIO else ratio - 1


@dataclass(frozen=True, slots=True)
class Predicate:
    """One question put to one quantity."""

    quantity: Quantity
    operator: Operator
    clause: Clause
    basis: Basis = Basis.STATED
    term: Text | None = None


@dataclass(frozen=True, slots=True)
class Undecided:
    """A criterion that no machine can decide: always UNKNOWN, and nobody is asked about it."""

    term: Text
    clause: Clause
    basis: Basis = Basis.UNDEFINED


class Connective(StrEnum):
    ALL = "all"
    ANY = "any"
    NOT = "not"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions taken together. `count` is used by AT_LEAST only; NOT has exactly one child."""

    gate: Connective
    children: "tuple[Condition, ...]"
    clause: Clause
    basis: Basis = Basis.STATED
    term: Text | None = None
    count: int = 0


Condition: TypeAlias = Group | Predicate | Undecided


def leaves(condition: Condition) -> Iterator[Predicate | Undecided]:
    """The tests of a tree, left to right."""
    if isinstance(condition, Group):
        for child in condition.children:
            yield from leaves(child)
    else:
        yield condition


def facts_of(condition: Condition) -> frozenset[str]:
    """Every fact a tree may look at."""
    return frozenset(
        fact
        for leaf in leaves(condition)
        if isinstance(leaf, Predicate)
        for fact in leaf.quantity.facts
    )
