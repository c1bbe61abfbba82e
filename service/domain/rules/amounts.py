"""Amounts: what a programme's text bounds, in exact money. A ceiling is never an expectation.

The money rule is quantities with a shape: an amount, caps, a floor, and over how long it is paid.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import inf

from service.domain.facts.profile import Subject
from service.domain.rules.capped_intervals import (
    AT_ZERO,
    MONTHS_OF_A_YEAR,
    between_bounds,
    from_zero,
    least_of,
    months_of_year,
    of_a_year,
    one_after_other,
    paid_over,
    share_of_amount,
)
from service.domain.rules.conditions import Basis, Clause, is_dated
from service.domain.rules.instalments import Instalment
from service.domain.rules.interval_arithmetic import End, Interval, sum_of
from service.domain.rules.intervals import interval_of
from service.domain.rules.narrowing import narrowed, repeated_facts
from service.domain.rules.quantities import (
    ZERO,
    Between,
    Branch,
    Constant,
    Count,
    Difference,
    FactQuantity,
    Greatest,
    Least,
    Product,
    Quantity,
)
from service.domain.rules.rounding import TO_THE_CENT, Rounding, money, share_of
from service.domain.rules.units import SHARE
from service.domain.text import Text


class Per(StrEnum):
    """What an amount or a cap is counted for; UNSTATED where the text is silent."""

    CONTRACT = "contract"
    PROJECT = "project"
    EVENT = "event"
    ITEM = "item"
    PERSON = "person"
    COMPANY = "company"
    MONTH = "month"
    YEAR = "year"
    PROGRAMME = "programme"  # as long as the programme lives
    UNSTATED = "unstated"


class AddsUp(StrEnum):
    """Whether the amounts of several projects, events … of one company add up."""

    STATED = "stated"
    IMPLIED = "implied"  # each is counted for itself
    UNSTATED = "unstated"


EACH_FOR_ITSELF = (Per.CONTRACT, Per.PROJECT, Per.EVENT, Per.ITEM, Per.PERSON)


@dataclass(frozen=True, slots=True)
class SharedBy:
    """The programmes that a cap binds together: all of a measure, or those that it names. `clause`
    says so; `names` are theirs where they are not all."""

    clause: Clause
    programmes: frozenset[str]
    names: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Cap:
    """An amount that is not exceeded, what it is counted for where that is its own, and the
    programmes that share it where it is not one's alone. `each`: the thing of which a yearly one
    is, where the text says so; otherwise it is all that the applicant gets in a year. `when`: the
    case in which it binds, where that is not always; in any other its `quantity` is what it would
    have capped."""

    quantity: Quantity
    per: Per = Per.UNSTATED
    shared: SharedBy | None = None
    each: Per | None = None
    when: Branch | None = None


@dataclass(frozen=True, slots=True)
class CountLimit:
    """How many of them one company is given: in a year, or in the programme's whole life."""

    count: int
    per: Per


class Period(StrEnum):
    """What an amount that is paid over time is paid for."""

    YEAR = "year"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Duration:
    """Over how long an amount of one `period` is paid, counted in months or in years. `shares`:
    what of it is paid in the first year, the second and so on, and nothing in any later one."""

    period: Period
    lasts: Quantity
    in_years: bool
    shares: tuple[Fraction, ...] = ()


