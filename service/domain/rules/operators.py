"""The operators: small, total functions from a stated value to a truth.

Everything a policy file can ask reduces to these four: a value among named ones, a range, an age, a
certificate held. Each takes a value that is present (absence is UNKNOWN before an operator is
reached) and the as-of date. Whoever treats them one by one ends in `assert_never`, so that a type
checker names every place that a new one is missing from.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias, assert_never

from service.domain.cache import BoundedCache
from service.domain.dates import add_months
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Certificate, Value
from service.domain.truth import Truth, every, some

# Codes come back again and again, alone and in sets: where each stands is kept, up to this many.
CACHE_SIZE = 4096
# What whole values come to is kept too: fewer, as each may be a set of many codes.
DECISIONS_KEPT = 256

Number: TypeAlias = int | Decimal | Fraction
Bound: TypeAlias = Number | date


class Decision(Enum):
    """A truth, and for UNKNOWN whether a more exact value of the same fact could settle it."""

    FALSE = (Truth.FALSE, False)
    OPEN = (Truth.UNKNOWN, False)
    COARSE = (Truth.UNKNOWN, True)
    TRUE = (Truth.TRUE, False)

    truth: Truth
    refinable: bool

    def __init__(self, truth: Truth, refinable: bool) -> None:
        self.truth = truth
        self.refinable = refinable

    @classmethod
    def of(cls, truth: Truth, *, refinable: bool = False) -> "Decision":
        """The decision of a truth; `refinable` counts where that is UNKNOWN."""
        if truth is Truth.UNKNOWN:
            return cls.COARSE if refinable else cls.OPEN
        return cls.TRUE if truth is Truth.TRUE else cls.FALSE


# An enumeration's members are slow to name.
_FALSE, _TRUE = Decision.FALSE, Decision.TRUE


class Quantifier(Enum):
    ANY = "any"
    ALL = "all"


@dataclass(frozen=True)
class InSet:
    """A value, or a set of values, against named values.

    Without `codes` this is plain equality. With them a narrower value counts (a district lies in
    its city), a broader one is UNKNOWN. `umbrella` names the area an open list (…等) belongs to: a
    value outside the list but under the umbrella is UNKNOWN. Where a named code is `undefined`
    (nobody has published who is one), its absence is UNKNOWN, not FALSE, unless a held code rules
    it out.
    """

    values: tuple[str | bool | int, ...]
    need: Quantifier = Quantifier.ANY
    umbrella: tuple[str, ...] = ()
    codes: CodeList | None = None
    _standings: BoundedCache[object, "_Standing"] = field(
        default_factory=lambda: BoundedCache(CACHE_SIZE), init=False, repr=False, compare=False
    )
    _decisions: BoundedCache[object, Decision] = field(
        default_factory=lambda: BoundedCache(DECISIONS_KEPT), init=False, repr=False, compare=False
    )

    def decide(self, value: Value | Fraction, as_of: date) -> Decision:
        known = self._decisions.get(value)
        return self._decisions.keep(value, self._decide(value)) if known is None else known

    def _decide(self, value: Value | Fraction) -> Decision:
        true = maybe = excluded = 0
        area = Truth.FALSE
        for member in value if isinstance(value, frozenset) else (value,):
            standing = self._standings.get(member) or self._standings.keep(
                member, self._standing_of(member)
            )
            true |= standing.true
            maybe |= standing.maybe
            excluded |= standing.excluded
            area = max(area, standing.area)
        coarse = maybe & ~(true | excluded)
        undefined = self._undefined & ~(true | excluded | coarse)
        if true if self.need is Quantifier.ANY else self._all == true:
            return Decision.TRUE
        possible = coarse | undefined
        if possible and (self.need is Quantifier.ANY or self._all == true | possible):
            return Decision.COARSE if coarse else Decision.OPEN
        return _OF_AREA[area]

    def _standing_of(self, member: object) -> "_Standing":
        codes = self.codes
        if codes is None:
            same = sum([1 << i for i, target in enumerate(self.values) if member == target])
            return _Standing(same, 0, 0, Truth.of(member in self.umbrella))
        true = maybe = excluded = 0
        for i, target in enumerate(map(str, self.values)):
            truth = codes.relation(str(member), target)
            true |= (truth is Truth.TRUE) << i
            maybe |= (truth is Truth.UNKNOWN) << i
            excluded |= codes.rules_out(str(member), target) << i
        area = some(codes.relation(str(member), broad) for broad in self.umbrella)
        return _Standing(true, maybe, excluded, area)

    @cached_property
    def _all(self) -> int:
        return (1 << len(self.values)) - 1

    @cached_property
    def _undefined(self) -> int:
        """The named values that are terms nobody has defined."""
        codes = self.codes
        if codes is None:
            return 0
        return sum([1 << i for i, v in enumerate(self.values) if is_undefined(codes, str(v))])


class _Standing(NamedTuple):
    """Where a value stands to the named values of a test, bit i for the i-th: it lies in it, may
    lie in it, is certainly not in it; and whether it lies under the umbrella."""

    true: int
    maybe: int
    excluded: int
    area: Truth


# What a value comes to that is none of those named, by whether it lies under the umbrella.
_OF_AREA = {
    Truth.FALSE: Decision.FALSE, Truth.UNKNOWN: Decision.COARSE, Truth.TRUE: Decision.OPEN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Range:
    """A number or a date between two bounds; None leaves a side open."""

    low: Bound | None = None
    high: Bound | None = None
    low_included: bool = True
    high_included: bool = True

    def decide(self, value: Value | Fraction, as_of: date) -> Decision:
        return _TRUE if self.holds(value) else _FALSE

    def holds(self, point: Any) -> bool:
        """Whether a point of the bounds' own type lies in the range."""
        low, high = self.low, self.high
        above = low is None or point > low or (self.low_included and point == low)
        return above and (high is None or point < high or (self.high_included and point == high))


