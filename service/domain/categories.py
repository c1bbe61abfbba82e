"""Enterprise categories as dated, sourced standards over raw figures.

A standard never gives a status: a certificate does. It gives hints ("could apply for") and shows
where a claimed certificate contradicts the figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from service.domain.conditions import Condition
from service.domain.dates import Window
from service.domain.points import Case, PointsModel
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Criterion:
    """One computable requirement: a condition; or passing a points model, or else a condition that
    spares the company the points.

    `verified` tells whether the figure was seen in a text; `source` says in which, or that it was
    not. What is asked `at_application` only contradicts no certificate that was given.
    """

    id: str
    condition: Condition | None
    model: PointsModel | None
    verified: bool
    at_application: bool
    source: str


@dataclass(frozen=True)
class Category:
    """One version of a category's standard.

    `certificate` is the code a certificate of it carries, None where none exists. `uncomputed` are
    the requirements no figure can decide: with none of them the criteria are complete.
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
    cases: tuple[Case, ...] = field(default=(), repr=False)
    path: str = ""

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
    """The lower bounds of one line of industries: for each class and fact, the bound (included)."""

    name: Text
    industries: tuple[str, ...]
    bounds: Mapping[str, Mapping[Size, Decimal]]


@dataclass(frozen=True)
class SizeStandard:
    """A size standard. `covered` holds for industries it speaks of; `reaches` holds, class by
    class, where every lower bound of the company's industry is met; micro needs none."""

    id: str
    name: Text
    standard: str
    source: str
    verified: bool
    window: Window
    kinds: tuple[str, ...]
    rows: tuple[SizeRow, ...]
    covered: Condition
    reaches: Mapping[Size, Condition]
    notes: tuple[Text, ...] = ()
    cases: tuple[Case, ...] = field(default=(), repr=False)
    path: str = ""