@dataclass(frozen=True)
class Benefit:
    """The money rule of a programme.

    `amount` is what it may come to, before the caps: None where the text names caps alone, or only
    words (`text`), which are shown and never reckoned. Where it is paid `over` time, it is the
    amount of one period, and yearly caps bound each year. `repayable` money (a loan, a limit, a
    guarantee) is shown and never totalled. `adds_up` is None where it follows from
    `per`, or from the `limit` up to which there may be several.
    """

    amount: Quantity | None = None
    caps: tuple[Cap, ...] = ()
    floor: Quantity | None = None
    per: Per = Per.UNSTATED
    per_basis: Basis = Basis.STATED
    one_off: bool | None = None
    over: Duration | None = None
    instalments: tuple[Instalment, ...] = ()
    rounding: Rounding = TO_THE_CENT
    adds_up: AddsUp | None = None
    limit: CountLimit | None = None
    repayable: bool = False
    currency: str | None = None
    text: Text | None = None

    @property
    def is_reckoned(self) -> bool:
        """Whether the text gives a rule, and not words alone."""
        return self.amount is not None or bool(self.caps) or self.floor is not None

    @property
    def personal(self) -> bool:
        """Whether the money is meant for a person rather than for the company that applies."""
        return self.per is Per.PERSON

    @property
    def several(self) -> AddsUp:
        """Whether several of them add up for one company."""
        if self.adds_up is not None:
            return self.adds_up
        if self.limit is not None:
            return AddsUp.IMPLIED
        stated = self.per in EACH_FOR_ITSELF and self.per_basis is Basis.STATED
        return AddsUp.IMPLIED if stated else AddsUp.UNSTATED

    @property
    def quantities(self) -> Iterator[Quantity]:
        """Everything it is reckoned from."""
        if self.amount is not None:
            yield self.amount
        yield from (cap.quantity for cap in self.caps)
        if self.floor is not None:
            yield self.floor
        if self.over is not None:
            yield self.over.lasts

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """What an amount is reckoned from."""
        return tuple(dict.fromkeys(fact for q in self.quantities for fact in q.facts))

    @cached_property
    def whole(self) -> Quantity | None:
        """What it comes to within its caps and above its floor, as one quantity; None where there
        is none, or where it is paid over time."""
        within = tuple(c.quantity for c in self.caps)
        if self.amount is not None:
            within = (Greatest((self.amount, ZERO)), *within)
        if not within or self.over is not None:
            return None
        least = within[0] if len(within) == 1 else Least(within)
        return Greatest((least, ZERO if self.floor is None else self.floor))

    @cached_property
    def repeated(self) -> tuple[FactQuantity, ...]:
        """The facts that stand in it more than once."""
        return () if self.whole is None else tuple(repeated_facts(self.whole).values())

    @cached_property
    def dated(self) -> bool:
        """Whether it comes to something else on another day, whatever the facts."""
        return any(is_dated(q) for q in self.quantities)

    @cached_property
    def cap(self) -> Decimal | None:
        """The smallest cap that is the same for everybody, rounded down; None where none is."""
        figures = [c.quantity.value for c in self.caps if isinstance(c.quantity, Constant)]
        return money(min(figures)) if figures else None

    @cached_property
    def most(self) -> Decimal | None:
        """The most that it can come to for anybody, on any day; None where nothing bounds it."""
        lasts = self.over.lasts if self.over else None
        if any(q is not None and is_dated(q) for q in (self.floor, lasts)):
            return None
        amount = None if self.amount is None or is_dated(self.amount) else self.amount
        caps = tuple(c for c in self.caps if not is_dated(c.quantity))
        anybody = Subject(None, {}, {})
        return ceiling(replace(self, amount=amount, caps=caps), anybody, date.min).at_most

    @cached_property
    def rate(self) -> tuple[Decimal, Decimal] | None:
        """The share that an amount is of its base, low and high; None where it is none."""
        for term in self.amount.terms if isinstance(self.amount, Product) else ():
            if isinstance(term, Constant) and term.unit == SHARE:
                return share_of(term.value), share_of(term.value)
            if isinstance(term, Between) and term.unit == SHARE:
                return share_of(term.low), share_of(term.high)
        return None

    @cached_property
    def simple(self) -> "Simple | None":
        """The same as a share of facts, where that and a cap that is the same for all is all."""
        plain = all(isinstance(c.quantity, Constant) for c in self.caps)
        if not plain or self.floor is not None or self.over is not None or self.rate is None:
            return None
        if self.rounding != TO_THE_CENT:
            return None
        assert isinstance(self.amount, Product)
        rates = [t for t in self.amount.terms if isinstance(t, Constant | Between)]
        facts = [t.fact for t in self.amount.terms if isinstance(t, FactQuantity)]
        if len(rates) != 1 or len(facts) + 1 != len(self.amount.terms):
            return None
        return Simple(Fraction(self.rate[1]), tuple(facts))


