"""Enterprise categories as dated, sourced standards over raw figures.

A standard never gives a status: a certificate does. It gives hints ("could apply for") and shows
where a claimed certificate contradicts the figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from service.domain.dates import Window
from service.domain.rules.conditions import NumberedCondition, facts_of
from service.domain.rules.points_model import PointsModel, StandardExample
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Criterion:
    """One computable requirement: a condition; or passing a points model, or else a condition that
    spares the company the points.

    `verified` tells whether the figure was seen in a text; `source` says in which, or that it was
    not. What is asked `at_application` only contradicts no certificate that was given.
    """

    id: str
    condition: NumberedCondition | None
    model: PointsModel | None
    verified: bool
    at_application: bool
    source: str

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that could decide it."""
        own = facts_of(self.condition.condition) if self.condition is not None else frozenset()
        return own | (self.model.facts if self.model is not None else frozenset())


@dataclass(frozen=True)
class Category:
    """One version of a category's standard.

    `certificate` is the code a certificate of it carries, None where none exists. `yearly`: it is
    given for one year by that year's figures, so that they can contest it; one given for several
    years stands whatever later figures say. `uncomputed` are the requirements no figure can decide:
    with none of them the criteria are complete. `sizes`: the size classes that can have it;
    `not_for`: who cannot, as a condition; `signs`: what speaks for it before many figures are
    known; `seasons`: the days on which applications are known to be taken.
    """

    id: str
    certificate: str | None
    name: Text
    standard: str
    source: str
    window: Window
    kinds: tuple[str, ...]
    decided_by: Text
    criteria: tuple[Criterion, ...]
    uncomputed: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    cases: tuple[StandardExample, ...] = field(default=(), repr=False)
    path: str = ""
    yearly: bool = False
    sizes: "tuple[Size, ...]" = ()
    not_for: NumberedCondition | None = None
    signs: NumberedCondition | None = None
    seasons: tuple[Window, ...] = ()

    def season(self, day: date) -> Window | None:
        """The days on which applications are taken in the year of a day; None where it is not
        known, or the day is among them."""
        of_the_year = [s for s in self.seasons if s.start and s.start.year == day.year]
        return None if any(day in s for s in of_the_year) else next(iter(of_the_year), None)

    @cached_property
    def facts(self) -> tuple[frozenset[str], ...]:
        """For each criterion, the facts that could decide it."""
        return tuple(criterion.facts for criterion in self.criteria)

    @property
    def complete(self) -> bool:
        """Whether the criteria are everything the standard asks."""
        return not self.uncomputed


class Size(StrEnum):
    """Size classes, the smallest first."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One line of industries: what an industry of it is, and for each class but micro that all
    its lower bounds (included) are met. `bounds` are the same figures by fact, to be shown."""

    name: Text
    industry: NumberedCondition
    reaches: Mapping[Size, NumberedCondition]
    bounds: Mapping[str, Mapping[Size, Decimal]]


@dataclass(frozen=True)
class SizeStandard:
    """A size standard. No industry lies in two rows; one in none is not covered."""

    id: str
    name: Text
    standard: str
    source: str
    verified: bool
    window: Window
    kinds: tuple[str, ...]
    rows: tuple[SizeRow, ...]
    notes: tuple[Text, ...] = ()
    cases: tuple[StandardExample, ...] = field(default=(), repr=False)
    path: str = ""

    @cached_property
    def industry_facts(self) -> tuple[str, ...]:
        """The facts that tell in which row a company is."""
        tested = (fact for row in self.rows for fact in facts_of(row.industry.condition))
        return tuple(dict.fromkeys(tested))

    @cached_property
    def bound_facts(self) -> tuple[str, ...]:
        """The facts with a figure in some row, each once."""
        return tuple(dict.fromkeys(fact for row in self.rows for fact in row.bounds))
