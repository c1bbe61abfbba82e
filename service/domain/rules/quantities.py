"""Quantities: the numbers that rules speak of, in conditions and in money alike.

A quantity is one of the small classes below, made of facts, constants and other quantities. What
a class means stands in one place for each reading (an interval, SQL, a formula, words …): a
function with a case for every class of the union, so that the type checker finds what is missing.

Many classes are short for others: `reduction.reduced` says which, so most readings know only the
core.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from service.domain.facts.parameters import Parameter
from service.domain.facts.vocabulary import FactType
from service.domain.rules.record_tests import RecordTest
from service.domain.rules.units import SHARE, Unit
from service.domain.text import Text

if TYPE_CHECKING:
    from service.domain.rules.conditions import Condition


class _Parted:
    """What all quantities have in common: the parts they are made of, and the facts below."""

    @property
    def parts(self) -> "tuple[Quantity, ...]":
        """The quantities it is made of."""
        return ()

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """Every fact it may look at, each once, left to right."""
        return _each_once(fact for part in self.parts for fact in part.facts)

    @property
    def optional_facts(self) -> frozenset[str]:
        """Those that only stand in the place of a parameter, or of which only what is stated
        counts."""
        return frozenset[str]().union(*[part.optional_facts for part in self.parts])

    @cached_property
    def facts_needed(self) -> tuple[str, ...]:
        """Of which at least one must be stated before anything is concluded."""
        optional = self.optional_facts
        return tuple([fact for fact in self.facts if fact not in optional])

    @property
    def single(self) -> bool:
        """Whether it is one fact as it stands."""
        return False


class ShortForm(_Parted):
    """A form that is short for others: `reduction.reduced` says for which."""


@dataclass(frozen=True)
class FactQuantity(_Parted):
    """One fact as it stands, and of what `type` it is where that is known. `low` and `high` are the
    ends that the vocabulary gives its numbers; a day is counted as a number of days."""

    fact: str
    low: Fraction | None = field(default=None, compare=False)
    high: Fraction | None = field(default=None, compare=False)
    type: FactType | None = field(default=None, compare=False)

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    @property
    def single(self) -> bool:
        return True

    @property
    def whole(self) -> bool:
        """Whether its numbers have no parts."""
        return self.type in (FactType.INTEGER, FactType.DATE)


@dataclass(frozen=True)
class Constant(_Parted):
    """A number that stands in the text."""

    value: Fraction
    unit: Unit = SHARE


@dataclass(frozen=True)
class Between(_Parted):
    """A number that the text leaves open between two ends: whoever decides will choose it. `high`:
    None where the text says no more than from where on."""

    low: Fraction
    high: Fraction | None
    unit: Unit = SHARE


@dataclass(frozen=True)
class _OfOne(_Parted):
    of: "Quantity"

    @property
    def parts(self) -> "tuple[Quantity, ...]":
        return (self.of,)


@dataclass(frozen=True)
class _Several(_Parted):
    terms: "tuple[Quantity, ...]"

    @property
    def parts(self) -> "tuple[Quantity, ...]":
        return self.terms


class Sum(_Several):
    """All terms together."""


@dataclass(frozen=True)
class _Pair(_Parted):
    first: "Quantity"
    second: "Quantity"

    @property
    def parts(self) -> "tuple[Quantity, ...]":
        return self.first, self.second


class Difference(_Pair):
    """The first less the second."""


class Excess(_Pair, ShortForm):
    """By how much the left side of a comparison exceeds the right; the left side is what is seen.
    "A is at least B" is an excess of at least zero."""


class Product(_Several):
    """All terms multiplied."""


class Ratio(_Pair):
    """The first over the second; without a value where the second is not above zero."""


class Growth(_Pair, ShortForm):
    """By what share the first exceeds the second."""


class Mean(_Several, ShortForm):
    """The average of the terms."""


@dataclass(frozen=True)
class Power(_OfOne, ShortForm):
    """A quantity multiplied by itself so many times, as interest upon interest is."""

    times: int


@dataclass(frozen=True)
class Score(_OfOne, ShortForm):
    """What a points model gives, which is told by its name and not by all that earns a point."""

    name: Text


class Least(_Several):
    """The smallest of the terms."""


class Greatest(_Several):
    """The largest of the terms."""


@dataclass(frozen=True)
class Branch:
    """A quantity that counts where a condition holds."""

    condition: "Condition"
    quantity: "Quantity"


class _Branching(_Parted):
    branches: tuple[Branch, ...]
    otherwise: "Quantity"

    @property
    def parts(self) -> "tuple[Quantity, ...]":
        return (*(b.quantity for b in self.branches), self.otherwise)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        own = (f for b in self.branches for part in (b.condition, b.quantity) for f in part.facts)
        return _each_once((*own, *self.otherwise.facts))


@dataclass(frozen=True)
class Cases(_Branching):
    """The quantity of the first branch whose condition holds; `otherwise` where none does."""

    branches: tuple[Branch, ...]
    otherwise: "Quantity"


@dataclass(frozen=True)
class Band:
    """One step of a scale: up to `limit` (which counts where `included`; None: no end) it is worth
    `rate` times the number and `amount` beside it."""

    limit: Fraction | None
    included: bool
    rate: Fraction = Fraction(0)
    amount: Fraction = Fraction(0)


@dataclass(frozen=True)
class Bands(_OfOne, ShortForm):
    """A scale over a quantity, from the lowest step up. Whole: the step that the number lies in
    counts for all of it. Progressive: each step counts for the part of the number in it."""

    bands: tuple[Band, ...]
    progressive: bool
    unit: Unit


@dataclass(frozen=True)
class ByCode(_Branching, ShortForm):
    """A quantity for each code of one fact, the first that holds; `otherwise` for the rest, of
    which a `complete` one leaves none."""

    fact: str
    branches: tuple[Branch, ...]
    otherwise: "Quantity"
    complete: bool = False


@dataclass(frozen=True)
class AsOf(_Parted):
    """The day of the evaluation, as a number of days."""


@dataclass(frozen=True)
class FixedDay(ShortForm):
    """A day that stands in the text, as a number of days."""

    day: date


class YearOf(_OfOne):
    """The calendar year of a day."""


class MonthOf(_OfOne, ShortForm):
    """The month of a day, 1 to 12."""


@dataclass(frozen=True)
class Steps(_Parted):
    """How many times a quantity holds `each` whole: 299 holds 100 twice. With `begun` what is left
    over counts as one more. Nothing below zero holds any."""

    of: "Quantity"
    each: Constant
    begun: bool = False

    @property
    def parts(self) -> "tuple[Quantity, ...]":
        return self.of, self.each


class MonthsBetween(_Pair):
    """How many months are complete from the first day to the second; none where that is earlier."""


class MonthsBegun(_Pair, ShortForm):
    """How many months are begun from the first day to the second: days left over count as one
    more."""


@dataclass(frozen=True)
class ParameterQuantity(_Parted):
    """A public figure of the day. `own` is a fact that stands in its place where it is stated: the
    rate of the company's own loan."""

    parameter: Parameter
    own: str | None = None

    @cached_property
    def facts(self) -> tuple[str, ...]:
        return () if self.own is None else (self.own,)

    @property
    def optional_facts(self) -> frozenset[str]:
        return frozenset(self.facts)