@dataclass(frozen=True, slots=True)
class Age:
    """How long ago a date was on the as-of date, within a range of whole months.

    Exact to the day: a company is more than five years old on the day after its fifth anniversary.
    What has not begun yet has no age and is FALSE.
    """

    months: Range
    in_years: bool = False

    def decide(self, value: Value | Fraction, as_of: date) -> Decision:
        assert isinstance(value, date)
        if value > as_of:
            return Decision.FALSE
        low, high = (_completion_day(value, end) for end in (self.months.low, self.months.high))
        days = Range(low, high, self.months.low_included, self.months.high_included)
        return Decision.of(Truth.of(days.holds(as_of)))


def _completion_day(start: date, months: Bound | None) -> date | None:
    """The day on which so many months since the start are complete."""
    return add_months(start, months) if isinstance(months, int) else None


@dataclass(frozen=True)
class HoldsCertificate:
    """A certificate of one of the categories whose term includes the as-of date.

    A certificate whose dates are not stated might be valid: COARSE, unless a stated date already
    rules it out. One that is contested might be valid too, but no date can settle it: OPEN. A
    category marked `undefined` cannot be concluded absent.
    """

    categories: tuple[str, ...]
    codes: CodeList

    def decide(self, value: Value | Fraction, as_of: date) -> Decision:
        assert isinstance(value, tuple)
        held = [
            c
            for c in value
            if isinstance(c, Certificate) and self.codes.lies_in(c.category, self.categories)
        ]
        truth = some(valid_on(c, as_of) for c in held)
        if truth is Truth.FALSE and any(is_undefined(self.codes, c) for c in self.categories):
            return Decision.OPEN
        return Decision.of(truth, refinable=any(not c.contested for c in held))


Operator: TypeAlias = InSet | Range | Age | HoldsCertificate


def can_stay_open(operator: Operator) -> bool:
    """Whether a stated value can come out OPEN: a list that is open, a term that nobody has
    defined, a certificate that is contested."""
    match operator:
        case InSet():
            codes = operator.codes
            undefined = codes and any(is_undefined(codes, str(v)) for v in operator.values)
            return bool(operator.umbrella or undefined)
        case HoldsCertificate():
            return True
        case Range() | Age():
            return False
        case _:
            assert_never(operator)


def named_values(operator: Operator) -> tuple[str | bool | int, ...]:
    """The codes, categories and other values that an operator names; none of bounds."""
    match operator:
        case InSet():
            return operator.values
        case HoldsCertificate():
            return operator.categories
        case Range() | Age():
            return ()
        case _:
            assert_never(operator)


def is_undefined(codes: CodeList, code: str) -> bool:
    entry = codes.codes.get(code)
    return entry is not None and entry.undefined


def valid_on(certificate: Certificate, as_of: date) -> Truth:
    """Whether a day lies in a certificate's term: held and not run out. UNKNOWN where its last day
    is missing, where the certificate is contested or nobody says whether it is held. Who lists a
    certificate holds it, so that it need not say since when."""
    issued = certificate.issued_on
    begun = Truth.TRUE if issued is None else Truth.of(issued <= as_of)
    not_over = _compare_day(certificate.expires_on, lambda day: as_of <= day)
    doubt = Truth.UNKNOWN if certificate.contested or certificate.unsure else Truth.TRUE
    return every((begun, not_over, doubt))


def _compare_day(day: date | None, test: Callable[[date], bool]) -> Truth:
    return Truth.UNKNOWN if day is None else Truth.of(test(day))
