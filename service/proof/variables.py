"""Facts as logical variables: whether a fact is known, and what is known of it.

Numbers are whole multiples of the smallest step a profile may state, dates are day numbers, codes
are classes; so every model the solver finds is a profile that somebody could submit.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

import z3

from service.domain.facts.profile import Certificate, Value
from service.domain.facts.vocabulary import Fact, FactType
from service.domain.rules.operators import valid_on
from service.domain.rules.rounding import EXACT
from service.domain.truth import Truth, some
from service.proof.classes import Classes, Member, Relations

Formula: TypeAlias = Any  # a z3 Boolean; z3 comes without types
Model: TypeAlias = Any  # what a z3 solver found
SCALE = {FactType.INTEGER: 1, FactType.NUMBER: 10**6, FactType.MONEY: 100}
# What a profile may state at most, as the readers of profiles have it.
NUMBER_LIMIT = 10**15
FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)


class Variable:
    """One fact of one subject."""

    def __init__(self, fact: Fact, name: str) -> None:
        self.fact = fact
        self.name = name
        self.is_known: Formula = z3.Bool(f"{name} known")

    def bounds(self) -> Iterator[Formula]:
        """What holds of every value of the fact."""
        return iter(())

    def equals(self, value: Value, as_of: date) -> Iterator[Formula]:
        """What is true where the fact has this value, and only there."""
        raise NotImplementedError

    def value(self, model: Model, as_of: date) -> Value:
        """The fact's value in a model."""
        raise NotImplementedError


def _holds(model: Model, formula: Formula) -> bool:
    return bool(z3.is_true(model.eval(formula, model_completion=True)))


class CodeVariable(Variable):
    """A code, a text, yes or no, or a set of codes: one Boolean for each class."""

    def __init__(self, fact: Fact, name: str, classes: Classes) -> None:
        super().__init__(fact, name)
        self.classes = classes
        self.several = fact.type is FactType.CODES
        self.members: dict[Relations, Formula] = {
            c: z3.Bool(f"{name} {member}") for c, member in classes.members.items()
        }

    def lies_in(self, target: Member) -> tuple[Formula, Formula]:
        """Whether a held value surely lies in the named one; whether it may."""
        ranked = [(self.classes.relation(c, target), held) for c, held in self.members.items()]
        sure = [held for relation, held in ranked if relation is Truth.TRUE]
        possible = [held for relation, held in ranked if relation is not Truth.FALSE]
        return z3.Or(sure), z3.Or(possible)

    def too_coarse_for(self, target: Member) -> Formula:
        """Whether a held value is too coarse to tell how it lies to the named one."""
        unclear = (
            h for c, h in self.members.items() if self.classes.relation(c, target) is Truth.UNKNOWN
        )
        return z3.Or(list(unclear))

    def excludes(self, target: Member) -> Formula:
        """Whether a held value rules the named one out."""
        return z3.Or([h for c, h in self.members.items() if self.classes.rules_out(c, target)])

    def bounds(self) -> Iterator[Formula]:
        if not self.several:
            yield z3.PbEq([(held, 1) for held in self.members.values()], 1)
        elif self.fact.at_least_one:
            yield z3.Or(list(self.members.values()))

    def equals(self, value: Value, as_of: date) -> Iterator[Formula]:
        values = value if isinstance(value, frozenset) else (value,)
        classes = {self.classes.of(v) for v in values}
        assert classes <= self.members.keys(), f"{value!r} lies in no class of {self.fact.id}"
        for c, held in self.members.items():
            yield held if c in classes else z3.Not(held)

    def value(self, model: Model, as_of: date) -> Value:
        held = [self.classes.members[c] for c, h in self.members.items() if _holds(model, h)]
        return frozenset(str(m) for m in held) if self.several else held[0]


class ScalarVariable(Variable):
    """A number or a date, as one integer."""

    def __init__(self, fact: Fact, name: str) -> None:
        super().__init__(fact, name)
        self.steps: Formula = z3.Int(name)
        self.scale = SCALE.get(fact.type, 1)

    @cached_property
    def real(self) -> Formula:
        """The number itself, for reckoning with others."""
        return z3.ToReal(self.steps) / self.scale

    def bounds(self) -> Iterator[Formula]:
        if self.fact.type is FactType.DATE:
            yield self.steps >= FIRST.toordinal()
            yield self.steps <= LAST.toordinal()
            return
        low, high = self.fact.minimum, self.fact.maximum
        yield self.steps < NUMBER_LIMIT * self.scale if high is None else self._to(high) >= 0
        yield self.steps > -NUMBER_LIMIT * self.scale if low is None else self._to(low) <= 0
        if self.fact.positive:
            yield self.steps > 0

    def _to(self, bound: Decimal) -> Formula:
        """How far the number is below a bound, in steps."""
        scaled = Fraction(bound) * self.scale
        return scaled.numerator - self.steps * scaled.denominator

    def equals(self, value: Value, as_of: date) -> Iterator[Formula]:
        if isinstance(value, date):
            yield self.steps == value.toordinal()
            return
        assert isinstance(value, int | Decimal)
        scaled = Fraction(value) * self.scale
        assert scaled.denominator == 1, f"{value!r} is finer than {self.fact.id} allows"
        yield self.steps == scaled.numerator

    def value(self, model: Model, as_of: date) -> Value:
        steps = model.eval(self.steps, model_completion=True).as_long()
        if self.fact.type is FactType.DATE:
            return date.fromordinal(steps)
        if self.fact.type is FactType.INTEGER:
            return int(steps)
        return EXACT.divide(Decimal(steps), Decimal(self.scale))


class CertificateVariable(Variable):
    """Certificates: for each class of categories, whether one is valid and whether one may be."""

    def __init__(self, fact: Fact, name: str, classes: Classes) -> None:
        super().__init__(fact, name)
        self.classes = classes
        self.valid: dict[Relations, Formula] = {}
        self.possible: dict[Relations, Formula] = {}
        for c, member in classes.members.items():
            self.valid[c] = z3.Bool(f"{name} {member} valid")
            self.possible[c] = z3.Bool(f"{name} {member} may be valid")

    def counting(self, categories: tuple[str, ...]) -> list[Relations]:
        """The classes whose members count as one of the categories."""
        return [
            c
            for c in self.classes.members
            if any(self.classes.relation(c, wanted) is Truth.TRUE for wanted in categories)
        ]

    def bounds(self) -> Iterator[Formula]:
        for c in self.valid:
            yield z3.Implies(self.valid[c], self.possible[c])

    def equals(self, value: Value, as_of: date) -> Iterator[Formula]:
        assert isinstance(value, tuple)
        held = [c for c in value if isinstance(c, Certificate)]
        for of_class in self.valid:
            mine = (c for c in held if self.classes.of(c.category) == of_class)
            validity = some(valid_on(c, as_of) for c in mine)
            yield self.valid[of_class] == z3.BoolVal(validity is Truth.TRUE)
            yield self.possible[of_class] == z3.BoolVal(validity is not Truth.FALSE)

    def value(self, model: Model, as_of: date) -> Value:
        held = []
        for c, member in self.classes.members.items():
            if _holds(model, self.valid[c]):
                held.append(Certificate(str(member), as_of, as_of))
            elif _holds(model, self.possible[c]):
                held.append(Certificate(str(member)))
        return tuple(held)