@dataclass(frozen=True)
class ParameterOn(ShortForm):
    """A public figure of the day that a fact states: the prime rate on the day of the contract."""

    parameter: Parameter
    day: FactQuantity

    @property
    def parts(self) -> "tuple[Quantity, ...]":
        return (self.day,)


@dataclass(frozen=True)
class Count(_Parted):
    """How many of the records of a fact meet a test; or, with `amounts`, what they come to."""

    fact: str
    test: RecordTest
    amounts: bool = False

    @cached_property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    @property
    def optional_facts(self) -> frozenset[str]:
        return frozenset(self.facts if self.test.stated else ())


@dataclass(frozen=True)
class ProjectTotal(_Parted):
    """What the projects of a company, of some kinds, come to together: `worth` of each, a quantity
    of its own facts alone, which is nothing where it does not count; or so many of the `best` of
    these, none of which counts for less than nothing.

    `fact` holds the projects that are stated, `absent` the kinds of which there are none. Of a kind
    of which neither is said there may be any.
    """

    fact: str
    absent: str
    kinds: tuple[str, ...]
    worth: "Quantity"
    best: int | None = None

    @cached_property
    def facts(self) -> tuple[str, ...]:
        return (self.fact, self.absent)


Core: TypeAlias = (
    FactQuantity | Constant | Between | Sum | Difference | Product | Ratio | Least | Greatest
    | Cases | Count | ProjectTotal | ParameterQuantity | AsOf | YearOf | MonthsBetween | Steps
)  # fmt: skip
Short: TypeAlias = (
    FixedDay | MonthOf | MonthsBegun | Excess | Growth | Mean | Power | Score | Bands | ByCode
    | ParameterOn
)  # fmt: skip
Quantity: TypeAlias = Core | Short

ONE = Constant(Fraction(1))
ZERO = Constant(Fraction(0))


def _each_once(facts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(facts))