@dataclass(frozen=True, slots=True)
class Simple:
    """A share of the product of some facts."""

    rate: Fraction
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The upper bound for one subject, rounded down to 0.01.

    `amount` is the bound where it can be computed, None where something it is reckoned from is
    unknown or the text leaves it open; then `low` and `high` enclose it, `low` None where it is not
    above zero. `high` is otherwise the cap. Of what is paid over time it is the whole, and
    `per_year` what one year comes to; where the years differ, `by_year` what each does, and
    `per_year` is the most of them. `had`: what was paid before of the same, and is taken off.
    """

    amount: Decimal | None
    low: Decimal | None
    high: Decimal | None
    per_year: "Ceiling | None" = None
    had: Decimal = Decimal(0)
    by_year: "tuple[Ceiling, ...]" = ()

    @property
    def at_most(self) -> Decimal | None:
        """The most it can be: the amount, or else the upper end; None where nothing bounds it."""
        return self.amount if self.amount is not None else self.high


def capped_amount(amount: Quantity, per: Per, over: Duration | None) -> Quantity:
    """What a cap is held against: the amount; of what is paid over time a month's, a year's, or
    all of it."""
    if over is None:
        return amount
    by_month = over.period is Period.MONTH
    if per is Per.MONTH:
        return amount if by_month else Product((amount, Constant(Fraction(1, MONTHS_OF_A_YEAR))))
    year = Product((amount, Constant(Fraction(MONTHS_OF_A_YEAR)))) if by_month else amount
    if per is Per.YEAR:
        return year
    scale = Constant(Fraction(1) if over.in_years else Fraction(1, MONTHS_OF_A_YEAR))
    return Product((year, over.lasts, scale))


def ceiling(benefit: Benefit, subject: Subject, as_of: date) -> Ceiling:
    """The ceiling of a benefit for a subject on a day."""
    amount = Interval(inf if benefit.caps else Fraction(0), inf)
    if benefit.amount is not None:
        amount = from_zero(interval_of(benefit.amount, subject, as_of))
    caps = [(c.per, interval_of(c.quantity, subject, as_of)) for c in benefit.caps]
    floor = AT_ZERO if benefit.floor is None else interval_of(benefit.floor, subject, as_of)
    if benefit.over is not None:
        months = _months_paid(benefit.over, subject, as_of)
        return _ceiling_over_time(benefit, amount, caps, floor, months)
    bounds = [cap for _, cap in caps]
    found = between_bounds(amount, bounds, floor)
    for fact in benefit.repeated if found.low != found.high else ():
        if benefit.whole is not None and subject.get(fact.fact) is None:
            found = narrowed(benefit.whole, fact, found, subject, as_of)
    whole = _rounded_ceiling(found, least_of(bounds), benefit.rounding)
    return replace(whole, had=_had(benefit, subject, as_of)) if benefit.instalments else whole


def _months_paid(over: Duration, subject: Subject, as_of: date) -> Interval:
    lasts = from_zero(interval_of(over.lasts, subject, as_of))
    scale = MONTHS_OF_A_YEAR if over.in_years else 1
    return Interval(lasts.low * scale, lasts.high * scale)


def _ceiling_over_time(
    benefit: Benefit,
    amount: Interval,
    caps: Sequence[tuple[Per, Interval]],
    floor: Interval,
    months: Interval,
) -> Ceiling:
    """The ceiling of what is paid over so many months, and what the first year comes to: caps of a
    month and of a year bound each of them, all others the whole."""
    assert benefit.over is not None
    payments = MONTHS_OF_A_YEAR if benefit.over.period is Period.MONTH else 1
    monthly, yearly = (
        least_of([cap for per, cap in caps if per is period]) for period in (Per.MONTH, Per.YEAR)
    )
    rest = [cap for per, cap in caps if per not in (Per.YEAR, Per.MONTH)]
    in_a_year = of_a_year(amount, payments, monthly)
    if benefit.over.shares:
        years = [
            paid_over(share_of_amount(in_a_year, share), yearly, months_of_year(n, months))
            for n, share in enumerate(benefit.over.shares)
        ]
        return _ceiling_by_year(benefit, years, rest, floor)
    first = Interval(min(months.low, MONTHS_OF_A_YEAR), min(months.high, MONTHS_OF_A_YEAR))
    whole, year = (
        _rounded_ceiling(
            between_bounds(paid_over(in_a_year, yearly, span), rest, least),
            least_of(rest),
            benefit.rounding,
        )
        for span, least in ((months, floor), (first, AT_ZERO))
    )
    return replace(whole, per_year=year)


def _ceiling_by_year(
    benefit: Benefit, years: list[Interval], rest: list[Interval], floor: Interval
) -> Ceiling:
    """The ceiling of what differs from year to year: each year's, and that of all of them."""
    bound, by = least_of(rest), benefit.rounding
    paid = tuple(_rounded_ceiling(year, bound, by) for year in one_after_other(years, rest))
    whole = _rounded_ceiling(between_bounds(sum_of(years), rest, floor), bound, by)
    most = max(paid, key=lambda year: (year.at_most is None, year.at_most or Decimal(0)))
    return replace(whole, per_year=most, by_year=paid)


def _rounded_ceiling(found: Interval, cap: Interval, rounding: Rounding) -> Ceiling:
    start, end = (
        _rounded_end(e, most, rounding) for e, most in zip(found[:2], cap[:2], strict=True)
    )
    if start is not None and start == end:
        return Ceiling(end, None, _rounded_end(cap.high, inf, TO_THE_CENT))
    return Ceiling(None, start or None, end)


def _rounded_end(end: End, cap: End, rounding: Rounding) -> Decimal | None:
    """An end as it is paid: rounded as the text says, but not above a cap that it was below."""
    if not isinstance(end, Fraction):
        return None
    if rounding == TO_THE_CENT:
        return money(end)
    rounded = rounding.of(end)
    return money(min(rounded, max(end, cap)) if isinstance(cap, Fraction) else rounded)


def _had(benefit: Benefit, subject: Subject, as_of: date) -> Decimal:
    """What is stated to have been had of what is paid in parts; nothing where that is not known."""
    less = benefit.amount.second if isinstance(benefit.amount, Difference) else None
    if not isinstance(less, Count):
        return Decimal(0)
    known = interval_of(less, subject, as_of).point
    return Decimal(0) if known is None else money(known)
